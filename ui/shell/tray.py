"""The tray icon: state at a glance, pause, open, quit. It lives as long as the program; windows come and go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.core import indexer_protocol
from app.core.indexer_protocol import Notice, Progress
from ui.i18n.backend_messages import localised
from ui.runtime.indexer_process import IndexerProcess
from ui.style import icons
from ui.widgets.indexing_status import detail, headline

HOUR_S = 3600.0


class Tray(QObject):
    """Shows and steers the indexer.

    Signals:
        opened(); quit_requested().
    """

    opened = Signal()
    quit_requested = Signal()

    def __init__(self, indexer: IndexerProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._indexer = indexer
        self._icon = QSystemTrayIcon(icons.app_icon(), self)
        self._menu = QMenu()
        self._state = QAction(self)
        self._state.setEnabled(False)
        self._menu.addAction(self._state)
        self._menu.addSeparator()
        self._menu.addAction(icons.icon("search"), self.tr("Open Semblance")).triggered.connect(self.opened)
        self._hour = self._menu.addAction(icons.icon("clock"), self.tr("Pause for an hour"))
        self._hour.triggered.connect(lambda: indexer.send(indexer_protocol.Pause(HOUR_S)))
        self._pause = self._menu.addAction(icons.icon("pause"), self.tr("Pause until resumed"))
        self._pause.triggered.connect(lambda: indexer.send(indexer_protocol.Pause()))
        self._resume = self._menu.addAction(icons.icon("play"), self.tr("Resume"))
        self._resume.triggered.connect(lambda: indexer.send(indexer_protocol.Resume()))
        self._menu.addSeparator()
        self._menu.addAction(icons.icon("quit"), self.tr("Quit")).triggered.connect(self.quit_requested)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        indexer.progressed.connect(self.show_progress)
        indexer.noticed.connect(self._noticed)
        self.show_progress(indexer.progress)
        self._icon.show()

    def show_progress(self, progress: Progress) -> None:
        words = " · ".join(filter(None, (headline(progress), detail(progress))))
        self._state.setText(words)
        self._icon.setToolTip(f"Semblance\n{words}")
        paused = progress.state == "paused"
        self._resume.setVisible(paused)
        self._hour.setVisible(not paused)
        self._pause.setVisible(not paused)

    def _noticed(self, notice: Notice) -> None:
        if notice.level == "error":
            self._icon.showMessage("Semblance", f"{localised(notice.what)} {localised(notice.remedy)}".strip())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()
