"""Text out of XML in one pass: a base for the readers of Office, OpenDocument and chart parts.

expat calls back for each element, nothing is built, so time and memory grow with the text alone. A document type
declaration ends reading: entities are the one way in which XML can blow up or reach out, and no Office file has any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO
from xml.parsers import expat

_READ_AT_ONCE = 1 << 16
_PIECE = 100_000

Attributes = Mapping[str, str]


class UnsafeXml(ValueError):
    """The XML declares entities."""


class XmlText:
    """Collects the text of one XML part. Subclasses say what elements mean; names come without their namespace.

    Attributes:
        skipped: elements whose whole content is not text.
    """

    skipped: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.out: list[str] = []
        self.size = 0
        self._set_aside: list[list[str]] = []
        self._notes: list[str] = []
        self._skipping = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Character data that is not skipped."""
        self.write(text)

    def write(self, text: str) -> None:
        """Append to the text."""
        self.out.append(text)
        self.size += len(text)

    def begin_aside(self) -> None:
        """What follows (a text box, a note) stands beside the text: it must not cut a word or a sentence in two."""
        self._set_aside.append(self.out)
        self.out = []

    def end_aside(self) -> None:
        """The text beside ends; `write_asides` brings it."""
        note = "".join(self.out).strip()
        self.out = self._set_aside.pop()
        if note:
            self._notes.append(note)

    def write_asides(self) -> None:
        """Bring what stood beside the paragraph that has just ended."""
        if self._notes and not self._set_aside:
            notes, self._notes = self._notes, []
            self.write("".join(f"{note}\n\n" for note in notes))

    def read(self, stream: IO[bytes]) -> Iterator[str]:
        """Read to the end, the text piece by piece, cut where `out` happens to end a paragraph.

        Raises:
            expat.ExpatError: the XML is broken.
            UnsafeXml: it declares a document type.
        """
        parser = expat.ParserCreate()  # without namespaces: some programs forget to declare theirs
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = _refuse
        while block := stream.read(_READ_AT_ONCE):
            parser.Parse(block, False)
            if self.size >= _PIECE and not self._set_aside and self.out and self.out[-1].endswith("\n"):
                yield self._taken()
        parser.Parse(b"", True)
        self.write_asides()
        yield self._taken()

    def _taken(self) -> str:
        taken = "".join(self.out)
        self.out.clear()
        self.size = 0
        return taken

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        name = qualified.rpartition(":")[2]
        if self._skipping or name in self.skipped:
            self._skipping += 1
        else:
            self.start(name, {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _end(self, qualified: str) -> None:
        if self._skipping:
            self._skipping -= 1
        else:
            self.end(qualified.rpartition(":")[2])

    def _data(self, data: str) -> None:
        if not self._skipping:
            self.text(data)


def _refuse(*_: object) -> None:
    raise UnsafeXml("document type declaration")
