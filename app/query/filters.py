"""The filters of the query language: what stands after `kind:`, `in:`, `after:` and so on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.records import Kind
from app.query.queries import Filters, GeoCircle

if TYPE_CHECKING:
    from app.query.dates import Period

FILTER_KEYS = ("kind", "in", "after", "before", "date", "camera", "near", "tag", "size")
_DATES = ("after", "before", "date")
_EXAMPLES = {
    "kind": "kind:photo or kind:document",
    "in": 'in:Pictures or in:"~/My pictures"',
    "after": "after:2023, after:2024-06-15 or after:last summer",
    "before": "before:2023, before:June 2024 or before:yesterday",
    "date": "date:2023 or date:last summer",
    "camera": "camera:fuji",
    "near": 'near:paris, near:"springfield, illinois, 20km" or near:48.86,2.35,5km',
    "tag": 'tag:holiday or tag:"birthday party"',
    "size": "size:>2MB, size:<500kB or size:1MB..5MB",
}
_KINDS = {
    Kind.PHOTO: ("photo", "photos", "picture", "pictures", "image", "images", "foto", "fotos", "bild", "bilder"),
    Kind.DOCUMENT: ("document", "documents", "doc", "docs", "dokument", "dokumente", "text", "texts"),
}
_BYTES = {"": 1, "b": 1, "k": 10**3, "kb": 10**3, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9, "kib": 2**10,
          "mib": 2**20, "gib": 2**30}  # fmt: skip
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-zA-Z]*)")
_RADIUS = r"(?:[,;]\s*(\d+(?:\.\d+)?)\s*(km|m)?)?\s*"
_POINT = re.compile(rf"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*{_RADIUS}", re.IGNORECASE)
_CITY = re.compile(rf"(.*?){_RADIUS}", re.IGNORECASE | re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_RADIUS_KM = 10.0
_MAX_DATE_WORDS = 4
_MAX_CITY_WORDS = 4
_WHOLE_DATE = re.compile(r"\d{4}([-/].*)?")


class QueryError(UserError):
    """A query that is not understood.

    Attributes:
        start, end: the characters of the query text in question.
    """

    def __init__(self, what: str, remedy: str, start: int, end: int) -> None:
        super().__init__(f"{what.rstrip('.')} (at character {start + 1}).", remedy)
        self.start = start
        self.end = end

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int, int]]:
        what = self.what.removesuffix(f" (at character {self.start + 1}).")
        return type(self), (what, self.remedy, self.start, self.end)


@dataclass(frozen=True, slots=True)
class FilterValue:
    """The value of a filter and where it stands.

    Attributes:
        start, end: the whole filter's characters in the query; the value begins at `value_start`.
    """

    key: str
    text: str
    start: int
    end: int
    value_start: int
    quoted: bool = False

    def error(self, why: str) -> QueryError:
        return QueryError(
            f"“{self.key}:{self.text}” is not understood, {why}.",
            f"Write for example {_EXAMPLES[self.key]}.",
            self.value_start,
            self.end,
        )


@dataclass(frozen=True, slots=True)
class FilterReader:
    """Adds filters to filters.

    Attributes:
        today: what relative dates count from.
        folders: stored paths of the folders that a name means; empty when there is none.
    """

    today: Callable[[], date]
    folders: Callable[[str], tuple[str, ...]]

    def add(self, have: Filters, value: FilterValue, following: Sequence[str] = ()) -> tuple[Filters, int]:
        """The filters with one more.

        Args:
            following: the plain words after it: `before:June 2024` and `near:new york` need no quotes.

        Returns:
            The filters, and how many of the following words belong to the value.
        """
        if not value.text.strip():
            raise QueryError(
                f"“{value.key}:” needs a value.", f"Write for example {_EXAMPLES[value.key]}.", value.start, value.end
            )
        if value.key in _DATES:
            return self._date(have, value, following)
        if value.key == "near":
            near, count = _geo_circle(value, following)
            return replace(have, near=near), count
        return self._plain(have, value), 0

    def exclude(self, have: Filters, value: FilterValue) -> Filters:
        """A filter with a minus: only the kind can be turned round."""
        if value.key == "kind" and value.text.strip():
            kept = {Kind.PHOTO: Kind.DOCUMENT, Kind.DOCUMENT: Kind.PHOTO}[_kind(value)]
            return replace(have, kind=kept)
        raise QueryError(
            f"“{value.key}:” cannot be excluded.", "Leave out the minus, or the filter.", value.start, value.end
        )

    def _plain(self, have: Filters, value: FilterValue) -> Filters:
        if value.key == "kind":
            return replace(have, kind=_kind(value))
        if value.key == "in":
            found = self.folders(value.text)
            if not found:
                raise value.error("no folder of that name is searched")
            return replace(have, folders=(*have.folders, *(f for f in found if f not in have.folders)))
        if value.key == "camera":
            return replace(have, camera=value.text)
        if value.key == "tag":
            return replace(have, tags=(*have.tags, value.text))
        least, most = _size(value)
        return replace(
            have,
            size_min=have.size_min if least is None else least,
            size_max=have.size_max if most is None else most,
        )

    def _date(self, have: Filters, value: FilterValue, following: Sequence[str]) -> tuple[Filters, int]:
        """The longest run of words that is a date."""
        from app.query.dates import parse_period

        complete = value.quoted or _WHOLE_DATE.fullmatch(value.text)
        most = 0 if complete else min(len(following), _MAX_DATE_WORDS - 1)
        for count in range(most, -1, -1):
            period = parse_period(" ".join([value.text, *following[:count]]), self.today())
            if period is not None:
                return _with_period(have, value.key, period), count
        raise value.error("that is no date, or one that can be read in two ways")


def _with_period(have: Filters, key: str, period: Period) -> Filters:
    if key == "after":
        return replace(have, after=period.start)
    if key == "before":
        return replace(have, before=period.start)
    return replace(have, after=period.start, before=period.end)


def _kind(value: FilterValue) -> Kind:
    wanted = value.text.strip().lower()
    for kind, names in _KINDS.items():
        if wanted in names:
            return kind
    raise value.error("there are photos and documents")


def _geo_circle(value: FilterValue, following: Sequence[str]) -> tuple[GeoCircle, int]:
    """A circle around a point or a city, whose name is the longest run of words that is one."""
    if _LETTER.search(value.text) and _POINT.fullmatch(value.text) is None:
        most = 0 if value.quoted else min(len(following), _MAX_CITY_WORDS - 1)
        for count in range(most, -1, -1):
            near = _city_circle(" ".join([value.text, *following[:count]]))
            if near is not None and near.radius_km > 0:
                return near, count
            if near is not None:
                raise value.error("there is no such place")
        raise value.error("no city of that name is known")
    numbers = _POINT.fullmatch(value.text)
    if numbers is None:
        raise value.error("it takes a city, or latitude and longitude, and may take a radius")
    latitude, longitude = float(numbers[1]), float(numbers[2])
    radius = _kilometres(numbers[3], numbers[4]) if numbers[3] else _RADIUS_KM
    if abs(latitude) > 90 or abs(longitude) > 180 or radius <= 0:
        raise value.error("there is no such place")
    return GeoCircle(latitude, longitude, radius), 0


def _city_circle(text: str) -> GeoCircle | None:
    from app.geo.gazetteer import find_city

    parts = _CITY.fullmatch(text)
    city = find_city(parts[1]) if parts is not None else None
    if parts is None or city is None:
        return None
    return city.near(_kilometres(parts[2], parts[3]) if parts[2] else None)


def _kilometres(number: str, unit: str | None) -> float:
    return float(number) / (1000 if unit is not None and unit.lower() == "m" else 1)


def _size(value: FilterValue) -> tuple[int | None, int | None]:
    """(least, most) bytes, inclusive; None where open."""
    low, dots, high = value.text.partition("..")
    if dots and (low or high):
        return (_bytes(value, low) if low else None), (_bytes(value, high) if high else None)
    sign = re.match(r"[<>]?=?", value.text)
    assert sign is not None
    amount = _bytes(value, value.text[sign.end() :])
    if sign.group() == ">":
        return amount + 1, None
    if sign.group() == "<":
        return None, amount - 1
    return (None, amount) if sign.group() == "<=" else (amount, None)


def _bytes(value: FilterValue, text: str) -> int:
    amount = _SIZE.fullmatch(text.strip())
    if amount is None or amount[2].lower() not in _BYTES:
        raise value.error("that is no size")
    return int(float(amount[1].replace(",", ".")) * _BYTES[amount[2].lower()])
