"""One worker process, seen from both sides of its pipe."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, TypeVar

from indexer.power import lower_priority

if TYPE_CHECKING:
    import psutil

Result = TypeVar("Result")

_POLL_S = 0.5  # seconds between looks at a worker that takes its time
# Beyond this a worker is stopped, too, when the computer has less than the reserve left: what other programs have taken
# is not known when its limit is set.
_MODEST_BYTES = 512 << 20
_RESERVE_BYTES = 256 << 20
_STARVED_FACTOR = 4  # a worker that gets no processor time may take this many times its limit


class DecoderStopped(Exception):
    """The pool was closed meanwhile."""


class DecoderTimedOut(Exception):
    """It hung."""


class DecoderCrashed(Exception):
    """Its process ended of itself."""


class DecoderOutOfMemory(Exception):
    """It took too much, or the system's own guard killed it."""


class DecoderProcess:
    """A spawned process that runs one function after the other. Used by one thread; `stop` by any."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), name="semblance-decoder", daemon=True)
        self._process.start()
        theirs.close()
        self._statistics: psutil.Process | None = None
        self._stopped = threading.Event()
        self._stopping = threading.Lock()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def run(self, function: Callable[..., Result], job: Any, seconds: float, memory_bytes: int) -> Result:
        """Call `function(job)` in the worker.

        Raises:
            Stopped, TimedOut, Crashed, OutOfMemory: the worker is gone.
            Exception: what the function raised; the worker is fine.
        """
        try:
            self._pipe.send((function, job))
            self._wait(seconds, memory_bytes)
            succeeded, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._why_gone() from error
        if not succeeded:
            raise answer
        result: Result = answer
        return result

    def memory(self) -> int:
        """Resident bytes; 0 when it is gone."""
        import psutil

        try:
            return int(self._watched().memory_info().rss)
        except psutil.Error:
            return 0

    def stop(self) -> None:
        """End the process, at once and for good."""
        self._stopped.set()
        with self._stopping:
            if self._process.is_alive():
                self._process.kill()
            self._process.join()

    def _wait(self, seconds: float, memory_bytes: int) -> None:
        """Until there is an answer, keeping an eye on time and memory."""
        started = time.monotonic()
        used_before = self._processor_seconds()
        while not self._pipe.poll(min(_POLL_S, seconds)):
            used = self.memory()
            if used > memory_bytes or (used > _MODEST_BYTES and _available_bytes() < _RESERVE_BYTES):
                self.stop()
                raise DecoderOutOfMemory("too much memory")
            elapsed = time.monotonic() - started
            # At idle priority a busy machine may leave a worker no time at all: that is not hanging.
            busy = self._processor_seconds() - used_before > seconds / 2
            if elapsed > seconds and (busy or elapsed > _STARVED_FACTOR * seconds):
                self.stop()
                raise DecoderTimedOut(f"more than {seconds:.0f} s")

    def _processor_seconds(self) -> float:
        import psutil

        try:
            times = self._watched().cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def _watched(self) -> psutil.Process:
        """Made once: its own look at the process costs as much as all that is asked of it for a photo."""
        import psutil

        if self._statistics is None:
            self._statistics = psutil.Process(self.pid)
        return self._statistics

    def _why_gone(self) -> Exception:
        self._process.join(5)
        code = self._process.exitcode
        if self._stopped.is_set():
            return DecoderStopped()
        # Nobody but the kernel's out-of-memory killer sends SIGKILL to a decoder.
        if os.name == "posix" and code == -signal.SIGKILL:
            return DecoderOutOfMemory("killed by the system")
        return DecoderCrashed(f"exit code {code}")


def _available_bytes() -> int:
    import psutil

    return int(psutil.virtual_memory().available)


def serve(pipe: Connection) -> None:
    """The worker's side: runs in the spawned process until the pipe closes."""
    _set_up_process()
    while True:
        try:
            function, job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[bool, Any] = (True, function(job))
        except Exception as error:
            answer = (False, error)
        pipe.send(answer)


def _set_up_process() -> None:
    """Be polite, silent on the channel of others, and gone when the parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then stops us
    _silence()
    # Parallelism is between files, not inside one. Read by the native libraries when they are loaded.
    for variable in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    _die_with_parent()
    _lower_priority()
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1


def _silence() -> None:
    """The parent's standard output may carry JSON lines and its terminal a progress bar, but native decoders print
    what they like. Python's own errors keep their way out."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
        sys.stderr = open(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _lower_priority() -> None:
    """Lowest processor and disk priority, first in line for the out-of-memory killer; all as far as allowed."""
    lower_priority()
    if sys.platform == "linux":
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")


def _die_with_parent() -> None:
    """Even when the parent is killed and even while a decoder runs."""
    parent = multiprocessing.parent_process()
    if sys.platform == "linux":
        # Signalled by the kernel when the thread that spawned us ends: it owns this worker, so that is right.
        with contextlib.suppress(OSError, AttributeError):
            import ctypes

            pr_set_pdeathsig = 1
            ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if parent is not None:
        threading.Thread(target=_exit_with_parent, args=(parent.sentinel,), name="watch-parent", daemon=True).start()


def _exit_with_parent(sentinel: Any) -> None:
    wait([sentinel])
    os._exit(1)
