"""Numbers of spreadsheets as they are shown: dates, times and percentages by their format code. ECMA-376, 18.8.30."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

# The codes that files refer to by number alone. 14 and 22 follow the reader's country: written as ISO.
BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TOKEN = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|\\(?P<escaped>.)|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]|(?P<half>AM/PM|A/P)"
    r"|(?P<fraction>\.0+)|(?P<field>y+|m+|d+|h+|s+)|[_*].|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LATEST = 2_958_466  # the day after 9999-12-31, the last that spreadsheets know


@lru_cache(maxsize=500)
def shows_date(code: str) -> bool:
    """Whether a format shows a number as a date or time."""
    return any(match["field"] or match["elapsed"] for match in _TOKEN.finditer(code.partition(";")[0]))


def shown(number: str, code: str, *, from_1904: bool = False) -> str:
    """A cell's number as its format shows it; what is neither date nor percentage as it is, without float noise."""
    try:
        value = float(number)
    except ValueError:
        return number
    if shows_date(code):
        return _date(value, code.partition(";")[0], from_1904) if 0 <= value < _LATEST else number
    if "%" in code:
        places = len(match[1]) if (match := re.search(r"\.([0#]+)", code)) else 0
        return f"{value * 100:.{places}f}%"
    return f"{value:.15g}" if "." in number or "e" in number.lower() else number


def _date(value: float, code: str, from_1904: bool) -> str:
    moment = _moment(value, from_1904)
    tokens = list(_TOKEN.finditer(code))
    half = any(match["half"] for match in tokens)
    written: list[str] = []
    for i, match in enumerate(tokens):
        field = (match["field"] or "").lower()
        if match["elapsed"]:
            seconds = round(value * 86400)
            written.append(str(seconds // {"h": 3600, "m": 60, "s": 1}[match["elapsed"][0].lower()]))
        elif field.startswith("m") and len(field) <= 2 and _is_minute(tokens, i):
            written.append(f"{moment.minute:0{len(field)}d}")
        elif field:
            written.append(_field(moment, field, half))
        elif match["half"]:
            written.append("AM" if moment.hour < 12 else "PM")
        elif not match["fraction"]:
            written.append(match["quoted"] or match["escaped"] or (match["other"] or "").strip("@?#") or "")
    return "".join(written).strip() or str(moment)


def _moment(value: float, from_1904: bool) -> datetime:
    if from_1904:
        start = datetime(1904, 1, 1)
    else:
        # Day 60 is the 29 February 1900 that never was.
        start = datetime(1899, 12, 30) if value >= 60 else datetime(1899, 12, 31)
    return start + timedelta(seconds=round(value * 86400))


def _is_minute(tokens: list[re.Match[str]], i: int) -> bool:
    """An "m" behind hours or before seconds."""
    before = next((t for t in reversed(tokens[:i]) if t["field"] or t["elapsed"]), None)
    after = next((t for t in tokens[i + 1 :] if t["field"] or t["elapsed"]), None)
    first = ((before["field"] or before["elapsed"]) if before else " ")[0].lower()
    second = ((after["field"] or after["elapsed"]) if after else " ")[0].lower()
    return first == "h" or second == "s"


def _field(moment: datetime, field: str, half: bool) -> str:
    letter, length = field[0], len(field)
    if letter == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if letter == "m" and length > 2:
        name = _MONTHS[moment.month - 1]
        return {3: name[:3], 5: name[:1]}.get(length, name)
    if letter == "d" and length > 2:
        name = _DAYS[moment.weekday()]
        return name[:3] if length == 3 else name
    hour = moment.hour % 12 or 12 if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{number:0{min(length, 2)}d}"
