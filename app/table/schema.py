"""What one row of the table is, and how rows go in and come out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from app.core.records import (
    FACTS_VERSION,
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    Facts,
    FloatArray,
    Kind,
    Status,
    UnitType,
)
from app.geo.place_names import place_of
from app.table.column_limits import storable, storable_text
from app.table.fulltext import name_terms_text, passage_terms_text

if TYPE_CHECKING:
    import pyarrow as pa

INDEX_VERSION = 1
"""Raised whenever rows of an older program can no longer be used as they are."""

LAYOUT = 2
"""What the columns of a table mean. In layout 1 the `text` of a photo was the place where it was taken."""


def schema(dimension: int) -> pa.Schema:
    """The Arrow schema for vectors of `dimension` float32 values. The merge key stands first."""
    import pyarrow as pa

    vector = pa.field("vector", pa.list_(pa.float32(), dimension))
    # Last, because they were added to tables of the first programs.
    added = [
        pa.field("sidecar", pa.int64()),
        pa.field("names", pa.string()),
        pa.field("rating", pa.int32()),
        pa.field("facts_version", pa.int32()),
        pa.field("ctime_ns", pa.int64()),
        pa.field("place", pa.string()),
    ]
    return pa.schema([*_unit_fields(), *_facts_fields(), *_tag_fields(), *_state_fields(), vector, *added])


def _unit_fields() -> list[pa.Field]:
    """What the unit is, and of which content."""
    import pyarrow as pa

    return [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("root", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("part", pa.int32(), nullable=False),
        pa.field("page", pa.int32()),
        pa.field("text", pa.string()),
        pa.field("words", pa.string()),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("mtime_ns", pa.int64(), nullable=False),
        pa.field("inode", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us"), nullable=False),
    ]


def _facts_fields() -> list[pa.Field]:
    """What the file says of itself: `app.core.records.Facts`."""
    import pyarrow as pa

    return [
        pa.field("taken_at", pa.timestamp("us")),
        pa.field("taken_offset", pa.int32()),
        pa.field("camera", pa.string()),
        pa.field("lens", pa.string()),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("width", pa.int32()),
        pa.field("height", pa.int32()),
        pa.field("title", pa.string()),
        pa.field("pages", pa.int32()),
        pa.field("keywords", pa.list_(pa.string())),
    ]


def _tag_fields() -> list[pa.Field]:
    """What is proposed, and by which tagger."""
    import pyarrow as pa

    return [
        pa.field("tags", pa.list_(pa.string())),
        pa.field("tag_scores", pa.list_(pa.float32())),
        pa.field("tag_fingerprint", pa.string()),
    ]


def _state_fields() -> list[pa.Field]:
    """Whether it could be read, and when it is tried again."""
    import pyarrow as pa

    return [
        pa.field("status", pa.string(), nullable=False),
        pa.field("failure", pa.string()),
        pa.field("failure_text", pa.string()),
        pa.field("attempts", pa.int32(), nullable=False),
        pa.field("retry_at_ns", pa.int64(), nullable=False),
    ]


def unit_id(path: str, part: int) -> str:
    """The key of a unit: blake2b-128 of its stored path and part. Uniform, so that a prefix of it is a fair sample."""
    return hashlib.blake2b(f"{path}\0{part}".encode(), digest_size=16).hexdigest()


def signed_inode(inode: int) -> int:
    """Inodes are unsigned 64-bit numbers, the column is signed: wrapped, which keeps them distinct."""
    return inode - (1 << 64) if inode >= 1 << 63 else inode


def local_time(mtime_ns: int) -> datetime:
    """A modification time as the wall clock of this machine showed it."""
    try:
        return datetime.fromtimestamp(mtime_ns / 1e9)
    except (OverflowError, OSError, ValueError):  # Windows knows no local time before 1970
        return datetime(1970, 1, 1) + timedelta(microseconds=mtime_ns // 1000)


def numbered_units(decoded: DecodedFile) -> list[tuple[int, DecodedUnit, int | None]]:
    """(part, unit, position in `decoded.units`) of all rows of a file.

    Part 0 always exists and is the file's own row: the first unit of a photo, or a row without vector for a
    document or a failed file.
    """
    if decoded.kind is Kind.PHOTO and decoded.units and decoded.failure is None:
        return [(i, unit, i) for i, unit in enumerate(decoded.units)]
    own = (0, DecodedUnit(UnitType.FILE), None)
    if decoded.failure is not None:
        return [own]
    return [own, *((i + 1, unit, i) for i, unit in enumerate(decoded.units))]


def rows_of(file: EmbeddedFile, dimension: int) -> Iterator[dict[str, Any]]:
    """All rows of one file, ready for `to_table`."""
    path, facts = file.decoded.state.path, storable(file.decoded.facts)
    shared = _shared_by_all_units(file, facts)
    for part, unit, position in numbered_units(file.decoded):
        is_photo = unit.unit is UnitType.PHOTO and not part
        taken = place_of(facts.latitude, facts.longitude, facts.place_names) if is_photo else None
        vector = None
        if position is not None and file.vectors is not None:
            vector = unit_vector(file.vectors[position], dimension)
        proposed = file.tags[position] if position is not None and file.tags else ()
        text = storable_text(unit.text)
        yield {
            **shared,
            "tags": [label for label, _ in proposed],
            "tag_scores": [certainty for _, certainty in proposed],
            "id": unit_id(path, part),
            "unit": unit.unit.value,
            "part": part,
            "page": unit.page,
            "text": text,
            "place": taken,
            "words": passage_terms_text(text) if part and text else None,
            "names": None
            if part
            else name_terms_text(
                path,
                file.root,
                title=facts.title,
                camera=facts.camera,
                keywords=facts.keywords,
                place=taken,
                caption=facts.caption,
            ),
            "vector": vector,
        }


def _shared_by_all_units(file: EmbeddedFile, facts: Facts) -> dict[str, Any]:
    decoded, state = file.decoded, file.decoded.state
    failed = decoded.failure is not None
    return {
        "path": state.path,
        "root": file.root,
        "kind": decoded.kind.value,
        "content_hash": decoded.content_hash,
        "size": state.size,
        "mtime_ns": state.mtime_ns,
        "inode": signed_inode(state.inode),
        "ctime_ns": state.ctime_ns or None,
        "at": facts.taken_at or local_time(state.mtime_ns),
        **fact_columns(facts),
        "tag_fingerprint": file.tag_fingerprint or None,
        "status": Status.FAILED.value if failed else Status.OK.value,
        "failure": decoded.failure.value if decoded.failure is not None else None,
        "failure_text": storable_text(decoded.failure_text) or None,
        "attempts": file.attempts,
        "retry_at_ns": file.retry_at_ns,
        "sidecar": decoded.sidecar or None,
    }


def fact_columns(facts: Facts) -> dict[str, Any]:
    """What a file says of itself, by column."""
    return {
        "taken_at": facts.taken_at,
        "taken_offset": facts.taken_offset,
        "camera": facts.camera,
        "lens": facts.lens,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
        "width": facts.width,
        "height": facts.height,
        "title": facts.title,
        "pages": facts.pages,
        "keywords": list(facts.keywords),
        "rating": facts.rating,
        "facts_version": FACTS_VERSION,
    }


def unit_vector(vector: FloatArray, dimension: int) -> FloatArray | None:
    """`vector` at unit length, or None where it is zero or not finite: LanceDB would store it and poison searches."""
    if vector.shape != (dimension,):
        raise ValueError(f"expected a vector of {dimension} values, got shape {vector.shape}")
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length == 0.0:
        return None
    return np.asarray(vector / length, dtype=np.float32)


def to_table(rows: Sequence[dict[str, Any]], dimension: int) -> pa.Table:
    """Rows as an Arrow table of `schema(dimension)`; columns a row does not name are null."""
    import pyarrow as pa

    target = schema(dimension)
    columns = []
    for field in target:
        values = [row.get(field.name) for row in rows]
        if field.name == "vector":
            columns.append(_vector_column(values, dimension))
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=target)


def _vector_column(values: Sequence[FloatArray | None], dimension: int) -> pa.FixedSizeListArray:
    import pyarrow as pa

    flat = np.zeros((len(values), dimension), dtype=np.float32)
    missing = np.ones(len(values), dtype=bool)
    for i, value in enumerate(values):
        if value is not None:
            flat[i], missing[i] = value, False
    return pa.FixedSizeListArray.from_arrays(pa.array(flat.reshape(-1)), dimension, mask=pa.array(missing))
