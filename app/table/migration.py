"""Tables of earlier programs, brought to the columns of this one without computing a vector again.

Each step may be interrupted: what shows that it was done, the index of the last column, is made last, and photos whose
place was looked up have a text.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.table.fulltext import NAMES, WORDS, words_of_file
from app.table.maintenance import KEEP_VERSIONS, create_words_indexes
from app.table.native_writing import WritableTable
from app.table.places import place_of
from app.table.schema import schema

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)
_AT_ONCE = 4096
_NAMELESS = "part = 0 AND unit = 'photo' AND text IS NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
_DESCRIBED = ("id", "path", "root", "title", "camera", "keywords", "latitude", "longitude")


def bring_up_to_date(table: WritableTable, dimension: int) -> None:
    """Add what a table for vectors of `dimension` values lacks."""
    present, wanted = set(table.schema.names), schema(dimension)
    missing = [field for field in wanted if field.name not in present]
    if missing:
        table.add_columns(missing)
    if f"{NAMES}_idx" not in {index.name for index in table.list_indices()}:
        _give_names_a_column(table)
    _look_up_places(table)


def _give_names_a_column(table: WritableTable) -> None:
    # The names of files stood among the words of passages. The two assignments of one update would be made in no order.
    log.info("the index of words is made anew")
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL AND {NAMES} IS NULL", values_sql={NAMES: WORDS})
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL", values_sql={WORDS: "CAST(NULL AS STRING)"})
    create_words_indexes(table)


def _look_up_places(table: WritableTable) -> None:
    """Photos of earlier programs did not know the names of where they were taken."""
    done = 0
    while (rows := table.search().where(_NAMELESS).select(list(_DESCRIBED)).limit(_AT_ONCE).to_arrow()).num_rows:
        table.update_by("id", _named(rows))
        done += rows.num_rows
    if done:
        log.info("the places of %d photos were looked up", done)
        table.optimize(cleanup_older_than=KEEP_VERSIONS)


def _named(rows: pa.Table) -> pa.Table:
    """Ids with the columns that tell the place."""
    import pyarrow as pa

    told = rows.to_pylist()
    places = [place_of(row["latitude"], row["longitude"]) or "" for row in told]
    names = [
        words_of_file(
            row["path"],
            row["root"],
            title=row["title"],
            camera=row["camera"],
            keywords=row["keywords"] or (),
            place=place,
        )
        for row, place in zip(told, places, strict=True)
    ]
    return pa.table({"id": rows.column("id"), "text": pa.array(places), NAMES: pa.array(names)})
