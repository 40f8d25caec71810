"""Which units are nearest to a vector: by one product where there is a matrix, else by LanceDB, in parallel.

A search asks several times about the same vector: how the best of each unit type score, then the best of all photos,
of all documents, then more of them. What is known of the last vector is kept, and only rows that are shown are read.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from app.records import FloatArray, NearUnit, UnitType
from app.table import where
from app.table.matrix import Matrix, MatrixKeeper
from app.table.native import NativeTable, Near, Select
from app.table.scores import Scores
from app.table.vector_file import UNITS, Numbers, addresses_of

Found: TypeAlias = list[NearUnit]
"""Best first."""

PROBES = 64
REFINE = 4
"""Probed partitions and over-fetch before exact re-scoring: recall@10 >= 0.98 across the modality gap as well."""
_AT_LEAST = 256  # a search asks for as many in the end, and the first 48 cost no less
_FILTERS = 8  # whose rows are remembered: while somebody types, the filter stays


class Nearest:
    """Answers for one table; any thread may ask."""

    def __init__(self, table: NativeTable, matrices: MatrixKeeper) -> None:
        self._table = table
        self._matrices = matrices
        self._lock = threading.Lock()
        self._about: tuple[int, bytes, str | None] | None = None
        self._known: dict[UnitType, tuple[int, Found]] = {}
        self._scored: tuple[bytes, Scores] | None = None
        self._best: dict[tuple[UnitType, str | None], tuple[int, Found]] = {}
        self._kept: dict[tuple[int, str], Numbers] = {}

    def each(
        self, vector: FloatArray, groups: Sequence[Collection[UnitType]], condition: str | None, limit: int
    ) -> list[Found]:
        """The nearest of each group of unit types among the rows that meet a condition."""
        vector = np.asarray(vector, dtype=np.float32)
        wanted = [unit for unit in UNITS if any(unit in group for group in groups)]
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
        self, matrix: Matrix, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Found]:
        """The nearest of each unit type; exact but for tables and filters that keep many (`app.table.scores`)."""
        with self._lock:
            kept = self._rows_of(matrix, condition) if condition else None
            key = vector.tobytes()
            if self._scored is None or self._scored[0] != key or self._scored[1].matrix is not matrix:
                self._scored, self._best = (key, Scores(matrix, vector)), {}
            for unit in units:
                asked = self._best.get((unit, condition))
                if asked is None or asked[0] < limit:
                    self._best[unit, condition] = limit, self._best_of(matrix, self._scored[1], unit, kept, limit)
            return {unit: self._best[unit, condition][1][:limit] for unit in units}

    @staticmethod
    def _best_of(matrix: Matrix, scored: Scores, unit: UnitType, kept: Numbers | None, limit: int) -> Found:
        positions, scores = scored.best(UNITS.index(unit), kept, limit)
        rows = zip(matrix.ids(positions), matrix.paths_at(positions), scores.tolist(), strict=True)
        return [NearUnit(one, path, unit, score) for one, path, score in rows]

    def _rows_of(self, matrix: Matrix, condition: str) -> Numbers:
        """The positions of the rows that meet a condition, in order."""
        kept = self._kept.get((matrix.version, condition))
        if kept is None:
            kept = matrix.at(np.sort(addresses_of(self._table.read(Select(("_rowid",), condition)))))
            if len(self._kept) >= _FILTERS:
                self._kept.clear()
            self._kept[matrix.version, condition] = kept
        return kept

    def _by_index(
        self, vector: FloatArray, units: Sequence[UnitType], condition: str | None, limit: int
    ) -> dict[UnitType, Found]:
        """The nearest of each unit type, as far as they are not known from the question before."""
        about = (self._table.version(), vector.tobytes(), condition)
        with self._lock:
            if about != self._about:
                self._about, self._known = about, {}
            known = dict(self._known)
        missing = [unit for unit in units if unit not in known or known[unit][0] < limit]
        near, most = Near(vector, probes=PROBES, refine=REFINE), max(limit, _AT_LEAST)
        # Not "AND vector IS NOT NULL": it would read the whole vector column; rows without one have no distance.
        asked = [
            Select(("id", "path", "_distance"), where.both(where.units((unit,)), condition), most, near=near)
            for unit in missing
        ]
        for unit, answer in zip(missing, self._table.read_all(asked), strict=True):
            rows = zip(*(answer.column(name).to_pylist() for name in ("id", "path", "_distance")), strict=True)
            known[unit] = most, [NearUnit(i, path, unit, 1.0 - d) for i, path, d in rows if d is not None]
        with self._lock:
            if about == self._about:
                self._known = known
        return {unit: known[unit][1] for unit in units}
