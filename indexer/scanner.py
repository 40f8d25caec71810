"""`reconcile` of real folders: the disk's listing, the table's listing, and what follows from the two."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.atomic_write import write_atomically
from app.core.paths import for_display
from app.core.records import FileState, IndexedFile, Status
from app.files.ignore import IgnoreRules
from app.files.not_indexed import NotIndexed
from app.files.types import kind_of
from app.metadata.sidecars import SidecarState
from indexer import sidecar_changes
from indexer.backlog import IndexingTask
from indexer.reconcile import IndexDiff, is_under, reconcile, with_sidecars
from indexer.roots import WatchedRoots
from indexer.scan import DiskListing, FileStat, not_indexed, scan
from indexer.sidecar_changes import photos_for_sidecars
from indexer.writer_thread import TableWriter, WriterThread

log = logging.getLogger(__name__)

# A question about more paths than that is longer than an answer about all.
_MAX_QUERY_PATHS = 64
_QUERY_CHUNK = 500
EVERY_FILE = ""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a look at the folders brought.

    Attributes:
        task: what is to be done about it.
        seen: how many files are there.
        offline: watched folders that are not.
        not_indexed: what a look at everything passed by; None of a look at some paths.
    """

    task: IndexingTask = field(default_factory=lambda: IndexingTask(IndexDiff()))
    seen: int = 0
    offline: tuple[str, ...] = ()
    not_indexed: NotIndexed | None = None


