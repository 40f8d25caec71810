"""Text and web pages: find the encoding, drop the markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.charsets import decode
from app.documents.document import DATA_ADDRESS, Document, DocumentPart, joined, searchable, tidy_title
from app.documents.html_tokens import Tokens
from app.pictures import Limits

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|encoding=[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE
)
_PART_LENGTH = 100_000
_FRONT_MATTER = re.compile(r"\A---\n(.{0,20000}?\n)(?:---|\.\.\.)\n", re.DOTALL)
_FRONT_LINE = re.compile(r"^(?:([\w-]+):[ \t]*(.*)|[ \t]*-[ \t]+(.*))$", re.MULTILINE)
_KEYWORD_NAMES = ("tags", "tag", "keywords", "categories")
_TOLD_NAMES = ("title", "author", "authors", "description", "summary", "subtitle", "aliases", "alias")
_MARKDOWN_TITLE = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


def decode_markup(data: bytes, declared: str | None = None) -> str:
    """A page as text, without the pictures that are written into it.

    Args:
        declared: by what carries the page (a mail); goes before what the page says itself.
    """
    match = _CHARSET.search(data[:4096])
    own = (match[1] or match[2]).decode("ascii") if match else None
    return DATA_ADDRESS.sub("", decode(data, declared or own))


def read_text(data: bytes, suffix: str, limits: Limits) -> Document:
    """Plain text, Markdown and the like: as it stands, without a front matter."""
    beginning = _truncated(data, limits)
    whole = decode(beginning)
    cut = len(beginning) < len(data) or len(whole) > limits.characters
    text = searchable(whole[: limits.characters].replace("\r\n", "\n").replace("\r", "\n"))
    del whole
    if suffix not in ("md", "markdown", "mdown"):
        return Document(title=None, pages=None, parts=in_pieces(text), cut=cut)
    told: dict[str, list[str]] = {}
    if front := _FRONT_MATTER.match(text):
        told, text = _front_matter(front[1]), text[front.end() :]
    heading = _MARKDOWN_TITLE.search(text[:2000])
    title = tidy_title(next(iter(told.get("title", ())), None)) or (tidy_title(heading[1]) if heading else None)
    described = joined(value for name in _TOLD_NAMES for value in told.get(name, ()))
    return Document(
        title=title,
        pages=None,
        parts=in_pieces(text),
        cut=cut,
        keywords=joined(value.lstrip("#") for name in _KEYWORD_NAMES for value in told.get(name, ())),
        described=tuple(value for value in described if value != title),
    )


def _front_matter(lines: str) -> dict[str, list[str]]:
    """Names and values at the head of a note: one a line, lists in brackets or below each other."""
    told: dict[str, list[str]] = {}
    values: list[str] = []
    for match in _FRONT_LINE.finditer(lines):
        if match[1]:
            values = told.setdefault(match[1].lower(), [])
        value = (match[2] if match[1] else match[3]).strip()
        inside = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else [value]
        values.extend(item.strip().strip("\"'") for item in inside if item.strip())
    return told


def read_html(data: bytes, limits: Limits) -> Document:
    """A web page, or OpenDocument in one XML file: what a reader sees of it."""
    beginning = _truncated(data, limits)
    page = read_markup(decode_markup(beginning), most=limits.characters)
    cut = len(beginning) < len(data) or len(page.text) > limits.characters
    text = searchable(page.text[: limits.characters])
    return Document(
        title=tidy_title(page.title), pages=None, parts=in_pieces(text), cut=cut, described=joined(page.described)
    )


def in_pieces(text: str) -> Iterator[DocumentPart]:
    """A long text piece by piece, so that who reads it can stop in between: cut between paragraphs, lines or words."""
    start = 0
    while len(text) - start > _PART_LENGTH:
        middle, limit = start + _PART_LENGTH // 2, start + _PART_LENGTH
        ends = (text.rfind(gap, middle, limit) + len(gap) for gap in ("\n\n", "\n", ". ", " "))
        end = next((end for end in ends if end > middle), limit)
        yield DocumentPart(None, text[start:end])
        start = end
    yield DocumentPart(None, text[start:])


@dataclass(frozen=True, slots=True)
class Page:
    """A web page: its title, visible text, and what its head tells of it."""

    title: str
    text: str
    described: tuple[str, ...]


def read_markup(markup: str, *, most: int | None = None) -> Page:
    """What a reader sees of a page; blocks on lines of their own. Reading stops some time after `most` characters."""
    reader = _HtmlTextExtractor(markup, most)
    reader.read()
    return Page("".join(reader.title), "".join(reader.text), tuple(reader.described))


def html_to_text(markup: str) -> tuple[str, str]:
    """Title and visible text of a page."""
    page = read_markup(markup)
    return page.title, page.text


def _truncated(data: bytes, limits: Limits) -> bytes:
    return data if len(data) <= limits.text_bytes else data[: limits.text_bytes]


_UNSEEN_TAGS = (
    "script style noscript template svg math iframe object head rt rp "
    # of OpenDocument in one XML file
    "office:meta office:settings office:scripts office:styles office:automatic-styles office:master-styles "
    "office:font-face-decls office:binary-data"
)
_TITLE_TAGS = ("title", "dc:title")
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code del em font i ins kbd label mark q s samp small span strong sub sup time "
    "tt u var wbr text:span text:a"
)


class _HtmlTextExtractor:
    """Collects text. Forgiving: markup that is never closed loses nothing but its meaning."""

    _UNSEEN = frozenset(_UNSEEN_TAGS.split())
    _INLINE = frozenset(_INLINE_TAGS.split())

    def __init__(self, markup: str, most: int | None) -> None:
        self.title: list[str] = []
        self.text: list[str] = []
        self.described: list[str] = []
        self._tokens = Tokens(markup, self._start, self._end, self._data)
        self._left = most
        self._unseen: list[str] = []
        self._in_title = False

    def read(self) -> None:
        self._tokens.run()

    def _start(self, tag: str, attributes: dict[str, str], closed: bool) -> None:
        if closed and (tag in self._UNSEEN or tag in _TITLE_TAGS):
            return
        if tag == "body":
            self._unseen.clear()  # a head that was never closed
        if tag in _TITLE_TAGS:
            self._in_title = True
        elif tag == "meta":
            self._describe(attributes)
        elif tag in self._UNSEEN:
            self._unseen.append(tag)
        elif tag in ("td", "th"):
            self.text.append(" | ")
        elif tag == "img" and not self._unseen:
            self.text.append(f" {attributes.get('alt') or ''} ")
        elif tag not in self._INLINE:
            self.text.append("\n\n" if tag in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4") else "\n")

    def _describe(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or ""
        if name.lower().rpartition(":")[2] in ("description", "keywords", "author"):
            self.described.append(attributes.get("content") or "")

    def _end(self, tag: str) -> None:
        if tag in _TITLE_TAGS:
            self._in_title = False
        elif tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag not in self._INLINE and tag not in ("td", "th"):
            self.text.append("\n")

    def _data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._unseen:
            self.text.append(data)
            if self._left is not None:
                self._left -= len(data)
                self._tokens.stopped = self._left < 0
