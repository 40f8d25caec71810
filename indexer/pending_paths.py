"""Paths that are to be looked at: at the next turn, or when they have been quiet for a while (debounce).

`Debouncer` is the pure core of watching: the time is given from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


EVERYTHING = ""
MAX_POSTPONEMENTS = 5


class PendingPaths:
    """Begins with everything. Used from one thread."""

    def __init__(self, clock: Callable[[], float], *, once: bool, quiet_s: float) -> None:
        self._once = once
        self._clock = clock
        self._next: dict[str, None] = {EVERYTHING: None}
        self._settling = Debouncer(quiet=quiet_s)
        self._postpone: dict[str, int] = {}

    def add(self, path: str = EVERYTHING) -> None:
        """Have a path looked at by the next turn."""
        self._next[path] = None

    def dirty(self, path: str, root: str) -> None:
        """Have it looked at when it rests."""
        self._settling.add(path, self._clock(), root=root)

    def postpone(self, path: str, root: str) -> bool:
        """A file changed while it was worked on: it is looked at again when it rests. But a single run ends some time:
        False where it has waited for this file often enough."""
        times = self._postpone.get(path, 0) + 1
        if self._once and times > MAX_POSTPONEMENTS:
            return False
        self._postpone[path] = times
        self.dirty(path, root)
        return True

    def settle(self) -> None:
        """What has rested is looked at by the next turn."""
        for path in self._settling.due(self._clock()):
            self.add(path)

    def take(self) -> list[str]:
        """What is to be looked at now."""
        paths, self._next = list(self._next), {}
        return paths

    @property
    def is_ready(self) -> bool:
        """Whether there is something to be looked at now."""
        return bool(self._next)

    @property
    def is_settling(self) -> bool:
        """Whether there is something that rests."""
        return len(self._settling) > 0

    def next_at(self) -> float | None:
        """When something has rested."""
        return self._settling.next_at()
