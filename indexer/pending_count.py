"""What an indexer would find to do, counted without one: the same walk and the same comparison, by a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.core.paths import AppDirs
from app.core.settings import Settings
from app.files.ignore import IgnoreRules
from app.files.not_indexed import NotIndexed
from indexer.reconcile import reconcile
from indexer.roots import WatchedRoots
from indexer.scan import not_indexed, scan


def count_pending(dirs: AppDirs, settings: Settings) -> tuple[Mapping[str, int], NotIndexed]:
    """Files that are new, changed or moved, by the watched folder (in stored form) that each is in; and what will not
    be indexed. Takes as long as walking the folders.
    """
    from app.table import open_for_reading

    roots = WatchedRoots(settings.folders, dirs.state / "mounts.json")
    reader = open_for_reading(dirs)
    known = reader.file_stats() if reader is not None else []
    if reader is not None:
        reader.close()
    rules = IgnoreRules(settings.ignore)
    online = [root for root in roots.paths if roots.identity(root) is not None]
    listings = [scan(root, rules, roots=roots.paths) for root in online]
    diff = reconcile([file for listing in listings for file in listing.files], known)
    found = (*diff.new, *diff.changed, *(move.state for move in diff.moved))
    return Counter(roots.of(state.path) for state in found), not_indexed(listings, rules)
