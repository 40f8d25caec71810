"""What is asked of the library and what it answers: frozen, plain, picklable, as all that crosses threads."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from app.core.paths import from_stored
from app.core.records import Kind
from app.core.translation import QT_TRANSLATE_NOOP
from app.query.filters import Filters as Filters


class Band(enum.StrEnum):
    STRONG = "strong"
    MAYBE = "maybe"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that carried a hit: `kind` is "words", "picture", "page", "passage", "tag", "name" or "place"."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One file found.

    Attributes:
        path: stored form (`app.core.paths.from_stored` opens it).
        score: comparable within one result list only; higher is better.
        page: 1-based page of the best passage or page picture, None for photos.
        snippet: the best passage, or None; `marks` are (start, end) character spans in it to emphasise.
        thumbnail: key into the thumbnail store.
        tags: proposed tags, best first; `own_tags`: what the user said or the file carried.
        place: names of where a photo was taken, one a line, the nearest first.
        online: False while the folder's drive is not there.
        probability: 0-1, how often a hit with this evidence is right; None where that is not known.
    """

    path: str
    kind: Kind
    score: float
    band: Band
    thumbnail: str
    unit_id: str
    page: int | None = None
    snippet: str | None = None
    marks: tuple[tuple[int, int], ...] = ()
    why: tuple[Reason, ...] = ()
    tags: tuple[str, ...] = ()
    own_tags: tuple[str, ...] = ()
    title: str | None = None
    taken_at: datetime | None = None
    modified_ns: int = 0
    size: int = 0
    width: int | None = None
    height: int | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    online: bool = True
    probability: float | None = None

    def as_json(self) -> Mapping[str, Any]:
        """The command-line contract's form of a hit."""
        return {
            "path": from_stored(self.path),
            "kind": self.kind.value,
            "score": round(self.score, 4),
            "band": self.band.value,
            "probability": None if self.probability is None else round(self.probability, 3),
            "page": self.page,
            "snippet": self.snippet,
            "why": [f"{reason.kind}: {reason.detail}" if reason.detail else reason.kind for reason in self.why],
            "tags": [*self.own_tags, *(tag for tag in self.tags if tag not in self.own_tags)],
            "title": self.title,
            "date": self._date(),
            "size": self.size,
            "camera": self.camera,
            "place": self._place(),
        }

    def _date(self) -> str | None:
        """When it was taken, else changed, in the wall clock; ISO 8601 to the second."""
        try:
            when = self.taken_at or datetime.fromtimestamp(self.modified_ns // 1_000_000_000)
        except (OverflowError, OSError, ValueError):
            return None
        return when.isoformat(timespec="seconds")

    def _place(self) -> Mapping[str, Any] | None:
        if self.latitude is None or self.longitude is None:
            return None
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "names": self.place.split("\n") if self.place else [],
        }


Spans: TypeAlias = tuple[tuple[int, int], ...]
"""(start, end) characters, in order, not overlapping."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words of a query; a negative weight subtracts them.

    Attributes:
        text: as an encoder reads it, without quotes.
        phrases: where in the text phrases stand, which a text must have as written.
    """

    text: str
    weight: float = 1.0
    phrases: Spans = ()

    @classmethod
    def of(cls, words: Iterable[tuple[str, bool]], weight: float = 1.0) -> TextPart:
        """The part that (text, whether it is a phrase) make, joined by blanks."""
        text, phrases = "", []
        for written, is_phrase in words:
            if not (word := " ".join(written.split())):
                continue
            text = f"{text} {word}" if text else word
            if is_phrase:
                phrases.append((len(text) - len(word), len(text)))
        return cls(text, weight, tuple(phrases))

    @classmethod
    def typed(cls, text: str, weight: float = 1.0) -> TextPart:
        """The part of a text in which quotes mean phrases, as `written` gives it."""
        pieces = [(match[1], match[2]) for match in _PIECE.finditer(text)]
        return cls.of([(word.replace('"', ""), False) if word else (phrase, True) for phrase, word in pieces], weight)

    @property
    def written(self) -> str:
        """As it is typed: phrases in quotes."""
        shown, end = "", 0
        for start, stop in self.phrases:
            shown += f'{self.text[end:start]}"{self.text[start:stop]}"'
            end = stop
        return shown + self.text[end:]


_PIECE = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An example picture: exactly one of a file path, encoded bytes (pasted, dropped) or a unit of the library.

    `crop` is (left, top, right, bottom) as fractions 0-1 of the upright picture.
    """

    path: str | None = None
    data: bytes | None = None
    unit_id: str | None = None
    weight: float = 1.0
    crop: tuple[float, float, float, float] | None = None


QueryPart: TypeAlias = TextPart | ImagePart


@dataclass(frozen=True, slots=True)
class Query:
    """Weighted parts and filters. No part at all means: browse what the filters keep."""

    parts: tuple[QueryPart, ...] = ()
    filters: Filters = field(default_factory=Filters)

    @property
    def wanted(self) -> TextPart:
        """The words that are looked for, joined."""
        text, phrases = "", []
        for part in self.parts:
            if isinstance(part, TextPart) and part.weight > 0:
                text += " " if text else ""
                phrases += [(start + len(text), end + len(text)) for start, end in part.phrases]
                text += part.text
        return TextPart(text, phrases=tuple(phrases))

    @property
    def text(self) -> str:
        """The words that are looked for, joined, without quotes."""
        return self.wanted.text

    @property
    def subtracted(self) -> tuple[TextPart, ...]:
        """The words that are subtracted."""
        return tuple(part for part in self.parts if isinstance(part, TextPart) and part.weight < 0)


class Sort(enum.StrEnum):
    """An order of results. Without words, relevance means the newest first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"

    @property
    def key(self) -> SortKey:
        """What files are sorted by in this order."""
        return _SORT_KEYS[self]


@dataclass(frozen=True, slots=True)
class SortKey:
    """How an order is made: by a column of the table, which is a field of `UnitRow` too.

    Attributes:
        label: in the window's menu; translated there.
    """

    column: str
    ascending: bool
    label: str


_SORT_KEYS: Mapping[Sort, SortKey] = {
    Sort.RELEVANCE: SortKey("at", False, QT_TRANSLATE_NOOP("Header", "Best first")),
    Sort.NEWEST: SortKey("at", False, QT_TRANSLATE_NOOP("Header", "Newest first")),
    Sort.OLDEST: SortKey("at", True, QT_TRANSLATE_NOOP("Header", "Oldest first")),
    Sort.NAME: SortKey("path", True, QT_TRANSLATE_NOOP("Header", "By name")),
}


@dataclass(frozen=True, slots=True)
class Month:
    """How many files of a list are of one month of the wall clock."""

    year: int
    month: int
    files: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer.

    Attributes:
        total: how many hits are listed, before paging (all files for a browse): those that the evidence supports, and
            the closest ones where nothing stands out.
        more: how many weaker ones "show more anyway" would add.
        model: name of the model that ranked them, or None when words alone did (no model at hand).
        notes: sentences for people ("12,000 of 40,000 files are not indexed yet").
        months: of the whole list, in its order, where it is sorted by date; told with the first page.
        closest: how many hits of the list are merely closest, of band weak; they stand last.
        did_you_mean: the words of the query without their typing errors, or "" where there are none.
    """

    hits: Sequence[Hit]
    total: int
    more: int
    took_ms: float
    model: str | None
    notes: tuple[str, ...] = ()
    months: tuple[Month, ...] = ()
    closest: int = 0
    did_you_mean: str = ""
