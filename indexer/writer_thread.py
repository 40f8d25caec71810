"""The writer thread: the only one that touches the table, one commit per batch.

Files come one by one and are committed together, after 256 units or two seconds, whichever comes first. Questions
and other changes are calls that run in the same thread, after everything that was handed over before them.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from app.core.records import EmbeddedFile, FileState, IndexedFile, RefreshedPhoto
from indexer.scan import FileStat, is_there, state_of

log = logging.getLogger(__name__)
T = TypeVar("T")

UNITS_PER_COMMIT = 256
SECONDS_PER_COMMIT = 2.0
IDLE_BEFORE_UPKEEP = 20.0


class TableWriter(Protocol):
    """What the indexer needs of `app.table`'s IndexWriter."""

    @property
    def is_serving(self) -> bool: ...
    def listing(self, prefix: str = "") -> list[IndexedFile]: ...
    def states(self, prefixes: Sequence[str] = ()) -> tuple[list[FileStat], dict[str, int]]: ...
    def indexed(self, paths: Sequence[str]) -> dict[str, IndexedFile]: ...
    def due(self, now_ns: int, *, adopted: bool = False) -> list[str]: ...
    def sizes(self) -> frozenset[int]: ...
    def by_hash(self, content_hash: str) -> str | None: ...
    def write(self, files: Sequence[EmbeddedFile]) -> Sequence[EmbeddedFile]: ...
    def copy(self, pairs: Sequence[tuple[str, FileState, str]]) -> None: ...
    def move(self, pairs: Sequence[tuple[str, FileState, str]]) -> None: ...
    def stamp(self, states: Sequence[FileState]) -> None: ...
    def refresh(self, photos: Sequence[RefreshedPhoto]) -> None: ...
    def remove(self, paths: Sequence[str]) -> int: ...
    def maintain(self, *, idle: bool = False) -> None: ...
    def carry_over(self, roots: Sequence[str]) -> int: ...
    def complete(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What became of a batch: files that are in the table now, as they are there, and files that changed meanwhile and
    are not."""

    committed: tuple[EmbeddedFile, ...] = ()
    stale: tuple[EmbeddedFile, ...] = ()
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _WriterCall:
    run: Callable[[Any], Any]
    result: Future[Any]
    changes: bool


class ThumbnailStore(Protocol):
    """What the indexer needs of `app.files.thumbnails`."""

    def put_many(self, thumbnails: Mapping[str, bytes]) -> None: ...
    def close(self) -> None: ...


class TagProposer(Protocol):
    """What the writer's thread needs of `indexer.tag_proposals`."""

    def tagged(self, file: EmbeddedFile) -> EmbeddedFile: ...
    def catch_up(self, writer: Any) -> None: ...


class AnnotationCarrier(Protocol):
    """What the writer's thread needs of `indexer.annotation_transfer`."""

    def carry(self, writer: Any, files: Sequence[EmbeddedFile]) -> None: ...


def _no_op(_writer: TableWriter) -> None:
    pass


def _ignore_result(_written: CommitResult) -> None:
    pass


class WriterThread:
    """Owns the table's writer.

    Attributes:
        written: called in this thread after each batch.
    """

    def __init__(
        self,
        open_writer: Callable[[], TableWriter],
        written: Callable[[CommitResult], None] = _ignore_result,
        *,
        thumbnails: ThumbnailStore | None = None,
        tagging: TagProposer | None = None,
        annotations: AnnotationCarrier | None = None,
        seconds_per_commit: float = SECONDS_PER_COMMIT,
        units_per_commit: int = UNITS_PER_COMMIT,
    ) -> None:
        self.written = written
        self._open = open_writer
        self._thumbnails = thumbnails
        self._tagging = tagging
        self._annotations = annotations
        self._seconds = seconds_per_commit
        self._units = units_per_commit
        self._queue: queue.SimpleQueue[EmbeddedFile | _WriterCall | None] = queue.SimpleQueue()
        self._batch: list[EmbeddedFile] = []
        self._batch_units = 0
        self._batch_since = 0.0
        self._last_change: float | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._opened: Future[None] = Future()

    def start(self) -> None:
        """Open the table; raises what opening it raised."""
        self._thread.start()
        self._opened.result()

    def add(self, file: EmbeddedFile) -> None:
        """Replace this file's rows with the next commit. Who calls bounds how much is under way."""
        self._queue.put(file)

    def call(self, run: Callable[[TableWriter], T], *, changes: bool = False) -> Future[T]:
        """Run a question or change after all that was added before it is committed."""
        result: Future[T] = Future()
        self._queue.put(_WriterCall(run, result, changes))
        return result

    def flush_now(self) -> None:
        """Commit what was added now: nothing more is coming that would be worth waiting for."""
        self.call(_no_op)

    def close(self) -> None:
        """Commit what was added, close the table, end the thread."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    # ---- in the thread

    def _run(self) -> None:
        try:
            writer = self._open()
        except BaseException as error:
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            while self._step(writer):
                pass
        finally:
            writer.close()
            if self._thumbnails is not None:
                self._thumbnails.close()

    def _step(self, writer: TableWriter) -> bool:
        try:
            item = self._queue.get(timeout=self._wait_s())
        except queue.Empty:
            self._quiet(writer)
            return True
        if isinstance(item, EmbeddedFile):
            self._take(item)
            if self._batch_units >= self._units or time.monotonic() >= self._batch_since + self._seconds:
                self._flush(writer)
            return True
        self._flush(writer)
        if item is None:
            return False
        self._answer(writer, item)
        return True

    def _wait_s(self) -> float | None:
        """How long to wait for more before something else is to be done; None for ever."""
        now = time.monotonic()
        if self._batch:
            return max(0.0, self._batch_since + self._seconds - now)
        if self._last_change is not None:
            return max(0.0, self._last_change + IDLE_BEFORE_UPKEEP - now)
        return None

    def _quiet(self, writer: TableWriter) -> None:
        if self._batch:
            self._flush(writer)
            return
        self.run_idle_work(writer)

    def run_idle_work(self, writer: TableWriter) -> None:
        """What is done when there is nothing else to do; in the writer's thread."""
        self._last_change = None
        self._upkeep(writer, idle=True)
        self.catch_up(writer)

    def catch_up(self, writer: TableWriter) -> None:
        """Propose tags for what has none of the present vocabulary; in the writer's thread, when things are quiet."""
        if self._tagging is None:
            return
        try:
            self._tagging.catch_up(writer)
        except Exception:
            # Search works without; the next quiet moment tries again.
            log.exception("the library could not be tagged")

    def _take(self, file: EmbeddedFile) -> None:
        if not self._batch:
            self._batch_since = time.monotonic()
        self._batch.append(file)
        self._batch_units += max(1, len(file.decoded.units))

    def _flush(self, writer: TableWriter) -> None:
        batch, self._batch, self._batch_units = self._batch, [], 0
        if not batch:
            return
        fresh: list[EmbeddedFile] = []
        stale: list[EmbeddedFile] = []
        for file in batch:
            (fresh if is_current(file) else stale).append(file)
        error: BaseException | None = None
        try:
            if fresh:
                if self._annotations is not None:
                    self._annotations.carry(writer, fresh)
                self._store_thumbnails(fresh)
                refused = {file.decoded.state.path: file for file in writer.write(list(map(self._tagged, fresh)))}
                fresh = [refused.get(file.decoded.state.path, file) for file in fresh]
        except Exception as trouble:
            log.exception("a batch of %d files could not be committed", len(fresh))
            error = trouble
        self._last_change = time.monotonic()
        self.written(CommitResult(tuple(fresh), tuple(stale), error))
        if error is None:
            self._upkeep(writer, idle=False)

    def _tagged(self, file: EmbeddedFile) -> EmbeddedFile:
        if self._tagging is None:
            return file
        try:
            return self._tagging.tagged(file)
        except Exception:
            # A file without proposals is found all the same; the next quiet moment tries again.
            log.exception("no tags could be proposed for %r", file.decoded.state.path)
            return file

    def _store_thumbnails(self, files: Sequence[EmbeddedFile]) -> None:
        if self._thumbnails is None:
            return
        small = {file.decoded.content_hash: file.decoded.thumbnail for file in files}
        try:
            self._thumbnails.put_many({key: jpeg for key, jpeg in small.items() if key and jpeg is not None})
        except (OSError, sqlite3.Error):
            # A file without its small picture is still found.
            log.exception("thumbnails could not be stored")

    def _answer(self, writer: TableWriter, call: _WriterCall) -> None:
        if not call.result.set_running_or_notify_cancel():
            return
        try:
            answer = call.run(writer)
        except BaseException as error:
            call.result.set_exception(error)
        else:
            call.result.set_result(answer)
        if call.changes:
            self._last_change = time.monotonic()
            self._upkeep(writer, idle=False)

    def _upkeep(self, writer: TableWriter, *, idle: bool) -> None:
        try:
            writer.maintain(idle=idle)
        except Exception:
            # The rows are safe; upkeep comes round again.
            log.exception("upkeep of the table failed")


def is_current(file: EmbeddedFile) -> bool:
    """Whether a file on the disk is still what was read; a folder that cannot be listed, whether it is still there."""
    state = file.decoded.state
    if file.decoded.units or file.decoded.content_hash:
        return state_of(state.path) == state
    return is_there(state.path) and state_of(state.path) in (state, None)
