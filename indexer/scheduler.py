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

from app.core import indexer_protocol
from app.core.errors import AlreadyRunning, ModelMissing, UserError
from app.core.indexer_protocol import Command, Committed, Event, FolderState, Notice
from app.core.paths import AppDirs, to_stored
from indexer.context import ContextCallbacks, IndexerContext
from indexer.engine import EncoderFactory
from indexer.memory import trim_heap
from indexer.pause import PauseControl
from indexer.pending_paths import EVERYTHING, PendingPaths
from indexer.periodic import PeriodicTasks
from indexer.pipeline_types import PipelineCallbacks
from indexer.power import on_battery
from indexer.progress import INTERVAL_S, ProgressReporter
from indexer.run_state import IndexerState, RunOptions
from indexer.scanner import ScanResult
from indexer.stats import RunCounts
from indexer.timers import TimerCallback, Timers

log = logging.getLogger(__name__)

MAX_WAIT_S = 3600.0
REOPEN_S = 60.0
TRIM_AFTER_S = 10.0


class Scheduler:
    """Decides, in the thread that calls `run`."""

    def __init__(
        self,
        dirs: AppDirs,
        send: Callable[[Event], None],
        options: RunOptions | None = None,
        *,
        encoder_for: EncoderFactory | None = None,
        workers: int | None = None,
        battery: Callable[[], bool] = on_battery,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._options = options = options or RunOptions()
        self._clock = clock
        self._inbox: queue.SimpleQueue[TimerCallback] = queue.SimpleQueue()
        self._stopping = self._failed = False
        self._reread = options.reread
        self._pending = PendingPaths(clock, once=options.once, quiet_s=options.quiet_s)
        self._looked_at_all = False
        self._offline: frozenset[str] = frozenset()
        self._tasks = self._tasks_done = 0
        self._timers = Timers(clock)
        self._rest = PauseControl(self._timers, clock, lambda resting: self._context.pause(resting))
        in_terminal = not options.pause_on_battery_allowed
        self._reporter = ProgressReporter(send, in_terminal=in_terminal, clock=clock)
        watch = not options.once
        self._context = IndexerContext(dirs, self._signals(), watch=watch, encoder_for=encoder_for, workers=workers)
        self._periodic = PeriodicTasks(
            self._context,
            self._timers,
            self._rest,
            self._pending,
            roots_changed=self._roots_changed,
            index_gone=self._index_gone,
            is_idle=lambda: self.state() is IndexerState.IDLE,
            battery=battery if options.pause_on_battery_allowed else None,
        )

    def _signals(self) -> ContextCallbacks:
        """What comes back from other threads, through the inbox."""
        callbacks = PipelineCallbacks(
            changed=lambda path: self._post(self._postpone, path),
            committed=lambda files, removed: self._send(Committed(files, removed)),
            trouble=lambda error: self._post(self._trouble, error),
            idle=lambda task: self._post(self._idle, task),
        )
        return ContextCallbacks(
            callbacks,
            dirty=lambda path, root: self._post(self._pending.dirty, path, root),
            overflowed=lambda: self._post(self._periodic.overflowed),
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

    def run(self) -> RunCounts:
        """Index until stopped, or with `RunOptions.once` until everything is done.

        Raises:
            AlreadyRunning: another process indexes here.
            UserError: with `once`, whatever stands in the way.
        """
        started = self._clock()
        self._report(IndexerState.STARTING)
        with self._context:
            self._open()
            if not self._options.once:
                self._periodic.start()
            while not self._stopping and not self._finished():
                self._turn()
            interrupted = self._stopping
            if self._options.once and self._context.counts.removed:
                self._context.tidy()
            self._stopping = True
            self._report(IndexerState.STOPPING)
        return replace(self._context.counts, seconds=self._clock() - started, interrupted=interrupted)

    def _turn(self) -> None:
        state = self.state()
        self._report(state)
        try:
            if state is IndexerState.SCANNING:
                self._scan()
            self._wait(0.0 if state is IndexerState.SCANNING else self._wait_s(state))
            self._timers.run()
        except AlreadyRunning:
            raise
        except Exception as error:
            self._trouble(error)
        self._pending.settle()

    def state(self) -> IndexerState:
        """What is to be done now; the first that applies."""
        if self._stopping:
            return IndexerState.STOPPING
        if not self._context.is_open:
            return IndexerState.PAUSED if self._failed else IndexerState.NO_MODEL
        if (resting := self._rest.state()) is not None:
            return resting
        if self._pending.is_ready:
            return IndexerState.SCANNING
        if self._tasks != self._tasks_done:
            return IndexerState.INDEXING
        return IndexerState.IDLE

    def _finished(self) -> bool:
        at_rest = self.state() is IndexerState.IDLE and not self._pending.is_settling
        return self._options.once and at_rest and self._inbox.empty()

    def _wait_s(self, state: IndexerState) -> float:
        """Seconds until something is due."""
        times = [at for at in (self._timers.next_at(), self._pending.next_at()) if at is not None]
        if state is IndexerState.INDEXING:
            times.append(self._clock() + INTERVAL_S)
        return max(0.0, min(times, default=self._clock() + MAX_WAIT_S) - self._clock())

    def _wait(self, seconds: float) -> None:
        try:
            act = self._inbox.get(timeout=seconds) if seconds > 0 else self._inbox.get_nowait()
            while True:
                act()
                act = self._inbox.get_nowait()
        except queue.Empty:
            pass

    def _report(self, state: IndexerState) -> None:
        counts = self._context.counts
        self._reporter.progress(
            state, counts, self._context.pending(), self._context.current, self._rest.paused_until()
        )
        if self._looked_at_all and self._reporter.folders_due(state):
            self._tell_folders()

    # ---- looking and working

    def _scan(self) -> None:
        paths = self._pending.take()
        if EVERYTHING in paths:
            result = self._context.scanner.scan_all()
            self._reread = ()
            self._context.counts.seen = result.seen
            if result.not_indexed is not None:
                self._context.passed_by(result.not_indexed)
            self._looked_at_all = True
        else:
            result = self._context.scanner.some(paths)
        self._enqueue(result)

    def _enqueue(self, result: ScanResult) -> None:
        if self._tasks == self._tasks_done:
            self._reporter.new_round(self._context.counts)
        self._tasks += 1
        self._context.add(result.task, self._tasks)
        self._offline = frozenset(result.offline)
        self._tell_folders()

    def _tell_folders(self) -> None:
        for root in self._context.roots.paths:
            watching, online = self._options.once or self._context.watching(root), root not in self._offline
            self._reporter.folder(FolderState(root, online, self._context.pending_in(root), watching=watching))
        for notice in self._context.take_notices():
            self._send(notice)

    def _idle(self, task: int) -> None:
        # An engine that was let go meanwhile may still be heard; its tasks have lower numbers.
        self._tasks_done = max(self._tasks_done, task)
        if task == self._tasks and self._looked_at_all and self._context.is_open:
            self._context.complete(wait=self._options.once)
            self._timers.set(trim_heap, TRIM_AFTER_S)

    def _postpone(self, path: str) -> None:
        if not self._pending.postpone(path, self._context.roots.of(path)):
            self._context.counts.postponed += 1

    def _roots_changed(self) -> None:
        self._offline = frozenset(r for r in self._context.roots.paths if not self._context.roots.identity(r))
        self._tell_folders()

    # ---- trouble

    def _open(self) -> None:
        try:
            self._context.open()
            self._failed = False
            for path in self._reread:
                self._context.scanner.read_again(path)
        except Exception as error:
            if self._options.once:
                raise
            self._fail(error)

    def _trouble(self, error: BaseException) -> None:
        """Nothing can be written or embedded: let everything go, and begin again when the cause may be gone."""
        self._context.close_engine()
        self._tasks_done = self._tasks
        if self._options.once:
            raise error
        if self._context.index_is_gone() and not self._failed:
            self._failed = True
            self._timers.set(self._reopen, 0.0)
        else:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            log.error("indexing was interrupted", exc_info=error)
            error = UserError("Indexing was interrupted by an unexpected error.", "It is tried again in a minute.")
        self._failed = not isinstance(error, ModelMissing)
        self._send(Notice("error" if self._failed else "warning", error.what, error.remedy))
        self._timers.set(self._reopen, REOPEN_S)

    def _reopen(self) -> None:
        if self._context.index_is_gone():
            self._context.reclaim()
        self._open()
        self._pending.add()

    def _index_gone(self) -> None:
        """Somebody deleted the index, which is a cache: it is begun anew."""
        if self._failed:
            return  # it is tried again anyway
        log.warning("the index was deleted; it is begun anew")
        self._context.close_engine()
        self._tasks_done = self._tasks
        self._looked_at_all = False
        self._reopen()

    # ---- commands

    def _obey(self, command: Command) -> None:
        if isinstance(command, indexer_protocol.Quit):
            self._stopping = True
        elif isinstance(command, indexer_protocol.Pause):
            self._rest.pause(command.seconds)
        elif isinstance(command, indexer_protocol.Resume):
            self._rest.resume()
        elif isinstance(command, indexer_protocol.Rescan):
            self._pending.add(to_stored(command.folder) if command.folder else EVERYTHING)
        elif isinstance(command, indexer_protocol.Retry):
            self._context.retry(command.paths)
            self._pending.add()
        elif isinstance(command, indexer_protocol.Busy):
            self._context.throttle(True)
            self._timers.set(self._stop_making_way, command.seconds)
        else:
            self._reopen_with_new_settings(rebuild=isinstance(command, indexer_protocol.Rebuild))

    def _stop_making_way(self) -> None:
        self._context.throttle(False)

    def _reopen_with_new_settings(self, *, rebuild: bool) -> None:
        """Settings, model or vocabulary changed, or everything is to be computed again."""
        self._context.reload(rebuild=rebuild)
        self._tasks_done = self._tasks
        self._looked_at_all = False
        self._open()
        self._rest.tell()
        self._pending.add()
