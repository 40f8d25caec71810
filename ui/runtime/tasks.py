"""The one bridge between the GUI thread and everything that takes time.

Work goes to a lane (a small executor of its own), its answer comes back through one queued signal. A lane with one
worker keeps its work in order and one object (the library, say) on one thread. Work submitted under a topic makes
older work of that topic stale: it is skipped if it has not begun, and its answer is dropped if it has.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MethodType
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from app.core.errors import UserError

T = TypeVar("T")
Done = Callable[[Any], object]
log = logging.getLogger(__name__)

# The library lives on one thread. Thumbnails have their own, so that a search with a cold model never blanks the
# grid, and so have tags, whose engine may read for a second.
LANES: Mapping[str, int] = {"library": 1, "tags": 1, "thumbnails": 1, "disk": 1, "pool": 2}


# Python lets a computing thread run for 5 ms before another may; the window would wait that long for each event.
SWITCH_S = 0.001


def prefer_window() -> None:
    """Let the GUI thread in soon when threads of ours compute."""
    sys.setswitchinterval(SWITCH_S)


class Lane(Protocol):
    """Where work runs: threads in the program, at once or under control in tests."""

    def submit(self, run: Callable[[], None], /) -> object: ...

    def shutdown(self, wait: bool, /) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    work: Callable[[], Any]
    done: Done | None
    failed: Callable[[Exception], object] | None
    topic: str
    number: int
    kept: bool  # runs even when the window closes meanwhile


class Tasks(QObject):
    """Runs work off the GUI thread and brings answers back to it.

    Attributes:
        running: how many jobs have been submitted and not answered.

    Signals:
        problem(UserError): a fault of the world that the submitter did not handle.
        idle(): the last running job was answered.
    """

    problem = Signal(object)
    idle = Signal()
    _answered = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, *, lanes: Mapping[str, Lane] | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, Lane] = dict(lanes or {})
        self._newest: dict[str, int] = {}
        self._number = 0
        self._closed = threading.Event()
        self.running = 0
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        lane: str = "pool",
        topic: str = "",
    ) -> None:
        """Run `work` on a lane and call `done(answer)`, or `failed(error)`, on the GUI thread.

        `done` and `failed` should be bound methods: an answer for a widget that is gone is dropped.
        """
        if self._closed.is_set():
            return
        self._number += 1
        if topic:
            self._newest[topic] = self._number
        job = _Job(work, done, failed, topic, self._number, kept=lane == "disk")
        self.running += 1
        self._lane(lane).submit(lambda: self._run(job))

    def forget(self, topic: str) -> None:
        """Make whatever is under way for `topic` stale."""
        self._number += 1
        self._newest[topic] = self._number

    def close(self, last: Mapping[str, Callable[[], None]] | None = None, *, wait: bool = False) -> None:
        """Take no more work and skip what has not begun, writing to disk excepted; then run `last` on its lanes.

        What runs finishes by itself; nobody waits for it unless `wait`.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        for name, run in (last or {}).items():
            self._lane(name).submit(run)
        for lane in self._lanes.values():
            lane.shutdown(wait)

    def rest(self, seconds: float) -> bool:
        """After `close`: wait a while for what still runs; whether all of it has ended."""
        lanes = list(self._lanes.values())

        def wait() -> None:
            for lane in lanes:
                lane.shutdown(True)

        waiting = threading.Thread(target=wait, name="semblance-rest", daemon=True)
        waiting.start()
        waiting.join(seconds)
        return not waiting.is_alive()

    def _lane(self, name: str) -> Lane:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = ThreadPoolExecutor(LANES[name], thread_name_prefix=f"semblance-{name}")
        return lane

    def _stale(self, job: _Job) -> bool:
        return bool(job.topic) and self._newest.get(job.topic) != job.number

    def _run(self, job: _Job) -> None:
        answer: object = None
        error: Exception | None = None
        if job.kept or not (self._closed.is_set() or self._stale(job)):
            try:
                answer = job.work()
            except Exception as caught:
                error = caught
        if not self._closed.is_set() and shiboken6.isValid(self):
            self._answered.emit(job, answer, error)

    def _deliver(self, job: _Job, answer: object, error: Exception | None) -> None:
        self.running -= 1
        if not self._closed.is_set() and not self._stale(job):
            self._answer(job, answer, error)
        if self.running == 0:
            self.idle.emit()

    def _answer(self, job: _Job, answer: object, error: Exception | None) -> None:
        if error is None:
            if job.done is not None and _alive(job.done):
                job.done(answer)
        elif job.failed is not None:
            if _alive(job.failed):
                job.failed(error)
        elif isinstance(error, UserError):
            self.problem.emit(error)
        else:
            # A bug: raised here, on the GUI thread, it reaches the one hook that shows it.
            raise error


def _alive(callback: object) -> bool:
    if isinstance(callback, MethodType) and isinstance(callback.__self__, QObject):
        return shiboken6.isValid(callback.__self__)
    return True
