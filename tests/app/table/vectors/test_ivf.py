"""Large tables are looked into only where the nearest are: what is found must be as if all had been."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import EmbeddedFile, FloatArray, UnitType
from app.query.queries import Filters
from app.table import IndexReader, IndexWriter, open_for_reading
from app.table.lance_binding import Select
from app.table.statistics import vectors_of
from app.table.vectors import ivf, ivf_search
from app.table.vectors.vector_file import VectorFile
from tests.app.table.conftest import DIMENSION, direction, document, nearest, photo

GROUPS = ((UnitType.PHOTO,), (UnitType.PAGE,), (UnitType.PASSAGE,), (UnitType.PHOTO, UnitType.PAGE))
FILTERS = (
    None,
    Filters(size_max=9),
    Filters(folders=("/p/0",)),
    Filters(folders=("/d",), size_min=60),
    Filters(folders=("/no/such",)),
)


def compare(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(ivf_search, "MAX_COMPARED_BYTES", rows * DIMENSION * 4)


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    assert reader._snapshots.current() is not None
    return reader


def around(seed: int, spread: float = 0.3) -> FloatArray:
    """A vector near to one of twenty others."""
    mixed = direction(1000 + seed % 20) + spread * direction(seed)
    result: FloatArray = mixed / np.linalg.norm(mixed)
    return result


def picture(number: int, *, size: int | None = None, seed: int | None = None) -> EmbeddedFile:
    made = photo(f"/p/{number % 7}/{number}.jpg", number, size=number if size is None else size)
    return EmbeddedFile(made.decoded, around(number if seed is None else seed)[None], made.root)


def changed(writer: IndexWriter, dice: np.random.Generator) -> None:
    """What a day brings: new, changed, removed and tagged files, and now and then upkeep."""
    numbers = dice.integers(0, 400, 12)
    what = dice.integers(0, 6)
    if what == 0:
        writer.write([picture(int(n), size=int(n) + 1, seed=int(dice.integers(10_000))) for n in numbers])
    elif what == 1:
        writer.write([picture(400 + int(n)) for n in numbers])
    elif what == 2:
        writer.remove([f"/p/{n % 7}/{n}.jpg" for n in numbers.tolist()] + [f"/d/{numbers[0] % 20}.pdf"])
    elif what == 3:
        found = nearest(writer.reading(), direction(int(numbers[0])), units=tuple(UnitType), limit=12)
        writer.set_tags([(row.id, ["cat"], [0.5]) for row in found], "f")
    elif what == 4:
        writer.write([document(f"/d/{numbers[0] % 20}.pdf", ["one", "two"], pages=1, seed=int(numbers[1]))])
    else:
        writer.maintain(idle=bool(dice.integers(0, 2)))


def passes(filters: Filters, path: str, size: int) -> bool:
    inside = not filters.folders or any(path.startswith(f"{folder}/") for folder in filters.folders)
    return inside and (filters.size_min or 0) <= size <= (filters.size_max or size)


def by_brute_force(
    reader: IndexReader, vector: FloatArray, units: tuple[UnitType, ...], filters: Filters | None, limit: int
) -> list[str]:
    found = reader._table.read(Select(("id", "unit", "path", "size", "vector"), "vector IS NOT NULL"))
    rows = found.select(["id", "unit", "path", "size"]).to_pylist()
    cosines = vectors_of(found.column("vector")) @ vector
    kept = [
        (-float(cosine), str(row["id"]))
        for row, cosine in zip(rows, cosines, strict=True)
        if row["unit"] in units and passes(filters or Filters(), row["path"], row["size"])
    ]
    return [unit for _, unit in sorted(kept)[:limit]]


@pytest.fixture
def filled(places: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> AppDirs:
    """Photos and documents at rest, in neighbourhoods as a million units have them, but small."""
    monkeypatch.setattr(ivf, "MAX_UNPARTITIONED_BYTES", 0)
    monkeypatch.setattr(ivf, "ROWS_PER_LIST", 8)
    writer.write([picture(number) for number in range(400)])
    writer.write([document(f"/d/{n}.pdf", ["one", "two", "three"], pages=2, seed=10 * n) for n in range(20)])
    writer.maintain(idle=True)
    assert len(reader_of(places)._snapshots.current().file.lists.centroids) > 30  # type: ignore[union-attr]
    return places


@pytest.mark.parametrize("seed", range(6))
def test_what_is_found_is_what_brute_force_finds(filled: AppDirs, writer: IndexWriter, seed: int) -> None:
    dice = np.random.default_rng(seed)
    for _ in range(6):
        changed(writer, dice)
        reader = reader_of(filled)
        for filters in FILTERS:
            vector, limit = direction(int(dice.integers(10_000))), int(dice.integers(1, 40))
            expected = [by_brute_force(reader, vector, units, filters, limit) for units in GROUPS]
            found = reader.nearest_each(vector, GROUPS, filters=filters, limit=limit)
            assert [[row.id for row in rows] for rows in found] == expected
            wanted = [*expected[2], *expected[0], "0" * 32]
            assert [(row.id, row.unit) for row in reader.units(wanted)] == [
                *((unit, UnitType.PASSAGE) for unit in expected[2]),
                *((unit, UnitType.PHOTO) for unit in expected[0]),
            ]


def test_rows_that_moved_this_very_moment_are_read_all_the_same(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = reader_of(filled)
    before = reader._snapshots.current()
    found = [row.id for row in nearest(reader, direction(1), units=tuple(UnitType), limit=30)]
    writer.set_tags([(unit, ["cat"], [0.5]) for unit in found[:20]], "f")
    writer.maintain(idle=True)
    later = reader_of(filled)
    monkeypatch.setattr(later._snapshots, "current", lambda: before)
    assert [(row.id, row.tags) for row in later.units(found)] == [
        (unit, ("cat",) if unit in found[:20] else ()) for unit in found
    ]


def test_what_few_rows_keep_is_exact_however_many_there_are(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(monkeypatch, 3 * 60)
    writer.remove(["/p/0/7.jpg", "/p/0/14.jpg"])
    writer.write([picture(700)])
    reader = reader_of(filled)
    for seed in range(20):
        for filters in (Filters(size_max=9), Filters(folders=("/p/0",))):
            expected = by_brute_force(reader, direction(seed), (UnitType.PHOTO,), filters, 10)
            found = nearest(reader, direction(seed), units=[UnitType.PHOTO], filters=filters, limit=10)
            assert [row.id for row in found] == expected


def test_the_nearest_of_many_are_found_without_looking_at_all(filled: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    compare(monkeypatch, 100)
    reader = reader_of(filled)
    hits = 0
    for seed in range(50):
        vector = around(seed + 5000)
        expected = by_brute_force(reader, vector, (UnitType.PHOTO,), None, 10)
        hits += len(set(expected) & {row.id for row in nearest(reader, vector, units=[UnitType.PHOTO], limit=10)})
        probe = ivf_search.IvfSearch(reader._snapshots.current(), vector)  # type: ignore[arg-type]
        probe.best(0, None, 10)
        assert 10 < np.diff(probe._lists.starts)[probe._done].sum() < 200
    assert hits >= 0.98 * 500


def test_each_type_of_unit_is_looked_for_by_itself(filled: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages that are all nearer than any photo leave photos their share."""
    compare(monkeypatch, 40)
    reader = reader_of(filled)
    vector = reader.vectors([row.id for row in reader.file_units("/d/3.pdf") if row.unit is UnitType.PASSAGE])[0]
    found = reader.nearest_each(vector, [(UnitType.PHOTO,), (UnitType.PASSAGE,)], limit=10)
    assert [len(rows) for rows in found] == [10, 10]
    assert [[row.id for row in rows] for rows in found] == [
        [row.id for row in nearest(reader, vector, units=[unit], limit=10)]
        for unit in (UnitType.PHOTO, UnitType.PASSAGE)
    ]


