"""One file's way from found to row: known content is copied, everything else is decoded, embedded and written.

All methods run in the pipeline's thread; what other threads finish is posted to it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future

from app.core.errors import UserError
from app.core.failures import next_retry_ns
from app.core.records import DecodedFile, EmbeddedFile, Failure, FileState, FloatArray, Kind, RefreshedPhoto, Status
from app.files.types import kind_of
from indexer.backlog import WorkItem
from indexer.decode import NeedsLonger, StaleFile
from indexer.dedup import LARGEST_HASHED, ContentInFlight, content_hash, hash_result
from indexer.pipeline_types import InFlightFile, PipelineCallbacks, PipelineLoad, PipelineParts
from indexer.row_changes import CopyRequest, Post
from indexer.scan import LONG_PATH, state_of
from indexer.sidecar_changes import reread_facts
from indexer.stats import RunCounts
from indexer.writer_thread import CommitResult

log = logging.getLogger(__name__)

RECENTLY_WRITTEN_NS = 2_000_000_000
_MAX_HELD_CRASHES = 8
_TRANSIENT_WHILE_WRITTEN = frozenset(
    {Failure.EMPTY, Failure.TRUNCATED, Failure.CORRUPT, Failure.WRONG_TYPE, Failure.IO}
)


class Stages:
    """Takes files through the parts.

    Attributes:
        active: files under way, by path.
        sizes: sizes of files that were read through: only a file of such a size can be a copy.
        closing: results of what was begun are dropped from now on.
    """

    def __init__(
        self,
        parts: PipelineParts,
        callbacks: PipelineCallbacks,
        post: Post,
        through: Callable[[str, WorkItem | None], None],
        counts: RunCounts,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.active: dict[str, InFlightFile] = {}
        self.sizes: set[int] = set()
        self.load = PipelineLoad()
        self.counts = counts
        self.closing = False
        self._parts = parts
        self._callbacks = callbacks
        self._post = post
        self._on_finished = through
        self._now_ns = now_ns
        self._waiting = ContentInFlight()
        self._held_crashes: list[tuple[WorkItem, DecodedFile]] = []

    def begin(self, work: WorkItem, *, alone: bool) -> None:
        """Set a file on its way."""
        path = work.state.path
        self.active[path] = InFlightFile(work, alone)
        if work.unreadable is not None:
            if work.unreadable == LONG_PATH:
                self._fail(work, Failure.LONG_PATH, "Its path is longer than the system allows.")
            else:
                self._fail(work, Failure.PERMISSION, f"The folder cannot be listed ({work.unreadable}).")
        elif work.facts_only:
            self._read_facts(work)
        elif self._parts.quarantine.is_quarantined(work.state):
            self._fail(work, Failure.CRASH, "Semblance stopped more than once while it was reading this file.")
        elif work.reread or (work.known is not None and work.known.attempts < 0):
            self._decode(work)  # the second: the table has its rows, but no vectors
        elif 0 < work.state.size <= LARGEST_HASHED and (work.state.size in self.sizes or _has_known_size(work)):
            self.load.hashing += 1
            future = self._parts.hashers.submit(content_hash, path)
            future.add_done_callback(lambda future: self._post(self._hashed, work, future))
        else:
            self._decode(work)

    def flush(self) -> None:
        """Hand copies and touches over: cheap together, dear one by one."""
        self._parts.changes.flush(
            more_coming=self.load.hashing > 0, copied=self._copied, touched=self._touched, refreshed=self._refreshed
        )

    def written(self, written: CommitResult) -> None:
        """A batch reached the table, or did not."""
        for file in (*written.committed, *written.stale):
            self.load.units_writing -= self.active[file.decoded.state.path].units
        for file in written.committed:
            if written.error is None:
                self._count(file.decoded)
            self._finish(file.decoded.state.path)
        for file in written.stale:
            self._postpone(file.decoded.state.path)
        if written.error is not None:
            self._callbacks.trouble(written.error)
        elif written.committed:
            self._callbacks.committed(len(written.committed), 0)

    def encoded(self, file: DecodedFile, vectors: FloatArray | None) -> None:
        """A file's units are embedded, or cannot be."""
        active = self.active[file.state.path]
        self.load.count_waiting(active.units, -1)
        if vectors is None:
            self._failed(active.work, file)
        else:
            self._write(active.work, file, vectors)

    def forget(self) -> None:
        """The end: what is still under way was dropped on purpose, not lost in a crash."""
        self._parts.journal.end([*self.active])

    # ---- known content

    def _hashed(self, work: WorkItem, future: Future[str | None]) -> None:
        self.load.hashing -= 1
        if self.closing:
            return
        digest, known = hash_result(future, work.state), work.known
        if digest is None:
            self._decode(work)
        elif known is not None and known.content_hash == digest and known.status is Status.OK:
            if known.state.mtime_ns == work.state.mtime_ns:
                self._parts.changes.stamp_later(work.state)
            else:
                self._parts.changes.queue_touch((work.state, work.root))
        elif not self._waiting.wait_if_claimed(digest, work):
            self._parts.changes.queue_copy((digest, work.state, work.root))

    def _copied(self, same: Sequence[CopyRequest], done: Collection[str]) -> None:
        for _, state, _ in same:
            if state.path in done:
                self.counts.reused += 1
                self._finish(state.path)
            else:
                self._decode(self.active[state.path].work)
        if done:
            self._callbacks.committed(len(done), 0)

    def _touched(self, states: Sequence[FileState]) -> None:
        for state in states:
            if state.path in self.active:
                self.counts.reused += 1
                self._finish(state.path)

    # ---- another sidecar

    def _read_facts(self, work: WorkItem) -> None:
        self.load.hashing += 1
        self._parts.journal.begin([work.state.path])
        future = self._parts.hashers.submit(reread_facts, work.state)
        future.add_done_callback(lambda future: self._post(self._facts_read, work, future))

    def _facts_read(self, work: WorkItem, future: Future[RefreshedPhoto | None]) -> None:
        self.load.hashing -= 1
        if self.closing:
            return
        if future.exception() is not None:
            log.warning("the facts of %r could not be read", work.state.path, exc_info=future.exception())
            self._decode(work)  # where whatever is odd in it costs a process of its own
        elif (photo := future.result()) is None:
            self._postpone(work.state.path)
        else:
            self._parts.changes.queue_refresh(photo)

    def _refreshed(self, states: Sequence[FileState]) -> None:
        self._touched(states)
        self._callbacks.committed(len(states), 0)

    # ---- new content

    def _decode(self, work: WorkItem) -> None:
        if self.closing:
            return
        self.load.reading += 1
        self.load.slow += work.slow
        self._parts.journal.begin([work.state.path])
        future = self._parts.decoders.submit(work.state, first_turn=not work.slow)
        future.add_done_callback(lambda future: self._post(self._decoded, work, future))

    def _decoded(self, work: WorkItem, future: Future[DecodedFile]) -> None:
        self.load.reading -= 1
        self.load.slow -= work.slow
        if self.closing:
            return
        path = work.state.path
        try:
            file = future.result()
        except NeedsLonger:
            self._finish(path, again=work)
            return
        except StaleFile:
            self._postpone(path)
            return
        except Exception as error:
            log.exception("decoding of %r failed", path)
            self._fail(work, Failure.CRASH, f"It could not be read ({type(error).__name__}).")
            return
        if state_of(path) != work.state:
            self._postpone(path)
        elif file.failure is Failure.CRASH:
            self._hold_crash(work, file)
            return
        elif file.failure is not None:
            self._failed(work, file)
        elif not file.units:
            self._write(work, file, None)
        elif self._waiting.claim(file.content_hash, work):
            active = self.active[path]
            active.digest, active.units = file.content_hash, len(file.units)
            self.load.count_waiting(active.units, 1)
            self._parts.encoder.add(file, more_coming=self.load.reading > 0)
        else:
            # The same content is being embedded right now: this file waits for it and gets a copy.
            self._parts.journal.end([path])
        self.confirm_crashes()

    def _hold_crash(self, work: WorkItem, file: DecodedFile) -> None:
        """One file may crash its reader; if all do, it is not the files (a half-installed update, say)."""
        self._held_crashes.append((work, file))
        if len(self._held_crashes) < _MAX_HELD_CRASHES:
            return
        for doubtful, _ in self._held_crashes:
            self._finish(doubtful.state.path)
        self._held_crashes.clear()
        self._callbacks.trouble(
            UserError(
                "No file can be read at the moment.", "Restart Semblance, or install it again if that is no help."
            )
        )

    def confirm_crashes(self) -> None:
        """Other files could be read, or there are none: those that crashed their reader did so by themselves."""
        doubtful, self._held_crashes = self._held_crashes, []
        for work, file in doubtful:
            self._failed(work, file)

    def _failed(self, work: WorkItem, file: DecodedFile) -> None:
        age = self._now_ns() - work.state.mtime_ns
        if file.failure in _TRANSIENT_WHILE_WRITTEN and 0 <= age < RECENTLY_WRITTEN_NS:
            self._postpone(work.state.path)  # Probably somebody is still writing it.
        else:
            self._write(work, file, None)

    def _fail(self, work: WorkItem, failure: Failure, text: str) -> None:
        kind = kind_of(work.state.path) or Kind.DOCUMENT
        self._write(work, DecodedFile(work.state, kind, failure=failure, failure_text=text), None)

    def _write(self, work: WorkItem, file: DecodedFile, vectors: FloatArray | None) -> None:
        path, known = work.state.path, work.known
        self._parts.journal.end([path])
        attempts, retry_at = 0, 0
        if file.failure is None:
            self._parts.quarantine.clear_suspect(path)
        else:
            attempts = 1 + (max(0, known.attempts) if known is not None and known.state == work.state else 0)
            retry_at = next_retry_ns(file.failure, attempts, self._now_ns())
        active = self.active[path]
        active.units = max(1, len(file.units))
        self.load.units_writing += active.units
        before = known.content_hash if known is not None and known.content_hash != file.content_hash else ""
        self._parts.writer.add(EmbeddedFile(file, vectors, work.root, attempts, retry_at, replaces=before))

    # ---- the end of the way

    def _count(self, file: DecodedFile) -> None:
        if file.failure is not None:
            self.counts.failed += 1
            return
        self.sizes.add(file.state.size)
        self.counts.embedded += 1
        self.counts.photos += file.kind is Kind.PHOTO

    def _postpone(self, path: str) -> None:
        """The file is not what it was when it was found: whoever watches looks again."""
        self._finish(path)
        self._callbacks.changed(path)

    def _finish(self, path: str, *, again: WorkItem | None = None) -> None:
        """Nothing more is under way for this path; with `again` it gets another turn after all others."""
        self._parts.journal.end([path])
        active = self.active.pop(path)
        for work in self._waiting.release(active.digest, path):
            self._parts.changes.queue_copy((active.digest, work.state, work.root))
        self._on_finished(path, again)


def _has_known_size(work: WorkItem) -> bool:
    return work.known is not None and work.known.state.size == work.state.size
