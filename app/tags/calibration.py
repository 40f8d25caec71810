"""What the library's own scores say: each label's background, and each group's threshold.

A label's background is how the library scores on it in general; it is measured on the fixed sample of the library's
vectors that the index keeps. A group's threshold is the lowest certainty at which the proposals of that group over
the whole sample are still expected to be right often enough: a group in which this library shows many clear cases may
go lower than one with few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.core.arrays import read_arrays, write_arrays
from app.core.records import FloatArray
from app.tags.label_space import LabelSpace
from app.tags.scoring import BLOCK, Background, certainties, raw_scores
from app.tags.vocabulary import digest

TARGET_PRECISION = 0.6
MIN_THRESHOLD, MAX_THRESHOLD = 0.25, 0.7
_HALF_TRUST_VECTORS = 64
"""Sample vectors at which the library's word counts half."""
_SPREAD_PRIOR = 0.5
_UNCALIBRATED_THRESHOLD = 0.4
"""Threshold while there is no library."""


@dataclass(frozen=True)
class Calibration:
    """For one modality ("image" or "text").

    Attributes:
        thresholds: group -> lowest certainty that is proposed.
        stage: grows when the sample has grown fourfold; scores of another stage are made anew.
    """

    background: Background
    thresholds: Mapping[str, float]
    stage: int
    fingerprint: str


def size_stage(count: int) -> int:
    """0 below 16 vectors, then one more for every fourfold."""
    return 0 if count < 16 else int(np.log(count / 16) / np.log(4)) + 1


def background_of(sample: FloatArray, directions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(k,) centre and spread of the sample's scores on k directions; robust against the labels that are there."""
    scores = raw_scores(sample, directions)
    low, centre = np.quantile(scores, [0.1587, 0.5], axis=0)
    spread = centre - low
    # A label's own spread, held near the usual one: few vectors and odd labels must not decide alone.
    typical_spread = float(np.median(spread)) or 1e-3
    regularised = np.sqrt((1 - _SPREAD_PRIOR) * spread**2 + _SPREAD_PRIOR * typical_spread**2)
    return centre.astype(np.float32), np.maximum(regularised, 1e-4).astype(np.float32)


def calibrate(sample: FloatArray, space: LabelSpace, store: Path | None = None) -> Calibration:
    """The calibration for a sample (n, d) of the library, which may be empty.

    `store` keeps each label's background for as long as the stage lasts, so that a growing library does not shift
    the scores of yesterday, and a changed label is measured without touching the others.
    """
    stage = size_stage(len(sample))
    if stage == 0:
        count = len(space.keys)
        background = Background(np.zeros(count, np.float32), np.ones(count, np.float32), 0.0)
        thresholds = dict.fromkeys(space.groups, _UNCALIBRATED_THRESHOLD)
        return Calibration(background, thresholds, 0, "0")
    known = _load(store, stage)
    missing = [row for row, key in enumerate(space.keys) if key not in known]
    if missing:
        centre, spread = background_of(sample, space.directions[missing])
        known |= {space.keys[row]: (c, s) for row, c, s in zip(missing, centre, spread, strict=True)}
        _save(store, stage, known)
    values = np.array([known[key] for key in space.keys], dtype=np.float32)
    size = 16 * 4 ** (stage - 1)
    background = Background(values[:, 0].copy(), values[:, 1].copy(), size / (size + _HALF_TRUST_VECTORS))
    thresholds = thresholds_of(sample, space, background)
    return Calibration(background, thresholds, stage, digest([str(stage)]))


def thresholds_of(sample: FloatArray, space: LabelSpace, background: Background) -> dict[str, float]:
    """Per group, the lowest certainty at which the mean certainty of what is proposed is `WANTED_PRECISION`."""
    groups = np.array([label.group for label in space.labels])
    high: dict[str, list[FloatArray]] = {}
    for start in range(0, len(sample), BLOCK):
        block = certainties(sample[start : start + BLOCK], space, background)
        for group in space.groups:
            values = block[:, groups == group]
            high.setdefault(group, []).append(values[values >= MIN_THRESHOLD])
    return {group: _threshold(np.concatenate(parts)) for group, parts in high.items()}


def _threshold(values: FloatArray) -> float:
    if not values.size:
        return 0.5
    ordered = np.sort(values)[::-1]
    expected = np.cumsum(ordered) / np.arange(1, ordered.size + 1)
    precise_enough = np.flatnonzero(expected >= TARGET_PRECISION)
    lowest = float(ordered[precise_enough[-1]]) if precise_enough.size else MAX_THRESHOLD
    # Two digits: a threshold that trembles with the sample would make every row stale.
    return round(min(max(lowest, MIN_THRESHOLD), MAX_THRESHOLD), 2)


def _load(store: Path | None, stage: int) -> dict[str, tuple[float, float]]:
    data = read_arrays(store) if store is not None else None
    try:
        if data is None or int(data["stage"]) != stage:
            return {}
        return {key: (c, s) for key, c, s in zip(data["keys"].tolist(), data["centre"], data["spread"], strict=True)}
    except (ValueError, KeyError, TypeError):
        return {}


def _save(store: Path | None, stage: int, known: Mapping[str, tuple[float, float]]) -> None:
    if store is None:
        return
    values = np.array(list(known.values()), dtype=np.float32)
    write_arrays(store, stage=np.array(stage), keys=np.array(list(known)), centre=values[:, 0], spread=values[:, 1])
