"""What a file really is, told from its first bytes, whatever it is called."""

from __future__ import annotations

from app.core.failures import DecodeError
from app.core.records import Failure

HEAD_BYTES = 4096
"""How many bytes from the start of a file are enough here."""

# Offset, bytes, what people call it. The first that fits wins.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"II+\0", "a BigTIFF picture"),
    (0, b"MM\0+", "a BigTIFF picture"),
    (0, b"BM", "a BMP picture"),
    (4, b"ftypavi", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftyphev", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypmsf1", "a HEIC picture"),
    (4, b"ftypcrx", "a camera RAW picture"),
    (0, b"FUJIFILMCCD-RAW", "a camera RAW picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (4, b"JXL \r\n", "a JPEG XL picture"),
    (0, b"8BPS", "a Photoshop picture"),
    (4, b"ftyp", "a video"),
    (4, b"moov", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (8, b"AVI ", "a video"),
    (0, b"OggS", "a sound or video file"),
    (0, b"ID3", "a sound file"),
    (8, b"WAVE", "a sound file"),
    (0, b"%PDF", "a PDF document"),
    (0, b"AT&TFORM", "a DjVu document"),
    (0, b"PK\x03\x04", "a ZIP archive or Office document"),
    (0, b"PK\x05\x06", "an empty ZIP archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document or mail"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a compressed archive"),
    (0, b"MZ", "a program"),
    (0, b"\x7fELF", "a program"),
    (0, b"SQLite format 3\0", "a database"),
)
_MARKUP = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file"),
)
_UNSUPPORTED_TYPES = ("a JPEG XL picture", "a Photoshop picture", "a BigTIFF picture")


def describe_type(head: bytes) -> str | None:
    """What people call a file that starts like this, with its article; None for what is not known."""
    for offset, signature, name in _SIGNATURES:
        if head.startswith(signature, offset):
            return name
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for tag, name in _MARKUP:
        if start.startswith(tag):
            return name
    return "plain text" if looks_like_text(head) else None


def looks_like_text(head: bytes) -> bool:
    """Whether these bytes are text in some encoding: next to no control characters but the usual ones, or UTF-16."""
    if not head:
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return controls * 200 <= len(head)


def unreadable_error(head: bytes, size: int, wanted: str) -> DecodeError:
    """Why a file that should be `wanted` ("a picture", "a PDF document") is not recognised as one at all."""
    if size == 0:
        return DecodeError(Failure.EMPTY, "The file is empty.")
    if not head.strip(b"\0"):
        return DecodeError(Failure.CORRUPT, "The file holds nothing but zeros, as after a failed copy or a power cut.")
    name = describe_type(head)
    if name in _UNSUPPORTED_TYPES:
        return DecodeError(Failure.UNSUPPORTED, f"This is {name}, a format that cannot be read yet.")
    if name is None:
        return DecodeError(Failure.WRONG_TYPE, f"The content is not {wanted}, nor anything else that is known.")
    if name.endswith(wanted.split()[-1]):
        return DecodeError(Failure.CORRUPT, f"It starts like {name}, but is too damaged to be read.")
    return DecodeError(Failure.WRONG_TYPE, f"The file is named like {wanted}, but its content is {name}.")
