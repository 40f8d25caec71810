"""Watching: events become paths; limits and lost events become sentences and another look."""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.paths import to_stored
from app.files.ignore import IgnoreRules
from indexer.watcher import Watcher, stored_below, watch_limit_notice

PATIENCE_S = 30.0


class Heard:
    """Collects what a watcher says."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.overflows = 0
        self._changed = threading.Condition()

    def dirty(self, path: str, root: str) -> None:
        with self._changed:
            self.paths.add(path.removeprefix(root).strip("/"))
            self._changed.notify_all()

    def overflowed(self) -> None:
        self.overflows += 1

    def wait_for(self, *paths: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.paths >= set(paths), PATIENCE_S), self.paths


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def watcher(heard: Heard) -> Iterator[Watcher]:
    watcher = Watcher(IgnoreRules(), heard.dirty, heard.overflowed)
    yield watcher
    watcher.stop()
    watcher.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def test_files_and_folders_that_change_are_dirty_and_nothing_else(watcher: Watcher, heard: Heard, folder: Path) -> None:
    watcher.start([to_stored(folder)])
    (folder / ".hidden.jpg").touch()
    (folder / "node_modules").mkdir()
    (folder / "node_modules/a.jpg").touch()
    (folder / "program.exe").touch()
    (folder / "sub").mkdir()
    (folder / "sub/a.jpg").write_bytes(b"x")
    heard.wait_for("sub/a.jpg")
    (folder / "sub").rename(folder / "moved")
    heard.wait_for("sub", "moved")
    (folder / "moved/a.jpg").read_bytes()
    (folder / "moved/a.jpg").unlink()
    (folder / "last.jpg").touch()
    heard.wait_for("moved/a.jpg", "last.jpg")
    assert heard.paths <= {"sub", "sub/a.jpg", "moved", "moved/a.jpg", "last.jpg"}


def test_reading_a_file_is_no_event(watcher: Watcher, heard: Heard, folder: Path) -> None:
    (folder / "a.jpg").write_bytes(b"x")
    watcher.start([to_stored(folder)])
    (folder / "a.jpg").read_bytes()
    (folder / "b.jpg").touch()
    heard.wait_for("b.jpg")
    assert heard.paths == {"b.jpg"}


def test_new_times_and_rights_are_events(watcher: Watcher, heard: Heard, folder: Path) -> None:
    (folder / "a.jpg").touch()
    (folder / "b.jpg").touch()
    watcher.start([to_stored(folder)])
    os.utime(folder / "a.jpg", ns=(1, 1))
    (folder / "b.jpg").chmod(0o600)
    heard.wait_for("a.jpg", "b.jpg")


def test_a_folder_that_comes_goes_and_is_replaced(watcher: Watcher, heard: Heard, tmp_path: Path) -> None:
    root = to_stored(tmp_path / "later")
    watcher.start([root])
    assert not watcher.watching(root)
    assert watcher.check() == ([], [])
    (tmp_path / "later").mkdir()
    assert watcher.check() == ([root], [])
    assert watcher.watching(root)
    (tmp_path / "later").rename(tmp_path / "gone")
    assert watcher.check() == ([], [root])
    (tmp_path / "later").mkdir()
    assert watcher.check() == ([root], [])
    (tmp_path / "later/a.jpg").touch()
    heard.wait_for("a.jpg")


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_a_folder_made_while_its_parent_gets_its_watch_ends_no_thread(
    watcher: Watcher, heard: Heard, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    add = InotifyFD.add_callback

    def add_and_be_overtaken(self: Any, path: bytes, *rest: Any) -> Any:
        descriptor = add(self, path, *rest)
        if path.endswith(b"/outer"):
            (folder / "outer/inner").mkdir(exist_ok=True)
        return descriptor

    monkeypatch.setattr(InotifyFD, "add_callback", add_and_be_overtaken)
    watcher.start([to_stored(folder)])
    (folder / "outer").mkdir()
    heard.wait_for("outer/inner")
    (folder / "outer/inner/a.jpg").touch()
    heard.wait_for("outer/inner/a.jpg")


def test_after_a_restart_it_still_hears(watcher: Watcher, heard: Heard, folder: Path) -> None:
    watcher.start([to_stored(folder)])
    watcher.restart()
    (folder / "a.jpg").touch()
    heard.wait_for("a.jpg")


def test_lost_events_are_told_and_not_logged(watcher: Watcher, heard: Heard, folder: Path) -> None:
    watcher.start([to_stored(folder)])
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert heard.overflows == 1


@pytest.mark.usefixtures("caplog")
def test_too_many_folders_are_a_notice_with_the_command(
    watcher: Watcher, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.watcher.sys.platform", "linux")
    monkeypatch.setattr("indexer.watcher._watch_limit_error", lambda: OSError(errno.ENOSPC, "No space left on device"))
    watcher.start([to_stored(folder), to_stored(folder.parent)])
    (notice,) = watcher.take_notices()
    assert "fs.inotify.max_user_watches" in notice.remedy
    assert watcher.take_notices() == []
    assert not watcher.watching(to_stored(folder)), "so that it is looked at every few minutes"
    assert "max_user_instances" in watch_limit_notice(errno.EMFILE).remedy


@pytest.mark.usefixtures("caplog")
@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES])
def test_a_folder_that_cannot_be_watched_is_a_notice(
    watcher: Watcher, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("watchdog.observers.Observer.schedule", fail)
    watcher.start([to_stored(folder)])
    assert len(watcher.take_notices()) == 1
    assert not watcher.watching(to_stored(folder))


def test_paths_below_a_linked_root_are_named_as_the_person_named_them() -> None:
    assert stored_below("/real/a.jpg", "/real", "/link") == "/link/a.jpg"
    assert stored_below("/real", "/real", "/link") == "/link"
    assert stored_below("/really/a.jpg", "/real", "/link") is None
    assert stored_below("/a.jpg", "/", "/") == "/a.jpg"
