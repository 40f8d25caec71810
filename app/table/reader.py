"""Read-only view of the index for searches, browsing and reports; any thread may use it.

It follows the writer of another process within a second, or only at `refresh`, so that everything asked between two of
them is answered from one version. A finished rebuild takes over at `refresh`.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace, Failure, FloatArray, Kind, Status, TagRow, UnitRow, UnitType, VectorHit
from app.query.queries import Filters, Sort
from app.table import index_manifest as manifests
from app.table import statistics as stats
from app.table import where
from app.table.connection import table_for_reading
from app.table.disk import folder_size
from app.table.file_index import STAT_COLUMNS, stat_tuples
from app.table.fulltext import FulltextQuery
from app.table.fulltext_hits import FulltextFuture, FulltextHit, FulltextIndex
from app.table.index_manifest import IndexManifest, TableEntry
from app.table.lance_backends import Select
from app.table.row_records import METADATA_COLUMNS, TAG_COLUMNS, tag_rows, unit_rows
from app.table.statistics import Statistics, vectors_of
from app.table.statistics_cache import StatisticsCache
from app.table.vectors.nearest import NearestNeighbours
from app.table.vectors.snapshot import VectorFileDamaged
from app.table.vectors.snapshot_cache import SnapshotCache

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def open_for_reading(dirs: AppDirs, *, follows: bool = True) -> IndexReader | None:
    """The reader of the serving table, or None while nothing was ever indexed; `follows`: see `IndexReader`."""
    manifest = manifests.read(dirs.index)
    if manifest.serving is None or not (dirs.index / f"{manifest.serving.name}.lance").exists():
        return None
    return IndexReader(dirs.index, manifest, follows=follows)


class IndexReader:
    """Reads the serving table.

    Attributes:
        space: the embedding space of its vectors; a query's vector must come from the same.
        decided: tag -> content hashes that the person said have it, and have it not; set by who knows the decisions.
    """

    def __init__(self, index: Path, manifest: IndexManifest, *, follows: bool = True) -> None:
        """`follows`: go on to newer versions of the table by itself; otherwise only at `refresh`."""
        self._follows = follows
        self.decided: where.UserTagLookup | None = None
        self._index = index
        self._lock = threading.Lock()
        self._pointer_mtime = self._pointer_time()
        assert manifest.serving is not None
        self._entry: TableEntry = manifest.serving
        self._totals: dict[str, int] = {}
        self._totals_version = -1
        self._open_table()

    @property
    def space(self) -> EmbeddingSpace:
        return self._entry.space

    @property
    def state(self) -> tuple[object, ...]:
        """What identifies the table as it is read now: it changes with the table and with every write to it."""
        return self._entry.name, self._opened_folder, self._snapshots.version()

    def is_current(self) -> bool:
        """Whether the table that was opened is still the one on disk: somebody may have deleted the index, or it and
        made another. One `stat`."""
        return self._folder_id() == self._opened_folder

    def _folder_id(self) -> tuple[int, int] | None:
        try:
            known = (self._index / f"{self._entry.name}.lance").stat()
        except OSError:
            return None
        return known.st_dev, known.st_ino

    def refresh(self) -> bool:
        """Follow the writer, and a switch of the serving table; True when there was one. Two `stat`s otherwise."""
        with self._lock:
            now = self._pointer_time()
            if now != self._pointer_mtime:
                self._pointer_mtime = now
                serving = manifests.read(self._index).serving
                if serving is not None and serving != self._entry:
                    self._entry = serving
                    self._open_table()
                    return True
            self._table.follow()
            return False

    def _open_table(self) -> None:
        name, dimension = self._entry.name, self._entry.space.dimension
        self._opened_folder = self._folder_id()
        self._table = table_for_reading(self._index, name, self._entry.layout, follows=self._follows)
        self._snapshots = SnapshotCache(self._index, name, self._table, dimension, self._entry.id)
        self._nearest = NearestNeighbours(self._table, self._snapshots)
        self._words = FulltextIndex(self._table, self._snapshots)
        self._statistics = StatisticsCache(stats.file_of(self._index, name), self._table)

    def close(self) -> None:
        """Nothing is held that garbage collection would not free."""

    # ---- search

    def nearest_each(
        self,
        vector: FloatArray,
        groups: Sequence[Collection[UnitType]],
        *,
        filters: Filters | None = None,
        limit: int = 100,
    ) -> list[list[VectorHit]]:
        """The units of each group of types whose vectors are closest to `vector` ((d,) unit length), best first, with
        cosines: several groups cost little more than one.

        Filters are applied inside the search. Exact below the size at which the vector index begins.
        """
        return self._nearest.each(vector, groups, self._condition(filters), limit)

    def ask_words(self, query: FulltextQuery, *, filters: Filters | None = None, limit: int = 100) -> FulltextFuture:
        """Begin to look for units that hold the words of a query, best first."""
        return self._words.ask(query, self._condition(filters), limit)

    def statistics(self) -> Statistics:
        """Means, counts and fair samples of the library's vectors."""
        return self._statistics.current()

    # ---- rows

    def units(self, ids: Sequence[str]) -> list[UnitRow]:
        """The units with these ids, in their order; unknown ids are left out."""
        snapshot = self._snapshots.current() if ids else None
        rows = {}
        if snapshot is not None and (row_ids := snapshot.row_ids_of(ids)):  # half the time of looking their ids up
            found = self._select(f"_rowid IN ({', '.join(map(str, row_ids))})")
            rows = {row.id: row for row in unit_rows(found)}
        if missing := [unit for unit in ids if unit not in rows]:
            rows |= {row.id: row for row in unit_rows(self._select(where.value_in("id", missing)))}
        return [rows[unit] for unit in ids if unit in rows]

    def embeddings(self, ids: Sequence[str]) -> tuple[list[str], FloatArray]:
        """Those of `ids` that have a vector, in their order, and their (n, d) float32 vectors: of one version."""
        if not ids:
            return [], np.zeros((0, self.space.dimension), dtype=np.float32)
        snapshot = self._snapshots.current()
        if snapshot is not None:
            positions = snapshot.positions(ids)
            try:
                vectors = snapshot.vectors_at(positions[positions >= 0])
            except VectorFileDamaged:
                self._snapshots.discard()
            else:
                return [unit for unit, at in zip(ids, positions.tolist(), strict=True) if at >= 0], vectors
        condition = where.all_of(where.value_in("id", ids), "vector IS NOT NULL")
        answer = self._table.read(Select(("id", "vector"), condition))
        position = {unit: i for i, unit in enumerate(answer.column("id").to_pylist())}
        found = [unit for unit in ids if unit in position]
        return found, vectors_of(answer.column("vector"))[[position[unit] for unit in found]]

    def vectors(self, ids: Sequence[str]) -> FloatArray:
        """(n, d) float32 vectors of those of `ids` that have one, in their order; which these are: `embeddings`."""
        return self.embeddings(ids)[1]

    def file_units(self, path: str) -> list[UnitRow]:
        """All units of a file (stored path), part 0 first."""
        rows = unit_rows(self._select(f"path = {where.sql_literal(path)}"))
        return sorted(rows, key=lambda row: row.part)

    def with_content(
        self, hashes: Collection[str], *, filters: Filters | None = None, limit: int = 100
    ) -> list[FulltextHit]:
        """The own rows of files with one of these contents that the filters keep."""
        if not hashes:
            return []
        condition = where.all_of("part = 0", where.value_in("content_hash", sorted(hashes)), self._condition(filters))
        return self._words.read(condition, limit)

    def with_tag(self, tag: str, *, filters: Filters | None = None, limit: int = 100) -> list[FulltextHit]:
        """The photos with a tag, the person's or proposed, that the filters keep."""
        filters = filters or Filters()
        tagged = replace(filters, tags=(*filters.tags, tag))
        condition = where.all_of("part = 0", where.unit_type_in([UnitType.PHOTO]), self._condition(tagged))
        return self._words.read(condition, limit)

    def vector_blocks(
        self,
        units: Collection[UnitType],
        *,
        block: int = 8192,
        filters: Filters | None = None,
        extra: str | None = None,
    ) -> Iterator[tuple[list[str], FloatArray]]:
        """Ids and (n, d) vectors of all units of these types, in blocks; memory is one block."""
        condition = where.all_of(where.unit_type_in(units), "vector IS NOT NULL", self._condition(filters), extra)
        for batch in self._table.batches(Select(("id", "vector"), condition), block):
            if batch.num_rows:
                yield batch.column("id").to_pylist(), vectors_of(batch.column("vector"))

    def tag_rows(self, *, other_than: str | None = None, block: int = 8192) -> Iterator[list[TagRow]]:
        """What tagging knows of each unit that has a vector, in blocks; only rows whose proposals were made with
        another fingerprint than `other_than`, where one is given."""
        stale = (
            f"(tag_fingerprint IS NULL OR tag_fingerprint != {where.sql_literal(other_than)})" if other_than else None
        )
        condition = where.all_of("vector IS NOT NULL", stale)
        for batch in self._table.batches(Select(TAG_COLUMNS, condition), block):
            yield tag_rows(batch)

    def browse(
        self, filters: Filters, *, sort: Sort = Sort.NEWEST, limit: int = 200, offset: int = 0
    ) -> tuple[list[UnitRow], int]:
        """Files (their part-0 rows) that the filters keep, and how many there are in all."""
        condition = self._files(filters)
        column, ascending = sort.key.column, sort.key.ascending
        order = ((column, ascending),) if column == "path" else ((column, ascending), ("path", True))
        rows = self._table.read(Select(METADATA_COLUMNS, condition, limit, offset, order))
        return unit_rows(rows), self.count_files(filters)

    def count_files(self, filters: Filters) -> int:
        """How many files the filters keep; counted once for each state of the table."""
        version, condition = self._snapshots.version(), self._files(filters)
        with self._lock:
            if version != self._totals_version or len(self._totals) > 64:
                self._totals, self._totals_version = {}, version
            known = self._totals.get(condition)
        if known is None:
            known = self._totals[condition] = self._table.count(condition)
        return known

    def dates(self, filters: Filters) -> NDArray[np.datetime64]:
        """When the files that `browse` lists are of, in no order."""
        return np.asarray(self.columns(["at"], self._files(filters))["at"].to_numpy())

    def columns(self, names: Sequence[str], condition: str | None = None) -> pa.Table:
        """Some columns of all rows that meet a condition, as Arrow, for reports and counts."""
        return self._table.read(Select(tuple(names), condition))

    def file_stats(self) -> list[tuple[str, int, int, int, int]]:
        """(path, size, mtime_ns, inode, ctime_ns) of all files, in no order."""
        present = self._table.schema().names
        return stat_tuples(self.columns([name for name in STAT_COLUMNS if name in present], "part = 0"))

    def counts(self, folder: str | None = None) -> dict[Kind | Status, int]:
        """Files by kind (readable ones), and failed ones; of one folder or of all."""
        below = where.below_folder(folder) if folder else None

        def count(condition: str) -> int:
            return self._table.count(where.all_of("part = 0", condition, below))

        files: dict[Kind | Status, int] = {kind: count(f"status = 'ok' AND kind = '{kind.value}'") for kind in Kind}
        return files | {Status.FAILED: count("status = 'failed'")}

    def count_units(self) -> int:
        """Rows that have a vector."""
        return self._table.count("vector IS NOT NULL")

    def failures(self) -> list[tuple[str, Failure, str, int, int]]:
        """(path, failure, sentence, attempts, retry_at_ns) of all files that could not be read, or only in part, by
        path."""
        names = ["path", "failure", "failure_text", "attempts", "retry_at_ns"]
        found = self.columns(names, "part = 0 AND (status = 'failed' OR failure_text IS NOT NULL)")
        paths, failures, texts, attempts, retries = (found.column(name).to_pylist() for name in names)
        kinds = (Failure(failure or Failure.TOO_LARGE) for failure in failures)
        return sorted(zip(paths, kinds, (text or "" for text in texts), attempts, retries, strict=True))

    def size_bytes(self) -> int:
        return folder_size(self._index)

    def _condition(self, filters: Filters | None) -> str | None:
        if not filters:
            return None
        later = where.columns_of(filters) - set(METADATA_COLUMNS)
        if later and not later <= set(self._table.schema().names):
            return "id IS NULL"  # an earlier program's table, which knows nothing of this yet: no file meets it
        return where.filter_condition(filters, self.decided)

    def _files(self, filters: Filters) -> str:
        kept = where.all_of(f"part = 0 AND status = '{Status.OK.value}'", self._condition(filters))
        assert kept is not None
        return kept

    def _select(self, condition: str) -> pa.Table:
        return self._table.read(Select(METADATA_COLUMNS, condition))

    def _pointer_time(self) -> int:
        try:
            return manifests.manifest_path(self._index).stat().st_mtime_ns
        except OSError:
            return 0
