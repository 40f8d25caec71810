"""A change is seen even where size and modification time are as they were, and a file can be read again at will."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.paths import AppDirs, to_stored
from indexer.foreground import run_once
from tests.indexer.fakes import HashEncoder, fake_encoder
from tests.indexer.running import Running, index_once, make_places, table_of

LONG_AGO = (10**18, 10**18)

keeps_ctime = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ctime")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"the first words of {name}")
        os.utime(folder / f"{name}.txt", ns=LONG_AGO)
    return folder


@pytest.fixture
def places(tmp_path: Path, folder: Path) -> AppDirs:
    places = make_places(tmp_path / "home", [folder])
    index_once(places)
    return places


def hashes(places: AppDirs) -> dict[str, str]:
    return {path.rpartition("/")[2]: file.content_hash for path, file in table_of(places).items()}


def edited_in_place(path: Path) -> None:
    """exiftool -P -overwrite_original_in_place, digiKam, an editor that restores times."""
    path.write_text(path.read_text().replace("first", "other"))
    os.utime(path, ns=LONG_AGO)


def replaced(path: Path) -> None:
    """exiftool -P, rsync -t, cp -p and a rename."""
    fresh = path.with_suffix(".new")
    fresh.write_text(path.read_text().replace("first", "other"))
    os.utime(fresh, ns=LONG_AGO)
    fresh.rename(path)


@keeps_ctime
@pytest.mark.parametrize("edit", [edited_in_place, replaced])
def test_an_edit_that_restores_the_time_is_seen(places: AppDirs, folder: Path, edit: object) -> None:
    before = hashes(places)
    assert callable(edit)
    edit(folder / "a.txt")
    encoder = HashEncoder()
    assert index_once(places, encoder=encoder).embedded == 1
    after = hashes(places)
    assert after["a.txt"] != before["a.txt"]
    assert (after["b.txt"], after["c.txt"]) == (before["b.txt"], before["c.txt"])
    assert index_once(places).done == 0


def changed_rights(path: Path) -> None:
    path.chmod(0o600)


def copied_back(path: Path) -> None:
    """A backup that was played back: another inode and ctime, the same bytes and time."""
    shutil.copy2(path, path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)


@keeps_ctime
@pytest.mark.parametrize("touch", [changed_rights, copied_back])
def test_a_file_with_other_numbers_and_the_same_bytes_keeps_its_vectors(
    places: AppDirs, folder: Path, touch: object
) -> None:
    assert callable(touch)
    before = hashes(places)
    touch(folder / "a.txt")
    encoder = HashEncoder()
    counts = index_once(places, encoder=encoder)
    assert (counts.embedded, counts.reused, encoder.texts) == (0, 1, 0)
    assert hashes(places) == before
    assert index_once(places).done == 0, "its numbers are stored now"


def test_all_files_can_be_read_again(places: AppDirs) -> None:
    encoder = HashEncoder()
    counts = run_once(places, reread=("",), encoder_for=lambda *_: encoder, workers=1)
    assert (counts.embedded, encoder.texts) == (3, 3)
    assert index_once(places).done == 0


def test_one_file_can_be_read_again(places: AppDirs, folder: Path) -> None:
    counts = run_once(places, reread=(to_stored(folder / "b.txt"),), encoder_for=fake_encoder, workers=1)
    assert counts.embedded == 1


def test_a_folder_can_be_read_again_with_what_is_new_in_it(places: AppDirs, folder: Path) -> None:
    (folder / "below").mkdir()
    (folder / "b.txt").rename(folder / "below" / "b.txt")
    (folder / "below" / "d.txt").write_text("new words")
    counts = run_once(places, reread=(to_stored(folder / "below"),), encoder_for=fake_encoder, workers=1)
    assert (counts.embedded, counts.moved) == (1, 1)


def test_only_watched_folders_can_be_read_again(places: AppDirs, folder: Path, tmp_path: Path) -> None:
    from app.cli.index import reread_paths

    assert reread_paths(None, places) == ()
    assert reread_paths([], places) == ("",)
    assert reread_paths([str(folder / "a.txt")], places) == (to_stored(folder / "a.txt"),)
    with pytest.raises(UserError, match="no watched folder"):
        reread_paths([str(tmp_path)], places)


def test_the_watcher_sees_an_edit_that_leaves_no_trace_but_its_event(
    places: AppDirs, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT, exFAT and Windows keep no ctime."""
    monkeypatch.setattr("indexer.scan._IS_WINDOWS", True)
    index_once(places)  # forgets the ctimes
    with Running(places) as indexer:
        at = indexer.wait_for("idle")
        edited_in_place(folder / "a.txt")
        indexer.wait_committed(1, after=at)
    assert indexer.encoder.texts == 1
