"""Adding keywords to an XMP packet with Exiv2, in a process of its own.

`python -m app.xmp.packet_editor` reads one JSON request a line and answers with one JSON line. pyexiv2 is not
thread-safe, leaks a little with every file, and Exiv2 is a C++ parser that is handed whatever lies in people's
files: a short-lived child keeps all three away from the window. The child sees packets only, never a file of the
person's.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from app.xmp.keywords import PROPERTIES, XmpKeywords, keywords_of, merge_keywords

EMPTY_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>\n'
    '<?xpacket end="w"?>'
)
_TASKS_PER_CHILD = 1000


class PacketError(ValueError):
    """The packet cannot be edited without loss; the reason is a phrase for people."""


@dataclass(frozen=True, slots=True)
class EditedPacket:
    """A packet with the tags in it, and what it held before."""

    packet: bytes
    before: XmpKeywords
    after: XmpKeywords


class PacketEditor:
    """The parent's side: starts the child when first needed, and again when it has died or done much."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._tasks = 0

    def __enter__(self) -> PacketEditor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def edit(self, packet: bytes | None, paths: list[tuple[str, ...]], keywords: tuple[str, ...] = ()) -> EditedPacket:
        """`packet` (None for a new one) with tags added; see `app.xmp.keywords.merge_keywords`."""
        try:
            text = packet.decode("utf-8").strip("\0") if packet is not None else None
        except UnicodeDecodeError:
            raise PacketError("its XMP is not written in UTF-8") from None
        answer = self._ask({"packet": text, "paths": paths, "keywords": keywords})
        if "error" in answer:
            raise PacketError(answer["error"])
        before, after = (XmpKeywords(*map(tuple, answer[key])) for key in ("before", "after"))
        return EditedPacket(answer["packet"].encode("utf-8"), before, after)

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            with suppress(OSError):
                child.communicate(timeout=10)
            child.kill()
            child.wait()

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if self._tasks >= _TASKS_PER_CHILD:
            self.close()
        if self._child is None:
            self._tasks = 0
            self._child = subprocess.Popen(
                [sys.executable, "-m", "app.xmp.packet_editor"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="ascii",
            )
        self._tasks += 1
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        line = ""
        with suppress(OSError):
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
        if not line:
            self._child = None
            child.kill()
            child.communicate()
            raise PacketError("its XMP could not be read")
        answer: dict[str, Any] = json.loads(line)
        return answer


# ---- the child's side


def edit_packet(text: str | None, paths: list[list[str]], keywords: list[str], folder: Path) -> dict[str, Any]:
    """One request answered. Refuses where any other property would not come out as it went in."""
    import pyexiv2

    file = folder / "packet.xmp"
    file.write_text(text or EMPTY_PACKET, encoding="utf-8", newline="")
    with _open_packet(pyexiv2, file) as image:
        found = image.read_xmp()
        if text and not found and "rdf:li" in text:
            raise PacketError("its XMP is damaged")
        before = keywords_of(found)
        after = merge_keywords(before, paths, keywords)
        if after != before:
            given, have = after.as_properties(), before.as_properties()
            image.modify_xmp({key: values for key, values in given.items() if values != have[key]})
    file.write_text(_as_bags(file.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    with _open_packet(pyexiv2, file) as image:
        written = image.read_xmp()
    if _other_properties(written) != _other_properties(found) or keywords_of(written) != after:
        raise PacketError("its XMP holds something that would be lost")
    return {
        "packet": file.read_text(encoding="utf-8"),
        "before": list(before.as_properties().values()),
        "after": list(after.as_properties().values()),
    }


def _as_bags(packet: str) -> str:
    """Two of the three lists are unordered by their specifications; pyexiv2 writes every list as an ordered one."""
    return re.sub(
        r"(?s)<(dc:subject|lr:hierarchicalSubject)>.*?</\1>", lambda m: m[0].replace("rdf:Seq>", "rdf:Bag>"), packet
    )


def _other_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key not in PROPERTIES}


def _open_packet(pyexiv2: Any, file: Path) -> Any:
    try:
        return pyexiv2.Image(str(file))
    except RuntimeError:
        raise PacketError("its XMP is damaged") from None


def answer_requests(lines: Iterator[str], folder: Path) -> Iterator[str]:
    """One JSON line for each request."""
    for line in lines:
        request = json.loads(line)
        try:
            answer = edit_packet(request["packet"], request["paths"], request["keywords"], folder)
        except (PacketError, RuntimeError, UnicodeError) as error:
            answer = {"error": str(error) if isinstance(error, PacketError) else "its XMP could not be read"}
        yield json.dumps(answer)


def main() -> int:
    import pyexiv2

    pyexiv2.set_log_level(4)  # what is wrong is answered, not printed
    with tempfile.TemporaryDirectory(prefix="semblance-xmp-") as folder:
        for answer in answer_requests(iter(sys.stdin), Path(folder)):
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
