"""The pool of worker processes in which files are decoded.

Each worker is owned by one thread of ours, which hands it one file at a time over a pipe of its own and waits. So a
decoder that hangs, crashes or eats the memory costs its process and this one file; no lock or pipe is shared that it
could leave broken. Workers are spawned, never forked, run at idle priority, go away when there is nothing to do and
die with this process.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from app.core.failures import DecodeError
from app.core.records import DecodedFile, Failure
from indexer.decode import DecodeJob, NeedsLonger, decode, time_limit
from indexer.worker import DecoderCrashed, DecoderOutOfMemory, DecoderProcess, DecoderStopped, DecoderTimedOut

Result = TypeVar("Result")
_log = logging.getLogger(__name__)

_IDLE_SECONDS = 20.0
# Workers that have grown beyond this after a file are replaced: native decoders rarely give memory back.
_RECYCLE_BYTES = 600 << 20


@dataclass(frozen=True)
class _DecodeTask(Generic[Result]):
    function: Callable[[DecodeJob], Result]
    job: DecodeJob
    future: Future[Result]


class DecoderPool:
    """Decodes files in parallel; results come as futures, in no particular order.

    Attributes:
        workers: how many files are decoded at once.
    """

    def __init__(
        self,
        workers: int,
        *,
        on_start: Callable[[DecodeJob], None] | None = None,
        on_finish: Callable[[DecodeJob], None] | None = None,
        idle_seconds: float = _IDLE_SECONDS,
        worker_bytes: int | None = None,
    ) -> None:
        """
        Args:
            on_start: called right before a file is handed to a worker, for the journal; in a thread of the pool.
            on_finish: called when that file is done with, however it ended.
            idle_seconds: after so long without work a worker's process ends; the next file starts another.
            worker_bytes: memory beyond which a worker is stopped; by default a fair share of the machine's.
        """
        self.workers = workers
        self._on_start = on_start or _nothing
        self._on_finish = on_finish or _nothing
        self._idle_seconds = idle_seconds
        self._worker_bytes = worker_bytes or _memory_per_worker(workers)
        self._tasks: queue.SimpleQueue[_DecodeTask[Any] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: set[DecoderProcess] = set()
        self._lock = threading.Lock()
        self._closed = False

    def submit(self, job: DecodeJob) -> Future[DecodedFile]:
        """Decode a file. The future raises `StaleFile` for one that is gone or being written, `NeedsLonger` for one
        whose first turn is over, and nothing else."""
        return self._put(decode, job)

    def run(self, function: Callable[[DecodeJob], Result], job: DecodeJob) -> Future[Result]:
        """Any other function of a job that can be imported by name. The future raises what it raises, or
        `DecodeError`."""
        return self._put(function, job)

    @property
    def processes(self) -> int:
        """How many worker processes there are at this moment."""
        with self._lock:
            return len(self._processes)

    def close(self) -> None:
        """Stop at once: what is being decoded is dropped, what waits is cancelled. May be called twice."""
        with self._lock:
            self._closed = True
            processes = list(self._processes)
        self._cancel_waiting()
        for _ in self._threads:
            self._tasks.put(None)
        for process in processes:
            process.stop()
        for thread in self._threads:
            thread.join()
        self._cancel_waiting()

    def __enter__(self) -> DecoderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, function: Callable[[DecodeJob], Result], job: DecodeJob) -> Future[Result]:
        future: Future[Result] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("The pool is closed")
            self._tasks.put(_DecodeTask(function, job, future))
            if len(self._threads) < self.workers:
                thread = threading.Thread(target=self._serve, name=f"decoder-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def _cancel_waiting(self) -> None:
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return
            if task is not None:
                task.future.cancel()

    def _serve(self) -> None:
        """One worker's life: task after task, its process coming and going as needed."""
        worker: DecoderProcess | None = None
        while True:
            try:
                task = self._tasks.get(timeout=self._idle_seconds if worker else None)
            except queue.Empty:
                self._drop(worker)
                worker = None
                continue
            if task is None:
                self._drop(worker)
                return
            if task.future.set_running_or_notify_cancel():
                worker = self._work(worker, task)

    def _work(self, worker: DecoderProcess | None, task: _DecodeTask[Any]) -> DecoderProcess | None:
        """Run one task to its end and give the worker back, if it is still of use."""
        self._tell(self._on_start, task.job)
        try:
            if worker is None or not worker.alive:
                self._drop(worker)
                worker = self._start()
            result = worker.run(task.function, task.job, time_limit(task.job), self._worker_bytes)
        except Exception as error:
            outcome = self._failed(task, error)
            if not isinstance(error, DecoderStopped | DecoderTimedOut | DecoderCrashed | DecoderOutOfMemory):
                self._settle(task, outcome)
                return worker
            self._drop(worker)
            worker = None
        else:
            outcome = result
        self._settle(task, outcome)
        if worker is not None and worker.memory() > _RECYCLE_BYTES:
            self._drop(worker)
            return None
        return worker

    def _settle(self, task: _DecodeTask[Any], outcome: object) -> None:
        self._tell(self._on_finish, task.job)
        if isinstance(outcome, BaseException):
            task.future.set_exception(outcome)
        else:
            task.future.set_result(outcome)

    def _failed(self, task: _DecodeTask[Any], error: Exception) -> object:
        """What becomes of a task whose worker did not answer: a failed file, or an exception for the future."""
        reasons: dict[type[Exception], tuple[Failure, str]] = {
            DecoderTimedOut: (Failure.TIMEOUT, "Reading the file took so long that it was given up."),
            DecoderCrashed: (Failure.CRASH, "The file makes the program that reads it break down."),
            DecoderOutOfMemory: (Failure.MEMORY, "Reading the file takes more memory than there is to spare."),
        }
        if isinstance(error, DecoderStopped):
            return CancelledError()
        if isinstance(error, DecoderTimedOut) and task.job.first_turn:
            return NeedsLonger(task.job.state.path)
        reason = reasons.get(type(error))
        if reason is None:
            return error
        _log.warning("Reading %r ended in %s", task.job.state.path, error)
        if task.function is decode:
            failed = DecodedFile(task.job.state, task.job.kind)
            return replace(failed, failure=reason[0], failure_text=reason[1])
        return DecodeError(*reason)

    def _start(self) -> DecoderProcess:
        try:
            worker = DecoderProcess()
        except OSError as error:  # no process or no pipe to be had
            raise DecoderOutOfMemory(str(error)) from error
        with self._lock:
            if self._closed:
                worker.stop()
                raise DecoderStopped
            self._processes.add(worker)
        return worker

    def _drop(self, worker: DecoderProcess | None) -> None:
        if worker is not None:
            worker.stop()
            with self._lock:
                self._processes.discard(worker)

    def _tell(self, callback: Callable[[DecodeJob], None], job: DecodeJob) -> None:
        try:
            callback(job)
        except Exception:
            _log.exception("A callback of the decoder pool failed")


def _nothing(_: DecodeJob) -> None:
    pass


def _memory_per_worker(workers: int) -> int:
    """Half of the memory among all workers, but enough for an ordinary large picture. Where other programs have the
    memory, a worker is stopped earlier (see `indexer.worker`)."""
    import psutil

    return int(max(int(psutil.virtual_memory().total) // (2 * max(workers, 1)), 768 << 20))
