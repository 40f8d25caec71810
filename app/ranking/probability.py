"""How often is a photo with this evidence what was asked for? Logistic regression over what a search knows of it.

All that is measured comes in units of the library and the model at hand (`app.ranking.calibration`): what nonsense
reaches at best among these photos is 1, whatever the model's cosines are. So weights that were fitted to one library
and one model hold for others. `python -m tests.benchmarks.fit_probability` fits them to judged photos.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp, log

import numpy as np

from app.core.records import FloatArray
from app.query.queries import Band

FEATURES = ("cosine", "standardised", "best", "tagged", "in_vocabulary", "words")
"""What is known of a photo: its scores in both readings, the mean of the library's best few cosines, whether it has the
tag that the query names, whether the query names a tag at all, and how many words it has (at most `MOST_WORDS`)."""
MOST_WORDS = 3
_STRICTNESS_LOGITS = 2.0  # strictness 0 and 100 shift the thresholds by so much
_UNKNOWN_WORDS = 2.0  # logits that a query of unknown words must show more
WORDS_STRONG, WORDS_MAYBE = 0.95, 0.6
"""What is stated of a file whose words prove it, or make it likely."""


@dataclass(frozen=True, slots=True)
class QueryWords:
    """What is known of a query's words.

    Attributes:
        count: of them. `tag`: the label that they name, or "".
        understood: they are words, not random letters, and of a script that the model reads.
    """

    count: int = 0
    tag: str = ""
    understood: bool = True


@dataclass(frozen=True, slots=True)
class RelevanceModel:
    """Weights of the evidence, in the order of `FEATURES`, and the probabilities at which the bands begin."""

    intercept: float
    weights: tuple[float, ...]
    strong: float
    maybe: float

    @property
    def slope(self) -> float:
        """Logits that one unit of score is worth, whatever it comes from."""
        return self.weights[0] + self.weights[1]

    @property
    def tag_bonus(self) -> float:
        """What having the tag is worth, in units of score."""
        return self.weights[FEATURES.index("tagged")] / self.slope

    def logits(self, features: FloatArray) -> FloatArray:
        """(n,) log odds of (n, len(FEATURES)) evidence."""
        result: FloatArray = (features @ np.array(self.weights, dtype=np.float32) + self.intercept).astype(np.float32)
        return result

    def band(self, logit: float, strictness: int = 50) -> Band:
        """The band of a photo with these log odds."""
        shifted = logit - _STRICTNESS_LOGITS * (strictness - 50) / 50
        if shifted >= _logit(self.strong):
            return Band.STRONG
        return Band.MAYBE if shifted >= _logit(self.maybe) else Band.WEAK


def probability(logit: float) -> float:
    """0-1."""
    return 1 / (1 + exp(-logit)) if logit > -60 else 0.0


def doubt(understood: bool) -> float:
    """Logits taken off: letters that are no words score like words now and then."""
    return 0.0 if understood else _UNKNOWN_WORDS


def photo_features(
    cosines: FloatArray, standardised: FloatArray, best: float, tagged: FloatArray, words: QueryWords
) -> FloatArray:
    """(n, len(FEATURES)) evidence of n photos; `cosines`, `standardised` and `tagged` (0 or 1) are (n,)."""
    rest = np.tile(np.array([bool(words.tag), min(words.count, MOST_WORDS)], dtype=np.float32), (len(cosines), 1))
    head = np.full(len(cosines), best, dtype=np.float32)
    result: FloatArray = np.column_stack((cosines, standardised, head, tagged, rest)).astype(np.float32)
    return result


@lru_cache(maxsize=1)
def relevance_model() -> RelevanceModel:
    """The weights that ship with the program."""
    values = json.loads((resources.files("resources") / "relevance.json").read_text("utf-8"))
    weights = tuple(float(values["weights"][name]) for name in FEATURES)
    return RelevanceModel(float(values["intercept"]), weights, float(values["strong"]), float(values["maybe"]))


def _logit(share: float) -> float:
    return log(share / (1 - share))
