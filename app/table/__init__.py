"""The index on disk: the only place that knows LanceDB. Importing it is cheap; opening a table loads LanceDB."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.table.fulltext_hits import FulltextFuture, FulltextHit
    from app.table.open_writer import open_for_writing
    from app.table.reader import IndexReader, open_for_reading
    from app.table.statistics import IMAGE, MODALITIES, PRIOR_CORRELATION, TEXT, Statistics
    from app.table.writer import IndexWriter

__all__ = [
    "IMAGE",
    "MODALITIES",
    "PRIOR_CORRELATION",
    "TEXT",
    "FulltextFuture",
    "FulltextHit",
    "IndexReader",
    "IndexWriter",
    "Statistics",
    "open_for_reading",
    "open_for_writing",
]

_DEFINED_IN = {
    "FulltextFuture": "fulltext_hits",
    "FulltextHit": "fulltext_hits",
    "IndexReader": "reader",
    "open_for_reading": "reader",
    "IMAGE": "statistics",
    "MODALITIES": "statistics",
    "PRIOR_CORRELATION": "statistics",
    "TEXT": "statistics",
    "Statistics": "statistics",
    "IndexWriter": "writer",
    "open_for_writing": "open_writer",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: a search from the command line loads no more than it needs."""
    if name not in _DEFINED_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_DEFINED_IN[name]}"), name)
    globals()[name] = value
    return value
