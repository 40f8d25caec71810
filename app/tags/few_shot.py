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

from app.core.records import FloatArray
from app.tags.prototypes import normalise
from app.tags.tagger import LinearProbe

MIN_EXAMPLES_FOR_REGRESSION = 8
"""Examples, positive and negative together, from which on a classifier is learnt."""
_POSITIVES_FOR_CLASSIFIER = 3
_MAX_FOLDS = 24
"""At most so many rounds of leaving examples out; more examples are left out some at a time."""
_MAX_NEGATIVE_SAMPLE = 400
_NEGATIVE_SPREADS = 4.5
"""Spreads above the library's median that a stranger hardly reaches."""
_BOUNDARY_POSITION = 0.5
"""How far from where strangers end towards a typical example the line is drawn."""
_REGULARISATION_C = 0.03
_SHRINKAGE = 1.0
_NEGATIVE_WEIGHT = 0.25
_MIN_SAMPLE_FOR_WHITENING = 128
_LOOKALIKE_SPREADS = 3.0
_SINGLE_EXAMPLE_SHARE = 0.6
"""Where other pictures of the thing are expected between strangers and the only example."""
_UNWHITENED_SCALE = 10.0
"""Without a library there is nothing to whiten by: unit vectors are brought to the usual size of whitened ones."""


@dataclass(frozen=True, slots=True)
class ProbeQuality:
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
class TrainedProbe:
    """What was learnt."""

    probe: LinearProbe
    quality: ProbeQuality


@dataclass(frozen=True)
class _Whitening:
    """The library as the ground from which a tag stands out.

    Attributes:
        centre: (d,) mean of the sample. whiten: (d, d) takes out in which directions the library varies anyway.
        sample: (m, d) some of it.
    """

    centre: FloatArray
    whiten: FloatArray
    sample: FloatArray


def train_probe(
    name: str, positives: FloatArray, negatives: FloatArray, library: FloatArray, fingerprint: str = ""
) -> TrainedProbe:
    """A detector for one taught tag.

    Args:
        positives: (p, d) unit vectors, p >= 1. negatives: (q, d), q >= 0.
        library: (m, d) a sample of the library; may be empty, and may hold pictures of the taught thing.
    """
    ground = _whitening(_without_lookalikes(library, positives), positives.shape[1])
    weights = _fit_direction(positives, negatives, ground)
    left_positive, left_negative = _leave_one_out_scores(positives, negatives, ground)
    threshold, slope = _boundary(left_positive, left_negative, library @ weights)
    probe = LinearProbe(
        name=name,
        direction=(weights * slope).astype(np.float32),
        bias=float(-threshold * slope),
        fingerprint=fingerprint,
    )
    quality = ProbeQuality(
        positives=len(positives),
        negatives=len(negatives),
        found=float((left_positive >= threshold).mean()) if len(positives) > 1 else 0.0,
        kept_out=float((left_negative < threshold).mean()) if len(negatives) else 1.0,
        proposed=float((library @ weights >= threshold).mean()) if len(library) else 0.0,
    )
    return TrainedProbe(probe, quality)


def _whitening(library: FloatArray, dimension: int) -> _Whitening:
    if len(library) < _MIN_SAMPLE_FOR_WHITENING:
        centre = library.mean(axis=0) if len(library) else np.zeros(dimension, np.float32)
        return _Whitening(centre, np.eye(dimension, dtype=np.float32) * _UNWHITENED_SCALE, library)
    centre = library.mean(axis=0)
    covariance = np.cov((library - centre).T)
    mean_variance = np.trace(covariance) / dimension
    ridge = (
        _SHRINKAGE * (1 + dimension / len(library)) * mean_variance
    )  # few pictures tell little of so many directions
    whiten = np.linalg.inv(np.linalg.cholesky(covariance + ridge * np.eye(dimension)))
    return _Whitening(centre, whiten.astype(np.float32), _evenly_spaced(library, _MAX_NEGATIVE_SAMPLE))


