"""`tag:` finds a tag however it is written: case and accents aside, and nothing that only begins like it."""

from __future__ import annotations

from pathlib import Path

import lancedb
import pyarrow as pa
import pytest

from app.query.filters import Filters
from app.table import where

KEYWORDS = [["Harz", "Zürich"], ["STRASSE"], None, ["Straße"], ["harzer", "New York"], ["a.b|c (x)", "It's"], ["Çeşme"]]


@pytest.mark.parametrize(
    ("tag", "rows"),
    [
        ("Harz", [0]), ("harz", [0]), ("HARZ", [0]), ("zurich", [0]), ("Zürich", [0]), ("ZÜRICH", [0]),
        ("strasse", [1, 3]), ("Straße", [1, 3]), ("har", []), ("new york", [4]), ("new  york", [4]), ("york", []),
        ("a.b|c (x)", [5]), ("axb|c (x)", []), ("it's", [5]), ("cesme", [6]), (".*", []), ("[", []), ("\\", []),
    ],
)  # fmt: skip
def test_tags_are_found_however_they_are_written(tmp_path: Path, tag: str, rows: list[int]) -> None:
    lists = pa.list_(pa.string())
    columns = {"n": range(len(KEYWORDS)), "keywords": pa.array(KEYWORDS, lists), "tags": pa.array([[]] * 7, lists)}
    table = lancedb.connect(tmp_path).create_table("t", pa.table(columns))
    found = table.search().where(where.filter_condition(Filters(tags=(tag,)))).to_arrow().column("n").to_pylist()
    assert sorted(found) == rows
