"""How LanceDB is opened: quiet, bounded caches, absolute path. Writers get all of it, readers its compiled half."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.table.disk import open_healing
from app.table.light_import import import_lancedb
from app.table.native import NativeTable

if TYPE_CHECKING:
    import lancedb

_INDEX_CACHE = 64 << 20
_METADATA_CACHE = 64 << 20
_FOLLOW_S = 1.0


def connect(index: Path) -> lancedb.DBConnection:
    """Connect the sole writer: its handles stay on the version they were opened at, or made.

    Caches are bounded because they are never given back.
    """
    import_lancedb()
    import lancedb

    session = lancedb.Session(index_cache_size_bytes=_INDEX_CACHE, metadata_cache_size_bytes=_METADATA_CACHE)
    return lancedb.connect(str(index.absolute()), session=session)


def table_for_writing(database: lancedb.DBConnection, index: Path, name: str) -> lancedb.table.Table:
    """A table; at the version before the newest where that is torn."""

    def opened() -> lancedb.table.Table:
        table = database.open_table(name)
        table.count_rows()
        table.search().limit(1).to_arrow()
        return table

    return open_healing(opened, index, name)


def table_for_reading(index: Path, name: str) -> NativeTable:
    """The same for readers; it follows the commits of other processes within a second."""

    def opened() -> NativeTable:
        table = NativeTable.open(
            index, name, index_cache=_INDEX_CACHE, metadata_cache=_METADATA_CACHE, follow_s=_FOLLOW_S
        )
        table.probe()
        return table

    return open_healing(opened, index, name)
