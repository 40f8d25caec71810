"""What is on the disk: a walk over one watched folder.

A scan never opens a file and never follows anything out of the folder it was given: no symlinks to folders, no
file systems mounted below it, nothing hidden, nothing on the ignore list, no cloud placeholders.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from app.core.paths import from_stored, to_stored
from app.core.records import FileState, Kind
from app.core.system_errors import os_error_reason
from app.files.ignore import IgnoreRules
from app.files.not_indexed import MAX_FOLDERS, LeftOutFolder, NotIndexed
from app.files.types import is_hidden, is_placeholder, kind_of
from app.metadata.sidecars import SIDECAR_SUFFIXES, SidecarState, is_sidecar, sidecar_state, sidecars_beside

FileStat: TypeAlias = tuple[str, int, int, int, int]
"""A `FileState` before it is known to matter: (stored path, size, mtime_ns, inode, ctime_ns). Plain tuples, because
making a hundred thousand dataclasses takes longer than asking the disk for a hundred thousand files."""

# Only these systems mark hidden files by an attribute; asking for it on Linux would cost a call per file.
_HAS_ATTRIBUTES = sys.platform in ("win32", "darwin")
_IS_WINDOWS = sys.platform == "win32"
MOUNTED = ""
LONG_PATH = "its path is longer than the system allows"
_GONE = (errno.ENOENT, errno.ENOTDIR)
_MIN_INT64, _MAX_INT64, _MAX_UINT64 = -(1 << 63), (1 << 63) - 1, (1 << 64) - 1
_Folder: TypeAlias = tuple[str, str, os.stat_result]


@dataclass(frozen=True, slots=True)
class DiskListing:
    """One walk.

    Attributes:
        files: in no particular order.
        unreadable: folders that could not be listed, with why; what the index knows below them is kept.
        online: False when the folder to walk was not there at all.
        known: how many of the files were known already, just as they are.
        sidecars: (size, mtime_ns) of the XMP files there are, by stored path.
        left_out: folders that were not looked into, with the pattern they meet ("" for a drive mounted there).
        kinds: number of files that are of no kind that is read, by ending with its dot, as written.
    """

    files: list[FileStat] = field(default_factory=list)
    unreadable: dict[FileState, str] = field(default_factory=dict)
    online: bool = True
    known: int = 0
    sidecars: dict[str, SidecarState] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)


def scan(
    path: str,
    rules: IgnoreRules,
    *,
    roots: Collection[str] = (),
    known: Set[FileStat] = frozenset(),
    stopped: Callable[[], bool] = lambda: False,
) -> DiskListing:
    """Walk a watched folder, a folder below one, or look at a single file.

    Args:
        path: where to start, in stored form; what leads to it is taken for granted.
        roots: all watched folders in stored form; another one below `path` is left to its own scan.
        known: files of the index. One that is there unchanged was judged when it came into the index, and is not
            judged again: names and attributes of a hundred thousand files take as long as listing them.
        stopped: asked once per folder; the walk then ends early and its result must not be used.
    """
    real = from_stored(path)
    try:
        top = os.stat(real)
    except OSError as error:
        if error.errno in _GONE:
            return DiskListing(online=False)
        return DiskListing(unreadable={FileState(path, 0, 0, 0): os_error_reason(error)})
    except ValueError:  # no path at all: a NUL in it, half of a surrogate pair
        return DiskListing(online=False)
    if not stat.S_ISDIR(top.st_mode):
        files = _single(path, real, top, rules)
        return DiskListing(files=files, sidecars=_sidecars_of(path) if files else {})
    walk = _Walk(rules, frozenset(roots), known, top.st_dev)
    pending = [(real, path.rstrip("/"), top)]
    while pending and not stopped():
        pending.extend(walk.folder(pending.pop()))
    return DiskListing(
        walk.files,
        walk.unreadable,
        known=walk.unchanged,
        sidecars=walk.sidecars,
        left_out=walk.left_out,
        kinds=walk.kinds,
    )


def state_of(path: str) -> FileState | None:
    """The file at a stored path as it is now, or None when there is none."""
    try:
        found = os.stat(from_stored(path))
    except (OSError, ValueError):
        return None
    return FileState(*file_stat(path, found)) if stat.S_ISREG(found.st_mode) else None


def is_there(path: str) -> bool:
    """Whether something has this path, even if the system does not let us look at it."""
    try:
        os.lstat(from_stored(path))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def file_stat(path: str, found: os.stat_result) -> FileStat:
    """What is compared of a file, each number brought into the range of its column.

    File systems keep times beyond 1677-2262, which is what 64 bits of nanoseconds hold, and inodes of 128 bits (ReFS).
    On Windows `st_ctime` is the time of creation, which tells nothing of changes.
    """
    ctime_ns = 0 if _IS_WINDOWS else _in_range(found.st_ctime_ns)
    return path, _in_range(found.st_size), _in_range(found.st_mtime_ns), found.st_ino & _MAX_UINT64, ctime_ns


def _in_range(number: int) -> int:
    return max(_MIN_INT64, min(number, _MAX_INT64))


def _single(path: str, real: str, found: os.stat_result, rules: IgnoreRules) -> list[FileStat]:
    name = real.rpartition(os.sep)[2]
    if not stat.S_ISREG(found.st_mode) or kind_of(name) is None or is_sidecar(name) or rules.ignores(name, False):
        return []
    if is_hidden(name, found) or is_placeholder(found, real):
        return []
    return [file_stat(path, found)]


def _sidecars_of(path: str) -> dict[str, SidecarState]:
    """The sidecars of a single photo."""
    if kind_of(path) is not Kind.PHOTO:
        return {}
    found = ((to_stored(name), sidecar_state(name)) for name in sidecars_beside(from_stored(path)))
    return {name: sidecar for name, sidecar in found if sidecar is not None}


def not_indexed(listings: Iterable[DiskListing], rules: IgnoreRules) -> NotIndexed:
    """What walks passed by; files that the rules leave out are of no kind that anybody misses."""
    folders: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    for listing in listings:
        folders.update(listing.left_out)
        for ending, files in listing.kinds.items():
            if not (ending and rules.ignores(f"x{ending}", False)):
                kinds[ending.lower()] += files
    left_out = (LeftOutFolder(path, pattern) for path, pattern in sorted(folders.items())[:MAX_FOLDERS])
    return NotIndexed(tuple(left_out), dict(kinds))


class _Walk:
    """The state of one walk. `folder` is written for speed: its loop runs once for every file the person has."""

    def __init__(self, rules: IgnoreRules, roots: frozenset[str], known: Set[FileStat], device: int) -> None:
        self.files: list[FileStat] = []
        self.unreadable: dict[FileState, str] = {}
        self.unchanged = 0
        self.sidecars: dict[str, SidecarState] = {}
        self.left_out: dict[str, str] = {}
        self.kinds: dict[str, int] = {}
        self._known = known
        self._rules = rules
        self._roots = roots
        self._device = device
        self._ours: dict[str, bool] = {}

    def folder(self, folder: _Folder) -> list[_Folder]:
        """List one folder; returns the folders in it that are to be walked."""
        real, stored, found = folder
        below: list[_Folder] = []
        append, ours, known, kinds, unchanged = self.files.append, self._ours, self._known, self.kinds, 0
        try:
            with os.scandir(real) as entries:
                for entry in entries:
                    name = entry.name
                    try:
                        if entry.is_dir(follow_symlinks=False):
                            self._enter(entry, stored, below)
                            continue
                        stem, dot, suffix = name.rpartition(".")
                        if not (ours[suffix] if suffix in ours else self._is_ours(suffix)):
                            may_describe = suffix.lower() in SIDECAR_SUFFIXES
                            if may_describe and is_sidecar(name):
                                self._note_sidecar(entry, stored)
                                continue
                            if not may_describe or kind_of(name) is None:
                                if stem or not dot:
                                    ending = dot and dot + suffix
                                    kinds[ending] = kinds.get(ending, 0) + 1
                                continue
                        # On Windows a directory entry knows no inode.
                        at = os.stat(entry.path) if _IS_WINDOWS else entry.stat()
                    except OSError as error:
                        if error.errno == errno.ENAMETOOLONG:
                            self.unreadable[FileState(f"{stored}/{to_stored(name)}", 0, 0, 0)] = LONG_PATH
                        continue  # Else it vanished, or is a dangling link: as if it had never been there.
                    path = f"{stored}/{name}" if name.isascii() else f"{stored}/{to_stored(name)}"
                    seen = (path, at.st_size, at.st_mtime_ns, at.st_ino, at.st_ctime_ns)
                    if seen in known or (seen := file_stat(path, at)) in known:
                        unchanged += 1
                        append(seen)
                    elif self._is_wanted(entry, at):
                        append(seen)
        except OSError as error:
            if error.errno not in _GONE:
                path, _, mtime_ns, inode, _ = file_stat(stored, found)
                why = LONG_PATH if error.errno == errno.ENAMETOOLONG else os_error_reason(error)
                self.unreadable[FileState(path, 0, mtime_ns, inode)] = why
            return []
        finally:
            self.unchanged += unchanged
        return below

    def _is_wanted(self, entry: os.DirEntry[str], found: os.stat_result) -> bool:
        if not stat.S_ISREG(found.st_mode) or self._rules.ignores(entry.name, False):
            return False
        return not (is_hidden(entry.name, found) or is_placeholder(found, entry.path))

    def _is_ours(self, suffix: str) -> bool:
        ours = kind_of(f"x.{suffix}") is not None and suffix.lower() not in SIDECAR_SUFFIXES
        self._ours[suffix] = ours
        return ours

    def _note_sidecar(self, entry: os.DirEntry[str], stored: str) -> None:
        at = os.stat(entry.path) if _IS_WINDOWS else entry.stat()
        self.sidecars[f"{stored}/{to_stored(entry.name)}"] = (at.st_size, at.st_mtime_ns)

    def _enter(self, entry: os.DirEntry[str], stored: str, below: list[_Folder]) -> None:
        name = entry.name
        path = f"{stored}/{name if name.isascii() else to_stored(name)}"
        if self._rules.ignores(name, True, entry.path):
            if (pattern := self._rules.reason(name, entry.path)) and len(self.left_out) < MAX_FOLDERS:
                self.left_out[path] = pattern
            return
        if path in self._roots:
            return
        found = entry.stat(follow_symlinks=False)
        if found.st_dev != self._device and not _IS_WINDOWS:
            self.left_out[path] = MOUNTED
            return
        if _HAS_ATTRIBUTES and (is_hidden(name, found) or _is_junction(found)):
            return
        below.append((entry.path, path, found))


def _is_junction(found: os.stat_result) -> bool:
    """Windows' other kind of link to a folder; it is not a symlink to Python."""
    return bool(getattr(found, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1))
