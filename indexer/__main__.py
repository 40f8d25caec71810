"""The indexer as a child process of the window: commands on stdin, events on stdout, one JSON object a line.

The end of stdin says that the parent is gone: the indexer then stops in order and prints nothing more.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import IO

from app import log, messages
from app.errors import AlreadyRunning, UserError
from app.messages import Event, Notice
from app.paths import places
from indexer.memory import few_arenas
from indexer.power import step_back
from indexer.scheduler import Scheduler


class Voice:
    """Writes events, one a line, from any thread; falls silent when nobody listens any more."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._silent = False

    def say(self, event: Event) -> None:
        with self._lock:
            if self._silent:
                return
            try:
                self._out.write(messages.encode(event) + "\n")
                self._out.flush()
            except (OSError, ValueError):
                self._silent = True

    def fall_silent(self) -> None:
        with self._lock:
            self._silent = True


def main() -> int:
    """Run until told to quit, or until the parent is gone."""
    few_arenas()
    here = places()
    here.create()
    log.configure(here)
    voice = Voice(_own_stdout())
    step_back()
    scheduler = Scheduler(here, voice.say)
    threading.Thread(target=_listen, args=(sys.stdin, scheduler, voice), name="stdin", daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: scheduler.stop())
    try:
        scheduler.run()
    except UserError as error:
        elsewhere = isinstance(error, AlreadyRunning)
        voice.say(Notice("info" if elsewhere else "error", error.what, error.remedy))
        return 3 if elsewhere else 2
    return 0


def _listen(source: IO[str], scheduler: Scheduler, voice: Voice) -> None:
    for line in source:
        message = messages.decode(line)
        if isinstance(message, messages.Command):
            scheduler.command(message)
    voice.fall_silent()
    scheduler.stop()


def _own_stdout() -> IO[str]:
    """Standard output for events alone: whatever a library prints goes to standard error instead."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


if __name__ == "__main__":
    sys.exit(main())
