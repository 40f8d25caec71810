"""Tags taught by examples: a pet, a garden, "our kitchen". The encoder is not trained, its vectors are enough.

With few examples a tag is the mean of the positive ones less the mean of what it is not; from `ENOUGH` on it is an
L2-regularised logistic regression on the vectors, as in CLIP's linear probes (Radford et al. 2021, section 3.2).
Unlabelled pictures of the library stand in as faint counter-examples. How good the tag is, is told by leaving each
example out once and asking whether the others would have found it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.records import FloatArray
from app.tags.prototypes import unit
from app.tags.tagger import Detector

ENOUGH = 8
"""Examples, positive and negative together, from which on a classifier is learnt."""
_POSITIVES_FOR_CLASSIFIER = 3
_LEFT_OUT = 24
"""At most so many rounds of leaving examples out; more examples are left out some at a time."""
_BACKGROUND = 400
_FAR = 3.5
"""Spreads above the library's median that a stranger hardly reaches."""
_STRENGTH = 3.0


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a taught tag works, by leaving examples out.

    Attributes:
        found: share of the positive examples that the others find.
        kept_out: share of the negative examples that are not taken for positive; 1 where there are none.
        proposed: share of the library's sample that the tag would be proposed for.
    """

    positives: int
    negatives: int
    found: float
    kept_out: float
    proposed: float

    @property
    def sentence(self) -> str:
        """For people."""
        if self.positives < 2:
            return "One example only: add more to make it reliable."
        text = f"Finds {round(self.found * self.positives)} of {self.positives} examples when they are left out"
        if self.negatives:
            wrong = round((1 - self.kept_out) * self.negatives)
            text += f", takes {wrong} of {self.negatives} counter-examples for it"
        return text + "."


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt."""

    detector: Detector
    quality: Quality


def learn(
    name: str, positives: FloatArray, negatives: FloatArray, library: FloatArray, fingerprint: str = ""
) -> Lesson:
    """A detector for one taught tag.

    Args:
        positives: (p, d) unit vectors, p >= 1. negatives: (q, d), q >= 0.
        library: (m, d) a sample of the library; may be empty, and may hold pictures of the taught thing.
    """
    ground = _spread_out(library, _BACKGROUND)
    weights = _fitted(positives, negatives, ground)
    left_positive, left_negative = _left_out(positives, negatives, ground)
    threshold, slope = _boundary(left_positive, np.concatenate([left_negative, ground @ weights]), ground @ weights)
    detector = Detector(
        name=name,
        direction=(weights * slope).astype(np.float32),
        bias=float(-threshold * slope),
        fingerprint=fingerprint,
    )
    quality = Quality(
        positives=len(positives),
        negatives=len(negatives),
        found=float((left_positive >= threshold).mean()) if len(positives) > 1 else 0.0,
        kept_out=float((left_negative < threshold).mean()) if len(negatives) else 1.0,
        proposed=float((library @ weights >= threshold).mean()) if len(library) else 0.0,
    )
    return Lesson(detector, quality)


def _fitted(positives: FloatArray, negatives: FloatArray, ground: FloatArray) -> FloatArray:
    """(d,) unit direction along which the tag grows."""
    centre = ground.mean(axis=0) if len(ground) else np.zeros(positives.shape[1], np.float32)
    if len(positives) + len(negatives) < ENOUGH or len(positives) < _POSITIVES_FOR_CLASSIFIER:
        return _prototype(positives, negatives, centre)
    if not len(negatives) and not len(ground):
        return _prototype(positives, negatives, centre)
    return _classifier(positives, negatives, ground, centre)


def _prototype(positives: FloatArray, negatives: FloatArray, centre: FloatArray) -> FloatArray:
    direction = positives.mean(axis=0) - centre
    if len(negatives):
        direction = direction - 0.5 * (negatives.mean(axis=0) - centre)
    return unit(direction)


def _classifier(positives: FloatArray, negatives: FloatArray, ground: FloatArray, centre: FloatArray) -> FloatArray:
    """Each kind weighs the same as the positives, whatever its number; the ground half of that."""
    from sklearn.linear_model import LogisticRegression

    vectors = np.concatenate([positives, negatives, ground]) - centre
    truth = np.repeat([1, 0, 0], [len(positives), len(negatives), len(ground)])
    share = [1.0, len(positives) / max(1, len(negatives)), 0.5 * len(positives) / max(1, len(ground))]
    weights = np.repeat(share, [len(positives), len(negatives), len(ground)])
    # Unit vectors are small numbers: the strength is in units of a cosine's usual spread of about 0.1.
    model = LogisticRegression(C=_STRENGTH * 10, max_iter=500).fit(vectors * 3.0, truth, sample_weight=weights)
    return unit(np.asarray(model.coef_[0], dtype=np.float32))


def _left_out(positives: FloatArray, negatives: FloatArray, ground: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Scores of each example on the direction that the other examples give."""
    count = len(positives) + len(negatives)
    if len(positives) < 2:
        direction = _fitted(positives, negatives, ground)
        return positives @ direction, negatives @ direction
    rounds = np.arange(count) % min(count, _LEFT_OUT)
    positive_round, negative_round = rounds[: len(positives)], rounds[len(positives) :]
    scores = np.zeros(count, dtype=np.float32)
    everything = np.concatenate([positives, negatives])
    for number in range(int(rounds.max()) + 1):
        rest = positives[positive_round != number]
        if len(rest):
            direction = _fitted(rest, negatives[negative_round != number], ground)
            out = rounds == number
            scores[out] = everything[out] @ direction
    return scores[: len(positives)], scores[len(positives) :]


def _boundary(positive: FloatArray, others: FloatArray, library: FloatArray) -> tuple[float, float]:
    """Where to draw the line, and how steep the certainty is there.

    The library may hold the taught thing itself, so its far end must not push the line up: median and lower spread
    say where strangers end.
    """
    typical = float(np.median(positive))
    if len(library) >= 16:
        low, middle = np.quantile(library, [0.1587, 0.5])
        strangers = float(middle + _FAR * (middle - low))
    elif len(others):
        strangers = float(others.max())
    else:
        strangers = typical - 0.3
    if len(others) > len(library):  # counter-examples the person gave
        given = others[: len(others) - len(library)]
        strangers = max(strangers, float(np.quantile(given, 0.75)))
    gap = max(typical - strangers, 0.02)
    threshold = typical - 0.5 * gap if typical > strangers else typical
    # Certainty 0.9 at a typical example, 0.1 where strangers end.
    return threshold, 2.2 / (0.5 * gap)


def _spread_out(vectors: FloatArray, count: int) -> FloatArray:
    """Evenly chosen rows: the sample has no order, so this is a fair choice and always the same."""
    if len(vectors) <= count:
        return vectors
    chosen: npt.NDArray[np.intp] = np.linspace(0, len(vectors) - 1, count).astype(np.intp)
    result: FloatArray = vectors[chosen]
    return result


def together(vectors: Sequence[FloatArray], dimension: int) -> FloatArray:
    """Single vectors as (n, d), also for none."""
    return np.stack(vectors) if vectors else np.zeros((0, dimension), dtype=np.float32)
