"""What the columns can hold: a file may say anything of itself, and none may stop the others."""

from __future__ import annotations

from dataclasses import replace

from app.core.records import Facts


def storable(facts: Facts) -> Facts:
    """Facts without what columns cannot hold: numbers beyond 32 bits, degrees off the globe, halves of surrogates."""
    return replace(
        facts,
        taken_offset=_int32(facts.taken_offset),
        camera=storable_text(facts.camera),
        lens=storable_text(facts.lens),
        latitude=_degrees(facts.latitude, 90.0),
        longitude=_degrees(facts.longitude, 180.0),
        width=_int32(facts.width),
        height=_int32(facts.height),
        title=storable_text(facts.title),
        pages=_int32(facts.pages),
        rating=_int32(facts.rating),
        keywords=tuple(map(_utf8, facts.keywords)),
        caption=_utf8(facts.caption),
        place_names=tuple(map(_utf8, facts.place_names)),
    )


def _int32(number: int | None) -> int | None:
    return number if number is not None and -(1 << 31) <= number < 1 << 31 else None


def _degrees(number: float | None, most: float) -> float | None:
    return number if number is not None and abs(number) <= most else None


def storable_text(text: str | None) -> str | None:
    """Text without halves of surrogate pairs, which neither UTF-8 nor Arrow can hold."""
    return None if text is None else _utf8(text)


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
