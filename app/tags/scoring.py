"""From vectors to certainties: matrix products in blocks, without opening a picture.

For one picture x and label j with direction p_j (`app.tags.label_space`), s_j = x . p_j and

    a_j = log softmax over the yardstick of  TEMPERATURE * s / std(s)      how j stands among all labels
    b_j = log softmax over j's group of      (s - centre) / spread         how j stands in its group, each label
                                                                           judged by the library's own scores
    certainty = sigmoid(A * a_j + B * b_j + C)

Where a group says that it shows a label (activities show a person), a_j of that label and of those below it is taken
over all of these together (`_gather_shown`).

`std` is taken over the yardstick for each picture by itself, so that models with narrow and with wide cosines are
read alike. A, B and C were fitted once on labelled photos that the starter was not trained on; that the result means
what it says is the reliability curve in tests/benchmarks/bench_tagging.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray

if TYPE_CHECKING:
    from app.tags.label_space import LabelSpace

TEMPERATURE = 1.5
BLOCK = 2048
"""Rows at once: 2048 x 600 float32 is 5 MB, and stays near the cores."""
_Z_LIMIT = 30.0
_ABOVE_CHANCE = 2.0
"""Shares of the softmax below so many times an even one say nothing. Chosen on half of the photos of
tests/benchmarks/bench_tagging.py, judged on the other."""
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class LogisticWeights:
    """A, B and C of the formula above."""

    among_all: float
    in_group: float
    bias: float


WITH_LIBRARY = LogisticWeights(0.96, 0.23, 2.25)
WITHOUT_LIBRARY = LogisticWeights(1.07, 0.0, 2.05)
"""What holds while there is no library to compare with: b_j is unknown then."""


@dataclass(frozen=True)
class Background:
    """How the library's units score on each direction.

    Attributes:
        centre, spread: (r + e,) median, and distance from it to the 16th percentile: the side on which a label
            seldom is present.
        trust: 0-1, how much the library is to be believed; grows with its size.
    """

    centre: FloatArray
    spread: FloatArray
    trust: float


def raw_scores(vectors: FloatArray, directions: FloatArray) -> FloatArray:
    """(n, r + e) cosines."""
    result: FloatArray = vectors @ directions.T
    return result


def certainties(vectors: FloatArray, space: LabelSpace, background: Background) -> FloatArray:
    """(n, labels) certainties 0-1 of n unit vectors; n should be at most `BLOCK`."""
    scores = raw_scores(vectors, space.directions)
    own = space.rows >= space.reference_count
    among_scores = _among_all(scores, space, own)
    trust = background.trust
    weight, bias = (
        trust * with_library + (1 - trust) * without
        for with_library, without in (
            (WITH_LIBRARY.among_all, WITHOUT_LIBRARY.among_all),
            (WITH_LIBRARY.bias, WITHOUT_LIBRARY.bias),
        )
    )
    logits = among_scores
    logits *= weight
    logits += bias
    if trust > 0:
        in_group_scores = _in_group(scores, space, background, own)
        in_group_scores *= trust * WITH_LIBRARY.in_group
        logits += in_group_scores
    return sigmoid(logits)


def _among_all(scores: FloatArray, space: LabelSpace, own: npt.NDArray[np.bool_]) -> FloatArray:
    """(n, labels) log softmax over the yardstick; a label outside it is added to it for itself."""
    fixed = scores[:, : space.reference_count]
    mean = fixed.mean(axis=1, keepdims=True)
    squares = np.einsum("ij,ij->i", fixed, fixed)[:, np.newaxis] / space.reference_count
    scale = TEMPERATURE / np.sqrt(np.maximum(squares - mean**2, 1e-12))
    scaled = scores - fixed.max(axis=1, keepdims=True)
    scaled *= scale
    whole = np.log(np.exp(scaled[:, : space.reference_count]).sum(axis=1, keepdims=True))
    _gather_shown(scaled, whole, space)
    result = _of_labels(scaled, space)
    if own.any():
        own_scores = result[:, own]
        result -= whole
        result[:, own] = own_scores - np.logaddexp(whole, own_scores)
    else:
        result -= whole
    return result


def _gather_shown(scaled: FloatArray, whole: FloatArray, space: LabelSpace) -> None:
    """A softmax has one winner, but whoever plays tennis is a person, too: what speaks for the label, for those below
    it and for those that show it is added up, as far as it is above chance, and what is below shares in that as it
    stands among itself. In place; `whole` (n, 1) is the logarithm of the softmax's sum."""
    for row, below, by in space.shown:
        chance = np.exp(whole) * (_ABOVE_CHANCE / space.reference_count)
        own_scores, own = np.exp(scaled[:, below]), np.exp(scaled[:, row])
        total = np.maximum(np.exp(scaled[:, by]) - chance, 0.0).sum(axis=1)
        total += np.maximum(own_scores - chance, 0.0).sum(axis=1)
        total += np.maximum(own - chance[:, 0], 0.0)
        scaled[:, row] = np.log(np.maximum(total, own) + _TINY)
        share = total / np.maximum(own_scores.sum(axis=1), _TINY)
        scaled[:, below] = np.log(own_scores * (1.0 + share)[:, np.newaxis] + _TINY)


def _in_group(scores: FloatArray, space: LabelSpace, background: Background, own: npt.NDArray[np.bool_]) -> FloatArray:
    """(n, labels) log softmax over the yardstick's labels of the same group, of scores relative to the library's."""
    relative = scores - background.centre
    relative /= background.spread
    np.minimum(relative, _Z_LIMIT, out=relative)
    sums = np.add.reduceat(np.exp(relative[:, : space.reference_count]), space.starts, axis=1)
    sums = np.concatenate([sums, sums.sum(axis=1, keepdims=True)], axis=1)  # -1: the whole yardstick
    whole = np.take(np.log(sums), space.group_of[space.rows], axis=1)
    result = _of_labels(relative, space)
    if own.any():
        whole[:, own] = np.logaddexp(whole[:, own], result[:, own])
    result -= whole
    return result


def _of_labels(values: FloatArray, space: LabelSpace) -> FloatArray:
    """(n, labels) columns of the active labels. While the user changed nothing these are all columns in order."""
    if space.is_identity:
        return values
    result: FloatArray = np.take(values, space.rows, axis=1)
    return result


def sigmoid(logits: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)), in place."""
    np.clip(logits, -30.0, 30.0, out=logits)
    np.negative(logits, out=logits)
    np.exp(logits, out=logits)
    logits += 1.0
    result: FloatArray = np.reciprocal(logits, out=logits)
    return result
