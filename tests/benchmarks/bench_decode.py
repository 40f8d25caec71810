"""Decoding photos: what hash, EXIF, thumbnail, pixels and another process cost on top of the bare JPEG decoder.

    python -m tests.benchmarks.bench_decode

Reference in the same run: Pillow opening the same files and decoding them at the same reduced scale, nothing else.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from app.core.paths import to_stored
from app.core.records import FileState, Kind
from app.models.preprocess import ImagePreprocess
from indexer.decode import DecodeJob, decode
from indexer.decoders import DecoderPool
from tests import samples

SIZE = 256
ROUNDS = 5


def photos(folder: Path, count: int, side: tuple[int, int] = (4000, 3000)) -> list[Path]:
    """12-megapixel JPEGs of about 3 MB, noisy as a sensor is."""
    noise = np.random.default_rng(0).normal(0, 5, (side[1], side[0], 1)).astype(np.int16)
    paths = []
    for number in range(count):
        motif = np.asarray(samples.photo(samples.PHOTOS[number % len(samples.PHOTOS)], side), dtype=np.int16)
        image = Image.fromarray((motif + np.roll(noise, number, axis=0)).clip(0, 255).astype(np.uint8))
        exif = samples.exif(taken="2024:07:14 18:30:05", make="Canon", model="EOS", place=(48.85, 2.35))
        paths.append(samples.save(image, folder / f"{number}.jpg", quality=90, exif=exif))
    return paths


def bare(path: Path) -> None:
    """The least that any program must do: the decoder alone, at the scale we use too."""
    with Image.open(path) as image:
        image.draft(None, (round(1.4 * SIZE), round(1.4 * SIZE)))
        image.load()


def job_of(path: Path) -> DecodeJob:
    entry = path.stat()
    state = FileState(to_stored(path), entry.st_size, entry.st_mtime_ns, entry.st_ino)
    return DecodeJob(state, Kind.PHOTO, ImagePreprocess(size=SIZE))


def ours(path: Path) -> None:
    decoded = decode(job_of(path))
    assert decoded.failure is None, decoded.failure_text


def _seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    run()
    return clock() - start


def one_process(paths: Sequence[Path]) -> None:
    """By processor time: the ratio then does not depend on what else the machine does."""
    clock = time.process_time
    reference, measured = [], []
    for _ in range(ROUNDS):
        reference.append(_seconds(lambda: [bare(path) for path in paths], clock) / len(paths))
        measured.append(_seconds(lambda: [ours(path) for path in paths], clock) / len(paths))
    theirs, mine = statistics.median(reference), statistics.median(measured)
    print(f"one core:  bare decoder {1 / theirs:6.1f} photos/s   complete {1 / mine:6.1f} photos/s", end="   ")
    print(f"ratio {theirs / mine:.2f}")


def all_cores(paths: Sequence[Path], workers: int) -> None:
    """The pool of processes against threads around the bare decoder, which releases the interpreter's lock."""
    reference, measured = [], []
    with DecoderPool(workers) as pool, ThreadPoolExecutor(workers) as threads:
        for _ in range(ROUNDS):
            reference.append(_seconds(lambda: list(threads.map(bare, paths)), time.perf_counter) / len(paths))
            measured.append(_seconds(lambda: _through(pool, paths), time.perf_counter) / len(paths))
    theirs, mine = statistics.median(reference), statistics.median(measured)
    print(f"{workers} workers: bare decoder {1 / theirs:6.1f} photos/s   complete {1 / mine:6.1f} photos/s", end="   ")
    print(f"ratio {theirs / mine:.2f}")


def _through(pool: DecoderPool, paths: Sequence[Path]) -> None:
    for future in [pool.submit(job_of(path)) for path in paths]:
        assert future.result().failure is None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=8)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        paths = photos(Path(folder), options.photos)
        one_process(paths)
        all_cores(paths, options.workers)


if __name__ == "__main__":
    main()
