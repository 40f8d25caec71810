"""An inverted file (IVF): rows grouped by nearest centroid (k-means), so that a search compares a few lists only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.core.records import FloatArray
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import InvertedLists

ROWS_PER_LIST = 512
"""Rows of an inverted list on average: fewer cost more centroids, more cost rows that are nowhere near."""
MAX_CENTROIDS = 4096
MAX_UNPARTITIONED_BYTES = 64 << 20
"""Bytes of vectors up to which there is one list per unit type: all of them are compared at once."""
_TRAINING_ROWS_PER_CENTROID = 32
_KMEANS_ITERATIONS = 6
_BLOCK_ROWS = 8192


def centroid_count(rows: int, dimension: int) -> int:
    """How many centroids so many rows have."""
    return 1 if rows * dimension * 4 <= MAX_UNPARTITIONED_BYTES else max(1, min(MAX_CENTROIDS, rows // ROWS_PER_LIST))


def train_centroids(
    take: Callable[[NumberArray], FloatArray], rows: int, count: int, known: FloatArray | None = None
) -> FloatArray:
    """(count, d) centroids of so many rows; those that are `known` where there are about as many.

    Args:
        take: (k, d) vectors of some of the rows.
    """
    if known is not None and count <= 2 * len(known) <= 4 * count:
        return known
    generator = np.random.default_rng(0)
    sample = take(np.sort(generator.choice(rows, min(rows, _TRAINING_ROWS_PER_CENTROID * count), replace=False)))
    centroids: FloatArray = sample[np.sort(generator.choice(len(sample), count, replace=False))]
    for _ in range(_KMEANS_ITERATIONS):
        assigned = assign_centroids(sample, centroids)
        order = np.argsort(assigned, kind="stable")
        found, starts = np.unique(assigned[order], return_index=True)
        centroids[found] = np.add.reduceat(sample[order], starts, axis=0)
        centroids[found] /= np.maximum(np.linalg.norm(centroids[found], axis=1, keepdims=True), 1e-12)
    return centroids


def assign_centroids(vectors: FloatArray, centroids: FloatArray) -> NumberArray:
    """(n,) uint32 number of the centroid that each of (n, d) vectors is nearest to."""
    nearest = np.zeros(len(vectors), dtype=np.uint32)
    if len(centroids) > 1:
        for start in range(0, len(vectors), _BLOCK_ROWS):
            nearest[start : start + _BLOCK_ROWS] = (vectors[start : start + _BLOCK_ROWS] @ centroids.T).argmax(axis=1)
    return nearest


def inverted_lists_of(
    units: NumberArray, nearest: NumberArray, centroids: FloatArray
) -> tuple[NumberArray, InvertedLists]:
    """The order in which rows lie in the file, and their lists.

    Args:
        units: (n,) unit codes. `nearest`: (n,) centroids.
    """
    key = units.astype(np.int64) * len(centroids) + nearest
    order = np.argsort(key, kind="stable")
    found, starts = np.unique(key[order], return_index=True)
    starts = np.append(starts, len(units))
    return order, InvertedLists(starts, found // len(centroids), found % len(centroids), centroids)
