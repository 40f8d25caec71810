"""The list of watched folders stays free of doubles and nesting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.files.watched_folders import add_folders, merge_folders, remove_folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "ab").mkdir()
    (tmp_path / "file").touch()
    return tmp_path


def test_a_folder_inside_a_watched_one_adds_nothing(tree: Path) -> None:
    assert add_folders([str(tree / "a")], [tree / "a" / "b", tree / "a"]) == (str(tree / "a"),)


def test_a_folder_around_watched_ones_replaces_them(tree: Path) -> None:
    assert add_folders([str(tree / "a" / "b"), str(tree / "ab")], [tree / "a"]) == (str(tree / "ab"), str(tree / "a"))


def test_a_drive_mounted_inside_a_watched_folder_is_a_folder_of_its_own(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def stat(path: Path, **options: bool) -> os.stat_result:
        found = real(path, **options)
        return os.stat_result((*found[:2], found.st_dev + (path.name == "b"), *found[3:]))

    monkeypatch.setattr(Path, "stat", stat)
    outer, inner = str(tree / "a"), str(tree / "a" / "b")
    assert add_folders([outer], [tree / "a" / "b"]) == (outer, inner)
    assert add_folders([inner], [tree / "a"]) == (inner, outer)


def test_a_link_is_followed_to_its_folder(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "a")
    assert add_folders([], [tree / "link"]) == (str(tree / "a"),)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_folder_is_refused(tree: Path, name: str) -> None:
    with pytest.raises(UserError):
        add_folders([], [tree / name])


def test_remove_also_a_folder_that_is_gone(tree: Path) -> None:
    gone = str(tree / "gone")
    assert remove_folder([gone, str(tree / "a")], Path(gone)) == (str(tree / "a"),)
    with pytest.raises(UserError, match="not watched"):
        remove_folder([gone], tree / "a")


@pytest.mark.parametrize(
    ("mine", "before", "theirs", "both"),
    [
        (["/a", "/c"], ["/a"], ["/a", "/b"], ("/a", "/b", "/c")),
        (["/b"], ["/a", "/b"], ["/a", "/b", "/c"], ("/b", "/c")),
        (["/a", "/b", "/c"], ["/a", "/b"], ["/b"], ("/b", "/c")),
        (["/a"], ["/a/x"], ["/a/x", "/a/y"], ("/a",)),
        ([], ["/a"], ["/a"], ()),
    ],
)
def test_two_changes_at_once_both_last(
    mine: list[str], before: list[str], theirs: list[str], both: tuple[str, ...]
) -> None:
    assert merge_folders(mine, before, theirs) == both
