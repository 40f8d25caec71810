"""Cosines of one vector with the rows of a matrix, computed only where its nearest are to be found.

Rows are looked at stretch by stretch, those with the nearest centres first, until as many were compared as are read
from memory in some milliseconds. Tables and filters that keep fewer are compared to the last one: the answer is exact.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.core.records import FloatArray
from app.table.vectors.snapshot import VectorSnapshot
from app.table.vectors.vector_file import NumberArray

MAX_COMPARED_BYTES = 64 << 20
"""Bytes of vectors that are compared for each type of unit, if there are as many; under a filter twice as many, since
it may keep what lies far apart."""
_GATHER_COST = 3
"""A row by itself costs as much as so many in a row."""
_COMPARED_PER_RESULT = 4  # rows compared at least for each that is asked for
_GATHER_BLOCK = 2048  # rows that are gathered, which copies them, and maps the 64 KB around each
MAX_RESIDENT_BYTES = 256 << 20
"""Bytes of a mapped file that may count as this process's memory: what was read of a larger one is let go of."""


class IvfSearch:
    """For one matrix and one vector of unit length. One thread at a time."""

    def __init__(self, matrix: VectorSnapshot, vector: FloatArray) -> None:
        self.matrix = matrix
        self._vector = vector
        self._stretches = matrix.file.stretches
        self._near = self._stretches.centres @ vector
        self._scores = np.empty(len(matrix), dtype=np.float32)
        self._scores[matrix.base_count :] = matrix.vectors @ vector
        self._done = np.zeros(len(self._stretches.units), dtype=bool)
        self._budget = MAX_COMPARED_BYTES // (4 * len(vector))

    def best(self, unit: int, kept: NumberArray | None, limit: int) -> tuple[NumberArray, FloatArray]:
        """(positions, cosines) of the nearest rows of a type of unit, best first.

        Args:
            unit: code. `kept`: positions of the rows that are wanted, in order; None for all.
        """
        chosen = self._chosen(unit, kept, limit)
        found = [self._compared(first, last, kept) for first, last in _runs(chosen)]
        fresh = np.flatnonzero(self.matrix.fresh.units == unit) + self.matrix.base_count
        if kept is not None and len(fresh):
            fresh = np.intersect1d(fresh, kept, assume_unique=True)
        self._let_go()
        positions = np.concatenate([*found, fresh]) if len(found) != 1 or len(fresh) else found[0]
        if len(self.matrix.gone):
            self._scores[self.matrix.gone] = -np.inf
        scores = self._scores[positions]
        if limit < len(scores):
            best = np.argpartition(scores, len(scores) - limit)[len(scores) - limit :] if limit else np.zeros(0, int)
            positions, scores = positions[best], scores[best]
        order = np.argsort(-scores, kind="stable")
        order = order[: np.count_nonzero(scores > -np.inf)]
        return positions[order], scores[order]

    def _chosen(self, unit: int, kept: NumberArray | None, limit: int) -> NumberArray:
        """The stretches that are looked at, in the order of the file."""
        mine = np.flatnonzero(self._stretches.units == unit)
        costs = np.diff(self._stretches.starts.astype(np.int64))[mine]
        if kept is not None:
            counts = np.diff(np.searchsorted(kept, self._stretches.starts))[mine]
            costs = np.minimum(costs, _GATHER_COST * counts)
            mine, costs = mine[counts > 0], costs[counts > 0]
        budget = max(self._budget * (1 if kept is None else 2), _COMPARED_PER_RESULT * limit)
        if int(costs.sum()) <= budget:
            return mine
        nearest_first = np.argsort(-self._near[self._stretches.nearest[mine]], kind="stable")
        enough = int(np.searchsorted(np.cumsum(costs[nearest_first]), budget)) + 1
        return np.sort(mine[nearest_first[:enough]])

    def _compared(self, first: int, last: int, kept: NumberArray | None) -> NumberArray:
        """The positions of the wanted rows in neighbouring stretches, whose scores are known from here on."""
        start, end = int(self._stretches.starts[first]), int(self._stretches.starts[last + 1])
        wanted = None if kept is None else kept[slice(*np.searchsorted(kept, (start, end)))]
        if wanted is not None and len(wanted) * _GATHER_COST < end - start:
            for at in range(0, len(wanted), _GATHER_BLOCK):
                some = wanted[at : at + _GATHER_BLOCK]
                self._scores[some] = self.matrix.file.vectors[some] @ self._vector
                self._let_go()
            return wanted
        if not self._done[first : last + 1].all():
            np.dot(self.matrix.file.vectors[start:end], self._vector, out=self._scores[start:end])
            self._done[first : last + 1] = True
        return np.arange(start, end) if wanted is None else wanted

    def _let_go(self) -> None:
        if self.matrix.file.vectors.nbytes > MAX_RESIDENT_BYTES:
            self.matrix.file.release_pages()


def _runs(numbers: NumberArray) -> Iterator[tuple[int, int]]:
    """(first, last) of the runs of neighbouring numbers among numbers in order."""
    if len(numbers):
        breaks = np.flatnonzero(np.diff(numbers) > 1)
        firsts, lasts = numbers[np.append(0, breaks + 1)], numbers[np.append(breaks, len(numbers) - 1)]
        yield from zip(firsts.tolist(), lasts.tolist(), strict=True)
