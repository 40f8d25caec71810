"""What a query scores against things it does not mean: the yardstick that makes photos and documents comparable.

Text-to-text cosines (0.6-0.9) and text-to-image cosines (0.15-0.35) differ by more than any meaning does; both move
with the query, and some pictures are close to every query. So a score is read three times over:

1. against what *generic queries* score on the same item (querybank normalisation, arXiv 2112.12777): how much better
   does this query describe it? This takes out the modality's cone, the item's hubness, and needs no library at all;
2. against what *this query* scores over the library's fixed sample (its median): how much better is it described than
   everything else here? Filters never touch it;
3. in units of what *nonsense* reaches at best in this library: 1.0 is what random letters get. The same number means
   the same for photos and passages, for five files and for a million, for every model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.records import FloatArray

PRIOR_COUNT = 48.0
"""A library of fewer items has no say in a median or a mean: it is drawn to the bank's by as many votes as this."""
_LEAST_SPREAD = 1e-3
_LEAST_TOP = 2.0
_NULL_QUANTILE = 0.95
# Without nonsense to compare with (examples are never nonsense), this many spreads count as what chance reaches.
_EXAMPLE_TOP = 3.2


@dataclass(frozen=True)
class Yardstick:
    """How scores of one modality are read.

    Attributes:
        bank: (b, d) generic queries, centred, unit length.
        sample: (n, d) units of the library; `centre` and `spread` (n,) are the bank's scores on them.
        count: how many units of the modality the library has.
        top: what chance reaches at best, in spreads.
    """

    bank: FloatArray
    sample: FloatArray
    centre: FloatArray
    spread: FloatArray
    count: int
    top: float

    def evidence(self, query: FloatArray, vectors: FloatArray) -> FloatArray:
        """(n,) evidence that (n, d) vectors are what a (d,) query means; about 1.0 is what chance reaches at best."""
        centre, spread = bank_statistics(self.bank, vectors)
        result: FloatArray = ((vectors @ query - centre) / spread - self.median(query)) / self.top
        return result

    def median(self, query: FloatArray) -> float:
        """Where the library as a whole stands for this query, in spreads; drawn to zero where it is small."""
        if not len(self.sample):
            return 0.0
        share = len(self.sample) / (len(self.sample) + PRIOR_COUNT)
        return share * float(np.median((self.sample @ query - self.centre) / self.spread))


def bank_statistics(bank: FloatArray, vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(mean, spread), each (n,), of what a bank of queries (b, d) scores on (n, d) vectors."""
    scores = bank @ vectors.T
    return scores.mean(axis=0), np.maximum(scores.std(axis=0), _LEAST_SPREAD)


def yardstick(bank: FloatArray, sample: FloatArray, count: int, nonsense: FloatArray | None) -> Yardstick:
    """The yardstick of one modality.

    Args:
        bank: (b, d) generic queries. `sample`: (n, d), of `count` units in the library.
        nonsense: (k, d) meaningless queries, or None where queries are examples.
    """
    centre, spread = bank_statistics(bank, sample)
    made = Yardstick(bank, sample, centre, spread, count, 1.0)
    if nonsense is None or not len(nonsense) or not len(sample):
        return Yardstick(bank, sample, centre, spread, count, _EXAMPLE_TOP)
    scores = (sample @ nonsense.T - centre[:, None]) / spread[:, None]
    medians = np.array([made.median(query) for query in nonsense], dtype=np.float32)
    tops = scores.max(axis=0) - medians
    top = float(np.quantile(tops, _NULL_QUANTILE)) * _larger(count, len(sample))
    return Yardstick(bank, sample, centre, spread, count, max(top, _LEAST_TOP))


def _larger(count: int, sampled: int) -> float:
    """How much higher the best of `count` normal scores is than the best of `sampled`: sqrt(2 ln n) grows slowly."""
    if count <= sampled:
        return 1.0
    return float(np.sqrt(np.log(count) / np.log(max(sampled, 2))))
