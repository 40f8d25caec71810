"""The watched folders: which of them are there, and which file belongs to which.

A folder that is missing is offline, never deleted: an unplugged drive, a dropped mount. A dropped mount may leave an
empty folder behind where the drive was, so what was a mount point once must not be believed when it is empty.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from app.core.atomic_write import write_atomically
from app.core.paths import from_stored, to_stored
from app.files.ignore import IgnoreRules

log = logging.getLogger(__name__)


class WatchedRoots:
    """Watched folders in stored form, with a small memory of which ones were mount points.

    Attributes:
        paths: the folders, without trailing slashes.
    """

    def __init__(self, folders: Sequence[str], memory: Path) -> None:
        self.paths = tuple(dict.fromkeys(to_stored(folder).rstrip("/") or "/" for folder in folders))
        self._memory = memory
        self._mounts = self._load()

    def of(self, path: str) -> str:
        """The innermost watched folder a stored path is in; empty if in none."""
        inside = (root for root in self.paths if path == root or path.startswith(f"{root.rstrip('/')}/"))
        return max(inside, key=len, default="")

    def identity(self, root: str) -> tuple[int, int] | None:
        """(device, inode) of a folder that is there, None for one that is offline."""
        real = Path(from_stored(root))
        try:
            found = real.stat()
            if not real.is_dir():
                return None
            mounted = real.is_mount()
            if root in self._mounts and not mounted and not os.listdir(real):
                return None
        except OSError:
            return None
        self._remember(root, mounted)
        return found.st_dev, found.st_ino

    def reachable(self, path: str, rules: IgnoreRules) -> bool:
        """Whether a scan of its root could come to this path: nothing ignored, linked or mounted on the way."""
        root = self.of(path)
        relative = path[len(root) :].strip("/")
        if not root or not relative:
            return bool(root)
        *folders, _name = relative.split("/")
        here = Path(from_stored(root))
        try:
            device = here.stat().st_dev
            for folder in folders:
                here = here / from_stored(folder)
                if rules.ignores(folder, True, os.fspath(here)) or here.is_symlink() or here.stat().st_dev != device:
                    return False
        except OSError:
            return False
        last = Path(from_stored(path))
        return not (last.is_symlink() and last.is_dir())

    def _remember(self, root: str, mounted: bool) -> None:
        if mounted == (root in self._mounts):
            return
        self._mounts = self._mounts | {root} if mounted else self._mounts - {root}
        write_atomically(self._memory, json.dumps(sorted(self._mounts)).encode("utf-8"))

    def _load(self) -> frozenset[str]:
        try:
            return frozenset(json.loads(self._memory.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return frozenset()
