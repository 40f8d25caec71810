"""The main window: side bar, pages, preview on top, and everything that can be dropped on it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.core.settings import Settings
from ui.results import dropped_data
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.shell import shortcuts
from ui.shell.drop_handler import Intake
from ui.shell.drop_overlay import DropVeil
from ui.shell.geometry import fit_screen
from ui.shell.indexer_events import IndexerNews
from ui.shell.library_page import LibraryPage
from ui.shell.notices import Notices
from ui.shell.preview_host import PreviewHost
from ui.shell.saved_searches import SavedSearches
from ui.shell.sidebar import Sidebar
from ui.style import icons
from ui.widgets.banner import Banner


class Window(QMainWindow):
    """Holds the pages together.

    Attributes:
        banner: over all pages but the library page, which has its own.
        page: the library page; side: the side bar; pages: the stack of all pages; intake: what takes drops.
        preview: what shows files large; saved: the saved searches; news: what the indexer tells.

    Signals:
        closing(): the person closed the window; what happens then is the application's matter.
        shown_first(): the first paint is over.
    """

    closing = Signal()
    shown_first = Signal()
    quit_requested = Signal()

    def __init__(self, context: Context, indexer: IndexerProcess, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._indexer = context, indexer
        self.setWindowTitle(self.tr("Semblance, sample files") if context.demo else "Semblance")
        self.setWindowIcon(icons.app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 480)
        self.side = Sidebar()
        self.page = LibraryPage(context)
        self.banner = Banner()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.page)
        self._made: dict[str, QWidget] = {"all": self.page}
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        over = QHBoxLayout()
        over.setContentsMargins(24, 12, 20, 0)
        over.addWidget(self.banner)
        column.addLayout(over)
        if context.demo:
            column.addLayout(self._demo_row())
        column.addWidget(self.pages, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(body)
        self._veil = DropVeil(self)
        self.drop_handler = Intake(context, self.page, self)
        self.indexer_events = IndexerNews(context, indexer, self.page, self.side, self)
        self.saved = SavedSearches(context, self.page, self.side, self)
        self.preview = PreviewHost(context, self.page, self)
        Notices(context, self.pages, self.page, self.banner)
        self._painted = False
        self._connect()
        shortcuts.install(self, indexer)
        self.side.check("all")
        self._restore_geometry()
        self.page.bar.line.setFocus()

    def _demo_row(self) -> QHBoxLayout:
        from ui.shell.demo_bar import DemoBar

        return DemoBar(self._context, self.page).row_in(self)

    def _connect(self) -> None:
        self.side.chosen.connect(self.go)
        self.saved.chosen.connect(lambda: self.pages.setCurrentWidget(self.page))
        self.page.scope_changed.connect(self._scope_changed)
        self.page.preview_wanted.connect(self.preview.show_row)
        self.page.paste_wanted.connect(self.drop_handler.paste)
        self.page.picture_wanted.connect(self.drop_handler.pick)
        self.page.save_wanted.connect(self.saved.ask)
        self.page.page_wanted.connect(self.go)
        self.page.files.preview_wanted.connect(self.preview.show_path)
        self._context.settings_changed.connect(self._settings_changed)
        self._context.decided.connect(self.page.search.refresh)
        for banner in (self.banner, self.page.banner):
            banner.acted.connect(self.drop_handler.acted)
        self.drop_handler.library_wanted.connect(self._show_library)

    # ---- pages

    def go(self, where: str) -> None:
        """Show a page by its key."""
        if where == "settings":
            self.open_settings()
            return
        if where in ("all", "photo", "document"):
            self.pages.setCurrentWidget(self.page)
            self.side.check(where)
            self.page.show_scope(where)
            return
        page = self._page(where)
        self.pages.setCurrentWidget(page)
        page.setFocus()
        self.side.check(where)

    def _page(self, where: str) -> QWidget:
        """Pages are made when they are first looked at: the window is up sooner."""
        made = self._made.get(where)
        if made is None:
            made = self._make_tags() if where == "tags" else self._make_folders()
            self._made[where] = made
            self.pages.addWidget(made)
        return made

    def _make_tags(self) -> QWidget:
        from ui.tagging.page import TaggingPage

        made = TaggingPage(self._context)
        made.tag_chosen.connect(self._show_tag)
        made.preview_wanted.connect(self.preview.show_paths)
        made.menu_wanted.connect(self.page.files.menu_of_paths)
        return made

    def _make_folders(self) -> QWidget:
        from ui.folders.page import FoldersPage

        made = FoldersPage(self._context, self._indexer)
        made.settings_wanted.connect(self.open_settings)
        made.failures.opened.connect(self.page.files.open_path)
        made.failures.shown.connect(self.page.files.show_path)
        return made

    def _show_tag(self, tag: str) -> None:
        self.go("all")
        self.page.show_tag(tag)

    def open_settings(self, group: int = 0) -> None:
        """Show the settings, from the given group on."""
        from ui.settings.dialog import SettingsDialog

        dialog = SettingsDialog(self._context, self)
        dialog.show_group(group)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_first_run(self) -> None:
        """The three calm steps, instead of everything else."""
        from ui.shell.first_run import FirstRun

        first = FirstRun(self._context)
        first.finished.connect(self._first_run_over)
        self._made["first"] = first
        self.pages.addWidget(first)
        self.pages.setCurrentWidget(first)
        self.side.hide()

    def _first_run_over(self) -> None:
        self._context.state.values["welcomed"] = True
        self._context.touch_state()
        first = self._made.pop("first")
        self.side.show()
        self.go("all")
        self.pages.removeWidget(first)
        first.deleteLater()
        self.focus_search()

    def _scope_changed(self, scope: str) -> None:
        if self.pages.currentWidget() is self.page:
            self.side.check(scope)

    # ---- the indexer and the library

    def _settings_changed(self, new: Settings, old: Settings) -> None:
        if new.strictness != old.strictness:
            self.page.header.set_strictness(new.strictness)
            self.page.search.change(strictness=new.strictness)
        if new.thumbnail_size != old.thumbnail_size:
            self.page.header.set_size(new.thumbnail_size)
            self.page.grid.set_tile(new.thumbnail_size)

    # ---- searching

    def focus_search(self) -> None:
        if self.pages.currentWidget() is not self.page:
            self.go("all")
        self.page.bar.line.setFocus()
        self.page.bar.line.selectAll()

    def escape(self) -> None:
        """One step back: out of the grid, then out of the query."""
        if self.preview.visible:
            self.preview.hide()
        elif self.pages.currentWidget() is not self.page:
            self.go("all")
        elif not self.page.bar.line.hasFocus():
            self.page.bar.line.setFocus()
        else:
            self.page.bar.take_back()

    def undo(self) -> None:
        """Take the last thing back; other pages have an undo of their own."""
        page = self.pages.currentWidget()
        undo = self.page.history.undo if page is self.page else getattr(page, "undo_last", None)
        if undo is not None:
            undo()

    def search_for(self, text: str) -> None:
        """Words from another start of the program or from the palette."""
        self._show_library()
        self.page.ask(text)

    def _show_library(self) -> None:
        if self.pages.currentWidget() is not self.page:
            self.go("all")

    # ---- dropping and pasting

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_data.accepts(event.mimeData()):
            event.acceptProposedAction()
            if not dropped_data.is_own(event.mimeData()):
                self._veil.cover(dropped_data.is_folder(event.mimeData()))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setAccepted(self._takes(event))

    def _takes(self, event: QDropEvent) -> bool:
        """Our own items dragged back onto the window mean nothing unless they reach the search field."""
        place = self.page.bar.mapFrom(self, event.position().toPoint())
        return not dropped_data.is_own(event.mimeData()) or self.page.bar.rect().contains(place)

    def dragLeaveEvent(self, event: QEvent) -> None:  # noqa: ARG002
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        if not self._takes(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.drop_handler.take(event.mimeData())

    # ---- the window itself

    def _restore_geometry(self) -> None:
        saved = self._context.state.values.get("geometry")
        if not (isinstance(saved, str) and self.restoreGeometry(QByteArray.fromBase64(saved.encode()))):
            self.resize(1240, 820)
        fit_screen(self)

    def remember_geometry(self) -> None:
        self._context.state.values["geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()
        self._context.touch_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.preview.fit()

    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.shown_first.emit)
        return answer

    def closeEvent(self, event: QCloseEvent) -> None:
        self.remember_geometry()
        event.ignore()
        self.closing.emit()
