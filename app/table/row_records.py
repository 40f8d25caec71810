"""Rows as records, when they come out of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from app.core.records import Facts, Kind, TagRow, UnitRow, UnitType

if TYPE_CHECKING:
    import pyarrow as pa

_Record = TypeVar("_Record")

METADATA_COLUMNS = (
    "id", "path", "root", "kind", "unit", "part", "page", "text", "place", "content_hash", "size", "mtime_ns", "at",
    "taken_at", "taken_offset", "camera", "lens", "latitude", "longitude", "width", "height", "title", "pages",
    "keywords", "tags", "tag_scores",
)  # fmt: skip
"""Everything a result needs; never the vector."""
TAG_COLUMNS = ("id", "path", "part", "unit", "content_hash", "tags", "tag_scores", "keywords")


def tag_rows(batch: pa.RecordBatch) -> list[TagRow]:
    """Arrow rows with `TAG_COLUMNS` as records."""
    columns = {name: batch.column(name).to_pylist() for name in TAG_COLUMNS}
    columns["unit"] = [_UNITS[unit] for unit in columns["unit"]]
    for name in ("tags", "tag_scores", "keywords"):
        columns[name] = [_as_tuple(values) for values in columns[name]]
    return _records(TagRow, columns)


def unit_rows(table: pa.Table, scores: Iterable[float] | None = None) -> list[UnitRow]:
    """Arrow rows with `METADATA_COLUMNS` as records; `scores` aligned with them, where a search gave some."""
    columns = {name: table.column(name).to_pylist() for name in METADATA_COLUMNS}
    columns["kind"] = list(map(_KINDS.__getitem__, columns["kind"]))
    columns["unit"] = list(map(_UNITS.__getitem__, columns["unit"]))
    columns["place"] = [place or "" for place in columns["place"]]
    photos = [unit is UnitType.PHOTO for unit in columns["unit"]]  # whose text is what people wrote about them
    columns["caption"] = [(text or "") if photo else "" for text, photo in zip(columns["text"], photos, strict=True)]
    columns["text"] = [None if photo else text for text, photo in zip(columns["text"], photos, strict=True)]
    columns["place_names"] = [()] * len(photos)  # among the names of `place`
    for name in ("keywords", "tags", "tag_scores"):
        columns[name] = list(map(_as_tuple, columns[name]))
    columns["facts"] = _records(Facts, columns)
    columns["score"] = list(map(float, scores)) if scores is not None else [0.0] * table.num_rows
    return _records(UnitRow, columns)


def _records(record: type[_Record], columns: Mapping[str, Sequence[Any]]) -> list[_Record]:
    """Dataclass records of columns by name, whatever their order; fields without a column have their defaults."""
    every = [field.name for field in fields(record)]  # type: ignore[arg-type]
    names = [name for name in every if name in columns]
    rows = zip(*(columns[name] for name in names), strict=True)
    if names == every:
        return [record(*row) for row in rows]
    return [record(**dict(zip(names, row, strict=True))) for row in rows]


_KINDS = {kind.value: kind for kind in Kind}
_UNITS = {unit.value: unit for unit in UnitType}


def _as_tuple(values: list[Any] | None) -> tuple[Any, ...]:
    return tuple(values) if values else ()
