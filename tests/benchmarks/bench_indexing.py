"""Indexing photos end to end, against the slower of decoding alone and embedding alone, in the same run.

    python -m tests.benchmarks.bench_indexing [--photos 500] [--rounds 3] [--starter]

Photos of 12 megapixels; ViT-B-32-256 with fixed random weights, or the starter model. The three are measured in
turns, each over all photos, and the medians count, of the rounds that other programs left alone if there are any.
Goal: at least 0.9 of the slower one. Where decoding and embedding both use all cores, no overlap can reach that: the
further lines say what the cores themselves allow, and how much processor time the pipeline adds to its parts (which
depends least on what else the machine does). Decoders run at normal priority here: at idle priority the clock would
measure the other programs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from app.core.indexer_protocol import Progress
from app.core.paths import AppDirs, to_stored
from app.core.records import PixelArray
from app.core.settings import SettingsFile
from app.models import Encoder
from app.models.convert.preparation import prepare
from app.models.encoder import open_encoder
from app.models.registry import ModelRegistry, starter_folder
from indexer.engine import ModelDecoders, worker_count
from indexer.foreground import run_once
from indexer.scan import state_of
from tests.app.models.checkpoints import VIT_B_32_256, make_checkpoint
from tests.benchmarks.bench_decode import photos

DIFFERENT = 24
QUIET = 0.05
"""Share of the cores that other programs may take in a round that counts."""


def make_photos(folder: Path, count: int) -> list[Path]:
    """A few motifs, and as many files as wanted: bytes after the end of a JPEG make it another file, not another
    picture. Sizes differ as those of real photos do (files of one size are looked at twice, since they may be copies).
    """
    folder.mkdir()
    originals = photos(folder, min(DIFFERENT, count))
    for number in range(len(originals), count):
        copy = folder / f"{number}.jpg"
        shutil.copy(originals[number % len(originals)], copy)
        with copy.open("ab") as file:
            file.write(number.to_bytes(8, "little") * number)
    return sorted(folder.iterdir())


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, of the processor in this process and all it started, and in all others."""

    clock: float
    cores: float
    others: float = 0.0

    @classmethod
    def now(cls) -> Cost:
        """Since some moment in the past."""
        own, machine = processor_seconds(), psutil.cpu_times()
        return cls(time.perf_counter(), own, machine.user + getattr(machine, "nice", 0.0) + machine.system - own)

    def since(self, before: Cost) -> Cost:
        return Cost(self.clock - before.clock, self.cores - before.cores, self.others - before.others)

    @property
    def disturbance(self) -> float:
        """Share of the machine that other programs took."""
        return self.others / (self.clock * (os.cpu_count() or 1))


def cost(work: Callable[[], object]) -> Cost:
    before = Cost.now()
    work()
    return Cost.now().since(before)


def processor_seconds() -> float:
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    running = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return own + sum(child.user + child.system for child in running)


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.clock for one in costs), statistics.median(one.cores for one in costs))


def decode_all(decoders: ModelDecoders, paths: Sequence[Path]) -> list[PixelArray]:
    states = [state_of(to_stored(path)) for path in paths]
    futures = [decoders.submit(state, first_turn=True) for state in states if state is not None]
    return [unit.pixels for future in futures for unit in future.result().units if unit.pixels is not None]


def encode_all(encoder: Encoder, pixels: Sequence[PixelArray]) -> None:
    for start in range(0, len(pixels), encoder.info.batch):
        encoder.encode_images(np.stack(pixels[start : start + encoder.info.batch]))


class Kept:
    """An encoder that the indexer may close, but that stays."""

    def __init__(self, encoder: Encoder) -> None:
        self.info, self.passages = encoder.info, encoder.passages
        self.encode_images = encoder.encode_images
        self.encode_texts = encoder.encode_texts

    def close(self) -> None:
        pass


def index_all(encoder: Encoder, base: Path, paths: Sequence[Path]) -> Cost:
    """Index into an empty home: from the beginning of the scan to the last commit."""
    home = base / "home"
    shutil.rmtree(home, ignore_errors=True)
    places = AppDirs(home / "config", home / "data", home / "cache")
    places.create()
    SettingsFile(places.settings_file).change(folders=(str(paths[0].parent),))
    begun: list[Cost] = []

    def progress(told: Progress) -> None:
        if told.state == "scanning" and not begun:
            begun.append(Cost.now())

    counts = run_once(places, progress=progress, encoder_for=lambda _places, _settings: Kept(encoder))
    assert counts.embedded == len(paths), counts
    return Cost.now().since(begun[0])


def measure(encoder: Encoder, base: Path, count: int, rounds: int) -> None:
    paths = make_photos(base / "photos", count)
    decoders = ModelDecoders(encoder.info, worker_count())
    pixels = decode_all(decoders, paths[: 2 * worker_count()])  # starts the worker processes
    encode_all(encoder, pixels)
    measured: list[tuple[Cost, Cost, Cost]] = []
    for _ in range(rounds):
        decoding = cost(lambda: pixels.__setitem__(slice(None), decode_all(decoders, paths)))
        measured.append((decoding, cost(lambda: encode_all(encoder, pixels)), index_all(encoder, base, paths)))
        print("  " + ", ".join(f"{one.clock:.1f} s ({one.disturbance:.0%} others)" for one in measured[-1]), flush=True)
    decoders.close()
    quiet = [costs for costs in measured if max(one.disturbance for one in costs) < QUIET]
    print(f"{len(quiet)} of {rounds} rounds were quiet")
    decode, embed, whole = (median(costs) for costs in zip(*(quiet or measured), strict=True))
    report(count, decode, embed, whole)


def report(count: int, decode: Cost, embed: Cost, whole: Cost) -> None:
    for name, one in (("decoding alone", decode), ("embedding alone", embed), ("end to end", whole)):
        each = 1000 * one.cores / count
        print(f"{name:<16}{count / one.clock:7.1f} photos/s {each:7.1f} ms of processor time each")
    slower = max(decode.clock, embed.clock)
    cores = os.cpu_count() or 1
    possible = max(slower, (decode.cores + embed.cores) / cores)
    print(f"ratio to the slower one: {slower / whole.clock:.2f} (goal: at least 0.9)")
    print(f"ratio to what {cores} cores allow, as both need them: {possible / whole.clock:.2f}")
    print(f"processor time of both parts against that of the whole: {(decode.cores + embed.cores) / whole.cores:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starter", action="store_true", help="the starter model instead of ViT-B-32-256")
    options = parser.parse_args()
    os.environ["SEMBLANCE_PRIORITY"] = "normal"
    base = Path(tempfile.mkdtemp(prefix="semblance-indexing-"))
    try:
        source = starter_folder() if options.starter else make_checkpoint(base / "checkpoint", VIT_B_32_256)
        registry = ModelRegistry(AppDirs(base / "c", base / "d", base / "e"), source)
        info = prepare(registry, registry.current(), lambda what, _share: print(f"  … {what}", file=sys.stderr))
        encoder = open_encoder(registry, info)
        print(f"{info.name}: {info.runtime} {info.precision}, {options.photos} photos")
        measure(encoder, base, options.photos, options.rounds)
        encoder.close()
    finally:
        shutil.rmtree(base)
    return 0


if __name__ == "__main__":
    sys.exit(main())
