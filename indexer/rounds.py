"""What is looked after every so often while the indexer watches: folders, failed files, the battery, and everything."""

from __future__ import annotations

from collections.abc import Callable

from indexer.ahead import Ahead
from indexer.rest import Rest
from indexer.timers import Timers
from indexer.workplace import Workplace

SWEEP_S = 3600.0
SWEEP_UNWATCHED_S = 300.0
OVERFLOW_S = 2.0
LOOK_AT_ROOTS_S = 5.0
LOOK_AT_BATTERY_S = 30.0
LOOK_AT_RETRIES_S = 60.0


class Rounds:
    """Sets its own timers anew. Used from one thread.

    Args:
        roots_changed: called when a watched folder came or went.
        is_idle: whether there is time for files that failed.
        battery: whether the computer runs on it; None where that is of no matter.
    """

    def __init__(
        self,
        place: Workplace,
        timers: Timers,
        rest: Rest,
        ahead: Ahead,
        *,
        roots_changed: Callable[[], None],
        is_idle: Callable[[], bool],
        battery: Callable[[], bool] | None,
    ) -> None:
        self._place, self._timers, self._rest, self._ahead = place, timers, rest, ahead
        self._roots_changed = roots_changed
        self._is_idle = is_idle
        self._battery = battery

    def start(self) -> None:
        self._timers.set(self._sweep, self._sweep_interval())
        self._timers.set(self._check_roots, LOOK_AT_ROOTS_S)
        self._timers.set(self._check_retries, LOOK_AT_RETRIES_S)
        if self._battery is not None:
            self._timers.set(self._check_battery, 0.0)

    def overflowed(self) -> None:
        """Events were lost: soon, all folders are watched and looked at anew."""
        if not self._timers.waits(self._watch_anew):
            self._timers.set(self._watch_anew, OVERFLOW_S)

    def _watch_anew(self) -> None:
        """Fresh watches first, then a look at everything: nothing slips in between."""
        self._place.watch_anew()
        for root in self._place.roots.paths:
            self._ahead.dirty(root, root)

    def _sweep_interval(self) -> float:
        return SWEEP_S if all(map(self._place.watching, self._place.roots.paths)) else SWEEP_UNWATCHED_S

    def _sweep(self) -> None:
        self._ahead.add()
        self._place.tidy()
        self._timers.set(self._sweep, self._sweep_interval())

    def _check_roots(self) -> None:
        came, went = self._place.check_roots()
        for root in came:
            self._ahead.add(root)
        if came or went:
            self._roots_changed()
        self._timers.set(self._check_roots, LOOK_AT_ROOTS_S)

    def _check_retries(self) -> None:
        for path in self._place.due() if self._is_idle() else ():
            self._ahead.add(path)
        self._timers.set(self._check_retries, LOOK_AT_RETRIES_S)

    def _check_battery(self) -> None:
        if self._battery is not None:
            self._rest.unplug(self._place.settings.pause_on_battery and self._battery())
            self._timers.set(self._check_battery, LOOK_AT_BATTERY_S)
