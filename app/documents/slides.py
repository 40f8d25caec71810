"""PowerPoint presentations (Office Open XML), slide by slide. ECMA-376, part 1."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents.package import Package, natural
from app.documents.word import DrawingText, drawn_texts
from app.documents.xml_text import Attributes

_BESIDE = ("notesSlide", "comments", "comment")


def slide_texts(package: Package, main: str) -> Iterator[str]:
    """The text of each slide in order: what stands on it, its charts and diagrams, its notes and comments.

    Raises:
        DecodeError: a slide is broken.
    """
    for part in _in_order(package, main):
        texts = ["".join(package.texts(part, SlideText))]
        texts.extend(drawn_texts(package, [part]))
        for kind, beside in package.related(part):
            if kind in _BESIDE:
                texts.append(package.text(beside, SlideText))
        yield "\n\n".join(text.strip() for text in texts if text.strip())


def master_text(package: Package, main: str) -> str:
    """What stands on every slide: the words of masters and layouts that are no placeholders."""
    parts: dict[str, None] = {}
    for kind, master in package.related(main):
        if kind == "slideMaster":
            parts[master] = None
            parts.update((layout, None) for found, layout in package.related(master) if found == "slideLayout")
    texts = dict.fromkeys(package.text(part, _MasterText).strip() for part in parts)
    return "\n\n".join(text for text in texts if text)


def _in_order(package: Package, main: str) -> list[str]:
    root, targets = package.tree(main), package.relation_targets(main)
    listed: list[str] = []
    for element in () if root is None else root.iter():
        if element.tag.endswith("}sldId"):
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            listed.append(targets.get(identity, ""))
    found = [part for part in listed if part in package]
    return found or sorted((part for kind, part in package.related(main) if kind == "slide"), key=natural)


class SlideText(DrawingText):
    """A slide, its notes or its comments; what programs fill in (numbers of slides) is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._field = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "fld":
            self._field = attributes.get("type") == "slidenum"
        super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "fld":
            self._field = False
        super().end(name)

    def text(self, text: str) -> None:
        if not self._field:
            super().text(text)


class _MasterText(SlideText):
    """Placeholders of a master hold words that tell what to type: they show on no slide."""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sp":
            self.begin_aside()
        elif name == "ph":
            self._placeholder = True
        super().start(name, attributes)

    def end(self, name: str) -> None:
        super().end(name)
        if name == "sp":
            if self._placeholder:
                self.out.clear()
            self._placeholder = False
            self.end_aside()

    _placeholder = False
