"""Loading a picture's pixels, and making the best of what is cut off.

A picture of which more than half can be read is worth finding: it is cropped to what is there and counts as read.
The rest fails with a sentence.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import numpy as np

from app.core.failures import DecodeError
from app.core.records import Failure

if TYPE_CHECKING:
    from PIL import Image, ImageFile

_MIN_READABLE_SHARE = 0.5
_END_OF_JPEG = b"\xff\xd9"


def load_or_salvage(image: ImageFile.ImageFile, file: IO[bytes], draft: tuple[int, int] | None) -> Image.Image:
    """`image` with its pixels loaded, cropped to what could be read where the file is incomplete.

    Args:
        image: opened, header only.
        file: what it was opened from.
        draft: the size `image.draft` was called with, to do the same again.
    """
    try:
        image.load()
        image.fp = None  # or the picture would keep the whole file in memory
        return image
    except MemoryError as error:
        raise DecodeError(Failure.MEMORY, "There was not enough memory to read the picture.") from error
    except Exception as error:  # Pillow's plugins let anything through that broken bytes provoke
        salvaged = _salvaged(image, file, draft)
        if salvaged is not None:
            return salvaged
        damaged = DecodeError(Failure.CORRUPT, "The picture is damaged and cannot be read.")
        raise (truncation_error(file) or damaged) from error


def _salvaged(image: ImageFile.ImageFile, file: IO[bytes], draft: tuple[int, int] | None) -> Image.Image | None:
    try:
        partial = _with_end_marker(file, draft) if image.format in ("JPEG", "MPO") else _partially_decoded(image)
    except Exception:  # the second attempt meets the same broken bytes
        return None
    if partial is None:
        return None
    blank = _blank_rows(partial)
    if blank.mean() > 1 - _MIN_READABLE_SHARE:
        return None
    # What was not decoded lies at the bottom, in BMP at the top, in interlaced pictures in between.
    top, bottom = int(np.argmin(blank)), len(blank) - int(np.argmin(blank[::-1]))
    return partial.crop((0, top, partial.width, bottom))


def _with_end_marker(file: IO[bytes], draft: tuple[int, int] | None) -> Image.Image:
    """A JPEG with the end marker it lacks: the decoder then gives what came, of progressive ones a coarse whole."""
    from PIL import Image

    file.seek(0)
    image = Image.open(io.BytesIO(file.read() + _END_OF_JPEG), formats=["JPEG"])
    if draft:
        image.draft(None, draft)
    image.load()
    return image


def _partially_decoded(image: ImageFile.ImageFile) -> Image.Image | None:
    """The rows that were decoded before the error; Pillow keeps them, the rest is zero."""
    if image._im is None:
        return None
    image.tile = []
    return image.copy()


def _blank_rows(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which rows were never decoded: all zero, or in JPEG mid grey."""
    from PIL import Image

    thin = np.asarray(image.resize((min(image.width, 64), image.height), Image.Resampling.NEAREST))
    rows = thin.reshape(thin.shape[0], -1).astype(np.int64)
    blank: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (rows == 0).all(axis=1)
    blank |= (abs(rows - 128) <= 1).all(axis=1)
    return blank


def truncation_error(file: IO[bytes]) -> DecodeError | None:
    """The error to raise when a file ends too early; None when that is not what is wrong with it."""
    with suppress(OSError, ValueError):
        file.seek(0)
        if is_truncated(file.read()):
            return DecodeError(Failure.TRUNCATED, "The picture breaks off: the file is incomplete.")
    return None


def is_truncated(data: bytes) -> bool:
    """Whether a picture's container says that more bytes should follow."""
    if data.startswith(b"\xff\xd8"):
        # Cameras append things after the end marker, so it may stand well before the end, but rarely inside data.
        return _END_OF_JPEG not in data[len(data) // 2 :]
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-64:]
    if data.startswith(b"GIF8"):
        return not data.rstrip(b"\0").endswith(b";")
    if data.startswith(b"RIFF"):
        return int.from_bytes(data[4:8], "little") + 8 > len(data)
    if data.startswith(b"BM"):
        return int.from_bytes(data[2:6], "little") > len(data)
    if data.startswith((b"II*\0", b"MM\0*")):
        return int.from_bytes(data[4:8], "little" if data.startswith(b"II") else "big") >= len(data)
    if data[4:8] == b"ftyp":
        return _boxes_end(data) > len(data)
    return False


def _boxes_end(data: bytes) -> int:
    """Where the last box of an ISO media file (HEIC, AVIF) should end."""
    position = 0
    while 0 <= position <= len(data) - 16:
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size == 0:
            return len(data)
        if size < 8:
            break
        position += size
    return position
