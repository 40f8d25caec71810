"""What the scheduler works with: lock, settings, folders, watcher, engine, and their coming and going."""

from __future__ import annotations

import concurrent.futures
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from app.core.errors import UserError
from app.core.indexer_protocol import Notice
from app.core.paths import AppDirs, for_display, to_stored
from app.core.settings import Settings, SettingsFile
from app.files.ignore import IgnoreRules, default_patterns
from app.files.not_indexed import NotIndexed
from indexer.backlog import IndexingTask
from indexer.crash_recovery import CrashRecorder
from indexer.engine import EncoderFactory, Engine
from indexer.lock import IndexLock
from indexer.pipeline_types import PipelineCallbacks
from indexer.roots import WatchedRoots
from indexer.scanner import Scanner
from indexer.stats import RunCounts
from indexer.watcher import DirtyCallback, Watcher

log = logging.getLogger(__name__)

_CONTENT_SETTINGS = {"folders", "ignore", "passages"}
"""Settings whose defaults, taken for what the person wrote, would throw away what is indexed."""


@dataclass(frozen=True, slots=True)
class ContextCallbacks:
    """Whom to tell: pipeline, watcher, and who wants to stop."""

    pipeline: PipelineCallbacks
    dirty: DirtyCallback
    overflowed: Callable[[], None]
    stopped: Callable[[], bool]


def rules_fingerprint(ignore: Sequence[str]) -> str:
    """Stands for all rules by which files are left out."""
    import hashlib

    return hashlib.blake2b(repr((default_patterns(), tuple(ignore))).encode("utf-8"), digest_size=16).hexdigest()


