"""The indexer as a child process of the window: commands on stdin, events on stdout, one JSON object a line.

The end of stdin says that the parent is gone: the indexer then stops in order and prints nothing more.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import IO

from app.core import indexer_protocol, log
from app.core.errors import AlreadyRunning, UserError
from app.core.indexer_protocol import Event, Notice
from app.core.paths import app_dirs
from indexer.memory import limit_arenas
from indexer.power import lower_priority
from indexer.scheduler import Scheduler


class EventWriter:
    """Writes events, one a line, from any thread; falls silent when nobody listens any more."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._silent = False

    def write(self, event: Event) -> None:
        with self._lock:
            if self._silent:
                return
            try:
                self._out.write(indexer_protocol.encode_message(event) + "\n")
                self._out.flush()
            except (OSError, ValueError):
                self._silent = True

    def close(self) -> None:
        with self._lock:
            self._silent = True


def main() -> int:
    """Run until told to quit, or until the parent is gone."""
    limit_arenas()
    dirs = app_dirs()
    dirs.create()
    log.configure(dirs)
    events = EventWriter(_own_stdout())
    lower_priority()
    scheduler = Scheduler(dirs, events.write)
    threading.Thread(target=_listen, args=(sys.stdin, scheduler, events), name="stdin", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: scheduler.stop())
    try:
        scheduler.run()
    except UserError as error:
        elsewhere = isinstance(error, AlreadyRunning)
        events.write(Notice("info" if elsewhere else "error", error.what, error.remedy))
        return 3 if elsewhere else 2
    return 0


def _listen(source: IO[str], scheduler: Scheduler, events: EventWriter) -> None:
    try:
        for line in source:
            message = indexer_protocol.decode_message(line)
            if isinstance(message, indexer_protocol.Command):
                scheduler.command(message)
    except Exception:
        # Without this thread nobody would hear that the parent is gone.
        logging.getLogger(__name__).exception("commands can no longer be read")
    finally:
        events.close()
        scheduler.stop()


def _own_stdout() -> IO[str]:
    """Standard output for events alone: whatever a library prints goes to standard error instead."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


if __name__ == "__main__":
    sys.exit(main())
