"""A whole warm search, words and meaning, page of 20 included, with the shipped model over a made-up library.

    python -m tests.benchmarks.bench_warm_search [--units 100000] [--words few|natural] [--home DIR]

Words `few`: nine of ten files are photos, the others texts of forty words; names and texts draw on sixteen words, so
that each word of a query is in a tenth of all rows: harder than life. `natural`: eight of ten units are photos, two of
three of them named by a camera, the others passages of forty words, ten a document; words are as common as in a
language, of 50,000 small words, known words and made-up ones; queries mix common, rare, small, misspelt and meaningless
ones. Each search is followed by one numpy product of the same size, which what else the machine does meets as well.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from app.core.paths import AppDirs
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    FileState,
    FloatArray,
    Kind,
    UnitType,
)
from app.core.settings import Settings
from app.models.convert.preparation import prepare
from app.models.registry import ModelRegistry
from app.query.queries import Query, TextPart
from app.search import LocalLibrary
from app.search.query_bank import nonsense_texts
from app.search.query_terms import dictionary_words
from app.table import open_for_writing
from app.text.stemming import STOP_WORDS
from tests.benchmarks.bench_search_scale import clip_like

NAMES = "beach sunset dog cat holiday invoice paris mountain lake family wedding birthday snow car bike garden"
WORDS = NAMES.split()
SUBJECTS = (
    "a red car", "two dogs", "sunset", "people dancing", "a bowl of soup", "old church", "snow", "child with kite",
    "mountain lake", "train station",
)  # fmt: skip
BLOCK = 5000
VOCABULARY = 50_000
ALBUM = 200
PASSAGES = 10
_THREADS = "OPENBLAS_NUM_THREADS"
Dice = np.random.Generator


def made_up(number: int, vector: FloatArray, dice: Dice) -> EmbeddedFile:
    """One photo, or every tenth time a text, of few words."""
    name = f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}"
    if number % 10:
        return embedded(f"/home/ada/Pictures/{number // ALBUM}/{name}.jpg", number, vector[None])
    return embedded(f"/home/ada/Documents/{name}.txt", number, vector[None], [" ".join(dice.choice(WORDS, 40))])


def embedded(path: str, number: int, vectors: FloatArray, texts: Sequence[str] = ()) -> EmbeddedFile:
    """A photo, or a document of these passages, as the indexer would write it."""
    kind = Kind.DOCUMENT if texts else Kind.PHOTO
    passages = tuple(DecodedUnit(UnitType.PASSAGE, text=text) for text in texts)
    units = passages or (DecodedUnit(UnitType.PHOTO),)
    decoded = DecodedFile(FileState(path, number, 10**18 + number, number), kind, f"{number:032x}", units=units)
    return EmbeddedFile(decoded, vectors, "/".join(path.split("/")[:4]))


class Language:
    """Words as common as in a language: the k-th is had in proportion to 1 / (k + 2.7), the small words first."""

    def __init__(self) -> None:
        dice = np.random.default_rng(7)
        small = sorted(STOP_WORDS["en"])
        known = sorted(dictionary_words() - set(small))
        dice.shuffle(known)
        made = dict.fromkeys(word for text in nonsense_texts(VOCABULARY, 3) for word in text.split() if word.isalpha())
        self.words = [*small, *known, *(word for word in made if word not in dictionary_words())][:VOCABULARY]
        self.small = len(small)
        shares = 1 / (np.arange(len(self.words)) + 2.7)
        self._all = np.cumsum(shares)
        self._content = np.cumsum(shares[self.small :])

    def text(self, dice: Dice, count: int) -> str:
        return " ".join(self._drawn(dice, self._all, count, 0))

    def name(self, dice: Dice, count: int) -> str:
        """No small words."""
        return " ".join(self._drawn(dice, self._content, count, self.small))

    def between(self, dice: Dice, first: int, last: int) -> str:
        """One that is no small word, of a rank."""
        return self.words[self.small + int(dice.integers(first, last))]

    def _drawn(self, dice: Dice, shares: FloatArray, count: int, first: int) -> list[str]:
        ranks = np.searchsorted(shares, dice.random(count) * shares[-1])
        return [self.words[first + int(rank)] for rank in ranks]


def natural(language: Language, vectors: FloatArray, first: int, dice: Dice) -> Iterator[EmbeddedFile]:
    """Files of so many units."""
    at, album = 0, ""
    while at < len(vectors):
        number = first + at
        if number % 100 in (80, 90) and at + PASSAGES <= len(vectors):
            texts = [language.text(dice, 40) for _ in range(PASSAGES)]
            path = f"/home/ada/Documents/{language.name(dice, 1)}/{language.name(dice, 3)} {number}.txt"
            yield embedded(path, number, vectors[at : at + PASSAGES], texts)
            at += PASSAGES
            continue
        if not album or number % ALBUM == 0:
            album = f"{2000 + number % 24}/{language.name(dice, 2)}"
        name = f"IMG_{number % 10_000:04d}" if dice.random() < 2 / 3 else f"{language.name(dice, 2)} {number}"
        yield embedded(f"/home/ada/Pictures/{album}/{name}.jpg", number, vectors[at : at + 1])
        at += 1


def few_queries(_: Language) -> list[str]:
    return [f"{subject} {where}".strip() for subject in SUBJECTS for where in ("at night", "by the sea", "")]


def natural_queries(language: Language) -> list[str]:
    dice = np.random.default_rng(5)

    def common() -> str:
        return language.between(dice, 0, 300)

    def rare() -> str:
        return language.between(dice, 5_000, 20_000)

    def misspelt() -> str:
        word = next(word for word in iter(common, "") if len(word) > 5)
        return word[:2] + word[3] + word[2] + word[4:]

    kinds: list[tuple[int, Callable[[], str]]] = [
        (10, lambda: f"{common()} {common()}"),
        (8, lambda: f"{common()} {rare()}"),
        (8, lambda: f"a {common()} on the {common()}"),
        (4, common),
        (4, rare),
        (4, lambda: f"{misspelt()} {common()}"),
    ]
    return [*(make() for count, make in kinds for _ in range(count)), *nonsense_texts(4, 11)]


def fill(places: AppDirs, units: int, words: str) -> None:
    """A library in the starter's space."""
    registry = ModelRegistry(places)
    info = prepare(registry, registry.current())
    dice, language = np.random.default_rng(0), Language()
    vectors, _ = clip_like(units, 1, info.dimension)
    writer = open_for_writing(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    for start in range(0, units, BLOCK):
        mine = vectors[start : start + BLOCK]
        if words == "few":
            writer.write([made_up(start + i, vector, dice) for i, vector in enumerate(mine)])
        else:
            writer.write(list(natural(language, mine, start, dice)))
    writer.maintain(idle=True)
    writer.close()


def measure(places: AppDirs, units: int, queries: Sequence[str], *, each: bool) -> None:
    """Queries, each for the first time, and a product after each."""
    library = LocalLibrary(places, Settings)
    dimension = prepare(registry := ModelRegistry(places), registry.current()).dimension
    vectors = np.random.default_rng(0).standard_normal((units, dimension), dtype=np.float32)
    library.search(Query((TextPart("warm up"),)), limit=20)
    times, products, used = [], [], 0.0
    for text in queries:
        before, began = time.process_time(), time.perf_counter()
        library.search(Query((TextPart(text),)), limit=20, all_hits=True)
        times.append(1e3 * (time.perf_counter() - began))
        used += 1e3 * (time.process_time() - before)
        began = time.perf_counter()
        np.argpartition(-(vectors @ vectors[len(times)]), 100)
        products.append(1e3 * (time.perf_counter() - began))
        if each:
            print(f"{times[-1]:7.1f} ms  {text}")
    middle, late = np.percentile(times, (50, 95))
    flat = float(np.median(products))
    print(f"warm search: median {middle:.1f} ms, p95 {late:.1f}, least {min(times):.1f}; processor "
          f"{used / len(times):.1f} ms each; a numpy product {flat:.1f}, ratio {middle / flat:.2f}")  # fmt: skip
    library.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--words", choices=("few", "natural"), default="few")
    parser.add_argument("--home", type=Path, help="keep the library here, and use it again")
    parser.add_argument("--each", action="store_true", help="tell the time of each query")
    options = parser.parse_args()
    if _THREADS not in os.environ:  # the program sets it before numpy is imported
        again = [sys.executable, "-m", "tests.benchmarks.bench_warm_search", *sys.argv[1:]]
        return subprocess.run(again, env={**os.environ, _THREADS: "1"}, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        base = options.home or Path(folder)
        places = AppDirs(base / "config", base / "data", base / "cache")
        if not places.index.exists():
            places.create()
            fill(places, options.units, options.words)
        print(f"{options.units:,} units, {options.words} words")
        queries = few_queries if options.words == "few" else natural_queries
        measure(places, options.units, queries(Language()), each=options.each)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
