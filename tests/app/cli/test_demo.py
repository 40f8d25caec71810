"""`semblance demo`: sample files, a home of its own, and no trace of it afterwards."""

from __future__ import annotations

import os
import re
import subprocess
from argparse import Namespace
from importlib.resources import files
from pathlib import Path

import pytest

from app.cli import demo
from app.core.paths import DEMO_VARIABLE, HOME_VARIABLE, AppDirs
from app.core.settings import SettingsFile
from app.files.types import kind_of

SAMPLES = Path(str(files("resources") / "demo"))


@pytest.fixture
def dirs(tmp_path: Path) -> AppDirs:
    made = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made.create()
    return made


def test_every_photograph_has_its_source_and_all_of_it_is_small() -> None:
    named = set(
        re.findall(
            r"^\| (IMG_\d+\.jpg) \| [^|]+ \| [^|]+ \| [^|]+ \|$", (SAMPLES / "SOURCES.md").read_text(), re.MULTILINE
        )
    )
    assert named == {path.name for path in (SAMPLES / "photos").iterdir()}
    assert len(named) >= 20
    files_ = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files_) <= 4_000_000
    assert all(kind_of(path.name) for path in files_)


def test_the_home_has_copies_and_the_users_language(dirs: AppDirs, tmp_path: Path) -> None:
    SettingsFile(dirs.settings_file).change(language="de", theme="dark", folders=("/home/ada/Pictures",))
    home = tmp_path / "home"
    home.mkdir()
    environment = demo.prepare(home, dirs)
    assert environment["SEMBLANCE_PRIORITY"] == "normal"
    assert (environment[HOME_VARIABLE], environment[DEMO_VARIABLE]) == (str(home), "1")
    settings = SettingsFile(home / "config" / "settings.toml").load()
    assert (settings.language, settings.theme) == ("de", "dark")
    (folder,) = settings.folders
    assert len(list(Path(folder).rglob("*.jpg"))) >= 20
    assert not list(Path(folder).rglob("SOURCES.md"))


@pytest.mark.parametrize("fault", [None, KeyboardInterrupt])
def test_nothing_is_left_of_it(
    dirs: AppDirs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException] | None
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("signal.signal", lambda *_: None)
    seen: list[str] = []

    def child(_command: list[str], *, env: dict[str, str], check: bool) -> subprocess.CompletedProcess[str]:  # noqa: ARG001
        seen.append(env[HOME_VARIABLE])
        assert Path(env[HOME_VARIABLE]).is_dir()
        if fault is not None:
            raise fault
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(subprocess, "run", child)
    if fault is None:
        assert demo.run(Namespace(), dirs, None) == 0  # type: ignore[arg-type]
    else:
        with pytest.raises(fault):
            demo.run(Namespace(), dirs, None)  # type: ignore[arg-type]
    assert len(seen) == 1
    assert list((tmp_path / "temp").iterdir()) == []


def test_what_a_killed_demo_left_goes_with_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead, alive, other = (
        tmp_path / f"{demo.PREFIX}{gone.pid}-a",
        tmp_path / f"{demo.PREFIX}{os.getpid()}-b",
        tmp_path / f"{demo.PREFIX}notes",
    )
    for folder in (dead, alive, other):
        (folder / "data").mkdir(parents=True)
    demo.remove_leftovers(tmp_path)
    assert not dead.exists()
    assert alive.exists()
    assert other.exists()
