"""Packed documents (Office Open XML, OpenDocument, EPUB, iWork): what a ZIP file really is, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents import ebook, opendocument
from app.documents.document import Document, DocumentPart, joined, tidy_title
from app.documents.package import Package, natural
from app.documents.pdf import read_pdf
from app.documents.sheets import workbook_texts
from app.documents.slides import master_text, slide_texts
from app.documents.word import word_texts
from app.pictures import Limits

ReadEmbedded = Callable[[str, bytes], str]
"""The text of an embedded document, by its name and bytes; empty where there is none."""

_ODF = "application/vnd.oasis.opendocument."
_PREVIEWS = ("QuickLook/Preview.pdf", "preview.jpg", "QuickLook/Thumbnail.jpg")
_EMBEDDED = ("docx", "docm", "pptx", "xlsx", "xlsm", "odt", "ods", "odp", "pdf", "doc", "xls", "ppt")
_PICTURES = ("jpg", "jpeg", "png", "webp", "gif", "avif", "jxl", "bmp")
_GENERATED = "generated "
_PIECE = 50_000


def read_packed(
    data: bytes, suffix: str, wanted: str, picture_side: int, limits: Limits, read_embedded: ReadEmbedded
) -> Document | None:
    """Read a document that is a ZIP file; None for an Excel workbook in binary form, which another reader knows.

    Raises:
        DecodeError: broken, encrypted, a bomb, or no document.
    """
    package = Package(data, limits)
    mime = package.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in package else ""
    if mime.startswith(_ODF):
        return _opendocument(package, mime.removeprefix(_ODF))
    if mime.startswith("application/epub") or "META-INF/container.xml" in package:
        return _book(package)
    lowered = {name.lower() for name in package.names}
    if "xl/workbook.bin" in lowered:
        return None
    main = _main_part(package)
    if main is not None:
        return _office(package, *main, read_embedded)
    if any(name.endswith((".iwa", "index.xml", "index.apxl")) or name == "Index.zip" for name in package.names):
        return _iwork(package, picture_side, limits)
    if suffix == "cbz":
        return _comic(package, picture_side, limits)
    raise DecodeError(Failure.WRONG_TYPE, f"The file is named like {wanted}, but its content is a ZIP archive.")


def _main_part(package: Package) -> tuple[str, str] | None:
    """The part at which reading begins, and the folder that tells the kind: word, xl or ppt."""
    kinds = (("word", "document.xml"), ("xl", "workbook.xml"), ("ppt", "presentation.xml"))
    related = [part for kind, part in package.related("") if kind == "officeDocument"]
    for part in related:
        for kind, _ in kinds:
            if part.lower().startswith(f"{kind}/"):
                return part, kind
    for kind, name in kinds:
        if any(entry.lower().startswith(f"{kind}/") for entry in package.names):
            return f"{kind}/{name}", kind
    return None


def _office(package: Package, main: str, kind: str, read_embedded: ReadEmbedded) -> Document:
    title, keywords, described = _properties(package)
    document = Document(
        title=title, pages=None, parts=iter(()), cover=package.cover(), keywords=keywords, described=described
    )
    embedded = _embedded(package, read_embedded)
    if kind == "ppt":
        slides = [DocumentPart(number, text) for number, text in enumerate(slide_texts(package, main), 1)]
        behind = [master_text(package, main), *embedded]
        beside = (DocumentPart(None, text) for text in behind if text.strip())
        return replace(document, pages=len(slides) or None, parts=iter([*slides, *beside]))
    texts = word_texts(package, main) if kind == "word" else workbook_texts(package, main)
    return replace(document, parts=_whole(chain(texts, embedded)))


def _whole(texts: Iterable[str]) -> Iterator[DocumentPart]:
    """Texts that belong together, in parts large enough that a word's neighbours are in the same; the first is read
    already, so that a broken document is told as soon as it is opened."""
    parts = _gathered(texts)
    first = next(parts)
    return chain((first,), parts)


def _gathered(texts: Iterable[str]) -> Iterator[DocumentPart]:
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= _PIECE:
            yield DocumentPart(None, "".join(gathered))
            gathered, size = [], 0
    yield DocumentPart(None, "".join(gathered))


def _embedded(package: Package, read_embedded: ReadEmbedded) -> Iterator[str]:
    """The text of documents inside the document; a chart's numbers are no more than those."""
    charts = {part for name in package.names if "/charts/" in name for _, part in package.related(name)}
    for name in package.names:
        if "/embeddings/" in name and name not in charts and name.rpartition(".")[2].lower() in _EMBEDDED:
            yield f"\n\n{read_embedded(name, package.read(name))}"


