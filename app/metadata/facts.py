"""From tags to facts: when, where and with what a picture was taken, and what its owner called it."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from app.core.records import Facts
from app.metadata.capture_time import capture_time
from app.metadata.sidecars import read_sidecars
from app.metadata.tags import Tags, read_raw_tags, read_tags, upright_size
from app.metadata.takeout import parse_takeout
from app.metadata.texts import caption_of, iptc_texts, is_placeholder, one_line, plain, user_comment, utf16
from app.metadata.xmp import Xmp, parse_xmp

# EXIF 2.32, tables 4-8, and the tags of Windows Explorer.
_MAKE, _MODEL, _DESCRIPTION, _LENS_MODEL, _USER_COMMENT = 0x010F, 0x0110, 0x010E, 0xA434, 0x9286
_XP_TITLE, _XP_COMMENT, _XP_KEYWORDS, _XP_SUBJECT = 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_RATING, _MOST_STARS = 0x4746, 5  # of Windows Explorer, and in no standard
# IPTC-IIM 4.2, record 2.
_IPTC_TITLE, _IPTC_KEYWORD, _IPTC_HEADLINE, _IPTC_CAPTION = (2, 5), (2, 25), (2, 105), (2, 120)
_IPTC_PLACES = ((2, 92), (2, 90), (2, 95), (2, 101))  # from the narrowest to the widest
_PNG_TEXTS = ("title", "description", "comment", "caption", "author", "subject")

_KEYWORDS, _KEYWORD_LENGTH = 200, 120
_ANY_SIDE = 64
_HIERARCHY = re.compile(r"\s*(?:[|;,>»\\]|(?<=\w{3})/(?=\w{3}))\s*")
_DOTTED = re.compile(r"^[^\W\d_a-zß-ÿ][^\W\d_]{2,}(?:\.[^\W\d_a-zß-ÿ][^\W\d_]{2,})+$")


def facts_of(tags: Tags, size: tuple[int, int] | None, sidecars: Iterable[bytes] = (), name: str = "") -> Facts:
    """Digest the tags of a picture of `size` (width, height, upright).

    Args:
        sidecars: what lies beside it, XMP or Google's JSON; each goes before those behind it and before what is inside.
        name: of the file.
    """
    beside = [_parsed(packet) for packet in sidecars]
    inside = parse_xmp(tags.xmp)
    every = [*beside, inside]
    taken_at, offset = capture_time(tags, beside, inside, name)
    latitude, longitude = _position(tags, beside, inside) or (None, None)
    title, texts = _title(tags, every)
    return Facts(
        taken_at=taken_at,
        taken_offset=offset,
        camera=_camera(tags.main),
        lens=next((lens for xmp in beside if (lens := one_line(xmp.lens))), None)
        or one_line(tags.exif.get(_LENS_MODEL))
        or one_line(inside.lens),
        latitude=latitude,
        longitude=longitude,
        width=size[0] if size else None,
        height=size[1] if size else None,
        title=title,
        rating=_rating(*(xmp.rating for xmp in every), tags.main.get(_RATING)),
        keywords=_keywords(tags, every),
        caption=_caption(tags, every, title, texts),
        place_names=_place_names(tags, every),
    )


def read_facts(path: str | os.PathLike[str]) -> Facts:
    """The facts of a picture file without decoding it. What cannot be read gives empty facts."""
    from app.files.types import RAW_SUFFIXES, suffix_of
    from app.pictures import load_picture
    from app.pictures.readers import identify

    sidecars, name = read_sidecars(path), PurePath(path).name
    try:
        with open(path, "rb") as file:
            if suffix_of(os.fspath(path)) in RAW_SUFFIXES:
                return facts_of(read_raw_tags(file.read()), None, sidecars, name)
            image = identify(file)
            if image is not None:
                tags = read_tags(image)
                return facts_of(tags, upright_size(image, tags), sidecars, name)
        # Of a format that must be decoded to tell its tags.
        picture = load_picture(path, min_side=_ANY_SIDE)
        return facts_of(picture.tags, picture.size, sidecars, name)
    except Exception:  # whatever is wrong with the file, opening it as a picture will say so
        return facts_of(Tags(), None, sidecars, name)


def _parsed(packet: bytes) -> Xmp:
    return parse_takeout(packet) if packet.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else parse_xmp(packet)


def _position(tags: Tags, beside: list[Xmp], inside: Xmp) -> tuple[float, float] | None:
    """Degrees: of an XMP sidecar, of the file, of Google's."""
    candidates = [*map(_xmp_position, beside), _gps_position(tags.gps), _xmp_position(inside)]
    told = (_valid_position(*xmp.position) for xmp in beside if xmp.position is not None)
    return next((found for found in (*candidates, *told) if found is not None), None)


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
    """Degrees, minutes, seconds; what is undefined behind the degrees (0/0) counts as nothing."""
    try:
        parts = [_number(part) for part in (value if isinstance(value, (tuple, list)) else [value])]
    except (TypeError, ValueError, OverflowError):
        return None
    if not parts or not math.isfinite(parts[0]):
        return None
    finite = (part if math.isfinite(part) else 0.0 for part in parts[:3])
    degrees = sum(part / 60.0**power for power, part in enumerate(finite))
    return -degrees if (one_line(reference) or "").upper().startswith(negative) else degrees


