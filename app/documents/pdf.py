"""PDF through PDFium: text and pictures of pages, and where words stand on them."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.document import Document, DocumentPart
from app.documents.pdf_columns import in_columns
from app.documents.pdf_notes import information, notes_on
from app.files.signatures import HEAD_BYTES, unreadable_error
from app.pictures import Limits

if TYPE_CHECKING:
    from PIL import Image

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions 0-1 of the page as it is shown."""

# PDFium is not thread-safe, not even for different documents: https://pdfium.googlesource.com/pdfium/+/HEAD_BYTES/public/
_PDFIUM = threading.RLock()
# A page many times longer than wide (receipts, web pages as one page) is rendered up to this shape.
_MAX_ASPECT_RATIO = 8
_DEVICE_UNITS = 20_000  # device units a side, to turn page coordinates into fractions
_MAX_BOXES = 500
# PDFium writes U+FFFE (or U+0002) for a hyphen that only breaks a word at a line's end.
_SOFT_BREAKS = ("\ufffe\r\n", "\ufffe\n", "\x02\r\n", "\x02\n", "\ufffe", "\x02")


def read_pdf(source: str | os.PathLike[str] | bytes, picture_side: int, limits: Limits) -> Document:
    """Open a PDF; its pages are read one by one while `Document.parts` is walked.

    Args:
        picture_side: shorter side in pixels of the pages' pictures.

    Raises:
        DecodeError: encrypted, damaged, no PDF at all.
    """
    with _PDFIUM:
        pdf = _open(source)
        try:
            count = len(pdf)
            if count == 0:
                raise DecodeError(Failure.CORRUPT, "The PDF document has no pages.")
            told = information(pdf)
        except BaseException:
            pdf.close()
            raise
    return Document(
        title=told.title,
        pages=count,
        parts=_pages(pdf, count, picture_side, limits),
        keywords=told.keywords,
        described=told.described,
    )


def _pages(pdf: Any, count: int, picture_side: int, limits: Limits) -> Iterator[DocumentPart]:
    broken = 0
    try:
        for index in range(count):
            try:
                with _PDFIUM:
                    part = _page(pdf, index, picture_side if index < limits.page_pictures else None)
            except Exception:  # one broken page must not cost the others
                broken += 1
            else:
                yield part
        if broken == count:
            raise DecodeError(Failure.CORRUPT, "None of the pages of the PDF document can be read.")
    finally:
        with _PDFIUM:
            pdf.close()


def _page(pdf: Any, index: int, picture_side: int | None) -> DocumentPart:
    page = pdf[index]
    try:
        text = ""
        with suppress(Exception):  # a page without usable text may still be a picture
            text_page = page.get_textpage()
            try:
                text = _plain(in_columns(text_page) or text_page.get_text_bounded())
            finally:
                text_page.close()
        with suppress(Exception):
            text = "\n\n".join(piece for piece in (text, notes_on(pdf, page)) if piece)
        picture = None if picture_side is None else _render(page, shorter=picture_side)
        return DocumentPart(index + 1, text, picture)
    finally:
        page.close()


def _plain(text: str) -> str:
    for mark in _SOFT_BREAKS:
        text = text.replace(mark, "")
    return text.replace("\r\n", "\n").replace("\0", "")


def render_page(source: str | os.PathLike[str] | bytes, page: int, max_side: int) -> Image.Image:
    """One page (from 1) as a picture whose longer side has `max_side` pixels, RGB."""
    with _PDFIUM, _opened(source, page) as opened:
        return _render(opened, longer=max_side)


def find_on_page(source: str | os.PathLike[str] | bytes, page: int, words: Sequence[str]) -> list[Box]:
    """Where any of `words` stands on a page (from 1), case aside, to be highlighted."""
    with _PDFIUM, _opened(source, page) as opened:
        text_page = opened.get_textpage()
        try:
            return [box for word in words if word.strip() for box in _boxes(opened, text_page, word)][:_MAX_BOXES]
        finally:
            text_page.close()


@contextmanager
def _opened(source: str | os.PathLike[str] | bytes, page: int) -> Iterator[Any]:
    pdf = _open(source)
    try:
        if not 1 <= page <= len(pdf):
            raise DecodeError(Failure.CORRUPT, f"The document has no page {page}.")
        opened = pdf[page - 1]
        try:
            yield opened
        finally:
            opened.close()
    finally:
        pdf.close()


def _open(source: str | os.PathLike[str] | bytes) -> Any:
    import pypdfium2

    # By handle and not by name: PDFium cannot open names that are not UTF-8.
    file = io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb")  # noqa: SIM115
    try:
        pdf = pypdfium2.PdfDocument(file, autoclose=True)
    except pypdfium2.PdfiumError as error:
        reason = _decode_error(file, str(error))
        file.close()
        raise reason from error
    except BaseException:
        file.close()
        raise
    with suppress(Exception):  # so that what was typed into forms is drawn
        if pdf.get_formtype():
            pdf.init_forms()
    return pdf


def _decode_error(file: io.BufferedIOBase | Any, message: str) -> DecodeError:
    if "password" in message.lower() or "security" in message.lower():
        return DecodeError(Failure.ENCRYPTED, "The PDF document is protected by a password.")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if b"%PDF" not in head[:1024]:
        size = file.seek(0, os.SEEK_END)
        return unreadable_error(head, size, "a PDF document")
    file.seek(max(0, file.seek(0, os.SEEK_END) - 2048))
    if b"%%EOF" not in file.read():
        return DecodeError(Failure.TRUNCATED, "The PDF document breaks off: the file is incomplete.")
    return DecodeError(Failure.CORRUPT, "The PDF document is damaged and cannot be read.")


def _render(page: Any, *, shorter: int | None = None, longer: int | None = None) -> Image.Image:
    width, height = page.get_size()
    long, short = max(width, height, 1.0), max(min(width, height), 1e-3)
    scale = longer / long if longer is not None else (shorter or 1) / short
    if shorter is not None:
        scale = min(scale, shorter * _MAX_ASPECT_RATIO / long)
    picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True).to_pil()
    converted: Image.Image = picture.convert("RGB")
    return converted


def _boxes(page: Any, text_page: Any, word: str) -> Iterator[Box]:
    searcher = text_page.search(word, match_case=False)
    try:
        while (found := searcher.get_next()) is not None:
            start, length = found
            for number in range(text_page.count_rects(start, length)):
                yield _fractions(page, text_page.get_rect(number))
    finally:
        searcher.close()


def _fractions(page: Any, rectangle: tuple[float, float, float, float]) -> Box:
    """From PDF points (origin at the bottom left, before rotation) to fractions of the page as it is shown."""
    left, bottom, right, top = rectangle
    corners = [_device(page, left, top), _device(page, right, bottom)]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return xs[0], ys[0], xs[1], ys[1]


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    import ctypes

    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE_UNITS, _DEVICE_UNITS, 0, x, y, across, down)
    return min(max(across.value / _DEVICE_UNITS, 0.0), 1.0), min(max(down.value / _DEVICE_UNITS, 0.0), 1.0)
