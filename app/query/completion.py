"""What a filter that is being typed may go on with."""

from __future__ import annotations

from app.files.types import FORMATS
from app.query.filters import BY_KEY, Filter


def completions(text: str) -> list[str]:
    """The whole text with each value that its last word, a filter's key and the beginning of a value, may have."""
    before, blank, word = text.rpartition(" ")
    key, colon, begun = word.partition(":")
    row = BY_KEY.get(key.lower().removeprefix("-"))
    if not colon or row is None or text.count('"') % 2:
        return []
    begun = begun.lower()
    return [f"{before}{blank}{key}:{value}" for value in _values(row) if value.startswith(begun) and value != begun]


def _values(row: Filter) -> list[str]:
    """Values to offer: a fixed list where there is one, else the examples."""
    fixed = [typed for _, typed in row.choices if typed]
    if row.key == "type":
        fixed = list(FORMATS)
    return list(dict.fromkeys([*fixed, *row.examples]))
