"""Documents of every kind with known words in every place where a word can stand, to measure what is read of them.

All words are made up, so that each that is read can be told from each that is not: those of `Specimen.words` must be
found, and nothing else may be.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.samples import corpus_office, corpus_pdf, corpus_texts

_ONSETS = (
    *("b", "br", "d", "dr", "f", "fl", "g", "gr", "h", "k", "kl", "kn", "l", "m", "n", "p", "pf", "pl", "qu", "r"),
    *("s", "sch", "schl", "sp", "st", "str", "t", "tr", "v", "w", "z", "zw"),
)
_NUCLEI = ("a", "e", "i", "o", "u", "ä", "ö", "ü", "au", "ei", "eu", "ie")
_CODAS = ("", "", "n", "r", "l", "ck", "ff", "ll", "mm", "nd", "ng", "nk", "rn", "rt", "ß", "st", "tz")


@dataclass
class Words:
    """Gives words, each once, and remembers where each was put."""

    rng: random.Random
    given: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: str) -> str:
        while True:
            syllables = (
                self.rng.choice(_ONSETS) + self.rng.choice(_NUCLEI) + self.rng.choice(_CODAS) for _ in range(3)
            )
            word = "".join(syllables)
            if word not in self.given:
                self.given[word] = place
                return word

    def some(self, place: str, count: int) -> str:
        return " ".join(self(place) for _ in range(count))


@dataclass(frozen=True)
class Specimen:
    """A document and the words in it.

    Attributes:
        kind: the ending, with a hint where there are several ways to write it.
        words: word -> the place in which it stands.
    """

    kind: str
    path: Path
    words: dict[str, str]


Maker = Callable[[Path, Words], Path]
MAKERS: dict[str, Maker] = {**corpus_office.MAKERS, **corpus_pdf.MAKERS, **corpus_texts.MAKERS}
"""Kind -> what writes such a document; the path comes without its ending."""


def corpus(folder: Path, count: int = 300, seed: int = 14) -> Iterator[Specimen]:
    """`count` documents, kind after kind in turn, each with words of its own."""
    kinds = sorted(MAKERS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        words = Words(random.Random(f"{seed} {number}"))
        path = MAKERS[kind](folder / f"{number:03d}", words)
        yield Specimen(kind, path, words.given)
