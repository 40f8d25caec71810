"""The page people live on: search bar, grid, details."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.records import Kind
from app.query.queries import Filters, GeoCircle, Hit, Query, Results
from ui.i18n.backend_messages import localised, localised_error
from ui.results.details import Details
from ui.results.file_actions import FileActions
from ui.results.grid import Grid
from ui.results.model import ResultsModel
from ui.results.selection import FileSelection
from ui.runtime.context import Context
from ui.runtime.model_loader import ModelLoader
from ui.search.controller import SearchController
from ui.search.empty_page import EmptyResultsPage
from ui.search.filter_menu import FilterPopup
from ui.search.library_items import LibraryItems
from ui.search.results_header import Header
from ui.search.searchbar import SearchBar
from ui.widgets.banner import Banner
from ui.widgets.thumbnail_cache import ThumbnailCache

ROOM_FOR_DETAILS = 720


class LibraryPage(QWidget):
    """Search, results and details.

    Attributes:
        bar, grid, model, search, banner, details, files, items, thumbnails: its parts, for the window and for tests.

    Signals:
        preview_wanted(int): row to show large. scope_changed(str): "all", "photo" or "document".
        paste_wanted(); picture_wanted(): the window knows how. page_wanted(str): another page.
    """

    preview_wanted = Signal(int)
    scope_changed = Signal(str)
    paste_wanted = Signal()
    picture_wanted = Signal()
    save_wanted = Signal()
    page_wanted = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._context = context
        self._complained = False
        self.model = ResultsModel(self)
        self.search = SearchController(context, self.model, self)
        self.thumbnails = ThumbnailCache(context.tasks, lambda: context.library, self)
        self.bar, self.header, self.banner = SearchBar(), Header(), Banner()
        self.grid = Grid(self.model, self.thumbnails)
        self.details = Details(context)
        self.files = FileActions(context, self)
        self.notes = Banner()
        self.model_loader = ModelLoader(context, self)
        self.empty = EmptyResultsPage(context, self.search, self.model_loader)
        self.items = LibraryItems(context, self.bar, self)
        self._filters = FilterPopup(context, self.bar, self)
        self._lay_out()
        self._connect()
        self._looked = QTimer(self, singleShot=True, interval=120)
        self._looked.timeout.connect(self._look)
        self._strict_later = QTimer(self, singleShot=True, interval=150)
        self._strict_later.timeout.connect(self._apply_strictness)
        self._strictness = context.settings.strictness
        self.header.set_strictness(self._strictness)
        self.header.set_size(context.settings.thumbnail_size)
        self.grid.set_tile(context.settings.thumbnail_size)
        self.show_details(bool(context.state.values.get("details", True)))
        self.bar.set_recent(context.state.recent)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(24, 16, 20, 8)
        top.setSpacing(8)
        top.addWidget(self.bar)
        top.addWidget(self.banner)
        top.addWidget(self.notes)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.header)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        left.addWidget(self._stack, 1)
        row.addLayout(left, 1)
        row.addWidget(self.details)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.bar.typed.connect(self._typed)
        self.bar.changed.connect(self._changed)
        self.bar.submitted.connect(self._submitted)
        self.bar.left_downwards.connect(self.enter_grid)
        self.bar.paste_requested.connect(self.paste_wanted)
        self.bar.picture_requested.connect(self.picture_wanted)
        self.bar.save_requested.connect(self.save_wanted)
        self.header.sort_chosen.connect(lambda sort: self.search.change(sort=sort))
        self.header.strictness_chosen.connect(self._strict)
        self.header.size_chosen.connect(self._resize_tiles)
        self.header.details_toggled.connect(self.show_details)
        self.search.answered.connect(self._answered)
        self.search.failed.connect(self._no_answer)
        self.grid.previewed.connect(self.preview_wanted)
        self.grid.opened.connect(lambda _row: self.files.open(self.chosen_hits()))
        self.grid.zoomed.connect(lambda steps: self.header.slider.setValue(self.header.slider.value() + steps * 16))
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.grid.customContextMenuRequested.connect(self._menu)
        self.grid.selectionModel().selectionChanged.connect(self._chosen)
        self.grid.selectionModel().currentChanged.connect(self._chosen)
        self._choice = FileSelection(self.grid, self.model, self)
        self._choice.restored.connect(self._chosen)
        self.grid.verticalScrollBar().valueChanged.connect(lambda: self._looked.start())
        self.files.query_wanted.connect(self.items.add)
        self.files.removed.connect(self.search.refresh)
        self.details.tag_clicked.connect(self.show_tag)
        self.details.place_clicked.connect(self.show_place)
        self.empty.chosen.connect(self._way_out)
        self.model_loader.loaded.connect(self._warm)
        self.header.more_wanted.connect(lambda: self._way_out("all"))

    # ---- the question

    def _typed(self) -> None:
        self.search.change(typing=True, text=self.bar.text)

    def _changed(self) -> None:
        self.search.change(parts=self.bar.parts, filters=self.bar.filters, text=self.bar.text)
        kind = self.bar.filters.kind
        self.scope_changed.emit(kind.value if kind else "all")

    def _submitted(self, text: str) -> None:
        if not text.strip():
            self.enter_grid()
            return
        self._context.state.remember(text)
        self._context.touch_state()
        self.bar.set_recent(self._context.state.recent)
        self._context.ask(lambda library: library.parse(text), self._settle, topic="settle")

    def _settle(self, query: Query) -> None:
        if query.parts or query.filters:
            self.bar.add_as_chips(query)
        self.enter_grid()

    def ask(self, text: str) -> None:
        """Search for words from outside: another start of the program, or the palette."""
        self.bar.set_query(Query(), text=text)
        self.bar.set_text(text)
        self.search.ask()

    def show_scope(self, scope: str) -> None:
        """Everything, photos, or documents, keeping the search."""
        from dataclasses import replace

        kind = Kind(scope) if scope in ("photo", "document") else None
        self.bar.set_filters(replace(self.bar.filters, kind=kind))

    def show_tag(self, tag: str) -> None:
        self.bar.set_query(Query((), Filters(tags=(tag,))))

    def show_place(self, near: GeoCircle) -> None:
        self.bar.set_query(Query((), Filters(near=near)))

    def _strict(self, value: int) -> None:
        self._strictness = value
        self._strict_later.start()

    def _apply_strictness(self) -> None:
        self.search.change(strictness=self._strictness)

    def _resize_tiles(self, side: int) -> None:
        self.grid.set_tile(side)
        self._context.change(thumbnail_size=side)

    # ---- the answer

    def _answered(self, results: Results) -> None:
        question = self.search.question
        if self._complained:
            self._complained = False
            self.banner.hide()
        self.thumbnails.forget_missing()
        self.header.say(question, results)
        if question.searching:
            self.model_loader.watch(results)
        if results.total == 0:
            self.empty.renew()
            self._stack.setCurrentWidget(self.empty)
        else:
            self._stack.setCurrentWidget(self.grid)
        self._look()
        self._say_notes(results)

    def _say_notes(self, results: Results) -> None:
        # An empty page says by itself why it is empty.
        words = " ".join(map(localised, results.notes)) if results.total else ""
        if not words and results.total and self.search.question.searching and results.model is None:
            words = self.tr("Searching by words only so far: the model is not loaded yet.")
        if words:
            self.notes.say(words)
        else:
            self.notes.hide()

    def _warm(self) -> None:
        if self.search.question.searching:
            self.search.ask()

    def _no_answer(self, error: UserError) -> None:
        from app.query.filters import QueryError

        if isinstance(error, QueryError):
            # Words half typed are no fault: said quietly, gone with the next answer.
            self.notes.say(localised_error(error))
            return
        self.banner.show_error(error)
        self._complained = True
        if self.search.answer is None:
            self.empty.say(
                "nothing",
                self.tr("The library cannot be shown"),
                localised_error(error),
                [("again", self.tr("Try again"))],
            )
            self._stack.setCurrentWidget(self.empty)

    def _way_out(self, key: str) -> None:
        if key == "all":
            self.search.change(all_hits=True)
        elif key == "filters":
            self.bar.set_filters(Filters())
        elif key == "again":
            self.search.ask()
        else:
            self.page_wanted.emit(key)

    # ---- the choice

    def chosen_hits(self) -> list[Hit]:
        return self._choice.hits()

    def enter_grid(self) -> None:
        """Put the keyboard into the results."""
        if self.model.total:
            if not self.grid.currentIndex().isValid():
                self.grid.setCurrentIndex(self.model.index(0))
            self.grid.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_details()

    def _fit_details(self) -> None:
        """In a narrow window the results need the room more than the details."""
        room = self.width() >= ROOM_FOR_DETAILS
        self.header.details.setVisible(room)  # it would do nothing
        self.details.setVisible(self.header.details.isChecked() and room)

    def show_details(self, shown: bool) -> None:
        with QSignalBlocker(self.header.details):
            self.header.details.setChecked(shown)
        self._fit_details()
        self._context.state.values["details"] = shown
        self._context.touch_state()
        self._chosen()

    def _chosen(self, *_: object) -> None:
        self.grid.viewport().update()
        if not self.details.isHidden():
            self.details.show_hits(self.chosen_hits())

    def _menu(self, place: QPoint) -> None:
        index = self.grid.indexAt(place)
        if index.isValid() and not self.grid.selectionModel().isSelected(index):
            self.grid.setCurrentIndex(index)
        hits = self.chosen_hits()
        if hits:
            self.files.menu(hits, self.grid.viewport().mapToGlobal(place))

    def _look(self) -> None:
        self.search.look(self.grid.visible_rows())
