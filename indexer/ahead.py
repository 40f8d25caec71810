"""Paths that are to be looked at: at the next turn, or when they have rested for a while."""

from __future__ import annotations

from collections.abc import Callable

from indexer.settling import Settling
from indexer.state import Habits

EVERYTHING = ""
PUT_OFF_MOST = 5


class Ahead:
    """Begins with everything. Used from one thread."""

    def __init__(self, habits: Habits, clock: Callable[[], float]) -> None:
        self._once = habits.once
        self._clock = clock
        self._next: dict[str, None] = {EVERYTHING: None}
        self._settling = Settling(quiet=habits.quiet_s)
        self._put_off: dict[str, int] = {}

    def add(self, path: str = EVERYTHING) -> None:
        """Have a path looked at by the next turn."""
        self._next[path] = None

    def dirty(self, path: str, root: str) -> None:
        """Have it looked at when it rests."""
        self._settling.add(path, self._clock(), root=root)

    def put_off(self, path: str, root: str) -> bool:
        """A file changed while it was worked on: it is looked at again when it rests. But a single run ends some time:
        False where it has waited for this file often enough."""
        times = self._put_off.get(path, 0) + 1
        if self._once and times > PUT_OFF_MOST:
            return False
        self._put_off[path] = times
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
