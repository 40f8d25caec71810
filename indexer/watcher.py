"""File events: watchdog behind a thin handler that only says which path something happened to.

Linux forgets events when its queue overflows, and refuses watches beyond a limit; both end in looking at the disk
again, and the second in a sentence with the command that raises the limit.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.indexer_protocol import Notice
from app.core.paths import for_display, from_stored, to_stored
from app.core.system_errors import os_error_reason
from app.files.ignore import IgnoreRules
from app.files.types import kind_of
from app.metadata.sidecars import is_sidecar

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

log = logging.getLogger(__name__)

_OVERFLOW_LOGGER = "watchdog.observers.inotify_c"
_REBUILD_LOGGER = "watchdog.observers.inotify"
_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)

DirtyCallback = Callable[[str, str], None]
"""Called in a watchdog thread with (stored path, stored root)."""


@dataclass(slots=True)
class _WatchedRoot:
    """A root and what is watched in its place."""

    root: str
    real: str
    identity: tuple[int, int]
    watch: ObservedWatch | None


class Watcher:
    """Watches the roots that are there, and notices roots that come and go.

    Attributes:
        notices: sentences about what could not be watched; each is given once, by `take_notices`.
    """

    def __init__(self, rules: IgnoreRules, dirty: DirtyCallback, overflowed: Callable[[], None]) -> None:
        self._rules = rules
        self._dirty = dirty
        self._identity: Callable[[str], tuple[int, int] | None] = _identity
        self._roots: tuple[str, ...] = ()
        self._watched: dict[str, _WatchedRoot] = {}
        self._observer: BaseObserver | None = None
        self._filter = _OverflowFilter(overflowed)
        self._notices: list[Notice] = []
        self._told = False
        self._lock = threading.Lock()

    def start(self, roots: Sequence[str], identity: Callable[[str], tuple[int, int] | None] | None = None) -> None:
        """Watch these folders (stored form); those that are not there are looked for by `check`.

        `identity` tells (device, inode) of a folder that is there, and None of one that is not.
        """
        self._identity = identity or _identity
        logging.getLogger(_OVERFLOW_LOGGER).addFilter(self._filter)
        logging.getLogger(_REBUILD_LOGGER).addFilter(self._filter)
        self._roots = tuple(roots)
        self.check()

    def check(self) -> tuple[list[str], list[str]]:
        """Compare the roots with what is watched: (roots that came back or were replaced, roots that went away)."""
        came, went = [], []
        for root in self._roots:
            identity, known = self._identity(root), self._watched.get(root)
            if known is not None and identity == known.identity:
                continue
            if known is not None:
                self._unwatch(known)
                went += [root] if identity is None else []
            if identity is not None:
                self._watched[root] = _WatchedRoot(root, os.path.realpath(from_stored(root)), identity, None)
                self._watch(self._watched[root])
                came.append(root)
        return came, went

    def watching(self, root: str) -> bool:
        """Whether events of this root arrive."""
        known = self._watched.get(root)
        return known is not None and known.watch is not None and not self._told

    def take_notices(self) -> list[Notice]:
        with self._lock:
            notices, self._notices = self._notices, []
        return notices

    def restart(self) -> None:
        """Watch everything anew, after events were lost.

        WORKAROUND: watchdog 7 then takes all watches away and sets them again, and each one taken away is an event:
        with more folders than the queue holds (16,384) that overflows again, for ever.
        """
        self._drop_observer()
        self.check()

    def stop(self) -> None:
        """Idempotent; joins watchdog's threads."""
        self._drop_observer()
        logging.getLogger(_OVERFLOW_LOGGER).removeFilter(self._filter)
        logging.getLogger(_REBUILD_LOGGER).removeFilter(self._filter)

    # ---- inside

    def _drop_observer(self) -> None:
        observer, self._observer = self._observer, None
        self._watched.clear()
        if observer is not None:
            # Taking the watches away makes events, too; that these are lost is of no matter.
            self._filter.deaf = True
            observer.stop()
            observer.join()
            self._filter.deaf = False

    def _watch(self, watched: _WatchedRoot) -> None:
        try:
            observer = self._started()
            handler = _handler(watched, self._rules, self._dirty)
            watched.watch = observer.schedule(handler, watched.real, recursive=True, event_filter=_event_types())
        except OSError as error:
            log.warning("cannot watch %s: %s", for_display(watched.root), error)
            self._tell(watched.root, error)
        else:
            self._probe(watched.root)

    def _unwatch(self, watched: _WatchedRoot) -> None:
        del self._watched[watched.root]
        if watched.watch is not None and self._observer is not None:
            try:
                self._observer.unschedule(watched.watch)
            except (KeyError, OSError) as error:
                log.info("watch of %s was gone already: %r", for_display(watched.root), error)

    def _started(self) -> BaseObserver:
        if self._observer is None:
            from watchdog.observers import Observer

            # WORKAROUND: a folder made while its parent's watch is being set is found twice, by the walk and by its own
            # event. watchdog 7 replaces the first callback by the same one and warns; where warnings are errors, its
            # thread would end.
            warnings.filterwarnings("ignore", "Callback with id .* already exists for watch", RuntimeWarning)
            observer: BaseObserver = Observer()
            observer.start()
            self._observer = observer
        return self._observer

    def _probe(self, root: str) -> None:
        """watchdog says nothing when a folder below a root cannot be watched, so see whether one more watch is free."""
        error = _watch_limit_error()
        if error is not None:
            self._tell(root, error)

    def _tell(self, root: str, error: OSError) -> None:
        if self._told:
            return
        if sys.platform == "linux" and error.errno in _LIMITS:
            self._told = True
            notice = watch_limit_notice(error.errno or 0)
        else:
            notice = Notice(
                "warning",
                f"Changes in {for_display(root)} cannot be watched ({os_error_reason(error)}).",
                "It is looked at every few minutes instead.",
            )
        with self._lock:
            self._notices.append(notice)


