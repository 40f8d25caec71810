"""How a process is tuned for its command, before numpy is imported."""

from __future__ import annotations

import atexit
import gc
import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Startup:
    """A startup profile.

    Attributes:
        one_thread: OpenBLAS multiplies in one thread. The products of a search are short: a second thread takes 50 ms
            of processor time to start, then mostly waits, at full speed, and where the cores are busy the first one
            waits for it.
        short_lived: the process gives one answer and ends. It uses one thread, too, and collects no garbage: the
            collection with which the interpreter ends takes 70 ms to look through objects that go with it anyway.
    """

    one_thread: bool = False
    short_lived: bool = False


DEFAULT = Startup()


def tune_process(startup: Startup, *, own_process: bool) -> None:
    """Apply a profile. Call it before numpy is imported.

    Args:
        own_process: the process ends with the command.
    """
    one_answer = startup.short_lived and own_process
    if startup.one_thread or one_answer:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if one_answer:
        gc.disable()
        atexit.register(gc.freeze)
