"""What a document gives: parts with text and, for pages, a picture; and what makes text searchable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
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
        keywords: the author's.
        described: what else the file says of itself: author, subject, bookmarks, names of attachments.
        written_at: the date that belongs to the text (a mail's), with its zone where that is known.
    """

    title: str | None
    pages: int | None
    parts: Iterator[DocumentPart]
    cover: bytes | None = None
    cut: bool = False
    keywords: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    written_at: datetime | None = None


# Hyphens that show only where a line breaks, spaces without width, byte order marks: inside words for the printer.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u180e\0]+")
# Pictures and files written into a text: as addresses, as one endless word, as lines of equal length.
DATA_ADDRESS = re.compile(r"data:[\w.+-]{1,60}/[\w.+-]{1,60}[;,][^\s\"'<>(){}\\]*", re.IGNORECASE)
_ENDLESS = re.compile(r"[A-Za-z0-9+/=_%-]{200,}")
_ENCODED_LINES = re.compile(
    r"(?:^[ \t]*[A-Za-z0-9+/]{60,}={0,2}[ \t]*\n){3,}(?:[ \t]*[A-Za-z0-9+/]+={0,2}[ \t]*$)?", re.MULTILINE
)
_DENSE_RUN = re.compile(r"[!-~]{1000,}")  # code or data without a blank
_UNBROKEN = re.compile("[^\\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0003ffff]{1000,}")
_SEPARATOR = re.compile(r"[-_/%]")
_PUNCTUATION = re.compile(r"[,;:=&?|{}()\[\]\"'<>]+")


def searchable(text: str) -> str:
    """Text as it is searched: words whole, without encoded pictures and other data that stand in it."""
    text = _INVISIBLE.sub("", text)
    if len(text) > 200:
        if "data:" in text:
            text = DATA_ADDRESS.sub(" ", text)
        text = _ENCODED_LINES.sub("\n", _ENDLESS.sub(_words_only, text))
        text = _UNBROKEN.sub(" ", _DENSE_RUN.sub(lambda run: _PUNCTUATION.sub(r"\g<0> ", run[0]), text))
    return text


def _words_only(run: re.Match[str]) -> str:
    """The long address of a page is words, base64 is not."""
    pieces = _SEPARATOR.split(run[0])
    return " ".join(pieces) if len(pieces) * 15 > len(run[0]) and len(run[0]) < 3000 else " "


def joined(values: Iterable[object]) -> tuple[str, ...]:
    """Texts of properties, tidy, each once."""
    texts = (" ".join(value.split()) for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(text for text in texts if text))


def tidy_title(title: object) -> str | None:
    """A title on one line, or None where it says nothing."""
    if not isinstance(title, str):
        return None
    tidy = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:_MAX_TITLE_LENGTH]
    if tidy.lower().startswith("microsoft word - "):
        tidy = tidy[len("microsoft word - ") :]
    return tidy if tidy and tidy.lower() not in _PLACEHOLDER_TITLES else None
