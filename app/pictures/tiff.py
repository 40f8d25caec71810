"""TIFF of the kinds that Pillow refuses or gets wrong, through tifffile: floating point, planes of 16 bits, white as
zero in 16 bits, BigTIFF of either order."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata.tags import Tags, read_raw_tags
from app.pictures.colour import to_8_bits
from app.pictures.limits import Limits, check_bytes

if TYPE_CHECKING:
    from PIL import Image, ImageFile

TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_BITS, _PHOTOMETRIC, _PLANAR = 258, 262, 284
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE = 0, 1, 2, 3
_UNSUPPORTED = "This is a TIFF picture of a kind that cannot be read yet."


def pillow_misreads(image: ImageFile.ImageFile) -> bool:
    """Whether Pillow shows a TIFF as a negative, or its first plane alone."""
    tags = getattr(image, "tag_v2", None)
    if image.format != "TIFF" or tags is None:
        return False
    bits = tags.get(_BITS, (1,))
    deep = max(bits if isinstance(bits, tuple) else (bits,)) > 8
    return bool(deep and (tags.get(_PLANAR) == 2 or tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO))


def read_tiff(file: IO[bytes], limits: Limits) -> tuple[Image.Image, Tags]:
    """The first page as 8 bits grey, RGB or RGBA, as it is stored, with its tags.

    Raises:
        DecodeError: too large, damaged, or of a kind that cannot be read.
    """
    import tifffile

    file.seek(0)
    data = file.read()
    try:
        with tifffile.TiffFile(io.BytesIO(data)) as opened:
            page = opened.pages[0]
            check_bytes(page.imagewidth, page.imagelength, 16, len(data), limits)
            values = _channels_last(page.asarray(), page)
            return _picture(values, page), _tags(data, page)
    except DecodeError:
        raise
    except MemoryError as error:
        raise DecodeError(Failure.MEMORY, "There was not enough memory to read the picture.") from error
    except Exception as error:  # whatever broken or rare TIFF provokes
        raise DecodeError(Failure.UNSUPPORTED, _UNSUPPORTED) from error


def _channels_last(values: np.ndarray[Any, Any], page: Any) -> np.ndarray[Any, Any]:
    if values.ndim == 3 and page.planarconfig == 2 and values.shape[0] == page.samplesperpixel:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim not in (2, 3) or values.dtype.kind not in "uif":
        raise ValueError(f"pixels of shape {values.shape} and type {values.dtype}")
    return values


def _picture(values: np.ndarray[Any, Any], page: Any) -> Image.Image:
    from PIL import Image

    photometric = int(page.photometric)
    if photometric not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB):
        raise ValueError(f"photometric interpretation {photometric}")
    grey = values if values.ndim == 2 else values[:, :, : 3 if photometric == _RGB else 1]
    pixels = to_8_bits(grey)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    if photometric == _WHITE_IS_ZERO:
        pixels = 255 - pixels
    image = Image.fromarray(np.ascontiguousarray(pixels))
    profile = page.tags.valueof(34675)
    if isinstance(profile, bytes):
        image.info["icc_profile"] = profile
    return image


def _tags(data: bytes, page: Any) -> Tags:
    """Tags of the file: BigTIFF's are read by tifffile alone."""
    if not data.startswith(TIFF_HEADS[2:]):
        return read_raw_tags(data)
    main: dict[int, Any] = {}
    for tag in page.tags:
        with suppress(Exception):
            main[int(tag.code)] = int(tag.value) if isinstance(tag.value, int) else tag.value
    xmp = main.get(700)
    return Tags(main=main, xmp=xmp if isinstance(xmp, bytes) else b"")
