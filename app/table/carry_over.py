"""Rows of an older table for files that cannot be read now: a drive that is not there while another model takes over.

Their vectors mean nothing to the new model, so the rows come without: they are found by names, words, tags, dates and
places, and `attempts` of -1 has them embedded when the drive is back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.table import where

if TYPE_CHECKING:
    import pyarrow as pa

    from app.table.lance_writing import WritableTable

VECTORS_PENDING = -1
"""Value of `attempts` in rows whose vectors are still to be computed."""
_BLOCK_ROWS = 4096


def carried_over_rows(
    old: WritableTable, new: WritableTable, roots: Sequence[str], *, same_model: bool
) -> Iterator[pa.Table]:
    """Rows of `old` for `new`, block by block: all files of these watched folders that `new` does not know.

    Args:
        same_model: the vectors still hold.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    inside = where.value_in("root", roots)
    known = new.search().where(where.all_of("part = 0", inside)).select(["path"]).to_arrow().column("path")
    target = new.schema
    names = [name for name in target.names if name in old.schema.names and (same_model or name != "vector")]
    for batch in old.search().where(inside).select(names).to_batches(batch_size=_BLOCK_ROWS):
        rows = pa.Table.from_batches([batch])
        rows = rows.filter(pc.invert(pc.is_in(rows.column("path"), value_set=known.combine_chunks())))
        if rows.num_rows:
            yield pa.Table.from_arrays([_column(rows, field) for field in target], schema=target)


def _column(rows: pa.Table, field: pa.Field) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    if field.name == "attempts":
        # A failed file keeps its tries: its time to be read again is told otherwise.
        failed = rows.column("status").to_pylist()
        tries = rows.column("attempts").to_pylist()
        values = [n if status == "failed" else VECTORS_PENDING for status, n in zip(failed, tries, strict=True)]
        return pa.array(values, field.type)
    if field.name not in rows.schema.names:
        return pa.nulls(rows.num_rows, field.type)
    return rows.column(field.name)
