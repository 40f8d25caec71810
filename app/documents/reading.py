"""Choose the reader by content: what a file is called matters only where its bytes do not tell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePath
from xml.parsers import expat

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents import opendocument, structured
from app.documents.charsets import utf16_without_mark
from app.documents.document import Document, DocumentPart, searchable
from app.documents.legacy import BINARY_WORKBOOK, FICTION_BOOK, OLE, RTF, ole_kind, read_legacy
from app.documents.mail import read_mail, read_mailbox
from app.documents.office import read_packed
from app.documents.package import DAMAGED
from app.documents.pdf import read_pdf
from app.documents.plain import in_pieces, read_html, read_text
from app.documents.xml_text import UnsafeXml
from app.files.signatures import HEAD_BYTES, describe_type, looks_like_text, unreadable_error
from app.files.types import TEXT_SUFFIXES, suffix_of
from app.pictures import Limits

__all__ = ["Document", "DocumentPart", "is_truncatable", "read_document"]

_PICTURE_SIDE = 512
_PAGES = frozenset(("html", "htm", "xhtml", "xml"))
_FLAT = frozenset(("fodt", "fods", "fodp", "fodg"))
_MAILS = frozenset(("eml", "mht", "mhtml"))
_STRUCTURED: dict[str, Callable[[bytes], str]] = {
    "ics": structured.calendar_text,
    "vcf": structured.contacts_text,
    "srt": structured.subtitles_text,
    "vtt": structured.subtitles_text,
    "json": structured.json_text,
}
_WANTED = {"pdf": "a PDF document", "epub": "an e-book", "eml": "a mail", "msg": "a mail", "cbz": "a comic book"}
_DEEPEST = 2  # documents in documents


def read_document(
    path: str | os.PathLike[str],
    *,
    data: bytes | None = None,
    picture_side: int = _PICTURE_SIDE,
    limits: Limits | None = None,
) -> Document:
    """Open a document of any kind.

    Args:
        path: where it is; its name alone is used when `data` is given.
        data: the file's bytes, where they are in memory already.
        picture_side: shorter side in pixels of the pages' pictures.

    Raises:
        DecodeError: whatever is wrong with the file; more may come while `Document.parts` is walked.
        FileNotFoundError: it is gone.
    """
    try:
        document = _Reader(picture_side, limits or Limits()).read(path, data)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise DecodeError(Failure.PERMISSION, "This user has no right to read the file.") from error
    except MemoryError as error:
        raise DecodeError(Failure.MEMORY, "There was not enough memory to read the document.") from error
    except OSError as error:
        raise DecodeError(Failure.IO, "The file could not be read from its drive.") from error
    return replace(document, parts=_searchable_parts(document))


def is_truncatable(path: str | os.PathLike[str]) -> bool:
    """Whether a document's beginning can be read without its end: texts and web pages, however long."""
    suffix = suffix_of(PurePath(path).name)
    return (suffix in TEXT_SUFFIXES and suffix not in _STRUCTURED) or suffix in _PAGES


def _searchable_parts(document: Document) -> Iterator[DocumentPart]:
    """The parts as they are searched, and behind them what the document says of itself."""
    try:
        for part in document.parts:
            yield replace(part, text=searchable(part.text))
    finally:
        close = getattr(document.parts, "close", None)
        if close is not None:
            close()
    if document.described:
        yield DocumentPart(None, searchable("\n\n".join(document.described)))


