"""Yardsticks kept on disk: making one takes 0.1 s of medians over the library's sample, which a cold search would pay.

They are kept by everything they are made of, the code that makes them included, so that a stale one is never found.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.records import FloatArray
from app.ranking import calibration
from app.ranking.calibration import ScoreCalibrator, ScoreScale


@lru_cache(maxsize=1)
def _source_code() -> bytes | None:
    """What makes yardsticks; None where it cannot be read, and nothing is kept."""
    try:
        return Path(calibration.__file__).read_bytes()
    except OSError:
        return None


def cached_calibrator(
    file: Path, bank: FloatArray, sample: FloatArray, count: int, nonsense: FloatArray | None
) -> ScoreCalibrator:
    """`background.yardstick` of the same arguments, from its file where it is there, else made and kept."""
    code = _source_code()
    if code is None:
        return calibration.fit_calibrator(bank, sample, count, nonsense)
    key = _digest([np.frombuffer(code, dtype=np.uint8), bank, sample, np.array(count), nonsense])
    known = _read(file, key, bank, sample, count)
    if known is not None:
        return known
    made = calibration.fit_calibrator(bank, sample, count, nonsense)
    buffer = io.BytesIO()
    scales = np.array([astuple(made.plain), astuple(made.normalised)], dtype=np.float64)
    np.savez(buffer, key=np.frombuffer(key, dtype=np.uint8), centre=made.centre, spread=made.spread, scales=scales)
    try:
        write_atomically(file, buffer.getvalue())
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
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as data:
            if data["key"].tobytes() != key:
                return None
            plain, normalised = (ScoreScale(*map(float, row)) for row in data["scales"])
            together = calibration.top_k_for(count)
            return ScoreCalibrator(bank, sample, data["centre"], data["spread"], plain, normalised, together)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None
