"""How many of a document's words are read, and how many that are not in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.documents import read_document
from tests.samples.corpus import Specimen

# What readers add to tell what something is, and what makers of samples cannot leave out.
_ALLOWED = frozenset(
    (
        *("subject", "from", "to", "cc", "date", "tue", "mon", "jan", "notes", "true", "false"),
        *("a", "b", "c", "d", "x", "example", "org", "https", "jpg", "docx", "csv", "file", "saved", "by", "browser"),
        *("sheet", "python", "pptx", "openpyxl"),
    )
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass
class Recall:
    """Counts over documents.

    Attributes:
        missing: word -> the place where it stands unread.
        false: words that are read and stand nowhere.
    """

    words: int = 0
    found: int = 0
    read: int = 0
    missing: dict[str, str] = field(default_factory=dict)
    false: list[str] = field(default_factory=list)

    def add(self, specimen: Specimen) -> None:
        """Read a document and compare."""
        document = read_document(specimen.path)
        pieces = [part.text for part in document.parts]
        text = "\n".join([*pieces, document.title or "", *document.keywords])
        read = {word for word in _WORD.findall(text) if word.lower() not in _ALLOWED}
        missing = {word: place for word, place in specimen.words.items() if word not in read}
        self.words += len(specimen.words)
        self.found += len(specimen.words) - len(missing)
        self.read += len(read)
        self.missing.update(missing)
        self.false += sorted(read - specimen.words.keys())

    def plus(self, other: Recall) -> Recall:
        return Recall(
            self.words + other.words, self.found + other.found, self.read + other.read,
            self.missing | other.missing, self.false + other.false,
        )  # fmt: skip
