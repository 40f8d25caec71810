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

from app.records import FloatArray

WORDS = 2.2
"""What a file with every word of the query is worth, in units of what nonsense reaches."""
WHOLE_NAME = 3.0
"""What a file named exactly as the query is worth on top: exact names and numbers come first."""
NEARLY_ALL = 0.75
"""The coverage of a file that has every word, perhaps inflected, unfinished or with a typo: `app.matches.Level`."""
PHOTOS = 1.2
"""What a photo's prominence counts more: a document has its words besides."""
_SPREADS_FOR_WORDS = 0.4
_WORDS_FIRST, _MEANING_FIRST = (1.4, 3.0), (1.9, 0.7)
"""(how far the best passages reach, what words count beside their meaning), and linearly in between."""
_PASSAGE_BONUS = 0.15
_PASSAGE_NOTICE = 0.8  # passages weaker than this are background and count nothing


def pooled(scores: Sequence[float]) -> float:
    """The evidence of several units of one file: the best, and a diminishing bonus for further strong ones."""
    ordered = sorted(scores, reverse=True)
    further = sum(max(0.0, score - _PASSAGE_NOTICE) for score in ordered[1:4])
    return ordered[0] + _PASSAGE_BONUS * float(np.log1p(further / _PASSAGE_BONUS))


def word_evidence(bm25: float, best_bm25: float, coverage: float, best_coverage: float) -> float:
    """What the words of a file are worth.

    Args:
        bm25: of its best row; `best_bm25` of any row in the library, unfiltered.
        coverage: share of the query's words that the file has, 0-1; `best_coverage` that of the best file.
    """
    if best_bm25 <= 0 or coverage <= 0:
        return 0.0
    # BM25 tells the rare words from the common; the coverage of the best keeps one stray word from counting as all.
    share = min(1.0, bm25 / best_bm25) * (0.5 + 0.5 * best_coverage)
    return WORDS * max(share, coverage if coverage >= NEARLY_ALL else 0.0)


def beside_meaning(reached: float) -> float:
    """What words count beside the meaning of passages.

    A text tower of CLIP's knows captions well and technical prose hardly; how far the best passages stand out of
    nonsense tells which of the two a query is about (bench_mixed.py and bench_vaswani.py want opposite weights).

    Args:
        reached: evidence of the best passages of the library together.
    """
    (low, most), (high, least) = _WORDS_FIRST, _MEANING_FIRST
    share = min(1.0, max(0.0, (reached - low) / (high - low)))
    return most + share * (least - most)


def combined(semantic: float | None, words: float, weight: float = 1.0) -> float:
    """Evidence of meaning and words together. Words stand by themselves; a poor meaning does not speak against them.

    Args:
        weight: what words count beside a meaning.
    """
    if semantic is None:
        return words
    return semantic if words <= 0 else max(semantic, 0.0) + weight * words


def standing(prominence: float, words: float, penalty: float) -> float:
    """Where a file stands among photos and documents alike.

    Args:
        prominence: of its best unit, in spreads of its kind's scores. `words`: what its words are worth.
    """
    return max(prominence, 0.0) + _SPREADS_FOR_WORDS * (words - penalty)


def reciprocal_ranks(rankings: Sequence[Sequence[int]], count: int, k: float = 60.0) -> FloatArray:
    """(count,) reciprocal rank fusion of several rankings of item numbers (Cormack et al., SIGIR 2009).

    Kept for the comparison in the benchmarks.
    """
    total = np.zeros(count, dtype=np.float32)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            total[item] += 1.0 / (k + rank)
    return total
