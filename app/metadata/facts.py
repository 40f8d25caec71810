"""From tags to facts: when, where and with what a picture was taken, and what its owner called it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.core.records import Facts
from app.metadata.sidecars import read_sidecar
from app.metadata.tags import Tags, read_raw_tags, read_tags, upright_size
from app.metadata.xmp import Xmp, parse_xmp

# EXIF 2.32, tables 4-8.
_MAKE, _MODEL, _DATE_TIME, _DESCRIPTION, _XP_TITLE, _XP_KEYWORDS = 0x010F, 0x0110, 0x0132, 0x010E, 0x9C9B, 0x9C9E
_ORIGINAL, _DIGITIZED, _OFFSET, _OFFSET_ORIGINAL, _LENS_MODEL = 0x9003, 0x9004, 0x9010, 0x9011, 0xA434
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE, _GPS_TIME, _GPS_DATE = 1, 2, 3, 4, 7, 29
_RATING, _MOST_STARS = 0x4746, 5  # of Windows Explorer, and in no standard
# IPTC-IIM 4.2, record 2.
_IPTC_CHARSET, _IPTC_TITLE, _IPTC_KEYWORD = (1, 90), (2, 5), (2, 25)

_KEYWORDS, _KEYWORD_LENGTH, _TEXT_LENGTH = 200, 120, 300
# What cameras and programs write where the owner's words should stand.
_PLACEHOLDER_TITLE = re.compile(
    r"^(olympus digital camera|sony dsc|digital camera|samsung|untitled|default|.*\.jpe?g|\W*)$", re.IGNORECASE
)
_WHEN = re.compile(
    r"(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d+)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?"
)
_ZONE = re.compile(r"^([+-])(\d{1,2}):?(\d{2})$")


def facts_of(tags: Tags, size: tuple[int, int] | None, sidecar: bytes = b"") -> Facts:
    """Digest the tags of a picture of `size` (width, height, upright); a sidecar goes before what is inside."""
    embedded_xmp, sidecar_xmp = parse_xmp(tags.xmp), parse_xmp(sidecar)
    taken_at, offset = _capture_time(tags, sidecar_xmp, embedded_xmp)
    latitude, longitude = (
        _gps_position(tags.gps) or _xmp_position(sidecar_xmp) or _xmp_position(embedded_xmp) or (None, None)
    )
    return Facts(
        taken_at=taken_at,
        taken_offset=offset,
        camera=_camera(tags.main),
        lens=_text(tags.exif.get(_LENS_MODEL)) or _text(embedded_xmp.lens),
        latitude=latitude,
        longitude=longitude,
        width=size[0] if size else None,
        height=size[1] if size else None,
        title=_title(tags, sidecar_xmp, embedded_xmp),
        rating=_rating(sidecar_xmp.rating, embedded_xmp.rating, tags.main.get(_RATING)),
        keywords=_keywords([*sidecar_xmp.keywords, *embedded_xmp.keywords, *_iptc_keywords(tags), *_xp_keywords(tags)]),
    )


def read_facts(path: str | os.PathLike[str]) -> Facts:
    """The facts of a picture file without decoding it. What cannot be read gives empty facts."""
    from app.files.types import RAW_SUFFIXES, suffix_of
    from app.pictures.readers import identify

    try:
        with open(path, "rb") as file:
            if suffix_of(os.fspath(path)) in RAW_SUFFIXES:
                return facts_of(read_raw_tags(file.read()), None, read_sidecar(path))
            image = identify(file)
            tags = Tags() if image is None else read_tags(image)
            return facts_of(tags, None if image is None else upright_size(image, tags), read_sidecar(path))
    except Exception:  # whatever is wrong with the file, opening it as a picture will say so
        return facts_of(Tags(), None, read_sidecar(path))


def _capture_time(tags: Tags, sidecar_xmp: Xmp, embedded_xmp: Xmp) -> tuple[datetime | None, int | None]:
    """Wall clock and zone offset in minutes. A date the owner corrected in a sidecar goes first."""
    # DateTime is when the file was last changed; only a camera's own file says by it when it was taken.
    last = tags.main.get(_DATE_TIME) if tags.main.get(_MODEL) else None
    own = (tags.exif.get(_ORIGINAL), tags.exif.get(_DIGITIZED))
    for value in (sidecar_xmp.taken, *own, embedded_xmp.taken, last):
        when, offset = _parse_time(_text(value))
        if when is None:
            continue
        if offset is None and value is not sidecar_xmp.taken:
            offset = _utc_offset(_text(tags.exif.get(_OFFSET_ORIGINAL)) or _text(tags.exif.get(_OFFSET)))
            offset = _offset_from_gps_time(when, tags.gps) if offset is None else offset
        return when, offset
    return None, None


def _parse_time(text: str | None) -> tuple[datetime | None, int | None]:
    match = _WHEN.match(text or "")
    if not match:
        return None, None
    try:
        when = datetime(*(int(part or 0) for part in match.groups()[:6]))  # type: ignore[arg-type]
    except ValueError:
        return None, None
    # Cameras with an empty clock battery say 0000, 1970-01-01 or the like; photography is older than 1826 nowhere.
    return (when, _utc_offset(match[7])) if when.year > 1825 else (None, None)


def _utc_offset(text: str | None) -> int | None:
    if text == "Z":
        return 0
    match = _ZONE.match(text or "")
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 else None


def _offset_from_gps_time(when: datetime, gps: Mapping[int, Any]) -> int | None:
    """The zone, from the wall clock and the satellites' UTC: their difference to the nearest quarter of an hour."""
    try:
        hours, minutes, seconds = (float(part) for part in gps[_GPS_TIME])
        year, month, day = (int(part) for part in re.split(r"[:\-/]", _text(gps[_GPS_DATE]) or ""))
        utc = datetime(year, month, day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    difference = (when - utc).total_seconds() / 60
    offset = 15 * round(difference / 15)
    return offset if abs(offset) <= 14 * 60 and abs(difference - offset) <= 3 else None


def _gps_position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "S")
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "W")
    return _valid_position(latitude, longitude)


