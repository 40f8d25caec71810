"""When a picture was taken: the candidates in the order of the standards, and what can be made of each.

Order after the guidelines of the Metadata Working Group: a sidecar before the file's own, the original before the
digital copy, both before what programs and names tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from app.metadata.name_dates import date_in_name
from app.metadata.tags import Tags
from app.metadata.texts import iptc_texts, one_line
from app.metadata.xmp import Xmp

# EXIF 2.32, tables 4-8.
_MODEL, _DATE_TIME, _ORIGINAL, _DIGITIZED = 0x0110, 0x0132, 0x9003, 0x9004
_OFFSET, _OFFSET_ORIGINAL, _OFFSET_DIGITIZED = 0x9010, 0x9011, 0x9012
_FRACTION, _FRACTION_ORIGINAL, _FRACTION_DIGITIZED = 0x9290, 0x9291, 0x9292
_GPS_TIME, _GPS_DATE = 7, 29
# IPTC-IIM 4.2, record 2: dates and times of the original and of its digital copy.
_IPTC_CREATED, _IPTC_CREATED_TIME, _IPTC_DIGITIZED, _IPTC_DIGITIZED_TIME = (2, 55), (2, 60), (2, 62), (2, 63)
_PNG_DATES = ("creation time", "date:original", "creationtime", "create date")

_WHEN = re.compile(
    r"(\d{4})(?:[:\-/. ](\d{1,2})(?:[:\-/. ](\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,](\d{1,9}))?)?)?)?"
    r"(?![\d:])\s*(Z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?)?(?!\d)\s*(Z|[+-]\d{2}:?\d{2})?"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})(?:[T, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_ZONE = re.compile(r"^([+-])(\d{1,2}):?(\d{2})$")
_OLDEST = 1826  # the first photograph
_NEWEST = datetime(2027, 1, 1)  # a clock that was reset must not make all photos ones of the future
_RESETS = (datetime(1904, 1, 1), datetime(1970, 1, 1), datetime(1980, 1, 1), datetime(2000, 1, 1))
_ANY_ZONE = timedelta(hours=14)

Moment = tuple[datetime, int | None]
"""Wall clock, and the zone's offset in minutes where it is told."""


def capture_time(
    tags: Tags, beside: Iterable[Xmp], inside: Xmp, name: str
) -> tuple[datetime, int | None] | tuple[None, None]:
    """Wall clock and zone offset in minutes, or nothing.

    Args:
        beside: what sidecars tell, the first goes before the others.
        name: of the file, where a date may stand.
    """
    beside = tuple(beside)
    for text in (xmp.taken for xmp in beside):
        if (moment := parse_time(text)) is not None:
            return moment
    camera = bool(tags.main.get(_MODEL))
    originals = (
        _exif(tags, _ORIGINAL, (_OFFSET_ORIGINAL, _OFFSET, _OFFSET_DIGITIZED), _FRACTION_ORIGINAL),
        _with_offset(parse_time(inside.taken), tags),
        _iptc(tags, _IPTC_CREATED, _IPTC_CREATED_TIME),
        *(parse_time(xmp.taken_utc) for xmp in beside),
        *(parse_time(xmp.digitized) for xmp in beside),
        _exif(tags, _DIGITIZED, (_OFFSET_DIGITIZED, _OFFSET_ORIGINAL, _OFFSET), _FRACTION_DIGITIZED),
        _with_offset(parse_time(inside.digitized), tags),
        _iptc(tags, _IPTC_DIGITIZED, _IPTC_DIGITIZED_TIME),
        *(parse_time(tags.texts.get(key)) for key in _PNG_DATES),
        # When the file was last changed: only a camera's own file says by it when it was taken.
        _exif(tags, _DATE_TIME, (_OFFSET, _OFFSET_ORIGINAL), _FRACTION) if camera else None,
    )
    found = next((moment for moment in originals if moment is not None), None)
    if found is not None:
        return found
    named = date_in_name(name)
    return (named, None) if named is not None and named <= _latest() else (None, None)


