"""How a process begins, by what it is for: one that searches, and one that gives one answer and ends."""

from __future__ import annotations

import atexit
import gc
import os

SEARCH_COMMANDS = (None, "quick", "search")
"""Commands of which searches are the work; None is the window."""
_SHORT_LIVED = ("search", "status", "failures", "add", "remove", "folders")


def tune_process(command: str | None, *, own_process: bool) -> None:
    """Before numpy is imported.

    Args:
        own_process: it ends with the command.
    """
    brief = own_process and command in _SHORT_LIVED
    if brief or command in SEARCH_COMMANDS:
        # numpy reads it when it is imported. Such products are short: a second thread takes 50 ms of processor time to
        # start, then mostly waits, at full speed, and where the cores are busy the first one waits for it.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if brief:
        # What serves a long life only costs it time. The collection of garbage with which the interpreter ends takes
        # 70 ms to look through what goes with the process anyway.
        gc.disable()
        atexit.register(gc.freeze)
