"""Makers of files as the pipeline hands them to the table."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import lancedb
import numpy as np
import pyarrow as pa
import pytest

from app.core.paths import AppDirs
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    Facts,
    Failure,
    FileState,
    FloatArray,
    Kind,
    UnitRow,
    UnitType,
)
from app.query.queries import Filters
from app.table import IndexReader, IndexWriter, index_manifest, open_for_writing
from app.table.fulltext import FulltextQuery

DIMENSION = 16
SPACE = EmbeddingSpace("tiny", "f" * 32, DIMENSION)


def in_full(places: AppDirs) -> lancedb.table.Table:
    """The serving table as LanceDB itself opens it."""
    entry = index_manifest.read(places.index).serving
    assert entry is not None
    return lancedb.connect(str(places.index)).open_table(entry.name)


def make_layout_1(places: AppDirs) -> None:
    """Make the serving table one of version 0.1: a photo's text is its place, and the table has no id."""
    table = in_full(places)
    table.update(where="unit = 'photo'", values_sql={"text": "place"})
    table.drop_columns(["place"])
    file = index_manifest.manifest_path(places.index)
    manifest = json.loads(file.read_text())
    del manifest["serving"]["id"], manifest["serving"]["layout"]
    file.write_text(json.dumps(manifest))


def nearest(
    reader: IndexReader,
    vector: FloatArray,
    *,
    units: Collection[UnitType],
    filters: Filters | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[UnitRow]:
    """The rows of the nearest units of these types, best first, with their cosines."""
    (hits,) = reader.nearest_each(vector, [units], filters=filters, limit=limit + offset)
    scores = {hit.id: hit.score for hit in hits[offset:]}
    return [replace(row, score=scores[row.id]) for row in reader.units(list(scores))]


def rows_with_words(
    reader: IndexReader, query: FulltextQuery, *, filters: Filters | None = None, limit: int = 100
) -> list[UnitRow]:
    """The rows of units that hold the words of a query, best first, with their BM25 scores."""
    scores = {hit.id: hit.score for hit in reader.ask_words(query, filters=filters, limit=limit).rows()}
    return [replace(row, score=scores[row.id]) for row in reader.units(list(scores))]


def set_keywords(writer: IndexWriter, keywords: Mapping[str, Sequence[str]]) -> None:
    """Give units other keywords, by unit id."""
    columns = {"id": list(keywords), "keywords": pa.array(list(map(list, keywords.values())), pa.list_(pa.string()))}
    writer._table.update_by("id", pa.table(columns))


def direction(seed: int, dimension: int = DIMENSION) -> FloatArray:
    """A fixed random unit vector."""
    vector = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    result: FloatArray = vector / np.linalg.norm(vector)
    return result


def photo(path: str, seed: int = 0, *, facts: Facts | None = None, size: int = 100, content: str = "") -> EmbeddedFile:
    decoded = DecodedFile(
        FileState(path, size, 1_700_000_000_000_000_000 + seed, seed + 1),
        Kind.PHOTO,
        content or f"hash-{path}",
        facts or Facts(taken_at=datetime(2024, 6, 1, 12, 0, seed % 60)),
        (DecodedUnit(UnitType.PHOTO),),
    )
    return EmbeddedFile(decoded, direction(seed)[None], path.rsplit("/", 1)[0])


def document(path: str, passages: list[str], *, pages: int = 0, seed: int = 0) -> EmbeddedFile:
    units = tuple(DecodedUnit(UnitType.PAGE, page=i + 1) for i in range(pages))
    units += tuple(DecodedUnit(UnitType.PASSAGE, page=1, text=text) for text in passages)
    decoded = DecodedFile(
        FileState(path, 50 + seed, 1_600_000_000_000_000_000 + seed, seed + 1000),
        Kind.DOCUMENT,
        f"hash-{path}",
        Facts(title="The title"),
        units,
    )
    vectors = np.stack([direction(seed + i) for i in range(len(units))]) if units else None
    return EmbeddedFile(decoded, vectors, path.rsplit("/", 1)[0])


def failed(path: str, failure: Failure = Failure.CORRUPT) -> EmbeddedFile:
    decoded = DecodedFile(FileState(path, 7, 1, 7), Kind.PHOTO, "", failure=failure, failure_text="It is broken.")
    return EmbeddedFile(decoded, None, path.rsplit("/", 1)[0], attempts=1, retry_at_ns=5)


@pytest.fixture
def places(tmp_path: Path) -> AppDirs:
    made = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made.create()
    return made


@pytest.fixture
def writer(places: AppDirs) -> Iterator[IndexWriter]:
    opened = open_for_writing(places, SPACE)
    yield opened
    opened.close()
