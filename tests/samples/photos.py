"""Photographs in the formats cameras, phones and programs write."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, TiffImagePlugin

PHOTOS = ("astronaut", "chelsea", "coffee", "rocket", "retina", "motorcycle_left")
"""Names `photo` knows: a woman, a cat, a cup, a rocket, an eye's background, a garage."""


@lru_cache(maxsize=8)
def _original(name: str) -> Image.Image:
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    path = next(path for path in (folder / f"{name}.png", folder / f"{name}.jpg") if path.exists())
    with Image.open(path) as image:
        return image.convert("RGB")


def photo(name: str = "chelsea", size: tuple[int, int] | None = None) -> Image.Image:
    """A real photograph, RGB, resized to `size` (width, height) where given."""
    image = _original(name)
    return image.resize(size) if size else image.copy()


def quadrants(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Red, green, blue, white from the top left, row by row: shows whether a picture is upright."""
    width, height = size
    image = Image.new("RGB", size, (255, 0, 0))
    image.paste((0, 255, 0), (width // 2, 0, width, height // 2))
    image.paste((0, 0, 255), (0, height // 2, width // 2, height))
    image.paste((255, 255, 255), (width // 2, height // 2, width, height))
    return image


def exif(
    *,
    orientation: int | None = None,
    taken: str | None = None,
    offset: str | None = None,
    make: str | None = None,
    model: str | None = None,
    lens: str | None = None,
    place: tuple[float, float] | None = None,
    more: dict[int, Any] | None = None,
) -> Image.Exif:
    """EXIF as a camera writes it; `place` is latitude and longitude in degrees."""
    made = Image.Exif()
    main = {0x0112: orientation, 0x010F: make, 0x0110: model, **(more or {})}
    inner = {0x9003: taken, 0x9011: offset, 0xA434: lens}
    made.update({tag: value for tag, value in main.items() if value is not None})
    made.get_ifd(0x8769).update({tag: value for tag, value in inner.items() if value is not None})
    if place:
        north, east = place
        gps = {1: "N" if north >= 0 else "S", 2: _dms(north), 3: "E" if east >= 0 else "W", 4: _dms(east)}
        made.get_ifd(0x8825).update(gps)
    return made


def _dms(degrees: float) -> tuple[Any, ...]:
    seconds = round(abs(degrees) * 3600 * 100)
    parts = (seconds // 360_000, 1), (seconds // 6000 % 60, 1), (seconds % 6000, 100)
    return tuple(TiffImagePlugin.IFDRational(*part) for part in parts)


def xmp(
    keywords: Sequence[str] = (),
    hierarchies: Sequence[str] = (),
    title: str = "",
    tags: Sequence[str] = (),
    rating: str = "",
) -> bytes:
    """An XMP packet: dc:subject, lr:hierarchicalSubject ("a|b"), dc:title, digiKam:TagsList ("a/b"), xmp:Rating."""

    def items(element: str, bag: str, values: Iterable[str]) -> str:
        inner = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
        return f"<{element}><rdf:{bag}>{inner}</rdf:{bag}></{element}>" if inner else ""

    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" '
        'xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        + (f"<xmp:Rating>{rating}</xmp:Rating>" if rating else "")
        + items("dc:subject", "Bag", keywords)
        + items("lr:hierarchicalSubject", "Bag", hierarchies)
        + items("digiKam:TagsList", "Seq", tags)
        + items("dc:title", "Alt", [title] if title else [])
        + '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def save(image: Image.Image, path: Path, **options: Any) -> Path:
    """Write a picture in the format of the path's ending, HEIC included."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    options.setdefault("quality", 85)
    if isinstance(options.get("exif"), Image.Exif):
        options["exif"] = options["exif"].tobytes()  # pillow-heif turns pictures by bytes only
    if path.suffix.lower() in (".png", ".gif", ".bmp", ".tif", ".tiff"):
        options.pop("quality")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


SIX_FORMATS = ("jpg", "png", "webp", "heic", "avif", "tif")


def photos_in_formats(folder: Path, formats: Iterable[str] = SIX_FORMATS, side: int = 300) -> list[Path]:
    """One photograph in each format, with different motifs, `side` pixels wide."""
    motifs = [PHOTOS[number % len(PHOTOS)] for number in range(50)]
    return [
        save(photo(motif, (side, side * 3 // 4)), folder / f"{motif}.{ending}")
        for motif, ending in zip(motifs, formats, strict=False)
    ]


def dng(path: Path, *, preview: Image.Image | None = None, size: tuple[int, int] = (256, 192), flip: int = 1) -> Path:
    """A small camera RAW file: a Bayer mosaic (all one green-grey) that LibRaw develops, and a JPEG preview.

    Args:
        size: of the sensor, width and height, even.
        flip: EXIF orientation.
    """
    width, height = size
    mosaic = np.full((height, width), 8000, dtype="<u2")
    mosaic[0::2, 0::2] = 4000
    mosaic[1::2, 1::2] = 4000
    strip = mosaic.tobytes()
    jpeg = b""
    if preview is not None:
        out = io.BytesIO()
        preview.save(out, "JPEG", quality=85)
        jpeg = out.getvalue()
    path.write_bytes(_dng_bytes(width, height, strip, jpeg, preview.size if preview else (0, 0), flip))
    return path


_SHORT, _LONG, _ASCII, _RATIONAL, _BYTE, _SRATIONAL = 3, 4, 2, 5, 1, 10


def _dng_bytes(width: int, height: int, strip: bytes, jpeg: bytes, shown: tuple[int, int], flip: int) -> bytes:
    """TIFF: a main directory with the preview (as cameras lay it out), a sub-directory with the mosaic."""
    header = 8
    strip_at = header
    jpeg_at = strip_at + len(strip)
    raw_at = jpeg_at + len(jpeg) + len(jpeg) % 2
    identity = [(1, 1) if i in (0, 4, 8) else (0, 1) for i in range(9)]
    raw = _directory(
        raw_at,
        [
            (254, _LONG, [0]), (256, _LONG, [width]), (257, _LONG, [height]), (258, _SHORT, [16]),
            (259, _SHORT, [1]), (262, _SHORT, [32803]), (273, _LONG, [strip_at]), (277, _SHORT, [1]),
            (278, _LONG, [height]), (279, _LONG, [len(strip)]), (33421, _SHORT, [2, 2]),
            (33422, _BYTE, [0, 1, 1, 2]), (50714, _SHORT, [0]), (50717, _LONG, [16383]),
        ],
    )  # fmt: skip
    main_at = raw_at + len(raw)
    fields: list[tuple[int, int, Any]] = [
        (271, _ASCII, b"Semblance\0"), (272, _ASCII, b"Test Camera\0"), (274, _SHORT, [flip]),
        (306, _ASCII, b"2024:05:06 07:08:09\0"), (330, _LONG, [raw_at]),
        (50706, _BYTE, [1, 4, 0, 0]), (50707, _BYTE, [1, 1, 0, 0]), (50708, _ASCII, b"Semblance Test Camera\0"),
        (50721, _SRATIONAL, identity), (50728, _RATIONAL, [(1, 1)] * 3), (50778, _SHORT, [21]),
    ]  # fmt: skip
    if jpeg:
        fields += [
            (254, _LONG, [1]), (256, _LONG, [shown[0]]), (257, _LONG, [shown[1]]), (258, _SHORT, [8, 8, 8]),
            (259, _SHORT, [7]), (262, _SHORT, [6]), (273, _LONG, [jpeg_at]), (277, _SHORT, [3]),
            (278, _LONG, [shown[1]]), (279, _LONG, [len(jpeg)]),
        ]  # fmt: skip
    main = _directory(main_at, fields)
    return struct.pack("<2sHI", b"II", 42, main_at) + strip + jpeg + b"\0" * (len(jpeg) % 2) + raw + main


def _directory(start: int, fields: Iterable[tuple[int, int, Any]]) -> bytes:
    """A little-endian TIFF directory that will stand at `start`, with the values that do not fit behind it."""
    ordered = sorted(fields)
    values_at = start + 2 + 12 * len(ordered) + 4
    entries, values = b"", b""
    for tag, kind, value in ordered:
        data = value if kind == _ASCII else b"".join(_packed(kind, one) for one in value)
        entries += struct.pack("<HHI", tag, kind, len(value))
        if len(data) <= 4:
            entries += data.ljust(4, b"\0")
        else:
            entries += struct.pack("<I", values_at + len(values))
            values += data + b"\0" * (len(data) % 2)
    return struct.pack("<H", len(ordered)) + entries + struct.pack("<I", 0) + values


def _packed(kind: int, value: Any) -> bytes:
    if kind in (_RATIONAL, _SRATIONAL):
        return struct.pack("<2I" if kind == _RATIONAL else "<2i", *value)
    return struct.pack({_BYTE: "<B", _SHORT: "<H", _LONG: "<I"}[kind], value)
