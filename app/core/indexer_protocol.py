"""The pipe between window and indexer: one JSON object a line, control one way, progress the other.

The indexer reads commands on stdin and writes events to stdout; the end of stdin tells it that its parent is gone.
Results never travel here: they are in the table. An unknown type or field is ignored, so that a window and an
indexer of different versions still talk.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

# ---- window -> indexer


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop working until `Resume`, or for `seconds` where given."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Rescan:
    """Reconcile one folder now, or all of them."""

    folder: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """Try failed files again: the paths given, or all."""

    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReloadSettings:
    """The settings file, the model or the vocabulary has changed."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Throw the index away and build it anew (the serving one stays until the new one is complete)."""


@dataclass(frozen=True, slots=True)
class Busy:
    """The person is working in the window: use fewer cores for a while."""

    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Quit:
    pass


Command: TypeAlias = Pause | Resume | Rescan | Retry | ReloadSettings | Rebuild | Busy | Quit

# ---- indexer -> window


@dataclass(frozen=True, slots=True)
class Progress:
    """Sent at most four times a second while something moves, once when it stops.

    Attributes:
        state: "starting", "scanning", "indexing", "idle", "paused", "battery", "no model", "stopping".
        done, total: files of the present round; total grows while the scan runs.
        rate: files a second over the last half minute; eta_s: seconds left, None while unknown.
    """

    state: str
    done: int = 0
    total: int = 0
    failed: int = 0
    rate: float = 0.0
    eta_s: float | None = None
    current: str = ""
    paused_until: float | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """Rows reached the table: run the query on screen again."""

    files: int
    removed: int = 0


@dataclass(frozen=True, slots=True)
class FolderState:
    """A watched folder's state, sent at the start, on each change, and every two seconds while files wait.

    Attributes:
        pending: files of it that are still to be indexed.
    """

    path: str
    online: bool
    pending: int = 0
    watching: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user: what happened, what to do. `level` is "info", "warning" or "error"."""

    level: str
    what: str
    remedy: str = ""


Event: TypeAlias = Progress | Committed | FolderState | Notice

_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Pause, Resume, Rescan, Retry, ReloadSettings, Rebuild, Busy, Quit, Progress, Committed, FolderState, Notice
    )
}  # fmt: skip


def encode_message(message: Command | Event) -> str:
    """One line without its newline."""
    return json.dumps({"type": type(message).__name__, **dataclasses.asdict(message)}, ensure_ascii=True)


def decode_message(line: str) -> Command | Event | None:
    """The message on one line, or None where it is not one this version knows: whatever comes through a pipe is checked
    down to the types of the fields, because what is said of it later would be said of the reader."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    kind = _TYPES.get(str(data.get("type"))) if isinstance(data, dict) else None
    if kind is None:
        return None
    given: dict[str, object] = {}
    for field in dataclasses.fields(kind):
        if field.name in data:
            value = data[field.name]
            given[field.name] = tuple(value) if isinstance(value, list) else value
            if not _FITS[str(field.type)](given[field.name]):
                return None
    try:
        message: Command | Event = kind(**given)
    except TypeError:  # a field is missing
        return None
    return message


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


_LARGEST = 1e15
# By the field's annotation.
_FITS: dict[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "str | None": lambda value: value is None or isinstance(value, str),
    "tuple[str, ...]": lambda value: isinstance(value, tuple) and all(isinstance(item, str) for item in value),
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": _is_number,
    "float | None": lambda value: value is None or _is_number(value),
}
