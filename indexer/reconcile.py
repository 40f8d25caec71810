"""Disk minus table: what there is to do. A pure function over two listings.

Start-up scan, hourly sweep, "Rescan", queue overflow and file events all end here. Its answer is the queue: nothing
else is persisted, so a crash costs nothing but asking again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace

from app.core.records import FileState
from app.files.types import suffix_of
from indexer.scan import FileStat


@dataclass(frozen=True, slots=True)
class MovedFile:
    """A file that is found under another path now, untouched: (old path, where and how it is now)."""

    old: str
    state: FileState


@dataclass(frozen=True, slots=True)
class IndexDiff:
    """What changed between the table and the disk; every path stands in at most one place.

    Attributes:
        new: on the disk, not in the table.
        changed: in both, with another size or time of modification or change, or (where it may mean another file)
            inode: read through again, and decoded unless its content is the same after all.
        touched: in both and the same, but other numbers are to be stored: a file system that numbers its files anew at
            each mount, or a row of an earlier program that has no ctime.
        retry: unchanged files that failed and are due to be tried again.
        refreshed: unchanged photos beside which another sidecar is now, or none any more.
        moved: gone under one path, there under another.
        gone: in the table, no longer on the disk.
    """

    new: tuple[FileState, ...] = ()
    changed: tuple[FileState, ...] = ()
    touched: tuple[FileState, ...] = ()
    retry: tuple[FileState, ...] = ()
    moved: tuple[MovedFile, ...] = ()
    gone: tuple[str, ...] = ()
    refreshed: tuple[FileState, ...] = ()

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        parts = (self.new, self.changed, self.touched, self.retry, self.moved, self.gone, self.refreshed)
        return sum(map(len, parts))


def reconcile(
    disk: Sequence[FileStat],
    table: Sequence[FileStat],
    *,
    due: Collection[str] = (),
    suspect: Collection[str] = (),
    keep: Collection[str] = (),
) -> IndexDiff:
    """Compare two listings of the same folders, as (path, size, mtime_ns, inode, ctime_ns), in any order.

    Args:
        due: paths of failed files that are to be tried again if they are still there.
        suspect: paths that count as changed though nothing of what is compared is.
        keep: folders that could not be listed: what the table knows in and below them is not gone.
    """
    there, known = set(disk), set(table)
    appeared = {seen[0]: seen for seen in there - known}
    vanished = {seen[0]: seen for seen in known - there}
    both = appeared.keys() & vanished.keys()
    identities = {seen[1:4] for seen in vanished.values()}
    changed: list[FileState] = []
    touched: list[FileState] = []
    for path in both:
        seen, old = appeared.pop(path), vanished[path]
        same = _is_same(seen, old, identities) and path not in suspect
        (touched if same else changed).append(FileState(*seen))
    gone = {path: seen for path, seen in vanished.items() if path not in both}
    _keep_unlisted(gone, keep)
    moved = _moves(appeared, gone)
    retry = [FileState(*seen) for seen in there & known if seen[0] in due] if due else []
    if suspect:
        changed += [FileState(*seen) for seen in there & known if seen[0] in suspect and seen[0] not in due]
    return IndexDiff(
        new=tuple(sorted(FileState(*seen) for seen in appeared.values())),
        changed=tuple(sorted(changed)),
        touched=tuple(sorted(touched)),
        retry=tuple(sorted(retry)),
        moved=tuple(sorted(moved, key=lambda move: move.state)),
        gone=tuple(sorted(gone)),
    )


def _is_same(seen: FileStat, old: FileStat, identities: Set[tuple[int, int, int]]) -> bool:
    """Whether a file that differs in some number has the content it had.

    A program may restore the modification time after it wrote (exiftool -P, digiKam, rsync -t, cp -p), but not the
    ctime. Where that is not known, another inode is all that tells.

    Args:
        identities: (size, mtime_ns, inode) of all files that are not as they were.
    """
    if seen[1:3] != old[1:3]:
        return False
    renumbered = seen[3] != old[3] and bool(seen[3] and old[3])
    if seen[4] and old[4]:
        return seen[4] == old[4] and not (renumbered and seen[1:4] in identities)
    return not renumbered


def with_sidecars(diff: IndexDiff, beside: Iterable[FileStat]) -> IndexDiff:
    """The diff with photos whose sidecars changed; those that are read anyway, or were not there before, are left out.

    A moved photo that has another sidecar now is found by the next look."""
    listed = {state.path for states in (diff.new, diff.changed, diff.retry) for state in states}
    listed |= {move.state.path for move in diff.moved}
    return replace(diff, refreshed=tuple(sorted(FileState(*seen) for seen in beside if seen[0] not in listed)))


def is_under(path: str, folders: Iterable[str]) -> bool:
    """Whether a stored path is one of these folders or lies below one."""
    return any(path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders)


def _keep_unlisted(gone: dict[str, FileStat], keep: Collection[str]) -> None:
    if keep:
        for path in [path for path in gone if is_under(path, keep)]:
            del gone[path]


def _moves(appeared: dict[str, FileStat], gone: dict[str, FileStat]) -> list[MovedFile]:
    """Pair new and gone paths of one identity (size, mtime_ns, inode), taking them out of both.

    The ctime is no part of it: renaming a file changes it. Where several paths share an identity (hard links), they are
    paired in order; either way the content is the same.
    A file with a new ending is not a move: it may be read in another way now.
    """
    by_identity: dict[tuple[str, tuple[int, int, int]], list[str]] = {}
    for path in sorted(gone, reverse=True):
        if gone[path][3]:
            by_identity.setdefault((suffix_of(path), gone[path][1:4]), []).append(path)
    moves = []
    for path in sorted(appeared):
        candidates = by_identity.get((suffix_of(path), appeared[path][1:4]))
        if candidates:
            old = candidates.pop()
            del gone[old]
            moves.append(MovedFile(old, FileState(*appeared.pop(path))))
    return moves
