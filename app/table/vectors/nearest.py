"""Which units are nearest to a vector: by one product where there is a snapshot, else by LanceDB, in parallel.

A search asks several times about the same vector: how the best of each unit type score, then the best of all photos,
of all documents, then more of them. What is known of the last vector is kept, and only rows that are shown are read.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from app.core.records import FloatArray, Kind, UnitType, VectorHit
from app.table import where
from app.table.lance_backends import Select, VectorClause
from app.table.lance_binding import LanceTable
from app.table.vectors.ivf_search import IvfSearch
from app.table.vectors.snapshot import VectorFileDamaged, VectorSnapshot
from app.table.vectors.snapshot_cache import SnapshotCache
from app.table.vectors.unit_codes import KINDS_BY_CODE, UNIT_CODES, NumberArray
from app.table.vectors.vector_file import row_ids_of

Neighbours: TypeAlias = list[VectorHit]
"""Best first."""

NPROBES = 64
REFINE_FACTOR = 4
"""Probed partitions and over-fetch before exact re-scoring: recall@10 >= 0.98 across the modality gap as well."""
_MIN_FETCH = 256  # a search asks for as many in the end, and the first 48 cost no less
_MAX_CACHED_FILTERS = 8  # while somebody types, the filter stays


class NearestNeighbours:
    """Answers for one table; any thread may ask."""

    def __init__(self, table: LanceTable, snapshots: SnapshotCache) -> None:
        self._table = table
        self._snapshots = snapshots
        self._lock = threading.Lock()
        self._last_key: tuple[int, bytes, str | None] | None = None
        self._known: dict[UnitType, tuple[int, Neighbours]] = {}
        self._search: tuple[bytes, IvfSearch] | None = None
        self._best: dict[tuple[UnitType, str | None], tuple[int, Neighbours]] = {}
        self._kept: dict[tuple[int, str], NumberArray] = {}

    def each(
        self, vector: FloatArray, groups: Sequence[Collection[UnitType]], condition: str | None, limit: int
    ) -> list[Neighbours]:
        """The nearest of each group of unit types among the rows that meet a condition."""
        vector = np.asarray(vector, dtype=np.float32)
        wanted = [unit for unit in UNIT_CODES if any(unit in group for group in groups)]
        snapshot = self._snapshots.current()
        known = None
        if snapshot is not None:
            try:
                known = self._by_product(snapshot, vector, wanted, condition, limit)
            except VectorFileDamaged:
                self._snapshots.discard()
        if known is None:
            known = self._by_index(vector, wanted, condition, limit)
        return [
            sorted((hit for unit in group if unit in known for hit in known[unit]), key=lambda hit: -hit.score)[:limit]
            for group in groups
        ]

    def _by_product(
        self, snapshot: VectorSnapshot, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Neighbours]:
        """The nearest of each unit type; exact but for tables and filters that keep many (`ivf_search`)."""
        with self._lock:
            kept = self._positions_kept(snapshot, condition) if condition else None
            key = vector.tobytes()
            if self._search is None or self._search[0] != key or self._search[1].snapshot is not snapshot:
                self._search, self._best = (key, IvfSearch(snapshot, vector)), {}
            for unit in units:
                known = self._best.get((unit, condition))
                if known is None or known[0] < limit:
                    self._best[unit, condition] = limit, self._best_of(self._search[1], unit, kept, limit)
            return {unit: self._best[unit, condition][1][:limit] for unit in units}

    @staticmethod
    def _best_of(search: IvfSearch, unit: UnitType, kept: NumberArray | None, limit: int) -> Neighbours:
        positions, scores = search.best(UNIT_CODES[unit], kept, limit)
        snapshot = search.snapshot
        kinds = snapshot.kinds_at(positions).tolist()
        rows = zip(snapshot.ids(positions), snapshot.paths_at(positions), kinds, scores.tolist(), strict=True)
        return [VectorHit(unit_id, path, KINDS_BY_CODE[kind], unit, score) for unit_id, path, kind, score in rows]

    def _positions_kept(self, snapshot: VectorSnapshot, condition: str) -> NumberArray:
        """The positions of the rows that meet a condition, in order."""
        kept = self._kept.get((snapshot.version, condition))
        if kept is None:
            row_ids = row_ids_of(self._table.read(Select(("_rowid",), condition)))
            kept = snapshot.sorted_positions(np.sort(row_ids))
            if len(self._kept) >= _MAX_CACHED_FILTERS:
                self._kept.clear()
            self._kept[snapshot.version, condition] = kept
        return kept

    def _by_index(
        self, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Neighbours]:
        """The nearest of each unit type, as far as they are not known from the question before."""
        key = (self._table.version, vector.tobytes(), condition)
        with self._lock:
            if key != self._last_key:
                self._last_key, self._known = key, {}
            known = dict(self._known)
        missing = [unit for unit in units if unit not in known or known[unit][0] < limit]
        near, most = VectorClause(vector, probes=NPROBES, refine=REFINE_FACTOR), max(limit, _MIN_FETCH)
        names = ("id", "path", "kind", "_distance")
        # Not "AND vector IS NOT NULL": it would read the whole vector column; rows without one have no distance.
        selects = [
            Select(names, where.all_of(where.unit_type_in((unit,)), condition), most, near=near) for unit in missing
        ]
        for unit, answer in zip(missing, self._table.read_all(selects), strict=True):
            rows = zip(*(answer.column(name).to_pylist() for name in names), strict=True)
            known[unit] = most, [VectorHit(i, path, Kind(k), unit, 1.0 - d) for i, path, k, d in rows if d is not None]
        with self._lock:
            if key == self._last_key:
                self._known = known
        return {unit: known[unit][1] for unit in units}
