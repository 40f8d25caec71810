"""Detectors of charsets against ours, on texts of known encoding.

    python -m tests.benchmarks.bench_charsets FOLDER

`FOLDER` has a folder for each encoding with files in it, as the test data of `chardet` are laid out (names like
`windows-1250-czech` or `EUC-JP`). Each file is tried whole and as lines of its own; a text counts as read when 95 % of
its words beyond ASCII are the right ones. `charset-normalizer`, `cchardet` and `chardetng-py` are compared where they
are installed.
"""

from __future__ import annotations

import argparse
import codecs
import importlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.documents.charsets import decode

_LINES = 3


def detectors() -> dict[str, Callable[[bytes], str]]:
    """Name -> how it reads bytes."""
    found: dict[str, Callable[[bytes], str]] = {"ours": decode}
    for name in ("chardet", "cchardet"):
        if (module := _module(name)) is not None:
            found[name] = _by_name(module)
    if (normalizer := _module("charset_normalizer")) is not None:
        found["charset-normalizer"] = lambda data: str(normalizer.from_bytes(data).best() or "")
    if (firefox := _module("chardetng_py")) is not None:

        def read(data: bytes) -> str:
            detector = firefox.EncodingDetector()
            detector.feed(data, last=True)
            return _decoded(data, detector.guess(tld=None, allow_utf8=True))

        found["chardetng"] = read
    return found


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _by_name(module: Any) -> Callable[[bytes], str]:
    return lambda data: _decoded(data, module.detect(data)["encoding"])


def _decoded(data: bytes, encoding: str | None) -> str:
    try:
        return data.decode(encoding or "cp1252", "replace")
    except LookupError:
        return ""


def texts(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """(length, bytes, text) of the files and of some of their lines."""
    chosen = random.Random(1)
    for path in sorted(folder.glob("*/*")):
        encoding = _encoding(path.parent.name)
        data = path.read_bytes()
        try:
            text = data.decode(encoding or "")
        except (LookupError, UnicodeDecodeError):
            continue
        yield "whole", data, text
        lines = [line.strip() for line in text.splitlines() if not line.isascii() and 8 <= len(line.strip()) <= 80]
        for line in chosen.sample(lines, min(_LINES, len(lines))):
            yield "line", line.encode(encoding or ""), line


def _encoding(name: str) -> str | None:
    parts = name.lower().split("-")
    for end in range(len(parts), 0, -1):
        try:
            return codecs.lookup("-".join(parts[:end])).name
        except LookupError:
            continue
    return None


def is_read(read: str, text: str) -> bool:
    """Whether nearly all words beyond ASCII are the right ones."""
    words = [word for word in text.split() if not word.isascii()]
    known = set(read.split())
    return sum(word in known for word in words) >= 0.95 * len(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    cases = list(texts(parser.parse_args().folder))
    for name, read in detectors().items():
        begun = time.process_time()
        right = {"whole": 0, "line": 0}
        count = {"whole": 0, "line": 0}
        for length, data, text in cases:
            count[length] += 1
            right[length] += is_read(read(data), text)
        shares = "  ".join(
            f"{length}: {right[length] / max(count[length], 1):.3f} of {count[length]}" for length in right
        )
        print(f"{name:20s} {shares}  {time.process_time() - begun:.1f} s")


if __name__ == "__main__":
    main()
