"""Text and web pages: find the encoding, drop the markup."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from app.documents.document import Document, DocumentPart, tidy_title
from app.pictures import Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|encoding=[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE
)
# Tried in turn where UTF-8 does not fit and nothing is declared. Each must decode without error, and the East Asian
# ones must give mostly letters of their scripts: nearly any bytes decode as something.
_EAST_ASIAN = ("shift_jis", "gb18030", "big5", "euc_kr")
_LETTERS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_SAMPLE = 64 * 1024
_PART_LENGTH = 100_000
_FEED_SIZE = 1 << 20
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
_MARKDOWN_TITLE = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


def decode_text(data: bytes, declared: str | None = None) -> str:
    """Bytes of unknown encoding as text, never failing: what cannot be read becomes U+FFFD."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    for candidate in (declared, "utf-8"):
        if candidate:
            try:
                return data.decode(candidate)
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode(_detect_charset(data[:_SAMPLE]), "replace")


def _detect_charset(sample: bytes) -> str:
    high = sum(byte > 127 for byte in sample)
    if high * 20 < len(sample):
        return "cp1252"  # few letters beyond ASCII: a Western language
    for encoding in _EAST_ASIAN:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(sample)  # the sample may end in the middle of a character
        except UnicodeDecodeError:
            continue
        beyond = [character for character in text if ord(character) > 127]
        if beyond and len(_LETTERS.findall(text)) > 0.8 * len(beyond):
            return encoding
    # Cyrillic in cp1251 is nearly all letters C0-FF; Western text has them one by one among ASCII.
    letters = sum(byte >= 0xC0 for byte in sample)
    return "cp1251" if letters * 3 > len(sample) else "cp1252"


def read_text(data: bytes, suffix: str, limits: Limits) -> Document:
    """Plain text, Markdown and the like: as it stands, without a front matter."""
    beginning = _truncated(data, limits)
    whole = decode_text(beginning)
    cut = len(beginning) < len(data) or len(whole) > limits.characters
    text = whole[: limits.characters].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    del whole
    title = None
    if suffix in ("md", "markdown", "mdown"):
        text = _FRONT_MATTER.sub("", text)
        heading = _MARKDOWN_TITLE.search(text[:2000])
        title = tidy_title(heading[1]) if heading else None
    return Document(title=title, pages=None, parts=_parts(text), cut=cut)


def read_html(data: bytes, limits: Limits) -> Document:
    """A web page, or OpenDocument in one XML file: what a reader sees of it."""
    beginning = _truncated(data, limits)
    match = _CHARSET.search(data[:4096])
    declared = (match[1] or match[2]).decode("ascii") if match else None
    title, text = html_to_text(decode_text(beginning, declared), most=limits.characters)
    cut = len(beginning) < len(data) or len(text) > limits.characters
    return Document(title=tidy_title(title), pages=None, parts=_parts(text[: limits.characters]), cut=cut)


def _parts(text: str) -> Iterator[DocumentPart]:
    """A long text piece by piece, so that who reads it can stop in between: cut between paragraphs, lines or words."""
    start = 0
    while len(text) - start > _PART_LENGTH:
        middle, limit = start + _PART_LENGTH // 2, start + _PART_LENGTH
        ends = (text.rfind(gap, middle, limit) + len(gap) for gap in ("\n\n", "\n", ". ", " "))
        end = next((end for end in ends if end > middle), limit)
        yield DocumentPart(None, text[start:end])
        start = end
    yield DocumentPart(None, text[start:])


def html_to_text(markup: str, *, most: int | None = None) -> tuple[str, str]:
    """Title and visible text; blocks on lines of their own. Reading stops some time after `most` characters."""
    reader = _HtmlTextExtractor()
    for start in range(0, len(markup), _FEED_SIZE):
        reader.feed(markup[start : start + _FEED_SIZE])
        if most is not None and reader.characters > most:
            break
    else:
        reader.close()
    return "".join(reader.title), "".join(reader.text)


def _truncated(data: bytes, limits: Limits) -> bytes:
    return data if len(data) <= limits.text_bytes else data[: limits.text_bytes]


_UNSEEN_TAGS = (
    "script style noscript template svg math iframe object head "
    # of OpenDocument in one XML file
    "office:meta office:settings office:scripts office:styles office:automatic-styles office:master-styles "
    "office:font-face-decls office:binary-data"
)
_TITLE_TAGS = ("title", "dc:title")
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code del em font i ins kbd label mark q s samp small span strong sub sup time "
    "tt u var wbr text:span text:a"
)


class _HtmlTextExtractor(HTMLParser):
    """Collects text. Forgiving: markup that is never closed loses nothing but its meaning."""

    _UNSEEN = frozenset(_UNSEEN_TAGS.split())
    _INLINE = frozenset(_INLINE_TAGS.split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.text: list[str] = []
        self.characters = 0
        self._unseen: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._unseen.clear()  # a head that was never closed
        if tag in _TITLE_TAGS:
            self._in_title = True
        elif tag in self._UNSEEN:
            self._unseen.append(tag)
        elif tag in ("td", "th"):
            self.text.append(" | ")
        elif tag == "img" and not self._unseen:
            self.text.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag not in self._INLINE:
            self.text.append("\n\n" if tag in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4") else "\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._UNSEEN and tag not in _TITLE_TAGS:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _TITLE_TAGS:
            self._in_title = False
        elif tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag not in self._INLINE and tag not in ("td", "th"):
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._unseen:
            self.text.append(data)
            self.characters += len(data)
