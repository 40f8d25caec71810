"""The vector file says what it was made from, and is not believed when it is in doubt."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import FloatArray, Kind, UnitType
from app.table import IndexReader, IndexWriter, open_for_reading, open_for_writing
from app.table.vectors import snapshot_cache
from app.table.vectors.unit_codes import KIND_CODES, UNIT_CODES, encode_names
from app.table.vectors.vector_file_format import read_vector_file, write_vector_file
from tests.app.table.conftest import SPACE, direction, document, nearest, photo

UNITS = tuple(UnitType)


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def only_file(places: AppDirs) -> Path:
    (file,) = places.index.glob("units-*.vectors")
    return file


def nearest_paths(places: AppDirs, vector: FloatArray) -> list[tuple[str, float]]:
    return [(row.path, round(row.score, 4)) for row in nearest(reader_of(places), vector, units=UNITS, limit=5)]


@pytest.fixture
def filled(places: AppDirs, writer: IndexWriter) -> AppDirs:
    writer.write([photo(f"/p/{number}.jpg", number, size=number) for number in range(30)])
    writer.write([document("/d/a.pdf", ["one", "two"], pages=2, seed=50)])
    writer.maintain(idle=True)
    return places


# ---- codes


def strings(values: list[str]) -> tuple[np.ndarray, np.ndarray]:
    texts = np.frombuffer("".join(values).encode(), dtype=np.uint8)
    return texts, np.array([len(value) for value in values])


def test_codes_are_told_from_names_not_from_their_lengths() -> None:
    assert encode_names(*strings(["passage", "photo", "page", "photo"]), UNIT_CODES).tolist() == [2, 0, 1, 0]
    assert encode_names(*strings(["document", "photo"]), KIND_CODES).tolist() == [1, 0]
    assert encode_names(*strings([]), UNIT_CODES).tolist() == []
    for foreign in ("frame", "phot0", "file", ""):
        with pytest.raises(ValueError, match="none of"):
            encode_names(*strings(["photo", foreign]), UNIT_CODES)


def test_codes_on_disk_never_change() -> None:
    assert {unit.value: code for unit, code in UNIT_CODES.items()} == {"photo": 0, "page": 1, "passage": 2}
    assert {kind.value: code for kind, code in KIND_CODES.items()} == {"photo": 0, "document": 1}


def test_the_kind_of_a_hit_is_that_of_its_file(places: AppDirs, writer: IndexWriter) -> None:
    """A picture in a document has a photo's unit type perhaps, and a document's kind."""
    made = document("/d/album.pdf", [], pages=1)
    scanned = photo("/d/scan.jpg", 3)
    writer.write([made, replace(scanned, decoded=replace(scanned.decoded, kind=Kind.DOCUMENT))])
    for idle in (False, True):
        writer.maintain(idle=idle)
        (found,) = reader_of(places).nearest_each(direction(3), [(UnitType.PHOTO,)], limit=1)
        assert (found[0].path, found[0].kind) == ("/d/scan.jpg", Kind.DOCUMENT)


# ---- identity


def test_a_file_says_what_it_was_made_from(filled: AppDirs, writer: IndexWriter) -> None:
    file = read_vector_file(only_file(filled), check_all=True)
    assert file is not None
    assert file.identity is not None
    assert (file.identity.table, file.identity.table_id) == (writer._entry.name, writer._entry.id)
    assert file.identity.table_id
    assert file.is_intact()


def test_the_file_of_another_table_of_the_same_name_is_not_used(
    filled: AppDirs, writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    stale = only_file(filled).read_bytes()
    name, version = only_file(filled).name, int(writer._table.version)
    writer.close()
    shutil.rmtree(filled.index)
    filled.create()
    again = open_for_writing(filled, SPACE)
    again.write([photo(f"/p/{number}.jpg", 99 - number, size=number) for number in range(30)])
    while int(again._table.version) < version:
        again.set_tags([(reader_of(filled).file_units("/p/1.jpg")[0].id, ["a"], [0.5])], "f")
    expected = nearest_paths(filled, direction(98))
    (filled.index / name).write_bytes(stale)
    assert nearest_paths(filled, direction(98)) == expected
    assert "of another table" in caplog.text
    again.maintain(idle=True)
    assert reader_of(filled)._snapshots.current() is not None
    assert nearest_paths(filled, direction(98)) == expected


def test_a_version_that_was_lost_takes_its_vectors_along(
    filled: AppDirs, writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """The next commit has the number of the lost one, and the row ids, but not the rows."""
    writer.write([photo("/p/lost.jpg", 70), photo("/p/lost too.jpg", 71)])
    writer.maintain(idle=True)
    writer.close()
    for manifest in sorted(filled.index.glob("units-*.lance/_versions/*.manifest"))[:2]:
        manifest.write_bytes(b"")
    healed = open_for_writing(filled, SPACE)
    healed.write([photo("/p/other.jpg", 80), photo("/p/another.jpg", 81)])
    for _ in range(2):
        plain = reader_of(filled)
        plain._snapshots.current = lambda: None  # type: ignore[method-assign]
        for seed in (70, 71, 80, 81):
            expected = [row.path for row in nearest(plain, direction(seed), units=UNITS, limit=3)]
            assert [path for path, _ in nearest_paths(filled, direction(seed))][:3] == expected
        healed.maintain(idle=True)
    assert "torn manifest" in caplog.text


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_files_that_were_swapped_are_found_out(
    filled: AppDirs, writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    """The same rows with other vectors, under the same name and id: a sample of the rows tells."""
    path = only_file(filled)
    file = read_vector_file(path)
    assert file is not None
    assert file.identity is not None
    with io.BytesIO() as out:
        paths = np.asarray(file.paths), np.diff(np.concatenate([[0], file.path_ends.astype(np.int64)]))
        row_ids = np.empty_like(file.row_ids)
        row_ids[file.by_row_id] = file.row_ids
        shuffled = file.vectors[::-1].copy()
        write_vector_file(out, file.identity, [shuffled], file.rows, row_ids, file.lists, paths, file.pending)
        changed = out.getvalue()
    expected = nearest_paths(filled, direction(5))
    path.unlink()
    path.write_bytes(changed)
    assert nearest_paths(filled, direction(5)) == expected
    assert "does not fit the table" in caplog.text
    assert writer.count_files() == 31


# ---- damage


def flip(path: Path, at: int, *, count: int = 8) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + count] = bytes(byte ^ 0xFF for byte in content[at : at + count])
    path.unlink()  # a file that is mapped stays as it is
    path.write_bytes(content)


@pytest.mark.parametrize("compared", [1, 16])
@pytest.mark.parametrize("share", [0.0, 0.35, 0.45, 0.6, 0.8, 0.9, 0.99])
def test_flipped_bytes_change_no_answer(
    filled: AppDirs,
    writer: IndexWriter,
    share: float,
    compared: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither where the sample of rows would find it, nor where a vector's own checksum must."""
    monkeypatch.setattr(snapshot_cache, "_COMPARED_ROWS", compared)
    expected = {seed: nearest_paths(filled, direction(seed)) for seed in range(0, 60, 7)}
    path = only_file(filled)
    flip(path, int(share * path.stat().st_size))
    for seed, paths in expected.items():
        assert nearest_paths(filled, direction(seed)) == paths
    caplog.clear()
    healed = open_for_writing(filled, SPACE)
    healed.maintain(idle=True)
    file = read_vector_file(only_file(filled), check_all=True)
    assert file is not None
    assert file.is_intact()
    assert {seed: nearest_paths(filled, direction(seed)) for seed in expected} == expected
    assert not caplog.records
    assert writer.count_files() == 31
