"""From a diff to rows: what is to be done, in which order, and never too much at once.

One thread owns all bookkeeping; the others (hashing, decoding, encoding, writing) only post what they have finished.
A path is worked on at most once at a time; what is asked for it meanwhile waits.
"""

from __future__ import annotations

import functools
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from indexer.backlog import Backlog, IndexingTask, WorkItem
from indexer.crash_recovery import Journal, Quarantine
from indexer.encoder_thread import EncoderThread, IndexingEncoder
from indexer.pipeline_types import DecoderService, PipelineCallbacks, PipelineParts
from indexer.row_changes import RowChanges
from indexer.stages import Stages
from indexer.stats import RunCounts
from indexer.writer_thread import WriterThread

log = logging.getLogger(__name__)

MAX_UNITS_WAITING = 256
LARGE_UNITS_WAITING = 40_000
MAX_UNITS_WRITING = 4096
_HASHERS = 2


class IndexingPipeline:
    """Does the work.

    Attributes:
        current: the path that was begun last, for the progress line.
    """

    def __init__(
        self,
        writer: WriterThread,
        encoder: IndexingEncoder,
        decoders: DecoderService,
        journal: Journal,
        quarantine: Quarantine,
        callbacks: PipelineCallbacks,
        *,
        counts: RunCounts | None = None,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.current = ""
        self._callbacks = callbacks
        self._quarantine = quarantine
        self._writer = writer
        self._decoders = decoders
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._encoder = EncoderThread(
            encoder,
            lambda file, vectors: self._post(self._steps.encoded, file, vectors),
            lambda error: self._post(self._halt, error),
            images_per_batch=max(1, encoder.info.batch),
        )
        self._changes = RowChanges(writer, self._post, self._halt)
        self._hashers = ThreadPoolExecutor(_HASHERS, thread_name_prefix="hasher")
        parts = PipelineParts(writer, self._encoder, decoders, journal, quarantine, self._changes, self._hashers)
        own_callbacks = PipelineCallbacks(callbacks.changed, callbacks.committed, self._halt, callbacks.idle)
        self._steps = Stages(parts, own_callbacks, self._post, self._finish, counts or RunCounts(), now_ns)
        writer.written = lambda written: self._post(self._steps.written, written)
        self._backlog = Backlog()
        self._later: dict[str, WorkItem] = {}
        self._paused = False
        self._most_reading: int | None = None
        self._was_idle = True
        self._task = self._flushed_units = 0
        self._thread = threading.Thread(target=self._run, name="pipeline", daemon=True)

    # ---- from any thread

    @property
    def counts(self) -> RunCounts:
        """What was done so far."""
        return self._steps.counts

    def start(self) -> None:
        """The writer must be open."""
        self._steps.sizes = set(self._writer.call(lambda writer: writer.sizes()).result())
        self._encoder.start()
        self._thread.start()

    def add(self, task: IndexingTask, number: int) -> None:
        """Do what reconcile found. `Callbacks.idle` tells the number of the last task when all is done."""
        self._post(self._add, task, number)

    def pause(self, paused: bool) -> None:
        """Begin nothing new; what is under way is finished."""
        self._post(self._set_paused, paused)

    def throttle(self, busy: bool) -> None:
        """Use about one core while the person works in the window."""
        self._encoder.rest(0.5 if busy else 0.0)
        self._most_reading = 1 if busy else None

    def reset_suspects(self) -> None:
        """Suspects and quarantined files may be tried like any other."""
        self._post(self._quarantine.clear_suspects)

    def pending(self) -> int:
        """Files that wait or are under way."""
        return len(self._backlog) + len(self._later) + len(self._steps.active)

    def pending_in(self, root: str) -> int:
        """Files of a watched folder that wait or are under way."""
        return self._backlog.roots[root]

    def close(self) -> None:
        """Finish the commit at hand, drop the rest, end the threads (the writer's is the caller's)."""
        self._steps.closing = True
        self._catch_up()  # whatever was being begun is begun now, and nothing more is
        self._hashers.shutdown(wait=True, cancel_futures=True)
        self._decoders.close()
        self._encoder.close()
        if not self._thread.is_alive():
            return
        self._catch_up()
        # What the encoder had finished is with the writer now; its commit is counted before the thread ends.
        self._writer.call(lambda _: None).result()
        self._inbox.put(None)
        self._thread.join()

    def _catch_up(self) -> None:
        """Wait until the thread has done all that was posted so far."""
        if self._thread.is_alive():
            reached = threading.Event()
            self._post(reached.set)
            while not reached.wait(0.5) and self._thread.is_alive():
                pass

    def _post(self, act: Callable[..., None], *args: Any) -> None:
        self._inbox.put(functools.partial(act, *args))

    # ---- in the pipeline's thread

    def _run(self) -> None:
        while (act := self._inbox.get()) is not None:
            try:
                act()
                if self._inbox.empty():
                    self._advance()
            except Exception as error:
                # A bug of ours: without its bookkeeping the pipeline cannot go on, but it can be closed and begun anew.
                log.exception("the pipeline failed")
                self._halt(error)
        self._steps.forget()

    def _set_paused(self, paused: bool) -> None:
        self._paused = paused

    def _halt(self, error: BaseException) -> None:
        """Something all files need does not work: begin nothing until told to go on."""
        self._paused = True
        self._callbacks.trouble(error)

    def _add(self, task: IndexingTask, number: int) -> None:
        self._was_idle = False
        self._task = number
        active, sizes = self._steps.active, self._steps.sizes
        items, gone, moves = task.items(), set(task.diff.gone), []
        for move in task.diff.moved:
            root = task.root_of(move.state.path)
            if move.old in active or move.state.path in active:
                # Something of it is under way: found again by its content when that is through.
                items.append(WorkItem(move.state, root))
                gone.add(move.old)
            else:
                self._backlog.cancel(move.old)
                self._backlog.cancel(move.state.path)
                moves.append((move.old, move.state, root))
        self._changes.move(moves, self._moved)
        self._changes.stamp([state for state in task.diff.touched if state.path not in active])
        for path in gone:
            self._later.pop(path, None)
        self._later.update({work.state.path: work for work in items if work.state.path in active})
        fresh = [work for work in items if work.state.path not in active]
        self._backlog.remove(gone, [work.state.path for work in items if work.state.size in sizes])
        self._backlog.add(fresh, urgent=task.urgent, alone=self._quarantine.is_suspect)

    def _advance(self) -> None:
        if not self._paused and not self._steps.closing:
            while self._has_room() and (work := self._backlog.next()) is not None:
                self._begin(work, alone=False)
            while self._has_room(slow=True) and (work := self._backlog.next_slow()) is not None:
                self._begin(work, alone=False)
            if not self._steps.active and (work := self._backlog.next_alone()) is not None:
                self._begin(work, alone=True)
            if gone := self._backlog.take_removals(self._steps.active):
                self._changes.remove(gone, self._removed)
        self._steps.flush()
        load = self._steps.load
        if not (load.reading or load.hashing or len(self._backlog)):
            self._steps.confirm_crashes()
        self._encoder.set_more_coming(load.reading + load.hashing > 0)
        waiting = load.units_waiting + load.large_units_waiting + len(self._backlog)
        if load.units_writing and not (load.reading or load.hashing or waiting):
            self._flush_last()
        self._look_idle()

    def _flush_last(self) -> None:
        """Have the last files of a round committed at once; asked once for each number of them."""
        if self._flushed_units != self._steps.load.units_writing:
            self._flushed_units = self._steps.load.units_writing
            self._writer.flush_now()

    def _has_room(self, *, slow: bool = False) -> bool:
        """Whether one more file may be begun; a slow one only where it leaves a decoder to the files that come next."""
        load = self._steps.load
        if slow and load.slow >= (self._most_reading or max(1, self._decoders.workers - 1)):
            return False
        return (
            load.reading + load.hashing < (self._most_reading or 2 * self._decoders.workers)
            and load.units_waiting < MAX_UNITS_WAITING
            and load.large_units_waiting < LARGE_UNITS_WAITING
            and load.units_writing < MAX_UNITS_WRITING
            and not any(active.alone for active in self._steps.active.values())
        )

    def _begin(self, work: WorkItem, *, alone: bool) -> None:
        self.current = work.state.path
        self._steps.begin(work, alone=alone)

    def _look_idle(self) -> None:
        if not (self._was_idle or self._steps.active or self._later or self._changes.busy or len(self._backlog)):
            self._was_idle = True
            self._callbacks.idle(self._task)

    def _moved(self, number: int) -> None:
        self.counts.moved += number
        self._callbacks.committed(number, 0)

    def _removed(self, number: int) -> None:
        self.counts.removed += number
        self._callbacks.committed(0, number)

    def _finish(self, path: str, again: WorkItem | None) -> None:
        self._backlog.finish(path)
        later = self._later.pop(path, None)
        if again is not None and later is None and path not in self._backlog:
            self._backlog.add_slow(again)
        if later is not None:
            self._backlog.add([later], urgent=True, alone=self._quarantine.is_suspect)
