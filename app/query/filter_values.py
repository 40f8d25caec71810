"""What the values of filters mean: kinds, formats, folders, dates, cameras, places, tags, ratings and sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.filter_input import Changes, FilterContext, FilterValue, valid_unicode

if TYPE_CHECKING:
    from app.query.dates import Period

_KINDS = {
    Kind.PHOTO: ("photo", "photos", "picture", "pictures", "image", "images", "foto", "fotos", "bild", "bilder"),
    Kind.DOCUMENT: ("document", "documents", "doc", "docs", "dokument", "dokumente", "text", "texts"),
}
_OTHER_KIND = {Kind.PHOTO: Kind.DOCUMENT, Kind.DOCUMENT: Kind.PHOTO}
_BYTES = {"": 1, "b": 1, "k": 10**3, "kb": 10**3, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9, "t": 10**12,
          "tb": 10**12, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}  # fmt: skip
_LARGEST_SIZE = 2**63 - 2  # the column is a signed 64-bit number, and ">" adds one
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-zA-Z]*)")
_STARS = re.compile(r"\s*([1-5])\s*(?:\*|★|stars?)?\s*", re.IGNORECASE)
_MOST_STARS = 5
_RADIUS = r"(?:[,;]\s*(\d+(?:\.\d+)?)\s*(km|m)?)?\s*"
_POINT = re.compile(rf"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*{_RADIUS}", re.IGNORECASE)
_CITY = re.compile(rf"(.*?){_RADIUS}", re.IGNORECASE | re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_DEFAULT_RADIUS_KM = 10.0
_MAX_DATE_WORDS = 4
_MAX_CITY_WORDS = 4
_WHOLE_DATE = re.compile(r"\d{4}([-/].*)?")


def read_kind(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A kind, by its English or German name."""
    return {"kind": _kind(value)}, 0


