"""Where the evidence ends: bands, strictness, and the honest empty list.

Evidence arrives in units of what nonsense reaches at best in this library (`app.ranking.background`), so one scale
fits every query, kind and model. A query whose best, over the whole library and before filters, is no better than
chance gives nothing. Otherwise the list goes on below that best as long as evidence does, to the first large gap.
Filters have no part in it: a file has the same band in whatever list it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.records import Band

NEUTRAL = 50
"""The strictness in the middle: as calibrated."""
_GATE, _STRONG, _FLOOR = 1.2, 1.45, 0.8
# What strictness 100 and 0 multiply them by.
_STRICTEST, _LOOSEST = 1.25, 0.4
_GAP = 0.35  # a step this large down the list ends it


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Evidence needed for a band; `maybe` is where the list ends."""

    strong: float
    maybe: float

    def band(self, evidence: float) -> Band:
        if evidence >= self.strong:
            return Band.STRONG
        return Band.MAYBE if evidence >= self.maybe else Band.WEAK


def thresholds(strictness: int, best: Sequence[float]) -> Thresholds:
    """The thresholds of one query.

    Args:
        strictness: 0 (nearly everything) to 100 (only the surest).
        best: the highest evidence over the whole library, descending, before any filter.
    """
    share = (strictness - NEUTRAL) / 50
    factor = 1 + share * (_STRICTEST - 1) if share > 0 else 1 + share * (1 - _LOOSEST)
    gate, strong, floor = _GATE * factor, _STRONG * factor, _FLOOR * factor
    if not best or best[0] < gate:
        # Nothing stands out. What words prove is still shown: it has evidence of its own.
        return Thresholds(strong, gate)
    return Thresholds(strong, _first_gap(best, gate, floor))


def _first_gap(best: Sequence[float], gate: float, floor: float) -> float:
    """The threshold below the first large step between the gate and the floor; the floor where there is none."""
    for higher, lower in pairwise(best):
        if lower < floor:
            break
        if lower < gate and higher - lower >= _GAP:
            return (higher + lower) / 2
    return floor


def supported(evidence: Sequence[float], limits: Thresholds) -> int:
    """How many of a descending list the evidence supports: down to the last that is not weak."""
    count = 0
    while count < len(evidence) and evidence[count] >= limits.maybe:
        count += 1
    return count
