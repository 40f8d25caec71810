"""Where photos were taken, in words: what a photo's own row has as its text.

Each name is a line: Munich, München, Bayern, Germany, Deutschland. The text is empty where there is no city for miles,
and null where the place is not known, or was not looked up yet.
"""

from __future__ import annotations


def place_of(latitude: float | None, longitude: float | None) -> str | None:
    """The text of a photo taken there."""
    if latitude is None or longitude is None:
        return None
    from app.geo.gazetteer import place_names_at  # what only reads a table does without

    return "\n".join(place_names_at(latitude, longitude))
