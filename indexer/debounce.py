"""Dirty paths waiting for quiet: the pure core of watching, with the time given from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

QUIET_S = 2.0
MAX_DELAY_S = 30.0
MANY_CHILDREN = 128


@dataclass(slots=True)
class _Dirty:
    first: float
    last: float


class Debouncer:
    """Collects paths that something happened to, and hands each out once nothing has happened to it for a while.

    A path that never rests is handed out all the same after `longest` seconds. A folder with more than `many` dirty
    children is dirty itself, instead of them; so is, in turn, the folder above. All times are in seconds of one
    monotonic clock of the caller's.
    """

    def __init__(self, *, quiet: float = QUIET_S, longest: float = MAX_DELAY_S, many: int = MANY_CHILDREN) -> None:
        self._quiet = quiet
        self._longest = longest
        self._many = many
        self._dirty: dict[str, _Dirty] = {}
        self._children: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._dirty)

    def add(self, path: str, now: float, *, root: str = "") -> None:
        """Something happened to a stored path; it never grows into a folder above `root`."""
        swallowed = False
        for folder in _folders_above(path):
            if folder in self._dirty:
                # The folder is looked at as a whole anyway, but no sooner than what is in it rests.
                self._mark(folder, now, now)
                swallowed = True
        if swallowed and path not in self._dirty:
            return
        self._mark(path, now, now)
        self._collapse(path, root)

    def due(self, now: float) -> list[str]:
        """The paths that have come to rest, sorted; they are forgotten here."""
        ready = sorted(path for path, dirty in self._dirty.items() if self._due_at(dirty) <= now)
        for path in ready:
            self._forget(path)
        return ready

    def next_at(self) -> float | None:
        """When the next path will be due if nothing more happens."""
        return min(map(self._due_at, self._dirty.values()), default=None)

    def clear(self) -> None:
        self._dirty.clear()
        self._children.clear()

    def _due_at(self, dirty: _Dirty) -> float:
        return min(dirty.last + self._quiet, dirty.first + self._longest)

    def _mark(self, path: str, first: float, last: float) -> None:
        known = self._dirty.get(path)
        if known is not None:
            known.first, known.last = min(known.first, first), max(known.last, last)
            return
        self._dirty[path] = _Dirty(first, last)
        self._children.setdefault(_parent(path), set()).add(path)

    def _forget(self, path: str) -> _Dirty:
        siblings = self._children[_parent(path)]
        siblings.discard(path)
        if not siblings:
            del self._children[_parent(path)]
        return self._dirty.pop(path)

    def _collapse(self, path: str, root: str) -> None:
        """Let the folder stand for its children where they are many."""
        folder = _parent(path)
        while folder and path != root and len(self._children.get(folder, ())) > self._many:
            below = [dirty for dirty in self._dirty if dirty.startswith(f"{folder}/")]
            times = [self._forget(dirty) for dirty in below]
            self._mark(folder, min(dirty.first for dirty in times), max(dirty.last for dirty in times))
            path, folder = folder, _parent(folder)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _folders_above(path: str) -> Iterator[str]:
    folder = _parent(path)
    while folder:
        yield folder
        folder = _parent(folder)