def _valid_position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    # Receivers without a fix write zeros; nobody lives at 0, 0.
    return (latitude, longitude) if latitude or longitude else None


def _degrees(value: Any, reference: Any, negative: str) -> float | None:
    try:
        parts = [float(part) for part in value]
        degrees = float(sum(part / 60.0**power for power, part in enumerate(parts[:3])))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not parts or not math.isfinite(degrees):
        return None
    return -degrees if (_text(reference) or "").upper().startswith(negative) else degrees


def _xmp_position(xmp: Xmp) -> tuple[float, float] | None:
    """XMP writes "48,51.4934N" or "48,51,29N"."""
    if xmp.place is None:
        return None
    degrees = [
        _degrees(text.strip()[:-1].split(","), text.strip()[-1:], negative)
        for text, negative in zip(xmp.place, "SW", strict=True)
    ]
    return _valid_position(degrees[0], degrees[1])


def _camera(main: Mapping[int, Any]) -> str | None:
    make, model = _text(main.get(_MAKE)), _text(main.get(_MODEL))
    if not model:
        return make
    if not make or model.lower().startswith(make.split()[0].lower()):
        return model
    return f"{make} {model}"


def _title(tags: Tags, sidecar_xmp: Xmp, embedded_xmp: Xmp) -> str | None:
    candidates = (
        sidecar_xmp.title,
        embedded_xmp.title,
        *_iptc_texts(tags, _IPTC_TITLE),
        _utf16(tags.main.get(_XP_TITLE)),
        tags.main.get(_DESCRIPTION),
    )
    texts = (_text(candidate) for candidate in candidates)
    return next((text for text in texts if text and not _PLACEHOLDER_TITLE.match(text)), None)


def _rating(*candidates: object) -> int | None:
    """Stars, 1-5, of the first that has any: 0 is no rating, -1 a rejected picture."""
    for value in candidates:
        try:
            stars = round(float(str(value)))
        except (ValueError, OverflowError):
            continue
        if 1 <= stars <= _MOST_STARS:
            return stars
    return None


def _iptc_keywords(tags: Tags) -> list[str]:
    return _iptc_texts(tags, _IPTC_KEYWORD)


def _iptc_texts(tags: Tags, key: tuple[int, int]) -> list[str]:
    utf8 = tags.iptc.get(_IPTC_CHARSET, [b""])[0] == b"\x1b%G"
    texts = []
    for value in tags.iptc.get(key, ()):
        try:
            texts.append(value.decode("utf-8"))  # what most programs write whether they declare it or not
        except UnicodeDecodeError:
            texts.append(value.decode("utf-8" if utf8 else "cp1252", "replace"))
    return texts


def _xp_keywords(tags: Tags) -> list[str]:
    return (_utf16(tags.main.get(_XP_KEYWORDS)) or "").split(";")


def _utf16(value: Any) -> str | None:
    """The XP tags of Windows Explorer: UTF-16 in bytes."""
    if isinstance(value, tuple):
        value = bytes(part & 0xFF for part in value if isinstance(part, int))
    return value.decode("utf-16-le", "replace") if isinstance(value, bytes) else None


def _keywords(found: Iterable[str]) -> tuple[str, ...]:
    """Tidy, without doubles (case aside), in order of appearance."""
    kept: dict[str, str] = {}
    for keyword in found:
        tidy = _text(keyword)
        if tidy and len(tidy) <= _KEYWORD_LENGTH:
            kept.setdefault(tidy.casefold(), tidy)
    return tuple(kept.values())[:_KEYWORDS]


def _text(value: Any) -> str | None:
    """Printable text on one line, or None."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    value = value.split("\0")[0]
    tidy = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return tidy[:_TEXT_LENGTH] or None
