"""E-books in EPUB: the chapters in the order of the spine. https://www.w3.org/TR/epub-33/"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from xml.etree import ElementTree

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.package import Package, natural, resolve
from app.documents.plain import decode_markup, html_to_text

_MARKUP = (".xhtml", ".html", ".htm", ".xml")


def open_book(package: Package) -> tuple[dict[str, list[str]], list[str]]:
    """What the package document tells, by element name, and the chapters' parts in reading order."""
    opf = _package_document(package)
    root = package.tree(opf)
    described: dict[str, list[str]] = {}
    chapters: list[str] = []
    if root is not None:
        described = _described(root)
        chapters = [part for part in _spine(root, posixpath.dirname(opf)) if _is_there(package, part)]
    if not chapters:  # a book without an order still has chapters
        chapters = sorted((name for name in package.names if name.lower().endswith(_MARKUP[:3])), key=natural)
    return described, chapters


def chapter_texts(package: Package, chapters: list[str]) -> Iterator[str]:
    """The text of each chapter; a broken one must not cost the others.

    Raises:
        DecodeError: none can be read.
    """
    broken = 0
    for part in chapters:
        try:
            text = html_to_text(decode_markup(package.read(part)))[1].strip()
        except DecodeError:
            broken += 1
        else:
            yield text
    if chapters and broken == len(chapters):
        raise DecodeError(Failure.CORRUPT, "None of the chapters of the book can be read.")


def _package_document(package: Package) -> str:
    root = package.tree("META-INF/container.xml")
    for element in () if root is None else root.iter():
        if element.tag.endswith("rootfile") and element.get("full-path"):
            return resolve("", element.get("full-path") or "")
    return next((name for name in package.names if name.lower().endswith(".opf")), "")


def _described(root: ElementTree.Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter():
        if element.tag.startswith("{http://purl.org/dc/elements/1.1/}") and (element.text or "").strip():
            found.setdefault(element.tag.rpartition("}")[2], []).append(element.text or "")
    return found


def _spine(root: ElementTree.Element, folder: str) -> Iterator[str]:
    items: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name == "item" and element.get("href"):
            items[element.get("id") or ""] = resolve(folder, element.get("href") or "")
        elif name == "itemref" and element.get("idref") in items:
            yield items[element.get("idref") or ""]


def _is_there(package: Package, part: str) -> bool:
    return part in package or part.lower() in {name.lower() for name in package.names}