def watch_limit_notice(number: int) -> Notice:
    """What to tell the person when the system allows no more watches."""
    if number == errno.ENOSPC:
        what = "There are more folders than may be watched, so changes are found by looking every few minutes."
        setting = "fs.inotify.max_user_watches=1048576"
    else:
        what = "Too many programs watch files, so changes are found by looking every few minutes."
        setting = "fs.inotify.max_user_instances=1024"
    command = f"echo {setting} | sudo tee /etc/sysctl.d/60-inotify.conf && sudo sysctl --system"
    return Notice("warning", what, f"To raise the limit: {command}")


class _OverflowFilter(logging.Filter):
    """WORKAROUND: watchdog tells nobody but its log that events were lost
    (https://github.com/gorakhargosh/watchdog/issues/275)."""

    def __init__(self, overflowed: Callable[[], None]) -> None:
        super().__init__()
        self.deaf = False
        self._overflowed = overflowed

    def filter(self, record: logging.LogRecord) -> bool:
        if "when the thread is inactive" in str(record.msg):
            return False  # a watch that is being taken away: of no matter, though watchdog calls it an error
        if "queue overflowed" not in str(record.msg):
            return True
        if record.name == _OVERFLOW_LOGGER and not self.deaf:
            log.info("file events came faster than they could be read; looking at the folders again")
            self._overflowed()
        return False


def _event_types() -> list[type[FileSystemEvent]]:
    """Not opening and closing: we open every file ourselves, and would hear of it."""
    from watchdog import events

    wanted: list[type[FileSystemEvent]] = [
        events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent,
        events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent, events.FileClosedEvent,
    ]  # fmt: skip
    # Since watchdog 7: changed times and permissions.
    wanted += [getattr(events, name) for name in ("FileAttribEvent", "DirAttribEvent") if hasattr(events, name)]
    return wanted


def _handler(watched: _WatchedRoot, rules: IgnoreRules, dirty: DirtyCallback) -> Any:
    from watchdog.events import FileSystemEventHandler

    real, root = watched.real, watched.root
    # Windows cannot say what a deleted thing was.
    knows_folders = sys.platform != "win32"

    class Handler(FileSystemEventHandler):
        def on_any_event(self, event: FileSystemEvent) -> None:
            for path in (event.src_path, event.dest_path):
                if path:
                    self._note(os.fsdecode(path), event.is_directory)

        def _note(self, path: str, is_folder: bool) -> None:
            stored = stored_below(path, real, root)
            if stored is None:
                return
            relative = stored[len(root) :].strip("/")
            *folders, name = relative.split("/")
            above = real
            for folder in folders:
                above = f"{above}{os.sep}{from_stored(folder)}"
                if rules.ignores(folder, True, above):
                    return
            if name and rules.ignores(name, is_folder, path):
                return
            if is_folder or kind_of(name) is not None or is_sidecar(name) or not knows_folders:
                dirty(stored, root)

    return Handler()


def stored_below(path: str, real: str, root: str) -> str | None:
    """An event's path as a stored path below the root, which may be reached through a symlink; None if outside."""
    if path == real:
        return root
    prefix = real if real.endswith(os.sep) else real + os.sep
    return f"{root.rstrip('/')}/{to_stored(path[len(prefix) :])}" if path.startswith(prefix) else None


def _identity(root: str) -> tuple[int, int] | None:
    try:
        found = os.stat(from_stored(root))
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _watch_limit_error() -> OSError | None:
    if sys.platform != "linux":
        return None
    import tempfile

    from watchdog.observers import inotify_c

    handle = inotify_c.inotify_init()
    if handle == -1:
        return None  # The observer has its own; a second one was only for the question.
    try:
        with tempfile.TemporaryDirectory(prefix="semblance-") as folder:
            if inotify_c.inotify_add_watch(handle, os.fsencode(folder), inotify_c.InotifyConstants.IN_DELETE) == -1:
                import ctypes

                number = ctypes.get_errno()
                return OSError(number, os.strerror(number))
    finally:
        os.close(handle)
    return None
