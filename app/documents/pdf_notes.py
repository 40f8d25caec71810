"""What stands in a PDF beside the text of its pages: form fields, comments, bookmarks, attachments, information."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.documents.document import joined, tidy_title

_MOST_NOTES, _MOST_BOOKMARKS = 2000, 5000
_LONGEST = 1 << 20
# What reportlab and others write where the author wrote nothing.
_NOTHING_TOLD = ("(anonymous)", "anonymous", "(unspecified)", "unspecified")


@dataclass(frozen=True, slots=True)
class Information:
    """What a PDF says of itself."""

    title: str | None
    keywords: tuple[str, ...]
    described: tuple[str, ...]


def information(pdf: Any) -> Information:
    """Title, author, subject, keywords, bookmarks and the names of attached files; what is broken is left out."""
    told: dict[str, str] = {}
    with suppress(Exception):
        told = pdf.get_metadata_dict(skip_empty=True)
    title = tidy_title(told.get("Title"))
    separator = ";" if ";" in told.get("Keywords", "") else ","
    properties = [told.get(name, "") for name in ("Subject", "Author")]
    described = joined([*properties, *_bookmarks(pdf), *_attachments(pdf)])
    return Information(
        title=title,
        keywords=joined(told.get("Keywords", "").split(separator)),
        described=tuple(text for text in described if text != title and text.lower() not in _NOTHING_TOLD),
    )


def notes_on(pdf: Any, page: Any) -> str:
    """What was typed into the form fields of a page, and its comments, a paragraph each."""
    return "\n\n".join(dict.fromkeys(text for text in _notes(pdf, page) if text))


def _notes(pdf: Any, page: Any) -> Iterator[str]:
    import pypdfium2.raw as pdfium

    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            yield _note(pdf, annotation)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _note(pdf: Any, annotation: Any) -> str:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        return _field(pdf, annotation)
    if kind in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
        return ""
    text = _value(annotation, b"Contents") or _plain(_value(annotation, b"RC"))
    author = _value(annotation, b"T")
    attached = ""
    if kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
        file = pdfium.FPDFAnnot_GetFileAttachment(annotation)
        attached = _wide(lambda b, n: pdfium.FPDFAttachment_GetName(file, b, n)) if file else ""
    note = "\n".join(part for part in (text, attached) if part)
    return f"{author}: {note}" if author and note else note


def _field(pdf: Any, annotation: Any) -> str:
    """The value of a field that holds words; those of check boxes are names for programs."""
    import pypdfium2.raw as pdfium

    form = pdf.formenv
    if form is None:
        return _value(annotation, b"V")
    texts = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
    if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in texts:
        return ""
    return _wide(lambda b, n: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, b, n))


def _plain(rich: str) -> str:
    from app.documents.plain import html_to_text

    return html_to_text(rich)[1].strip() if rich else ""


def _value(annotation: Any, key: bytes) -> str:
    import pypdfium2.raw as pdfium

    return _wide(lambda b, n: pdfium.FPDFAnnot_GetStringValue(annotation, key, b, n))


def _wide(get: Callable[[Any, int], int]) -> str:
    """A text that PDFium writes as UTF-16 into a buffer of ours, tidy."""
    import pypdfium2.raw as pdfium

    length = get(None, 0)
    if not 2 < length <= _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(length)
    get(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\r", "\n").strip()


def _bookmarks(pdf: Any) -> list[str]:
    titles: list[str] = []
    with suppress(Exception):  # a damaged outline must not cost the document
        for bookmark in pdf.get_toc():
            titles.append(bookmark.get_title())
            if len(titles) >= _MOST_BOOKMARKS:
                break
    return titles


def _attachments(pdf: Any) -> list[str]:
    names: list[str] = []
    with suppress(Exception):
        names.extend(pdf.get_attachment(index).get_name() for index in range(pdf.count_attachments()))
    return names
