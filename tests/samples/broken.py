"""Files that mean harm, or came to it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from tests.samples.office import archive


def zip_bomb(path: Path) -> Path:
    """A Word document of some hundred KB that unpacks to 150 MB."""
    return archive(path, {"[Content_Types].xml": "<Types/>", "word/document.xml": b" " * (150 << 20)})


def png_bomb(path: Path, side: int = 50_000) -> Path:
    """A PNG of some bytes that claims side x side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b""))
    return path


def cut(path: Path, fraction: float = 0.3) -> Path:
    """Leave only the first part of a file, as a copy that was interrupted does."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * fraction)])
    return path
