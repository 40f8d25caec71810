"""A lock between processes that waits: for files that are read, changed and written by window, indexer and commands."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_WAIT_S = 30.0
_POLL_S = 0.02
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


@contextmanager
def process_lock(path: Path, *, wait_s: float = _WAIT_S) -> Iterator[None]:
    """Hold the lock in this file. It ends with the process, however that ends; the file stays.

    On a drive without locks nothing is held: there one computer seldom has two processes at the same file.

    Raises:
        OSError: the file cannot be opened, or (TimeoutError) another process held the lock all the time.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _acquire(handle, path, time.monotonic() + wait_s)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, until: float) -> None:
    while True:
        try:
            _lock(handle)
            return
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            if time.monotonic() > until:
                raise TimeoutError(errno.ETIMEDOUT, "another process holds the lock", str(path)) from error
        time.sleep(_POLL_S)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
