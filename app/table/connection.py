"""The one way LanceDB is connected to: quiet, bounded caches, absolute path."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.table.light_import import import_lancedb

if TYPE_CHECKING:
    import lancedb

_INDEX_CACHE = 64 << 20
_METADATA_CACHE = 64 << 20


def connect(index: Path, *, follow: bool = False) -> lancedb.DBConnection:
    """Connect to the index folder.

    With `follow`, tables see other processes' commits within a second; without it a handle stays on the version it
    was opened at, which is what the sole writer wants. Caches are bounded because they are never given back.
    """
    import_lancedb()
    import lancedb

    session = lancedb.Session(index_cache_size_bytes=_INDEX_CACHE, metadata_cache_size_bytes=_METADATA_CACHE)
    interval = timedelta(seconds=1) if follow else None
    return lancedb.connect(str(index.absolute()), read_consistency_interval=interval, session=session)
