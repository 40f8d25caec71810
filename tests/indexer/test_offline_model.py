"""Another model takes over while a drive is away: its files stay, and are seen by the new model when it is back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.indexer_protocol import Notice
from app.core.paths import AppDirs, to_stored
from app.core.records import EmbeddingSpace, UnitType
from app.search.query_terms import parse_terms, strict_query
from app.table import IndexReader, open_for_reading, open_for_writing
from indexer.foreground import run_once
from indexer.stats import RunCounts
from tests.app.table.conftest import rows_with_words
from tests.indexer.fakes import HashEncoder, model_info
from tests.indexer.running import make_places
from tests.samples import photos

ON_DRIVE = {"cat of drive.jpg", "note.txt", "broken.jpg"}
NEW = model_info(fingerprint="fedcba9876543210")


@pytest.fixture
def home(tmp_path: Path) -> AppDirs:
    """Two folders indexed with the first model; the drive is then pulled out."""
    here, drive = tmp_path / "here", tmp_path / "drive"
    places = make_places(tmp_path / "home", [here, drive])
    for folder in (here, drive):
        photos.save(photos.photo("chelsea", (120, 90)), folder / f"cat of {folder.name}.jpg")
        (folder / "note.txt").write_text(f"The oleander on {folder.name} needs water. It is a warm summer.")
    (drive / "broken.jpg").write_text("no picture")
    index(places)
    drive.rename(tmp_path / "unplugged")
    return places


def index(places: AppDirs, encoder: HashEncoder | None = None, notices: list[Notice] | None = None) -> RunCounts:
    chosen = encoder or HashEncoder()
    told = (lambda _: None) if notices is None else notices.append
    return run_once(places, encoder_for=lambda *_: chosen, workers=1, notice=told)


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def names(reader: IndexReader, text: str) -> set[str]:
    return {row.path.rpartition("/")[2] for row in rows_with_words(reader, strict_query(parse_terms(text)))}


def without_vectors(reader: IndexReader, drive: Path) -> int:
    rows = [row for name in ("cat of drive.jpg", "note.txt") for row in reader.file_units(f"{to_stored(drive)}/{name}")]
    searchable = [row.id for row in rows if row.unit is not UnitType.FILE]
    return len(searchable) - len(reader.embeddings(searchable)[0])


def test_files_of_an_absent_drive_are_still_found_by_words(tmp_path: Path, home: AppDirs) -> None:
    index(home, HashEncoder(NEW))
    reader = reader_of(home)
    assert reader.space.fingerprint == NEW.fingerprint
    assert names(reader, "drive") == ON_DRIVE
    assert len(rows_with_words(reader, strict_query(parse_terms("oleander")))) == 2
    assert without_vectors(reader, tmp_path / "drive") == 2
    assert [path.rpartition("/")[2] for path, *_ in reader.failures()] == ["broken.jpg"]


def test_while_it_is_away_nothing_is_done_and_nothing_lost(home: AppDirs) -> None:
    index(home, HashEncoder(NEW))
    encoder = HashEncoder(NEW)
    assert index(home, encoder).done == 0
    assert names(reader_of(home), "drive") == ON_DRIVE
    assert encoder.images == encoder.texts == 0


def test_when_it_is_back_the_new_model_sees_its_files(tmp_path: Path, home: AppDirs) -> None:
    index(home, HashEncoder(NEW))
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    encoder = HashEncoder(NEW)
    assert index(home, encoder).embedded == 2
    assert (encoder.images, encoder.texts) == (1, 1)
    reader = reader_of(home)
    assert without_vectors(reader, tmp_path / "drive") == 0
    assert index(home, encoder).done == 0
    paths = [row["path"] for row in reader.columns(["path", "part"], "part = 0").to_pylist()]
    assert len(paths) == len(set(paths)) == 5


def test_a_change_on_the_drive_meanwhile_is_seen(tmp_path: Path, home: AppDirs) -> None:
    index(home, HashEncoder(NEW))
    (tmp_path / "unplugged" / "cat of drive.jpg").rename(tmp_path / "unplugged" / "Mimi.jpg")
    (tmp_path / "unplugged" / "note.txt").unlink()
    (tmp_path / "unplugged").rename(tmp_path / "drive")
    index(home, HashEncoder(NEW))
    index(home, HashEncoder(NEW))
    reader = reader_of(home)
    assert names(reader, "mimi") == {"Mimi.jpg"}
    (row,) = reader.file_units(to_stored(tmp_path / "drive" / "Mimi.jpg"))
    assert reader.embeddings([row.id])[0]
    assert reader.file_units(to_stored(tmp_path / "drive" / "note.txt")) == []


def test_a_copy_of_a_file_that_has_no_vectors_is_embedded(tmp_path: Path, home: AppDirs) -> None:
    index(home, HashEncoder(NEW))
    content = (tmp_path / "unplugged" / "cat of drive.jpg").read_bytes()
    (tmp_path / "here" / "copy.jpg").write_bytes(content + b"")
    (tmp_path / "here" / "cat of here.jpg").unlink()
    assert index(home, HashEncoder(NEW)).failed == 0
    (row,) = reader_of(home).file_units(to_stored(tmp_path / "here" / "copy.jpg"))
    assert reader_of(home).embeddings([row.id])[0]


def test_the_person_is_told(home: AppDirs) -> None:
    notices: list[Notice] = []
    index(home, HashEncoder(NEW), notices)
    assert any("3 files" in notice.what for notice in notices)


def test_a_kill_between_taking_over_and_serving_doubles_nothing(tmp_path: Path, home: AppDirs) -> None:
    space = EmbeddingSpace(NEW.name, NEW.fingerprint, NEW.dimension)
    writer = open_for_writing(home, space)
    drive = to_stored(tmp_path / "drive")
    assert writer.carry_over([drive]) == 3
    writer.carry_over([drive])
    assert len(writer.listing()) == 3
    assert writer.carry_over([]) == 0
    writer.close()


def test_a_model_with_longer_vectors(tmp_path: Path, home: AppDirs) -> None:
    writer = open_for_writing(home, replace(EmbeddingSpace("wide", "a" * 32, 64)))
    assert writer.carry_over([to_stored(tmp_path / "drive")]) == 3
    writer.complete()
    writer.close()
    reader = reader_of(home)
    assert reader.space.dimension == 64
    assert names(reader, "drive") == ON_DRIVE
    assert reader.count_units() == 0
