"""The tags as they stand in the file: EXIF directories, XMP and IPTC, undigested."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_ORIENTATION = 0x0112
_XMP_TAG, _IPTC_TAG = 700, 33723
_IPTC_RESOURCE, _XMP_RESOURCE = 0x0404, 0x0424  # Photoshop image resources that hold IPTC-NAA records and XMP
# Olympus and Panasonic RAW are TIFF but for the magic number.
_TIFF_LIKE = (b"IIRO", b"IIRS", b"IIU\0", b"MMOR")
_CANON_UUID = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_LARGEST_XMP = 4 << 20
_LONGEST_TEXT = 1 << 16

UPRIGHT_FORMATS = ("TIFF", "HEIF")
"""Formats whose readers give pictures upright."""

IptcRecords = Mapping[tuple[int, int], list[bytes]]


@dataclass(frozen=True, slots=True)
class Tags:
    """Attributes:
    main, exif, gps: EXIF tag number -> value, by directory.
    xmp: the XMP packet, or empty.
    iptc: (record, dataset) -> values.
    texts: of a PNG file, by lower-case keyword.
    comment: of a JPEG or GIF file.
    """

    main: Mapping[int, Any] = field(default_factory=dict)
    exif: Mapping[int, Any] = field(default_factory=dict)
    gps: Mapping[int, Any] = field(default_factory=dict)
    xmp: bytes = b""
    iptc: IptcRecords = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    comment: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.main or self.exif or self.gps or self.xmp or self.iptc)

    @property
    def orientation(self) -> int:
        """EXIF orientation, 1-8."""
        value = self.main.get(_ORIENTATION, 1)
        return value if isinstance(value, int) and 1 <= value <= 8 else 1


def read_tags(image: Image.Image) -> Tags:
    """The tags of a picture that is opened (its pixels need not be loaded)."""
    main, exif, gps = _directories(image)
    comment = image.info.get("comment")
    return Tags(
        main,
        exif,
        gps,
        _xmp_packet(image, main),
        _iptc_records(_iptc_block(image, main)),
        _png_texts(image),
        comment if isinstance(comment, bytes) else b"",
    )


def upright_size(image: Image.Image, tags: Tags) -> tuple[int, int]:
    """Width and height as the picture is to be seen, of one that is opened but not loaded."""
    # Pillow turns TIFF itself and has swapped its sides already; HEIC comes upright.
    if tags.orientation >= 5 and image.format not in UPRIGHT_FORMATS:
        return image.height, image.width
    return image.size


def _directories(image: Image.Image) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    # Broken EXIF makes Pillow raise nearly anything; each directory is read on its own so that one keeps the others.
    exif: Any = None
    with suppress(Exception):
        exif = image.getexif()
    return _split(exif)


def _split(exif: Any) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    if exif is None:
        return {}, {}, {}
    parts: list[dict[int, Any]] = [{}, {}, {}]
    for part, ifd in zip(parts, (None, _EXIF_IFD, _GPS_IFD), strict=True):
        with suppress(Exception):
            directory = exif if ifd is None else exif.get_ifd(ifd)
            for tag in list(directory):
                with suppress(Exception):
                    part[tag] = directory[tag]
    return parts[0], parts[1], parts[2]


def _png_texts(image: Image.Image) -> dict[str, str]:
    if image.format != "PNG":
        return {}
    return {
        str(key).lower(): str(value)
        for key, value in image.info.items()
        if isinstance(key, str) and isinstance(value, str) and len(value) <= _LONGEST_TEXT
    }


def _xmp_packet(image: Image.Image, main: Mapping[int, Any]) -> bytes:
    if image.format == "PSD":
        layers: Any = image
        return next((data for code, _, data in layers.resources if code == _XMP_RESOURCE), b"")
    for value in (image.info.get("xmp"), image.info.get("XML:com.adobe.xmp"), main.get(_XMP_TAG)):
        packet = value.encode("utf-8", "replace") if isinstance(value, str) else value
        if isinstance(packet, bytes) and 0 < len(packet) <= _LARGEST_XMP:
            return packet
    return b""


def _iptc_block(image: Image.Image, main: Mapping[int, Any]) -> bytes:
    if image.format == "PSD":
        layers: Any = image
        return next((data for code, _, data in layers.resources if code == _IPTC_RESOURCE), b"")
    resources = image.info.get("photoshop")
    block = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else main.get(_IPTC_TAG)
    return block if isinstance(block, bytes) else b""


def _iptc_records(block: bytes) -> IptcRecords:
    """IPTC-IIM: 0x1C, record, dataset, length (2 bytes), value. Extended lengths are not used for text."""
    records: dict[tuple[int, int], list[bytes]] = {}
    position = 0
    while position + 5 <= len(block) and block[position] == 0x1C:
        length = int.from_bytes(block[position + 3 : position + 5], "big")
        if length & 0x8000:
            break
        value = block[position + 5 : position + 5 + length]
        records.setdefault((block[position + 1], block[position + 2]), []).append(value)
        position += 5 + length
    return records


def read_raw_tags(data: bytes) -> Tags:
    """The tags of a camera RAW file: most are TIFF, Canon's CR3 keeps TIFF directories in ISO media boxes."""
    if data[4:11] == b"ftypcrx":
        return _read_cr3(data)
    if data.startswith(b"FUJIFILMCCD-RAW"):
        start = int.from_bytes(data[84:88], "big")  # of the embedded JPEG, which carries the tags
        return _jpeg_tags(data[start : start + int.from_bytes(data[88:92], "big")])
    main, exif, gps = _read_tiff(data)
    xmp = main.get(_XMP_TAG)
    iptc = main.get(_IPTC_TAG)
    return Tags(
        main,
        exif,
        gps,
        xmp if isinstance(xmp, bytes) and len(xmp) <= _LARGEST_XMP else b"",
        _iptc_records(iptc if isinstance(iptc, bytes) else b""),
    )


def _jpeg_tags(data: bytes) -> Tags:
    from PIL import Image

    with suppress(Exception), Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        return read_tags(image)
    return Tags()


def _read_tiff(data: bytes) -> tuple[dict[int, Any], dict[int, Any], dict[int, Any]]:
    from PIL import Image

    exif = Image.Exif()
    with suppress(Exception):
        if data.startswith(_TIFF_LIKE):
            data = data[:2] + (b"*\0" if data.startswith(b"II") else b"\0*") + data[4:]
        exif.load(data)
        return _split(exif)
    return {}, {}, {}


def _read_cr3(data: bytes) -> Tags:
    main: dict[int, Any] = {}
    exif: dict[int, Any] = {}
    gps: dict[int, Any] = {}
    for kind, body in _boxes(data):
        if kind != b"moov":
            continue
        for inner_kind, inner in _boxes(body):
            if inner_kind != b"uuid" or not inner.startswith(_CANON_UUID):
                continue
            for name, tiff in _boxes(inner[16:]):
                target = {b"CMT1": main, b"CMT2": exif, b"CMT4": gps}.get(name)
                if target is not None:
                    target.update(_read_tiff(tiff)[0])
    return Tags(main, exif, gps)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """ISO base media boxes: size (4 bytes), kind, body."""
    position = 0
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        header = 8
        if size == 1:
            size, header = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        if size < header:
            return
        yield data[position + 4 : position + 8], data[position + header : position + size]
        position += size
