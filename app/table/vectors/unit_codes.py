"""Unit types and kinds of file as numbers, in the vector file and in memory.

The codes are written to disk: a new unit type gets a new number, none is ever used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from app.core.records import Kind, UnitType

NumberArray: TypeAlias = npt.NDArray[Any]

UNIT_CODES: Mapping[UnitType, int] = {UnitType.PHOTO: 0, UnitType.PAGE: 1, UnitType.PASSAGE: 2}
"""Unit types that have vectors."""
KIND_CODES: Mapping[Kind, int] = {Kind.PHOTO: 0, Kind.DOCUMENT: 1}
UNITS_BY_CODE = {code: unit for unit, code in UNIT_CODES.items()}
KINDS_BY_CODE = {code: kind for kind, code in KIND_CODES.items()}

_UNKNOWN = 255


def encode_names(texts: NumberArray, lengths: NumberArray, codes: Mapping[Any, int]) -> NumberArray:
    """(n,) uint8 codes of names, given as Arrow holds them: their UTF-8 bytes one after the other, and (n,) lengths.

    Raises:
        ValueError: a name has no code.
    """
    starts = np.cumsum(lengths) - lengths
    result = np.full(len(lengths), _UNKNOWN, dtype=np.uint8)
    for name, code in codes.items():
        encoded = np.frombuffer(str(name.value).encode(), dtype=np.uint8)
        rows = np.flatnonzero(lengths == len(encoded))
        if len(rows):
            same = (texts[starts[rows][:, None] + np.arange(len(encoded))] == encoded).all(axis=1)
            result[rows[same]] = code
    if (result == _UNKNOWN).any():
        raise ValueError(f"a row whose type is none of {[str(name.value) for name in codes]}")
    return result
