"""What there is to do, in order: one piece of work for each file, and removals that wait for their turn."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.core.records import FileState, IndexedFile
from indexer.reconcile import IndexDiff


def no_root(_path: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class IndexingTask:
    """What reconcile found in one go, with what the table knows of the files that changed or are tried again.

    Attributes:
        root_of: the watched folder of a path.
        unreadable: folders that could not be listed, with why.
        urgent: before everything that waits already.
        reread: files among the changed ones that are to be decoded even if their content is the same.
    """

    diff: IndexDiff
    known: Mapping[str, IndexedFile] = field(default_factory=dict)
    root_of: Callable[[str], str] = no_root
    unreadable: Mapping[FileState, str] = field(default_factory=dict)
    urgent: bool = False
    reread: frozenset[str] = frozenset()

    def items(self) -> list[WorkItem]:
        """The files that must be looked into."""
        items = [
            WorkItem(
                state,
                self.root_of(state.path),
                self.known.get(state.path),
                self.unreadable.get(state),
                reread=state.path in self.reread,
            )
            for states in (self.diff.new, self.diff.changed, self.diff.retry)
            for state in states
        ]
        return items + [WorkItem(state, self.root_of(state.path), facts_only=True) for state in self.diff.refreshed]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One file to be read.

    Attributes:
        known: what the table holds under its path.
        unreadable: why it, a folder, cannot be listed.
        facts_only: it is a photo as the table has it, but its sidecar is another one.
        reread: it is decoded even if its content is known.
        slow: it had its first turn, and is read to its end now.
    """

    state: FileState
    root: str
    known: IndexedFile | None = None
    unreadable: str | None = None
    facts_only: bool = False
    reread: bool = False
    slow: bool = False


@dataclass(slots=True)
class PendingRemoval:
    """Paths that are gone, and the possible copies of them that are to be looked at first: a moved file shows its new
    side before the old one goes, and the old one is there to copy vectors from."""

    paths: set[str]
    after: set[str]


class Backlog:
    """Work that waits, one piece for each path; the latest state of a file wins. Used from one thread.

    Attributes:
        roots: files of each watched folder that wait or were begun and are not through; any thread may look.
    """

    def __init__(self) -> None:
        self.roots: Counter[str] = Counter()
        self._begun: dict[str, str] = {}
        self._works: OrderedDict[str, WorkItem] = OrderedDict()
        self._slow: OrderedDict[str, WorkItem] = OrderedDict()
        self._alone: OrderedDict[str, WorkItem] = OrderedDict()
        self._removals: list[PendingRemoval] = []

    def __len__(self) -> int:
        waiting = len(self._works) + len(self._slow) + len(self._alone)
        return waiting + sum(len(removal.paths) for removal in self._removals)

    def add(self, items: Iterable[WorkItem], *, urgent: bool, alone: Callable[[FileState], bool]) -> None:
        """Put files in line; `alone` says which must be read with nothing else going on, after all others."""
        listed = list(items)
        for work in reversed(listed) if urgent else listed:
            path = work.state.path
            self.cancel(path)
            self.roots[work.root] += 1
            if alone(work.state):
                self._alone[path] = work
                continue
            self._works[path] = work
            if urgent:
                self._works.move_to_end(path, last=False)

    def add_slow(self, work: WorkItem) -> None:
        """Put a file whose first turn is over behind all others."""
        self.cancel(work.state.path)
        self.roots[work.root] += 1
        self._slow[work.state.path] = replace(work, slow=True)

    def remove(self, paths: Iterable[str], after: Iterable[str]) -> None:
        """Put paths in line to be forgotten, once the files `after` are through."""
        gone = set(paths)
        if gone:
            for path in gone:
                self.cancel(path)
            self._removals.append(PendingRemoval(gone, set(after)))

    def cancel(self, path: str) -> None:
        """Drop what waits for a path."""
        for waiting in (self._works, self._slow, self._alone):
            if (work := waiting.pop(path, None)) is not None:
                self.roots[work.root] -= 1
        for removal in self._removals:
            removal.paths.discard(path)

    def __contains__(self, path: str) -> bool:
        return path in self._works or path in self._slow or path in self._alone

    def next(self) -> WorkItem | None:
        """The next file that may be read beside others."""
        return self._begin(self._works) if self._works else None

    def next_slow(self) -> WorkItem | None:
        """The next file that had its first turn, when no other waits that had none."""
        return self._begin(self._slow) if self._slow and not self._works else None

    def next_alone(self) -> WorkItem | None:
        """The next file that must be read alone, when no other waits."""
        return self._begin(self._alone) if self._alone and not (self._works or self._slow) else None

    def _begin(self, waiting: OrderedDict[str, WorkItem]) -> WorkItem:
        path, work = waiting.popitem(last=False)
        self._begun[path] = work.root
        return work

    def finish(self, path: str) -> None:
        """A file is finished with."""
        if (root := self._begun.pop(path, None)) is not None:
            self.roots[root] -= 1
        for removal in self._removals:
            removal.after.discard(path)

    def take_removals(self, busy: Collection[str]) -> list[str]:
        """Paths whose turn it is to be forgotten; those being worked on wait."""
        ready: list[str] = []
        for removal in self._removals:
            if not removal.after:
                free = {path for path in removal.paths if path not in busy}
                ready += free
                removal.paths -= free
        self._removals = [removal for removal in self._removals if removal.paths]
        return sorted(ready)
