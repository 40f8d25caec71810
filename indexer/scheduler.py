"""What the indexer does next: one function of early returns over one state, driven by one inbox.

Start-up scan, hourly sweep, "Rescan", queue overflow and file events all become paths to look at; looking at them is
`Surveyor`, doing something about what it finds is `Pipeline`. This thread decides, waits and tells.
"""

from __future__ import annotations

import functools
import logging
import queue
import time
from collections.abc import Callable
from dataclasses import replace

from app import messages
from app.errors import ModelMissing, UserError
from app.messages import Command, Committed, Event, FolderState, Notice
from app.paths import Places, for_display, to_stored
from indexer.ahead import EVERYTHING, Ahead
from indexer.counts import Counts
from indexer.engine import EncoderFactory
from indexer.memory import give_back
from indexer.parts import Callbacks
from indexer.power import on_battery
from indexer.progress import INTERVAL_S, Reporter
from indexer.rest import Rest
from indexer.rounds import Rounds
from indexer.state import Habits, State
from indexer.surveyor import Survey
from indexer.timers import Act, Timers
from indexer.workplace import Signals, Workplace

log = logging.getLogger(__name__)

NOTHING_DUE_S = 3600.0
TRY_AGAIN_S = 60.0
AT_REST_S = 10.0


class Scheduler:
    """Decides, in the thread that calls `run`."""

    def __init__(
        self,
        places: Places,
        send: Callable[[Event], None],
        habits: Habits | None = None,
        *,
        encoder_for: EncoderFactory | None = None,
        workers: int | None = None,
        battery: Callable[[], bool] = on_battery,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._habits = habits = habits or Habits()
        self._clock = clock
        self._inbox: queue.SimpleQueue[Act] = queue.SimpleQueue()
        self._stopping = self._failed = False
        self._ahead = Ahead(habits, clock)
        self._looked_at_all = False
        self._offline: frozenset[str] = frozenset()
        self._tasks = self._tasks_done = 0
        self._timers = Timers(clock)
        self._rest = Rest(self._timers, clock, lambda resting: self._place.pause(resting))
        self._reporter = Reporter(send, clock=clock)
        watch = not habits.once
        self._place = Workplace(places, self._signals(), watch=watch, encoder_for=encoder_for, workers=workers)
        self._rounds = Rounds(
            self._place,
            self._timers,
            self._rest,
            self._ahead,
            roots_changed=self._roots_changed,
            is_idle=lambda: self.state() is State.IDLE,
            battery=battery if habits.courteous else None,
        )

    def _signals(self) -> Signals:
        """What comes back from other threads, through the inbox."""
        callbacks = Callbacks(
            changed=lambda path: self._post(self._put_off, path),
            committed=lambda files, removed: self._send(Committed(files, removed)),
            trouble=lambda error: self._post(self._trouble, error),
            idle=lambda task: self._post(self._idle, task),
        )
        return Signals(
            callbacks,
            dirty=lambda path, root: self._post(self._ahead.dirty, path, root),
            overflowed=lambda: self._post(self._rounds.overflowed),
            stopped=lambda: self._stopping,
        )

    # ---- from any thread

    def command(self, command: Command) -> None:
        """Do what the window asks."""
        self._post(self._obey, command)

    def stop(self) -> None:
        """End soon and in order: the commit at hand is finished."""
        self._stopping = True
        self._post(lambda: None)

    def _post(self, act: Callable[..., None], *args: object) -> None:
        self._inbox.put(functools.partial(act, *args))

    # ---- the loop

    def run(self) -> Counts:
        """Index until stopped, or with `Habits.once` until everything is done.

        Raises:
            AlreadyRunning: another process indexes here.
            UserError: with `once`, whatever stands in the way.
        """
        started = self._clock()
        self._report(State.STARTING)
        with self._place:
            self._open()
            if not self._habits.once:
                self._rounds.start()
            while not self._stopping and not self._finished():
                self._turn()
            interrupted = self._stopping
            if self._habits.once and self._place.counts.removed:
                self._place.tidy()
            self._stopping = True
            self._report(State.STOPPING)
        return replace(self._place.counts, seconds=self._clock() - started, interrupted=interrupted)

    def _turn(self) -> None:
        state = self.state()
        self._report(state)
        if state is State.SCANNING:
            self._look()
        self._wait(0.0 if state is State.SCANNING else self._patience(state))
        self._timers.run()
        self._ahead.settle()

    def state(self) -> State:
        """What is to be done now; the first that applies."""
        if self._stopping:
            return State.STOPPING
        if not self._place.is_open:
            return State.PAUSED if self._failed else State.NO_MODEL
        if (resting := self._rest.state()) is not None:
            return resting
        if self._ahead.is_ready:
            return State.SCANNING
        if self._tasks != self._tasks_done:
            return State.INDEXING
        return State.IDLE

    def _finished(self) -> bool:
        at_rest = self.state() is State.IDLE and not self._ahead.is_settling
        return self._habits.once and at_rest and self._inbox.empty()

    def _patience(self, state: State) -> float:
        """Seconds until something is due."""
        times = [at for at in (self._timers.next_at(), self._ahead.next_at()) if at is not None]
        if state is State.INDEXING:
            times.append(self._clock() + INTERVAL_S)
        return max(0.0, min(times, default=self._clock() + NOTHING_DUE_S) - self._clock())

    def _wait(self, seconds: float) -> None:
        try:
            act = self._inbox.get(timeout=seconds) if seconds > 0 else self._inbox.get_nowait()
            while True:
                act()
                act = self._inbox.get_nowait()
        except queue.Empty:
            pass

    def _report(self, state: State) -> None:
        counts = self._place.counts
        self._reporter.progress(state, counts, self._place.pending(), self._place.current, self._rest.until())
        if self._looked_at_all and self._reporter.folders_due(state):
            self._tell_folders()

    # ---- looking and working

    def _look(self) -> None:
        paths = self._ahead.take()
        if EVERYTHING in paths:
            survey = self._place.surveyor.everything()
            self._place.counts.seen = survey.seen
            self._looked_at_all = True
        else:
            survey = self._place.surveyor.some(paths)
        self._take_on(survey)

    def _take_on(self, survey: Survey) -> None:
        if self._tasks == self._tasks_done:
            self._reporter.new_round(self._place.counts)
        self._tasks += 1
        self._place.add(survey.task, self._tasks)
        self._offline = frozenset(survey.offline)
        self._tell_folders()

    def _tell_folders(self) -> None:
        for root in self._place.roots.paths:
            watching, online = self._habits.once or self._place.watching(root), root not in self._offline
            went = self._reporter.folder(FolderState(root, online, self._place.pending_in(root), watching=watching))
            if went and not self._habits.courteous:
                # In a terminal nobody sees the folders' states.
                what = f"The folder {for_display(root)} is not there at the moment; what is known of it is kept."
                self._send(Notice("warning", what, "Connect its drive and index again to bring it up to date."))
        for notice in self._place.take_notices():
            self._send(notice)

    def _idle(self, task: int) -> None:
        # An engine that was let go meanwhile may still be heard; its tasks have lower numbers.
        self._tasks_done = max(self._tasks_done, task)
        if task == self._tasks and self._looked_at_all and self._place.is_open:
            self._place.complete(wait=self._habits.once)
            self._timers.set(give_back, AT_REST_S)

    def _put_off(self, path: str) -> None:
        if not self._ahead.put_off(path, self._place.roots.of(path)):
            self._place.counts.postponed += 1

    def _roots_changed(self) -> None:
        self._offline = frozenset(r for r in self._place.roots.paths if not self._place.roots.identity(r))
        self._tell_folders()

    # ---- trouble

    def _open(self) -> None:
        try:
            self._place.open()
            self._failed = False
        except UserError as error:
            if self._habits.once:
                raise
            self._fail(error)

    def _trouble(self, error: BaseException) -> None:
        """Nothing can be written or embedded: let everything go, and begin again when the cause may be gone."""
        self._place.close_engine()
        self._tasks_done = self._tasks
        if self._habits.once:
            raise error
        if not isinstance(error, UserError):
            error = UserError("Indexing was interrupted by an unexpected error.", "It is tried again in a minute.")
        self._fail(error)

    def _fail(self, error: UserError) -> None:
        self._failed = not isinstance(error, ModelMissing)
        self._send(Notice("error" if self._failed else "warning", error.what, error.remedy))
        self._timers.set(self._reopen, TRY_AGAIN_S)

    def _reopen(self) -> None:
        self._open()
        self._ahead.add()

    # ---- commands

    def _obey(self, command: Command) -> None:
        if isinstance(command, messages.Quit):
            self._stopping = True
        elif isinstance(command, messages.Pause):
            self._rest.pause(command.seconds)
        elif isinstance(command, messages.Resume):
            self._rest.resume()
        elif isinstance(command, messages.Rescan):
            self._ahead.add(to_stored(command.folder) if command.folder else EVERYTHING)
        elif isinstance(command, messages.Retry):
            self._place.retry(command.paths)
            self._ahead.add()
        elif isinstance(command, messages.Busy):
            self._place.make_way(True)
            self._timers.set(self._stop_making_way, command.seconds)
        else:
            self._begin_anew(rebuild=isinstance(command, messages.Rebuild))

    def _stop_making_way(self) -> None:
        self._place.make_way(False)

    def _begin_anew(self, *, rebuild: bool) -> None:
        """Settings, model or vocabulary changed, or everything is to be computed again."""
        self._place.reload(rebuild=rebuild)
        self._tasks_done = self._tasks
        self._looked_at_all = False
        self._open()
        self._rest.tell()
        self._ahead.add()
