"""Memory of a search, of an indexer at work and of one at rest, each a process of its own as a person has it.

    python -m tests.benchmarks.bench_memory [--photos 60] [--notes 600] [--vit]

Resident memory counts what is shared with other processes, too; private is what would be free without the process.
Goals: a search at most 500 MB at its peak, indexing (decoders included) with ViT-B-32-256 1.2 GB, at rest 150 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.core.paths import AppDirs, app_dirs, to_stored
from app.core.settings import SettingsFile
from app.models.install import use
from tests.app.models.checkpoints import VIT_B_32_256, make_checkpoint
from tests.benchmarks.bench_decode import photos

MB = 1 << 20
WORDS = ("beach", "sunset", "dog", "cat", "holiday", "invoice", "mountain", "lake", "family", "wedding", "snow")
SEMBLANCE = [sys.executable, "-m", "app"]


class Peak(threading.Thread):
    """Watches a process and its children: the most they held together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self.bytes = 0

    def run(self) -> None:
        while self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE:
            try:
                all_of_them = [self._process, *self._process.children(recursive=True)]
                self.bytes = max(self.bytes, sum(one.memory_info().rss for one in all_of_them))
            except psutil.Error:
                continue
            time.sleep(0.02)


def peak_of(arguments: list[str]) -> int:
    """Bytes at the peak of a command and its children."""
    process = subprocess.Popen([*SEMBLANCE, *arguments], stdout=subprocess.DEVNULL)
    watcher = Peak(process.pid)
    watcher.start()
    process.wait()
    watcher.join()
    return watcher.bytes


@contextmanager
def indexer() -> Iterator[subprocess.Popen[str]]:
    """The indexer as the window starts it."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-m", "indexer"], text=True, **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.stdin.close()
        process.wait(30)


def at_rest(seconds: float) -> tuple[int, int]:
    """(resident, private) bytes of an indexer that has had nothing to do for so long."""
    with indexer() as process:
        for line in process.stdout:
            if json.loads(line).get("state") == "idle":
                break
        time.sleep(seconds)
        memory = psutil.Process(process.pid).memory_full_info()
        return int(memory.rss), int(memory.uss)


def prepare(here: AppDirs, count: int, notes: int, *, vit: bool, base: Path) -> None:
    folder = base / "photos"
    folder.mkdir()
    photos(folder, count)
    dice = random.Random(0)
    for number in range(notes):
        (folder / f"{number}.txt").write_text(" ".join(dice.choices(WORDS, k=60)) + f" {number}")
    if vit:
        use(here, str(make_checkpoint(base / "checkpoint", VIT_B_32_256)), architecture="ViT-B-32-256")
    SettingsFile(here.settings_file).change(folders=(to_stored(folder),))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--notes", type=int, default=600, help="short texts")
    parser.add_argument("--rest", type=float, default=30.0, help="seconds of rest before it is measured")
    parser.add_argument("--vit", action="store_true", help="ViT-B-32-256 with fixed random weights, not the starter")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        os.environ["SEMBLANCE_HOME"] = str(base / "home")
        here = app_dirs()
        here.create()
        prepare(here, options.photos, options.notes, vit=options.vit, base=base)
        subprocess.run([*SEMBLANCE, "search", "to have the model prepared"], stdout=subprocess.DEVNULL, check=False)
        peak = peak_of(["index", "--once"])
        print(f"indexing {options.photos} photos, {options.notes} notes, with decoders: {peak / MB:.0f} MB at peak")
        print(f"a search: {peak_of(['search', 'a dog on a beach']) / MB:.0f} MB at peak")
        resident, private = at_rest(options.rest)
        print(f"an indexer at rest: {resident / MB:.0f} MB, {private / MB:.0f} MB of it private (goal 150)")
        print(f"(this benchmark itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
