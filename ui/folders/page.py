"""Folders and indexing: what is watched, how far it is, what failed and why, the index and the model."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.core import indexer_protocol
from app.core.errors import UserError
from app.core.indexer_protocol import FolderState, Progress
from app.core.paths import for_display, to_stored
from app.core.settings import Settings
from app.query.library_api import FailedFile, FolderStatus, Library, LibraryStatus
from ui.folders.failures import Failures
from ui.folders.index_card import IndexCard
from ui.folders.not_indexed import NotIndexedCard
from ui.i18n.plurals import Counted
from ui.models.model_list import ModelList
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.widgets.controls import IconLabel, button, card, clear_layout, label, scroll_page, tool
from ui.widgets.indexing_status import detail, headline
from ui.widgets.questions import ask
from ui.widgets.texts import ElidedLabel, TextBlock

RENEW_MS = 2000
INSET = 16


def with_folder(folders: Sequence[str], new: str) -> tuple[str, ...]:
    """The watched folders and one more; none inside another."""
    from app.files.watched_folders import add_folders

    return add_folders(folders, [Path(new)])


class FoldersPage(QWidget):
    """The page.

    Signals:
        settings_wanted(): the rest is in the settings.
    """

    settings_wanted = Signal()

    def __init__(self, context: Context, indexer: IndexerProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._context, self._indexer = context, indexer
        self._status: LibraryStatus | None = None
        self._states: dict[str, QLabel] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_page()
        outer.addWidget(area)
        top = QHBoxLayout()
        top.addWidget(label(self.tr("Folders and indexing"), "title"))
        top.addStretch(1)
        top.addWidget(
            button(self.tr("Add folder…"), self._ask_folder, role="primary", icon="plus", name="addFolderButton")
        )
        column.addLayout(top)
        column.addWidget(self._progress_card())
        self._folders = QVBoxLayout()
        self._folders.setSpacing(10)
        column.addLayout(self._folders)
        self.failures = Failures()
        self.failures.retried.connect(lambda paths: indexer.send(indexer_protocol.Retry(tuple(paths))))
        column.addWidget(self.failures)
        self._not_indexed = NotIndexedCard()
        self._not_indexed.folder_wanted.connect(self.add)
        self._not_indexed.pattern_wanted.connect(self._take_in)
        column.addWidget(self._not_indexed)
        self._section(column, self.tr("Model"))
        self.models = ModelList(context)
        column.addWidget(self.models)
        self._section(column, self.tr("Index"))
        self._index = IndexCard(indexer)
        self._index.settings_wanted.connect(self.settings_wanted)
        column.addWidget(self._index)
        column.addStretch(1)
        self._renew = QTimer(self, interval=RENEW_MS)
        self._renew.timeout.connect(self.reload)
        indexer.progressed.connect(self.show_progress)
        indexer.folder_changed.connect(self._told)
        context.settings_changed.connect(self._settings_changed)
        self.show_progress(indexer.progress)
        self.failures.show_files([])
        self._show_folders()

    def _section(self, column: QVBoxLayout, text: str) -> QWidget:
        column.addSpacing(8)
        made = label(text, "heading")
        column.addWidget(made)
        return made

    # ---- progress

    def _progress_card(self) -> QFrame:
        made, column = card(margins=INSET, spacing=8)
        row = QHBoxLayout()
        self._headline = label("", "heading", name="foldersHeadline")
        row.addWidget(self._headline)
        row.addStretch(1)
        self._pause = button(self.tr("Pause"), self._ask_pause, icon="pause", name="foldersPause")
        self._resume = button(
            self.tr("Resume"), lambda: self._indexer.send(indexer_protocol.Resume()), icon="play", name="foldersResume"
        )
        self._rescan = button(
            self.tr("Check for changes"),
            lambda: self._indexer.send(indexer_protocol.Rescan()),
            icon="refresh",
            name="rescanAll",
        )
        for one in (self._pause, self._resume, self._rescan):
            row.addWidget(one)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Indexing progress"))
        self._detail = label("", "muted", wrap=True, name="foldersDetail")
        self._current = label("", "small", name="foldersCurrent")
        self._current.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        column.addLayout(row)
        for widget in (self._bar, self._detail, self._current):
            column.addWidget(widget)
        return made

    def show_progress(self, progress: Progress) -> None:
        self._headline.setText(headline(progress))
        moving = progress.state in ("indexing", "scanning", "paused", "battery") and progress.total > 0
        self._bar.setVisible(moving)
        self._bar.setMaximum(max(1, progress.total))
        self._bar.setValue(progress.done)
        words = detail(progress)
        if not words and self._status is not None:
            words = self._counts(self._status)
        self._detail.setText(words)
        name = for_display(progress.current) if progress.state == "indexing" else ""
        self._current.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 600))
        self._current.setVisible(bool(name))
        paused = progress.state == "paused"
        self._pause.setVisible(not paused)
        self._resume.setVisible(paused)

    def _counts(self, status: LibraryStatus) -> str:
        return " · ".join((Counted().photos(status.photos), Counted().documents(status.documents)))

    def _ask_pause(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        hour, until = menu.addAction(self.tr("For an hour")), menu.addAction(self.tr("Until resumed"))
        hour.triggered.connect(lambda: self._indexer.send(indexer_protocol.Pause(3600.0)))
        until.triggered.connect(lambda: self._indexer.send(indexer_protocol.Pause()))
        menu.popup(self._pause.mapToGlobal(QPoint(0, self._pause.height() + 4)))

    # ---- folders

    def reload(self) -> None:
        """Ask for counts and failures anew."""

        def work(library: Library) -> tuple[LibraryStatus, Sequence[FailedFile]]:
            return library.status(), library.failures()

        self._context.ask(work, self._show, topic="folders")

    def _show(self, answer: tuple[LibraryStatus, Sequence[FailedFile]]) -> None:
        changed = self._status is None or answer[0] != self._status
        self._status = answer[0]
        if changed:
            self._show_folders()
            self._index.show_size(answer[0].index_bytes)
        self.failures.show_files(answer[1])
        self._not_indexed.show_what(answer[0].not_indexed)
        self.show_progress(self._indexer.progress)

    def _settings_changed(self, new: Settings, old: Settings) -> None:
        if new.folders != old.folders:
            self._show_folders()

    def _told(self, state: FolderState) -> None:
        """What the table holds is asked of the library when a folder comes or goes; the rest the indexer tells."""
        known = {folder.path: folder for folder in self._status.folders} if self._status is not None else {}
        status = next((one for path, one in known.items() if to_stored(path) == state.path), None)
        if status is None or status.online is not state.online:
            if self.isVisible():
                self.reload()
        elif (words := self._states.get(state.path)) is not None:
            words.setText(self._state(status))

    def _show_folders(self) -> None:
        clear_layout(self._folders)
        self._states.clear()
        known = {folder.path: folder for folder in self._status.folders} if self._status is not None else {}
        for path in self._context.settings.folders:
            self._folders.addWidget(self._folder(path, known.get(to_stored(path))))

    def _folder(self, path: str, status: FolderStatus | None) -> QFrame:
        made, column = card(margins=INSET, spacing=4)
        row = QHBoxLayout()
        row.setSpacing(12)
        online = status is None or status.online
        sign = IconLabel("folder" if online else "offline", 24, "accent" if online else "warn")
        text = QVBoxLayout()
        text.setSpacing(0)
        text.addWidget(ElidedLabel(Path(path).name or path, "strong"))
        text.addWidget(TextBlock(for_display(path), "small"))
        row.addWidget(sign)
        row.addLayout(text, 1)
        self._states[to_stored(path)] = label(self._state(status), "muted", name="folderState")
        row.addWidget(self._states[to_stored(path)])
        rescan = tool(
            "refresh", self.tr("Check {name} for changes").format(name=Path(path).name), None, name="rescanFolder"
        )
        rescan.clicked.connect(lambda: self._indexer.send(indexer_protocol.Rescan(path)))
        remove = tool(
            "minus", self.tr("Remove {name} from the search").format(name=Path(path).name), None, name="removeFolder"
        )
        remove.clicked.connect(lambda: self._remove(path))
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for widget in (rescan, remove):
            widget.setIconSize(QSize(18, 18))
            tools.addWidget(widget)
        row.addLayout(tools)
        column.addLayout(row)
        return made

    def _state(self, status: FolderStatus | None) -> str:
        if status is None:
            return self.tr("Waiting")
        if not status.online:
            return self.tr("Not connected")
        words = []
        if status.photos:
            words.append(Counted().photos(status.photos))
        if status.documents:
            words.append(Counted().documents(status.documents))
        told = self._indexer.folders.get(to_stored(status.path))
        if told is not None and told.pending:
            words.append(self.tr("%Ln to do", "", told.pending))
        return " · ".join(words) or self.tr("Nothing yet")

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Add folder"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add)
        dialog.open()

    def add(self, path: str) -> None:
        """Watch one more folder."""
        try:
            self._context.change(folders=with_folder(self._context.settings.folders, path))
        except UserError as error:
            self._context.problem.emit(error)

    def _take_in(self, pattern: str) -> None:
        """Have folders looked into that the ignore list leaves out."""
        self._context.change(ignore=(*self._context.settings.ignore, pattern))

    def _remove(self, path: str) -> None:
        if ask(
            self,
            "removeFolderQuestion",
            self.tr("Stop searching in “{name}”?").format(name=html.escape(Path(path).name)),
            self.tr("Its files stay where they are. They are only taken out of the index."),
            self.tr("Remove from the search"),
        ):
            rest = tuple(folder for folder in self._context.settings.folders if folder != path)
            self._context.change(folders=rest)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._renew.start()

    def hideEvent(self, event: object) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self._renew.stop()
