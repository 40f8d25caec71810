"""What a document gives: parts with text and, for pages, a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_MAX_TITLE_LENGTH = 300
# What programs write into the title when the author wrote none.
_PLACEHOLDER_TITLES = (
    "untitled",
    "unknown",
    "document",
    "powerpoint presentation",
    "microsoft word - ",
    "slide 1",
    "title",
)


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A page or slide with its number from 1, or the whole text of a document without pages (None)."""

    page: int | None
    text: str
    picture: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An opened document.

    Attributes:
        title: as its author set it, or None.
        pages: how many pages or slides, or None where that is not fixed.
        parts: to be walked once; may raise DecodeError on the way. Leaving it early is fine.
        cover: encoded picture the file carries of itself (JPEG or PNG), or None.
        cut: the parts hold only the beginning of a text that is longer than `Limits.characters`.
    """

    title: str | None
    pages: int | None
    parts: Iterator[DocumentPart]
    cover: bytes | None = None
    cut: bool = False


def tidy_title(title: object) -> str | None:
    """A title on one line, or None where it says nothing."""
    if not isinstance(title, str):
        return None
    tidy = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:_MAX_TITLE_LENGTH]
    if tidy.lower().startswith("microsoft word - "):
        tidy = tidy[len("microsoft word - ") :]
    return tidy if tidy and tidy.lower() not in _PLACEHOLDER_TITLES else None
