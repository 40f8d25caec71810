"""Upkeep of a table, in the writer's own thread: compaction, clean-up of old versions, indexes, statistics.

`optimize` conflicts with writers of other processes and forgets nothing by itself, so it runs here and on a schedule:
after 30 commits, or when things have gone quiet. Every optimise of a few rows adds a segment to the vector index and
LanceDB 0.40 does not merge small ones: past eight the index is dropped and built anew, which is faster than waiting.
"""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta
from pathlib import Path

from app.table import fulltext, lexical_semantic
from app.table import statistics as stats
from app.table.disk import folder_size
from app.table.index_manifest import TableEntry
from app.table.integrity import (
    clear_mark,
    concerns_indexes_only,
    damaged_files,
    index_damaged,
    is_marked,
    record_files,
)
from app.table.lance_backends import import_lancedb
from app.table.lance_writing import WritableTable
from app.table.vectors.vector_file_upkeep import VectorFileUpkeep

log = logging.getLogger(__name__)

COMMITS_BEFORE_UPKEEP = 30
KEEP_VERSIONS = timedelta(minutes=10)
"""Readers in other processes are pinned to a version for at most a second; zero would pull it from under them."""
MIN_ROWS_FOR_VECTOR_INDEX = 20_000
MAX_INDEX_SEGMENTS = 8
_UPKEEPS_PER_SESSION = 8
"""A session of LanceDB keeps the files of every full-text index open that it has made: four an upkeep."""
_VECTOR_INDEX = "vector_idx"
_FULLTEXT_INDEXES = {column: f"{column}_idx" for column in fulltext.COLUMNS}


