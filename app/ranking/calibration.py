"""What a query scores against things it does not mean: the yardstick that makes photos and documents comparable.

Text-to-text cosines (0.6-0.9) and text-to-image cosines (0.15-0.35) differ by more than any meaning does; both move
with the query, and some pictures are close to every query. How far an item stands above what is not meant is read in
two ways, whose mean tells true queries from others best (tests/benchmarks/bench_no_result.py):

* its centred cosine above this query's median over the library's fixed sample, which filters never touch;
* the same, after each item's scores were standardised by what *generic queries* score on it (querybank normalisation,
  arXiv 2112.12777), which takes out an item's closeness to everything.

Both are counted in units of what *nonsense* reaches at best in this library: 1.0 is what random letters get. So the
same number means the same for photos and passages, for five files and for a million, for every model. "At best" is the
mean of the best five (fewer in a small library), which tells what is there from what is not better than the best one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.core.records import FloatArray

PRIOR_COUNT = 48.0
"""A library of fewer items has no say in a median or a mean: it is drawn to the bank's by as many votes as this."""
_MIN_STD = 1e-3
_MAX_CACHED_QUERIES = 64  # queries whose readings are kept
# What nonsense reaches in a library too small to tell: a centred cosine, and spreads of the bank.
_MIN_NULL_TOP, _MIN_NULL_TOP_NORMALISED = 0.12, 2.0
_NULL_QUANTILE = 0.95
_MEDIAN_QUANTILE = 0.75
_MAX_TOP_K, _ITEMS_PER_TOP_K = 5, 60
# Without nonsense to compare with (examples are never nonsense), this many spreads count as what chance reaches.
_EXAMPLE_NULL_STDS = 3.2


@dataclass(frozen=True)
class ScoreCalibrator:
    """How scores of one modality are read.

    Attributes:
        bank: (b, d) generic queries, centred, unit length.
        sample: (n, d) units of the library; `centre` and `spread` (n,) are the bank's scores on them.
        plain: how centred cosines are read. `normalised`: how scores standardised by the bank are.
        together: how many of the best tell how far a query stands out: see `head`.
    """

    bank: FloatArray
    sample: FloatArray
    centre: FloatArray
    spread: FloatArray
    plain: ScoreScale
    normalised: ScoreScale
    top_k: int = 1
    _known: dict[bytes, QueryBackground] = field(default_factory=dict, init=False, repr=False, compare=False)

    def cosines(self, query: FloatArray, vectors: FloatArray) -> FloatArray:
        """(n,) evidence of (n, d) vectors by centred cosine alone: the order within a modality."""
        return self.plain.read(vectors @ query, self._reading(query).median)

    def standardised(self, query: FloatArray, vectors: FloatArray) -> FloatArray:
        """(n,) evidence by scores in units of what generic queries score on each item."""
        centre, spread = query_bank_statistics(self.bank, vectors)
        return self.normalised.read((vectors @ query - centre) / spread, self._reading(query).standardised_median)

    def z_score(self, query: FloatArray, vectors: FloatArray) -> FloatArray:
        """(n,) how many spreads of the library's own scores (n, d) vectors stand above their mean.

        What the two kinds of unit are ordered by in one list: standardised by kind (tests/benchmarks/bench_mixed.py).
        Few items say little about mean and spread; generic queries' scores on them stand in.
        """
        known = self._reading(query)
        result: FloatArray = (vectors @ query - known.mean) / known.spread
        return result

    def spreads(self, query: FloatArray) -> float:
        """How many spreads of the library's own scores one unit of `cosines` is."""
        return self.plain.top / self._reading(query).spread

    def calibrated_score(self, query: FloatArray, vectors: FloatArray) -> FloatArray:
        """(n,) evidence that vectors are what a (d,) query means, both readings together."""
        both = self.cosines(query, vectors) + self.standardised(query, vectors)
        result: FloatArray = np.asarray(both / 2, dtype=np.float32)
        return result

    def _reading(self, query: FloatArray) -> QueryBackground:
        """What the query scores on the sample; one search asks for it a dozen times."""
        key = query.tobytes()
        reading = self._known.get(key)
        if reading is None:
            reading = self._read(self.sample @ query)
            if len(self._known) >= _MAX_CACHED_QUERIES:
                self._known.clear()
            self._known[key] = reading
        return reading

    def _read(self, known: FloatArray) -> QueryBackground:
        """The reading of (n,) scores of the sample."""
        count = known.size
        if not count:
            return QueryBackground(0.0, 0.0, 0.0, _MIN_STD)
        usual = float(self.centre.mean()), float((self.spread**2).mean() + self.centre.var())
        mean = (float(known.sum()) + PRIOR_COUNT * usual[0]) / (count + PRIOR_COUNT)
        variance = (float(known.var()) * count + PRIOR_COUNT * usual[1]) / (count + PRIOR_COUNT)
        return QueryBackground(
            self.plain.median(known),
            self.normalised.median((known - self.centre) / self.spread),
            mean,
            max(float(np.sqrt(variance)), _MIN_STD),
        )

    def factor(self, query: FloatArray, nearest: FloatArray) -> float:
        """What brings `cosines` to the scale of both readings: their ratio at the best of (k, d) nearest."""
        if not len(nearest):
            return 1.0
        by_cosine = float(top_k_mean(self.cosines(query, nearest), self.top_k))
        both = (by_cosine + float(top_k_mean(self.standardised(query, nearest), self.top_k))) / 2
        return max(0.1, both / by_cosine) if by_cosine > 0.1 else 1.0


