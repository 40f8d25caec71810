"""Office files old and new, ODF, RTF, e-books and mail, through kreuzberg, after a look at what they really are."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.document import Document, DocumentPart, tidy_title
from app.files.signatures import HEAD_BYTES, looks_like_text, unreadable_error
from app.pictures import Limits

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
WORD, EXCEL, SLIDES = (
    f"{_OOXML}wordprocessingml.document",
    f"{_OOXML}spreadsheetml.sheet",
    f"{_OOXML}presentationml.presentation",
)
# What kreuzberg calls things it is handed as bytes.
_BY_SUFFIX = {
    "rtf": "application/rtf",
    "eml": "message/rfc822",
    "mht": "message/rfc822",
    "mhtml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "fb2": "application/x-fictionbook+xml",
}
_TEXTUAL = ("eml", "mht", "mhtml", "fb2")
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ALWAYS_UNPACKED = 64 << 20
_COVERS = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "Thumbnails/thumbnail.png")
_DAMAGED = "The document is damaged and cannot be read."
_ENCRYPTED = "The document is protected by a password."


def read_office(data: bytes, suffix: str, wanted: str, limits: Limits) -> Document:
    """Read a document whole. See `read_document`."""
    cover = None
    if data.startswith(b"PK"):
        mime, cover = _inspect_zip(data, wanted, limits)
    elif data.startswith(_OLE):
        mime = _inspect_ole(data)
    elif data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        mime = _BY_SUFFIX["rtf"]
    elif suffix in _TEXTUAL and looks_like_text(data[:HEAD_BYTES]):
        mime = _BY_SUFFIX[suffix]
    else:
        raise unreadable_error(data[:HEAD_BYTES], len(data), wanted)
    result = _extract(data, mime)
    if result is None:
        return Document(title=None, pages=None, parts=iter(()), cover=cover)
    title = result.metadata.get("title") or result.metadata.get("subject")
    parts = list(_parts(result, limits))
    slides = len(parts) if parts and parts[0].page is not None else None
    return Document(title=tidy_title(title), pages=slides, parts=iter(parts), cover=cover)


@lru_cache(maxsize=1)
def _config() -> Any:
    """kreuzberg without OCR, caches, downloads or anything beyond the text."""
    from kreuzberg import ExtractionConfig, PageConfig

    return ExtractionConfig(
        use_cache=False, disable_ocr=True, enable_quality_processing=False, pages=PageConfig(extract_pages=True)
    )


def _extract(data: bytes, mime: str) -> Any:
    """kreuzberg's result; None for a sound document without any text."""
    from kreuzberg import KreuzbergError, extract_bytes_sync

    try:
        return extract_bytes_sync(data, mime, config=_config())
    except MemoryError:
        raise
    except KreuzbergError as error:
        if "no text content found" in str(error).lower():
            return None
        raise _decode_error(str(error)) from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its Rust core is not even an Exception
        raise DecodeError(Failure.CORRUPT, _DAMAGED) from error


def _decode_error(message: str) -> DecodeError:
    lowered = message.lower()
    if "password" in lowered or "encrypt" in lowered:
        return DecodeError(Failure.ENCRYPTED, _ENCRYPTED)
    # A broken entry comes under "security limit" too.
    if "security limit" in lowered and "invalid" not in lowered:
        return DecodeError(Failure.BOMB, "The document unpacks to far more than its size, which cannot be honest.")
    if "unsupported" in lowered:
        return DecodeError(Failure.UNSUPPORTED, "This kind of document cannot be read yet.")
    return DecodeError(Failure.CORRUPT, _DAMAGED)


def _parts(result: Any, limits: Limits) -> Iterator[DocumentPart]:
    """Slides one by one; everything else whole: Word's pages depend on the printer, so a number would be a guess."""
    content: str = result.content
    pages = result.metadata.get("pages") or {}
    if pages.get("unit_type") == "slide" and pages.get("boundaries"):
        encoded = content.encode()
        for boundary in pages["boundaries"]:
            text = encoded[boundary["byte_start"] : boundary["byte_end"]].decode("utf-8", "replace")
            yield DocumentPart(int(boundary["page_number"]), text)
    else:
        yield DocumentPart(None, "\n\n".join([content, *_attachments(result)])[: limits.characters])


