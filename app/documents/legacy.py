"""Old Office files, RTF, binary workbooks and Outlook mail, through kreuzberg, after a look at what they really are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.document import Document, DocumentPart, joined, tidy_title
from app.documents.package import DAMAGED, ENCRYPTED
from app.pictures import Limits

_RTF_HEAD = 1 << 18
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
RTF, FICTION_BOOK = "application/rtf", "application/x-fictionbook+xml"
BINARY_WORKBOOK = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)


def read_legacy(data: bytes, mime: str, limits: Limits) -> Document:
    """Read a document whole.

    Args:
        mime: kreuzberg's name for it.

    Raises:
        DecodeError: damaged, encrypted or not known.
    """
    result = _extract(data, mime)
    if result is None:
        return Document(title=None, pages=None, parts=iter(()))
    metadata = _rtf_information(data) if mime == RTF else result.metadata
    title = tidy_title(metadata.get("title")) or tidy_title(metadata.get("subject"))
    parts = list(_parts(result, limits))
    slides = len(parts) if parts and parts[0].page is not None else None
    authors, keywords = metadata.get("authors") or (), metadata.get("keywords") or ()
    described = joined([metadata.get("subject"), *authors])
    return Document(
        title=title,
        pages=slides,
        parts=iter(parts),
        keywords=joined(keywords),
        described=tuple(text for text in described if text != title),
    )


_RTF_FIELD = re.compile(rb"{\\(title|author|subject|keywords|doccomm|company) ?((?:[^{}\\]|\\[^{}])*)}")
_RTF_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")
_RTF_CHARACTER = re.compile(r"((?:\\'[0-9a-fA-F]{2})+)|\\u(-?\d+) ?(?:\\'[0-9a-fA-F]{2}|\?)?|\\[a-z]+-?\d* ?")


def _rtf_information(data: bytes) -> dict[str, Any]:
    """Title, author and the like of the information group: kreuzberg drops its accents."""
    page = _RTF_CODE_PAGE.search(data[:2000])
    encoding = f"cp{page[1].decode()}" if page else "cp1252"

    def characters(match: re.Match[str]) -> str:
        if match[1]:
            return bytes.fromhex(match[1].replace("\\'", "")).decode(encoding, "replace")
        return chr(int(match[2]) % 0x10000) if match[2] else ""

    told: dict[str, Any] = {}
    for match in _RTF_FIELD.finditer(data[:_RTF_HEAD]):
        with suppress(LookupError, ValueError):
            told[match[1].decode()] = _RTF_CHARACTER.sub(characters, match[2].decode("latin-1"))
    told["authors"] = [told.get("author"), told.get("doccomm"), told.get("company")]
    told["keywords"] = (told.get("keywords") or "").replace(";", ",").split(",")
    return told


def ole_kind(data: bytes) -> str:
    """What an old Office file is, by the names of its streams, which stand in it as UTF-16.

    Raises:
        DecodeError: it is encrypted, or nothing that is known.
    """
    if any(name.encode("utf-16-le") in data for name in ("EncryptedPackage", "EncryptedSummary")):
        raise DecodeError(Failure.ENCRYPTED, ENCRYPTED)
    for name, mime in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            if _locked(data, mime):
                raise DecodeError(Failure.ENCRYPTED, ENCRYPTED)
            return mime
    raise DecodeError(Failure.UNSUPPORTED, "This kind of old document is not known.")


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
        raise _reason(str(error)) from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its Rust core is not even an Exception
        raise DecodeError(Failure.CORRUPT, DAMAGED) from error


def _reason(message: str) -> DecodeError:
    lowered = message.lower()
    if "password" in lowered or "encrypt" in lowered:
        return DecodeError(Failure.ENCRYPTED, ENCRYPTED)
    # A broken entry comes under "security limit" too.
    if "security limit" in lowered and "invalid" not in lowered:
        return DecodeError(Failure.BOMB, "The document unpacks to far more than its size, which cannot be honest.")
    if "unsupported" in lowered:
        return DecodeError(Failure.UNSUPPORTED, "This kind of document cannot be read yet.")
    return DecodeError(Failure.CORRUPT, DAMAGED)


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
        yield DocumentPart(None, "\n\n".join([content, *_enclosed(result)])[: limits.characters])


def _enclosed(result: Any) -> Iterator[str]:
    """Names and text of what comes along with a mail, or is embedded in a document."""
    for name in result.metadata.get("attachments") or ():
        yield f"{name}."
    for child in result.children or ():
        text = child["result"].content
        if text.strip():
            yield text


def _locked(data: bytes, mime: str) -> bool:
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
