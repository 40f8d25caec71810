"""Both ways to read a table, by the extension module alone and by the public API, give what LanceDB in full gives."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

import lancedb.query
import numpy as np
import pyarrow as pa
import pytest

from app.core.paths import AppDirs
from app.core.records import UnitType
from app.search.query_terms import fuzzy_query, parse_terms, strict_query
from app.table import IndexReader, IndexWriter, index_manifest, lance_backends, lance_binding, open_for_reading
from app.table.fulltext import lance_query
from app.table.lance_backends import NativeBackend, PublicBackend, Select, VectorClause, public_query
from app.table.lance_binding import LanceTable
from app.table.statistics import vectors_of
from tests.app.table.conftest import direction, document, in_full, nearest, photo

COLUMNS = ("id", "path", "unit", "text", "at", "keywords")


@pytest.fixture(params=[NativeBackend, PublicBackend])
def tables(
    request: pytest.FixtureRequest, places: AppDirs, writer: IndexWriter
) -> tuple[LanceTable, lancedb.table.Table]:
    """The same table, opened in both ways."""
    writer.write([photo(f"/p/{number}'s \N{SNOWMAN}.jpg", number) for number in range(40)])
    writer.write(
        [document("/d/a.txt", ["a red car", "two dogs run"]), document("/d/b.txt", ["nothing of it"], pages=2)]
    )
    writer.remove(["/p/3's \N{SNOWMAN}.jpg"])
    entry = index_manifest.read(places.index).serving
    assert entry is not None
    return LanceTable(request.param(), places.index, entry.name), in_full(places)


@pytest.mark.parametrize("condition", [None, "unit = 'photo'", "path = '/p/7''s \N{SNOWMAN}.jpg'", "unit = 'no such'"])
def test_rows(tables: tuple[LanceTable, lancedb.table.Table], condition: str | None) -> None:
    ours, theirs = tables
    search = theirs.search()
    expected = (search.where(condition) if condition else search).select(list(COLUMNS)).to_arrow()
    assert ours.read(Select(COLUMNS, condition)) == expected
    assert ours.count(condition) == theirs.count_rows(condition) == expected.num_rows
    blocks = list(ours.batches(Select(COLUMNS, condition), 7))
    assert sum(block.num_rows for block in blocks) == expected.num_rows
    assert all(block.num_rows <= 7 for block in blocks)


def test_rows_in_order_page_by_page(tables: tuple[LanceTable, lancedb.table.Table]) -> None:
    ours, _ = tables
    order = (("at", False), ("id", True))
    whole = ours.read(Select(COLUMNS, order=order)).to_pylist()
    pages = [ours.read(Select(COLUMNS, None, 9, start, order)).to_pylist() for start in range(0, len(whole), 9)]
    assert [row for page in pages for row in page] == whole
    assert whole == sorted(sorted(whole, key=lambda row: row["id"]), key=lambda row: row["at"], reverse=True)


@pytest.mark.parametrize("condition", [None, "unit = 'photo'"])
def test_nearest(tables: tuple[LanceTable, lancedb.table.Table], condition: str | None) -> None:
    ours, theirs = tables
    search = theirs.search(direction(5), vector_column_name="vector").distance_type("dot").limit(10)
    expected = (search.where(condition) if condition else search).select(["id", "_distance"]).to_arrow()
    found = ours.read(Select(("id", "_distance"), condition, 10, near=VectorClause(direction(5))))
    assert found["id"].to_pylist() == expected["id"].to_pylist()
    assert np.allclose(found["_distance"], expected["_distance"])


@pytest.mark.parametrize("text", ["car", "red cars", '"two dogs" run', "inv 4711", "schneebedeckte Berge", "犬"])
def test_word_queries_mean_the_same_to_the_extension(tables: tuple[LanceTable, lancedb.table.Table], text: str) -> None:
    from lancedb._lancedb import fts_query_to_json

    keywords = parse_terms(text, partial=False)
    for query in filter(None, (strict_query(keywords), fuzzy_query(keywords))):
        asked = lance_query(query)
        assert fts_query_to_json(asked) == public_query(asked).to_json()
        found = tables[0].read(Select(("id", "_score"), limit=20, words=asked))
        expected = tables[1].search(public_query(asked), query_type="fts").limit(20).select(["id", "_score"]).to_arrow()
        assert sorted(found.to_pylist(), key=str) == sorted(expected.to_pylist(), key=str)


def test_several_questions_at_once_and_from_several_threads(tables: tuple[LanceTable, lancedb.table.Table]) -> None:
    ours, _ = tables
    selects = [Select(("path",), f"unit = '{unit.value}'") for unit in UnitType]
    expected = [ours.read(select) for select in selects]
    with ThreadPoolExecutor(4) as threads:
        assert all(found == expected for found in threads.map(lambda _: ours.read_all(selects), range(20)))


def paths(reader: IndexReader) -> set[str]:
    return {row.path for row in nearest(reader, direction(1), units=[UnitType.PHOTO])}


def test_a_reader_follows_the_writer_by_itself_or_when_it_is_told(
    places: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lance_binding, "_FOLLOW_S", 0.0)
    writer.write([photo("/p/a.jpg", 1)])
    following, told = open_for_reading(places), open_for_reading(places, follows=False)
    assert following is not None
    assert told is not None
    assert paths(following) == paths(told) == {"/p/a.jpg"}
    writer.write([photo("/p/b.jpg", 2)])
    writer.maintain(idle=True)
    assert paths(following) == {"/p/a.jpg", "/p/b.jpg"}
    assert paths(told) == {"/p/a.jpg"}
    told.refresh()
    assert paths(told) == {"/p/a.jpg", "/p/b.jpg"}


@pytest.mark.parametrize("known", [True, False])
def test_the_extension_is_used_where_it_is_of_a_tested_version(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lance_backends, "installed_version", lambda: "0.40.1" if known else "0.41.0")
    lance_backends.has_tested_version.cache_clear()
    assert isinstance(lance_backends.backend(), NativeBackend if known else PublicBackend)
    lance_backends.has_tested_version.cache_clear()


def test_the_installed_version_is_that_of_the_package() -> None:
    assert lance_backends.installed_version() == metadata.version("lancedb")


def test_other_signatures_than_expected_lead_to_the_public_api(
    places: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class OtherExtension:
        @staticmethod
        def Session(*, cache: int) -> object:
            return cache

    writer.write([photo("/p/a.jpg", 1), document("/d/a.txt", ["a red car"])])
    monkeypatch.setattr(lance_backends, "load_extension", lambda *_: OtherExtension)
    reader = open_for_reading(places)
    assert reader is not None
    assert paths(reader) == {"/p/a.jpg"}
    assert [row.path for row in reader.ask_words(strict_query(parse_terms("car"))).rows()] == ["/d/a.txt"]
    assert "public API is used" in caplog.text


def test_reading_imports_no_python_half(places: AppDirs, writer: IndexWriter) -> None:
    """What a search from the command line would wait for."""
    writer.write([photo("/p/a.jpg", 1)])
    home = [str(place) for place in (places.config, places.data, places.cache)]
    code = (
        "import sys; from pathlib import Path\n"
        "from app.core.paths import AppDirs\n"
        "from app.table import open_for_reading\n"
        f"reader = open_for_reading(AppDirs(*map(Path, {home})))\n"
        "(row,) = reader.file_units('/p/a.jpg')\n"
        "assert len(reader.vectors([row.id])) == 1\n"
        "heavy = [m for m in sys.modules if m.split('.')[0] in ('lancedb', 'pydantic') or m == 'pyarrow.compute']\n"
        "print([m for m in heavy if m != 'lancedb._lancedb'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_vectors_of_a_part_of_a_column() -> None:
    vectors = np.arange(24, dtype=np.float32).reshape(6, 4)
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 4)
    assert np.array_equal(vectors_of(column.slice(2, 3)), vectors[2:5])
    assert np.array_equal(vectors_of(pa.chunked_array([column.slice(1, 1), column.slice(4)])), vectors[[1, 4, 5]])
    assert vectors_of(column.slice(0, 0)).shape == (0, 4)
