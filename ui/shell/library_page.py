"""The page people live on: search bar, grid, details."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import UserError
from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.queries import Filters, Hit, Query, Results
from ui.i18n.backend_messages import localised, localised_error
from ui.results.model import ResultsModel
from ui.runtime.context import Context
from ui.runtime.model_loader import ModelLoader
from ui.search.controller import SearchController, understood
from ui.search.empty_page import EmptyResultsPage
from ui.search.empty_states import MEANT, did_you_mean
from ui.search.filter_menu import FilterPopup
from ui.search.library_items import LibraryItems
from ui.search.results_view import ResultsView
from ui.search.searchbar import SearchBar
from ui.shell.undo import UndoHistory
from ui.widgets.banner import Banner
from ui.widgets.thumbnail_cache import ThumbnailCache

REMEMBER_MS = 2000
"""Words whose results stood so long are offered as recent ones."""


class LibraryPage(QWidget):
    """Search, results and details.

    Attributes:
        bar, view, model, search, banner, items, thumbnails: its parts; header, grid, details, files: those of the view.

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
        self.bar, self.banner, self.notes = SearchBar(), Banner(), Banner()
        self.model_loader = ModelLoader(context, self)
        self.empty = EmptyResultsPage(context, self.search, self.model_loader)
        self.view = ResultsView(context, self.model, self.thumbnails, self.empty, self)
        self.header, self.grid, self.details, self.files = (
            self.view.header, self.view.grid, self.view.details, self.view.files,
        )  # fmt: skip
        self.history = UndoHistory(context, self.bar, self)
        self._stood = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._stood.timeout.connect(self._remember)
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
        column.addWidget(self.view, 1)

    def _connect(self) -> None:
        self.bar.typed.connect(self._typed)
        self.bar.changed.connect(self._changed)
        self.bar.submitted.connect(self._submitted)
        self.bar.chips_requested.connect(self._chips_requested)
        self.bar.undo_requested.connect(self.history.undo)
        self.history.restored.connect(self.search.refresh)
        self.grid.typed.connect(self._typed_in_grid)
        self.bar.left_downwards.connect(self.view.enter_grid)
        self.bar.paste_requested.connect(self.paste_wanted)
        self.bar.picture_requested.connect(self.picture_wanted)
        self.bar.save_requested.connect(self.save_wanted)
        self.header.sort_chosen.connect(lambda sort: self.search.change(sort=sort))
        self.header.strictness_chosen.connect(self._strict)
        self.header.size_chosen.connect(self._resize_tiles)
        self.search.replacing.connect(self.view.begin_list)
        self.search.answered.connect(self._answered)
        self.search.failed.connect(self._no_answer)
        self.view.preview_wanted.connect(self.preview_wanted)
        self.view.preview_wanted.connect(self._remember)
        self.grid.verticalScrollBar().valueChanged.connect(lambda: self._looked.start())
        self.files.query_wanted.connect(self.items.add)
        self.files.removed.connect(self._files_removed)
        self.details.tag_clicked.connect(self.show_tag)
        self.details.place_clicked.connect(self.show_place)
        self.empty.chosen.connect(self._way_out)
        self.notes.acted.connect(self._way_out)
        self.model_loader.loaded.connect(self._warm)
        self.header.more_wanted.connect(lambda: self._way_out("all"))

    # ---- the question

    def _typed(self) -> None:
        self._stood.stop()
        self.search.change(typing=True, text=self.bar.text)

    def _changed(self) -> None:
        self.search.change(parts=self.bar.parts, filters=self.bar.filters, text=self.bar.text)
        kind = self.bar.filters.kind
        self.scope_changed.emit(kind.value if kind else "all")

    def _submitted(self, text: str) -> None:
        if not text.strip():
            self.enter_grid()
            return
        self._remember()
        self._context.ask(lambda library: understood(library, text)[0], self._keep, topic="settle")

    def _keep(self, query: Query) -> None:
        self.bar.keep(query)
        if self.search.is_due:
            self.search.ask()  # who presses Enter does not wait for the pause
        self.enter_grid()

    def _chips_requested(self, text: str) -> None:
        self._context.ask(lambda library: understood(library, text)[0], self._make_chips, topic="settle")

    def _make_chips(self, query: Query) -> None:
        if query.parts or query.filters:
            self.bar.add_as_chips(query)

    def _typed_in_grid(self, text: str) -> None:
        """Typing among the results begins a search."""
        self.bar.line.setFocus()
        self.bar.set_text(text)

    def _remember(self) -> None:
        """These words led somewhere: they are offered again."""
        text = self.bar.text.strip()
        if text and (not self._context.state.recent or self._context.state.recent[0] != text):
            self._context.state.remember(text)
            self._context.touch_state()
            self.bar.set_recent(self._context.state.recent)

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
        if self._complained:
            self._complained = False
            self.banner.hide()
        self.thumbnails.forget_missing()
        self.header.say(self.search.question, self.search.query, results)
        if self.search.searching:
            self.model_loader.watch(results)
        if results.total == 0:
            self.empty.renew()
        self.view.show_empty(results.total == 0)
        if results.total and self.search.searching:
            self._stood.start()
        self._look()
        self._say_notes(results)

    def _say_notes(self, results: Results) -> None:
        problem = self.search.problem
        self.bar.mark(problem if self.search.question.text == self.bar.text else None)
        # An empty page says by itself why it is empty.
        words = " ".join(map(localised, results.notes)) if results.total else ""
        if problem is not None:
            words = localised_error(problem)
        elif not words and results.total and self.search.searching and results.model is None:
            words = self.tr("Searching by words only so far: the model is not loaded yet.")
        meant = results.did_you_mean if results.total and problem is None else ""
        if words or meant:
            self.notes.say(words, action=(MEANT, did_you_mean(meant)) if meant else None)
        else:
            self.notes.hide()

    def _warm(self) -> None:
        if self.search.searching:
            self.search.ask()

    def _no_answer(self, error: UserError) -> None:
        from app.query.filter_input import QueryError

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
            self.view.show_empty(True)

    def _way_out(self, key: str) -> None:
        if key == "all":
            self.search.change(all_hits=True)
        elif key == "filters":
            self.bar.set_filters(Filters())
        elif key == "again":
            self.search.ask()
        elif key == MEANT and self.search.answer is not None:
            self.bar.set_query(Query((), self.search.query.filters), text=self.search.answer.did_you_mean)
        else:
            self.page_wanted.emit(key)

    def _files_removed(self, paths: list[str]) -> None:
        if paths:
            self.history.files_trashed(paths)
        self.search.refresh()

    def chosen_hits(self) -> list[Hit]:
        return self.view.chosen_hits()

    def enter_grid(self) -> None:
        self.view.enter_grid()

    def _look(self) -> None:
        self.search.look(self.grid.visible_rows())
