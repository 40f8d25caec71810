"""Folders that only their owner may look into: what they hold tells what stands in the user's documents."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, closed to other users from the first moment (0700).

    Raises:
        OSError: it cannot be made, or is no folder.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        if folder == folder.parent:
            break
        folder = folder.parent
    for one in reversed(missing):
        try:
            one.mkdir(mode=0o700)
        except FileExistsError:  # another process was quicker, or a file has this name
            if not one.is_dir():
                raise


def close_to_others(folder: Path) -> None:
    """Take the rights of other users off a folder that an earlier version made (Windows needs none of this)."""
    if os.name != "posix":
        return
    with suppress(OSError):  # a folder of somebody else's
        mode = folder.stat().st_mode
        if mode & _OTHERS:
            folder.chmod(mode & 0o7700)