def _number(part: Any) -> float:
    try:
        return float(part)
    except ZeroDivisionError:
        return math.nan


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
    make, model = one_line(main.get(_MAKE)), one_line(main.get(_MODEL))
    if not model:
        return make
    if not make or model.lower().startswith(make.split()[0].lower()):
        return model
    return f"{make} {model}"


def _title(tags: Tags, every: list[Xmp]) -> tuple[str | None, list[str]]:
    """The title, and other titles there are: in other languages, or of other programs."""
    candidates = [
        *(title for xmp in every for title in xmp.titles),
        *iptc_texts(tags, _IPTC_TITLE),
        utf16(tags.main.get(_XP_TITLE)),
        tags.texts.get("title"),
    ]
    texts = [text for candidate in candidates if (text := one_line(candidate)) and not is_placeholder(text)]
    if not texts:
        description = one_line(tags.main.get(_DESCRIPTION))
        return (description, []) if description and not is_placeholder(description) else (None, [])
    return texts[0], texts[1:]


def _caption(tags: Tags, every: list[Xmp], title: str | None, titles: list[str]) -> str:
    """All that people wrote about the picture, a paragraph each."""
    texts = [
        *(xmp.caption for xmp in every),
        *(text for key in (_IPTC_HEADLINE, _IPTC_CAPTION) for text in iptc_texts(tags, key)),
        plain(tags.main.get(_DESCRIPTION)),
        user_comment(tags.exif.get(_USER_COMMENT)),
        *(utf16(tags.main.get(tag)) for tag in (_XP_TITLE, _XP_SUBJECT, _XP_COMMENT)),
        plain(tags.comment),
        *(tags.texts.get(key) for key in _PNG_TEXTS),
        *titles,
    ]
    return caption_of(texts, title)


def _place_names(tags: Tags, every: list[Xmp]) -> tuple[str, ...]:
    """Where it was taken, in words of the owner: sublocation, city, state, country."""
    names = [name for xmp in every for name in xmp.places]
    names += [name for key in _IPTC_PLACES for name in iptc_texts(tags, key)]
    tidy = (one_line(name) for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name))


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


def _keywords(tags: Tags, every: list[Xmp]) -> tuple[str, ...]:
    """Keywords and the names of people, without doubles (case aside), in order of appearance."""
    found = [
        *(keyword for xmp in every for keyword in xmp.keywords),
        *iptc_texts(tags, _IPTC_KEYWORD),
        utf16(tags.main.get(_XP_KEYWORDS)) or "",
        tags.texts.get("keywords", ""),
    ]
    kept: dict[str, str] = {}
    for text in found:
        for keyword in _taken_apart(one_line(text) or ""):
            kept.setdefault(keyword.casefold(), keyword)
    for person in (one_line(name) for xmp in every for name in xmp.people):
        if person:
            kept.setdefault(person.casefold(), person)
    return tuple(keyword for keyword in kept.values() if len(keyword) <= _KEYWORD_LENGTH)[:_KEYWORDS]


def _taken_apart(text: str) -> list[str]:
    """The keywords of a list, or of a path in a hierarchy, the leaf first."""
    pieces = text.split(".") if _DOTTED.match(text) else _HIERARCHY.split(text)
    is_list = ";" in text or "," in text
    return [piece for piece in (pieces if is_list else reversed(pieces)) if piece.strip()]
