"""The indexer as a whole, on real files, with the real table, decoders and watchdog."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import UserError
from app.core.indexer_protocol import FolderState, Notice, Pause, Progress, Rescan, Resume
from app.core.paths import to_stored
from app.core.records import Status
from app.files.not_indexed import LeftOutFolder, NotIndexed
from app.files.thumbnails import ThumbnailStore
from app.table import open_for_reading
from indexer.foreground import run_once
from tests.indexer.fakes import HashEncoder, fake_encoder
from tests.indexer.running import Running, index_once, make_places, names_in, table_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is what {name} says. It is not much, but it is its own.")


def test_after_a_single_run_searches_have_all_they_use(tmp_path: Path, folder: Path) -> None:
    """The first commit was of files that could not be read, and what follows a commit at rest never came."""
    places = make_places(tmp_path / "home", [folder])
    (folder / "torn.png").write_bytes(b"\x89PNG\r\n")
    index_once(places)
    write(folder, "a.txt", "b.txt")
    index_once(places)
    reader = open_for_reading(places)
    assert reader is not None
    assert reader.statistics().counts == {"text": 2}
    assert len(list(places.index.glob("*.vectors"))) == 1


def test_everything_is_found_once_and_nothing_is_done_twice(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt", "b/c.md", "b/.hidden.txt", "b/node_modules/x.txt", "program.exe")
    first = index_once(places)
    assert (first.seen, first.embedded, first.failed) == (2, 2, 0)
    assert names_in(places, folder) == {"a.txt", "b/c.md"}
    encoder = HashEncoder()
    second = index_once(places, encoder=encoder)
    assert (second.seen, second.done, encoder.texts) == (2, 0, 0)


def test_moves_copies_and_touches_compute_nothing(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, *(f"old/{number}.txt" for number in range(20)), "copied.txt", "touched.txt")
    index_once(places)
    (folder / "old").rename(folder / "new")
    shutil.copy(folder / "copied.txt", folder / "copy.txt")
    os.utime(folder / "touched.txt", ns=(1, 1))
    encoder = HashEncoder()
    counts = index_once(places, encoder=encoder)
    assert encoder.texts == encoder.images == counts.embedded == 0
    assert (counts.moved, counts.reused, counts.removed) == (20, 2, 0)
    expected = {f"new/{number}.txt" for number in range(20)} | {"copied.txt", "copy.txt", "touched.txt"}
    assert names_in(places, folder) == expected


def test_bad_files_become_rows_with_a_reason_and_do_not_stop_the_rest(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "good.txt")
    (folder / "empty.jpg").touch()
    (folder / "text.png").write_text("I am not a picture.")
    for path in folder.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    counts = index_once(places)
    assert (counts.embedded, counts.failed) == (1, 2)
    failed = [path for path, file in table_of(places).items() if file.status is Status.FAILED]
    assert [Path(path).name for path in sorted(failed)] == ["empty.jpg", "text.png"]


def test_a_missing_folder_is_offline_and_keeps_its_rows(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt")
    index_once(places)
    folder.rename(tmp_path / "unplugged")
    notices: list[Notice] = []
    counts = run_once(places, notice=notices.append, encoder_for=fake_encoder)
    assert counts.removed == 0
    assert names_in(places, folder) == {"a.txt"}
    assert [notice.level for notice in notices] == ["warning"]


def test_a_folder_that_is_no_longer_watched_leaves_the_table(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "other"
    places = make_places(tmp_path / "home", [folder, other])
    write(folder, "a.txt")
    write(other, "b.txt")
    index_once(places)
    make_places(tmp_path / "home", [folder])
    assert index_once(places).removed == 1
    assert len(table_of(places)) == 1


@pytest.mark.parametrize("slip", ['folders = ["/home', "folders = 5", "ignore = true", "\udcff"])
def test_a_slip_in_the_settings_file_empties_no_index(tmp_path: Path, folder: Path, slip: str) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt")
    index_once(places)
    places.settings_file.write_bytes(slip.encode(errors="surrogateescape"))
    with pytest.raises(UserError, match="settings file") as caught:
        index_once(places)
    assert "stays" in caught.value.remedy
    assert names_in(places, folder) == {"a.txt"}
    places.settings_file.unlink()
    make_places(tmp_path / "home", [folder])
    assert index_once(places).embedded == 0


def test_an_unreadable_folder_is_a_row_and_keeps_what_is_known_of_it(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "locked/a.txt", "b.txt")
    index_once(places)
    real = os.scandir

    def refuses(path: os.PathLike[str] | str) -> object:
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    with monkeypatch.context() as patch:  # the superuser, who runs these tests in containers, may list everything
        patch.setattr("indexer.scan.os.scandir", refuses)
        assert index_once(places).failed == 1
        assert names_in(places, folder) == {"locked", "locked/a.txt", "b.txt"}
        assert index_once(places).done == 0
    assert index_once(places).removed == 1
    assert names_in(places, folder) == {"locked/a.txt", "b.txt"}


def test_watching_follows_what_happens(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt", "b.txt", "d/x.txt")
    with Running(places) as running:
        at = running.wait_committed(3)
        write(folder, "new.txt")
        at = running.wait_committed(1, after=at)
        (folder / "a.txt").unlink()
        running.wait(lambda _: running.removed(at) >= 1, after=at)
        at = len(running.events)
        (folder / "d").rename(folder / "e")
        at = running.wait_committed(1, after=at)
    assert running.counts.embedded == 4
    assert running.counts.moved + running.counts.reused == 1
    assert names_in(places, folder) == {"b.txt", "new.txt", "e/x.txt"}


def test_very_many_dirty_paths_at_once(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    names = [f"{number}/a.txt" for number in range(100)]
    write(folder, *names)
    with Running(places, quiet_s=0.5) as running:
        running.wait_committed(100)
        at = running.wait_for("idle")
        for name in names:
            (folder / name).write_text(f"{name} is another one now")
        running.wait_committed(100, after=at)
    assert running.counts.embedded == 200
    assert names_in(places, folder) == set(names)


def test_a_safe_save_is_one_change(tmp_path: Path, folder: Path) -> None:
    """As gedit, LibreOffice and Office write: a new file beside, the old one out of the way, a rename."""
    places = make_places(tmp_path / "home", [folder])
    write(folder, "letter.txt")
    with Running(places) as running:
        at = running.wait_committed(1)
        (folder / "letter.txt.tmp").write_text("The new content.")
        (folder / "letter.txt").rename(folder / "letter.txt~")
        (folder / "letter.txt.tmp").rename(folder / "letter.txt")
        (folder / "letter.txt~").unlink()
        running.wait_committed(1, after=at)
    assert running.removed(at) == 0
    assert names_in(places, folder) == {"letter.txt"}


def test_a_paused_indexer_does_nothing_until_it_is_resumed(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    with Running(places) as running:
        running.wait_for("idle")
        running.command(Pause())
        at = running.wait_for("paused")
        write(folder, "a.txt")
        running.command(Rescan())
        assert running.committed() == 0
        running.command(Resume())
        running.wait_committed(1, after=at)
        running.wait_for("idle", after=at)


def test_on_battery_it_waits(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt")
    with Running(places, battery=lambda: True) as running:
        running.wait_for("battery")
    assert running.committed() == 0


def test_a_folder_that_goes_away_and_comes_back(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.periodic.CHECK_ROOTS_S", 0.1)
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt")
    with Running(places) as running:
        running.wait_committed(1)
        at = running.wait_for("idle")
        folder.rename(tmp_path / "unplugged")
        at = running.wait(lambda event: isinstance(event, FolderState) and not event.online, after=at)
        write(tmp_path / "unplugged", "b.txt")
        (tmp_path / "unplugged").rename(folder)
        running.wait(lambda event: isinstance(event, FolderState) and event.online, after=at)
        running.wait_committed(1, after=at)
        at = len(running.events)
        write(folder, "c.txt")
        running.wait_committed(1, after=at)
    assert running.removed() == 0
    assert names_in(places, folder) == {"a.txt", "b.txt", "c.txt"}


def test_a_symlinked_watched_folder_is_watched(tmp_path: Path, folder: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    places = make_places(tmp_path / "home", [link])
    with Running(places) as running:
        running.wait_for("idle")
        write(folder, "a.txt")
        running.wait_committed(1)
    assert names_in(places, link) == {"a.txt"}


QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


@pytest.mark.skipif(sys.platform != "linux" or not os.access(QUEUE, os.W_OK), reason="needs to lower a kernel limit")
def test_files_whose_events_were_lost_are_found(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(tmp_path / "source", *(f"{number % 20}/{number}.txt" for number in range(400)))
    before = QUEUE.read_text()
    QUEUE.write_text("16")
    try:
        with Running(places) as running:
            running.wait_for("idle")
            shutil.copytree(tmp_path / "source", folder / "copy")
            running.wait_committed(400)
    finally:
        QUEUE.write_text(before)
    assert len(names_in(places, folder)) == 400


def test_small_pictures_of_files_that_are_gone_go_too(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    for number in range(2):
        Image.new("RGB", (64, 48), (number * 200, 80, 80)).save(folder / f"{number}.png")
    index_once(places)
    store = ThumbnailStore(places.thumbnails_file)
    assert len(store) == 2
    (folder / "0.png").unlink()
    index_once(places)
    assert len(store) == 1
    store.close()


def test_progress_says_how_far_it_is(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt", "b.txt")
    running = Running(places)
    running.encoder.go.clear()
    with running:
        running.wait_for("indexing")
        running.encoder.go.set()
        running.wait_committed(2)
        running.wait_for("idle")
    states = [event.state for event in running.events if isinstance(event, Progress)]
    assert states[0] == "starting"
    assert states[-1] == "stopping"
    assert {"scanning", "indexing", "idle"} <= set(states)
    last = next(event for event in reversed(running.events) if isinstance(event, Progress) and event.state == "idle")
    assert (last.done, last.total) == (2, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="paths of 4,096 bytes")
def test_a_path_that_is_too_long_is_a_failure_with_a_reason(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt")
    deep = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("n" * 250, dir_fd=deep)
        below = os.open("n" * 250, os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = below
    os.close(deep)
    counts = index_once(places)
    assert (counts.embedded, counts.failed) == (1, 1)
    assert index_once(places).done == 0


def test_what_is_passed_by_is_kept_for_whoever_asks(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    write(folder, "a.txt", "CVs/b.txt", "CVS/Entries", "CVS/c.txt")
    (folder / "film.mp4").touch()
    assert index_once(places).embedded == 2
    found = NotIndexed.load(places.not_indexed_file)
    assert found.kinds == {".mp4": 1}
    assert [Path(left.path).name for left in found.folders] == ["CVS"]


def test_a_mounted_drive_is_told_once(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = make_places(tmp_path / "home", [folder])
    mounted = NotIndexed((LeftOutFolder(to_stored(folder / "usb")),))
    monkeypatch.setattr("indexer.scanner.not_indexed", lambda _listings, _rules: mounted)
    notices: list[Notice] = []
    for _ in range(2):
        run_once(places, notice=notices.append, encoder_for=fake_encoder, workers=1)
    (notice,) = notices
    assert str(folder / "usb") in notice.what
