"""The statistics of a table as its readers have them: those of the indexer's file, or computed where there is none."""

from __future__ import annotations

import threading
from pathlib import Path

from app.table import statistics
from app.table.fulltext import WORDS
from app.table.lance_backends import Select
from app.table.lance_binding import LanceTable
from app.table.statistics import Statistics


class StatisticsCache:
    """Reads them anew when the file was; any thread may ask."""

    def __init__(self, file: Path, table: LanceTable) -> None:
        self._file = file
        self._table = table
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, int], Statistics] | None = None

    def current(self) -> Statistics:
        """Means, counts and fair samples; computed here while the indexer has not yet, or where its file is damaged."""
        try:
            stamp = (self._file.stat().st_mtime_ns, 0)
        except FileNotFoundError:
            stamp = (0, self._table.count())
        with self._lock:
            if self._known is not None and self._known[0] == stamp:
                return self._known[1]
        found = statistics.load(self._file) if stamp[0] else None
        if found is None or not found.means:
            found = self._computed()
        with self._lock:
            self._known = (stamp, found)
        return found

    def _computed(self) -> Statistics:
        from app.table.lexical_semantic import with_correlation  # only where there is no file

        vectors = self._table.batches(Select(statistics.COLUMNS, statistics.CONDITION), statistics.BLOCK_ROWS)
        computed = statistics.compute(vectors, self._table.count())
        return with_correlation(computed, lambda condition: self._table.read(Select(("id", WORDS), condition)))
