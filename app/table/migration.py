"""Tables of earlier programs, brought to the columns of this one without computing a vector again.

Each step may be interrupted and is then done again: what shows that it was done, an index or the layout in
`index.json`, is written last; photos whose place was looked up have a place, empty where there is no city for miles.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.geo.place_names import place_of
from app.table.fulltext import NAMES, WORDS, name_terms_text
from app.table.lance_writing import WritableTable
from app.table.maintenance import KEEP_VERSIONS, create_fulltext_indexes
from app.table.schema import schema

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)
_BATCH_ROWS = 4096
_WITHOUT_PLACE = "part = 0 AND unit = 'photo' AND place IS NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
_DESCRIBED = ("id", "path", "root", "title", "camera", "keywords", "latitude", "longitude")


def bring_up_to_date(table: WritableTable, dimension: int, layout: int) -> None:
    """Add what a table for vectors of `dimension` values lacks; `layout` is what its columns mean now."""
    present, wanted = set(table.schema.names), schema(dimension)
    missing = [field for field in wanted if field.name not in present]
    if missing:
        table.add_columns(missing)
    if f"{NAMES}_idx" not in {index.name for index in table.list_indices()}:
        _move_names_to_own_column(table)
    if layout < 2 or "place" not in present:
        _move_places_to_own_column(table)
    _fill_places(table)


def _move_names_to_own_column(table: WritableTable) -> None:
    # The names of files stood among the words of passages. The two assignments of one update would be made in no order.
    log.info("the index of words is made anew")
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL AND {NAMES} IS NULL", values_sql={NAMES: WORDS})
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL", values_sql={WORDS: "CAST(NULL AS STRING)"})
    create_fulltext_indexes(table)


def _move_places_to_own_column(table: WritableTable) -> None:
    # First the copy, then the removal: what a kill leaves between them is done again.
    told = "unit = 'photo' AND text IS NOT NULL"
    if table.count_rows(told):
        table.update(where=f"{told} AND place IS NULL", values_sql={"place": "text"})
        table.update(where=told, values_sql={"text": "CAST(NULL AS STRING)"})
        table.optimize(cleanup_older_than=KEEP_VERSIONS)


def _fill_places(table: WritableTable) -> None:
    """Photos of earlier programs did not know the names of where they were taken."""
    done = 0
    while (
        rows := table.search().where(_WITHOUT_PLACE).select(list(_DESCRIBED)).limit(_BATCH_ROWS).to_arrow()
    ).num_rows:
        table.update_by("id", _place_columns(rows))
        done += rows.num_rows
    if done:
        log.info("the places of %d photos were looked up", done)
        table.optimize(cleanup_older_than=KEEP_VERSIONS)


def _place_columns(rows: pa.Table) -> pa.Table:
    """Ids with the columns that tell the place."""
    import pyarrow as pa

    described = rows.to_pylist()
    places = [place_of(row["latitude"], row["longitude"]) or "" for row in described]
    names = [
        name_terms_text(
            row["path"],
            row["root"],
            title=row["title"],
            camera=row["camera"],
            keywords=row["keywords"] or (),
            place=place,
        )
        for row, place in zip(described, places, strict=True)
    ]
    return pa.table({"id": rows.column("id"), "place": pa.array(places), NAMES: pa.array(names)})
