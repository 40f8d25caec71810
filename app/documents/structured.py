"""Texts with a structure for programs (calendars, contacts, subtitles, JSON): the words in them that people wrote."""

from __future__ import annotations

import json
import quopri
import re
from collections.abc import Iterator
from typing import Any

from app.documents.charsets import decode

# RFC 5545 and 6350: the properties whose values are words.
_CALENDAR = frozenset(
    ("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CATEGORIES", "CONTACT", "ORGANIZER", "ATTENDEE", "X-WR-CALNAME")
)
_CARD = frozenset(
    ("FN", "N", "NICKNAME", "ORG", "TITLE", "ROLE", "ADR", "TEL", "EMAIL", "NOTE", "URL", "CATEGORIES", "LABEL")
)
_DATES = frozenset(("DTSTART", "DTEND", "DUE", "BDAY"))
_FOLDED = re.compile(r"\n[ \t]")
_SOFT_FOLDED = re.compile(r"=\n")
_PROPERTY = re.compile(r"^(?:[\w-]+\.)?([\w-]+)((?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(.*)$")
_ESCAPED = re.compile(r"\\([nN,;\\])")
_TIMED = re.compile(r"^\s*(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->.*$|^\s*\d+\s*$|^WEBVTT.*$", re.MULTILINE)
_MARKS = re.compile(r"</?[a-z][^>\n]{0,60}>|\{\\[^}\n]{0,60}\}", re.IGNORECASE)
_MOST_NESTED = 200


def calendar_text(data: bytes) -> str:
    """Events and tasks of an iCalendar file, a paragraph each."""
    return _properties(data, _CALENDAR, "BEGIN")


def contacts_text(data: bytes) -> str:
    """The people of a vCard file, a paragraph each."""
    return _properties(data, _CARD, "BEGIN")


def subtitles_text(data: bytes) -> str:
    """What is said, without numbers and times."""
    return _MARKS.sub("", _TIMED.sub("", decode(data).replace("\r\n", "\n")))


def json_text(data: bytes) -> str:
    """Names and values, a line each; as it stands where it is no JSON."""
    text = decode(data)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return "\n".join(_leaves(value, "", 0))


def _leaves(value: Any, name: str, depth: int) -> Iterator[str]:
    if isinstance(value, dict) and depth < _MOST_NESTED:
        if name:
            yield name
        for key, inner in value.items():
            yield from _leaves(inner, str(key), depth + 1)
    elif isinstance(value, list) and depth < _MOST_NESTED:
        if name:
            yield name
        for inner in value:
            yield from _leaves(inner, "", depth + 1)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield f"{name}: {value}" if name else str(value)


def _properties(data: bytes, wanted: frozenset[str], beginning: str) -> str:
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    lines: list[str] = []
    for line in _FOLDED.sub("", text if "QUOTED-PRINTABLE" not in text.upper() else _joined(text)).split("\n"):
        match = _PROPERTY.match(line)
        if not match:
            continue
        name, parameters, value = match[1].upper(), match[2], match[3]
        if name == beginning:
            lines.append("")
        elif name in wanted:
            lines.append(_value(name, parameters, value))
        elif name in _DATES:
            lines.append(_date(value))
    return "\n".join(lines)


def _joined(text: str) -> str:
    """Quoted-printable lines of old vCards go on behind an equals sign."""
    return _SOFT_FOLDED.sub("", text)


def _value(name: str, parameters: str, value: str) -> str:
    if "QUOTED-PRINTABLE" in parameters.upper():
        charset = re.search(r"CHARSET=([\w-]+)", parameters, re.IGNORECASE)
        value = decode(quopri.decodestring(value.encode("utf-8", "replace")), charset[1] if charset else None)
    if name in ("ORGANIZER", "ATTENDEE"):
        named = re.search(r"CN=\"?([^\";:]+)", parameters, re.IGNORECASE)
        value = f"{named[1] if named else ''} {value.removeprefix('mailto:').removeprefix('MAILTO:')}"
    elif name in ("N", "ADR", "ORG"):
        value = re.sub(r"(?<!\\);", " ", value)
    return " ".join(_ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).split())


def _date(value: str) -> str:
    match = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", value)
    return "-".join(match.groups()) if match else value
