"""Which units are nearest to a vector: by one product where there is a matrix, else by LanceDB, in parallel.

A search asks several times about the same vector: how the best of each unit type score, then the best of all photos,
of all documents, then more of them. What is known of the last vector is kept, and only rows that are shown are read.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from app.records import FloatArray, UnitType
from app.table import where
from app.table.matrix import Matrix, MatrixKeeper, best
from app.table.native import NativeTable, Near, Select
from app.table.vector_file import UNITS

Found: TypeAlias = list[tuple[str, float]]
"""Ids and cosines, best first."""

FILTERED = 20_000
"""Rows up to which filtered searches are exact: beyond, listing what a filter keeps costs more than the index."""
PROBES = 64
REFINE = 4
"""Probed partitions and over-fetch before exact re-scoring: recall@10 >= 0.98 across the modality gap as well."""
_AT_LEAST = 256  # a search asks for as many in the end, and the first 48 cost no less


class Nearest:
    """Answers for one table; any thread may ask."""

    def __init__(self, table: NativeTable, matrices: MatrixKeeper) -> None:
        self._table = table
        self._matrices = matrices
        self._lock = threading.Lock()
        self._about: tuple[int, bytes, str | None] | None = None
        self._known: dict[UnitType, tuple[int, Found]] = {}
        self._scored: tuple[Matrix, bytes, FloatArray] | None = None

    def each(
        self, vector: FloatArray, groups: Sequence[Collection[UnitType]], condition: str | None, limit: int
    ) -> list[Found]:
        """The nearest of each group of unit types among the rows that meet a condition."""
        vector = np.asarray(vector, dtype=np.float32)
        matrix = self._matrices.current()
        if matrix is not None and (condition is None or len(matrix) <= FILTERED):
            return self._by_product(matrix, vector, groups, condition, limit)
        wanted = [unit for unit in UNITS if any(unit in group for group in groups)]
        known = self._by_index(vector, wanted, condition, limit)
        return [
            sorted((one for unit in group if unit in known for one in known[unit]), key=lambda one: -one[1])[:limit]
            for group in groups
        ]

    def _by_product(
        self,
        matrix: Matrix,
        vector: FloatArray,
        groups: Sequence[Collection[UnitType]],
        condition: str | None,
        limit: int,
    ) -> list[Found]:
        scores = self._scores(matrix, vector)
        kept = None
        if condition:
            all_of_them = where.units({unit for group in groups for unit in group})
            ids = self._table.read(Select(("id",), where.both(all_of_them, condition))).column("id").to_pylist()
            kept = matrix.positions(ids)
        found = []
        for group in groups:
            positions = matrix.of(group)
            chosen = best(scores, positions if kept is None else np.intersect1d(positions, kept), limit)
            found.append(list(zip(matrix.ids(chosen), scores[chosen].tolist(), strict=True)))
        return found

    def _scores(self, matrix: Matrix, vector: FloatArray) -> FloatArray:
        key = vector.tobytes()
        scored = self._scored
        if scored is None or scored[0] is not matrix or scored[1] != key:
            self._scored = scored = (matrix, key, matrix.scores(vector))
        return scored[2]

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
            Select(("id", "_distance"), where.both(where.units((unit,)), condition), most, near=near)
            for unit in missing
        ]
        for unit, answer in zip(missing, self._table.read_all(asked), strict=True):
            ids, distances = answer.column("id").to_pylist(), answer.column("_distance").to_pylist()
            known[unit] = most, [(i, 1.0 - d) for i, d in zip(ids, distances, strict=True) if d is not None]
        with self._lock:
            if about == self._about:
                self._known = known
        return {unit: known[unit][1] for unit in units}
