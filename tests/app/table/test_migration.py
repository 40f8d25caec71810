"""Indexes of earlier programs are taken over as they are: nothing is embedded again, and all is found."""

from __future__ import annotations

import pytest

from app.core.paths import AppDirs
from app.search.query_terms import parse_terms, strict_query
from app.table import IndexReader, IndexWriter, open_for_reading, open_for_writing
from tests.app.table.conftest import SPACE, document, in_full, make_layout_1, photo, rows_with_words


def found(reader: IndexReader, text: str) -> list[tuple[str, int]]:
    return [(row.path, row.part) for row in rows_with_words(reader, strict_query(parse_terms(text, partial=False)))]


def make_old(places: AppDirs) -> None:
    """The layout before names had a column of their own, and before sidecars were known."""
    make_layout_1(places)
    table = in_full(places)
    table.update(where="part = 0", values_sql={"words": "names"})
    table.drop_index("names_idx")
    table.drop_columns(["names", "sidecar"])


def names_and_words(places: AppDirs, path: str) -> list[tuple[str | None, str | None]]:
    writer = open_for_writing(places, SPACE)
    rows = writer._table.search().where(f"path = '{path}'").select(["part", "names", "words"]).to_arrow().to_pylist()
    writer.close()
    return [(row["names"], row["words"]) for row in sorted(rows, key=lambda row: row["part"])]


@pytest.fixture
def old(places: AppDirs, writer: IndexWriter) -> AppDirs:
    writer.write([photo("/p/oak tree.jpg", 1), document("/d/lease.pdf", ["an oak stands in the garden"])])
    make_old(places)
    writer.close()
    return places


def test_an_earlier_index_answers_before_the_indexer_has_opened_it(old: AppDirs) -> None:
    reader = open_for_reading(old)
    assert reader is not None
    assert sorted(found(reader, "oak")) == [("/d/lease.pdf", 1), ("/p/oak tree.jpg", 0)]


def test_names_move_to_a_column_of_their_own(old: AppDirs) -> None:
    before = open_for_reading(old)
    (own, passage) = names_and_words(old, "/d/lease.pdf")
    assert own[1] is None
    assert "lease" in (own[0] or "").split()
    assert passage[0] is None
    assert "oak" in (passage[1] or "").split()
    for reader in (before, open_for_reading(old)):
        assert reader is not None
        assert sorted(found(reader, "oak")) == [("/d/lease.pdf", 1), ("/p/oak tree.jpg", 0)]
        assert reader.count_units() == 2
    assert names_and_words(old, "/d/lease.pdf") == [own, passage]


@pytest.mark.parametrize("done", [1, 2, 3])
def test_an_interrupted_move_is_finished_the_next_time(
    old: AppDirs, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    class Killed(Exception):
        pass

    steps = 0

    def killed(*_: object, **__: object) -> None:
        nonlocal steps
        steps += 1
        if steps == done:
            raise Killed

    with monkeypatch.context() as patched:
        table = type(open_writer_table(old))
        real = table.update

        def update(self: object, **arguments: object) -> object:
            killed()
            return real(self, **arguments)

        patched.setattr(table, "update", update)
        patched.setattr("app.table.migration.create_fulltext_indexes", killed)
        with pytest.raises(Killed):
            open_for_writing(old, SPACE)
    assert [names is None for names, _ in names_and_words(old, "/d/lease.pdf")] == [False, True]
    reader = open_for_reading(old)
    assert reader is not None
    assert sorted(found(reader, "oak")) == [("/d/lease.pdf", 1), ("/p/oak tree.jpg", 0)]


def open_writer_table(places: AppDirs) -> object:
    from app.table import index_manifest
    from app.table.connection import connect

    serving = index_manifest.read(places.index).serving
    assert serving is not None
    return connect(places.index).open_table(serving.name)


def test_the_length_of_names_says_nothing_about_passages(places: AppDirs, writer: IndexWriter) -> None:
    """BM25 weighs a text by its length beside the usual one, which many short names would make short."""
    passage = [document("/d/a.txt", ["oak " + "garden wall and gate " * 5]), document("/d/b.txt", ["oak and elm"])]
    writer.write(passage)
    reader = open_for_reading(places)
    assert reader is not None
    query = strict_query(parse_terms("oak", partial=False))
    alone = [round(row.score, 4) for row in rows_with_words(reader, query)]
    writer.write([photo(f"/p/{i}.jpg", i) for i in range(30)])
    reader = open_for_reading(places)
    assert reader is not None
    scores = [row.score for row in rows_with_words(reader, query)]
    assert [round(score / scores[0], 3) for score in scores] == [round(score / alone[0], 3) for score in alone]