def _attachments(result: Any) -> Iterator[str]:
    """Names and text of what comes along with a mail, or is embedded in a document."""
    for name in result.metadata.get("attachments") or ():
        yield f"{name}."
    for child in result.children or ():
        text = child["result"].content
        if text.strip():
            yield text


def _inspect_zip(data: bytes, wanted: str, limits: Limits) -> tuple[str, bytes | None]:
    """What a ZIP file really is and the picture it carries of itself; refuses bombs and passwords.

    Returns:
        kreuzberg's name for it, and JPEG or PNG bytes or None.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_unpacked(entries, len(data), limits)
            names = {entry.filename for entry in entries}
            if (
                "EncryptedPackage" in names
                or any(entry.flag_bits & 1 for entry in entries)
                or _is_encrypted_zip(archive, names)
            ):
                raise DecodeError(Failure.ENCRYPTED, _ENCRYPTED)
            mime = _zip_kind(archive, names)
            cover = _cover(archive, names)
    except DecodeError:
        raise
    except Exception as error:  # zipfile and zlib raise what broken bytes provoke
        # A ZIP file's directory stands at its end: without it, the end is missing.
        if b"PK\x05\x06" not in data[-66_000:]:
            raise DecodeError(Failure.TRUNCATED, "The document breaks off: the file is incomplete.") from error
        raise DecodeError(Failure.CORRUPT, _DAMAGED) from error
    if mime is None:
        raise DecodeError(Failure.WRONG_TYPE, f"The file is named like {wanted}, but its content is a ZIP archive.")
    return mime, cover


def _cover(archive: zipfile.ZipFile, names: set[str]) -> bytes | None:
    with suppress(Exception):  # a document is no worse for a broken picture of it
        return next((archive.read(name) for name in _COVERS if name in names), None)
    return None


def _check_unpacked(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes or total > max(_ALWAYS_UNPACKED, size * limits.archive_ratio):
        raise DecodeError(
            Failure.BOMB, f"The document unpacks to {total >> 20:,} MB, far more than a document of its size can hold."
        )


def _is_encrypted_zip(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """ODF with a password, e-books with copy protection (fonts are obfuscated in free ones too)."""
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        return True
    if "META-INF/encryption.xml" not in names:
        return False
    return re.search(rb"URI=[\"'][^\"']+\.x?html?[\"']", archive.read("META-INF/encryption.xml")) is not None


def _zip_kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" in names:
        declared = archive.read("mimetype").decode("ascii", "replace").strip()
        if declared.startswith((_ODF, "application/epub")):
            return declared.removesuffix("-template")
    folders = {name.partition("/")[0].lower() for name in names}
    if "xl/workbook.bin" in {name.lower() for name in names}:
        return "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
    return next((mime for folder, mime in (("word", WORD), ("xl", EXCEL), ("ppt", SLIDES)) if folder in folders), None)


def _inspect_ole(data: bytes) -> str:
    """What an old Office file is, by the names of its streams, which stand in it as UTF-16; refuses passwords."""
    if any(name.encode("utf-16-le") in data for name in ("EncryptedPackage", "EncryptedSummary")):
        raise DecodeError(Failure.ENCRYPTED, _ENCRYPTED)
    for name, mime in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            if _is_encrypted_ole(data, mime):
                raise DecodeError(Failure.ENCRYPTED, _ENCRYPTED)
            return mime
    raise DecodeError(Failure.UNSUPPORTED, "This kind of old document is not known.")


def _is_encrypted_ole(data: bytes, mime: str) -> bool:
    """The password flags of old Word ([MS-DOC] FibBase.fEncrypted) and Excel ([MS-XLS] FilePass after BOF).

    Streams start at multiples of the sector size, 512 bytes.
    """
    for start in range(512, len(data) - 12, 512):
        if mime.endswith("msword") and data[start : start + 2] == b"\xec\xa5":
            return bool(data[start + 11] & 0x01)
        if mime.endswith("ms-excel") and data[start : start + 4] == b"\x09\x08\x10\x00":
            after = start + 4 + 16
            return data[after : after + 2] == b"\x2f\x00"
    return False
