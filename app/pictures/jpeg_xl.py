"""JPEG XL through libjxl, and what its header says before anything is decoded. ISO/IEC 18181."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata.tags import Tags, read_raw_tags
from app.pictures.limits import Limits, check_bytes

if TYPE_CHECKING:
    from PIL import Image

_CODESTREAM, _CONTAINER = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_WIDTHS = (9, 13, 18, 30)


def is_jpeg_xl(head: bytes) -> bool:
    """Whether a file starts like one."""
    return head.startswith((_CODESTREAM, _CONTAINER))


def read_jpeg_xl(data: bytes, limits: Limits) -> tuple[Image.Image, Tags]:
    """The first frame, upright, grey, RGB or RGBA, and its tags.

    Raises:
        DecodeError: too large, damaged, or libjxl is missing on this machine.
    """
    size = pixel_size(data)
    if size is None:
        raise DecodeError(Failure.CORRUPT, "The picture is damaged and cannot be read.")
    check_bytes(*size, 8, len(data), limits)
    try:
        import pylibjxl
    except ImportError as error:
        text = "This is a JPEG XL picture, a format that cannot be read yet."
        raise DecodeError(Failure.UNSUPPORTED, text) from error
    from PIL import Image

    try:
        pixels, told = pylibjxl.decode(data, True)
    except (RuntimeError, ValueError) as error:
        raise DecodeError(Failure.CORRUPT, "The picture is damaged and cannot be read.") from error
    return Image.fromarray(pixels[:, :, 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels), _tags(told)


def pixel_size(data: bytes) -> tuple[int, int] | None:
    """Width and height as they are stored; None where the header is broken."""
    stream = data if data.startswith(_CODESTREAM) else b"".join(_codestreams(data))[:64]
    if not stream.startswith(_CODESTREAM) or len(stream) < 12:
        return None
    bits = _bits(stream[2:12])
    small = next(bits)
    height = _side(bits, small)
    ratio = _number(bits, 3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return _side(bits, small), height


def _side(bits: Iterator[int], small: int) -> int:
    if small:
        return (_number(bits, 5) + 1) * 8
    return _number(bits, _WIDTHS[_number(bits, 2)]) + 1


def _bits(data: bytes) -> Iterator[int]:
    for byte in data:
        for place in range(8):
            yield byte >> place & 1


def _number(bits: Iterator[int], count: int) -> int:
    return sum(next(bits, 0) << place for place in range(count))


def _codestreams(data: bytes) -> Iterator[bytes]:
    """The beginnings of the pieces of the codestream in a container."""
    position = 0
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        kind, start = data[position + 4 : position + 8], position + 8
        if size == 1:
            size, start = int.from_bytes(data[position + 8 : position + 16], "big"), position + 16
        if kind in (b"jxlc", b"jxlp"):
            start += 4 * (kind == b"jxlp")
            yield data[start : min(start + 64, position + size if size else len(data))]
        if size < 8:
            return
        position += size


def _tags(told: dict[str, Any]) -> Tags:
    exif, xmp = bytes(told.get("exif") or b""), bytes(told.get("xmp") or b"")
    start = min((at for head in (b"II*\0", b"MM\0*") if (at := exif.find(head, 0, 64)) >= 0), default=-1)
    tags = read_raw_tags(exif[start:]) if start >= 0 else Tags()
    # libjxl turns pictures by itself.
    main = {tag: value for tag, value in tags.main.items() if tag != 0x0112}
    return Tags(main, tags.exif, tags.gps, xmp or tags.xmp, tags.iptc)
