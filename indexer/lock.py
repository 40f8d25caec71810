"""One indexer per index: a lock that dies with its process, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from app.core.errors import AlreadyRunning
from app.core.private_folder import make_private_folder

FILE_NAME = "indexer.lock"


class IndexLock:
    """Holds the index for this process while open. The operating system releases it even after SIGKILL."""

    def __init__(self, index: Path) -> None:
        self._path = index / FILE_NAME
        self._file: IO[bytes] | None = None

    def __enter__(self) -> IndexLock:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            AlreadyRunning: another process has it.
        """
        make_private_folder(self._path.parent)
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise AlreadyRunning(
                "Another Semblance is already indexing here.",
                "It goes on by itself; close its window or stop it with Ctrl-C to index from here instead.",
            ) from error
        self._file = file

    def is_held(self) -> bool:
        """Whether the locked file is still the one that another process would find."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Idempotent."""
        file, self._file = self._file, None
        if file is not None:
            file.close()


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
