"""What the window may ask of a running indexer, and what may stand in its way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.core.errors import AlreadyRunning, ModelMissing, UserError
from app.core.indexer_protocol import Busy, FolderState, Notice, Progress, Quit, Rebuild, ReloadSettings, Rescan, Retry
from app.core.paths import AppDirs, to_stored
from app.core.records import EmbeddedFile, Status
from app.core.settings import Settings, SettingsFile
from app.table import index_manifest, open_for_reading
from indexer.foreground import run_once
from tests.indexer.fakes import HashEncoder, fake_encoder, model_info
from tests.indexer.running import Running, index_once, make_places, names_in, table_of
from tests.indexer.test_indexer import write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def places(tmp_path: Path, folder: Path) -> AppDirs:
    return make_places(tmp_path / "home", [folder])


def test_a_folder_added_while_it_runs_is_indexed_and_watched(places: AppDirs, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write(other, "b.txt")
    write(folder, "a.txt")
    with Running(places) as running:
        at = running.wait_committed(1)
        SettingsFile(places.settings_file).change(folders=(str(folder), str(other)))
        running.command(ReloadSettings())
        at = running.wait_committed(1, after=at)
        write(other, "c.txt")
        running.wait_committed(1, after=at)
    assert running.counts.embedded == 3


def test_another_model_is_built_beside_and_takes_over_when_it_is_complete(places: AppDirs, folder: Path) -> None:
    write(folder, "a.txt", "b.txt")
    with Running(places) as running:
        at = running.wait_committed(2)
        old = index_manifest.read(places.index).serving
        running.encoder = HashEncoder(model_info(fingerprint="fedcba9876543210"))
        running.command(ReloadSettings())
        running.wait_committed(2, after=at)
        running.wait_for("idle", after=at)
    new = index_manifest.read(places.index)
    assert old is not None
    assert new.serving is not None
    assert (old.space.fingerprint[:4], new.serving.space.fingerprint[:4], new.building) == ("0123", "fedc", None)
    assert running.encoder.texts == 2


def test_a_rebuild_computes_everything_anew(places: AppDirs, folder: Path) -> None:
    write(folder, "a.txt", "b.txt")
    with Running(places) as running:
        at = running.wait_committed(2)
        before = index_manifest.read(places.index).serving
        running.command(Rebuild())
        running.wait_committed(2, after=at)
        running.wait_for("idle", after=at)
        assert running.encoder.texts == 4
    after = index_manifest.read(places.index).serving
    assert before is not None
    assert after is not None
    assert before.name != after.name
    reader = open_for_reading(places)
    assert reader is not None


def test_failed_files_are_tried_again_on_request(places: AppDirs, folder: Path) -> None:
    (folder / "a.png").write_text("not a picture")
    index = index_once(places)
    assert index.failed == 1
    with Running(places) as running:
        at = running.wait_for("idle")
        running.command(Retry())
        running.wait_committed(1, after=at)
    (file,) = table_of(places).values()
    assert (file.status, file.attempts) == (Status.FAILED, 2)


def test_busy_rescan_and_quit(places: AppDirs, folder: Path) -> None:
    write(folder, "a.txt")
    with Running(places) as running:
        running.command(Busy(0.1))
        at = running.wait_committed(1)
        running.command(Rescan(str(folder)))
        running.wait_for("scanning", after=at)
        running.command(Quit())
        running.wait_for("stopping", after=at)


def test_without_a_model_it_says_so_and_begins_when_there_is_one(places: AppDirs, folder: Path) -> None:
    write(folder, "a.txt")
    running = Running(places)
    there: list[HashEncoder] = []

    def encoder_for(_places: AppDirs, _settings: Settings) -> HashEncoder:
        if not there:
            raise ModelMissing("There is no model.", "Get one.")
        return there[0]

    running.scheduler._context._encoder_for = encoder_for
    with running:
        running.wait_for("no model")
        assert any(isinstance(event, Notice) and event.what == "There is no model." for event in running.events)
        there.append(HashEncoder())
        running.command(ReloadSettings())
        running.wait_committed(1)
    with pytest.raises(ModelMissing):
        run_once(places, encoder_for=lambda _places, _settings: _raise(ModelMissing("There is no model.", "Get one.")))


def _raise(error: Exception) -> HashEncoder:
    raise error


@pytest.mark.usefixtures("caplog")
def test_a_full_disk_is_a_notice_and_ends_by_itself(
    places: AppDirs, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.table import IndexWriter

    monkeypatch.setattr("indexer.scheduler.REOPEN_S", 0.2)
    write(folder, "a.txt")
    real, full = IndexWriter.write, [True]

    def sometimes(self: IndexWriter, files: list[EmbeddedFile]) -> list[EmbeddedFile]:
        if full.pop() if full else False:
            raise UserError("The disk is full.", "Make room.")
        return real(self, files)

    monkeypatch.setattr(IndexWriter, "write", sometimes)
    with Running(places) as running:
        at = running.wait(lambda event: isinstance(event, Notice) and event.what == "The disk is full.")
        running.wait_committed(1, after=at)
    assert names_in(places, folder) == {"a.txt"}
    full.append(True)
    write(folder, "b.txt")
    with pytest.raises(UserError, match="disk is full"):
        run_once(places, encoder_for=fake_encoder, workers=1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes nothing that is open")
@pytest.mark.parametrize("what", ["index", "data"])
def test_an_index_deleted_while_it_is_watched_is_begun_anew(
    places: AppDirs, folder: Path, what: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("indexer.periodic.CHECK_ROOTS_S", 0.1)
    write(folder, "a.txt")
    with Running(places) as running:
        running.wait_committed(1)
        at = running.wait_for("idle")
        getattr(places, what).rename(places.data.with_name("deleted"))
        running.wait_committed(1, after=at)
        with pytest.raises(AlreadyRunning):
            run_once(places, encoder_for=fake_encoder)
        write(folder, "b.txt")
        running.wait_committed(2, after=at)
    assert "begun anew" in caplog.text
    caplog.clear()
    assert names_in(places, folder) == {"a.txt", "b.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes nothing that is open")
def test_an_index_deleted_in_the_midst_of_the_work_is_begun_anew(
    places: AppDirs, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("indexer.periodic.CHECK_ROOTS_S", 3600.0)
    monkeypatch.setattr("indexer.scheduler.REOPEN_S", 0.2)
    write(folder, "a.txt")
    with Running(places) as running:
        running.wait_committed(1)
        at = running.wait_for("idle")
        places.index.rename(places.data.with_name("deleted"))
        write(folder, "b.txt")  # whatever fails first: the look or the commit
        running.wait_committed(2, after=at)
    caplog.clear()
    assert names_in(places, folder) == {"a.txt", "b.txt"}


def test_a_look_that_fails_is_tried_again(
    places: AppDirs, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from indexer import scanner

    monkeypatch.setattr("indexer.scheduler.REOPEN_S", 0.2)
    real, faults = scanner.scan, [OverflowError("no such number")]

    def sometimes(*args: object, **kwargs: object) -> object:
        if faults:
            raise faults.pop()
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(scanner, "scan", sometimes)
    write(folder, "a.txt")
    with Running(places) as running:
        running.wait_committed(1)
    assert "indexing was interrupted" in caplog.text
    caplog.clear()


def test_a_second_indexer_says_so(places: AppDirs) -> None:
    with Running(places) as running:
        running.wait_for("idle")
        with pytest.raises(AlreadyRunning):
            run_once(places, encoder_for=fake_encoder)


def test_folders_tell_their_state(places: AppDirs, folder: Path) -> None:
    with Running(places) as running:
        running.wait_for("idle")
    states = [event for event in running.events if isinstance(event, FolderState)]
    assert states[-1] == FolderState(to_stored(folder), online=True), "nothing is left to do"
    assert {(state.path, state.online) for state in states} == {(to_stored(folder), True)}


def test_folders_tell_how_much_is_left(places: AppDirs, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.progress.FOLDERS_INTERVAL_S", 0.0)
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"This is the text of number {number}.")
    running = Running(places)
    running.encoder.go.clear()
    with running:
        running.wait(lambda event: isinstance(event, FolderState) and event.pending > 0)
        running.encoder.go.set()
        running.wait_committed(30)
        running.wait_for("idle")
    states = [event for event in running.events if isinstance(event, FolderState)]
    assert max(state.pending for state in states) <= 30
    assert states[-1].pending == 0


def test_no_folder_is_no_work(tmp_path: Path) -> None:
    places = make_places(tmp_path / "home", [])
    counts = run_once(places, encoder_for=fake_encoder)
    assert counts.done == counts.seen == 0


def test_it_can_be_interrupted(places: AppDirs, folder: Path) -> None:
    import threading

    write(folder, *(f"{number}.txt" for number in range(300)))
    stop, encoder = threading.Event(), HashEncoder()
    encoder.go.clear()

    def progress(progress: Progress) -> None:
        if progress.state == "indexing":
            stop.set()
        if progress.state == "stopping":
            encoder.go.set()

    counts = run_once(places, progress=progress, stop=stop, encoder_for=lambda *_: encoder, workers=1)
    assert counts.interrupted
    assert stop.is_set()
    assert len(table_of(places)) == counts.embedded < 300
    assert not index_once(places).interrupted
    assert len(table_of(places)) == 300
