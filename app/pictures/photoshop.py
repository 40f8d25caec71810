"""The preview inside a Photoshop file, for those that Pillow does not read: 16 and 32 bits, rare colour modes.

https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
"""

from __future__ import annotations

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata.tags import Tags, read_raw_tags

PHOTOSHOP = b"8BPS"
_EXIF, _XMP, _PREVIEW = 1058, 1060, 1036
_PREVIEW_HEADER = 28


def read_photoshop(data: bytes) -> tuple[bytes, tuple[int, int], Tags]:
    """The preview as JPEG, width and height of the picture, and its tags.

    Raises:
        DecodeError: there is no preview.
    """
    found = resources(data)
    preview = found.get(_PREVIEW, b"")[_PREVIEW_HEADER:]
    if not preview.startswith(b"\xff\xd8"):
        text = "This is a Photoshop picture without a preview, and of a kind that cannot be read yet."
        raise DecodeError(Failure.UNSUPPORTED, text)
    size = int.from_bytes(data[18:22], "big"), int.from_bytes(data[14:18], "big")
    exif = read_raw_tags(found[_EXIF]) if _EXIF in found else Tags()
    return preview, size, Tags(exif.main, exif.exif, exif.gps, found.get(_XMP, b""), exif.iptc)


def resources(data: bytes) -> dict[int, bytes]:
    """The image resources by their number; the first of each."""
    found: dict[int, bytes] = {}
    position = 26
    position += 4 + int.from_bytes(data[position : position + 4], "big")
    end = min(position + 4 + int.from_bytes(data[position : position + 4], "big"), len(data))
    position += 4
    while position + 12 <= end and data[position : position + 4] == b"8BIM":
        number = int.from_bytes(data[position + 4 : position + 6], "big")
        position += 6
        position += (data[position] + 2) & ~1  # its name
        size = int.from_bytes(data[position : position + 4], "big")
        found.setdefault(number, data[position + 4 : position + 4 + size])
        position += 4 + size + size % 2
    return found
