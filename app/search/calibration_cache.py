"""Calibrators kept on disk: fitting one takes 0.1 s over the library's sample, which a cold search would pay.

The key covers everything a calibrator is fitted to, and `FIT_VERSION` stands for the code, so that a stale one is never
found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.arrays import read_arrays, write_arrays
from app.core.errors import UserError
from app.core.records import FloatArray
from app.ranking import calibration
from app.ranking.calibration import ScoreCalibrator, ScoreScale

FIT_VERSION = 1
"""Raise it whenever `calibration.fit_calibrator` gives another result for the same arguments."""


def cached_calibrator(
    file: Path, bank: FloatArray, sample: FloatArray, count: int, nonsense: FloatArray | None
) -> ScoreCalibrator:
    """`calibration.fit_calibrator` of the same arguments: from its file if it is there, else fitted and kept."""
    key = _digest([np.array(FIT_VERSION), bank, sample, np.array(count), nonsense])
    known = _read(file, key, bank, sample, count)
    if known is not None:
        return known
    made = calibration.fit_calibrator(bank, sample, count, nonsense)
    scales = np.array([astuple(made.plain), astuple(made.normalised)], dtype=np.float64)
    written = np.frombuffer(key, dtype=np.uint8)
    try:
        write_arrays(file, key=written, centre=made.centre, spread=made.spread, scales=scales)
    except (UserError, OSError):  # a full disk, a cache that is read-only: it is made again the next time
        return made
    return made


def _digest(parts: Sequence[npt.NDArray[Any] | None]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(b"-" if part is None else repr((part.shape, part.dtype.str)).encode())
        if part is not None:
            digest.update(np.ascontiguousarray(part).data)
    return digest.digest()


def _read(file: Path, key: bytes, bank: FloatArray, sample: FloatArray, count: int) -> ScoreCalibrator | None:
    data = read_arrays(file)
    try:
        if data is None or data["key"].tobytes() != key:
            return None
        plain, normalised = (ScoreScale(*map(float, row)) for row in data["scales"])
        top_k = calibration.top_k_for(count)
        return ScoreCalibrator(bank, sample, data["centre"], data["spread"], plain, normalised, top_k)
    except (ValueError, KeyError, TypeError):
        return None