class Scanner:
    """Compares folders with the table."""

    def __init__(
        self,
        roots: WatchedRoots,
        rules: IgnoreRules,
        writer: WriterThread,
        *,
        rulebook: str,
        memory: Path,
        stopped: Callable[[], bool],
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._roots = roots
        self._rules = rules
        self._writer = writer
        self._stopped = stopped
        self._now_ns = now_ns
        self._forced: frozenset[str] | None = frozenset()
        self._reread: frozenset[str] = frozenset()
        # Files that the index knows were judged by the rules of their time; `memory` says which those were.
        self._memory = memory
        self._rulebook = rulebook
        self._judged = _read_fingerprint(memory) == rulebook

    def force_retry(self, paths: Collection[str] | None) -> None:
        """At the next look try these failed files again, due or not; None for all that failed."""
        self._forced = None if paths is None or self._forced is None else self._forced | set(paths)

    def read_again(self, path: str) -> None:
        """At the next look at everything have a file, or all files of a folder, or `EVERY_FILE`, decoded anew, changed
        or not."""
        self._reread |= {path}

    def scan_all(self) -> ScanResult:
        """All watched folders that are there; what the table knows outside of watched folders goes."""
        before = {root: self._roots.identity(root) for root in self._roots.paths}
        online = [root for root, identity in before.items() if identity is not None]
        table, stamps = self._writer.call(lambda writer: writer.states()).result()
        found = self._listing(online, table)
        # A drive that was pulled out during the walk has not lost its files.
        lost = [root for root in self._roots.paths if self._roots.identity(root) != before[root] or not before[root]]
        reread = frozenset(seen[0] for seen in found.files if self._is_reread(seen[0]))
        survey = self._compare(table, found, lost, stamps, reread=reread)
        self._reread = self._reread if self._stopped() else frozenset()
        if not (self._judged or lost or self._stopped()):
            write_atomically(self._memory, self._rulebook.encode("ascii"))
            self._judged = True
        return survey if self._stopped() else replace(survey, not_indexed=not_indexed(found.listings, self._rules))

    def some(self, paths: Sequence[str], *, urgent: bool = True) -> ScanResult:
        """These paths, files or folders, and what is below them.

        A file that is named is read through even if it looks as it did: where a file system keeps no ctime, a program
        that restores the modification time leaves no other trace than the event.
        """
        suspect = frozenset(path for path in paths if kind_of(path) is not None)
        paths = photos_for_sidecars(paths)
        before = {root: self._roots.identity(root) for root in {self._roots.of(path) for path in paths} if root}
        online = _outermost(path for path in paths if before.get(self._roots.of(path)) is not None)
        if not online:
            return ScanResult(offline=tuple(root for root, identity in before.items() if identity is None))
        table, stamps = self._known(online)
        found = self._listing([path for path in online if self._roots.reachable(path, self._rules)], table)
        lost = [root for root, identity in before.items() if identity is None or self._roots.identity(root) != identity]
        return self._compare(table, found, lost, stamps, suspect=suspect, urgent=urgent)

    def _is_reread(self, path: str) -> bool:
        return bool(self._reread) and (EVERY_FILE in self._reread or is_under(path, self._reread))

    def _known(self, paths: Sequence[str]) -> tuple[list[FileStat], dict[str, int]]:
        """What the table knows at and below these paths; stamps of sidecars perhaps of others, too."""
        if len(paths) <= _MAX_QUERY_PATHS:
            return self._writer.call(lambda writer: writer.states(paths)).result()
        wanted, (table, stamps) = frozenset(paths), self._writer.call(lambda writer: writer.states()).result()
        return [seen for seen in table if _is_within(seen[0], wanted)], stamps

    def _listing(self, paths: Iterable[str], table: Sequence[FileStat]) -> _CombinedListing:
        found, known = _CombinedListing(), frozenset(table if self._judged else ())
        # A hundred thousand new tuples make the garbage collector look at everything there is, again and again.
        collects = gc.isenabled()
        gc.disable()
        try:
            for path in paths:
                listing = scan(path, self._rules, roots=self._roots.paths, known=known, stopped=self._stopped)
                found.listings.append(listing)
                found.known += listing.known
                found.files += listing.files
                found.unreadable.update(listing.unreadable)
                found.sidecars.update(listing.sidecars)
        finally:
            if collects:
                gc.enable()
        return found

    def _compare(
        self,
        table: list[FileStat],
        found: _CombinedListing,
        lost: Collection[str],
        stamps: Mapping[str, int],
        *,
        suspect: frozenset[str] = frozenset(),
        reread: frozenset[str] = frozenset(),
        urgent: bool = False,
    ) -> ScanResult:
        if self._stopped():
            return ScanResult(seen=len(found.files), offline=tuple(lost))
        for state, reason in found.unreadable.items():
            log.info("%s cannot be listed: %s", for_display(state.path), reason)
        due = self._due()
        beside = sidecar_changes.photos_with_changed_sidecars(found.files, found.sidecars, stamps)
        suspect |= reread
        if found.known == len(found.files) == len(table) and not (due or found.unreadable or beside or suspect):
            return ScanResult(seen=found.known, offline=tuple(lost))  # nothing changed, as nearly always
        disk: list[FileStat] = found.files + [
            (state.path, state.size, state.mtime_ns, state.inode, state.ctime_ns) for state in found.unreadable
        ]
        keep = [*lost, *(state.path for state in found.unreadable)]
        diff = with_sidecars(reconcile(disk, table, due=due, suspect=suspect, keep=keep), beside)
        asked = [state.path for state in (*diff.changed, *diff.retry)]
        known = self._writer.call(lambda writer: _indexed(writer, asked)).result() if asked else {}
        task = IndexingTask(diff, known, self._roots.of, found.unreadable, urgent, reread)
        return ScanResult(task, len(found.files), tuple(lost))

    def _due(self) -> frozenset[str]:
        force_retry, self._forced = self._forced, frozenset()
        if force_retry is None:
            files = self._writer.call(lambda writer: writer.listing()).result()
            return frozenset(file.state.path for file in files if file.status is Status.FAILED)
        now = self._now_ns()
        return force_retry | frozenset(self._writer.call(lambda writer: writer.due(now, adopted=True)).result())


def _indexed(writer: TableWriter, paths: Sequence[str]) -> dict[str, IndexedFile]:
    known: dict[str, IndexedFile] = {}
    for start in range(0, len(paths), _QUERY_CHUNK):
        known |= writer.indexed(paths[start : start + _QUERY_CHUNK])
    return known


def _is_within(path: str, wanted: Set[str]) -> bool:
    """Whether a path or a folder above it is among those wanted."""
    while path:
        if path in wanted:
            return True
        path = path.rpartition("/")[0]
    return "/" in wanted


@dataclass(slots=True)
class _CombinedListing:
    listings: list[DiskListing] = field(default_factory=list)
    known: int = 0
    files: list[FileStat] = field(default_factory=list)
    unreadable: dict[FileState, str] = field(default_factory=dict)
    sidecars: dict[str, SidecarState] = field(default_factory=dict)


def _read_fingerprint(memory: Path) -> str:
    try:
        return memory.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _outermost(paths: Iterable[str]) -> list[str]:
    """Without those that are below another one."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: path.split("/")):
        if not (kept and is_under(path, kept[-1:])):
            kept.append(path)
    return kept