def _without_lookalikes(library: FloatArray, positives: FloatArray) -> FloatArray:
    """The library without pictures that may well show the taught thing: they must not count against it."""
    if len(library) < _MIN_SAMPLE_FOR_WHITENING:
        return library
    scores = library @ (positives.mean(axis=0) - library.mean(axis=0))
    low, middle = np.quantile(scores, [0.1587, 0.5])
    kept: FloatArray = library[scores <= middle + _LOOKALIKE_SPREADS * (middle - low)]
    return kept


def _fit_direction(positives: FloatArray, negatives: FloatArray, ground: _Whitening) -> FloatArray:
    """(d,) unit direction along which the tag grows."""
    few = len(positives) + len(negatives) < MIN_EXAMPLES_FOR_REGRESSION or len(positives) < _POSITIVES_FOR_CLASSIFIER
    if few or not (len(negatives) or len(ground.sample)):
        direction = positives.mean(axis=0) - ground.centre
        if len(negatives):
            direction = direction - _NEGATIVE_WEIGHT * (negatives.mean(axis=0) - ground.centre)
        whitened = ground.whiten @ direction
    else:
        whitened = _fit_logistic_regression(positives, negatives, ground)
    return normalise(ground.whiten.T @ whitened)


def _fit_logistic_regression(positives: FloatArray, negatives: FloatArray, ground: _Whitening) -> FloatArray:
    """(d,) weights in the whitened space.

    Counter-examples are often close calls, so that all together they weigh less than the positives; the ground weighs
    more than both, as most pictures are strangers.
    """
    from sklearn.linear_model import LogisticRegression

    vectors = (np.concatenate([positives, negatives, ground.sample]) - ground.centre) @ ground.whiten.T
    counts = [len(positives), len(negatives), len(ground.sample)]
    share = [1.0, 0.3 * len(positives) / max(1, len(negatives)), 3.0 * len(positives) / max(1, len(ground.sample))]
    model = LogisticRegression(C=_REGULARISATION_C, max_iter=300)
    model.fit(vectors, np.repeat([1, 0, 0], counts), sample_weight=np.repeat(share, counts))
    return np.asarray(model.coef_[0], dtype=np.float32)


def _leave_one_out_scores(
    positives: FloatArray, negatives: FloatArray, ground: _Whitening
) -> tuple[FloatArray, FloatArray]:
    """Scores of each example on the direction that the other examples give."""
    count = len(positives) + len(negatives)
    if len(positives) < 2:
        direction = _fit_direction(positives, negatives, ground)
        return positives @ direction, negatives @ direction
    rounds = np.arange(count) % min(count, _MAX_FOLDS)
    positive_round, negative_round = rounds[: len(positives)], rounds[len(positives) :]
    scores = np.zeros(count, dtype=np.float32)
    everything = np.concatenate([positives, negatives])
    for number in range(int(rounds.max()) + 1):
        rest = positives[positive_round != number]
        if len(rest):
            direction = _fit_direction(rest, negatives[negative_round != number], ground)
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
        strangers = float(middle + _NEGATIVE_SPREADS * (middle - low))
    elif len(negative):
        strangers = float(negative.max())
    else:
        strangers = typical - 0.3
    if len(negative):
        strangers = max(strangers, float(np.quantile(negative, 0.75)))
    if len(positive) == 1:
        typical = strangers + _SINGLE_EXAMPLE_SHARE * (typical - strangers)
    gap = max(typical - strangers, 0.02)
    threshold = typical - (1 - _BOUNDARY_POSITION) * gap if typical > strangers else typical
    # Certainty 0.9 at a typical example.
    return threshold, 2.2 / max((1 - _BOUNDARY_POSITION) * gap, 1e-3)


def _evenly_spaced(vectors: FloatArray, count: int) -> FloatArray:
    """Evenly chosen rows: the sample has no order, so this is a fair choice and always the same."""
    if len(vectors) <= count:
        return vectors
    chosen: npt.NDArray[np.intp] = np.linspace(0, len(vectors) - 1, count).astype(np.intp)
    result: FloatArray = vectors[chosen]
    return result


def stack_rows(vectors: Sequence[FloatArray], dimension: int) -> FloatArray:
    """Single vectors as (n, d), also for none."""
    return np.stack(vectors) if vectors else np.zeros((0, dimension), dtype=np.float32)