@dataclass(frozen=True, slots=True)
class QueryBackground:
    """What one query scores on a library's sample: its median in both readings, and mean and spread of its scores."""

    median: float
    standardised_median: float
    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """Zero and unit of one reading.

    Attributes:
        highest: the median counts up to here; a library all about one thing is no reason to doubt queries about it.
        share: of the median that counts: little in a library of few files.
        top: what nonsense reaches at best.
    """

    highest: float
    share: float
    top: float

    def median(self, known: FloatArray) -> float:
        return self.share * min(median_of(known), self.highest) if known.size else 0.0

    def read(self, scores: FloatArray, median: float) -> FloatArray:
        """(n,) scores above the `median` of the sample's, in units of `top`."""
        result: FloatArray = (scores - median) / self.top
        return result


def median_of(values: FloatArray) -> float:
    """`np.median` of (n,) values, without the masked arrays that it imports (15 ms of a cold search)."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    return float(np.partition(values, (middle - 1, middle))[middle - 1 : middle + 1].mean())


def top_k_mean(scores: FloatArray, top_k: int) -> FloatArray:
    """The mean of the best few along the last axis: one item may be close to anything by chance, several are not."""
    best = np.partition(scores, -top_k, axis=-1)[..., -top_k:] if scores.shape[-1] > top_k else scores
    result: FloatArray = best.mean(axis=-1)
    return result


def top_k_for(count: int) -> int:
    """How many of the best tell how far a query stands out, in a library of `count` items."""
    return min(_MAX_TOP_K, max(1, count // _ITEMS_PER_TOP_K))


def query_bank_statistics(bank: FloatArray, vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(mean, spread), each (n,), of what a bank of queries (b, d) scores on (n, d) vectors."""
    scores = bank @ vectors.T
    return scores.mean(axis=0), np.maximum(scores.std(axis=0), _MIN_STD)


def fit_calibrator(bank: FloatArray, sample: FloatArray, count: int, nonsense: FloatArray | None) -> ScoreCalibrator:
    """The yardstick of one modality.

    Args:
        bank: (b, d) generic queries. `sample`: (n, d), of `count` units in the library.
        nonsense: (k, d) meaningless queries, or None where queries are examples.
    """
    centre, spread = query_bank_statistics(bank, sample)
    larger = _extreme_value_ratio(count, len(sample))
    top_k = top_k_for(count)
    asked = bank if nonsense is None else nonsense
    plain = _fit_scale(bank @ sample.T, asked @ sample.T, (larger, top_k), _MIN_NULL_TOP, examples=nonsense is None)
    normalised = _fit_scale(
        (bank @ sample.T - centre) / spread,
        (asked @ sample.T - centre) / spread,
        (larger, top_k),
        _MIN_NULL_TOP_NORMALISED,
        examples=nonsense is None,
    )
    return ScoreCalibrator(bank, sample, centre, spread, plain, normalised, top_k)


def _fit_scale(
    bank: FloatArray, asked: FloatArray, library: tuple[float, int], least: float, *, examples: bool
) -> ScoreScale:
    """The scale of (b, n) bank scores and (k, n) scores of what should find nothing.

    Args:
        library: how much higher its best is than the sample's, and how many of the best are looked at together.
    """
    larger, top_k = library
    items = bank.shape[1]
    if not items:
        return ScoreScale(0.0, 0.0, least)
    share = items / (items + PRIOR_COUNT)
    highest = float(np.quantile(np.median(bank, axis=1), _MEDIAN_QUANTILE))
    open_scale = ScoreScale(highest, share, 1.0)
    medians = np.array([open_scale.median(row) for row in asked], dtype=np.float32)
    if examples:  # they find themselves and their like; chance is what the spread of the others allows
        top = _EXAMPLE_NULL_STDS * float(np.median(asked.std(axis=1)))
    else:
        top = float(np.quantile(top_k_mean(asked, top_k) - medians, _NULL_QUANTILE)) * larger
    return ScoreScale(highest, share, max(top, least))


def _extreme_value_ratio(count: int, sampled: int) -> float:
    """How much higher the best of `count` normal scores is than the best of `sampled`: sqrt(2 ln n) grows slowly."""
    if count <= sampled:
        return 1.0
    return float(np.sqrt(np.log(count) / np.log(max(sampled, 2))))
