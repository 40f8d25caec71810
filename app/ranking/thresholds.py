"""Where the evidence ends: bands, strictness, and the honest empty list.

Evidence arrives in units of what nonsense reaches at best in this library (`app.ranking.calibration`), so one scale
fits every query, kind and model. A query whose best, over the whole library and before filters, is no better than
chance gives nothing. Otherwise the list goes on below that best as long as evidence does, to the first large gap.
Filters have no part in it: a file has the same band in whatever list it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, inf

from app.query.queries import Band

BAND_ORDER = (Band.STRONG, Band.MAYBE, Band.WEAK)
NEUTRAL_STRICTNESS = 50
"""The strictness in the middle: as calibrated."""
_MIN_BEST, _MIN_STRONG, _MIN_HIT = 1.18, 1.3, 0.7
_MIN_SINGLE_BEST = 1.9  # one that stands out so far opens the list by itself
_MIN_SHARE_OF_BEST = 0.5  # of the best: what is that much weaker is something else
# What strictness 100 and 0 multiply them by.
_MAX_FACTOR, _MIN_FACTOR = 1.25, 0.4
_MAX_GAP = 0.35  # a step this large down the list ends it
# Queries by example: so many are always shown, and what is at least so close as a share of the closest.
_EXAMPLE_ALWAYS_SHOWN, _EXAMPLE_SHARE = 12, 0.6
_EXAMPLE_MIN_HIT = 0.2  # below, they are no closer than any

# Words prove by themselves: so much of the query as it was written, or each word at least with a typo; of a long
# query the greater part.
_EXACT_WORDS_STRICTNESS = 80  # the strictness from which words must stand there as they were written
_PROVEN, _LIKELY, _GREATER_PART, _SOME = 0.9, 0.75, 0.6, 0.4
_LONG, _SEVERAL = 3, 2
_NEARLY = 0.9
_MIN_RARITY_ABOVE_CHANCE, _FEW = 1.5, 0.25


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Evidence needed for a band; `maybe` is where the list ends.

    Attributes:
        open: whether the best of the library stands out from chance.
    """

    strong: float
    maybe: float
    open: bool = True

    def band(self, evidence: float) -> Band:
        if evidence >= self.strong:
            return Band.STRONG
        return Band.MAYBE if evidence >= self.maybe else Band.WEAK


NOTHING_BY_MEANING = Thresholds(inf, inf, open=False)
"""For queries that mean nothing to the model."""


def query_thresholds(strictness: int, best: Sequence[float], top_k: int = 1) -> Thresholds:
    """The thresholds of one query.

    Args:
        strictness: 0 (nearly everything) to 100 (only the surest).
        best: the highest evidence over the whole library, descending, before any filter.
        together: how many of them tell whether the query stands out.
    """
    factor = _strictness_factor(strictness)
    gate, strong, floor = _MIN_BEST * factor, _MIN_STRONG * factor, _MIN_HIT * factor
    counted = best[:top_k]
    reached = fsum(counted) / len(counted) if counted else 0.0
    if reached < gate and (not best or best[0] < _MIN_SINGLE_BEST * factor):
        # Nothing stands out. What words prove is still shown: see `word_band`.
        return NOTHING_BY_MEANING
    return Thresholds(
        strong, _first_gap(best, gate, max(floor, factor * _MIN_SHARE_OF_BEST * reached), _MAX_GAP / factor)
    )


def example_thresholds(strictness: int, best: Sequence[float]) -> Thresholds:
    """The same for a query by example: what is closest is always an answer to "more like this"."""
    factor = _strictness_factor(strictness)
    if not best:
        return Thresholds(_MIN_STRONG * factor, _MIN_HIT * factor)
    closest = best[
        min(_EXAMPLE_ALWAYS_SHOWN, (len(best) + 3) // 4) - 1
    ]  # of a library of eight photos not all are alike
    return Thresholds(
        _MIN_STRONG * factor, max(_EXAMPLE_MIN_HIT * factor, min(factor * _EXAMPLE_SHARE * best[0], closest))
    )


def _strictness_factor(strictness: int) -> float:
    share = (strictness - NEUTRAL_STRICTNESS) / 50
    return 1 + share * (_MAX_FACTOR - 1) if share > 0 else 1 + share * (1 - _MIN_FACTOR)


def _first_gap(best: Sequence[float], gate: float, floor: float, gap: float) -> float:
    """The threshold below the first large step between the gate and the floor; the floor where there is none."""
    for higher, lower in pairwise(best):
        if lower < floor:
            break
        if lower < gate and higher - lower >= gap:
            return (higher + lower) / 2
    return floor


def keyword_band(coverage: float, found: int, meaning: float, rarity: float, strictness: int) -> Band:
    """The band that the words of a file give it.

    Args:
        coverage: share of the query that it has, 0-1. `found`: how many words of weight it has.
        meaning: evidence of its meaning: nearly enough of it and some of the words are enough together.
        rarity: BM25 above the logarithm of the library's size: BM25 adds up how rare the words are, so where it is
            positive not one file in the library would have them together by chance.
    """
    if coverage >= _PROVEN:
        return Band.STRONG
    if strictness > _EXACT_WORDS_STRICTNESS:
        return Band.WEAK
    likely = coverage >= _LIKELY or (coverage >= _GREATER_PART and found >= _LONG)
    top_k = (coverage >= _GREATER_PART and found >= _SEVERAL) or (coverage >= _SOME and found >= _LONG)
    enough = (found >= _LONG and coverage >= _FEW) or (found >= _SEVERAL and coverage >= _SOME)
    by_design = enough and rarity >= _MIN_RARITY_ABOVE_CHANCE
    return Band.MAYBE if likely or by_design or (top_k and meaning >= _NEARLY) else Band.WEAK


def best_band(bands: Iterable[Band]) -> Band:
    """The surest of several bands; weak where there is none."""
    return min(bands, key=BAND_ORDER.index, default=Band.WEAK)
