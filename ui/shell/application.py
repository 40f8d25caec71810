"""Starts the window, keeps the program alive while there is a tray, and ends everything cleanly."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QSystemTrayIcon

from app.core import indexer_protocol
from app.core.errors import AlreadyRunning, ModelMissing, UserError
from app.core.paths import AppDirs
from app.core.settings import Settings
from app.query.library_api import Library
from app.query.queries import Query
from ui.i18n.backend_messages import localised
from ui.i18n.language import translate
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.runtime.tagger_api import TaggerApi
from ui.runtime.tasks import prefer_window
from ui.shell import bug_reporter
from ui.shell.close_dialogs import agree_to_quit, ask_keep_running
from ui.shell.single_instance import SingleInstance
from ui.shell.window import Window
from ui.style import icons
from ui.style.theme import Theme

GRACE_S = 3.0
TRAY_MS = 2000
log = logging.getLogger(__name__)


class Program(QObject):
    """One running Semblance.

    Attributes:
        context, indexer, theme: shared by all windows; window: the main window, once it was wanted.
    """

    def __init__(
        self,
        app: QApplication,
        context: Context,
        indexer: IndexerProcess,
        theme: Theme,
    ) -> None:
        super().__init__(app)
        self._app, self.context, self.indexer, self.theme = app, context, indexer, theme
        self.window: Window | None = None
        self._tray: QObject | None = None
        self._warm = False
        self._session_ends = False
        app.commitDataRequest.connect(self._end_of_session)
        context.settings_changed.connect(self._settings_changed)
        context.settings_saved.connect(self._tell_indexer)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._make_tray()

    def _make_tray(self) -> None:
        from ui.shell.tray import Tray

        tray = Tray(self.indexer, self)
        tray.opened.connect(self.open)
        tray.quit_requested.connect(self.quit)
        self._tray = tray
        self._app.setQuitOnLastWindowClosed(False)

    def open(self, query: str = "") -> None:
        """Show the main window, raised, maybe with a search."""
        if self.window is None:
            self.window = Window(self.context, self.indexer)
            self.window.closing.connect(self._closing)
            self.window.quit_requested.connect(self.quit)
            self.window.shown_first.connect(self._after_paint)
            self.window.page.model_loader.failed.connect(self._warmed_badly)
            self.theme.changed.connect(self._retint)
            if not self.context.settings.folders and not self.context.state.values.get("welcomed"):
                self.window.show_first_run()
        self.window.show()
        if self.window.isMinimized():
            self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
        if query:
            self.window.search_for(query)

    def wait_for_tray(self, tries: int = 30) -> None:
        """In the background from log-in on: the tray may come later than we do. Without one the folders are watched all
        the same, and starting the program again opens its window."""
        if self._tray is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._make_tray()
        if self._tray is not None:
            self.start_indexer()
        elif tries > 0:
            QTimer.singleShot(TRAY_MS, lambda: self.wait_for_tray(tries - 1))
        else:
            log.warning("no tray: the folders are watched in the background; start Semblance again to open its window")
            self.start_indexer()

    def start_indexer(self) -> None:
        if self.context.settings.folders:
            self.indexer.start()

    def _after_paint(self) -> None:
        """The window is up: now what takes time may begin, each on its own thread."""
        assert self.window is not None
        if self.window.page.search.answer is None:
            self.window.page.search.ask()
        self.window.indexer_events.ask_status()
        self.start_indexer()
        for problem in self.context.setting_problems[:1]:
            self.window.page.banner.say(localised(problem), level="warning")
        if not self._warm:
            self._warm = True
            self.window.page.model_loader.load()

    def _warmed_badly(self, error: UserError) -> None:
        if self.window is None:
            return
        if isinstance(error, ModelMissing):
            words = self.tr("There is no model yet: searching looks at words only.")
            self.window.page.banner.say(words, action=("page:folders", self.tr("Choose a model")))
        else:
            self.window.page.banner.show_error(error)

    def _retint(self) -> None:
        if self.window is not None:
            self.window.update()

    def _settings_changed(self, new: Settings, old: Settings) -> None:
        if new.theme != old.theme:
            self.theme.choose(new.theme)
        if new.language != old.language:
            QTimer.singleShot(0, self._speak)
        if new.autostart != old.autostart:
            from ui.shell import autostart

            self.context.tasks.submit(lambda: autostart.set_enabled(new.autostart), None, lane="disk")

    def _speak(self) -> None:
        """Another language: its texts are in place at once, in a window made anew."""
        translate(self._app, self.context.settings.language)
        if self._tray is not None:
            self._tray.deleteLater()
            self._make_tray()
        former, self.window = self.window, None
        if former is not None:
            former.remember_geometry()
            self.open()
            self._take_over(former)
            former.hide()
            former.deleteLater()

    def _take_over(self, former: Window) -> None:
        from ui.settings.dialog import SettingsDialog

        assert self.window is not None
        bar, old = self.window.page.bar, former.page.bar
        bar.set_query(Query(old.parts, old.filters), text=old.text)
        self.window.page.search.change(text=old.text)
        settings = former.findChild(QDialog, "settingsDialog")
        if isinstance(settings, SettingsDialog):
            self.window.open_settings(settings.group)

    def _tell_indexer(self) -> None:
        if self.indexer.progress.state == "off":
            self.start_indexer()
        else:
            self.indexer.send(indexer_protocol.ReloadSettings())

    def _end_of_session(self, *_session: object) -> None:
        """The person logs out: windows will be told to close, and a question then would hold all of it up."""
        self._session_ends = True
        self.context.save_state()

    def _closing(self) -> None:
        """Closing keeps the watcher only if there is a tray to find it again; the first time it is asked."""
        assert self.window is not None
        keep = self.context.settings.keep_in_tray
        if self._session_ends or self.context.demo:
            self.quit()
            return
        if self._tray is None:
            told = self.context.state.values.get("quit_told") or not self.context.settings.folders
            if told or agree_to_quit(self.context, self.window, self.indexer.progress):
                self.quit()
            return
        if keep is None:
            keep = ask_keep_running(self.context, self.window)
            if keep is None:
                return
        if keep:
            self.window.hide()
        else:
            self.quit()

    def quit(self) -> None:
        """End everything: the child first, so that nothing is left running."""
        if self.window is not None:
            self.window.remember_geometry()
            self.window.hide()
        self.context.close()
        self.indexer.stop()
        self._app.quit()


def run(
    places: AppDirs,
    *,
    background: bool = False,
    quick: bool = False,
    query: str | None = None,
    library: Callable[[], Library],
    tagger: Callable[[], TaggerApi] | None = None,
) -> int:
    """Run the window (or tray, or palette) until it is quit; returns the exit status.

    `library` and `tagger` are called on a worker thread, after the first paint.
    """
    if QApplication.instance() is not None:
        raise RuntimeError("the window runs once per process")
    QApplication.setApplicationName("semblance")
    QApplication.setApplicationDisplayName("Semblance")
    QApplication.setDesktopFileName("semblance")
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(icons.app_icon())
    places.create()
    instance = SingleInstance(places.state, app)
    if not instance.first:
        if not instance.send({"query": query or "", "quick": quick, "background": background}):
            raise AlreadyRunning("Semblance is running already, but does not answer.", "End it, and start it again.")
        return 0
    return _run(app, instance, Context(places, library, tagger=tagger, parent=app), background, quick, query or "")


def _run(
    app: QApplication, instance: SingleInstance, context: Context, background: bool, quick: bool, query: str
) -> int:
    """The first start of the program, from its first window to its end."""
    prefer_window()
    translate(app, context.settings.language)
    theme = Theme(app, context.settings.theme)
    bug_reporter.install(app, context.places.log_file)
    indexer = IndexerProcess(parent=app)
    program = Program(app, context, indexer, theme)
    instance.called.connect(lambda message: _called(program, message))
    if quick:
        _open_palette(program)
    elif background:
        program.wait_for_tray()
    else:
        program.open(query)
    status = app.exec()
    context.close()
    indexer.stop()
    instance.close()
    bug_reporter.uninstall()
    if not context.tasks.rest(GRACE_S):
        # A thread is deep in the model or on a sleeping drive. It only reads, and everything of ours is written:
        # to wait for it would keep a process alive that nobody sees.
        logging.shutdown()
        os._exit(status)
    return status


def _called(program: Program, message: dict[str, object]) -> None:
    if message.get("quick"):
        _open_palette(program)
    elif not message.get("background"):
        program.open(str(message.get("query") or ""))


def _open_palette(program: Program) -> None:
    from ui.search.palette import Palette

    palette = Palette(program.context)
    palette.window_wanted.connect(program.open)
    palette.done.connect(lambda: QTimer.singleShot(0, lambda: _palette_done(program)))
    palette.show_centred()
    program.palette = palette  # type: ignore[attr-defined]


def _palette_done(program: Program) -> None:
    """A palette started alone ends with itself; beside a window or tray it only goes away."""
    if program.window is None and program._tray is None:
        program.quit()
