"""Excel workbooks (Office Open XML): cells as they are shown, comments, text boxes, charts. ECMA-376, part 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.documents.number_formats import BUILT_IN, shown
from app.documents.package import Package
from app.documents.word import DrawingText, drawn_texts
from app.documents.xml_text import Attributes, XmlText

_DRAWN_ON = ("comments", "threadedComment", "drawing")
_HEADER_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|\d+|[A-Za-z+\-&])")


def workbook_texts(package: Package, main: str) -> Iterator[str]:
    """The text of a workbook, sheet by sheet.

    Raises:
        DecodeError: a sheet is broken.
    """
    root = package.tree(main)
    targets = package.relation_targets(main)
    strings = _shared_strings(package, main)
    codes = _format_codes(package, main)
    from_1904 = root is not None and any(
        element.get("date1904") in ("1", "true") for element in root.iter() if element.tag.endswith("workbookPr")
    )
    for sheet in () if root is None else root.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        part = targets.get(identity, "")
        yield f"{sheet.get('name') or ''}\n\n"
        if part in package:
            yield from package.texts(part, lambda: _SheetText(strings, codes, from_1904=from_1904))
            yield from _beside(package, part)


def _beside(package: Package, sheet: str) -> Iterator[str]:
    """Comments, text boxes and charts of a sheet."""
    for kind, part in package.related(sheet):
        text = package.text(part, DrawingText).strip() if kind in _DRAWN_ON else ""
        if text:
            yield f"\n\n{text}\n\n"
        if kind in ("drawing", "chartsheet"):
            yield from drawn_texts(package, [part])
    yield "\n\n"


def _shared_strings(package: Package, main: str) -> list[str]:
    strings: list[str] = []
    for kind, part in package.related(main):
        if kind == "sharedStrings" and part in package:
            for _ in package.texts(part, lambda: _SharedStrings(strings)):
                pass
    return strings


def _format_codes(package: Package, main: str) -> list[str]:
    """The number format of each cell style, in order."""
    part = next((part for kind, part in package.related(main) if kind == "styles"), "")
    root = package.tree(part) if part in package else None
    if root is None:
        return []
    own = {
        element.get("numFmtId"): element.get("formatCode") or ""
        for element in root.iter()
        if element.tag.endswith("}numFmt")
    }
    styles = next((element for element in root if element.tag.endswith("}cellXfs")), ())
    numbers = [style.get("numFmtId") or "0" for style in styles]
    return [own.get(number) or BUILT_IN.get(int(number) if number.isdigit() else 0, "") for number in numbers]


class _SharedStrings(XmlText):
    """The table of strings that cells refer to by number."""

    skipped = frozenset(("rPh",))  # how Japanese is read

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self._strings = strings
        self._in_text = False

    def start(self, name: str, _attributes: Attributes, /) -> None:
        self._in_text = name == "t"

    def end(self, name: str) -> None:
        self._in_text = False
        if name == "si":
            self._strings.append("".join(self.out))
            self.out.clear()

    def text(self, text: str) -> None:
        if self._in_text:
            self.out.append(text)


class _SheetText(XmlText):
    """The cells of a sheet, a row a line."""

    skipped = frozenset(("f", "rPh", "formula1", "formula2", "formula"))

    def __init__(self, strings: Sequence[str], codes: Sequence[str], *, from_1904: bool) -> None:
        super().__init__()
        self._strings, self._codes, self._from_1904 = strings, codes, from_1904
        self._row: list[str] = []
        self._value: list[str] = []
        self._kind, self._code = "n", ""
        self._reading = self._header = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            style = attributes.get("s", "0")
            self._kind = attributes.get("t", "n")
            self._code = self._codes[int(style)] if style.isdigit() and int(style) < len(self._codes) else ""
            self._value = []
        elif name in ("v", "t"):
            self._reading = True
        elif name.endswith(("Header", "Footer")) and name != "headerFooter":
            self._header, self._value = True, []

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            if cell := self._cell():
                self._row.append(cell)
        elif name == "row":
            if self._row:
                self.write(f"| {' | '.join(self._row)} |\n")
            self._row = []
        elif self._header and name.endswith(("Header", "Footer")):
            self._header = False
            self.write("\n" + " ".join(_HEADER_CODES.sub(" ", "".join(self._value)).split()) + "\n")

    def text(self, text: str) -> None:
        if self._reading or self._header:
            self._value.append(text)

    def _cell(self) -> str:
        value = "".join(self._value)
        if self._kind == "s":
            number = int(value) if value.strip().isdigit() else -1
            return self._strings[number].strip() if 0 <= number < len(self._strings) else ""
        if self._kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE" if value.strip() else ""
        if self._kind == "n" and value:
            return shown(value.strip(), self._code, from_1904=self._from_1904)
        return value.strip()
