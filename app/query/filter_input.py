"""A filter as it was typed, in a query or as an option of the command line, and how trouble with it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from app.core.errors import UserError
from app.core.paths import to_stored

Changes: TypeAlias = Mapping[str, Any]
"""New values of fields of `app.query.filters.Filters`."""


class QueryError(UserError):
    """A query that is not understood.

    Attributes:
        start, end: the characters of the query text in question.
    """

    def __init__(self, what: str, remedy: str, start: int, end: int) -> None:
        super().__init__(f"{what.rstrip('.')} (at character {start + 1}).", remedy)
        self.start = start
        self.end = end

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int, int]]:
        what = self.what.removesuffix(f" (at character {self.start + 1}).")
        return type(self), (what, self.remedy, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a filter stands in a query: from `start` to `end`, its value from `value_start`; in characters."""

    start: int
    end: int
    value_start: int


@dataclass(frozen=True, slots=True)
class FilterValue:
    """The value of a filter as it was typed.

    Attributes:
        quoted: it ends where its quotes do: no following word belongs to it.
        span: where it stands in a query; None for an option of the command line.
        option: the command line's option, as it was typed.
    """

    key: str
    text: str
    quoted: bool = False
    span: Span | None = None
    option: str = ""

    def error(self, why: str) -> UserError:
        """The value makes no sense; `why` is a clause."""
        from app.query.filters import BY_KEY  # the table imports this module

        what = f"“{self._written}” is not understood, {why}."
        remedy = f"Write for example {BY_KEY[self.key].advice}."
        return UserError(what, remedy) if self.span is None else self._at(self.span.value_start, what, remedy)

    def missing(self, advice: str) -> UserError:
        """There is no value at all."""
        what, remedy = f"“{self._written}” needs a value.", f"Write for example {advice}."
        return UserError(what, remedy) if self.span is None else self._at(self.span.start, what, remedy)

    def not_invertible(self) -> UserError:
        """A minus before a filter that cannot be turned round."""
        what, remedy = f"“{self.key}:” cannot be excluded.", "Leave out the minus, or the filter."
        return UserError(what, remedy) if self.span is None else self._at(self.span.start, what, remedy)

    @property
    def _written(self) -> str:
        return f"{self.option} {self.text}".strip() if self.option else f"{self.key}:{self.text}"

    def _at(self, start: int, what: str, remedy: str) -> QueryError:
        assert self.span is not None
        return QueryError(what, remedy, start, self.span.end)


_SURROGATES = re.compile("[\ud800-\udfff]")


def valid_unicode(text: str) -> str:
    """The text with U+FFFD for what no file or index can hold: halves of characters, which a shell may hand over."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def folder_by_path(name: str) -> tuple[str, ...]:
    """A folder given by its path; none where the path cannot be one ("~nobody", an impossible character)."""
    try:
        stored = to_stored(Path(name).expanduser().absolute())
        stored.encode("utf-8")
    except (RuntimeError, ValueError):
        return ()
    return (stored,)


@dataclass(frozen=True, slots=True)
class FilterContext:
    """What readers need to know of the world.

    Attributes:
        today: what relative dates count from.
        folders: stored paths of the folders that a name means; empty when there is none.
    """

    today: Callable[[], date] = date.today
    folders: Callable[[str], tuple[str, ...]] = folder_by_path


Reader: TypeAlias = Callable[[FilterValue, Sequence[str], FilterContext], tuple[Changes, int]]
"""(value, plain words after it, context) -> new values of fields, and how many of those words belong to the value."""
