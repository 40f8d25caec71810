"""Tables of layout 1, read as if they were of layout 2: the `text` of a photo was the place where it was taken.

Only until the indexer has opened the table, which moves the places to a column of their own (`app.table.migration`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from app.core.records import UnitType

if TYPE_CHECKING:
    import pyarrow as pa


def stored_columns(columns: Sequence[str], present: Collection[str]) -> list[str]:
    """The columns to read for those that are wanted; `present` are those of the table."""
    if not {"text", "place"} & set(columns):
        return list(columns)
    needed = dict.fromkeys((*columns, "text", "place", "unit"))
    return [name for name in needed if name in present or name.startswith("_")]


def with_places(answer: pa.Table, columns: Sequence[str]) -> pa.Table:
    """An answer with `stored_columns`, as one with the wanted `columns` of layout 2."""
    import pyarrow as pa

    if not {"text", "place"} & set(columns):
        return answer
    photos = [unit == UnitType.PHOTO.value for unit in answer.column("unit").to_pylist()]
    texts = answer.column("text").to_pylist()
    # A run that is migrating this very table may have moved some already.
    moved = answer.column("place").to_pylist() if "place" in answer.column_names else [None] * len(texts)
    places = [place or (text if photo else None) for photo, text, place in zip(photos, texts, moved, strict=True)]
    passages = [None if photo else text for photo, text in zip(photos, texts, strict=True)]
    told = {"text": pa.array(passages, pa.string()), "place": pa.array(places, pa.string())}
    return pa.table({name: told[name] if name in told else answer.column(name) for name in columns})
