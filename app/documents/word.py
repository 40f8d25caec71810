"""Word documents (Office Open XML): everything a reader sees, wherever it stands. ECMA-376, part 1."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents.package import Package, natural
from app.documents.xml_text import Attributes, XmlText

# What a document's main part refers to, in the order in which it is read.
_BESIDE = ("header", "footer", "footnotes", "endnotes", "comments")
_WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": " "}
_DRAWN = ("chart", "chartEx", "diagramData")


def word_texts(package: Package, main: str) -> Iterator[str]:
    """The text of a Word document: its body, then headers, footers, notes, comments, charts and diagrams.

    Raises:
        DecodeError: the main part is broken.
    """
    yield from package.texts(main, WordText)
    related = package.related(main)
    seen: set[str] = set()
    for kind in _BESIDE:
        for part in sorted({part for found, part in related if found == kind}, key=natural):
            text = package.text(part, WordText).strip()
            if text and text not in seen:  # the same header for the first page, even and odd ones
                seen.add(text)
                yield f"\n\n{text}"
    yield from drawn_texts(package, [main, *(part for kind, part in related if kind in _BESIDE)])


def drawn_texts(package: Package, parts: list[str]) -> Iterator[str]:
    """The words in charts and diagrams of these parts, each once."""
    seen: set[str] = set()
    for owner in parts:
        for kind, part in package.related(owner):
            if kind in _DRAWN and part not in seen:
                seen.add(part)
                text = package.text(part, ChartText if kind.startswith("chart") else DrawingText).strip()
                if text:
                    yield f"\n\n{text}"


class WordText(XmlText):
    """WordprocessingML, with DrawingML and formulas inside it."""

    # Deleted text stands in elements of its own name; what was moved away stands where it went, too. A fallback
    # repeats the choice for old programs. Readings above Japanese words would tear them apart.
    skipped = frozenset(("moveFrom", "Fallback", "rt", "instrText", "fldData", "pStyle", "tblPr", "sectPr"))

    def __init__(self) -> None:
        super().__init__()
        self._in_text = False
        self._tables = 0
        self._runs: list[bool] = []  # whether each is hidden: a text box in a run has runs of its own

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "t":
            self._in_text = True
        elif name == "r":
            self._runs.append(False)
        elif name == "vanish":
            if self._runs:
                self._runs[-1] = attributes.get("val", "1") not in ("0", "false", "off")
        elif name in _WRITTEN:
            if self._runs and not self._runs[-1]:  # elsewhere w:tab sets where tabulators stand
                self.write(_WRITTEN[name])
        elif name == "txbxContent":
            self.begin_aside()
        elif name == "comment" and attributes.get("author"):
            self.write(f"{attributes['author']}: ")
        elif name == "docPr" and " " in attributes.get("descr", "").strip():
            self.begin_aside()
            self.write(attributes["descr"])
            self.end_aside()
        elif name == "tr":
            self.write("| ")
        elif name == "tbl":
            self._tables += 1

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "r":
            self._runs.pop()
        elif name == "p":
            self.write(" " if self._tables and not self._set_aside else "\n\n")
            if not self._tables:
                self.write_asides()
        elif name == "txbxContent":
            self.end_aside()
        elif name == "tc":
            self.write("| ")
        elif name == "tr":
            self.write("\n")
        elif name == "tbl":
            self._tables -= 1
            self.write("\n\n")
            self.write_asides()

    def text(self, text: str) -> None:
        if self._in_text and not (self._runs and self._runs[-1]):
            self.write(text)


class DrawingText(XmlText):
    """DrawingML: text boxes, tables and diagrams of slides and sheets."""

    skipped = frozenset(("Fallback",))

    def __init__(self) -> None:
        super().__init__()
        self._in_text = False
        self._tables = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("t", "text"):  # the latter in comments
            self._in_text = True
        elif name == "br":
            self.write("\n")
        elif name == "tr":
            self.write("| ")
            self._tables += 1
        elif name == "cNvPr" and " " in attributes.get("descr", "").strip():
            self.write(f"{attributes['descr']}\n\n")

    def end(self, name: str) -> None:
        if name in ("t", "text"):
            self._in_text = False
            if name == "text":
                self.write("\n\n")
        elif name == "p":
            self.write(" " if self._tables else "\n")
        elif name == "tc":
            self.write("| ")
        elif name == "tr":
            self._tables -= 1
            self.write("\n")
        elif name in ("txBody", "tbl", "cm") and not self._tables:
            self.write("\n\n")

    def text(self, text: str) -> None:
        if self._in_text:
            self.write(text)


class ChartText(DrawingText):
    """Charts: title, axes, and the names of series and categories; the values of the points are not words."""

    skipped = frozenset(("Fallback", "val", "yVal", "xVal", "bubbleSize", "numDim"))
    _POINTS = ("v", "pt")  # charts since 2007, charts since 2016

    def start(self, name: str, attributes: Attributes) -> None:
        if name in self._POINTS:
            self._in_text = True
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name in self._POINTS:
            self._in_text = False
            self.write("\n")
        else:
            super().end(name)