class IndexerContext:
    """Everything that is opened for a run and closed after it. A context manager, used from one thread.

    Attributes:
        settings: as last read.
        roots: the watched folders.
        counts: what was done in this run, over all engines.
    """

    def __init__(
        self,
        dirs: AppDirs,
        signals: ContextCallbacks,
        *,
        watch: bool,
        encoder_for: EncoderFactory | None,
        workers: int | None,
    ) -> None:
        self._dirs = dirs
        self._signals = signals
        self._watch = watch
        self._encoder_for = encoder_for
        self._workers = workers
        self.counts = RunCounts()
        self.settings = Settings()
        self._settings_known = False
        self.roots = WatchedRoots((), dirs.state / "mounts.json")
        self._rules = IgnoreRules()
        self._lock = IndexLock(dirs.index)
        self._recorder = CrashRecorder(dirs.state)
        self._engine: Engine | None = None
        self._scanner: Scanner | None = None
        self._watcher: Watcher | None = None
        self._rebuild = False
        self._notices: list[Notice] = []

    def __enter__(self) -> IndexerContext:
        self._dirs.create()
        self._lock.acquire()
        try:
            self._recorder.start()
            self._read_settings()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._watcher is not None:
            self._watcher.stop()
        self.close_engine()
        self._recorder.stop()
        self._lock.release()

    def index_is_gone(self) -> bool:
        """Whether the folder that this process holds the lock of was deleted."""
        return not self._lock.is_held()

    def reclaim(self) -> None:
        """Make the program's folders anew and take the lock of the new index.

        Raises:
            AlreadyRunning: another process was faster.
        """
        self.close_engine()
        self._recorder.stop()
        self._lock.release()
        self._dirs.create()
        self._lock.acquire()
        self._recorder.start()

    # ---- settings and folders

    def reload(self, *, rebuild: bool = False) -> None:
        """Read the settings again and let the engine go; `open` makes one that fits them."""
        self._rebuild = self._rebuild or rebuild
        self.close_engine()
        self._read_settings()

    def _read_settings(self) -> None:
        file = SettingsFile(self._dirs.settings_file)
        settings = file.load()
        self._notices += [Notice("warning", problem) for problem in file.problems]
        if not file.unknown & _CONTENT_SETTINGS:
            self.settings = settings
        elif not self._settings_known:
            # The defaults would mean that no folder is watched, and empty the index.
            raise UserError(
                file.problems[0], f"Correct {file.path}. Nothing is indexed until then; what is indexed stays."
            )
        self._settings_known = True
        self.roots = WatchedRoots(self.settings.folders, self._dirs.state / "mounts.json")
        self._rules = IgnoreRules(self.settings.ignore)
        if self._watcher is not None:
            self._watcher.stop()
        if self._watch:
            self._watcher = Watcher(self._rules, self._signals.dirty, self._signals.overflowed)
            self._watcher.start(self.roots.paths, self.roots.identity)

    def watching(self, root: str) -> bool:
        return self._watcher is not None and self._watcher.watching(root)

    def check_roots(self) -> tuple[list[str], list[str]]:
        """Watched folders that came and went."""
        return self._watcher.check() if self._watcher is not None else ([], [])

    def restart_watcher(self) -> None:
        """Events were lost: begin again with fresh watches."""
        if self._watcher is not None:
            self._watcher.restart()

    def passed_by(self, found: NotIndexed) -> None:
        """Keep what the last walk did not look into, for whoever asks; drives that were not told of yet are told."""
        before = NotIndexed.load(self._dirs.not_indexed_file)
        if found == before:
            return
        told = {folder.path for folder in before.folders}
        for folder in found.folders:
            if folder.is_mount and folder.path not in told:
                what = f"The drive that is mounted at {for_display(folder.path)} is not looked into."
                self._notices.append(Notice("info", what, "Add it as a folder of its own to make it searchable."))
        found.save(self._dirs.not_indexed_file)

    def take_notices(self) -> list[Notice]:
        notices, self._notices = self._notices, []
        return notices + (self._watcher.take_notices() if self._watcher is not None else [])

    # ---- engine

    @property
    def is_open(self) -> bool:
        return self._engine is not None

    def open(self) -> None:
        """Put the engine together.

        Raises:
            UserError: no model, or an index that cannot be used.
        """
        self.close_engine()
        journal = self._recorder.journal
        assert journal is not None, "only inside the context"
        engine = Engine(
            self._dirs,
            self.settings,
            (journal, self._recorder.quarantine),
            self._signals.pipeline,
            self.counts,
            rebuild=self._rebuild,
            encoder_for=self._encoder_for,
            workers=self._workers,
        )
        self._notices += engine.notices
        try:
            engine.start()
        except BaseException:
            engine.close()
            raise
        self._rebuild = False
        self._engine = engine
        self._scanner = Scanner(
            self.roots,
            self._rules,
            engine.writer,
            rulebook=rules_fingerprint(self.settings.ignore),
            memory=self._dirs.state / "rulebook",
            stopped=self._signals.stopped,
        )

    def close_engine(self) -> None:
        """Finish the commit at hand and let the engine go. Idempotent."""
        engine, self._engine, self._scanner = self._engine, None, None
        if engine is not None:
            engine.close()

    @property
    def scanner(self) -> Scanner:
        assert self._scanner is not None, "only while open"
        return self._scanner

    @property
    def current(self) -> str:
        """The file begun last."""
        return self._engine.pipeline.current if self._engine is not None else ""

    def pending(self) -> int:
        return self._engine.pipeline.pending() if self._engine is not None else 0

    def pending_in(self, root: str) -> int:
        """Files of a watched folder that are still to be indexed."""
        return self._engine.pipeline.pending_in(root) if self._engine is not None else 0

    def add(self, task: IndexingTask, number: int) -> None:
        if self._engine is not None:
            self._engine.pipeline.add(task, number)

    def pause(self, paused: bool) -> None:
        if self._engine is not None:
            self._engine.pipeline.pause(paused)

    def throttle(self, busy: bool) -> None:
        if self._engine is not None:
            self._engine.pipeline.throttle(busy)

    def due(self) -> Sequence[str]:
        """Failed files whose time has come."""
        if self._engine is None:
            return ()
        now = time.time_ns()
        return self._engine.writer.call(lambda writer: writer.due(now)).result()

    def retry(self, paths: Sequence[str]) -> None:
        """Try failed files again at the next look: these, or all."""
        if self._engine is None:
            return
        self._engine.pipeline.reset_suspects()
        self.scanner.force_retry([to_stored(path) for path in paths] or None)

    def tidy(self) -> None:
        """Give back room that nothing needs any more."""
        if self._engine is not None:
            self._engine.tidy()

    def complete(self, *, wait: bool) -> None:
        """All there is is in the table: it may answer searches now, if another one still does, and gets its tags.

        With `wait` this returns when that is done, or somebody wants to stop.
        """
        if self._engine is not None:
            engine = self._engine
            offline = [root for root in self.roots.paths if self.roots.identity(root) is None]
            settled = engine.writer.call(lambda writer: engine.finish_round(writer, offline, for_good=wait))
            settled.add_done_callback(self._notify_carried_over)
            while wait and not settled.done() and not self._signals.stopped():
                concurrent.futures.wait([settled], timeout=0.2)
            if settled.done():
                settled.result()

    def _notify_carried_over(self, settled: Future[int]) -> None:
        if settled.cancelled() or settled.exception() is not None or not settled.result():
            return
        what = (
            f"{settled.result():,} files of folders that are not there now are found by name, words and tags only, "
            "until the new model has seen them."
        )
        self._notices.append(Notice("info", what, "Connect their drives, and they are read again."))
