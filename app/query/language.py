"""The query language, the same in the window and on the command line.

    words "a phrase" -word  without people  word^2  beach.jpg + night - people
    kind:photo  in:"~/Pictures/Rome"  after:"last summer"  before:June 2024  near:paris,20km  …

The filters are those of `app.query.filters.FILTERS`. Words that stand together are one part, which knows where
its phrases are: the word search requires them as written. What has an unknown key is a word. Trouble is a `QueryError`
that points at the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from app.files.types import PHOTO_SUFFIXES, suffix_of
from app.query.filter_edits import add, exclude
from app.query.filter_input import FilterContext, FilterValue, QueryError, Span, folder_by_path, valid_unicode
from app.query.filters import BY_KEY
from app.query.queries import Filters, ImagePart, Query, QueryPart, TextPart

_ITEM = re.compile(
    r"""(?P<sign>[-+](?=\S))?
    (?:(?P<key>[A-Za-z]+):(?P<value>"(?:\\["\\]|[^"])*"?|[^\s"]*)
     | "(?P<phrase>[^"]*)"?(?:\^(?P<phrase_weight>-?\d+(?:\.\d+)?)(?!\S))?
     | (?P<word>\S+?)(?:\^(?P<weight>-?\d+(?:\.\d+)?))?(?!\S))""",
    re.VERBOSE,
)
# In a quoted value \" and \\ stand for a quote and a backslash; other backslashes are as written.
_ESCAPE = re.compile(r"""\\(["\\])""")
_MAX_WEIGHT = 100.0
# "without" takes the words up to one of these.
_WITHOUT_ENDS = frozenset(
    ("with", "but", "in", "on", "at", "by", "near", "under", "over", "for", "from", "during", "while", "of", "to")
)
_WITHOUT_JOINS = frozenset(("and", "or", "nor"))
_ARTICLES = frozenset(("a", "an", "the", "any", "some", "many"))


@dataclass(frozen=True, slots=True)
class QueryToken:
    """One thing of a query text between blanks: a word, phrase, `key:value`, or a lone sign.

    Attributes:
        text: without quotes; `key` is "" for words, "+" and "-" for lone signs.
        sign: -1.0 where a minus stands before it.
        weight: None where none was given.
        start, end: its characters in the query; `value_start` where a filter's value begins.
    """

    text: str
    start: int
    end: int
    key: str = ""
    quoted: bool = False
    sign: float = 1.0
    weight: float | None = None
    value_start: int = 0


def _no_image(_: str) -> ImagePart | None:
    return None


@dataclass(frozen=True)
class QueryParser:
    """What the language needs to know of the world.

    Attributes:
        today: what relative dates count from.
        picture: the picture a file name of an arithmetic expression means, or None: then it is a word.
        folders: stored paths of the folders that a name after `in:` means; empty when there is none.
    """

    today: Callable[[], date] = date.today
    picture: Callable[[str], ImagePart | None] = _no_image
    folders: Callable[[str], tuple[str, ...]] = folder_by_path

    def parse(self, text: str) -> Query:
        """The query that a text means.

        Raises:
            QueryError: a filter's value or a weight makes no sense.
        """
        reading = _ParseRun(self, text, list(_tokenise(text)))
        return reading.query()


def parse(text: str, today: date | None = None) -> Query:
    """`Language().parse`, for callers without a library."""
    return QueryParser(today=(lambda: today) if today else date.today).parse(text)


def _tokenise(text: str) -> Iterator[QueryToken]:
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = _ITEM.match(text, position)
        if match is None or match.end() == position:  # cannot happen, but an endless loop must not either
            yield QueryToken(text[position:], position, len(text))
            return
        yield _token(match)
        position = match.end()


def _token(match: re.Match[str]) -> QueryToken:
    start, end = match.span()
    sign = -1.0 if match["sign"] == "-" else 1.0
    if match["key"] is not None:
        key = match["key"].lower()
        if key in BY_KEY:
            value = match["value"]
            quoted = value.startswith('"')
            text = _ESCAPE.sub(r"\1", value[1:].removesuffix('"')) if quoted else value
            return QueryToken(text, start, end, key, quoted, sign, value_start=match.start("value"))
        text = valid_unicode(match.group()[len(match["sign"] or "") :].replace('"', ""))
        return QueryToken(text, start, end, sign=sign)
    if match["phrase"] is not None:
        return QueryToken(valid_unicode(match["phrase"]), start, end, "", True, sign, _weight(match, "phrase_weight"))
    word = valid_unicode(match["word"])
    if word in ("+", "-") and match["weight"] is None:
        return QueryToken(word, start, end, key=word)
    return QueryToken(word, start, end, "", False, sign, _weight(match, "weight"))


def _weight(match: re.Match[str], group: str) -> float | None:
    if match[group] is None:
        return None
    weight = float(match[group])
    if weight == 0 or abs(weight) > _MAX_WEIGHT:
        raise QueryError(
            f"The weight {match[group]} is out of bounds.",
            f"Weights go from 0.1 to {_MAX_WEIGHT:g}, or below zero to subtract.",
            match.start(group),
            match.end(group),
        )
    return weight


@dataclass
class _ParseRun:
    """One pass over the items of a query."""

    language: QueryParser
    text: str
    items: list[QueryToken]
    parts: list[QueryPart] = field(default_factory=list)
    minus: list[QueryPart] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    run: list[tuple[str, bool]] = field(default_factory=list)
    sign: float = 1.0

    def query(self) -> Query:
        position = 0
        while position < len(self.items):
            item = self.items[position]
            if item.key in ("+", "-"):
                self._operator(item, position)
                position += 1
            elif item.key:
                position += 1 + self._filter(item, position)
            elif self._is_without(position):
                position = self._without(position + 1)
            else:
                self._word(item)
                position += 1
        self._end_run()
        return Query((*self.parts, *self.minus), self.filters)

    def _end_run(self) -> None:
        """Words that stood together become one part."""
        if self.run:
            self._add(TextPart.of(self.run, self.sign))
            self.run = []

    def _add(self, part: QueryPart) -> None:
        (self.parts if part.weight > 0 else self.minus).append(part)

    def _operator(self, item: QueryToken, position: int) -> None:
        self._end_run()
        last = position == len(self.items) - 1  # still being typed
        self.sign = -1.0 if item.key == "-" and not last else 1.0

    def _word(self, item: QueryToken) -> None:
        picture = self._picture(item)
        word = (item.text, item.quoted)
        weight = self.sign * item.sign * (item.weight or 1.0)
        if picture is not None:
            self._end_run()
            self._add(replace(picture, weight=weight))
        elif not item.text.strip():
            return
        elif item.weight is not None:
            self._end_run()
            self._add(TextPart.of([word], weight))
        elif item.sign < 0:  # the words round about it still stand together
            self._add(TextPart.of([word], weight))
        else:
            self.run.append(word)

    def _picture(self, item: QueryToken) -> ImagePart | None:
        """A word with a picture's ending means the picture in an expression or with a path, else the name."""
        if suffix_of(item.text) not in PHOTO_SUFFIXES:
            return None
        is_path = "/" in item.text or "\\" in item.text
        in_expression = item.weight is not None or any(other.key in ("+", "-") for other in self.items)
        return self.language.picture(item.text) if is_path or in_expression else None

    # ---- without X

    def _is_without(self, position: int) -> bool:
        item, after = self.items[position], self.items[position + 1 : position + 2]
        plain = not item.quoted and item.sign > 0 and item.weight is None
        return plain and item.text.lower() == "without" and bool(after) and not after[0].key

    def _without(self, position: int) -> int:
        """Subtract the words from `position` up to a preposition, a sign or a filter; "and", "or" subtract on."""
        words: list[tuple[str, bool]] = []
        while position < len(self.items):
            item = self.items[position]
            word = item.text.lower().rstrip(",;.")
            if item.key or item.sign < 0 or item.weight is not None or (words and word in _WITHOUT_ENDS):
                break
            position += 1
            if word in _WITHOUT_JOINS and not item.quoted:
                self._subtract(words)
                words = []
            elif word not in _ARTICLES or item.quoted:
                words.append((item.text if item.quoted else item.text.rstrip(",;."), item.quoted))
            if item.text.endswith((",", ";")):
                break
        self._subtract(words)
        return position

    def _subtract(self, words: list[tuple[str, bool]]) -> None:
        if words:
            self.minus.append(TextPart.of(words, -1.0))

    def _filter(self, item: QueryToken, position: int) -> int:
        """Read the filter at `position`; how many of the words after it belonged to its value."""
        self._end_run()
        self.sign = 1.0
        span = Span(item.start, item.end, item.value_start)
        value = FilterValue(item.key, item.text, item.quoted, span)
        context = FilterContext(self.language.today, self.language.folders)
        if item.sign < 0:
            self.filters = exclude(self.filters, value, context)
            return 0
        following: list[str] = []
        for other in self.items[position + 1 :]:
            if other.key or other.quoted or other.sign < 0 or other.weight is not None:
                break
            following.append(other.text)
        self.filters, taken = add(self.filters, value, context, following)
        return taken
