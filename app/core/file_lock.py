"""A lock between processes, and between the threads of one: a file that the operating system locks.

It is released when its holder ends, however that happens. Where the file system has no locks, work goes on without.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.core.private_folder import make_private_folder

_PAUSE_S = 0.01
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
"""What the systems say of a lock that another holds; anything else means that there are no locks here."""


@contextmanager
def file_lock(path: Path, *, timeout_s: float = 10.0) -> Iterator[bool]:
    """Hold the lock of `path`, a file that is made for this and stays.

    Yields:
        True; False where it could not be had within the time or there are no locks: the caller decides.

    Raises:
        OSError: the file cannot be made.
    """
    make_private_folder(path.parent)
    with open(path, "ab", opener=_private) as file:
        yield _locked_within(file, timeout_s)  # closing the file releases the lock


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _locked_within(file: IO[bytes], timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            _lock(file)
            return True
        except OSError as error:
            if error.errno not in _HELD or time.monotonic() >= deadline:
                return False
        time.sleep(_PAUSE_S)


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
