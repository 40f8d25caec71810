"""Dates as people write them, in English and German: "2023", "June 2024", "last summer", "3 days ago", "15.6.2024".

Everything is a period, [start, end) in the wall clock of the files. Seasons are meteorological and of the northern
hemisphere. A month or season without a year is the latest that has begun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.text.analysis import fold


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (inclusive) to `end` (exclusive)."""

    start: datetime
    end: datetime


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar janner jan", "february februar feb", "march marz maerz mar mrz", "april apr", "may mai",
            "june juni jun", "july juli jul", "august aug", "september sept sep", "october oktober oct okt",
            "november nov", "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_SEASONS = {"spring": 3, "fruhling": 3, "fruehling": 3, "fruhjahr": 3, "summer": 6, "sommer": 6, "autumn": 9, "fall": 9,
            "herbst": 9, "winter": 12}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag",
         "saturday samstag sonnabend", "sunday sonntag")
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1, "vorgestern": 2}
_UNITS = {
    name: unit
    for unit, names in {
        "day": "day days tag tage tagen",
        "week": "week weeks woche wochen",
        "month": "month months monat monate monaten",
        "year": "year years jahr jahre jahren",
    }.items()
    for name in names.split()
}
_NUMBERS = {
    name: number
    for number, names in enumerate(
        ("a an ein eine einem einer one", "two zwei", "three drei", "four vier", "five funf", "six sechs",
         "seven sieben", "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwolf"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_FEASTS = {"christmas": (12, 24, 3), "xmas": (12, 24, 3), "weihnachten": (12, 24, 3), "halloween": (10, 31, 1),
           "silvester": (12, 31, 1)}  # fmt: skip
_LAST, _THIS = r"(?:last|past|previous|letzte[nrs]?|vergangene[nrs]?)", r"(?:this|current|diese[nrs]?)"
_FILLERS = re.compile(r"^(?:in|on|the|im|am|den|der|das|of)\s+")
_EARLIEST, _LATEST = 1800, 2200


def parse_period(text: str, today: date) -> Period | None:
    """The period a text names, or None where it names none."""
    words = normalise_date_text(text)
    while True:
        shorter = _FILLERS.sub("", words)
        if shorter == words:
            break
        words = shorter
    for pattern, make in _PATTERNS:
        match = pattern.fullmatch(words)
        if match:
            try:
                return make(match, today)
            except (ValueError, OverflowError):  # the 31st of June
                return None
    return None


def normalise_date_text(text: str) -> str:
    """Lower case without accents, single blanks, no commas, no ordinals."""
    words = re.sub(r"[,\s]+", " ", fold(text)).strip()
    return re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", words)


def _days(first: date, days: int = 1) -> Period:
    start = datetime(first.year, first.month, first.day)
    return Period(start, start + timedelta(days=days))


def _months(year: int, month: int, months: int = 1) -> Period:
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(year)
    last = month - 1 + months
    return Period(datetime(year, month, 1), datetime(year + last // 12, last % 12 + 1, 1))


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else (2000 if int(digits) < 70 else 1900) + int(digits)


def _iso(match: re.Match[str], _: date) -> Period:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return _months(year, 1, 12)
    return _days(date(year, month, day)) if day is not None else _months(year, month)


def _dotted(match: re.Match[str], _: date) -> Period:
    return _days(date(_full_year(match[3]), int(match[2]), int(match[1])))


def _slashed(match: re.Match[str], _: date) -> Period:
    first, second = int(match[1]), int(match[2])
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("day and month cannot be told apart")
    day, month = (first, second) if first > 12 else (second, first)
    return _days(date(_full_year(match[3]), month, day))


def _month_year(match: re.Match[str], _: date) -> Period:
    month = _MONTHS.get(match[1])
    if month is None:
        raise ValueError(match[1])
    return _months(_full_year(match[2]), month)


def _numeric_month(match: re.Match[str], _: date) -> Period:
    return _months(int(match[2]), int(match[1]))


def _day_month(match: re.Match[str], today: date) -> Period:
    """ "15 June 2024", "June 15 2024", with or without the year."""
    parts = match.groupdict()
    month = _MONTHS[parts["month"]]
    if parts["year"]:
        return _days(date(int(parts["year"]), month, int(parts["day"])))
    latest = date(today.year, month, int(parts["day"]))
    return _days(latest if latest <= today else latest.replace(year=today.year - 1))


def _bare_month(match: re.Match[str], today: date) -> Period:
    month = _MONTHS[match["month"]]
    year = today.year if month <= today.month else today.year - 1
    if match["last"] and month == today.month:
        year -= 1
    return _months(year, month)


def _season(match: re.Match[str], today: date) -> Period:
    month = _SEASONS[match["season"]]
    if match["year"]:
        return _months(_full_year(match["year"]), month, 3)
    now = datetime(today.year, today.month, today.day)
    latest = next(p for p in (_months(today.year - back, month, 3) for back in (0, 1, 2)) if p.start <= now)
    if match["last"] and latest.end > now:  # "last summer", said in summer
        return _months(latest.start.year - 1, month, 3)
    return latest


def _relative_day(match: re.Match[str], today: date) -> Period:
    return _days(today - timedelta(days=_DAYS[match[1]]))


def _weekday(match: re.Match[str], today: date) -> Period:
    back = (today.weekday() - _WEEKDAYS[match["weekday"]]) % 7
    return _days(today - timedelta(days=back or (7 if match["last"] else 0)))


def _unit_at(unit: str, today: date, back: int) -> Period:
    """The calendar week, month or year `back` before the present one."""
    if unit == "day":
        return _days(today - timedelta(days=back))
    if unit == "week":
        return _days(today - timedelta(days=today.weekday() + 7 * back), 7)
    if unit == "month":
        index = today.year * 12 + today.month - 1 - back
        return _months(index // 12, index % 12 + 1)
    return _months(today.year - back, 1, 12)


def _this_or_last(match: re.Match[str], today: date) -> Period:
    return _unit_at(_UNITS[match["unit"]], today, 1 if match["last"] else 0)


def _before_today(unit: str, count: int, today: date) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    index = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = index // 12, index % 12 + 1
    last_day = (_months(year, month).end - timedelta(days=1)).day
    return date(year, month, min(today.day, last_day))


def _count(text: str) -> int:
    number = _NUMBERS.get(text)
    return int(text) if number is None else number


def _ago(match: re.Match[str], today: date) -> Period:
    return _days(_before_today(_UNITS[match["unit"]], _count(match["count"]), today))


def _last_few(match: re.Match[str], today: date) -> Period:
    first = _before_today(_UNITS[match["unit"]], _count(match["count"]), today)
    return Period(_days(first).start, _days(today).end)


def _decade(match: re.Match[str], _: date) -> Period:
    digits = match[1]
    year = int(digits) if len(digits) == 4 else (2000 if int(digits) < 30 else 1900) + int(digits)
    return _months(year, 1, 120)


def _quarter(match: re.Match[str], _: date) -> Period:
    return _months(int(match[2]), 3 * int(match[1]) - 2, 3)


def _feast(match: re.Match[str], today: date) -> Period:
    month, day, days = _FEASTS[match["feast"]]
    if match["year"]:
        return _days(date(int(match["year"]), month, day), days)
    latest = date(today.year, month, day)
    return _days(latest if latest <= today else latest.replace(year=today.year - 1), days)


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_M, _S, _U = _any_of(_MONTHS), _any_of(_SEASONS), _any_of(_UNITS)
_N = rf"\d{{1,4}}|{_any_of(_NUMBERS)}"
_PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period]]] = [
    (re.compile(pattern), make)
    for pattern, make in (
        (r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", _iso),
        (r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})", _dotted),
        (r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", _slashed),
        (r"(\d{1,2})[./-](\d{4})", _numeric_month),
        (rf"({_M})\.?[ -]?(\d{{4}}|'\d{{2}})", lambda m, t: _month_year(_unquoted(m), t)),
        (rf"(?P<day>\d{{1,2}})\.? (?P<month>{_M})\.?(?: (?P<year>\d{{4}}))?", _day_month),
        (rf"(?P<month>{_M})\.? (?P<day>\d{{1,2}})(?: (?P<year>\d{{4}}))?", _day_month),
        (rf"(?:(?P<last>{_LAST}) |{_THIS} )?(?P<month>{_M})\.?", _bare_month),
        (rf"(?:(?P<last>{_LAST}) |{_THIS} )?(?P<season>{_S})(?: (?:of )?(?P<year>\d{{4}}))?", _season),
        (rf"({_any_of(_DAYS)})", _relative_day),
        (rf"(?:(?P<last>{_LAST}) |{_THIS} )?(?P<weekday>{_any_of(_WEEKDAYS)})", _weekday),
        (rf"(?:(?P<last>{_LAST})|{_THIS}) (?P<unit>{_U})", _this_or_last),
        (rf"{_LAST} (?P<count>{_N}) (?P<unit>{_U})", _last_few),
        (rf"(?P<count>{_N}) (?P<unit>{_U}) ago", _ago),
        (rf"vor (?P<count>{_N}) (?P<unit>{_U})", _ago),
        (r"(\d{4}|\d{2})(?:'?s|er)", _decade),
        (r"q([1-4])[ /-]?(\d{4})", _quarter),
        (rf"(?:{_LAST} )?(?P<feast>{_any_of(_FEASTS)})(?: (?P<year>\d{{4}}))?", _feast),
    )
]


def _unquoted(match: re.Match[str]) -> re.Match[str]:
    """ "June '24" as "June 24"."""
    again = re.fullmatch(r"(\w+) (\d+)", f"{match[1]} {match[2].lstrip(chr(39))}")
    assert again is not None
    return again
