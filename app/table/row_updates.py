"""Rows that are there already, with some columns told anew: of moved and copied files, and of changed sidecars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.records import Facts, FileState, RefreshedPhoto, UnitType
from app.geo.place_names import place_of
from app.table.column_limits import storable
from app.table.fulltext import name_terms_text
from app.table.schema import fact_columns, local_time, signed_inode, unit_id

if TYPE_CHECKING:
    import pyarrow as pa


def replace_columns(rows: pa.Table, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """The rows with other values in these columns."""
    import pyarrow as pa

    for name, values in columns.items():
        position = rows.schema.get_field_index(name)
        rows = rows.set_column(position, rows.schema.field(position), pa.array(values, rows.schema.types[position]))
    return rows


def moved_columns(rows: pa.Table, targets: Sequence[tuple[FileState, str]]) -> dict[str, list[Any]]:
    """The columns that depend on where a file is and when it was touched; (state, root) of each row."""
    parts = rows.column("part").to_pylist()
    taken = rows.column("taken_at").to_pylist()
    described = rows.select(["part", "unit", "text", "place", "title", "camera", "keywords"]).to_pylist()
    return {
        "id": [unit_id(state.path, part) for (state, _), part in zip(targets, parts, strict=True)],
        "path": [state.path for state, _ in targets],
        "root": [root for _, root in targets],
        "size": [state.size for state, _ in targets],
        "mtime_ns": [state.mtime_ns for state, _ in targets],
        "inode": [signed_inode(state.inode) for state, _ in targets],
        "ctime_ns": [state.ctime_ns or None for state, _ in targets],
        "at": [when or local_time(state.mtime_ns) for (state, _), when in zip(targets, taken, strict=True)],
        "names": [_names(row, state.path, root) for (state, root), row in zip(targets, described, strict=True)],
    }


def _names(row: dict[str, Any], path: str, root: str) -> str | None:
    """A file's own row holds its names."""
    if row["part"] != 0:
        return None
    return name_terms_text(
        path,
        root,
        title=row["title"],
        camera=row["camera"],
        keywords=row["keywords"] or (),
        place=row["place"],
        caption=(row["text"] or "") if row["unit"] == UnitType.PHOTO.value else "",
    )


def refreshed_columns(rows: pa.Table, photos: Mapping[str, RefreshedPhoto]) -> dict[str, list[Any]]:
    """The columns that a photo or its sidecar has a say in, of photos whose facts were read anew; photos by path."""
    kept = rows.select(["path", "root", "mtime_ns", "width", "height"]).to_pylist()
    refreshed = [photos[row["path"]] for row in kept]
    facts = [storable(_with_size(photo.facts, row)) for photo, row in zip(refreshed, kept, strict=True)]
    places = [place_of(fact.latitude, fact.longitude, fact.place_names) for fact in facts]
    columns = [fact_columns(fact) for fact in facts]
    return {
        **{name: [values[name] for values in columns] for name in columns[0]},
        "at": [fact.taken_at or local_time(row["mtime_ns"]) for fact, row in zip(facts, kept, strict=True)],
        "place": places,
        "text": [fact.caption or None for fact in facts],
        "names": [
            name_terms_text(
                row["path"],
                row["root"],
                title=fact.title,
                camera=fact.camera,
                keywords=fact.keywords,
                place=place,
                caption=fact.caption,
            )
            for fact, row, place in zip(facts, kept, places, strict=True)
        ],
        "sidecar": [photo.sidecar or None for photo in refreshed],
    }


def _with_size(facts: Facts, row: Mapping[str, Any]) -> Facts:
    """A RAW file's size is known only once it is decoded: as it was."""
    return facts if facts.width else replace(facts, width=row["width"], height=row["height"])
