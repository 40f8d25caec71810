"""Which units are nearest to a vector: by one product where there is a matrix, else by LanceDB, in parallel.

A search asks several times about the same vector: how the best of each unit type score, then the best of all photos,
of all documents, then more of them. What is known of the last vector is kept, and only rows that are shown are read.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from app.core.records import FloatArray, UnitType, VectorHit
from app.table import where
from app.table.lance_binding import NativeTable, Select, VectorClause
from app.table.vectors.ivf_search import IvfSearch
from app.table.vectors.snapshot import SnapshotCache, VectorSnapshot
from app.table.vectors.vector_file import VECTOR_UNITS, NumberArray, row_ids_of

Neighbours: TypeAlias = list[VectorHit]
"""Best first."""

NPROBES = 64
REFINE_FACTOR = 4
"""Probed partitions and over-fetch before exact re-scoring: recall@10 >= 0.98 across the modality gap as well."""
_MIN_FETCH = 256  # a search asks for as many in the end, and the first 48 cost no less
_MAX_CACHED_FILTERS = 8  # whose rows are remembered: while somebody types, the filter stays


class NearestNeighbours:
    """Answers for one table; any thread may ask."""

    def __init__(self, table: NativeTable, matrices: SnapshotCache) -> None:
        self._table = table
        self._matrices = matrices
        self._lock = threading.Lock()
        self._about: tuple[int, bytes, str | None] | None = None
        self._known: dict[UnitType, tuple[int, Neighbours]] = {}
        self._scored: tuple[bytes, IvfSearch] | None = None
        self._best: dict[tuple[UnitType, str | None], tuple[int, Neighbours]] = {}
        self._kept: dict[tuple[int, str], NumberArray] = {}

    def each(
        self, vector: FloatArray, groups: Sequence[Collection[UnitType]], condition: str | None, limit: int
    ) -> list[Neighbours]:
        """The nearest of each group of unit types among the rows that meet a condition."""
        vector = np.asarray(vector, dtype=np.float32)
        wanted = [unit for unit in VECTOR_UNITS if any(unit in group for group in groups)]
        matrix = self._matrices.current()
        if matrix is not None:
            known = self._by_product(matrix, vector, wanted, condition, limit)
        else:
            known = self._by_index(vector, wanted, condition, limit)
        return [
            sorted((one for unit in group if unit in known for one in known[unit]), key=lambda one: -one.score)[:limit]
            for group in groups
        ]

    def _by_product(
        self, matrix: VectorSnapshot, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Neighbours]:
        """The nearest of each unit type; approximate for large tables and filters that keep many (see `ivf_search`)."""
        with self._lock:
            kept = self._rows_of(matrix, condition) if condition else None
            key = vector.tobytes()
            if self._scored is None or self._scored[0] != key or self._scored[1].matrix is not matrix:
                self._scored, self._best = (key, IvfSearch(matrix, vector)), {}
            for unit in units:
                asked = self._best.get((unit, condition))
                if asked is None or asked[0] < limit:
                    self._best[unit, condition] = limit, self._best_of(matrix, self._scored[1], unit, kept, limit)
            return {unit: self._best[unit, condition][1][:limit] for unit in units}

    @staticmethod
    def _best_of(
        matrix: VectorSnapshot, scored: IvfSearch, unit: UnitType, kept: NumberArray | None, limit: int
    ) -> Neighbours:
        positions, scores = scored.best(VECTOR_UNITS.index(unit), kept, limit)
        rows = zip(matrix.ids(positions), matrix.paths_at(positions), scores.tolist(), strict=True)
        return [VectorHit(one, path, unit, score) for one, path, score in rows]

    def _rows_of(self, matrix: VectorSnapshot, condition: str) -> NumberArray:
        """The positions of the rows that meet a condition, in order."""
        kept = self._kept.get((matrix.version, condition))
        if kept is None:
            kept = matrix.at(np.sort(row_ids_of(self._table.read(Select(("_rowid",), condition)))))
            if len(self._kept) >= _MAX_CACHED_FILTERS:
                self._kept.clear()
            self._kept[matrix.version, condition] = kept
        return kept

    def _by_index(
        self, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Neighbours]:
        """The nearest of each unit type, as far as they are not known from the question before."""
        about = (self._table.version(), vector.tobytes(), condition)
        with self._lock:
            if about != self._about:
                self._about, self._known = about, {}
            known = dict(self._known)
        missing = [unit for unit in units if unit not in known or known[unit][0] < limit]
        near, most = VectorClause(vector, probes=NPROBES, refine=REFINE_FACTOR), max(limit, _MIN_FETCH)
        # Not "AND vector IS NOT NULL": it would read the whole vector column; rows without one have no distance.
        asked = [
            Select(("id", "path", "_distance"), where.all_of(where.unit_type_in((unit,)), condition), most, near=near)
            for unit in missing
        ]
        for unit, answer in zip(missing, self._table.read_all(asked), strict=True):
            rows = zip(*(answer.column(name).to_pylist() for name in ("id", "path", "_distance")), strict=True)
            known[unit] = most, [VectorHit(i, path, unit, 1.0 - d) for i, path, d in rows if d is not None]
        with self._lock:
            if about == self._about:
                self._known = known
        return {unit: known[unit][1] for unit in units}
