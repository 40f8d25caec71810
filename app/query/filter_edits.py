"""Filters with one more, one less, or others joined to them; and filters as the plain data of a saved search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.filter_input import Changes, FilterContext, FilterValue
from app.query.filters import BY_KEY, FIELDS, Comparison, Field, Filters, ValueType


def add(
    filters: Filters, value: FilterValue, context: FilterContext, following: Sequence[str] = ()
) -> tuple[Filters, int]:
    """The filters with one more.

    Args:
        following: the plain words after it: `before:June 2024` and `near:new york` need no quotes.

    Returns:
        The filters, and how many of the following words belong to the value.

    Raises:
        UserError: the value makes no sense; a `QueryError` where it stands in a query.
    """
    if not value.text.strip():
        raise value.missing(BY_KEY[value.key].advice)
    changes, taken = BY_KEY[value.key].read(value, following, context)
    return _changed(filters, changes), taken


def exclude(filters: Filters, value: FilterValue, context: FilterContext) -> Filters:
    """The filters with one that stands behind a minus.

    Raises:
        QueryError: the filter cannot be turned round.
    """
    invert = BY_KEY[value.key].exclude
    if invert is None or not value.text.strip():
        raise value.not_invertible()
    return _changed(filters, invert(value, (), context)[0])


def _changed(filters: Filters, changes: Mapping[str, Any]) -> Filters:
    """The filters with other values; those of a tuple are added."""
    present = {name: getattr(filters, name) for name in changes}
    joined: dict[str, Any] = {
        name: tuple(dict.fromkeys((*present[name], *new))) if isinstance(new, tuple) else new
        for name, new in changes.items()
    }
    return replace(filters, **joined)


def merge_filters(filters: Filters, stronger: Filters) -> Filters:
    """Both together: tags add up, of everything else `stronger` wins where it says something."""
    changes: dict[str, Any] = {}
    for field in FIELDS:
        value = getattr(stronger, field.name)
        if field.comparison is Comparison.TAGGED:
            value = tuple(dict.fromkeys((*getattr(filters, field.name), *value)))
        if value is not None and value != ():
            changes[field.name] = value
    return replace(filters, **changes)


def without(filters: Filters, name: str, value: object = None) -> Filters:
    """The filters less one field, or less one value of a field that has several."""
    present = getattr(filters, name)
    rest: dict[str, Any] = {name: None}
    if isinstance(present, tuple):
        rest[name] = tuple(one for one in present if one != value)
    return replace(filters, **rest)


def toggled(filters: Filters, changes: Changes) -> tuple[Filters, bool]:
    """The filters with `changes`, or where all of them hold already without; and whether they held."""
    held = all(
        set(value) <= set(getattr(filters, name)) if isinstance(value, tuple) else getattr(filters, name) == value
        for name, value in changes.items()
    )
    if not held:
        return _changed(filters, changes), False
    for name, value in changes.items():
        for one in value if isinstance(value, tuple) else (value,):
            filters = without(filters, name, one)
    return filters, True


def set_values(filters: Filters) -> list[tuple[Field, Any]]:
    """(field, value) of every condition, in the order of the table; of a tuple each value by itself."""
    found: list[tuple[Field, Any]] = []
    for field in FIELDS:
        value = getattr(filters, field.name)
        if isinstance(value, tuple):
            found += [(field, one) for one in value]
        elif value is not None:
            found.append((field, value))
    return found


_AS_JSON: Mapping[ValueType, Callable[[Any], Any]] = {ValueType.MOMENT: datetime.isoformat, ValueType.CIRCLE: asdict}
_FROM_JSON: Mapping[ValueType, Callable[[Any], Any]] = {
    ValueType.KIND: Kind,
    ValueType.MOMENT: datetime.fromisoformat,
    ValueType.CIRCLE: lambda plain: GeoCircle(**plain),
}


def as_json(filters: Filters) -> dict[str, Any]:
    """Plain data by field, for a saved search."""
    types = {field.name: field.type for field in FIELDS}
    plain: dict[str, Any] = {}
    for field in fields(filters):
        value = getattr(filters, field.name)
        write = _AS_JSON.get(types[field.name])
        plain[field.name] = write(value) if write and value is not None else value
    return plain


def from_json(plain: Mapping[str, Any]) -> Filters:
    """The filters behind `as_json`; fields that an older program did not have are empty, unknown ones are left out.

    Raises:
        ValueError, TypeError: a value is none of its field.
    """
    found: dict[str, Any] = {}
    for field in FIELDS:
        value, read = plain.get(field.name), _FROM_JSON.get(field.type)
        if isinstance(getattr(Filters(), field.name), tuple):
            found[field.name] = tuple(value or ())
        elif value is not None and value != "":
            found[field.name] = read(value) if read else value
    return Filters(**found)
