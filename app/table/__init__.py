"""The index on disk: the only place that knows LanceDB. Importing it is cheap; opening a table loads LanceDB."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.table.reader import IndexReader, open_for_reading
    from app.table.statistics import IMAGE, MODALITIES, TEXT, USUAL_AGREEMENT, Statistics
    from app.table.word_rows import Asked, WordRow
    from app.table.writer import IndexWriter, open_for_writing

__all__ = [
    "IMAGE",
    "MODALITIES",
    "TEXT",
    "USUAL_AGREEMENT",
    "Asked",
    "IndexReader",
    "IndexWriter",
    "Statistics",
    "WordRow",
    "open_for_reading",
    "open_for_writing",
]

_HOMES = {
    "IndexReader": "reader",
    "open_for_reading": "reader",
    "IMAGE": "statistics",
    "MODALITIES": "statistics",
    "TEXT": "statistics",
    "USUAL_AGREEMENT": "statistics",
    "Statistics": "statistics",
    "Asked": "word_rows",
    "WordRow": "word_rows",
    "IndexWriter": "writer",
    "open_for_writing": "writer",
}


def __getattr__(name: str) -> Any:
    """Imported when it is asked for: a search from the command line waits for no more than it needs, when it does."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
