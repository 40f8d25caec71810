"""Settings survive hand edits, odd values and full disks."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import UserError
from app.core.settings import Settings, SettingsFile, declarations


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config" / "settings.toml")


def test_defaults_where_there_is_no_file(file: SettingsFile) -> None:
    assert file.load() == Settings()
    assert file.problems == ()


def test_a_change_keeps_comments_order_and_unknown_keys(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('# mine\nstrictness = 10 # lax\nfuture = "x"\n', encoding="utf-8")
    assert file.change(theme="dark", folders=("/a b", "/ü")).strictness == 10
    text = file.path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# lax" in text
    assert 'future = "x"' in text
    assert file.load() == Settings(strictness=10, theme="dark", folders=("/a b", "/ü"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("strictness = 101", "strictness"),
        ("strictness = true", "strictness"),
        ('strictness = "50"', "strictness"),
        ('theme = "pink"', "theme"),
        ('folders = "/a"', "folders"),
        ("folders = [1]", "folders"),
        ("autostart = 1", "autostart"),
        ("folders = 3", "folders"),
    ],
)
def test_a_senseless_value_is_named_and_its_default_used(file: SettingsFile, line: str, name: str) -> None:
    file.path.parent.mkdir()
    file.path.write_text(line + "\ntags = false\n")
    assert file.load() == Settings(tags=False)
    (problem,) = file.problems
    assert f"“{name}”" in problem


@pytest.mark.parametrize("content", [b"strictness = ", b"\xff\xfe"])
def test_a_broken_file_is_said_and_never_overwritten(file: SettingsFile, content: bytes) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    assert file.load() == Settings()
    assert len(file.problems) == 1
    with pytest.raises(UserError):
        file.change(theme="dark")
    assert file.path.read_bytes() == content


def test_none_goes_back_to_the_default(file: SettingsFile) -> None:
    file.change(keep_in_tray=True)
    assert file.load().keep_in_tray is True
    assert file.change(keep_in_tray=None).keep_in_tray is None


@pytest.mark.parametrize("change", [{"strictness": 200}, {"theme": "pink"}, {"nonsense": 1}])
def test_the_program_itself_may_not_write_nonsense(file: SettingsFile, change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, AttributeError)):
        file.change(**change)
    assert not file.path.exists()


def test_every_setting_is_declared_for_people() -> None:
    for name, setting in declarations().items():
        assert setting.group, name
        assert setting.label, name
        assert not setting.help or setting.help.endswith("."), name


def test_changes_by_many_processes_at_once_all_last(file: SettingsFile) -> None:
    """Window and command line add folders in the same second."""
    add = "import sys; from pathlib import Path; from app.core.settings import SettingsFile\n"
    add += "file = SettingsFile(Path(sys.argv[1]))\n"
    add += "file.update(lambda settings: {'folders': (*settings.folders, sys.argv[2])})"
    running = [subprocess.Popen([sys.executable, "-c", add, str(file.path), f"/folder {n}"]) for n in range(6)]
    assert [process.wait(60) for process in running] == [0] * 6
    assert set(file.load().folders) == {f"/folder {n}" for n in range(6)}


def test_changes_by_many_threads_at_once_all_last(file: SettingsFile) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda n: SettingsFile(file.path).update(lambda s: {"folders": (*s.folders, f"/{n}")}), range(40))
        )
    assert set(file.load().folders) == {f"/{n}" for n in range(40)}


def test_a_list_that_is_not_understood_is_not_written_over(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text('folders = "/a"\n')
    with pytest.raises(UserError, match="folders"):
        file.change(folders=("/b",))
    assert file.path.read_text() == 'folders = "/a"\n'
    assert file.change(theme="dark").theme == "dark"
