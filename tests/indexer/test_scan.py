"""scan: what is on the disk, and what is none of our business."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core.paths import to_stored
from app.files.ignore import IgnoreRules
from indexer.scan import LONG_PATH, not_indexed, scan, state_of


def names(folder: Path, **options: object) -> list[str]:
    found = scan(to_stored(folder), IgnoreRules(), **options)  # type: ignore[arg-type]
    return sorted(path.removeprefix(to_stored(folder) + "/") for path, *_ in found.files)


def touch(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x")


def test_only_our_kinds_of_file(tmp_path: Path) -> None:
    touch(tmp_path, "a.JPG", "b/c.pdf", "b/d.exe", "e", ".jpg")
    assert names(tmp_path) == ["a.JPG", "b/c.pdf"]


def test_states_are_those_of_the_disk(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    (seen,) = scan(to_stored(tmp_path), IgnoreRules()).files
    found = (tmp_path / "a.jpg").stat()
    numbers = (1, found.st_mtime_ns, found.st_ino, found.st_ctime_ns)
    assert seen == (to_stored(tmp_path / "a.jpg"), *numbers)
    state = state_of(seen[0])
    assert state is not None
    assert (state.path, state.size, state.mtime_ns, state.inode, state.ctime_ns) == seen


def test_hidden_and_ignored_things_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, ".h/a.jpg", "node_modules/a.jpg", "mine/a.jpg", "b.jpg.part")
    assert names(tmp_path) == ["mine/a.jpg"]
    found = scan(to_stored(tmp_path), IgnoreRules(["mine"]))
    assert found.files == []


def test_links_to_files_are_files_but_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "real/a.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path) == ["b.jpg", "real/a.jpg"]


def test_another_watched_folder_below_is_left_to_its_own_scan(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "inner/b.jpg")
    assert names(tmp_path, roots=[to_stored(tmp_path / "inner")]) == ["a.jpg"]


def test_a_single_file_and_a_missing_one(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "b.exe")
    assert len(scan(to_stored(tmp_path / "a.jpg"), IgnoreRules()).files) == 1
    assert scan(to_stored(tmp_path / "b.exe"), IgnoreRules()).files == []
    assert not scan(to_stored(tmp_path / "gone.jpg"), IgnoreRules()).online
    assert state_of(to_stored(tmp_path / "gone.jpg")) is None
    assert state_of(to_stored(tmp_path)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    "name", [b'it\'s "quoted".jpg', b"new\nline.jpg", "emoji🐕.jpg".encode(), b"latin\xe9.jpg", b"a\\b.jpg"]
)
def test_any_name_is_found_and_opened_again(tmp_path: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118
        file.write(b"12345")
    (seen,) = scan(to_stored(tmp_path), IgnoreRules()).files
    seen[0].encode("utf-8")
    state = state_of(seen[0])
    assert state is not None
    assert state.size == 5


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may list everything")
def test_a_folder_that_cannot_be_listed_is_reported(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "locked/b.jpg")
    (tmp_path / "locked").chmod(0)
    try:
        found = scan(to_stored(tmp_path), IgnoreRules())
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert [seen[0] for seen in found.files] == [to_stored(tmp_path / "a.jpg")]
    assert [state.path for state in found.unreadable] == [to_stored(tmp_path / "locked")]


def test_a_folder_that_cannot_be_listed_is_reported_whoever_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.jpg", "locked/b.jpg", "gone/c.jpg")
    real = os.scandir

    def fails(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("gone"):
            raise FileNotFoundError(2, "gone meanwhile")
        return real(path)

    monkeypatch.setattr("indexer.scan.os.scandir", fails)
    found = scan(to_stored(tmp_path), IgnoreRules())
    assert [Path(seen[0]).name for seen in found.files] == ["a.jpg"]
    assert list(found.unreadable.values()) == ["no permission"]


def test_a_file_system_mounted_below_is_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.jpg", "disk/b.jpg")
    real = os.stat

    def elsewhere(path: str) -> os.stat_result:
        found = real(path)
        fields = list(found)
        fields[2] += 1  # st_dev
        return os.stat_result(fields)

    # The top is on another device than everything below it.
    monkeypatch.setattr("indexer.scan.os.stat", elsewhere)
    assert names(tmp_path) == ["a.jpg"]


def test_a_scan_can_be_stopped(tmp_path: Path) -> None:
    touch(tmp_path, "a/a.jpg")
    assert names(tmp_path, stopped=lambda: True) == []


def test_what_is_not_read_is_counted_by_ending(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "b.MP4", "c.mp4", "below/d.mov", "Makefile", ".hidden", "upload.tmp", "a.xmp", "e.")
    rules = IgnoreRules()
    found = not_indexed([scan(to_stored(tmp_path), rules)], rules)
    assert found.kinds == {".mp4": 2, ".mov": 1, "": 1, ".": 1}


def test_what_is_left_out_is_told_with_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "CVs/letter.txt", "CVS/Entries", "node_modules/x.txt", ".git/config", "usb/photo.jpg")
    (tmp_path / "usb").mkdir(exist_ok=True)
    real = os.DirEntry.stat

    class Mounted:
        """A folder of another device, as `os.scandir` gives it."""

        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path, self.is_dir = entry.name, entry.path, entry.is_dir
            self._entry = entry

        def stat(self, **options: bool) -> os.stat_result:
            found = real(self._entry, **options)
            if self.name != "usb":
                return found
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:]))

    scandir = os.scandir

    @contextmanager
    def listed(path: str) -> Iterator[list[Mounted]]:
        with scandir(path) as entries:
            yield [Mounted(entry) for entry in entries]

    monkeypatch.setattr("indexer.scan.os.scandir", listed)
    rules = IgnoreRules()
    found = not_indexed([scan(to_stored(tmp_path), rules)], rules)
    why = {folder.path.removeprefix(to_stored(tmp_path) + "/"): folder.pattern for folder in found.folders}
    assert why == {"CVS": "CVS/ if Entries|Root|Repository", "node_modules": "node_modules/", "usb": ""}


@pytest.mark.skipif(sys.platform != "linux", reason="paths of 4,096 bytes")
def test_what_lies_too_deep_for_the_system_is_told(tmp_path: Path) -> None:
    deep = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("n" * 250, dir_fd=deep)
        below = os.open("n" * 250, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
        os.close(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=deep))
    os.close(deep)
    found = scan(to_stored(tmp_path), IgnoreRules())
    assert 10 < len(found.files) < 20
    assert set(found.unreadable.values()) == {LONG_PATH}
    assert max(len(state.path) for state in found.unreadable) > 4000
