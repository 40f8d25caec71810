"""PDF files written by hand, so that everything about them is known."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Sequence
from pathlib import Path


def pdf(
    path: Path,
    pages: Sequence[str] = ("Hello",),
    *,
    title: str = "",
    password: str | None = None,
    size: tuple[int, int] = (595, 842),
    rotate: int = 0,
) -> Path:
    """A PDF with one page per text, its lines in 14 point Helvetica from the top left.

    Args:
        password: encrypts it (RC4, 40 bit).
        size: of the pages in points.
        rotate: degrees clockwise the pages are shown turned by.
    """
    first = 4
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(pages):
        lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.split("\n")]
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        content = f"BT /F1 14 Tf 18 TL 40 {size[1] - 60} Td {shown} ET".encode("cp1252", "replace")
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {first + 2 * number + 1} 0 R >>"
        )
        objects += [page.encode(), _pdf_stream(content, first + 2 * number + 1, password)]
    if title:
        objects.append(b"<< /Title <" + b"\xfe\xff".hex().encode() + title.encode("utf-16-be").hex().encode() + b"> >>")
    path.write_bytes(assembled(objects, info=bool(title), password=password))
    return path


_PDF_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_PDF_ID = bytes(range(16))
_PDF_RIGHTS = -4


def _pdf_stream(content: bytes, number: int, password: str | None) -> bytes:
    if password is not None:
        key = hashlib.md5(_pdf_key(password)[0] + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        content = _rc4(key, content)
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _pdf_key(password: str) -> tuple[bytes, bytes]:
    """Key and owner entry, PDF 1.7 algorithms 2 and 3 at revision 2."""
    padded = (password.encode("latin-1") + _PDF_PADDING)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    rights = struct.pack("<i", _PDF_RIGHTS)
    return hashlib.md5(padded + owner + rights + _PDF_ID).digest()[:5], owner


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def assembled(objects: Sequence[bytes], *, info: bool = False, password: str | None = None) -> bytes:
    """A file of these objects, numbered from 1: the first is the catalog, with `info` the last the information."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R" % (len(objects) + 1)
    if info:
        trailer += b" /Info %d 0 R" % len(objects)
    if password is not None:
        key, owner = _pdf_key(password)
        identity = _PDF_ID.hex().encode()
        user = _rc4(key, _PDF_PADDING).hex().encode()
        trailer += b" /ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>" % (
            identity, identity, owner.hex().encode(), user, _PDF_RIGHTS,
        )  # fmt: skip
    out.write(b"trailer\n%s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table))
    return out.getvalue()
