"""Cosines of one vector with the rows of a snapshot, computed only where its nearest are to be found.

Rows are compared list by list, those with the nearest centroids first, until as many were compared as are read from
memory in some milliseconds. Tables and filters that keep fewer are compared to the last row: the answer is exact.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.core.records import FloatArray
from app.table.vectors.snapshot import VectorFileDamaged, VectorSnapshot
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import vectors_match

MAX_COMPARED_BYTES = 64 << 20
"""Bytes of vectors that are compared for each unit type, if there are as many; under a filter twice as many, since it
may keep what lies far apart."""
_GATHER_COST = 3
"""A row by itself costs as much as so many in a row."""
_COMPARED_PER_RESULT = 4  # rows compared at least for each that is asked for
_GATHER_BLOCK = 2048  # rows that are gathered, which copies them, and maps the 64 KB around each
MAX_RESIDENT_BYTES = 256 << 20
"""Bytes of a mapped file that may count as this process's memory: what was read of a larger one is released."""


class IvfSearch:
    """For one snapshot and one vector of unit length. One thread at a time."""

    def __init__(self, snapshot: VectorSnapshot, vector: FloatArray) -> None:
        self.snapshot = snapshot
        self._vector = vector
        self._lists = snapshot.file.lists
        self._centroid_scores = self._lists.centroids @ vector
        self._scores = np.empty(len(snapshot), dtype=np.float32)
        self._scores[snapshot.base_count :] = snapshot.delta_vectors @ vector
        self._done = np.zeros(len(self._lists.units), dtype=bool)
        self._budget = MAX_COMPARED_BYTES // (4 * len(vector))

    def best(self, unit: int, kept: NumberArray | None, limit: int) -> tuple[NumberArray, FloatArray]:
        """(positions, cosines) of the nearest rows of a unit type, best first.

        Args:
            unit: code. `kept`: positions of the rows that are wanted, in order; None for all.

        Raises:
            VectorFileDamaged: a vector is not what was written.
        """
        probed = self._probed_lists(unit, kept, limit)
        found = [self._compare(first, last, kept) for first, last in _runs(probed)]
        delta = np.flatnonzero(self.snapshot.delta.units == unit) + self.snapshot.base_count
        if kept is not None and len(delta):
            delta = np.intersect1d(delta, kept, assume_unique=True)
        self._release_pages()
        positions = np.concatenate([*found, delta]) if len(found) != 1 or len(delta) else found[0]
        if len(self.snapshot.deleted):
            self._scores[self.snapshot.deleted] = -np.inf
        scores = self._scores[positions]
        if limit < len(scores):
            best = np.argpartition(scores, len(scores) - limit)[len(scores) - limit :] if limit else np.zeros(0, int)
            positions, scores = positions[best], scores[best]
        order = np.argsort(-scores, kind="stable")
        order = order[: np.count_nonzero(scores > -np.inf)]
        return positions[order], scores[order]

    def _probed_lists(self, unit: int, kept: NumberArray | None, limit: int) -> NumberArray:
        """The lists that are looked into, in the order of the file."""
        lists = np.flatnonzero(self._lists.units == unit)
        costs = np.diff(self._lists.starts.astype(np.int64))[lists]
        if kept is not None:
            counts = np.diff(np.searchsorted(kept, self._lists.starts))[lists]
            costs = np.minimum(costs, _GATHER_COST * counts)
            lists, costs = lists[counts > 0], costs[counts > 0]
        budget = max(self._budget * (1 if kept is None else 2), _COMPARED_PER_RESULT * limit)
        if int(costs.sum()) <= budget:
            return lists
        nearest_first = np.argsort(-self._centroid_scores[self._lists.centroid_numbers[lists]], kind="stable")
        enough = int(np.searchsorted(np.cumsum(costs[nearest_first]), budget)) + 1
        return np.sort(lists[nearest_first[:enough]])

    def _compare(self, first: int, last: int, kept: NumberArray | None) -> NumberArray:
        """The positions of the wanted rows in neighbouring lists, whose scores are known from here on."""
        start, end = int(self._lists.starts[first]), int(self._lists.starts[last + 1])
        wanted = None if kept is None else kept[slice(*np.searchsorted(kept, (start, end)))]
        if wanted is not None and len(wanted) * _GATHER_COST < end - start:
            for at in range(0, len(wanted), _GATHER_BLOCK):
                some = wanted[at : at + _GATHER_BLOCK]
                self._scores[some] = self.snapshot.base_vectors(some) @ self._vector
                self._release_pages()
            return wanted
        if not self._done[first : last + 1].all():
            self._check_once(start, end)
            np.dot(self.snapshot.file.vectors[start:end], self._vector, out=self._scores[start:end])
            self._done[first : last + 1] = True
        return np.arange(start, end) if wanted is None else wanted

    def _check_once(self, start: int, end: int) -> None:
        """Check rows of the file before they are first compared in this process."""
        file, checked = self.snapshot.file, self.snapshot.file.checked
        if file.row_checks is None or checked[start:end].all():
            return
        for at in range(start, end, _GATHER_BLOCK):
            rows = slice(at, min(end, at + _GATHER_BLOCK))
            if not vectors_match(file.vectors[rows], file.row_checks[rows]):
                raise VectorFileDamaged
        checked[start:end] = True

    def _release_pages(self) -> None:
        if self.snapshot.file.vectors.nbytes > MAX_RESIDENT_BYTES:
            self.snapshot.file.release_pages()


def _runs(numbers: NumberArray) -> Iterator[tuple[int, int]]:
    """(first, last) of the runs of neighbouring numbers among numbers in order."""
    if len(numbers):
        breaks = np.flatnonzero(np.diff(numbers) > 1)
        firsts, lasts = numbers[np.append(0, breaks + 1)], numbers[np.append(breaks, len(numbers) - 1)]
        yield from zip(firsts.tolist(), lasts.tolist(), strict=True)
