"""How English each piece of the vocabulary is: log-odds from texts and word lists of several languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from app.core.records import FloatArray

LIMIT = 3.0
_SMOOTHING = 1.5
# Occurrences a million.
_LISTED = 20.0
_LAST_LATIN = 0x24F
Split = Callable[[Sequence[str]], Iterable[Sequence[int]]]
"""Texts to the numbers of their pieces, without start and end."""


def evidence(texts: Mapping[str, Sequence[Sequence[str]]], pieces: Sequence[str], split: Split) -> FloatArray:
    """(pieces,) float32 in -3..3: positive speaks for English.

    A piece that is a word of a language's list counts as fairly common there, however rare it is in the texts.
    Against the commonest use in any single other language, not in all of them together: a word that is common in one
    language is evidence enough. Pieces of other scripts count fully against, numbers and signs not at all.

    Args:
        texts: by language ("en" among them) several bodies of text of equal weight; one in which no line has a space
            is a list of words.
        pieces: the vocabulary.
        split: how a text is taken apart.
    """
    shares = {language: _shares(bodies, pieces, split) for language, bodies in texts.items()}
    english = shares.pop("en")
    others = np.max(np.stack(list(shares.values())), axis=0)
    odds = np.clip(np.log((english + _SMOOTHING) / (others + _SMOOTHING)), -LIMIT, LIMIT)
    for number, piece in enumerate(pieces):
        letters = [character for character in piece if character.isalpha()]
        if not letters:
            odds[number] = 0.0
        elif any(ord(letter) > _LAST_LATIN for letter in letters):
            odds[number] = -LIMIT
    result: FloatArray = odds.astype(np.float32)
    return result


def _shares(bodies: Sequence[Sequence[str]], pieces: Sequence[str], split: Split) -> FloatArray:
    """Occurrences a million of each piece: the mean over the bodies, and at least `_LISTED` for listed words."""
    total = np.zeros(len(pieces), dtype=np.float32)
    listed = np.zeros(len(pieces), dtype=bool)
    for body in bodies:
        if not any(" " in line for line in body):
            words = {word.lower() for word in body}
            listed |= np.array([piece[:1] == "▁" and piece[1:].lower() in words for piece in pieces])
        counts = np.zeros(len(pieces), dtype=np.float64)
        for numbers in split(body):
            np.add.at(counts, np.asarray(numbers, dtype=np.int64), 1)
        total += (counts / max(counts.sum(), 1) * 1e6 / len(bodies)).astype(np.float32)
    return np.where(listed, np.maximum(total, _LISTED), total)


def read_languages(folder: Path) -> dict[str, list[list[str]]]:
    """Bodies of text by language: files `de-anything.txt`, a text or a word a line."""
    found: dict[str, list[list[str]]] = {}
    for file in sorted(folder.glob("*-*.txt")):
        language = file.name.partition("-")[0]
        found.setdefault(language, []).append(file.read_text(encoding="utf-8").splitlines())
    return found
