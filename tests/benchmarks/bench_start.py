"""From process start to answer.

    python -m tests.benchmarks.bench_start [--units 10000] [--rounds 9] [--vit] [--home DIR]

`semblance search TEXT` in a new process over a library of synthetic vectors and words, `semblance --help`, and for
comparison a bare `python -c pass` and `import numpy`, all in turn, so that what else the machine does meets all of
them. Prints seconds of the clock and of all cores, median and least, and ratios to the bare start. Goals on two quiet
cores: 0.7 s with the starter, 1.2 s with ViT-B-32-256, 0.15 s for --help.

The modules are compiled first: where Python may not write byte code (PYTHONDONTWRITEBYTECODE), each start would compile
them anew. `make run` does that, too.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import app
from app.core.paths import app_dirs
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
from app.models import ModelInfo, current
from app.models.convert.preparation import prepare
from app.models.install import use
from app.models.registry import ModelRegistry
from app.table import open_for_writing
from tests.app.models.checkpoints import VIT_B_32_256, make_checkpoint

WORDS = ("beach", "sunset", "dog", "cat", "holiday", "invoice", "paris", "mountain", "lake", "family", "wedding", "car")
SEARCH = ["-m", "app", "search", "a", "dog", "on", "the", "beach"]
BLOCK = 5000
EVERY_DOCUMENT = 10
PACKAGES = ("app", "indexer", "resources")


def vectors(count: int, dimension: int) -> FloatArray:
    """In clusters, as a library's are."""
    dice = np.random.default_rng(0)
    centres = dice.standard_normal((max(1, count // 50), dimension))
    made = centres[dice.integers(0, len(centres), count)] + 0.7 * dice.standard_normal((count, dimension))
    result: FloatArray = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return result


def file(number: int, vector: FloatArray, dice: random.Random) -> EmbeddedFile:
    """A photo, or every tenth time a document of one passage."""
    name = f"{dice.choice(WORDS)} {dice.choice(WORDS)} {number}"
    if number % EVERY_DOCUMENT:
        path, root, kind = f"/home/ada/Pictures/{number // 200}/{name}.jpg", "/home/ada/Pictures", Kind.PHOTO
        unit = DecodedUnit(UnitType.PHOTO)
    else:
        path, root, kind = f"/home/ada/Documents/{name}.txt", "/home/ada/Documents", Kind.DOCUMENT
        unit = DecodedUnit(UnitType.PASSAGE, text=" ".join(dice.choices(WORDS, k=40)))
    state = FileState(path, number, 10**18 + number, number)
    return EmbeddedFile(DecodedFile(state, kind, f"{number:032x}", units=(unit,)), vector[None], root)


def fill(info: ModelInfo, count: int) -> None:
    """An index of so many units, in the state that an indexer at rest leaves it in."""
    dice, made = random.Random(0), vectors(count, info.dimension)
    writer = open_for_writing(app_dirs(), EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    for start in range(0, count, BLOCK):
        writer.write([file(i, made[i], dice) for i in range(start, min(start + BLOCK, count))])
    writer.maintain(idle=True)
    writer.close()


def library(base: Path, count: int, *, vit: bool) -> None:
    """A home with a model that is prepared and an index; one that is there is used again."""
    os.environ["SEMBLANCE_HOME"] = str(base / "home")
    here = app_dirs()
    here.create()
    if vit and not (base / "checkpoint").exists():
        use(here, str(make_checkpoint(base / "checkpoint", VIT_B_32_256)), architecture="ViT-B-32-256")
    registry = ModelRegistry(here)
    info = current(here) if current(here).prepared else prepare(registry, registry.current())
    if not (here.index / "index.json").exists():
        fill(info, count)
    print(f"{count:,} units, {info.name}: {info.dimension}-d, texts in {info.text_precision}", flush=True)


def run(arguments: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and of all cores, of one process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, check=True)
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if arguments == SEARCH and done.stdout.count(b"\n") < len(WORDS):
        raise SystemExit("the search found nothing")
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(rounds: int) -> None:
    starts = {
        "bare python": ["-c", "pass"],
        "import numpy": ["-c", "import numpy"],
        "--help": ["-m", "app", "--help"],
        "search": SEARCH,
    }
    for arguments in starts.values():
        run(arguments)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in starts}
    for _ in range(rounds):
        for name, arguments in starts.items():
            taken[name].append(run(arguments))
    bare = [statistics.median(column) for column in zip(*taken["bare python"], strict=True)]
    for name, times in taken.items():
        clock, cores = zip(*times, strict=True)
        middle, middle_cores = statistics.median(clock), statistics.median(cores)
        print(
            f"  {name:<13} clock {middle:.3f} s (least {min(clock):.3f}), {middle / bare[0]:5.1f} bare starts   "
            f"cores {middle_cores:.3f} s (least {min(cores):.3f}), {middle_cores / bare[1]:5.1f}",
            flush=True,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--vit", action="store_true", help="ViT-B-32-256 with fixed random weights, not the starter")
    parser.add_argument("--home", type=Path, help="keep the library here, and use it again")
    options = parser.parse_args()
    top = Path(next(iter(app.__path__))).parent
    for package in PACKAGES:
        compileall.compile_dir(top / package, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        library(options.home or Path(folder), options.units, vit=options.vit)
        measure(options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
