"""The mapped copy of the vectors never says anything else than the table."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import Kind, UnitType
from app.query.queries import Filters
from app.table import IndexReader, IndexWriter, open_for_reading, open_for_writing
from app.table.vectors import snapshot, snapshot_cache, vector_file_upkeep, vector_file_writer
from tests.app.table.conftest import SPACE, direction, document, failed, nearest, photo

PICTURES = (UnitType.PHOTO, UnitType.PAGE)


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def files(places: AppDirs) -> list[Path]:
    return sorted(places.index.glob("units-*.vectors"))


@pytest.fixture
def filled(places: AppDirs, writer: IndexWriter) -> AppDirs:
    """Photos, a document with pages and passages, a file that failed; at rest."""
    writer.write([photo(f"/p/{number}.jpg", number, size=number) for number in range(30)])
    writer.write([document("/d/a.pdf", ["one", "two"], pages=3, seed=50), failed("/p/broken.jpg")])
    writer.maintain(idle=True)
    assert len(files(places)) == 1
    return places


def agrees(places: AppDirs, *, by_snapshot: bool = True) -> None:
    """Every kind of question gets the same answer from the matrix and from LanceDB."""
    reader = reader_of(places)
    assert (reader._snapshots.current() is not None) == by_snapshot
    plain = reader_of(places)
    plain._snapshots.current = lambda: None  # type: ignore[method-assign]
    for units, filters in (
        ((UnitType.PHOTO,), None),
        (PICTURES, None),
        ((UnitType.PASSAGE,), None),
        (tuple(UnitType), None),
        (tuple(UnitType), Filters(kind=Kind.DOCUMENT)),
        (PICTURES, Filters(size_max=10)),
        (PICTURES, Filters(folders=("/no/such",))),
    ):
        vector = direction(7)
        mine = nearest(reader, vector, units=units, filters=filters, limit=12, offset=2)
        theirs = nearest(plain, vector, units=units, filters=filters, limit=12, offset=2)
        assert [row.id for row in mine] == [row.id for row in theirs]
        assert np.allclose([row.score for row in mine], [row.score for row in theirs], atol=1e-5)
        ids = [row.id for row in mine]
        groups = [units, PICTURES]
        each = reader.nearest_each(vector, groups, filters=filters, limit=9)
        assert [[row.id for row in rows] for rows in each] == [
            [row.id for row in nearest(plain, vector, units=group, filters=filters, limit=9)] for group in groups
        ]
        assert [[one.path for one in near] for near in reader.nearest_each(vector, groups, limit=9)] == [
            [one.path for one in near] for near in plain.nearest_each(vector, groups, limit=9)
        ]
        assert np.allclose(reader.vectors([*ids, "0" * 32]), plain.vectors([*ids, "0" * 32]))


def test_at_rest(filled: AppDirs) -> None:
    agrees(filled)


def test_after_changes_that_no_upkeep_followed(filled: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo("/p/new.jpg", 7), photo("/p/3.jpg", 7, size=999)])  # one new, one changed
    writer.remove(["/p/4.jpg", "/d/a.pdf"])
    agrees(filled)
    found = nearest(reader_of(filled), direction(7), units=[UnitType.PHOTO], limit=3)
    assert {row.path for row in found} == {"/p/7.jpg", "/p/new.jpg", "/p/3.jpg"}


def test_a_reader_that_is_open_follows(filled: AppDirs, writer: IndexWriter) -> None:
    reader = reader_of(filled)
    assert len(nearest(reader, direction(99), units=[UnitType.PHOTO])) == 30
    writer.write([photo("/p/new.jpg", 99)])
    later = reader_of(filled)
    assert nearest(later, direction(99), units=[UnitType.PHOTO])[0].path == "/p/new.jpg"
    writer.maintain(idle=True)
    assert len(files(filled)) == 1
    agrees(filled)


def test_upkeep_without_change_keeps_the_file(filled: AppDirs, writer: IndexWriter) -> None:
    before = files(filled)[0].stat()
    writer.set_tags([], "none")
    writer.maintain(idle=True)
    after = files(filled)[0].stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    agrees(filled)


def test_tags_that_were_proposed_since(filled: AppDirs, writer: IndexWriter) -> None:
    """The vectors are as they were, but the table has the rows somewhere else."""
    unit = nearest(reader_of(filled), direction(1), units=[UnitType.PHOTO], limit=1)[0].id
    writer.set_tags([(unit, ["cat"], [0.9])], "f")
    agrees(filled)
    writer.maintain(idle=True)
    agrees(filled)


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign", "zeros"])
def test_a_damaged_file_is_as_good_as_none(filled: AppDirs, damage: str) -> None:
    file = files(filled)[0]
    whole = file.read_bytes()
    changed = {"cut": whole[:-1], "empty": b"", "foreign": b"{}" + whole[2:], "zeros": bytes(len(whole))}
    file.write_bytes(changed[damage])
    agrees(filled, by_snapshot=False)


def test_a_table_that_changed_altogether_is_asked_itself(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_cache, "_MAX_DELTA_ROWS", 5)
    writer.write([photo(f"/p/{number}.jpg", number, size=number + 1) for number in range(20)])
    agrees(filled, by_snapshot=False)


def test_a_table_that_grew_is_asked_itself_without_reading_all_ids(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_cache, "_MAX_DELTA_ROWS", 5)
    monkeypatch.setattr(snapshot_cache.SnapshotCache, "_moved", lambda *_: pytest.fail("ids were read"))
    writer.write([photo(f"/new/{number}.jpg", number) for number in range(20)])
    agrees(filled, by_snapshot=False)


def test_a_table_whose_rows_moved_is_known_by_their_ids(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_cache, "_MAX_DELTA_ROWS", 5)
    found = nearest(reader_of(filled), direction(1), units=PICTURES, limit=30)
    writer.set_tags([(row.id, ["cat"], [0.9]) for row in found], "f")
    writer.remove(["/p/4.jpg"])
    agrees(filled)


def test_a_large_table_has_no_file(filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_file_upkeep, "MAX_VECTOR_FILE_BYTES", 100)
    writer.write([photo("/p/new.jpg", 1)])
    writer.maintain(idle=True)
    assert files(filled) == []
    agrees(filled, by_snapshot=False)


def test_a_library_of_documents_that_have_no_vectors(places: AppDirs, writer: IndexWriter) -> None:
    writer.write([failed("/p/a.jpg"), failed("/p/b.jpg")])
    writer.maintain(idle=True)
    assert files(places) == []
    assert nearest(reader_of(places), direction(1), units=tuple(UnitType)) == []


def test_a_table_that_is_replaced_takes_its_file_along(filled: AppDirs) -> None:
    rebuilt = open_for_writing(filled, SPACE, rebuild=True)
    rebuilt.write([photo("/p/a.jpg", 1)])
    rebuilt.complete()
    rebuilt.close()
    assert len(files(filled)) == 1
    assert len(nearest(reader_of(filled), direction(1), units=tuple(UnitType))) == 1
    agrees(filled)


def test_a_full_disk_costs_only_speed(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vector_file_writer, "make_vector_file", full)
    writer.write([photo("/p/new.jpg", 1)])
    writer.maintain(idle=True)
    assert "was not written" in caplog.text
    assert not list(filled.index.glob("*.part"))
    agrees(filled, by_snapshot=False)


def test_ids_are_found_wherever_they_are() -> None:
    ids = np.array([f"{number * 7919 % 1000:032x}" for number in range(1000)], dtype="S32")
    found = snapshot.positions_of(ids, np.argsort(ids), np.array([ids[5], b"f" * 32, ids[999], b"0" * 31], dtype="S32"))
    assert found.tolist() == [5, -1, 999, -1]
    assert snapshot.positions_of(ids[:0], np.zeros(0, dtype=int), ids[:2]).tolist() == [-1, -1]


def test_a_disk_that_is_nearly_full_is_not_filled(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = files(filled)
    writer.write([photo("/p/new.jpg", 1)])
    with monkeypatch.context() as nearly_full:
        nearly_full.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 100, 100))
        writer.maintain(idle=True)
    assert "more free space" in caplog.text
    assert files(filled) == before
    agrees(filled)
    writer.maintain(idle=True)
    assert files(filled) != before


def test_upkeep_of_an_empty_library(places: AppDirs, writer: IndexWriter) -> None:
    writer.maintain(idle=True)
    assert not files(places)
    writer.write([photo("/p/a.jpg", 1)])
    writer.maintain(idle=True)
    assert len(files(places)) == 1
    writer.remove(["/p/a.jpg"])
    writer.maintain(idle=True)
    assert not files(places)
