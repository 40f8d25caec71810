"""A model that knows words: every word has a direction, and pictures lie on another cone than texts, as with CLIP."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.core.records import FloatArray

DIMENSION = 128
_FILLER = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "with",
        "to",
        "and",
        "is",
        "its",
        "his",
        "her",
        "some",
        "photo",
        "picture",
    )
)


@dataclass(frozen=True)
class Info:
    fingerprint: str = "concepts" * 2


@cache
def direction(word: str) -> FloatArray:
    """(d,) the fixed direction of a word, whatever its plural."""
    stem = word[:-1] if len(word) > 3 and word.endswith("s") else word
    vector = np.random.default_rng(zlib.crc32(stem.encode())).standard_normal(DIMENSION)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def meaning(text: str) -> FloatArray:
    words = [word for word in re.findall(r"\w+", text.casefold()) if word not in _FILLER]
    total = np.sum([direction(word) for word in words] or [np.zeros(DIMENSION)], axis=0)
    return np.asarray(total / max(1e-6, float(np.linalg.norm(total))), dtype=np.float32)


def picture(shows: str, seed: int = 0, noise: float = 0.5) -> FloatArray:
    """(d,) the vector of a picture that shows what a text says."""
    shaken = np.random.default_rng(zlib.crc32(f"{shows}{seed}".encode())).standard_normal(DIMENSION)
    shaken /= np.linalg.norm(shaken)
    vector = 1.2 * direction("the cone of pictures") + meaning(shows) + noise * shaken
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def pictures(shows: Sequence[str]) -> FloatArray:
    return np.stack([picture(text, seed) for seed, text in enumerate(shows)])


class WordEncoder:
    """Counts what it is asked, for the tests of caches."""

    passages = None

    def __init__(self, fingerprint: str = "concepts" * 2) -> None:
        self.info = Info(fingerprint)
        self.asked: list[str] = []

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        self.asked += texts
        vectors = np.stack([1.5 * direction("the cone of texts") + meaning(text) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
