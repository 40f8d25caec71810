"""Which languages does a text encoder read? It is asked: everyday words must come to lie next to their English ones.

What a model's card says of languages is often missing or too hopeful; this takes two hundred short texts once for each
model, and holds for models that people bring along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from app.core.atomic_write import write_atomically
from app.core.records import FloatArray

ENGLISH = "en"
_READ = 0.6
"""So many of a language's words must find their English one; by chance a tenth does."""
_VERSION = 1


@lru_cache(maxsize=1)
def probe_words() -> Mapping[str, tuple[str, ...]]:
    """The same ten things in each language, by ISO 639-1 code."""
    words = json.loads((resources.files("resources") / "language_probes.json").read_text("utf-8"))
    return {language: tuple(names) for language, names in words.items()}


def languages_read(encode: Callable[[list[str]], FloatArray]) -> frozenset[str]:
    """The languages among the probes that an encoder of (n) texts to (n, d) unit vectors reads; always English."""
    probes = probe_words()
    texts = [word for names in probes.values() for word in names]
    vectors = np.concatenate([encode(texts[i : i + 64]) for i in range(0, len(texts), 64)])
    count = len(probes[ENGLISH])
    by_language = dict(zip(probes, vectors.reshape(len(probes), count, -1), strict=True))
    english = by_language[ENGLISH] - by_language[ENGLISH].mean(axis=0)
    read = {ENGLISH}
    for language, mine in by_language.items():
        found = ((mine - mine.mean(axis=0)) @ english.T).argmax(axis=1)
        if (found == np.arange(count)).mean() >= _READ:
            read.add(language)
    return frozenset(read)


def kept_languages(file: Path, encode: Callable[[list[str]], FloatArray]) -> frozenset[str]:
    """`languages_read`, kept in a file of the model's."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept["version"] == _VERSION:
            return frozenset(map(str, kept["languages"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not asked yet, or a damaged file: ask
    read = languages_read(encode)
    write_atomically(file, json.dumps({"version": _VERSION, "languages": sorted(read)}).encode())
    return read
