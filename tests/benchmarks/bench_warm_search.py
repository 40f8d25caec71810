"""A whole warm search, words and meaning, page of 20 included, with the shipped model over a made-up library.

`python -m tests.benchmarks.bench_warm_search [--units 100000]`. Nine of ten files are photos, the others texts of
forty words; names and texts draw on sixteen words, so that queries find many by their words: harder than life.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from app.model.preparation import prepare
from app.model.shelf import Shelf
from app.paths import Places
from app.queries import Query, TextPart
from app.records import DecodedFile, DecodedUnit, EmbeddedFile, EmbeddingSpace, FileState, FloatArray, Kind, UnitType
from app.search import LocalLibrary
from app.settings import Settings
from app.table import open_for_writing
from tests.benchmarks.bench_search_scale import clip_like

NAMES = "beach sunset dog cat holiday invoice paris mountain lake family wedding birthday snow car bike garden"
WORDS = NAMES.split()
SUBJECTS = (
    "a red car", "two dogs", "sunset", "people dancing", "a bowl of soup", "old church", "snow", "child with kite",
    "mountain lake", "train station",
)  # fmt: skip
BLOCK = 5000
_THREADS = "OPENBLAS_NUM_THREADS"


def made_up(number: int, vector: FloatArray, dice: np.random.Generator) -> EmbeddedFile:
    """One photo, or every tenth time a text."""
    name = f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}"
    kind = Kind.DOCUMENT if number % 10 == 0 else Kind.PHOTO
    root = "/home/ada/Documents" if kind is Kind.DOCUMENT else "/home/ada/Pictures"
    path = f"{root}/{name}.txt" if kind is Kind.DOCUMENT else f"{root}/{number // 200}/{name}.jpg"
    unit = DecodedUnit(UnitType.PHOTO)
    if kind is Kind.DOCUMENT:
        unit = DecodedUnit(UnitType.PASSAGE, text=" ".join(dice.choice(WORDS, 40)))
    decoded = DecodedFile(FileState(path, number, 10**18 + number, number), kind, f"{number:032x}", units=(unit,))
    return EmbeddedFile(decoded, vector[None], root)


def fill(places: Places, units: int) -> None:
    """A library in the starter's space."""
    shelf = Shelf(places)
    info = prepare(shelf, shelf.current())
    vectors, _ = clip_like(units, 1, info.dimension)
    dice = np.random.default_rng(0)
    writer = open_for_writing(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    for start in range(0, units, BLOCK):
        numbers = range(start, min(start + BLOCK, units))
        writer.write([made_up(number, vectors[number], dice) for number in numbers])
    writer.maintain(idle=True)
    writer.close()


def measure(places: Places) -> None:
    """Thirty queries, each for the first time."""
    library = LocalLibrary(places, Settings)
    library.search(Query((TextPart("warm up"),)), limit=20)
    queries = [f"{subject} {where}" for subject in SUBJECTS for where in ("at night", "by the sea", "")]
    times, before = [], time.process_time()
    for text in queries:
        began = time.perf_counter()
        library.search(Query((TextPart(text.strip()),)), limit=20, all_hits=True)
        times.append(1e3 * (time.perf_counter() - began))
    used = 1e3 * (time.process_time() - before) / len(queries)
    middle, late = np.percentile(times, (50, 95))
    print(f"warm search: median {middle:.1f} ms, p95 {late:.1f}, least {min(times):.1f}; processor {used:.1f} ms each")
    library.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=10_000)
    options = parser.parse_args()
    if _THREADS not in os.environ:  # the program sets it before numpy is imported
        again = [sys.executable, "-m", "tests.benchmarks.bench_warm_search", "--units", str(options.units)]
        return subprocess.run(again, env={**os.environ, _THREADS: "1"}, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        places = Places(base / "config", base / "data", base / "cache")
        places.create()
        fill(places, options.units)
        print(f"{options.units:,} units")
        measure(places)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
