"""Files that are replaced whole: after a crash there is the old file or the new one, never half of one.

Safe for any number of threads and processes that write the same file: each writes to a part file of its own, and the
last to finish wins.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.errors import UserError
from app.core.private_folder import make_private_folder
from app.core.system_errors import os_error_reason

# Windows refuses to replace a file while another process has it open, which readers of small files do for a moment.
_REPLACE_ATTEMPTS = 20 if sys.platform == "win32" else 1
_REPLACE_PAUSE_S = 0.02


def write_atomically(path: Path, data: bytes, *, sync: Callable[[int], None] = os.fsync) -> None:
    """Replace `path` by `data`. The folder is made where it is missing.

    Args:
        sync: forces the bytes to the disk, given a file descriptor.

    Raises:
        UserError: the file cannot be written; the old one, if any, is as it was.
    """
    try:
        with replaced(path, sync=sync) as part:
            part.write_bytes(data)
    except OSError as error:
        raise UserError(
            f"{path} could not be written ({os_error_reason(error)}).",
            "Make room on the disk or check its permissions, and try again.",
        ) from error


@contextmanager
def replaced(path: Path, *, sync: Callable[[int], None] = os.fsync) -> Iterator[Path]:
    """A new, empty part file beside `path`, which takes its place when the block ends without an exception.

    Raises:
        OSError: the part file cannot be made, or cannot take its place.
    """
    make_private_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as file:
            sync(file.fileno())
        _replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _replace(part: Path, path: Path) -> None:
    for attempt in range(_REPLACE_ATTEMPTS):
        try:
            part.replace(path)
            return
        except PermissionError:
            if attempt == _REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(_REPLACE_PAUSE_S)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can (Windows cannot)."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
