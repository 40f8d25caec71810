"""Where photos were taken, in words: what a photo's own row has as its text.

Each name is a line: Munich, München, Bayern, Germany, Deutschland. The text is empty where there is no city for miles,
and null where the place is not known, or was not looked up yet.
"""

from __future__ import annotations

from collections.abc import Iterable


def place_of(latitude: float | None, longitude: float | None, told: Iterable[str] = ()) -> str | None:
    """The text of a photo taken there.

    Args:
        told: names of the place that the file itself tells.
    """
    own = list(told)
    if latitude is None or longitude is None:
        return "\n".join(own) or None
    from app.geo.gazetteer import place_names_at  # what only reads a table does without

    return "\n".join(dict.fromkeys([*place_names_at(latitude, longitude), *own]))
