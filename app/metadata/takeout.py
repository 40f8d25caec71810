"""The JSON file that Google Takeout puts beside a photo: what its owner wrote in Google Photos."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from app.metadata.xmp import Xmp


def parse_takeout(data: bytes) -> Xmp:
    """Date, place, caption and people, as a sidecar tells them; empty where it is no such file."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return Xmp()
    if not isinstance(told, dict) or not any(key in told for key in ("photoTakenTime", "geoData", "creationTime")):
        return Xmp()
    people = told.get("people")
    names = [person.get("name") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return Xmp(
        people=tuple(name for name in names if isinstance(name, str)),
        caption=_text(told.get("description")),
        taken_utc=_moment(told.get("photoTakenTime")),
        position=_position(told.get("geoData")) or _position(told.get("geoDataExif")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> str | None:
    """Its time is UTC, where the photo was taken is not known: the day may be another one there."""
    with suppress(KeyError, TypeError, ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(value["timestamp"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _position(value: Any) -> tuple[float, float] | None:
    with suppress(KeyError, TypeError, ValueError):
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
        if latitude or longitude:
            return latitude, longitude
    return None
