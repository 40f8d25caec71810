"""Which vectors are near to each other: centres by k-means, so that a search looks into a few stretches only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.records import FloatArray
from app.table.vector_file import Numbers, Stretches

ROWS = 512
"""Rows of a neighbourhood on average: fewer cost more centres, more cost rows that are nowhere near."""
MOST = 4096
WHOLE = 64 << 20
"""Bytes of vectors up to which there is one neighbourhood only: all of them are compared at once."""
_SAMPLED = 32  # rows that place one centre
_ROUNDS = 6
_BLOCK = 8192


def count_for(rows: int, dimension: int) -> int:
    """How many centres so many rows have."""
    return 1 if rows * dimension * 4 <= WHOLE else max(1, min(MOST, rows // ROWS))


def centres_of(
    taken: Callable[[Numbers], FloatArray], rows: int, count: int, known: FloatArray | None = None
) -> FloatArray:
    """(count, d) centres of so many rows; those that are `known` where there are about as many.

    Args:
        taken: (k, d) vectors of some of the rows.
    """
    if known is not None and count <= 2 * len(known) <= 4 * count:
        return known
    dice = np.random.default_rng(0)
    sample = taken(np.sort(dice.choice(rows, min(rows, _SAMPLED * count), replace=False)))
    centres: FloatArray = sample[np.sort(dice.choice(len(sample), count, replace=False))]
    for _ in range(_ROUNDS):
        mine = nearest_of(sample, centres)
        order = np.argsort(mine, kind="stable")
        found, starts = np.unique(mine[order], return_index=True)
        centres[found] = np.add.reduceat(sample[order], starts, axis=0)
        centres[found] /= np.maximum(np.linalg.norm(centres[found], axis=1, keepdims=True), 1e-12)
    return centres


def nearest_of(vectors: FloatArray, centres: FloatArray) -> Numbers:
    """(n,) the centre that each of (n, d) vectors is nearest to."""
    nearest = np.zeros(len(vectors), dtype=np.uint32)
    if len(centres) > 1:
        for start in range(0, len(vectors), _BLOCK):
            nearest[start : start + _BLOCK] = (vectors[start : start + _BLOCK] @ centres.T).argmax(axis=1)
    return nearest


def stretches_of(units: Numbers, nearest: Numbers, centres: FloatArray) -> tuple[Numbers, Stretches]:
    """The order in which rows lie in the file, and their stretches.

    Args:
        units: (n,) codes. `nearest`: (n,) centres.
    """
    key = units.astype(np.int64) * len(centres) + nearest
    order = np.argsort(key, kind="stable")
    found, starts = np.unique(key[order], return_index=True)
    starts = np.append(starts, len(units))
    return order, Stretches(starts, found // len(centres), found % len(centres), centres)
