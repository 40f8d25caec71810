"""Paths that are to be looked at: at the next turn, or when they have rested for a while."""

from __future__ import annotations

from collections.abc import Callable

from indexer.debounce import Debouncer
from indexer.run_state import RunOptions

EVERYTHING = ""
MAX_POSTPONEMENTS = 5


class PendingPaths:
    """Begins with everything. Used from one thread."""

    def __init__(self, options: RunOptions, clock: Callable[[], float]) -> None:
        self._once = options.once
        self._clock = clock
        self._next: dict[str, None] = {EVERYTHING: None}
        self._settling = Debouncer(quiet=options.quiet_s)
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
