"""A process that gives one answer and ends: what serves a long life only costs it time."""

from __future__ import annotations

import atexit
import gc
import os


def live_briefly() -> None:
    """Before numpy is imported: one thread for its products, and no collection of garbage, at the end neither.

    A second thread costs 50 ms of processor time to start and saves a query nothing. The collection with which the
    interpreter ends takes 70 ms to look through what goes with the process anyway.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()
    atexit.register(gc.freeze)
