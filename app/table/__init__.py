"""The index on disk: the only place that knows LanceDB. Importing it is cheap; opening a table imports LanceDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.table.reader import IndexReader, open_for_reading
from app.table.statistics import IMAGE, MODALITIES, TEXT, Statistics

if TYPE_CHECKING:
    from app.table.writer import IndexWriter, open_for_writing

__all__ = [
    "IMAGE",
    "MODALITIES",
    "TEXT",
    "IndexReader",
    "IndexWriter",
    "Statistics",
    "open_for_reading",
    "open_for_writing",
]


def __getattr__(name: str) -> Any:
    """The writer is imported when it is asked for: readers, a search from the command line among them, do not wait."""
    if name in ("IndexWriter", "open_for_writing"):
        from app.table import writer

        return getattr(writer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