def read_other_kind(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """With a minus: the other kind."""
    return {"kind": _OTHER_KIND[_kind(value)]}, 0


def _kind(value: FilterValue) -> Kind:
    wanted = value.text.strip().lower()
    for kind, names in _KINDS.items():
        if wanted in names:
            return kind
    raise value.error("there are photos and documents")


def read_format(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A format by its name ("jpeg", "word") or by an ending that is read ("jpg", ".docx")."""
    from app.files.types import FORMATS, kind_of

    name = valid_unicode(value.text).strip().lower().removeprefix("*").removeprefix(".")
    if name not in FORMATS and ("/" in name or "." in name or kind_of(f"x.{name}") is None):
        raise value.error("no format of that name or ending is read")
    return {"formats": (name,)}, 0


def read_folder(value: FilterValue, _following: Sequence[str], context: FilterContext) -> tuple[Changes, int]:
    """Folders by a path or a name."""
    found = context.folders(value.text)
    if not found:
        raise value.error("no folder of that name is searched")
    return {"folders": found}, 0


def read_camera(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A part of a camera's name."""
    return {"camera": valid_unicode(value.text)}, 0


def read_tag(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A tag."""
    return {"tags": (valid_unicode(value.text),)}, 0


def read_after(value: FilterValue, following: Sequence[str], context: FilterContext) -> tuple[Changes, int]:
    """From the beginning of a period on."""
    period, taken = _period(value, following, context)
    return {"after": period.start}, taken


def read_before(value: FilterValue, following: Sequence[str], context: FilterContext) -> tuple[Changes, int]:
    """Up to the beginning of a period."""
    period, taken = _period(value, following, context)
    return {"before": period.start}, taken


def read_date(value: FilterValue, following: Sequence[str], context: FilterContext) -> tuple[Changes, int]:
    """Within a period."""
    period, taken = _period(value, following, context)
    return {"after": period.start, "before": period.end}, taken


def _period(value: FilterValue, following: Sequence[str], context: FilterContext) -> tuple[Period, int]:
    """The longest run of words that is a date."""
    from app.query.dates import parse_period

    complete = value.quoted or _WHOLE_DATE.fullmatch(value.text)
    most = 0 if complete else min(len(following), _MAX_DATE_WORDS - 1)
    for count in range(most, -1, -1):
        period = parse_period(" ".join([value.text, *following[:count]]), context.today())
        if period is not None:
            return period, count
    raise value.error("that is no date, or one that can be read in two ways")


def read_near(value: FilterValue, following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A circle around a point or a city, whose name is the longest run of words that is one."""
    if not _LETTER.search(value.text) or _POINT.fullmatch(value.text) is not None:
        return {"near": _circle_around_point(value)}, 0
    most = 0 if value.quoted else min(len(following), _MAX_CITY_WORDS - 1)
    for count in range(most, -1, -1):
        circle = _circle_around_city(valid_unicode(" ".join([value.text, *following[:count]])))
        if circle is not None and circle.radius_km > 0:
            return {"near": circle}, count
        if circle is not None:
            raise value.error("there is no such place")
    raise value.error("no city of that name is known")


def _circle_around_point(value: FilterValue) -> GeoCircle:
    numbers = _POINT.fullmatch(value.text)
    if numbers is None:
        raise value.error("it takes a city, or latitude and longitude, and may take a radius")
    latitude, longitude = float(numbers[1]), float(numbers[2])
    radius = _kilometres(numbers[3], numbers[4]) if numbers[3] else _DEFAULT_RADIUS_KM
    if abs(latitude) > 90 or abs(longitude) > 180 or not 0 < radius < float("inf"):
        raise value.error("there is no such place")
    return GeoCircle(latitude, longitude, radius)


def _circle_around_city(text: str) -> GeoCircle | None:
    from app.geo.gazetteer import find_city

    parts = _CITY.fullmatch(text)
    city = find_city(parts[1]) if parts is not None else None
    if parts is None or city is None:
        return None
    return city.near(_kilometres(parts[2], parts[3]) if parts[2] else None)


def _kilometres(number: str, unit: str | None) -> float:
    return float(number) / (1000 if unit is not None and unit.lower() == "m" else 1)


def read_size(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A range of bytes: ">2MB", "<500kB", "1MB..5MB", "5MB" for at least so many."""
    least, most = _range(value, _bytes)
    return _bounds("size", least, most), 0


def read_rating(value: FilterValue, _following: Sequence[str], _context: FilterContext) -> tuple[Changes, int]:
    """A range of stars: "4" for at least so many, "=4", "<3", "2..4". Pictures without a rating are in none."""
    least, most = _range(value, _stars)
    least, most = max(1, least or 1), min(_MOST_STARS, _MOST_STARS if most is None else most)
    if least > most:
        raise value.error("ratings go from 1 to 5 stars")
    return {"rating_min": least, "rating_max": most if most < _MOST_STARS else None}, 0


def _bounds(name: str, least: int | None, most: int | None) -> Changes:
    bounds = {f"{name}_min": least, f"{name}_max": most}
    return {field: bound for field, bound in bounds.items() if bound is not None}


def _range(value: FilterValue, number: Callable[[FilterValue, str], int]) -> tuple[int | None, int | None]:
    """(least, most), inclusive; None where open."""
    low, dots, high = value.text.partition("..")
    if dots and (low or high):
        return (number(value, low) if low else None), (number(value, high) if high else None)
    sign = re.match(r"[<>]?=?", value.text)
    assert sign is not None
    amount = number(value, value.text[sign.end() :])
    return {
        ">": (amount + 1, None),
        "<": (None, amount - 1),
        "<=": (None, amount),
        "=": (amount, amount),
    }.get(sign.group(), (amount, None))


def _bytes(value: FilterValue, text: str) -> int:
    amount = _SIZE.fullmatch(text.strip())
    if amount is None or amount[2].lower() not in _BYTES:
        raise value.error("that is no size")
    size = float(amount[1].replace(",", ".")) * _BYTES[amount[2].lower()]
    if size > _LARGEST_SIZE:
        raise value.error("no file is as large as that")
    return int(size)


def _stars(value: FilterValue, text: str) -> int:
    stars = _STARS.fullmatch(text)
    if stars is None:
        raise value.error("ratings go from 1 to 5 stars")
    return int(stars[1])