class Maintenance:
    """Counts what was committed to one table and does what is due."""

    def __init__(self, index: Path, entry: TableEntry) -> None:
        self._index = index
        self._name = name = entry.name
        self._vector_file = VectorFileUpkeep(index, entry)
        self._commits = 0
        self._changed = 0
        known = stats.load(stats.file_of(index, name))
        # Statistics of an older program are made anew.
        self._statistics_rows, self._counts = 0 if known.agreement is None else known.rows, dict(known.counts)
        self._trained_rows = self._optimised = 0

    @staticmethod
    def prepare(table: WritableTable) -> None:
        """Indexes a new table needs from its first row on: exact words are found at once, unindexed rows included."""
        kinds = import_lancedb().index
        for column in ("id", "path"):
            table.create_index(column, config=kinds.BTree())
        create_fulltext_indexes(table)

    def committed(self, changed: int) -> None:
        """One commit with so many changed units."""
        self._commits += 1
        self._changed += changed

    def run(self, table: WritableTable, *, idle: bool) -> None:
        """Do what is due; `idle` says that nothing else is waiting."""
        if is_marked(self._index, self._name):
            repair(self._index, self._name, table)
        if self._commits and (idle or self._commits >= COMMITS_BEFORE_UPKEEP):
            self._optimize(table)
            self._commits = 0
        rows = table.count_rows()
        few = max(64, rows // 50)
        if idle:
            self._vector_file.refresh(table, rows)
        enough = 0 if idle else few
        if rows and (self._statistics_rows == 0 or self._changed > enough or self._outgrown(table)):
            self._refresh_statistics(table, rows)
        if idle:
            record_files(self._index, self._name)

    def close(self) -> None:
        """Nothing is held open."""

    def _optimize(self, table: WritableTable) -> None:
        table.checkout_latest()  # on a stale handle optimise does nothing, or conflicts for ever
        folder = self._index / f"{self._name}.lance"
        if shutil.disk_usage(self._index).free < 1.5 * folder_size(folder):
            log.warning("no compaction: it needs more free space than there is")
            return
        indexes = {index.name for index in table.list_indices()}
        if _VECTOR_INDEX in indexes and self._must_rebuild(table):
            table.drop_index(_VECTOR_INDEX)
            indexes.discard(_VECTOR_INDEX)
        try:
            table.optimize(cleanup_older_than=KEEP_VERSIONS)
        except RuntimeError as error:
            # The full-text index is derived data: the one part of optimise known to have failed in the field.
            log.warning("optimising failed, the full-text indexes are made anew: %s", error)
            for name in _FULLTEXT_INDEXES.values():
                table.drop_index(name)
            create_fulltext_indexes(table)
            table.checkout_latest()
        self._index_columns(table, indexes)
        self._optimised += 1
        if self._optimised % _UPKEEPS_PER_SESSION == 0:
            table.reopen()

    def _must_rebuild(self, table: WritableTable) -> bool:
        segments = table.index_segments(_VECTOR_INDEX)
        if segments is None or segments > MAX_INDEX_SEGMENTS:
            return True
        rows = int(table.count_rows())
        if self._trained_rows == 0:
            self._trained_rows = rows
        return rows > 2 * self._trained_rows

    def _index_columns(self, table: WritableTable, present: set[str]) -> None:
        kinds = import_lancedb().index
        rows = table.count_rows()
        if rows >= MIN_ROWS_FOR_VECTOR_INDEX and _VECTOR_INDEX not in present:
            table.create_index("vector", config=kinds.IvfRq(distance_type="dot", num_bits=4))
            self._trained_rows = rows
        if rows < MIN_ROWS_FOR_VECTOR_INDEX:
            return  # scans of so few rows are as fast as scalar indexes
        for column, config in (
            ("unit", kinds.Bitmap()),
            ("kind", kinds.Bitmap()),
            ("tags", kinds.LabelList()),
            ("keywords", kinds.LabelList()),
            ("at", kinds.BTree()),
            ("content_hash", kinds.BTree()),
        ):
            if f"{column}_idx" not in present:
                table.create_index(column, config=config)

    def _refresh_statistics(self, table: WritableTable, rows: int) -> None:
        vectors = (
            table.search().where(stats.CONDITION).select(list(stats.COLUMNS)).to_batches(batch_size=stats.BLOCK_ROWS)
        )
        computed = stats.compute(vectors, rows)
        computed = lexical_semantic.with_correlation(
            computed, lambda condition: table.search().where(condition).select(["id", fulltext.WORDS]).to_arrow()
        )
        stats.save(stats.file_of(self._index, self._name), computed)
        self._statistics_rows, self._counts, self._changed = rows, dict(computed.counts), 0

    def _outgrown(self, table: WritableTable) -> bool:
        """Whether a modality has doubled: its first few vectors say little about those that follow."""
        if not self._changed:
            return False
        for modality, units in stats.MODALITIES.items():
            known = self._counts.get(modality, 0)
            named = ", ".join(f"'{unit.value}'" for unit in units)
            if known < stats.SAMPLE_SIZE and table.count_rows(f"unit IN ({named}) AND {stats.CONDITION}") > 2 * known:
                return True
        return False


def create_fulltext_indexes(table: WritableTable) -> None:
    """The full-text indexes, anew where they are there already."""
    for column in fulltext.COLUMNS:
        table.create_index(column, config=import_lancedb().index.FTS(**fulltext.FTS_OPTIONS))


def repair(index: Path, name: str, table: WritableTable) -> None:
    """Make the indexes of a table anew where a reader or the record of its files says that something is damaged.

    Raises:
        IndexUnusable: rows are damaged: the table must be begun anew.
    """
    marked = is_marked(index, name)
    damaged = damaged_files(index, name, thorough=marked)
    if not damaged and not marked:
        return
    log.warning("the table %s is damaged (%s)", name, ", ".join(damaged[:3]) or "by the word of a reader")
    if not concerns_indexes_only(damaged):
        raise index_damaged()
    for index_name in {known.name for known in table.list_indices()}:
        table.drop_index(index_name)
    Maintenance.prepare(table)
    table.checkout_latest()
    try:  # what no record tells: rows that cannot be read
        for _ in table.search().to_batches(batch_size=stats.BLOCK_ROWS):
            pass
    except (RuntimeError, OSError) as error:
        raise index_damaged() from error
    record_files(index, name)
    clear_mark(index, name)
