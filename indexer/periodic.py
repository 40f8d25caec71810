"""What is looked after every so often while the indexer watches: folders, failed files, the battery, and everything."""

from __future__ import annotations

from collections.abc import Callable

from indexer.context import IndexerContext
from indexer.pause import PauseControl
from indexer.pending_paths import PendingPaths
from indexer.timers import Timers

SWEEP_S = 3600.0
SWEEP_UNWATCHED_S = 300.0
OVERFLOW_S = 2.0
CHECK_ROOTS_S = 5.0
CHECK_BATTERY_S = 30.0
CHECK_RETRIES_S = 60.0


class PeriodicTasks:
    """Sets its own timers anew. Used from one thread.

    Args:
        roots_changed: called when a watched folder came or went.
        index_gone: called when the index was deleted.
        is_idle: whether there is time for files that failed.
        battery: whether the computer runs on it; None where that is of no matter.
    """

    def __init__(
        self,
        context: IndexerContext,
        timers: Timers,
        rest: PauseControl,
        ahead: PendingPaths,
        *,
        roots_changed: Callable[[], None],
        index_gone: Callable[[], None],
        is_idle: Callable[[], bool],
        battery: Callable[[], bool] | None,
    ) -> None:
        self._context, self._timers, self._rest, self._pending = context, timers, rest, ahead
        self._roots_changed = roots_changed
        self._index_gone = index_gone
        self._is_idle = is_idle
        self._battery = battery

    def start(self) -> None:
        self._timers.set(self._sweep, self._sweep_interval())
        self._timers.set(self._check_roots, CHECK_ROOTS_S)
        self._timers.set(self._check_retries, CHECK_RETRIES_S)
        if self._battery is not None:
            self._timers.set(self._check_battery, 0.0)

    def overflowed(self) -> None:
        """Events were lost: soon, all folders are watched and looked at anew."""
        if not self._timers.waits(self._restart_watcher):
            self._timers.set(self._restart_watcher, OVERFLOW_S)

    def _restart_watcher(self) -> None:
        """Fresh watches first, then a look at everything: nothing slips in between."""
        self._context.restart_watcher()
        for root in self._context.roots.paths:
            self._pending.dirty(root, root)

    def _sweep_interval(self) -> float:
        return SWEEP_S if all(map(self._context.watching, self._context.roots.paths)) else SWEEP_UNWATCHED_S

    def _sweep(self) -> None:
        self._timers.set(self._sweep, self._sweep_interval())
        self._pending.add()
        self._context.tidy()

    def _check_roots(self) -> None:
        self._timers.set(self._check_roots, CHECK_ROOTS_S)
        came, went = self._context.check_roots()
        for root in came:
            self._pending.add(root)
        if came or went:
            self._roots_changed()
        if self._context.index_is_gone():
            self._index_gone()

    def _check_retries(self) -> None:
        self._timers.set(self._check_retries, CHECK_RETRIES_S)
        for path in self._context.due() if self._is_idle() else ():
            self._pending.add(path)

    def _check_battery(self) -> None:
        if self._battery is not None:
            self._rest.set_unplugged(self._context.settings.pause_on_battery and self._battery())
            self._timers.set(self._check_battery, CHECK_BATTERY_S)