class _Reader:
    """Reads documents, and documents inside them."""

    def __init__(self, picture_side: int, limits: Limits, depth: int = 0) -> None:
        self._picture_side = picture_side
        self._limits = limits
        self._depth = depth

    def read(self, path: str | os.PathLike[str], data: bytes | None) -> Document:
        suffix = suffix_of(PurePath(path).name)
        head, size = _head(path) if data is None else (data[:HEAD_BYTES], len(data))
        if size == 0 or not head.strip(b"\0"):
            raise unreadable_error(head, size, "a document")
        if suffix == "pdf" or head.startswith(b"%PDF"):
            return read_pdf(path if data is None else data, self._picture_side, self._limits)
        if head.startswith(b"AT&TFORM"):
            from app.documents.djvu import read_djvu

            data = _read_all(path, size, self._limits) if data is None else data
            return read_djvu(data, self._picture_side, self._limits)
        if data is None:
            # Of texts only so much is read as is kept, and a byte more, which tells that there is more.
            piecewise = is_truncatable(path)
            data = _read_start(path, self._limits.text_bytes + 1) if piecewise else _read_all(path, size, self._limits)
        return self._text(data, head, size, suffix) or self._binary(data, head, suffix)

    def _text(self, data: bytes, head: bytes, size: int, suffix: str) -> Document | None:
        """A document that is text in some encoding, by its name or its first words; None for anything else."""
        is_text = looks_like_text(head) or utf16_without_mark(head) is not None
        name = describe_type(head)
        if suffix in TEXT_SUFFIXES:
            if not is_text:
                raise unreadable_error(head, size, "a text")
            if suffix in _STRUCTURED:
                return Document(None, None, in_pieces(searchable(_STRUCTURED[suffix](data)[: self._limits.characters])))
            return read_mailbox(data, self._embedded) if suffix == "mbox" else read_text(data, suffix, self._limits)
        if suffix in _FLAT and is_text:
            return _flat(data)
        if suffix in _PAGES or (name == "a web page" and suffix not in _MAILS and suffix != "fb2"):
            if not is_text:
                raise unreadable_error(head, size, "a web page")
            return read_html(data, self._limits)
        return read_mail(data, self._embedded) if suffix in _MAILS and is_text else None

    def _binary(self, data: bytes, head: bytes, suffix: str) -> Document:
        wanted = _WANTED.get(suffix, "an Office document")
        if data.startswith(b"PK"):
            document = read_packed(data, suffix, wanted, self._picture_side, self._limits, self._embedded)
            return document or read_legacy(data, BINARY_WORKBOOK, self._limits)
        if data.startswith(OLE):
            return read_legacy(data, ole_kind(data), self._limits)
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
            return read_legacy(data, RTF, self._limits)
        if suffix == "fb2" and looks_like_text(head):
            return read_legacy(data, FICTION_BOOK, self._limits)
        raise unreadable_error(head, len(data), wanted)

    def _embedded(self, name: str, data: bytes) -> str:
        """The text of a document that comes along with another; empty where there is none or it cannot be read."""
        from app.core.records import Kind
        from app.files.types import kind_of

        if self._depth >= _DEEPEST or kind_of(name) is not Kind.DOCUMENT:
            return ""
        pieces: list[str] = []
        with suppress(DecodeError, OSError):
            document = _Reader(1, replace(self._limits, page_pictures=0), self._depth + 1).read(name, data)
            pieces.extend(part.text for part in document.parts)
            pieces.extend(document.described)
        return "\n\n".join(pieces)


def _flat(data: bytes) -> Document:
    try:
        text = "".join(opendocument.flat_texts(data))
    except (expat.ExpatError, UnsafeXml) as error:
        raise DecodeError(Failure.CORRUPT, DAMAGED) from error
    told = opendocument.description(data)
    return Document(told.title, None, in_pieces(text), keywords=told.keywords, described=told.other)


def takes_whole(path: str | os.PathLike[str]) -> bool:
    """Whether a document is read into memory as a whole: everything but texts, web pages and PDF."""
    return not is_truncatable(path) and suffix_of(PurePath(path).name) != "pdf"


def _read_start(path: str | os.PathLike[str], length: int) -> bytes:
    with open(path, "rb") as file:
        return file.read(length)


def _head(path: str | os.PathLike[str]) -> tuple[bytes, int]:
    with open(path, "rb") as file:
        return file.read(HEAD_BYTES), os.fstat(file.fileno()).st_size


def _read_all(path: str | os.PathLike[str], size: int, limits: Limits) -> bytes:
    if size > limits.document_bytes:
        raise DecodeError(Failure.TOO_LARGE, f"The document is too large to be read: {size >> 20:,} MB.")
    with open(path, "rb") as file:
        return file.read()
