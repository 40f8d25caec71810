"""How tables are opened: at a version that is whole, and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.table.disk import open_with_recovery, raise_open_file_limit
from app.table.integrity import damaged_files, index_damaged, mark_damaged
from app.table.lance_backends import backend
from app.table.lance_binding import LanceTable
from app.table.schema import LAYOUT

if TYPE_CHECKING:
    from app.table.lance_writing import WritableDatabase, WritableTable


def connect(index: Path) -> WritableDatabase:
    """Connect the sole writer: its handles stay on the version they were opened at, or made."""
    from app.table.lance_writing import WritableDatabase  # not for readers

    raise_open_file_limit()
    return WritableDatabase(index)


def table_for_writing(database: WritableDatabase, index: Path, name: str) -> WritableTable:
    """A table; at the version before the newest where that is torn."""

    def opened() -> WritableTable:
        table = database.open_table(name)
        table.count_rows()
        if "id" not in table.schema.names:
            raise RuntimeError("the table has no columns")  # what LanceDB makes of a manifest of zeros
        table.search().limit(1).to_arrow()
        return table

    return open_with_recovery(opened, index, name)


def table_for_reading(index: Path, name: str, layout: int = LAYOUT, *, follows: bool = True) -> LanceTable:
    """The same for readers: see `LanceTable`.

    Raises:
        IndexUnusable: it is damaged, beyond what a reader can do without.
    """
    raise_open_file_limit()

    def opened() -> LanceTable:
        table = LanceTable(backend(), index, name, layout=layout, follows=follows)
        table.probe()
        return table

    if damaged_files(index, name):
        mark_damaged(index, name)
        raise index_damaged()
    return open_with_recovery(opened, index, name)
