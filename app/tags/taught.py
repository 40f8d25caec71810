"""Tags taught by examples: a pet, a garden, "our kitchen". The encoder is not trained, its vectors are enough.

Vectors are whitened by the library's own covariance first, so that what its pictures differ in anyway counts little.
With few examples a tag is the mean of the positive ones less some of the mean of what it is not, which after whitening
is Gaussian discriminant analysis (Wang et al. 2024, arXiv 2402.04087); from `ENOUGH` on it is an L2-regularised
logistic regression, as in CLIP's linear probes (Radford et al. 2021, section 3.2). Unlabelled pictures of the library
stand in as counter-examples. How good the tag is, is told by leaving each
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
_FAR = 4.5
"""Spreads above the library's median that a stranger hardly reaches."""
_LINE = 0.5
"""How far from where strangers end towards a typical example the line is drawn."""
_STRENGTH = 0.03
_SHRINKAGE = 1.0
_AWAY = 0.25
_WHITEN_FROM = 128
_DOUBTFUL = 3.0
_UNSEEN = 0.6
"""Where other pictures of the thing are expected between strangers and the only example."""
_PLAIN_SCALE = 10.0
"""Without a library there is nothing to whiten by: unit vectors are brought to the usual size of whitened ones."""


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


@dataclass(frozen=True)
class _Ground:
    """The library as the ground from which a tag stands out.

    Attributes:
        centre: (d,) mean of the sample. whiten: (d, d) takes out in which directions the library varies anyway.
        sample: (m, d) some of it.
    """

    centre: FloatArray
    whiten: FloatArray
    sample: FloatArray


def learn(
    name: str, positives: FloatArray, negatives: FloatArray, library: FloatArray, fingerprint: str = ""
) -> Lesson:
    """A detector for one taught tag.

    Args:
        positives: (p, d) unit vectors, p >= 1. negatives: (q, d), q >= 0.
        library: (m, d) a sample of the library; may be empty, and may hold pictures of the taught thing.
    """
    ground = _ground(_strangers(library, positives), positives.shape[1])
    weights = _fitted(positives, negatives, ground)
    left_positive, left_negative = _left_out(positives, negatives, ground)
    threshold, slope = _boundary(left_positive, left_negative, library @ weights)
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


def _ground(library: FloatArray, dimension: int) -> _Ground:
    if len(library) < _WHITEN_FROM:
        centre = library.mean(axis=0) if len(library) else np.zeros(dimension, np.float32)
        return _Ground(centre, np.eye(dimension, dtype=np.float32) * _PLAIN_SCALE, library)
    centre = library.mean(axis=0)
    covariance = np.cov((library - centre).T)
    usual = np.trace(covariance) / dimension
    held = _SHRINKAGE * (1 + dimension / len(library)) * usual  # few pictures tell little of so many directions
    whiten = np.linalg.inv(np.linalg.cholesky(covariance + held * np.eye(dimension)))
    return _Ground(centre, whiten.astype(np.float32), _spread_out(library, _BACKGROUND))


def _strangers(library: FloatArray, positives: FloatArray) -> FloatArray:
    """The library without pictures that may well show the taught thing: they must not count against it."""
    if len(library) < _WHITEN_FROM:
        return library
    scores = library @ (positives.mean(axis=0) - library.mean(axis=0))
    low, middle = np.quantile(scores, [0.1587, 0.5])
    kept: FloatArray = library[scores <= middle + _DOUBTFUL * (middle - low)]
    return kept


def _fitted(positives: FloatArray, negatives: FloatArray, ground: _Ground) -> FloatArray:
    """(d,) unit direction along which the tag grows."""
    few = len(positives) + len(negatives) < ENOUGH or len(positives) < _POSITIVES_FOR_CLASSIFIER
    if few or not (len(negatives) or len(ground.sample)):
        direction = positives.mean(axis=0) - ground.centre
        if len(negatives):
            direction = direction - _AWAY * (negatives.mean(axis=0) - ground.centre)
        white = ground.whiten @ direction
    else:
        white = _classifier(positives, negatives, ground)
    return unit(ground.whiten.T @ white)


def _classifier(positives: FloatArray, negatives: FloatArray, ground: _Ground) -> FloatArray:
    """(d,) weights in the whitened space.

    Counter-examples are often close calls, so that all together they weigh less than the positives; the ground weighs
    more than both, as most pictures are strangers.
    """
    from sklearn.linear_model import LogisticRegression

    vectors = (np.concatenate([positives, negatives, ground.sample]) - ground.centre) @ ground.whiten.T
    counts = [len(positives), len(negatives), len(ground.sample)]
    share = [1.0, 0.3 * len(positives) / max(1, len(negatives)), 3.0 * len(positives) / max(1, len(ground.sample))]
    model = LogisticRegression(C=_STRENGTH, max_iter=300)
    model.fit(vectors, np.repeat([1, 0, 0], counts), sample_weight=np.repeat(share, counts))
    return np.asarray(model.coef_[0], dtype=np.float32)


def _left_out(positives: FloatArray, negatives: FloatArray, ground: _Ground) -> tuple[FloatArray, FloatArray]:
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


def _boundary(positive: FloatArray, negative: FloatArray, library: FloatArray) -> tuple[float, float]:
    """Where to draw the line, and how steep the certainty is there.

    The library may hold the taught thing itself, so its far end must not push the line up: median and lower spread
    say where strangers end.
    """
    typical = float(np.median(positive))
    if len(library) >= 16:
        low, middle = np.quantile(library, [0.1587, 0.5])
        strangers = float(middle + _FAR * (middle - low))
    elif len(negative):
        strangers = float(negative.max())
    else:
        strangers = typical - 0.3
    if len(negative):
        strangers = max(strangers, float(np.quantile(negative, 0.75)))
    if len(positive) == 1:
        typical = strangers + _UNSEEN * (typical - strangers)
    gap = max(typical - strangers, 0.02)
    threshold = typical - (1 - _LINE) * gap if typical > strangers else typical
    # Certainty 0.9 at a typical example.
    return threshold, 2.2 / max((1 - _LINE) * gap, 1e-3)


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
