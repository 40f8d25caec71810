"""Why nothing new is begun: the person asked for a pause, or the computer runs on its battery."""

from __future__ import annotations

import time
from collections.abc import Callable

from indexer.run_state import IndexerState
from indexer.timers import Timers

FOR_EVER = float("inf")


class PauseControl:
    """Pauses, and whether the computer is unplugged. Used from one thread.

    Args:
        changed: called with whether to rest, whenever that may have changed.
    """

    def __init__(self, timers: Timers, clock: Callable[[], float], changed: Callable[[bool], None]) -> None:
        self._timers = timers
        self._clock = clock
        self._changed = changed
        self._paused_until: float | None = None
        self._unplugged = False

    def pause(self, seconds: float | None) -> None:
        """Rest for so long, or until `resume`."""
        self._timers.cancel(self.resume)
        self._paused_until = FOR_EVER if seconds is None else self._clock() + seconds
        if seconds is not None:
            self._timers.set(self.resume, seconds)
        self.tell()

    def resume(self) -> None:
        self._timers.cancel(self.resume)
        self._paused_until = None
        self.tell()

    def set_unplugged(self, unplugged: bool) -> None:
        """The computer runs on its battery, or on the mains again."""
        if unplugged != self._unplugged:
            self._unplugged = unplugged
            self.tell()

    def tell(self) -> None:
        self._changed(self.state() is not None)

    def state(self) -> IndexerState | None:
        """The state to be in, None when there is nothing against working."""
        if self._paused_until is not None:
            return IndexerState.PAUSED
        return IndexerState.BATTERY if self._unplugged else None

    def paused_until(self) -> float | None:
        """The end of a pause as wall clock time, for people; None where there is no pause, or no end."""
        if self._paused_until is None or self._paused_until == FOR_EVER:
            return None
        return time.time() + self._paused_until - self._clock()
