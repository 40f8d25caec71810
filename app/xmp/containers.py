"""Where an XMP packet sits in a JPEG, PNG or WebP file, and how to put another in its place.

Exiv2 can write these files as a whole, but then re-encodes what it was not asked to touch (the byte order of EXIF in
PNG and WebP, the length of a JPEG comment). Here everything but the packet stays byte for byte.

Sources: XMP Specification Part 3 (Adobe, 2020); PNG 1.2 chunks; WebP Container Specification.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_LIMIT = 65535 - 2
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_XMP = b"XML:com.adobe.xmp\0"
_WEBP_XMP_FLAG, _WEBP_ALPHA_FLAG = 0x04, 0x10


class NotEmbeddable(ValueError):
    """This file cannot take a packet safely; the reason is a phrase for people."""


def packet_of(data: bytes) -> bytes | None:
    """The file's XMP packet, or None where it has none."""
    return _handler(data)[0](data)


def with_packet(data: bytes, packet: bytes) -> bytes:
    """The file with this packet instead of its own; everything else as it was."""
    return _handler(data)[1](data, packet)


def embeddable(data: bytes) -> bool:
    """Whether this kind of file can take a packet; the first 16 bytes are enough."""
    return data[:3] == b"\xff\xd8\xff" or data[:8] == _PNG_HEAD or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _handler(data: bytes) -> tuple[Callable[[bytes], bytes | None], Callable[[bytes, bytes], bytes]]:
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg_packet, _jpeg_with
    if data[:8] == _PNG_HEAD:
        return _png_packet, _png_with
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_packet, _webp_with
    raise NotEmbeddable("this kind of file does not take tags")


# ---- JPEG: marker segments before the first scan


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of each segment up to the start of the scan."""
    at = 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise NotEmbeddable("the file is damaged")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == 0xDA:
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if end > len(data):
            raise NotEmbeddable("the file is damaged")
        yield marker, at, end
        at = end


def _jpeg_packet(data: bytes) -> bytes | None:
    for marker, start, end in _jpeg_segments(data):
        if marker == 0xE1 and data.startswith(_JPEG_XMP, start + 4):
            return data[start + 4 + len(_JPEG_XMP) : end]
    return None


def _jpeg_with(data: bytes, packet: bytes) -> bytes:
    body = _JPEG_XMP + packet
    if len(body) > _JPEG_LIMIT:
        raise NotEmbeddable("it holds too many tags for a JPEG file")
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    insert_at, multi_picture = 2, None
    for marker, start, end in _jpeg_segments(data):
        if marker == 0xE2 and data.startswith(b"MPF\0", start + 4):
            multi_picture = start
        if marker == 0xE1 and data.startswith(_JPEG_XMP, start + 4):
            if multi_picture is not None:
                # The offsets of further pictures count from the MPF segment: nothing after it may move.
                raise NotEmbeddable("it holds several pictures in one file")
            return data[:start] + segment + data[end:]
        if marker == 0xE0 or (marker == 0xE1 and data.startswith(b"Exif\0", start + 4)):
            insert_at = end
    if multi_picture is not None and insert_at > multi_picture:
        raise NotEmbeddable("it holds several pictures in one file")
    return data[:insert_at] + segment + data[insert_at:]


# ---- PNG: one uncompressed iTXt chunk


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of each chunk, length and checksum included."""
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise NotEmbeddable("the file is damaged")
        yield kind, at, end
        if kind == b"IEND":
            return
        at = end
    raise NotEmbeddable("the file is damaged")


def _png_packet(data: bytes) -> bytes | None:
    for kind, start, end in _png_chunks(data):
        if kind == b"iTXt" and data.startswith(_PNG_XMP, start + 8):
            return _itxt_text(data[start + 8 + len(_PNG_XMP) : end - 4])
    return None


def _itxt_text(body: bytes) -> bytes:
    """The text after compression flag, method, language and translated keyword."""
    compressed = body[0] == 1
    text = body[2:].split(b"\0", 2)[2]
    try:
        return zlib.decompress(text) if compressed else text
    except zlib.error:
        raise NotEmbeddable("the file is damaged") from None


def _png_with(data: bytes, packet: bytes) -> bytes:
    body = b"iTXt" + _PNG_XMP + b"\0\0\0\0" + packet
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    first_end = None
    for kind, start, end in _png_chunks(data):
        if first_end is None:
            first_end = end  # right after IHDR, where every reader sees it before the pixels
        if kind == b"iTXt" and data.startswith(_PNG_XMP, start + 8):
            return data[:start] + chunk + data[end:]
    assert first_end is not None
    return data[:first_end] + chunk + data[first_end:]


# ---- WebP: RIFF chunks; metadata needs the extended header VP8X


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """(type, start, length, end with padding) of each chunk."""
    at, whole = 12, 8 + struct.unpack_from("<I", data, 4)[0]
    if whole > len(data) + 1:
        raise NotEmbeddable("the file is damaged")
    while at + 8 <= min(whole, len(data)):
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise NotEmbeddable("the file is damaged")
        yield kind, at, length, at + 8 + length + length % 2
        at += 8 + length + length % 2


def _webp_packet(data: bytes) -> bytes | None:
    for kind, start, length, _ in _webp_chunks(data):
        if kind == b"XMP ":
            return data[start + 8 : start + 8 + length]
    return None


def _webp_with(data: bytes, packet: bytes) -> bytes:
    chunks = list(_webp_chunks(data))
    parts = []
    if chunks[0][0] == b"VP8X":
        start, length = chunks[0][1], chunks[0][2]
        head = bytearray(data[start : start + 8 + length])
        head[8] |= _WEBP_XMP_FLAG
        parts.append(bytes(head))
        chunks = chunks[1:]
    else:
        parts.append(_extended_header(data, chunks[0]))
    parts += [data[start:end] for kind, start, _, end in chunks if kind != b"XMP "]
    parts.append(b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2))
    body = b"WEBP" + b"".join(part + b"\0" * (len(part) % 2) for part in parts)
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    return b"RIFF" + struct.pack("<I", len(body)) + body + data[end:]


def _extended_header(data: bytes, first: tuple[bytes, int, int, int]) -> bytes:
    """A VP8X chunk for a simple file: canvas size and alpha from its one bitstream."""
    kind, start, _, _ = first
    body, flags = start + 8, _WEBP_XMP_FLAG
    if kind == b"VP8 ":
        width, height = (int(value) & 0x3FFF for value in struct.unpack_from("<HH", data, body + 6))
    elif kind == b"VP8L":
        bits = int(struct.unpack_from("<I", data, body + 1)[0])
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
        flags |= _WEBP_ALPHA_FLAG if bits >> 28 & 1 else 0
    else:
        raise NotEmbeddable("this kind of WebP file does not take tags")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X" + struct.pack("<I", 10) + bytes([flags, 0, 0, 0]) + size
