"""Starts the window, keeps the program alive while there is a tray, and ends everything cleanly."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox, QSystemTrayIcon

from app import messages
from app.errors import ModelMissing, UserError
from app.library import Library
from app.paths import Places
from app.records import Query
from app.settings import Settings
from ui import errors, icons
from ui.context import Context
from ui.indexer_process import IndexerProcess
from ui.language import translate
from ui.single_instance import SingleInstance
from ui.tagging_engine import Tagger
from ui.theme import Theme
from ui.window import Window


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
        context.settings_changed.connect(self._settings_changed)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._make_tray()

    def _make_tray(self) -> None:
        from ui.tray import Tray

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

    def start_indexer(self) -> None:
        if self.context.settings.folders:
            self.indexer.start()

    def _after_paint(self) -> None:
        """The window is up: now what takes time may begin, each on its own thread."""
        assert self.window is not None
        if self.window.page.search.answer is None:
            self.window.page.search.ask()
        self.window.news.ask_status()
        self.start_indexer()
        for problem in self.context.setting_problems[:1]:
            self.window.page.banner.say(problem, level="warning")
        if not self._warm:
            self._warm = True
            self.context.ask(lambda library: library, self._warm_up, self._warmed_badly)

    def _warm_up(self, library: Library) -> None:
        self.context.tasks.submit(library.warm_up, self._warmed, self._warmed_badly)

    def _warmed(self, _answer: object) -> None:
        if self.window is not None and self.window.page.search.question.searching:
            self.window.page.search.ask()

    def _warmed_badly(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        if self.window is None:
            return
        if isinstance(error, ModelMissing):
            words = self.tr("There is no model yet: searching looks at words only.")
            self.window.page.banner.say(words, action=("page:folders", self.tr("Choose a model")))
        else:
            self.window.page.banner.complain(error)

    def _retint(self) -> None:
        if self.window is not None:
            self.window.page.bar.retint()
            self.window.page.header.retint()
            self.window.update()

    def _settings_changed(self, new: Settings, old: Settings) -> None:
        if new.theme != old.theme:
            self.theme.choose(new.theme)
        if new.language != old.language:
            QTimer.singleShot(0, self._speak)
        if new.autostart != old.autostart:
            from ui import autostart

            self.context.tasks.submit(lambda: autostart.set_enabled(new.autostart), None, lane="disk")
        if new != old:
            # After the file is written: the disk lane keeps its order.
            self.context.tasks.submit(lambda: None, self._tell_indexer, lane="disk")

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
        assert self.window is not None
        bar, old = self.window.page.bar, former.page.bar
        bar.set_query(Query(old.parts, old.filters), text=old.text)
        self.window.page.search.change(text=old.text)
        self.window.open_settings()

    def _tell_indexer(self, _answer: object) -> None:
        if self.indexer.progress.state == "off":
            self.start_indexer()
        else:
            self.indexer.send(messages.ReloadSettings())

    def _closing(self) -> None:
        """Closing keeps the watcher only if there is a tray to find it again; the first time it is asked."""
        assert self.window is not None
        keep = self.context.settings.keep_in_tray
        if self._tray is None:
            if self.context.settings.folders and not self.context.state.values.get("quit_told"):
                self._tell_about_quitting()
            self.quit()
            return
        if keep is None:
            keep = self._ask_to_keep()
            if keep is None:
                return
        if keep:
            self.window.hide()
        else:
            self.quit()

    def _ask_to_keep(self) -> bool | None:
        box = QMessageBox(self.window)
        box.setObjectName("keepQuestion")
        box.setText(self.tr("Keep watching your folders?"))
        box.setInformativeText(
            self.tr("Semblance can stay in the tray and notice new files, or end now and catch up the next time.")
        )
        stay = box.addButton(self.tr("Stay in the tray"), QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(self.tr("Quit"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        again = QCheckBox(self.tr("Remember my choice"))
        again.setChecked(True)
        box.setCheckBox(again)
        box.exec()
        if box.clickedButton() not in (stay, leave):
            return None
        keep = box.clickedButton() is stay
        if again.isChecked():
            self.context.change(keep_in_tray=keep)
        return keep

    def _tell_about_quitting(self) -> None:
        box = QMessageBox(self.window)
        box.setObjectName("quitNotice")
        box.setText(self.tr("Semblance stops watching when its window is closed."))
        box.setInformativeText(
            self.tr("This desktop has no tray to stay in. New files are found the next time Semblance starts.")
        )
        box.exec()
        self.context.state.values["quit_told"] = True
        self.context.touch_state()

    def quit(self) -> None:
        """End everything: the child first, so that nothing is left running."""
        if self.window is not None:
            self.window.remember_geometry()
            self.window.hide()
        self.context.close()
        self.indexer.stop()
        self._app.quit()


def run(
    places: Places,
    *,
    background: bool = False,
    quick: bool = False,
    query: str | None = None,
    library: Callable[[], Library],
    tagger: Callable[[], Tagger] | None = None,
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
        instance.send({"query": query or "", "quick": quick, "background": background})
        return 0
    context = Context(places, library, tagger=tagger, parent=app)
    translate(app, context.settings.language)
    theme = Theme(app, context.settings.theme)
    errors.install(app, places.log_file)
    indexer = IndexerProcess(parent=app)
    program = Program(app, context, indexer, theme)
    instance.called.connect(lambda message: _called(program, message))
    app.commitDataRequest.connect(lambda _session: context.save_state())
    if quick:
        _open_palette(program)
    elif background and QSystemTrayIcon.isSystemTrayAvailable():
        program.start_indexer()
    else:
        program.open(query or "")
    status = app.exec()
    context.close()
    indexer.stop()
    instance.close()
    errors.uninstall()
    return status


def _called(program: Program, message: dict[str, object]) -> None:
    if message.get("quick"):
        _open_palette(program)
    elif not message.get("background"):
        program.open(str(message.get("query") or ""))


def _open_palette(program: Program) -> None:
    from ui.palette import Palette

    palette = Palette(program.context)
    palette.window_wanted.connect(program.open)
    palette.done.connect(lambda: QTimer.singleShot(0, lambda: _palette_done(program)))
    palette.show_centred()
    program.palette = palette  # type: ignore[attr-defined]


def _palette_done(program: Program) -> None:
    """A palette started alone ends with itself; beside a window or tray it only goes away."""
    if program.window is None and program._tray is None:
        program.quit()
