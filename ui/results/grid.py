"""The grid of results.

A QListView in all it does for keyboard, selection, dragging and accessibility, but laid out by arithmetic: every
tile has the same size, so the place of row n is a division, 100,000 rows cost what 100 cost, and headings can stand
between them, which QListView's own icon mode cannot do.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from app.core.settings import Settings
from ui.results.grid_layout import GAP, HEADING, MARGIN, GridLayout
from ui.results.model import ResultsModel
from ui.results.tiles import TileDelegate, draw_heading
from ui.widgets.thumbnail_cache import ThumbnailCache

Move = QAbstractItemView.CursorAction
Index = QModelIndex | QPersistentModelIndex


class Grid(QListView):
    """Shows a ResultsModel.

    Attributes:
        side: side of a tile in logical pixels, as laid out; at least the size that was chosen.

    Signals:
        previewed(int): the row is to be shown large; opened(int): to be opened by its own program.
        zoomed(int): steps of the size slider, from Ctrl and wheel. typed(str): a character, to search with.
    """

    previewed = Signal(int)
    opened = Signal(int)
    zoomed = Signal(int)
    typed = Signal(str)

    def __init__(self, model: ResultsModel, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self._results, self._thumbnails = model, thumbnails
        self._wanted = Settings().thumbnail_size
        self._hovered = -1
        self._layout = GridLayout([], 800, self._wanted)
        self._tiles = TileDelegate(thumbnails, self)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self.viewport().update)
        self.setItemDelegate(self._tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setModel(model)
        self.setAccessibleName(self.tr("Results"))
        model.sections_changed.connect(self.lay_out)
        thumbnails.arrived.connect(self._repaint)

    # ---- layout by arithmetic

    def set_tile(self, side: int) -> None:
        """Choose the size of tiles; they grow a little to fill the width."""
        anchor = self.indexAt(QPoint(MARGIN + 4, self.viewport().height() // 3))
        self._wanted = side
        self.lay_out()
        if anchor.isValid():
            self.scrollTo(anchor, QAbstractItemView.ScrollHint.PositionAtCenter)

    def lay_out(self) -> None:
        """Compute columns, sections and the scroll range anew."""
        self._layout = GridLayout(self._results.sections(), self.viewport().width(), self._wanted)
        self._thumbnails.resize(self.side, self.devicePixelRatioF())
        self.updateGeometries()
        self.viewport().update()

    @property
    def side(self) -> int:
        return self._layout.side

    def doItemsLayout(self) -> None:
        self.lay_out()

    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))
        # Disabled it shows no handle: there is nothing to scroll, and the width stays what it is.
        bar.setEnabled(bar.maximum() > 0)
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(24, self.side // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        anchor = self.indexAt(QPoint(MARGIN + 4, HEADING + 12))
        QAbstractItemView.resizeEvent(self, event)
        self.lay_out()
        if event.size().width() != event.oldSize().width() and anchor.isValid() and anchor.row() > self._layout.columns:
            self.scrollTo(anchor, QAbstractItemView.ScrollHint.PositionAtTop)

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def visible_rows(self) -> range:
        """The rows on screen."""
        top = self.verticalOffset()
        parts = self._layout.rows_between(top, top + self.viewport().height())
        return range(parts[0].start, parts[-1].stop) if parts else range(0)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._layout.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self._results.index(row)

    def isIndexHidden(self, _index: Index) -> bool:
        return False

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        place, bar = self._layout.rect(index.row()), self.verticalScrollBar()
        block = self._layout.block(index.row())
        top = block.top if block and index.row() - block.first < self._layout.columns else place.top() - GAP
        height, value = self.viewport().height(), bar.value()
        if hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(top)
        elif hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(place.center().y() - height // 2)
        elif top < value:
            bar.setValue(top)
        elif place.bottom() + GAP > value + height:
            bar.setValue(place.bottom() + GAP - height)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:  # noqa: ARG002
        # Qt would ask for the place of each of the changed rows, though nothing but paint depends on them.
        shown = self.visible_rows()
        if first.row() < shown.stop and last.row() >= shown.start:
            self.viewport().update()

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        offset, clip = self.verticalOffset(), event.rect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        selection, current = self.selectionModel(), self.currentIndex().row() if self.hasFocus() else -1
        any_chosen = selection.hasSelection()
        self._tiles.begin()
        for rows in self._layout.rows_between(clip.top() + offset - 8, clip.bottom() + offset + 8):
            for row in rows:
                state = QStyle.StateFlag.State_Enabled
                if any_chosen and selection.isSelected(self._results.index(row)):
                    state |= QStyle.StateFlag.State_Selected
                if row == current:
                    state |= QStyle.StateFlag.State_HasFocus
                if row == self._hovered:
                    state |= QStyle.StateFlag.State_MouseOver
                place = self._layout.rect(row).translated(0, -offset)
                self._tiles.draw(painter, place, self._results.hit(row), state)
        if self._tiles.late:
            self._rest.start()
        for block in self._layout.blocks_between(clip.top() + offset, clip.bottom() + offset):
            if block.title and block.top - offset < clip.bottom() and block.tiles - offset > clip.top():
                place = QRect(MARGIN, block.top - offset, self.viewport().width() - 2 * MARGIN, HEADING)
                draw_heading(painter, place, block.title, self.locale().toString(block.count))

    def _repaint(self, keys: list[str]) -> None:
        wanted = set(keys)
        for row in self.visible_rows():
            hit = self._results.hit(row)
            if hit is not None and hit.thumbnail in wanted:
                self.viewport().update(self.visualRect(self._results.index(row)).adjusted(-5, -5, 5, 5))

    def update_row(self, index: Index) -> None:
        self.viewport().update(self.visualRect(index).adjusted(-6, -6, 6, 6))

    # ---- moving and choosing

    def moveCursor(self, action: Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        total = self._results.total
        if not total:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self._results.index(0)
        row = current.row()
        page = max(1, self.viewport().height() // (self.side + GAP))
        if action in (Move.MoveRight, Move.MoveNext):
            row += 1
        elif action in (Move.MoveLeft, Move.MovePrevious):
            row -= 1
        elif action in (Move.MoveUp, Move.MovePageUp):
            row = self._layout.vertical(row, -1 if action is Move.MoveUp else -page)
        elif action in (Move.MoveDown, Move.MovePageDown):
            row = self._layout.vertical(row, 1 if action is Move.MoveDown else page)
        else:
            row = 0 if action is Move.MoveHome else total - 1
        return self._results.index(max(0, min(row, total - 1)))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        # Qt gives the point where selecting began and the one where it is now: all between, in reading order.
        begin, end = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        chosen = QItemSelection()
        if begin.isValid() and end.isValid():
            first, last = sorted((begin.row(), end.row()))
            chosen.select(self._results.index(first), self._results.index(last))
        else:
            area = rect.normalized().translated(0, self.verticalOffset())
            for rows in self._layout.rows_between(area.top(), area.bottom()):
                for row in rows:
                    if self._layout.rect(row).intersects(area):
                        chosen.select(self._results.index(row), self._results.index(row))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region, shown = QRegion(), self.visible_rows()
        for number in range(selection.count()):
            span = selection.at(number)
            for row in range(max(span.top(), shown.start), min(span.bottom() + 1, shown.stop)):
                region += self.visualRect(self._results.index(row)).adjusted(-6, -6, 6, 6)
        return region

    def selected_rows(self) -> list[int]:
        """Chosen rows in order; the current one where none is."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        if not rows and self.currentIndex().isValid():
            rows = [self.currentIndex().row()]
        return rows

    # ---- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row() if self.currentIndex().isValid() else -1
        if event.key() == Qt.Key.Key_Space and not event.modifiers() and row >= 0:
            self.previewed.emit(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.opened.emit(row)
        elif _is_character(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The first click may have opened the details, and another tile lies under the pointer now.
        if self.currentIndex().isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.previewed.emit(self.currentIndex().row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex())

    def _hover(self, index: QModelIndex) -> None:
        """Show the name under the pointer; only the two tiles concerned are painted."""
        if index.row() != self._hovered:
            for row in (self._hovered, index.row()):
                if 0 <= row < self._results.total:
                    self.update_row(self._results.index(row))
            self._hovered = index.row()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)


def _is_character(event: QKeyEvent) -> bool:
    """Whether a key press types something, rather than moving or commanding."""
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    text = event.text()
    return bool(text) and text.isprintable() and not text.isspace() and not event.modifiers() & commands
