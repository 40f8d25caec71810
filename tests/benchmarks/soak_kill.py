"""Kill the indexer at random moments while files change, then let one run bring the index up to date.

    python -m tests.benchmarks.soak_kill --rounds 100

Afterwards table and disk must agree: every file there once, with the content it has, and nothing else. The encoder is
a fake one, so that the time goes where the danger is.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.core.paths import AppDirs, from_stored, to_stored
from app.core.records import EmbeddingSpace, Status
from app.core.settings import SettingsFile
from app.files.ignore import IgnoreRules
from indexer.dedup import content_hash
from indexer.scan import scan

NAMES = ["plain", "it's", "a b", "ünï", 'quote"d', "percent%_", "back\\slash", "new\nline", "emoji🐕"]


def places_in(home: Path) -> AppDirs:
    return AppDirs(home / "config", home / "data", home / "cache")


@dataclass(slots=True)
class Mess:
    """Somebody who works with files, without any mercy."""

    folder: Path
    random: random.Random
    made: int = 0

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())

    def folders(self) -> list[Path]:
        return [self.folder, *sorted(path for path in self.folder.rglob("*") if path.is_dir())]

    def act(self) -> None:
        """One random operation."""
        acts = (self.create, self.create, self.create, self.change, self.touch, self.move, self.copy, self.delete,
                self.move_folder, self.delete_folder, self.break_one)  # fmt: skip
        self.random.choice(acts)()

    def _new_path(self, suffix: str) -> Path:
        self.made += 1
        folder = self.random.choice(self.folders())
        if self.random.random() < 0.2 and len(folder.parts) < len(self.folder.parts) + 4:
            folder = folder / f"{self.random.choice(NAMES)} {self.made}"
            folder.mkdir()
        return folder / f"{self.random.choice(NAMES)} {self.made}{suffix}"

    def create(self) -> None:
        if self.random.random() < 0.3:
            self._picture(self._new_path(".png"))
        else:
            self._text(self._new_path(self.random.choice((".txt", ".md"))))

    def change(self) -> None:
        for path in self._some():
            self._picture(path) if path.suffix == ".png" else self._text(path)

    def touch(self) -> None:
        for path in self._some():
            os.utime(path)

    def move(self) -> None:
        for path in self._some():
            path.rename(self._new_path(path.suffix))

    def copy(self) -> None:
        for path in self._some():
            shutil.copy(path, self._new_path(path.suffix))

    def delete(self) -> None:
        for path in self._some():
            path.unlink()

    def move_folder(self) -> None:
        folder = self.random.choice(self.folders())
        if folder != self.folder:
            self.made += 1
            folder.rename(self.folder / f"moved {self.made}")

    def delete_folder(self) -> None:
        folder = self.random.choice(self.folders())
        if folder != self.folder and self.random.random() < 0.2:
            shutil.rmtree(folder)

    def break_one(self) -> None:
        for path in self._some():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def _some(self) -> list[Path]:
        files = self.files()
        return [self.random.choice(files)] if files else []

    def _text(self, path: Path) -> None:
        words = " ".join(self.random.choice(["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]) for _ in range(80))
        path.write_text(f"{self.made} {self.random.random()}. {words}.\n" * self.random.randint(1, 6))

    def _picture(self, path: Path) -> None:
        from PIL import Image

        colour = tuple(self.random.randrange(256) for _ in range(3))
        Image.new("RGB", (self.random.randint(16, 200), 64), colour).save(path)


def child(home: Path) -> None:
    """The process that gets killed."""
    from indexer.foreground import run_watch
    from tests.indexer.fakes import fake_encoder

    run_watch(places_in(home), stop=threading.Event(), encoder_for=fake_encoder, workers=2)


def difference(home: Path, folder: Path) -> list[str]:
    """What is wrong with the table, compared with the disk; a sentence each."""
    from app.table import open_for_writing
    from tests.indexer.fakes import model_info

    info = model_info()
    writer = open_for_writing(places_in(home), EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    listing = writer.listing()
    rows = writer._table.search().select(["id", "path", "part"]).to_arrow().to_pylist()
    writer.close()
    disk = {seen[0]: seen for seen in scan(to_stored(folder), IgnoreRules()).files}
    table = {file.state.path: file for file in listing}
    wrong = [f"row twice: {row}" for row, times in Counter(row["id"] for row in rows).items() if times > 1]
    wrong += [f"file twice: {path!r}" for path, n in Counter(file.state.path for file in listing).items() if n > 1]
    wrong += [f"lost: {path!r}" for path in disk.keys() - table.keys()]
    wrong += [f"too many: {path!r}" for path in table.keys() - disk.keys()]
    wrong += [f"orphaned part: {row['path']!r}" for row in rows if row["path"] not in table]
    for path in disk.keys() & table.keys():
        state = table[path].state
        if (state.path, state.size, state.mtime_ns, state.inode, state.ctime_ns) != disk[path]:
            wrong.append(f"old state: {path!r}")
        elif table[path].content_hash not in ("", content_hash(path)):
            wrong.append(f"old content: {path!r}")
    quarantined = [file.state.path for file in listing if file.status is Status.FAILED and not file.content_hash]
    wrong += [f"accused without reason: {path!r}" for path in quarantined if from_stored(path).endswith(".md")]
    return wrong


def soak(rounds: int, *, seed: int, least: float = 0.5, most: float = 7.0, folder: Path, home: Path) -> list[str]:
    """Run it; returns what is wrong in the end."""
    dice = random.Random(seed)
    mess = Mess(folder, dice)
    for _ in range(40):
        mess.act()
    places = places_in(home)
    places.create()
    SettingsFile(places.settings_file).change(folders=(str(folder),))
    for number in range(rounds):
        process = subprocess.Popen([sys.executable, "-m", __spec__.name, "--child", str(home)])
        end = time.monotonic() + dice.uniform(least, most)
        while time.monotonic() < end and process.poll() is None:
            mess.act()
            time.sleep(dice.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        status = process.wait()
        if status != -signal.SIGKILL:
            return [f"round {number}: the indexer ended by itself with status {status}"]
    return _finish(home, folder)


def _finish(home: Path, folder: Path) -> list[str]:
    from indexer.foreground import run_once
    from tests.indexer.fakes import fake_encoder

    counts = run_once(places_in(home), encoder_for=fake_encoder, workers=2)
    print("the last run:", counts.as_json())
    return difference(home, folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        folder, home = Path(base) / "files", Path(base) / "home"
        folder.mkdir()
        wrong = soak(options.rounds, seed=options.seed, folder=folder, home=home)
        files = len(Mess(folder, random.Random()).files())
    print(*wrong, sep="\n")
    print(f"{options.rounds} kills, {files} files, {len(wrong)} differences, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