def _properties(package: Package) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Title, keywords and everything else of the document's properties."""
    values: dict[str, list[str]] = {}
    for part in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
        root = package.tree(part)
        for element in () if root is None else root.iter():
            if element.text and element.text.strip():
                values.setdefault(element.tag.rpartition("}")[2], []).append(element.text)
    title = tidy_title(next(iter(values.get("title", ())), None)) or tidy_title(
        next(iter(values.get("subject", ())), None)
    )
    names = ("subject", "creator", "description", "category", "Manager", "Company", "lpwstr")
    described = joined(value for name in names for value in values.get(name, ()))
    keywords = _split_keywords(values.get("keywords", ()))
    return title, keywords, tuple(text for text in described if text != title and not text.startswith(_GENERATED))


def _split_keywords(values: object) -> tuple[str, ...]:
    separated = ";".join(value for value in values if isinstance(value, str)) if isinstance(values, list) else ""
    separator = ";" if ";" in separated else ","
    return joined(separated.split(separator))


def _opendocument(package: Package, kind: str) -> Document:
    told = opendocument.description(package.read("meta.xml") if "meta.xml" in package else b"")
    document = Document(told.title, None, iter(()), cover=package.cover(), keywords=told.keywords, described=told.other)
    if kind.startswith("presentation"):
        slides = [DocumentPart(number, text) for number, text in enumerate(opendocument.slide_texts(package), 1)]
        return replace(document, pages=len(slides) or None, parts=iter(slides))
    return replace(document, parts=_whole(opendocument.opendocument_texts(package)))


def _book(package: Package) -> Document:
    values, chapters = ebook.open_book(package)
    title = tidy_title(next(iter(values.get("title", ())), None))
    names = ("creator", "contributor", "publisher", "description")
    described = joined(value for name in names for value in values.get(name, ()))
    return Document(
        title=title,
        pages=None,
        parts=(DocumentPart(None, text) for text in ebook.chapter_texts(package, chapters)),
        cover=package.cover(),
        keywords=joined(values.get("subject", ())),
        described=tuple(text for text in described if text != title),
    )


def _iwork(package: Package, picture_side: int, limits: Limits) -> Document:
    """Pages, Numbers, Keynote: their format is secret, their preview is not."""
    for name in _PREVIEWS:
        if name in package:
            if name.endswith(".pdf"):
                return read_pdf(package.read(name), picture_side, limits)
            return _pictured(package, [name], picture_side, limits)
    raise DecodeError(Failure.UNSUPPORTED, "This document carries no preview, and its own format cannot be read yet.")


def _comic(package: Package, picture_side: int, limits: Limits) -> Document:
    pages = [name for name in package.names if name.lower().rpartition(".")[2] in _PICTURES]
    pages = [name for name in pages if not name.startswith("__MACOSX")]
    if not pages:
        raise DecodeError(Failure.EMPTY, "There is no picture in the comic book.")
    return _pictured(package, sorted(pages, key=natural), picture_side, limits)


def _pictured(package: Package, names: list[str], picture_side: int, limits: Limits) -> Document:
    """A document whose pages are pictures."""
    from app.pictures import open_picture

    def parts() -> Iterator[DocumentPart]:
        read = 0
        for number, name in enumerate(names[: limits.page_pictures], 1):
            try:
                picture = open_picture(package.read(name), min_side=picture_side, limits=limits)
            except DecodeError:  # one broken page must not cost the others
                continue
            read += 1
            yield DocumentPart(number, "", picture)
        if not read:
            raise DecodeError(Failure.CORRUPT, "None of the pictures in the document can be read.")

    return Document(title=None, pages=len(names), parts=parts())
