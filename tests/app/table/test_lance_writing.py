"""What the writer writes is what LanceDB reads."""

from __future__ import annotations

from datetime import timedelta

import lancedb
import lancedb.index
import numpy as np
import pyarrow as pa
import pytest

from app.core.paths import AppDirs
from app.table import IndexWriter
from app.table.connection import connect
from app.table.lance_writing import WritableTable
from tests.app.table.conftest import document, in_full, photo

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("words", pa.string()),
        pa.field("labels", pa.list_(pa.string())),
        pa.field("vector", pa.list_(pa.float32(), 4)),
    ]
)


def rows(first: int, count: int) -> pa.Table:
    numbers = range(first, first + count)
    vectors = np.arange(4 * count, dtype=np.float32)
    return pa.table(
        {
            "id": [f"n{number}" for number in numbers],
            "words": [f"word{number} all" for number in numbers],
            "labels": [["even" if number % 2 == 0 else "odd"] for number in numbers],
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors), 4),
        },
        schema=SCHEMA,
    )


@pytest.fixture
def table(places: AppDirs) -> WritableTable:
    made = connect(places.index).create_table("t", SCHEMA)
    made.add(rows(0, 10))
    return made


def full(places: AppDirs) -> lancedb.table.Table:
    return lancedb.connect(str(places.index)).open_table("t")


def content(places: AppDirs) -> list[dict[str, object]]:
    found: list[dict[str, object]] = full(places).search().to_arrow().sort_by("id").to_pylist()
    return found


def test_rows_come_and_go(places: AppDirs, table: WritableTable) -> None:
    assert content(places) == rows(0, 10).to_pylist()
    table.add(rows(10, 5))
    table.delete("id = 'n3'")
    assert table.count_rows() == full(places).count_rows() == 14
    assert table.count_rows("id LIKE 'n1%'") == 6
    assert table.version == full(places).version
    assert table.schema == SCHEMA == full(places).schema


def test_some_columns_of_some_rows_are_told_anew(places: AppDirs, table: WritableTable) -> None:
    told = pa.table({"id": ["n1", "n2", "unknown"], "labels": pa.array([["a", "b"], [], ["c"]], pa.list_(pa.string()))})
    table.update_by("id", told)
    table.update(where="id = 'n4'", values_sql={"words": "NULL"})
    expected = {row["id"]: row for row in rows(0, 10).to_pylist()}
    expected["n1"]["labels"], expected["n2"]["labels"], expected["n4"]["words"] = ["a", "b"], [], None
    assert content(places) == list(expected.values())


def test_rows_that_do_not_fit_are_refused(places: AppDirs, table: WritableTable) -> None:
    with pytest.raises((RuntimeError, ValueError)):
        table.add(pa.table({"id": ["x"], "nonsense": [1]}))
    with pytest.raises((RuntimeError, ValueError)):
        table.delete("no such column = 1")
    assert content(places) == rows(0, 10).to_pylist()


def test_a_scan_is_put_together_bit_by_bit(table: WritableTable) -> None:
    asked = table.search().where("id > 'n5'").select(["id"])
    assert sorted(asked.to_arrow().column("id").to_pylist()) == ["n6", "n7", "n8", "n9"]
    assert asked.limit(2).to_arrow().num_rows == 2
    assert [batch.num_rows for batch in asked.to_batches(batch_size=3)] == [3, 1]
    assert table.search().to_arrow().schema.names == SCHEMA.names


def test_a_column_is_added(places: AppDirs, table: WritableTable) -> None:
    table.add_columns([pa.field("note", pa.string())])
    assert full(places).schema.names == [*SCHEMA.names, "note"]
    assert full(places).search().to_arrow().column("note").null_count == 10


def test_indexes_are_made_named_and_dropped(places: AppDirs, table: WritableTable) -> None:
    table.create_index("id", lancedb.index.BTree())
    table.create_index("labels", lancedb.index.LabelList())
    table.create_index("words", lancedb.index.FTS(stem=False, base_tokenizer="whitespace"))
    assert sorted(index.name for index in table.list_indices()) == ["id_idx", "labels_idx", "words_idx"]
    assert {index.name: index.index_type for index in full(places).list_indices()} == {
        "id_idx": "BTree",
        "labels_idx": "LabelList",
        "words_idx": "FTS",
    }
    table.add(rows(10, 5))
    table.optimize(cleanup_older_than=timedelta(days=1))
    assert full(places).index_stats("words_idx").num_unindexed_rows == 0
    assert table.index_segments("id_idx") == full(places).index_stats("id_idx").num_indices
    assert table.index_segments("nothing_idx") is None
    found = full(places).search("word12", query_type="fts", fts_columns="words").to_arrow()
    assert found.column("id").to_pylist() == ["n12"]
    table.drop_index("words_idx")
    assert sorted(index.name for index in full(places).list_indices()) == ["id_idx", "labels_idx"]


def test_what_the_writer_wrote_is_whole(places: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo("/p/a.jpg", 1), document("/d/b.txt", ["a red car", "two dogs"])])
    writer.maintain(idle=True)
    assert in_full(places).count_rows() == 4
    indexes = {index.name: index.index_type for index in in_full(places).list_indices()}
    assert indexes == {"id_idx": "BTree", "path_idx": "BTree", "words_idx": "FTS", "names_idx": "FTS"}
