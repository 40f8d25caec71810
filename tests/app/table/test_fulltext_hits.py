"""Rows found by their words are told the same from the mapped copy and from the table alone."""

from __future__ import annotations

import pytest

from app.core.paths import AppDirs
from app.core.records import Facts, Kind
from app.query.queries import Filters
from app.search.query_terms import parse_terms, strict_query
from app.table import FulltextHit, IndexReader, IndexWriter, open_for_reading
from app.table.schema import unit_id
from tests.app.table.conftest import document, failed, photo, set_keywords


def reader_of(places: AppDirs, *, by_matrix: bool = True) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    if not by_matrix:
        reader._snapshots.current = lambda: None  # type: ignore[method-assign]
    return reader


def told(reader: IndexReader, text: str, filters: Filters | None = None) -> list[FulltextHit]:
    rows = reader.ask_words(strict_query(parse_terms(text, partial=False)), filters=filters).rows()
    # Own rows are told from others where it counts; which part of a photo or a document it is does not.
    return sorted(row._replace(part=min(row.part, 1) if row.unit == "file" else 1) for row in rows)


@pytest.fixture
def filled(places: AppDirs, writer: IndexWriter) -> AppDirs:
    """Photos, one of them with a title and words of its own, a document, and a file that failed; at rest."""
    facts = Facts(title="Oleander", camera="FUJI X100", keywords=("garden", "summer"))
    writer.write([photo(f"/p/garden {number}.jpg", number) for number in range(8)])
    writer.write([photo("/p/IMG_9.jpg", 9, facts=facts), failed("/p/garden broken.jpg")])
    writer.write([document("/d/garden.pdf", ["the garden in summer", "nothing of it"], pages=2)])
    writer.maintain(idle=True)
    return places


@pytest.mark.parametrize("text", ["garden", "summer", "fuji", "oleander", "garden summer", "zebra"])
@pytest.mark.parametrize("filters", [None, Filters(kind=Kind.DOCUMENT)])
def test_the_copy_tells_what_the_table_tells(filled: AppDirs, text: str, filters: Filters | None) -> None:
    reader = reader_of(filled)
    assert reader._snapshots.current() is not None
    expected = told(reader_of(filled, by_matrix=False), text, filters)
    assert told(reader, text, filters) == expected
    assert told(reader, text, filters) == expected  # remembered
    assert bool(expected) == (text != "zebra" and (filters is None or text in ("garden", "summer", "garden summer")))


def test_rows_are_whole(filled: AppDirs) -> None:
    (row,) = told(reader_of(filled), "oleander")
    assert (row.id, row.path, row.root) == (unit_id("/p/IMG_9.jpg", 0), "/p/IMG_9.jpg", "/p")
    assert (row.title, row.camera, row.keywords) == ("Oleander", "FUJI X100", ("garden", "summer"))
    assert row.score > 0


def test_what_was_written_gone_and_moved_since_the_copy_was_made(filled: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo("/p/garden new.jpg", 40), document("/d/more.txt", ["a garden again"])])
    writer.remove(["/p/garden 3.jpg"])
    set_keywords(writer, {unit_id("/p/garden 4.jpg", 0): ["winter"]})
    reader = reader_of(filled)
    assert reader._snapshots.current() is not None
    rows = told(reader, "garden")
    assert rows == told(reader_of(filled, by_matrix=False), "garden")
    assert {row.path for row in rows} >= {"/p/garden new.jpg", "/d/more.txt", "/p/garden 4.jpg"}
    assert "/p/garden 3.jpg" not in {row.path for row in rows}
    assert next(row.keywords for row in rows if row.path == "/p/garden 4.jpg") == ("winter",)


def test_a_reader_that_remembers_rows_sees_what_is_said_of_them_later(filled: AppDirs, writer: IndexWriter) -> None:
    reader = reader_of(filled)
    assert all(row.keywords == () for row in told(reader, "garden") if "4" in row.path)
    set_keywords(writer, {unit_id("/p/garden 4.jpg", 0): ["winter"]})
    reader.refresh()  # it follows by itself within a second
    assert next(row.keywords for row in told(reader, "garden") if row.path == "/p/garden 4.jpg") == ("winter",)
