"""Patterns that hold only where the content agrees: people have folders of such names, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.files.ignore import IgnoreRules


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("CVS", "Entries"),
        ("_darcs", "format"),
        ("venv", "pyvenv.cfg"),
        ("Foto.app", "Contents/Info.plist"),
        ("Phone.app", "Info.plist"),
        ("AddressBook.bundle", "Contents/Info.plist"),
        ("Qt.framework", "Versions/A/Qt"),
        ("Icons.xcassets", "Contents.json"),
        ("Demo.xcodeproj", "project.pbxproj"),
        ("cache", "CACHEDIR.TAG"),
        ("Cache", "Cache_Data/data_0"),
        ("AppData", "Roaming/x"),
        ("Caches", "../Preferences/x.plist"),
    ],
)
def test_a_folder_with_the_content_its_name_promises_is_left_out(tmp_path: Path, name: str, content: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / content).parent.mkdir(parents=True, exist_ok=True)
    (folder / content).touch()
    rules = IgnoreRules()
    assert rules.ignores(name, True, str(folder))
    assert " if " in rules.reason(name, str(folder))


@pytest.mark.parametrize(
    "name", ["CVs", "cvs", "Caches", "Cache", "Great.app", "a.bundle", "b.framework", "AppData", "Venv", "RECYCLER"]
)
def test_a_folder_of_ones_own_is_looked_into(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "letter.txt").touch()
    assert not IgnoreRules().ignores(name, True, str(folder))
    assert IgnoreRules().reason(name, str(folder)) == ""


def test_the_user_has_the_last_word(tmp_path: Path) -> None:
    folder = tmp_path / "CVS"
    folder.mkdir()
    (folder / "Entries").touch()
    assert not IgnoreRules(["!cvs/"]).ignores("CVS", True, str(folder))
    assert IgnoreRules(["!cvs/", "CVS/ if Entries"]).ignores("CVS", True, str(folder))
    assert IgnoreRules(["drafts/ if .nomedia|private"]).ignores("Drafts", True, str(folder)) is False
    (folder / ".nomedia").touch()
    assert IgnoreRules(["* / if .nomedia".replace("* ", "*")]).ignores("CVS", True, str(folder))


def test_without_its_path_a_folder_meets_no_condition() -> None:
    assert not IgnoreRules().ignores("CVS", True)
    assert IgnoreRules().ignores("node_modules", True)
    assert IgnoreRules().reason("node_modules") == "node_modules/"
    assert IgnoreRules().reason("Holiday") == ""
