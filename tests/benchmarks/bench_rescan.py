"""A look at 100,000 files that did not change, against a bare os.scandir walk over the same files.

    python -m tests.benchmarks.bench_rescan

The walk asks for each file's size and time (as any rescan must); the rescan adds the ignore list, the table's listing
and the comparison. Goal: at most twice the walk.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.core.paths import AppDirs, to_stored
from app.core.records import DecodedFile, DecodedUnit, EmbeddedFile, EmbeddingSpace, FileState, Kind, UnitType
from app.files.ignore import IgnoreRules
from indexer.roots import WatchedRoots
from indexer.scan import scan
from indexer.scanner import Scanner
from indexer.writer_thread import WriterThread
from tests.indexer.fakes import model_info, vector_of

PER_FOLDER = 200


def make_tree(folder: Path, files: int) -> None:
    for start in range(0, files, PER_FOLDER):
        number = start // PER_FOLDER
        below = folder / f"{2000 + number // 50}" / f"{number % 50:02} somewhere"
        below.mkdir(parents=True)
        for n in range(start, min(start + PER_FOLDER, files)):
            (below / f"IMG_{n:06}.jpg").write_bytes(b"x")


def bare_walk(folder: str) -> int:
    """The reference: every file's size and time, nothing else."""
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                count += bare_walk(entry.path)
            else:
                entry.stat()
                count += 1
    return count


def fill(thread: WriterThread, folder: Path) -> None:
    """Rows for all files, as if they had been embedded."""
    vector = vector_of(b"one for all")[None]
    unit = DecodedUnit(UnitType.PHOTO)
    found = scan(to_stored(folder), IgnoreRules()).files
    for start in range(0, len(found), 5000):
        rows = [
            EmbeddedFile(DecodedFile(FileState(*seen), Kind.PHOTO, f"{n:032x}", units=(unit,)), vector, str(folder))
            for n, seen in enumerate(found[start : start + 5000], start)
        ]
        thread.call(lambda writer, rows=rows: writer.write(rows)).result()  # type: ignore[misc]
    thread.call(lambda writer: writer.maintain(idle=True)).result()


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def measure(folder: Path, home: AppDirs, rounds: int) -> float:
    from app.table import open_for_writing

    info = model_info()
    space = EmbeddingSpace(info.name, info.fingerprint, info.dimension)
    thread = WriterThread(lambda: open_for_writing(home, space))
    thread.start()
    fill(thread, folder)
    roots = WatchedRoots([str(folder)], home.state / "mounts.json")
    scanner = Scanner(
        roots, IgnoreRules(), thread, rulebook="as ever", memory=home.state / "rulebook", stopped=lambda: False
    )
    scanner.scan_all()  # the first look judges every file, the others only new ones
    walks, rescans = [], []
    for _ in range(rounds):
        walks.append(seconds(lambda: bare_walk(str(folder))))
        rescans.append(seconds(lambda: _nothing_to_do(scanner)))
    thread.close()
    walk, rescan = statistics.median(walks), statistics.median(rescans)
    print(f"bare walk {walk:.3f} s, rescan {rescan:.3f} s: ratio {rescan / walk:.2f} (goal: at most 2)")
    return rescan / walk


def _nothing_to_do(scanner: Scanner) -> None:
    result = scanner.scan_all()
    assert result.seen
    assert not result.task.diff, f"{len(result.task.diff)} differences"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="semblance-rescan-"))
    try:
        places = AppDirs(base / "config", base / "data", base / "cache")
        places.create()
        make_tree(base / "files", options.files)
        measure(base / "files", places, options.rounds)
    finally:
        shutil.rmtree(base)
    return 0


if __name__ == "__main__":
    sys.exit(main())
