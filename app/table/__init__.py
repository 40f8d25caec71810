"""The index on disk: the only place that knows LanceDB. Importing it is cheap; opening a table imports LanceDB."""

from app.table.reader import IndexReader, open_for_reading
from app.table.statistics import IMAGE, MODALITIES, TEXT, Statistics
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
