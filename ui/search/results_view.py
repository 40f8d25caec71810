"""The answer on the library page: header, grid or the reason why there is none, and the details of what is chosen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.query.queries import Hit
from ui.results.details import Details
from ui.results.file_actions import FileActions
from ui.results.grid import Grid
from ui.results.model import ResultsModel
from ui.results.selection import FileSelection
from ui.runtime.context import Context
from ui.search.results_header import Header
from ui.widgets.controls import EmptyState
from ui.widgets.thumbnail_cache import ThumbnailCache

ROOM_FOR_DETAILS = 720


class ResultsView(QWidget):
    """Shows the model and knows what of it is chosen.

    Attributes:
        header, grid, details, files: its parts.

    Signals:
        preview_wanted(int): row to show large.
    """

    preview_wanted = Signal(int)

    def __init__(
        self, context: Context, model: ResultsModel, thumbnails: ThumbnailCache, empty: EmptyState, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context, self._model = context, model
        self.header = Header()
        self.grid = Grid(model, thumbnails)
        self.details = Details(context)
        self.files = FileActions(context, parent)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(empty)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.header)
        left.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self.details)
        self._connect()
        self.show_details(bool(context.state.values.get("details", True)))

    def _connect(self) -> None:
        grid = self.grid
        self.header.details_toggled.connect(self.show_details)
        grid.previewed.connect(self.preview_wanted)
        grid.opened.connect(lambda _row: self.files.open(self.chosen_hits()))
        grid.zoomed.connect(lambda steps: self.header.slider.setValue(self.header.slider.value() + steps * 16))
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._menu)
        grid.selectionModel().selectionChanged.connect(self._chosen)
        grid.selectionModel().currentChanged.connect(self._chosen)
        self._choice = FileSelection(grid, self._model, self)
        self._choice.restored.connect(self._chosen)

    def show_empty(self, empty: bool) -> None:
        """The grid, or the page that says why there is nothing."""
        self._stack.setCurrentIndex(int(empty))

    def begin_list(self) -> None:
        """Another list comes: it is read from its top, and nothing in it is chosen."""
        self.grid.selectionModel().clear()
        self.grid.verticalScrollBar().setValue(0)

    # ---- the choice

    def chosen_hits(self) -> list[Hit]:
        return self._choice.hits()

    def enter_grid(self) -> None:
        """Put the keyboard into the results."""
        if self._model.total:
            if not self.grid.currentIndex().isValid():
                self.grid.setCurrentIndex(self._model.index(0))
            self.grid.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_details()

    def _fit_details(self) -> None:
        """In a narrow window the results need the room more than the details."""
        room = self.width() >= ROOM_FOR_DETAILS
        self.header.details.setVisible(room)  # it would do nothing
        wanted = self.header.details.isChecked() and self.grid.selectionModel().hasSelection()
        self.details.setVisible(wanted and room)

    def show_details(self, shown: bool) -> None:
        with QSignalBlocker(self.header.details):
            self.header.details.setChecked(shown)
        self._fit_details()
        self._context.state.values["details"] = shown
        self._context.touch_state()
        self._chosen()

    def _chosen(self, *_: object) -> None:
        self.grid.viewport().update()
        hidden = self.details.isHidden()
        self._fit_details()
        if not self.details.isHidden():
            self.details.show_hits(self.chosen_hits())
            if hidden:
                # The grid is narrower now: what was chosen must not be out of sight.
                QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        self.grid.scrollTo(self.grid.currentIndex())

    def _menu(self, place: QPoint) -> None:
        index = self.grid.indexAt(place)
        if index.isValid() and not self.grid.selectionModel().isSelected(index):
            self.grid.setCurrentIndex(index)
        hits = self.chosen_hits()
        if hits:
            self.files.menu(hits, self.grid.viewport().mapToGlobal(place))
