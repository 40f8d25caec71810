"""Dates in file names, as phones, messengers, screenshot programs and people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DATE = r"(?P<year>(?:19|20)\d{2})(?P<gap>[-_. ]?)(?P<month>0[1-9]|1[0-2])(?P=gap)(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = (
    r"(?:(?:[-_ T.,]{1,3}|[ _]at[ _]|[ _]um[ _]|-WA)"
    r"(?P<hour>2[0-3]|[01]\d|\d(?=[-_.:h ]))(?P<colon>[-_.:h ]?)(?P<minute>[0-5]\d)"
    r"(?:(?P=colon)(?P<second>[0-5]\d)(?:[._]?(?P<fraction>\d{3}))?)?(?!\d)(?:[ _\u202f]?(?P<half>[AaPp][Mm]))?)?"
)
_WHOLE = re.compile(rf"(?<!\d){_DATE}(?:(?!\d)|(?=\d{{6}}(?:\d{{3}})?(?!\d))){_TIME}")
_JOINED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?!\d)"
)
_MONTH = re.compile(r"^((?:19|20)\d{2})[-_.](0[1-9]|1[0-2])(?=[ _-](?!\d)|\.[^.]*$|$)")
_EPOCH = re.compile(r"(?<!\d)(1[0-9]{12})(?!\d)")  # milliseconds since 1970: Facebook and many apps
_WHATSAPP = re.compile(r"-WA\d", re.IGNORECASE)


def date_in_name(name: str) -> datetime | None:
    """The date and time that a file's name tells, as a wall clock; None where it tells none.

    A day alone is its first moment, a month likewise.
    """
    stem = name.rpartition("/")[2]
    if (match := _JOINED.search(stem)) is not None:
        return _made(*match.groups())
    for match in _WHOLE.finditer(stem):
        clock = ("0", "0", "0")
        # Behind WhatsApp's day stands a number, and no time.
        if match["hour"] and not _WHATSAPP.match(stem, match.end("day")):
            hour = _hour(int(match["hour"]), match["half"])
            clock = (str(hour), match["minute"], match["second"] or "0")
        made = _made(match["year"], match["month"], match["day"], *clock, fraction=match["fraction"] or "")
        if made is not None:
            return made
    if (match := _MONTH.search(stem)) is not None:
        return _made(match[1], match[2], "1", "0", "0", "0")
    if (match := _EPOCH.search(stem)) is not None:
        return datetime.fromtimestamp(int(match[1]) / 1000, UTC).replace(tzinfo=None)
    return None


def _hour(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _made(
    year: str, month: str, day: str, hour: str, minute: str, second: str, *, fraction: str = ""
) -> datetime | None:
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second),
            int(f"{fraction:0<6}") if fraction else 0,
        )
    except ValueError:
        return None
