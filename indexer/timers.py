"""Things to be done later, by a clock that tests can set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

TimerCallback: TypeAlias = Callable[[], None]


class Timers:
    """One time for each thing; setting it again replaces it. Used from one thread."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._at: dict[TimerCallback, float] = {}

    def set(self, act: TimerCallback, seconds: float) -> None:
        """Have `act` done once, so many seconds from now."""
        self._at[act] = self._clock() + seconds

    def waits(self, act: TimerCallback) -> bool:
        """Whether `act` is still to be done."""
        return act in self._at

    def cancel(self, act: TimerCallback) -> None:
        self._at.pop(act, None)

    def next_at(self) -> float | None:
        """When the next thing is due."""
        return min(self._at.values(), default=None)

    def run(self) -> None:
        """Do what is due."""
        now = self._clock()
        for act in [act for act, at in self._at.items() if at <= now]:
            del self._at[act]
            act()
