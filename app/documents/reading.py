"""Choose the reader by content: what a file is called matters only where its bytes do not tell."""

from __future__ import annotations

import os
from pathlib import PurePath

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.document import Document, DocumentPart
from app.documents.office import read_office
from app.documents.pdf import read_pdf
from app.documents.plain import read_html, read_text
from app.files.signatures import HEAD_BYTES, describe_type, looks_like_text, unreadable_error
from app.files.types import TEXT_SUFFIXES, suffix_of
from app.pictures import Limits

__all__ = ["Document", "DocumentPart", "is_truncatable", "read_document"]

_PICTURE_SIDE = 512
_TEXTS = TEXT_SUFFIXES | frozenset(("html", "htm", "xhtml"))
_WANTED = {"pdf": "a PDF document", "epub": "an e-book", "eml": "a mail", "msg": "a mail"}


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
    limits = limits or Limits()
    try:
        return _read(path, data, picture_side, limits)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise DecodeError(Failure.PERMISSION, "This user has no right to read the file.") from error
    except MemoryError as error:
        raise DecodeError(Failure.MEMORY, "There was not enough memory to read the document.") from error
    except OSError as error:
        raise DecodeError(Failure.IO, "The file could not be read from its drive.") from error


def _read(path: str | os.PathLike[str], data: bytes | None, picture_side: int, limits: Limits) -> Document:
    suffix = suffix_of(PurePath(path).name)
    head, size = _head(path) if data is None else (data[:HEAD_BYTES], len(data))
    if size == 0 or not head.strip(b"\0"):
        raise unreadable_error(head, size, "a document")
    if suffix == "pdf" or head.startswith(b"%PDF"):
        return read_pdf(path if data is None else data, picture_side, limits)
    if data is None:
        # Of texts only so much is read as is kept, and a byte more, which tells that there is more.
        data = _read_start(path, limits.text_bytes + 1) if is_truncatable(path) else _read_all(path, size, limits)
    if suffix in TEXT_SUFFIXES:
        if not looks_like_text(head):
            raise unreadable_error(head, size, "a text")
        return read_text(data, suffix, limits)
    name = describe_type(head)
    if suffix in ("html", "htm", "xhtml", "fodt") or (
        name == "a web page" and suffix not in ("eml", "mht", "mhtml", "fb2")
    ):
        if not looks_like_text(head):
            raise unreadable_error(head, size, "a web page")
        return read_html(data, limits)
    return read_office(data, suffix, _WANTED.get(suffix, "an Office document"), limits)


def is_truncatable(path: str | os.PathLike[str]) -> bool:
    """Whether a document's beginning can be read without its end: texts and web pages, however long."""
    return suffix_of(PurePath(path).name) in _TEXTS


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
