"""OpenDocument texts, sheets, slides and drawings, packed or flat. OASIS OpenDocument 1.3, part 3."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from xml.parsers import expat

from app.documents.document import joined, tidy_title
from app.documents.package import Package, natural
from app.documents.xml_text import Attributes, UnsafeXml, XmlText

_MOST_SPACES = 200


def opendocument_texts(package: Package) -> Iterator[str]:
    """The text of a text document, sheet or drawing: its body, headers and footers, embedded charts.

    Raises:
        DecodeError: content.xml is broken.
    """
    yield from package.texts("content.xml", OpenDocumentText)
    yield f"\n\n{package.text('styles.xml', HeaderText)}"
    for part in sorted((name for name in package.names if name.endswith("/content.xml")), key=natural):
        yield f"\n\n{package.text(part, OpenDocumentText)}"


def slide_texts(package: Package) -> Iterator[str]:
    """The text of each slide of a presentation, its notes included.

    Raises:
        DecodeError: content.xml is broken.
    """
    # A form feed ends each page.
    pages = "".join(package.texts("content.xml", _SlidesText)).split("\f")
    yield from (page.strip() for page in pages[:-1] or pages)


def flat_texts(data: bytes) -> Iterator[str]:
    """The text of OpenDocument in one XML file.

    Raises:
        ValueError, expat.ExpatError: it is broken.
    """
    yield from OpenDocumentText().read(io.BytesIO(data))
    yield from HeaderText().read(io.BytesIO(data))


@dataclass(frozen=True, slots=True)
class Description:
    """What a document says of itself: title, keywords, and everything else."""

    title: str | None
    keywords: tuple[str, ...]
    other: tuple[str, ...]


def description(meta: bytes) -> Description:
    """The description in meta.xml, or in a flat document; empty where there is none."""
    reader = _MetaText()
    with suppress(expat.ExpatError, UnsafeXml):
        for _ in reader.read(io.BytesIO(meta)):
            pass
    values = reader.values
    title = tidy_title(next(iter(values.get("title", ())), None)) or tidy_title(
        next(iter(values.get("subject", ())), None)
    )
    names = ("subject", "description", "initial-creator", "creator", "user-defined")
    other = joined(value for name in names for value in values.get(name, ()))
    return Description(title, joined(values.get("keyword", ())), tuple(text for text in other if text != title))


class OpenDocumentText(XmlText):
    """The body: everything in it is text but what was deleted, counted or dated by the program."""

    skipped = frozenset(
        (
            *("tracked-changes", "note-citation", "ruby-text", "hidden-text", "hidden-paragraph", "date-string"),
            *("automatic-styles", "font-face-decls", "settings", "scripts", "styles", "master-styles", "meta"),
            *("binary-data", "page-number", "page-count", "sheet-name", "sequence-decls", "user-field-decls"),
            *("annotation-end", "content-validations", "named-expressions", "database-ranges", "dde-connection-decls"),
            *("covered-table-cell", "event-listeners", "object-ole"),
        )
    )
    _ASIDE = frozenset(("note-body", "annotation", "text-box", "desc"))
    _SAID = ("label", "current-value", "value", "title")  # attributes of form controls

    def __init__(self) -> None:
        super().__init__()
        self._blocks = 0
        self._rows: list[list[str]] = []
        self._dated = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "s":
            count = attributes.get("c", "1")
            self.write(" " * min(int(count) if count.isdigit() else 1, _MOST_SPACES))
        elif name == "tab":
            self.write("\t")
        elif name == "line-break":
            self.write("\n")
        elif name in ("p", "h"):
            self._blocks += 1
        elif name in self._ASIDE:
            self.begin_aside()
        elif name == "table":
            if attributes.get("name") and not attributes["name"].startswith(("Table", "Tabelle")):
                self.write(f"{attributes['name']}\n\n")
        elif name == "table-row":
            self._rows.append(self.out)
            self.out = []
        elif name == "date":
            self._dated = True  # of a comment
        elif attributes and name in _CONTROLS:
            self.write("".join(f"{attributes[said]}\n" for said in self._SAID if attributes.get(said)))

    def end(self, name: str) -> None:
        if name in ("p", "h"):
            self._blocks -= 1
            self.write(" " if self._rows and not self._set_aside else "\n\n")
            if not self._blocks and not self._rows:
                self.write_asides()
        elif name in self._ASIDE:
            self.end_aside()
        elif name == "creator":
            self.write(": ")
        elif name == "table-cell":
            self.write("| ")
        elif name == "table-row":
            row = "".join(self.out)
            self.out = self._rows.pop()
            if row.strip(" |\n\t"):
                self.write(f"| {row.strip()}\n")
            if not self._rows:
                self.write_asides()
        elif name == "date":
            self._dated = False
        elif name == "table":
            self.write("\n\n")

    def text(self, text: str) -> None:
        if not self._dated and (self._blocks or text.strip()):
            self.write(text)


_CONTROLS = frozenset(
    (
        *("text", "textarea", "listbox", "combobox", "button", "checkbox", "radio", "item", "option"),
        *("formatted-text", "fixed-text"),
    )
)


class _MetaText(XmlText):
    """The description, value by element."""

    skipped = frozenset(("body", "master-styles", "automatic-styles", "styles", "settings", "scripts"))

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}

    def start(self, _name: str, _attributes: Attributes, /) -> None:
        self.out.clear()

    def end(self, name: str) -> None:
        if value := "".join(self.out).strip():
            self.values.setdefault(name, []).append(value)
        self.out.clear()


class HeaderText(OpenDocumentText):
    """Headers and footers of styles.xml."""

    skipped = OpenDocumentText.skipped - {"master-styles"} | {"body"}

    def __init__(self) -> None:
        super().__init__()
        self._inside = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._inside += name.startswith(("header", "footer"))
        if self._inside:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if self._inside:
            super().end(name)
        self._inside -= name.startswith(("header", "footer"))

    def text(self, text: str) -> None:
        if self._inside:
            super().text(text)


class _SlidesText(OpenDocumentText):
    """A presentation."""

    def end(self, name: str) -> None:
        super().end(name)
        if name == "page":
            self.write_asides()
            self.write("\f")
