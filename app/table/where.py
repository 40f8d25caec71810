"""Filters as DataFusion SQL, safe against any character in a path.

LanceDB's own `Expr.to_sql` un-doubles adjacent quotes, and `LIKE` treats a backslash as escape: literals are written
here by doubling quotes, and prefixes are asked for with `starts_with`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import cos, radians
from typing import Any, TypeAlias

from app.core.records import UnitType
from app.files.types import FORMATS
from app.geo.circle import EARTH_RADIUS_KM, GeoCircle
from app.query.filter_edits import set_values
from app.query.filters import Comparison, Filters
from app.text.analysis import fold

UserTagLookup: TypeAlias = Callable[[str], tuple[frozenset[str], frozenset[str]]]
"""Tag -> content hashes of files that have it, and that have it not, by the person's word."""


def sql_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def value_in(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(map(sql_literal, values))})"


def below_folder(folder: str) -> str:
    """Rows of files in `folder` (stored form) or below it."""
    return f"starts_with(path, {sql_literal(folder.rstrip('/') + '/')})"


def timestamp(moment: datetime) -> str:
    return f"TIMESTAMP {sql_literal(moment.replace(tzinfo=None).isoformat(sep=' ', timespec='microseconds'))}"


def unit_type_in(wanted: Iterable[UnitType]) -> str:
    return value_in("unit", sorted(unit.value for unit in wanted))


def _within_circle(near: GeoCircle) -> str:
    """A box that an index can use, then the great-circle distance (haversine)."""
    height = near.radius_km / 111.0
    width = min(180.0, height / max(0.01, cos(radians(near.latitude))))
    box = f"latitude BETWEEN {near.latitude - height!r} AND {near.latitude + height!r}"
    west, east = near.longitude - width, near.longitude + width
    if west < -180 or east > 180:  # the circle crosses the date line
        around = f"(longitude >= {(west + 180) % 360 - 180!r} OR longitude <= {(east + 180) % 360 - 180!r})"
    else:
        around = f"longitude BETWEEN {west!r} AND {east!r}"
    half_lat = f"sin(radians(latitude - ({near.latitude!r})) / 2.0)"
    half_lon = f"sin(radians(longitude - ({near.longitude!r})) / 2.0)"
    chord = f"power({half_lat}, 2) + cos(radians({near.latitude!r})) * cos(radians(latitude)) * power({half_lon}, 2)"
    return f"({box}) AND ({around}) AND {2 * EARTH_RADIUS_KM!r} * asin(sqrt({chord})) <= {near.radius_km!r}"


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Letters that are the same when case and accents are aside: "a" -> "aàáâãäåā…"."""
    same: dict[str, str] = {}
    for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        if len(fold(letter)) == 1:
            same[fold(letter)] = same.get(fold(letter), fold(letter)) + letter
    return same


def _lists(column: str, tag: str) -> str:
    """Whether a list of texts has this one, case and accents aside."""
    letters = (f"[{found}]" if (found := _spellings().get(c)) else re.escape(c) for c in fold(" ".join(tag.split())))
    pattern = "".join(letters).replace(f"[{_spellings()['s']}]" * 2, f"(?:[{_spellings()['s']}]{{2}}|ß)")
    return f"regexp_like(array_to_string({column}, chr(10)), {sql_literal(f'(?im)^{pattern}$')})"


def _has_tag(tag: str, decided: UserTagLookup | None) -> str:
    """Files that carry or are proposed a tag; what the person said of them outweighs both."""
    carried = f"{_lists('keywords', tag)} OR {_lists('tags', tag)}"
    include, exclude = decided(tag) if decided else (frozenset(), frozenset())
    if exclude:
        carried = f"({carried}) AND NOT {value_in('content_hash', sorted(exclude))}"
    if include:
        carried = f"({carried}) OR {value_in('content_hash', sorted(include))}"
    return f"({carried})"


def _in_folder(_column: str, folders: Sequence[str], _decided: UserTagLookup | None) -> str:
    return "(" + " OR ".join(map(below_folder, folders)) + ")"


def _of_format(column: str, formats: Sequence[str], _decided: UserTagLookup | None) -> str:
    endings = sorted({suffix for name in formats for suffix in FORMATS.get(name, (name,))})
    return "(" + " OR ".join(f"ends_with(lower({column}), {sql_literal('.' + ending)})" for ending in endings) + ")"


def _contains(column: str, text: str, _decided: UserTagLookup | None) -> str:
    return f"contains(lower({column}), {sql_literal(text.lower())})"


def _all_tagged(_column: str, tags: Sequence[str], decided: UserTagLookup | None) -> str:
    return " AND ".join(_has_tag(tag, decided) for tag in tags)


def _operator(sign: str) -> Callable[[str, Any, UserTagLookup | None], str]:
    return lambda column, value, _decided: f"{column} {sign} {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return timestamp(value)
    return repr(value) if isinstance(value, int) else sql_literal(str(value))


_CONDITIONS: Mapping[Comparison, Callable[[str, Any, UserTagLookup | None], str]] = {
    Comparison.EQUALS: _operator("="),
    Comparison.AT_LEAST: _operator(">="),
    Comparison.AT_MOST: _operator("<="),
    Comparison.BELOW: _operator("<"),
    Comparison.CONTAINS: _contains,
    Comparison.IN_FOLDER: _in_folder,
    Comparison.OF_FORMAT: _of_format,
    Comparison.WITHIN: lambda _column, circle, _decided: _within_circle(circle),
    Comparison.TAGGED: _all_tagged,
}


def columns_of(filters: Filters) -> set[str]:
    """The columns that the filters are compared with."""
    return {field.column for field, _ in set_values(filters) if field.column}


def filter_condition(filters: Filters, decided: UserTagLookup | None = None) -> str | None:
    """The SQL condition of the filters, or None for no filter; `decided` tells the person's word on a tag."""
    terms = [
        _CONDITIONS[field.comparison](field.column, getattr(filters, field.name), decided)
        for field in dict.fromkeys(field for field, _ in set_values(filters))
    ]
    return " AND ".join(terms) or None


def all_of(*conditions: str | None) -> str | None:
    """The conjunction of the conditions that are there."""
    given = [f"({condition})" for condition in conditions if condition]
    return " AND ".join(given) or None
