"""What an indexer would find to do, counted without one: the same walk and the same comparison, by a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.core.paths import AppDirs
from app.core.settings import Settings
from app.files.types import IgnoreRules
from indexer.reconcile import reconcile
from indexer.roots import WatchedRoots
from indexer.scan import FileStat, scan

if TYPE_CHECKING:
    from app.table import IndexReader


def count_pending(dirs: AppDirs, settings: Settings) -> Mapping[str, int]:
    """Files that are new, changed or moved, by the watched folder (in stored form) that each is in.

    Takes as long as walking the folders.
    """
    from app.table import open_for_reading

    roots = WatchedRoots(settings.folders, dirs.state / "mounts.json")
    reader = open_for_reading(dirs)
    known = _indexed_files(reader) if reader is not None else []
    if reader is not None:
        reader.close()
    online = [root for root in roots.paths if roots.identity(root) is not None]
    rules, disk = IgnoreRules(settings.ignore), list[FileStat]()
    for root in online:
        disk += scan(root, rules, roots=roots.paths).files
    diff = reconcile(disk, known)
    found = (*diff.new, *diff.changed, *(move.state for move in diff.moved))
    return Counter(roots.of(state.path) for state in found)


def _indexed_files(reader: IndexReader) -> list[FileStat]:
    found = reader.columns(["path", "size", "mtime_ns", "inode"], "part = 0")
    inodes = found.column("inode").to_numpy().view("uint64").tolist()
    others = (found.column(name).to_pylist() for name in ("path", "size", "mtime_ns"))
    return list(zip(*others, inodes, strict=True))
