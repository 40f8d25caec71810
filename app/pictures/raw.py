"""Camera RAW: the preview the camera embedded; only where that is missing or tiny a quick development."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.pictures.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

# LibRaw's "flip" as the EXIF orientation that makes it upright (libraw_types.h: 3 = 180°, 5 = 90° left, 6 = 90° right).
_ORIENTATION_OF_FLIP = {0: 1, 3: 3, 5: 8, 6: 6}


def raw_preview(data: bytes, *, min_side: int, limits: Limits) -> tuple[bytes | Image.Image, int, tuple[int, int]]:
    """What to show of a RAW file.

    Returns:
        JPEG bytes or a picture; the EXIF orientation to turn it by where it does not carry its own; and width and
        height of the developed picture, upright.
    """
    import rawpy

    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            sizes = raw.sizes
            _check(sizes, limits)
            size = (int(sizes.width), int(sizes.height))
            if sizes.flip in (5, 6):
                size = (size[1], size[0])
            orientation = _ORIENTATION_OF_FLIP.get(int(sizes.flip), 1)
            preview = _embedded_preview(raw, min(min_side, *size))
            if preview is not None:
                return preview, orientation, size
            return _develop(raw), 1, size
    except rawpy.LibRawFileUnsupportedError as error:
        raise DecodeError(Failure.UNSUPPORTED, "This kind of camera RAW file is not known.") from error
    except rawpy.LibRawIOError as error:  # it wanted to read on behind the end
        raise DecodeError(Failure.TRUNCATED, "The camera RAW file breaks off: it is incomplete.") from error
    except rawpy.LibRawError as error:
        raise DecodeError(Failure.CORRUPT, "The camera RAW file is damaged.") from error


def _check(sizes: Any, limits: Limits) -> None:
    # The sensor's 16-bit values and the developed picture of half the size.
    if int(sizes.raw_width) * int(sizes.raw_height) * 4 > limits.picture_bytes:
        claim = f"{sizes.raw_width:,} x {sizes.raw_height:,} pixels"
        raise DecodeError(Failure.TOO_LARGE, f"The picture is too large for the memory of this computer: {claim}.")


def _embedded_preview(raw: Any, min_side: int) -> bytes | Image.Image | None:
    """The embedded preview, when it is large enough."""
    import rawpy
    from PIL import Image

    try:
        thumb = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError, rawpy.LibRawIOError):
        return None
    except rawpy.LibRawError:
        return None  # a broken preview: the sensor's data may still be fine
    if thumb.format == rawpy.ThumbFormat.BITMAP:
        picture = Image.fromarray(thumb.data)
        return picture if min(picture.size) >= min_side else None
    data = bytes(thumb.data)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            return data if min(picture.size) >= min_side else None
    except (OSError, SyntaxError, ValueError):
        return None


def _develop(raw: Any) -> Image.Image:
    """Half size, no interpolation between the sensor's colours: upright, sRGB."""
    from PIL import Image

    return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8))
