"""Arrays kept in npz files that can be made anew at any time: caches."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.atomic_write import write_atomically

log = logging.getLogger(__name__)


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]] | None:
    """All arrays of a file; None where there is none, or it is damaged in whatever way: then it is made anew."""
    try:
        # Opened here, since numpy leaves a file open that turns out to be no archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return {name: data[name] for name in data.files}
    except FileNotFoundError:
        return None
    except Exception as error:  # what zipfile, zlib and numpy raise over damaged bytes is no closed list
        log.info("%s cannot be read and is made anew: %r", path.name, error)
        return None


def write_arrays(path: Path, **arrays: npt.NDArray[Any]) -> None:
    """Replace the file, whole or not at all.

    Raises:
        UserError: it cannot be written.
    """
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type, unused-ignore]
    write_atomically(path, buffer.getvalue())