def test_as_many_are_compared_as_are_asked_for(filled: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    compare(monkeypatch, 1)
    assert len(nearest(reader_of(filled), direction(5), units=[UnitType.PHOTO], limit=300)) == 300


def test_what_was_looked_at_is_let_go(filled: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    release_pages = VectorFile.release_pages
    monkeypatch.setattr(VectorFile, "release_pages", lambda file: (calls.append(file), release_pages(file)))
    reader = reader_of(filled)
    nearest(reader, direction(0), units=[UnitType.PHOTO])
    assert not calls
    monkeypatch.setattr(ivf_search, "MAX_RESIDENT_BYTES", 1000)
    for seed in range(5):
        expected = by_brute_force(reader, direction(seed), (UnitType.PHOTO,), None, 10)
        assert [row.id for row in nearest(reader, direction(seed), units=[UnitType.PHOTO], limit=10)] == expected
    assert calls


def test_centres_stay_while_the_table_is_about_as_large(
    filled: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def centres() -> FloatArray:
        matrix = reader_of(filled)._snapshots.current()
        assert matrix is not None
        return matrix.file.lists.centroids

    before = centres()
    writer.write([picture(900)])
    writer.maintain(idle=True)
    assert np.array_equal(centres(), before)
    writer.write([picture(1000 + number) for number in range(1000)])
    writer.maintain(idle=True)
    assert len(centres()) > 2 * len(before)
    assert np.allclose(np.linalg.norm(centres(), axis=1), 1.0, atol=1e-5)
    compare(monkeypatch, 10_000)
    expected = by_brute_force(reader_of(filled), direction(3), (UnitType.PHOTO,), None, 20)
    assert [row.id for row in nearest(reader_of(filled), direction(3), units=[UnitType.PHOTO], limit=20)] == expected
