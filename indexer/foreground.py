"""Indexing in the foreground: what `semblance index --once` and `--watch` run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from app.core.indexer_protocol import Event, Notice, Progress
from app.core.paths import AppDirs
from indexer.engine import EncoderFactory
from indexer.run_state import RunOptions
from indexer.scheduler import Scheduler
from indexer.stats import RunCounts

__all__ = ["RunCounts", "run_once", "run_watch", "stop_on_signals"]


def _ignore(_: object) -> None:
    pass


def run_once(
    dirs: AppDirs,
    *,
    progress: Callable[[Progress], None] = _ignore,
    notice: Callable[[Notice], None] = _ignore,
    stop: threading.Event | None = None,
    reread: Sequence[str] = (),
    encoder_for: EncoderFactory | None = None,
    workers: int | None = None,
) -> RunCounts:
    """Bring the index up to date and return.

    Args:
        progress, notice: called in threads of the indexer.
        stop: set it (from a signal handler, say) to end early; `Counts.interrupted` then says so.
        reread: files and folders (stored form) of which every file is decoded anew, changed or not; "" for all.

    Raises:
        AlreadyRunning: another process indexes here.
        UserError: no model, no room on the disk, an index that cannot be used.
    """
    options = RunOptions(once=True, pause_on_battery_allowed=False, reread=tuple(reread))
    return _run(dirs, options, progress, notice, stop or threading.Event(), encoder_for, workers)


def run_watch(
    dirs: AppDirs,
    *,
    progress: Callable[[Progress], None] = _ignore,
    notice: Callable[[Notice], None] = _ignore,
    stop: threading.Event,
    reread: Sequence[str] = (),
    encoder_for: EncoderFactory | None = None,
    workers: int | None = None,
) -> RunCounts:
    """Bring the index up to date and keep it so until `stop` is set. Arguments and errors as for `run_once`."""
    options = RunOptions(pause_on_battery_allowed=False, reread=tuple(reread))
    return _run(dirs, options, progress, notice, stop, encoder_for, workers)


def _run(
    dirs: AppDirs,
    options: RunOptions,
    progress: Callable[[Progress], None],
    notice: Callable[[Notice], None],
    stop: threading.Event,
    encoder_for: EncoderFactory | None,
    workers: int | None,
) -> RunCounts:
    def tell(event: Event) -> None:
        if isinstance(event, Progress):
            progress(event)
        elif isinstance(event, Notice):
            notice(event)

    scheduler = Scheduler(dirs, tell, options, encoder_for=encoder_for, workers=workers)
    over = threading.Event()

    def wait() -> None:
        stop.wait()
        if not over.is_set():
            scheduler.stop()

    waiter = threading.Thread(target=wait, name="stop", daemon=True)
    waiter.start()
    was_set = stop.is_set()
    try:
        return scheduler.run()
    finally:
        # The waiter must not outlive the run; who passed `stop` gets it back as it was.
        over.set()
        interrupted = stop.is_set()
        stop.set()
        waiter.join()
        if not interrupted and not was_set:
            stop.clear()


@contextmanager
def stop_on_signals(stop: threading.Event) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM set `stop`; a second one ends the program at once. Only from the main thread."""

    def handle(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
