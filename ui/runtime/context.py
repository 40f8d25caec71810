"""What the parts of the window share: the library and tagger behind one thread, settings, state, theme."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.paths import DEMO_VARIABLE, AppDirs
from app.core.settings import Settings, SettingsFile
from app.files.watched_folders import merge_folders
from app.query.library_api import Library
from ui.runtime.model_fetch import ModelFetch
from ui.runtime.tagger_api import TaggerApi
from ui.runtime.tasks import Tasks
from ui.runtime.window_state import WindowState

T = TypeVar("T")
WRITE_MS = 300
log = logging.getLogger(__name__)


class Context(QObject):
    """Shared by reference; each part takes what it needs and connects to what it follows.

    Attributes:
        places, tasks, settings, state: see their modules; `settings` is the present, immutable set.
        has_tagger: whether there is a tagging engine at all; demo: whether this window shows the sample files.
        fetch: the download of a model; it goes on whatever page is left.

    Signals:
        settings_changed(Settings, Settings): new and old; settings_saved(): they are in the file now.
        problem(UserError): to be said in the banner.
        notice(str): a passing remark ("3 files copied").
        decided(): tags or vocabulary changed. model_changed(): another model is the current one.
        vocabulary_changed(): what may be proposed is different now.
        download_failed(UserError): a model could not be fetched or prepared; the lists of models say so, too.
    """

    settings_changed = Signal(object, object)
    settings_saved = Signal()
    problem = Signal(object)
    notice = Signal(str)
    decided = Signal()
    model_changed = Signal()
    vocabulary_changed = Signal()
    download_failed = Signal(object)

    def __init__(
        self,
        places: AppDirs,
        library: Callable[[], Library],
        *,
        tagger: Callable[[], TaggerApi] | None = None,
        tasks: Tasks | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.places = places
        self.tasks = tasks or Tasks(self)
        self._factory, self._tagger_factory = library, tagger
        self._library: Library | None = None
        self._tagger: TaggerApi | None = None
        self.has_tagger = tagger is not None
        self._file = SettingsFile(places.settings_file)
        self.settings: Settings = self._file.load()
        self.setting_problems = self._file.problems
        self._folders_in_file = self.settings.folders
        self.demo = bool(os.environ.get(DEMO_VARIABLE))
        self.state = WindowState(places.state / "window.json")
        self._unwritten: dict[str, Any] = {}
        self._write_later = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._write_later.timeout.connect(self._write_settings)
        self._save_later = QTimer(self, singleShot=True, interval=800)
        self._save_later.timeout.connect(self.save_state)
        self.tasks.problem.connect(self.problem)
        self.fetch = ModelFetch(self)
        self.fetch.ended.connect(self._fetched)

    def ask(
        self,
        work: Callable[[Library], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        *,
        topic: str = "",
    ) -> None:
        """Put a question to the library on its thread; the library opens with the first one."""
        self.tasks.submit(lambda: work(self._open()), done, failed, lane="library", topic=topic)

    def ask_tagger(
        self, work: Callable[[TaggerApi], T], done: Callable[[T], object] | None = None, *, topic: str = ""
    ) -> None:
        """The same for the tagging engine, on a thread of its own."""
        if self.has_tagger:
            self.tasks.submit(lambda: work(self._open_tagger()), done, lane="tags", topic=topic)

    @property
    def library(self) -> Library | None:
        """The library once it is open, for the thumbnail lane."""
        return self._library

    def change(self, **changes: Any) -> None:
        """Change settings: in force at once, on disk a moment later."""
        old = self.settings
        known = {name: value for name, value in changes.items() if value is not None}
        self.settings = replace(old, **known)
        if self.settings != old:
            self.settings_changed.emit(self.settings, old)
        # A slider sends many values in a row: the last one is written.
        self._unwritten.update(changes)
        self._write_later.start()

    def _write_settings(self) -> None:
        changes, self._unwritten = self._unwritten, {}
        if changes:
            before = self._folders_in_file
            self.tasks.submit(
                lambda: self._file.update(lambda now: _merged(changes, before, now)), self._written, lane="disk"
            )

    def _written(self, settings: Settings) -> None:
        old, self._folders_in_file = self.settings, settings.folders
        if "folders" not in self._unwritten and settings.folders != old.folders:  # the command line added some, too
            self.settings = replace(old, folders=settings.folders)
            self.settings_changed.emit(self.settings, old)
        self.settings_saved.emit()

    def touch_state(self) -> None:
        """Write the window's memory soon."""
        self._save_later.start()

    def save_state(self) -> None:
        data, path = self.state.as_bytes(), self.state.path

        self.tasks.submit(lambda: write_atomically(path, data), None, lane="disk")

    def _fetched(self, error: UserError | None) -> None:
        if error is None:
            self.model_changed.emit()
        else:
            self.download_failed.emit(error)

    def close(self) -> None:
        """Let go of everything; what is running finishes by itself and its answer is dropped."""
        self.fetch.cancel()
        self._write_later.stop()
        self._write_settings()
        if self._save_later.isActive():
            self._save_later.stop()
            try:
                self.state.save()
            except UserError as error:
                log.warning("window state not written: %s", error)
        opened = {"library": self._library, "tags": self._tagger}
        self.tasks.close({name: close for name, one in opened.items() if (close := getattr(one, "close", None))})

    def _open(self) -> Library:
        if self._library is None:
            self._library = self._factory()
        return self._library

    def _open_tagger(self) -> TaggerApi:
        if self._tagger is None:
            assert self._tagger_factory is not None
            self._tagger = self._tagger_factory()
        return self._tagger


def _merged(changes: dict[str, Any], before: tuple[str, ...], now: Settings) -> dict[str, Any]:
    """The changes to write: folders that the command line added or removed meanwhile stay so."""
    if "folders" not in changes:
        return changes
    return {**changes, "folders": merge_folders(changes["folders"], before, now.folders)}
