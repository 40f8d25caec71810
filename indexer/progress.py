"""What is told about the work: at most four times a second while it moves, once when it stops."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.core.indexer_protocol import Event, FolderState, Notice, Progress
from app.core.paths import for_display
from indexer.stats import FileRate, RunCounts

INTERVAL_S = 0.25
FOLDERS_INTERVAL_S = 2.0


class ProgressReporter:
    """Sends progress and the folders' states, each only when there is something new.

    Args:
        in_terminal: nobody sees the folders' states there, so a folder that is away is a notice, too.
    """

    def __init__(
        self,
        send: Callable[[Event], None],
        *,
        in_terminal: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._in_terminal = in_terminal
        self._clock = clock
        self._rate = FileRate()
        self._last = Progress("")
        self._last_at = float("-inf")
        self._done_before = self._failed_before = 0
        self._folders: dict[str, FolderState] = {}
        self._folders_at, self._folders_in = float("-inf"), ""

    def progress(self, state: str, counts: RunCounts, pending: int, current: str, paused_until: float | None) -> None:
        """Tell where things stand, unless that was done just now."""
        now = self._clock()
        changed = state != self._last.state
        if not changed and now < self._last_at + INTERVAL_S:
            return
        self._rate.sample(now, counts.done)
        done, failed = counts.done - self._done_before, counts.failed - self._failed_before
        moves = pending > 0
        rate, left = (self._rate.per_second(), self._rate.seconds_for(pending)) if moves else (0.0, None)
        progress = Progress(
            state, done, done + pending, failed, round(rate, 2), left, for_display(current), paused_until
        )
        if progress != self._last:
            self._send(progress)
        self._last, self._last_at = progress, now

    def new_round(self, counts: RunCounts) -> None:
        """Count from zero: everything so far is done."""
        self._done_before, self._failed_before = counts.done, counts.failed
        self._rate = FileRate()

    def folders_due(self, state: str) -> bool:
        """Whether it is time to tell how much is left in each folder: now and then, and when the work stops."""
        now = self._clock()
        due = now >= self._folders_at + FOLDERS_INTERVAL_S or state != self._folders_in
        if due:
            self._folders_at, self._folders_in = now, state
        return due

    def folder(self, state: FolderState) -> None:
        """Tell a folder's state, if it is new."""
        before = self._folders.get(state.path)
        if before == state:
            return
        self._folders[state.path] = state
        self._send(state)
        if self._in_terminal and not state.online and (before is None or before.online):
            what = f"The folder {for_display(state.path)} is not there at the moment; what is known of it is kept."
            self._send(Notice("warning", what, "Connect its drive and index again to bring it up to date."))
