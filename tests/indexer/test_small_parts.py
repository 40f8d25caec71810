"""The small parts: counts and rates, the lock, roots, power."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from app.core.errors import AlreadyRunning
from app.core.paths import to_stored
from app.files.ignore import IgnoreRules
from indexer import power
from indexer.lock import IndexLock
from indexer.roots import WatchedRoots
from indexer.stats import FileRate, RunCounts


def test_counts_speak_the_contract() -> None:
    counts = RunCounts(seen=10, embedded=4, reused=1, moved=2, removed=3, failed=1, photos=3, seconds=2.0)
    assert counts.done == 11
    assert list(counts.as_json()) == [
        "seen", "embedded", "reused", "moved", "removed", "failed", "seconds", "photos_per_second"
    ]  # fmt: skip
    assert counts.as_json()["photos_per_second"] == 1.5
    assert RunCounts().as_json()["photos_per_second"] == 0.0


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    rate = FileRate(window=30.0)
    assert rate.per_second() == 0.0
    assert rate.seconds_for(10) is None
    for second in range(100):
        rate.sample(float(second), second * (1 if second < 50 else 3))
    assert 2.9 < rate.per_second() < 3.1
    assert rate.seconds_for(30) == pytest.approx(10.0, rel=0.05)
    rate.sample(100.0, 0)
    assert rate.per_second() == 0.0, "a new round begins from nothing"


def test_one_indexer_for_each_index(tmp_path: Path) -> None:
    with IndexLock(tmp_path):
        with pytest.raises(AlreadyRunning, match="already indexing"):
            IndexLock(tmp_path).acquire()
        code = "import pathlib, sys, indexer.lock as lock; lock.IndexLock(pathlib.Path(sys.argv[1])).acquire()"
        assert (
            subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False).returncode
            == 1
        )
    with IndexLock(tmp_path) as lock:
        lock.release()
        lock.release()


def test_a_file_belongs_to_the_innermost_watched_folder(tmp_path: Path) -> None:
    roots = WatchedRoots(["/p", "/p/inner/", "/p"], tmp_path / "mounts.json")
    assert roots.paths == ("/p", "/p/inner")
    assert roots.of("/p/inner/a.jpg") == "/p/inner"
    assert roots.of("/p/innermost.jpg") == "/p"
    assert roots.of("/q/a.jpg") == ""
    assert WatchedRoots(["/"], tmp_path / "mounts.json").of("/a.jpg") == "/"


def test_a_folder_is_online_while_it_is_there(tmp_path: Path) -> None:
    roots = WatchedRoots([str(tmp_path / "p")], tmp_path / "mounts.json")
    root = roots.paths[0]
    assert roots.identity(root) is None
    (tmp_path / "p").mkdir()
    assert roots.identity(root) is not None


def test_the_empty_folder_a_drive_left_behind_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, drive = tmp_path / "mounts.json", tmp_path / "drive"
    drive.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_mount", lambda _: True)
        assert WatchedRoots([str(drive)], memory).identity(to_stored(drive)) is not None
    assert WatchedRoots([str(drive)], memory).identity(to_stored(drive)) is None
    (drive / "a.jpg").touch()
    assert WatchedRoots([str(drive)], memory).identity(to_stored(drive)) is not None, "somebody put files there"


def test_only_what_a_scan_would_come_to_is_reachable(tmp_path: Path) -> None:
    (tmp_path / "p/.hidden").mkdir(parents=True)
    (tmp_path / "p/real").mkdir()
    (tmp_path / "p/link").symlink_to(tmp_path / "p/real", target_is_directory=True)
    roots, rules = WatchedRoots([str(tmp_path / "p")], tmp_path / "mounts.json"), IgnoreRules()
    root = roots.paths[0]
    assert roots.reachable(root, rules)
    assert roots.reachable(f"{root}/real/a.jpg", rules)
    assert not roots.reachable(f"{root}/.hidden/a.jpg", rules)
    assert not roots.reachable(f"{root}/link/a.jpg", rules)
    assert not roots.reachable(f"{root}/link", rules)
    assert not roots.reachable(f"{root}/gone/a.jpg", rules)
    assert not roots.reachable("/elsewhere/a.jpg", rules)


@pytest.mark.parametrize(
    ("battery", "expected"),
    [(None, False), (SimpleNamespace(power_plugged=False), True), (SimpleNamespace(power_plugged=None), False)],
)
def test_battery(monkeypatch: pytest.MonkeyPatch, battery: object, expected: bool) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert power.on_battery() is expected


def test_no_sensors_is_no_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    assert power.on_battery() is False


@pytest.mark.parametrize(("priority", "expected"), [("", {"19", "64"}), ("normal", {str(psutil.Process().nice())})])
def test_stepping_back_makes_the_process_nice(priority: str, expected: set[str]) -> None:
    code = "import psutil; from indexer.power import lower_priority; lower_priority(); print(psutil.Process().nice())"
    environment = os.environ | {"SEMBLANCE_PRIORITY": priority}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert answer.stdout.strip() in expected
