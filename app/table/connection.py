"""How LanceDB is opened: quiet, bounded caches, absolute path; readers and the writer get its compiled half alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.table.disk import open_with_recovery
from app.table.lance_binding import NativeTable
from app.table.schema import LAYOUT

if TYPE_CHECKING:
    from app.table.lance_writing import WritableDatabase, WritableTable

_INDEX_CACHE_BYTES = 64 << 20
_METADATA_CACHE_BYTES = 64 << 20
_READ_CONSISTENCY_S = 1.0


def connect(index: Path) -> WritableDatabase:
    """Connect the sole writer: its handles stay on the version they were opened at, or made."""
    from app.table.lance_writing import WritableDatabase

    return WritableDatabase(index, index_cache=_INDEX_CACHE_BYTES, metadata_cache=_METADATA_CACHE_BYTES)


def table_for_writing(database: WritableDatabase, index: Path, name: str) -> WritableTable:
    """A table; at the version before the newest where that is torn."""

    def opened() -> WritableTable:
        table = database.open_table(name)
        table.count_rows()
        table.search().limit(1).to_arrow()
        return table

    return open_with_recovery(opened, index, name)


def table_for_reading(index: Path, name: str, layout: int = LAYOUT) -> NativeTable:
    """The same for readers; it follows the commits of other processes within a second."""

    def opened() -> NativeTable:
        table = NativeTable.open(
            index,
            name,
            index_cache=_INDEX_CACHE_BYTES,
            metadata_cache=_METADATA_CACHE_BYTES,
            follow_s=_READ_CONSISTENCY_S,
            layout=layout,
        )
        table.probe()
        return table

    return open_with_recovery(opened, index, name)
