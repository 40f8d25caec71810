"""From weighted parts to one query vector: arithmetic in the embedding space, and feedback, which is the same thing.

Each part is centred by the mean of its own modality first (GR-CLIP, arXiv 2507.19054): what all texts, or all
pictures, have in common says nothing about what is meant, and would weigh more than it in any sum across modalities.
Feedback is Rocchio's (The SMART Retrieval System, 1971): marked hits are parts with weights, so taking a mark back is
leaving out a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.records import FloatArray

MORE_LIKE_WEIGHT, LESS_LIKE_WEIGHT = 0.6, -0.4
"""Weights of a hit marked "more of this" and "less of this", beside 1 for what was typed."""


@dataclass(frozen=True, slots=True)
class WeightedVector:
    """A part as a vector: (d,) unit length, the mean (d,) of its modality, and its weight."""

    vector: FloatArray
    mean: FloatArray
    weight: float


def centred(vectors: FloatArray, mean: FloatArray) -> FloatArray:
    """(n, d) or (d,) vectors without their mean, unit length again; a vector that equals the mean stays zero."""
    rest = vectors - mean
    length = np.linalg.norm(rest, axis=-1, keepdims=True)
    result: FloatArray = (rest / np.maximum(length, 1e-6)).astype(np.float32)
    return result


def compose(parts: Sequence[WeightedVector]) -> FloatArray | None:
    """The (d,) unit vector that all parts together mean, or None where they cancel out or nothing is asked for."""
    if not any(part.weight > 0 for part in parts):
        return None
    total = _weighted_sum(parts)
    length = float(np.linalg.norm(total))
    if not np.isfinite(length) or length < 1e-4:
        return None
    result: FloatArray = (total / length).astype(np.float32)
    return result


def rejection_norm(parts: Sequence[WeightedVector]) -> float:
    """How long the sum of all parts is, beside the sum of those that are not subtracted.

    A query of so many times unit length scores what has nothing of the subtracted parts as the query without them does.
    """
    wanted = [part for part in parts if part.weight > 0]
    return float(np.linalg.norm(_weighted_sum(parts))) / max(float(np.linalg.norm(_weighted_sum(wanted))), 1e-6)


def _weighted_sum(parts: Sequence[WeightedVector]) -> FloatArray:
    result: FloatArray = np.sum([part.weight * centred(part.vector, part.mean) for part in parts], axis=0)
    return result
