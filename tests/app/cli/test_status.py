"""`semblance status`: every file is counted once, and what is to be done is what the indexer would find."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.core.paths import app_dirs, to_stored
from app.core.settings import Settings, SettingsFile
from app.search import library_reports
from indexer.scan import state_of
from tests.app.miniature import SPACE, document, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home")

Status = Callable[[], dict[str, Any]]


@pytest.fixture
def status(capsys: pytest.CaptureFixture[str]) -> Status:
    def ask() -> dict[str, Any]:
        capsys.readouterr()
        assert main(["status", "--json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return ask


def files(folder: Path, *names: str) -> list[Path]:
    made = [folder / name for name in names]
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is {path.name}.")
    return made


def indexed(*paths: Path) -> None:
    """What the indexer makes of these files, but for the reading."""
    told = []
    for path in paths:
        state = state_of(to_stored(path))
        assert state is not None
        file = document(state.path, ["something"])
        told.append(replace(file, decoded=replace(file.decoded, state=state)))
    write(app_dirs(), told, SPACE)


def watch(*folders: Path) -> None:
    here = app_dirs()
    here.create()
    SettingsFile(here.settings_file).change(folders=tuple(map(str, folders)))


def counted(answer: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {Path(one["path"]).name: (one["documents"], one["pending"]) for one in answer["folders"]}


@pytest.mark.parametrize("order", [1, -1], ids=["the outer folder first", "the inner folder first"])
def test_a_watched_folder_inside_another_counts_its_files_alone(status: Status, tmp_path: Path, order: int) -> None:
    home = tmp_path / "all"
    old = files(home, "a.txt", "2024/b.txt", "2024/trips/c.txt", "2024/trips/d.txt")
    watch(*(home, home / "2024", home / "2024" / "trips")[::order])
    indexed(*old)
    files(home, "new.txt", "2024/new.txt", "2024/trips/new.txt")
    answer = status()
    assert counted(answer) == {"all": (1, 1), "2024": (1, 1), "trips": (2, 1)}
    assert (answer["documents"], answer["pending"]) == (4, 3)


def test_a_file_that_changed_is_to_do_and_one_that_went_hides_no_new_one(status: Status, tmp_path: Path) -> None:
    gone, changed, _ = old = files(tmp_path / "d", "gone.txt", "changed.txt", "same.txt")
    watch(tmp_path / "d")
    indexed(*old)
    gone.unlink()
    files(tmp_path / "d", "new.txt")
    os.utime(changed, (1, 1))
    assert counted(status()) == {"d": (3, 2)}


def test_what_the_indexer_would_not_look_at_is_not_to_do(status: Status, tmp_path: Path) -> None:
    files(tmp_path / "d", "one.txt", ".hidden.txt", "node_modules/readme.md")
    files(tmp_path / "elsewhere", "behind a link.txt")
    (tmp_path / "d" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    watch(tmp_path / "d")
    assert counted(status()) == {"d": (0, 1)}


def test_a_drive_that_is_away_has_nothing_to_do(status: Status, tmp_path: Path) -> None:
    old = files(tmp_path / "drive", "one.txt")
    watch(tmp_path / "drive")
    indexed(*old)
    (tmp_path / "drive").rename(tmp_path / "unplugged")
    answer = status()
    assert counted(answer) == {"drive": (1, 0)}
    assert not answer["folders"][0]["online"]


def test_the_windows_status_looks_at_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for every two seconds, and a network drive would be walked each time."""
    files(tmp_path / "d", "one.txt")

    def walked(*_: object) -> None:
        raise AssertionError("a folder was listed")

    for name in ("walk", "scandir", "listdir"):
        monkeypatch.setattr(os, name, walked)
    found = library_reports.library_status(None, Settings(folders=(str(tmp_path / "d"),)), "model", 0)
    assert (found.pending, found.folders[0].pending) == (None, None)


def test_a_folder_is_shown_as_it_is_called(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files(tmp_path / "[red]", "one.txt")
    watch(tmp_path / "[red]")
    assert main(["status"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("[red]")
