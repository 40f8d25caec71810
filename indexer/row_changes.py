"""Changes to rows that need no decoding: moves, removals, copies and touches, gathered to a few hundred a commit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from typing import Any, TypeAlias

from app.core.records import FileState, RefreshedPhoto
from indexer.dedup import copy_known_rows
from indexer.writer_thread import TableWriter, WriterThread

PER_COMMIT = 256
STAMPS_PER_COMMIT = 16384
CopyRequest: TypeAlias = tuple[str, FileState, str]
"""(content hash, state, root) of a file whose content may be known."""
Post: TypeAlias = Callable[..., None]
"""Has a function run in the pipeline's thread, with the arguments that follow it."""


class RowChanges:
    """Hands changes to the writer thread and their outcome back to the pipeline's thread.

    Attributes:
        under_way: changes that are not answered yet.
    """

    def __init__(self, writer: WriterThread, post: Post, failed: Callable[[BaseException], None]) -> None:
        self.under_way = 0
        self._writer = writer
        self._post = post
        self._failed = failed
        self._same: list[CopyRequest] = []
        self._touched: list[CopyRequest] = []
        self._stamped: list[FileState] = []
        self._refreshed: list[RefreshedPhoto] = []

    @property
    def busy(self) -> bool:
        return bool(self.under_way or self._same or self._touched or self._stamped or self._refreshed)

    def move(self, moves: Sequence[tuple[str, FileState, str]], then: Callable[[int], None]) -> None:
        """Rename rows, as (old path, new state, root)."""
        for some in _slices(moves):
            self._change(functools.partial(_move, some), functools.partial(_answer, then, len(some)))

    def remove(self, paths: Sequence[str], then: Callable[[int], None]) -> None:
        for some in _slices(paths):
            self._change(functools.partial(_remove, some), functools.partial(_answer, then, len(some)))

    def queue_copy(self, same: CopyRequest) -> None:
        self._same.append(same)

    def stamp(self, states: Sequence[FileState]) -> None:
        """The same files, but for inode and ctime; nobody waits for them."""
        for some in _slices(states, STAMPS_PER_COMMIT):
            self._change(functools.partial(_stamp, some), _ignore)

    def stamp_later(self, state: FileState) -> None:
        """A file that was read through and has the content it had, but for inode and ctime."""
        self._stamped.append(state)

    def queue_touch(self, touched: tuple[FileState, str]) -> None:
        """The same content under the same path at another time, as (new state, root)."""
        self._touched.append((touched[0].path, *touched))

    def queue_refresh(self, photo: RefreshedPhoto) -> None:
        """The same photo with another sidecar beside it."""
        self._refreshed.append(photo)

    def flush(
        self,
        *,
        more_coming: bool,
        copied: Callable[[Sequence[CopyRequest], Collection[str]], None],
        touched: Callable[[Sequence[FileState]], None],
        refreshed: Callable[[Sequence[FileState]], None],
    ) -> None:
        """Hand over what was gathered, unless it is worth waiting for more."""
        if self._same and (not more_coming or len(self._same) >= PER_COMMIT):
            same, self._same = self._same, []
            self._change(lambda writer: copy_known_rows(writer, same), functools.partial(copied, same))
        if self._touched and (not more_coming or len(self._touched) >= PER_COMMIT):
            again, self._touched = self._touched, []
            self._change(functools.partial(_copy, again), lambda _: touched([state for _, state, _ in again]))
        if self._stamped and (not more_coming or len(self._stamped) >= PER_COMMIT):
            states, self._stamped = self._stamped, []
            self._change(functools.partial(_stamp, states), lambda _: touched(states))
        if self._refreshed and (not more_coming or len(self._refreshed) >= PER_COMMIT):
            photos, self._refreshed = self._refreshed, []
            self._change(functools.partial(_refresh, photos), lambda _: refreshed([p.state for p in photos]))

    def _change(self, change: Callable[[TableWriter], Any], then: Callable[[Any], None]) -> None:
        self.under_way += 1

        def done(future: Future[Any]) -> None:
            self._post(self._changed, future, then)

        self._writer.call(change, changes=True).add_done_callback(done)

    def _changed(self, future: Future[Any], then: Callable[[Any], None]) -> None:
        self.under_way -= 1
        error = future.exception()
        if error is None:
            then(future.result())
        else:
            self._failed(error)


def _slices(items: Sequence[Any], size: int = PER_COMMIT) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _ignore(_: object) -> None:
    pass


def _stamp(states: Sequence[FileState], writer: TableWriter) -> None:
    writer.stamp(states)


def _answer(then: Callable[[int], None], number: int, _: object) -> None:
    then(number)


def _move(moves: Sequence[tuple[str, FileState, str]], writer: TableWriter) -> None:
    writer.move(moves)


def _remove(paths: Sequence[str], writer: TableWriter) -> None:
    writer.remove(paths)


def _copy(pairs: Sequence[tuple[str, FileState, str]], writer: TableWriter) -> None:
    writer.copy(pairs)


def _refresh(photos: Sequence[RefreshedPhoto], writer: TableWriter) -> None:
    writer.refresh(photos)
