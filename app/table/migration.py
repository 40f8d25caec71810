"""Tables of earlier programs, brought to the columns of this one without computing a vector again.

Each step may be interrupted: what shows that all were done, the index of the last column, is made last.
"""

from __future__ import annotations

import logging

from app.table.fulltext import NAMES, WORDS
from app.table.maintenance import create_words_indexes
from app.table.native_writing import WritableTable
from app.table.schema import schema

log = logging.getLogger(__name__)


def bring_up_to_date(table: WritableTable, dimension: int) -> None:
    """Add what a table for vectors of `dimension` values lacks."""
    present, wanted = set(table.schema.names), schema(dimension)
    missing = [field for field in wanted if field.name not in present]
    if missing:
        table.add_columns(missing)
    if f"{NAMES}_idx" in {index.name for index in table.list_indices()}:
        return
    # The names of files stood among the words of passages. The two assignments of one update would be made in no order.
    log.info("the index of words is made anew")
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL AND {NAMES} IS NULL", values_sql={NAMES: WORDS})
    table.update(where=f"part = 0 AND {WORDS} IS NOT NULL", values_sql={WORDS: "CAST(NULL AS STRING)"})
    create_words_indexes(table)
