"""What LanceDB leaves to its user on a real disk: hard links probed, commits synced, a torn manifest healed.

LanceDB calls no fsync: after a power cut the newest manifest may be empty or cut short, and then every open fails.
So the files of a commit are synced after it (data first, manifest last), and a table whose newest manifest is torn is
opened at the version before it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from app.core.errors import IndexUnusable
from app.core.private_folder import make_private_folder
from app.core.system_errors import os_error_reason
from app.table.integrity import index_damaged
from app.table.vectors.vector_file_format import remove_vector_files

Table = TypeVar("Table")

log = logging.getLogger(__name__)

# What LanceDB says of a data file that the manifest names but the disk lost.
_MISSING_DATA_MESSAGES = ("Invalid range", "file size is too small", "Not found")
_SYNCED_FOLDERS = ("data", "_deletions", "_transactions", "_versions")
_LEFTOVER_AGE_S = 86_400.0
_OPEN_FILES = 10_240  # the most that macOS accepts
_MAX_VERSION = (1 << 64) - 1


def require_hard_links(folder: Path) -> None:
    """A LanceDB commit is a hard link; exFAT, FAT and most FUSE drives have none."""
    make_private_folder(folder)
    first, second = folder / f".link-{os.getpid()}-a", folder / f".link-{os.getpid()}-b"
    try:
        first.touch()
        second.hardlink_to(first)
    except OSError as error:
        raise IndexUnusable(
            f"The index cannot be kept in {folder}, because that drive cannot make hard links "
            f"({os_error_reason(error)}).",
            "Set SEMBLANCE_HOME to a folder on the computer's own disk.",
        ) from error
    finally:
        first.unlink(missing_ok=True)
        second.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def raise_open_file_limit() -> None:
    """Let this process open as many files as it may: a table has hundreds, and the usual limits are 1024 or 256."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def sync_commit(table_folder: Path, since: float) -> None:
    """Push the files written since `since` (seconds since the epoch) to the disk, the manifest last."""
    for name in _SYNCED_FOLDERS:
        folder = table_folder / name
        if not folder.is_dir():
            continue
        for entry in folder.iterdir():
            try:
                if entry.stat().st_mtime >= since:
                    _sync(entry)
            except FileNotFoundError:  # a clean-up was faster
                continue
        if os.name != "nt":
            _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_with_recovery(opened: Callable[[], Table], index: Path, name: str) -> Table:
    """Open a table with `opened`; set a torn newest manifest aside and take the version before it.

    Raises:
        IndexUnusable: no version of the table can be opened.
    """
    versions = index / f"{name}.lance" / "_versions"
    for _ in range(20):
        try:
            table = opened()
        except (RuntimeError, OSError, ValueError) as error:
            # Names are 2^64 - 1 - version: the newest sorts first.
            manifests = sorted(versions.glob("*.manifest")) if versions.is_dir() else []
            if len(manifests) < 2 or not (
                _is_torn(manifests[0]) or any(sign in str(error) for sign in _MISSING_DATA_MESSAGES)
            ):
                raise index_damaged() from error
            log.warning("setting aside the torn manifest %s: %s", manifests[0].name, error)
            manifests[0].rename(manifests[0].with_suffix(".torn"))
            # The next commit takes this version's number again, and row ids that were used.
            remove_vector_files(index, name, since=_MAX_VERSION - int(manifests[0].stem))
        else:
            return table
    raise IndexUnusable("The index is damaged and could not be repaired.", "Delete it to have it rebuilt.")


def _is_torn(manifest: Path) -> bool:
    """A whole manifest ends with the magic of the Lance format."""
    return not manifest.read_bytes().endswith(b"LANC")


def sweep_leftovers(table_folder: Path, now: float | None = None) -> None:
    """Remove temporary files that a killed writer left more than a day ago."""
    now = time.time() if now is None else now
    for leftover in table_folder.glob("**/.tmp*"):
        try:
            if now - leftover.stat().st_mtime > _LEFTOVER_AGE_S:
                leftover.unlink()
        except OSError:
            continue


def folder_size(folder: Path) -> int:
    """Bytes below a folder; what vanishes while counting counts nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 - hot over thousands of files
            except OSError:
                continue
    return total
