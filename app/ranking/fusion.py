"""One number for each file, from pictures, passages and words, and one list from two kinds.

Within a file, evidence of meaning is the best unit's, a little more where several passages are strong, and words add
to it: a convex combination of calibrated scores keeps what reciprocal ranks throw away, how much better the best is
(Bruch et al., arXiv 2210.11934), and measured better here (tests/benchmarks/bench_vaswani.py).

Between photos and documents it is the other way round: how far their evidence reaches depends on what the model can
see and read more than on what is meant. So within a band each kind keeps its order by evidence, and the kinds are laid
side by side by how far they stand out of their own kind, in spreads of its scores; bench_mixed.py compares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.core.records import FloatArray

ALL_WORDS_SCORE = 2.2
"""What a file with every word of the query is worth at least, in units of what nonsense reaches."""
_SCORE_PER_BM25 = 0.08
FULL_NAME_BONUS = 3.0
"""What a file named exactly as the query is worth on top: exact names and numbers come first."""
FULL_COVERAGE = 0.75
"""The coverage of a file that has every word, perhaps inflected, a prefix or with a typo (`MatchLevel`)."""
PHOTO_Z_FACTOR = 1.25
"""What a photo's prominence counts more: a document has its words besides."""
_Z_PER_KEYWORD_SCORE = 0.9
_HIGH_CORRELATION, _LOW_CORRELATION = (0.51, 0.07), (0.34, 0.9)
"""(how far a library's passages agree with their words, what a point of BM25 counts beside their meaning, in spreads of
its scores), and evenly between their logarithms: the best weights of six pairs of collection and encoder lie along it
(captions, Vaswani's abstracts, documentation of programs; the starter and all-MiniLM-L6-v2)."""
_FURTHER_UNITS_BONUS = 0.15
_MIN_FURTHER_UNIT = 0.8  # passages weaker than this are background and count nothing


def pool_units(scores: Sequence[float]) -> float:
    """The evidence of several units of one file: the best, and a diminishing bonus for further strong ones."""
    if len(scores) == 1:
        return scores[0]
    ordered = sorted(scores, reverse=True)
    further = sum(max(0.0, score - _MIN_FURTHER_UNIT) for score in ordered[1:4])
    return ordered[0] + _FURTHER_UNITS_BONUS * float(np.log1p(further / _FURTHER_UNITS_BONUS))


def keyword_score(bm25: float, coverage: float) -> float:
    """What the words of a file are worth.

    BM25 adds up how rare the words are that are there, which is what they prove, however many others are asked for
    and whatever the best file of the library has.

    Args:
        bm25: of its best row.
        coverage: share of the query's words that the file has, 0-1.
    """
    if coverage <= 0:
        return 0.0
    return max(rarity_score(bm25), ALL_WORDS_SCORE * coverage if coverage >= FULL_COVERAGE else 0.0)


def rarity_score(bm25: float) -> float:
    """What the words of a file are worth by how rare they are alone."""
    return _SCORE_PER_BM25 * bm25


def keyword_weight(agreement: float, spreads: float) -> float:
    """What words count beside the meaning of passages.

    A text tower of CLIP's knows captions well and technical prose hardly; another library or another encoder is another
    matter. Where passages that share rare words lie close together, the encoder knows what they are about.

    Args:
        agreement: how far the vectors of the library's passages agree with their words, as a correlation.
        spreads: how many spreads of the query's scores one unit of evidence is.
    """
    (high, least), (low, most) = _HIGH_CORRELATION, _LOW_CORRELATION
    share = min(1.0, max(0.0, (agreement - low) / (high - low)))
    point: float = most * (least / most) ** share
    return point / (_SCORE_PER_BM25 * spreads)


def fuse(semantic: float | None, words: float, weight: float = 1.0) -> float:
    """Evidence of meaning and words together. Words stand by themselves; a poor meaning does not speak against them.

    Args:
        weight: what words count beside a meaning.
    """
    if semantic is None:
        return words
    return semantic if words <= 0 else max(semantic, 0.0) + weight * words


def interleaving_score(prominence: float, bm25: float, penalty: float) -> float:
    """Where a file stands among photos and documents alike.

    Words count by their rarity alone: that a document has the one common word asked for puts it before other
    documents, and says little about whether a photo was meant.

    Args:
        prominence: of its best unit, in spreads of its kind's scores. `bm25`: of its best row.
    """
    return max(prominence, 0.0) + _Z_PER_KEYWORD_SCORE * (rarity_score(bm25) - penalty)


def reciprocal_ranks(rankings: Sequence[Sequence[int]], count: int, k: float = 60.0) -> FloatArray:
    """(count,) reciprocal rank fusion of several rankings of item numbers (Cormack et al., SIGIR 2009).

    Kept for the comparison in the benchmarks.
    """
    total = np.zeros(count, dtype=np.float32)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            total[item] += 1.0 / (k + rank)
    return total