def parse_time(text: str | None, *, camera: bool = False) -> Moment | None:
    """A date as programs write it: whole, a year or a month alone (their first moment), day first, or like a mail's.

    Args:
        camera: a clock wrote it: the moments at which clocks start are none.
    """
    text = (text or "").strip()
    match = _WHEN.match(text) or _COMPACT.match(text)
    if match is not None:
        when = _moment(match.groups()[:7])
        zone = utc_offset(match[8])
    elif (match := _DAY_FIRST.match(text)) is not None:
        day, month = (match[1], match[2]) if int(match[2]) <= 12 else (match[2], match[1])
        when, zone = _moment((match[3], month, day, match[4], match[5], match[6], None)), None
    else:
        return _mail_time(text)
    if when is None or when.year < _OLDEST or when > _latest() or _is_reset(when, camera):
        return None
    return when, zone


def utc_offset(text: str | None) -> int | None:
    """Minutes of "+02:00" or "Z"."""
    if text == "Z":
        return 0
    match = _ZONE.match(text or "")
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None


def _moment(parts: Iterable[str | None]) -> datetime | None:
    year, month, day, hour, minute, second, fraction = (part or "" for part in parts)
    try:
        date = datetime(int(year), max(int(month or 1), 1), max(int(day or 1), 1))
    except ValueError:
        return None
    # Some write 24 o'clock, or a leap second: the day is known all the same.
    clock = [min(int(part or 0), most) for part, most in ((hour, 23), (minute, 59), (second, 59))]
    if int(hour or 0) == 24:
        clock = [23, 59, 59]
    return date.replace(
        hour=clock[0], minute=clock[1], second=clock[2], microsecond=int(f"{fraction[:6]:0<6}") if fraction else 0
    )


def _is_reset(when: datetime, camera: bool) -> bool:
    """Whether a clock without a battery says so: its first moment, or what a zone makes of it."""
    if when.minute == 0 and when.second == 0 and abs(when - _RESETS[1]) <= _ANY_ZONE and (camera or when == _RESETS[1]):
        return True
    return camera and when in _RESETS


def _mail_time(text: str) -> Moment | None:
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if not _OLDEST <= when.year <= _latest().year:
        return None
    offset = when.utcoffset()
    return when.replace(tzinfo=None), int(offset.total_seconds() // 60) if offset is not None else None


def _latest() -> datetime:
    return max(datetime.now(), _NEWEST) + timedelta(days=2)


def _exif(tags: Tags, tag: int, offsets: tuple[int, ...], fraction_tag: int) -> Moment | None:
    source: Mapping[int, Any] = tags.main if tag == _DATE_TIME else tags.exif
    moment = parse_time(one_line(source.get(tag)), camera=True)
    if moment is None:
        return None
    when, offset = moment
    fraction = (one_line(tags.exif.get(fraction_tag)) or "").strip()
    if fraction.isdecimal() and not when.microsecond:
        when = when.replace(microsecond=int(f"{fraction[:6]:0<6}"))
    if offset is None:
        offset = next((found for o in offsets if (found := utc_offset(one_line(tags.exif.get(o)))) is not None), None)
    return when, _offset_from_gps_time(when, tags.gps) if offset is None else offset


def _with_offset(moment: Moment | None, tags: Tags) -> Moment | None:
    if moment is None or moment[1] is not None:
        return moment
    offset = utc_offset(one_line(tags.exif.get(_OFFSET_ORIGINAL)) or one_line(tags.exif.get(_OFFSET)))
    return moment[0], _offset_from_gps_time(moment[0], tags.gps) if offset is None else offset


def _iptc(tags: Tags, date: tuple[int, int], time: tuple[int, int]) -> Moment | None:
    day = next(iter(iptc_texts(tags, date)), "").strip()
    clock = next(iter(iptc_texts(tags, time)), "").strip()
    return parse_time(f"{day}T{clock}") or parse_time(day) if day else None


def _offset_from_gps_time(when: datetime, gps: Mapping[int, Any]) -> int | None:
    """The zone, from the wall clock and the satellites' UTC: their difference to the nearest quarter of an hour."""
    try:
        hours, minutes, seconds = (float(part) for part in gps[_GPS_TIME])
        year, month, day = (int(part) for part in re.split(r"[:\-/]", one_line(gps[_GPS_DATE]) or ""))
        utc = datetime(year, month, day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    difference = (when - utc).total_seconds() / 60
    offset = 15 * round(difference / 15)
    return offset if abs(offset) <= 14 * 60 and abs(difference - offset) <= 3 else None
