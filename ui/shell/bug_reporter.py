"""Bugs: every uncaught exception reaches one dialog with "Copy details"; faults of the world never come here.

One `sys.excepthook` catches slots, paint and model errors; Python threads have a hook of their own. The former hooks
(the log's) are called first, so that the log has the traceback whatever happens to the dialog.
"""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from app.core.errors import UserError
from ui.i18n.backend_messages import localised


class BugReporter(QObject):
    """Brings exceptions of any thread to one dialog.

    Attributes:
        shown: how many were shown; after the first, the dialog counts instead of multiplying.

    Signals:
        caught(str, str): a summary and the details; safe to emit from any thread.
    """

    caught = Signal(str, str)
    told = Signal(object)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self.shown = 0
        self._box: QMessageBox | None = None
        self._telling: QMessageBox | None = None
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self.told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            app = QApplication.instance()
            if app is not None:
                app.quit()
            return
        if isinstance(error, UserError):
            self.told.emit(error)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        about = f"Python {platform.python_version()}, PySide6 {pyside_version}, {platform.platform()}\n\n{details}"
        self.caught.emit(f"{kind.__name__}: {error}", about)

    def _tell(self, error: UserError) -> None:
        """A fault of the world that nobody handled still gets its sentence, not a traceback."""
        box = QMessageBox(QApplication.activeWindow())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(localised(error.what))
        box.setInformativeText(localised(error.remedy))
        box.finished.connect(self._told)
        self._telling = box  # without a parent it would go with its last reference
        box.open()

    def _told(self) -> None:
        self._telling = None

    def _show(self, summary: str, details: str) -> None:
        self.shown += 1
        if self._box is not None:
            return
        box = QMessageBox(QApplication.activeWindow())
        box.setObjectName("bugDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(self.tr("Something went wrong inside Semblance."))
        box.setInformativeText(
            self.tr("Your files are untouched and you can go on. The log is in {file}.").format(file=self._log_file)
            + f"\n\n{summary}"
        )
        copy = box.addButton(self.tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        box.addButton(QMessageBox.StandardButton.Close)
        box.finished.connect(self._closed)
        self._box = box
        box.open()

    def _closed(self) -> None:
        self._box = None


_installed: list[tuple[BugReporter, object, object]] = []


def install(app: QApplication, log_file: Path) -> BugReporter:
    """Hook uncaught exceptions of all threads."""
    reporter = BugReporter(log_file, app)
    before, before_thread = sys.excepthook, threading.excepthook
    _installed.append((reporter, before, before_thread))

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        before(kind, error, trace)
        reporter.report(kind, error, trace)

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        before_thread(args)
        if args.exc_value is not None and args.exc_type is not SystemExit:
            reporter.report(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook, threading.excepthook = hook, thread_hook
    return reporter


def uninstall() -> None:
    """Put the former hooks back."""
    while _installed:
        _, before, before_thread = _installed.pop()
        sys.excepthook, threading.excepthook = before, before_thread  # type: ignore[assignment]
