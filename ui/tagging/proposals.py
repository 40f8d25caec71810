"""Proposals as a model, and their tiles: the picture, the label and how sure the program is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.core.paths import for_display, from_stored
from app.core.records import Kind
from app.files.types import kind_of
from ui.results.model import name_of
from ui.runtime.tagger_api import TagProposal
from ui.style import icons, theme
from ui.widgets.thumbnail_cache import ThumbnailCache

FOOT = 44
MARGIN = 8
TILE = 148
Index = QModelIndex | QPersistentModelIndex


class ProposalsModel(QAbstractListModel):
    """The first proposals of a list that grows as its end comes into sight.

    Signals:
        more_wanted(): its end is in sight, and there may be more.
    """

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proposals: list[TagProposal] = []
        self._more = self._asked = False

    def show(self, proposals: Sequence[TagProposal], *, more: bool) -> None:
        """Begin a list; `more` says whether there may be others after these."""
        self.beginResetModel()
        self._proposals = list(proposals)
        self._more, self._asked = more, False
        self.endResetModel()

    def extend(self, proposals: Sequence[TagProposal], *, more: bool) -> None:
        """Further ones have come; those that are there already are left out."""
        known = {(one.path, one.label) for one in self._proposals}
        new = [one for one in proposals if (one.path, one.label) not in known]
        self._more, self._asked = more, False
        if new:
            first = len(self._proposals)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._proposals += new
            self.endInsertRows()

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: ARG002
        self._asked = True
        self.more_wanted.emit()

    def proposal(self, row: int) -> TagProposal:
        return self._proposals[row]

    def remove(self, gone: Sequence[TagProposal]) -> None:
        """Take decided ones out, without waiting for the engine."""
        for row in range(len(self._proposals) - 1, -1, -1):
            if any(self._proposals[row] is one for one in gone):
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._proposals[row]
                self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._proposals)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._proposals):
            return None
        proposal = self._proposals[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return proposal.label
        if role == Qt.ItemDataRole.UserRole:
            return proposal
        if role == Qt.ItemDataRole.ToolTipRole:
            return for_display(from_stored(proposal.path))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = self.tr("{name}: {label}, {certainty} % sure")
            return words.format(
                name=name_of(proposal.path), label=proposal.label, certainty=round(proposal.certainty * 100)
            )
        return None


class ProposalView(QListView):
    """The proposals in tiles that fill the width.

    Signals:
        previewed(int): the row is to be shown large.
    """

    previewed = Signal(int)

    def __init__(self, model: ProposalsModel, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("proposals")
        self._thumbnails = thumbnails
        self.setModel(model)
        self.setItemDelegate(ProposalTiles(thumbnails, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.previewed.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.previewed.emit(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = self.viewport().width() - 1  # Qt wraps a line that fills the width to the last pixel
        columns = max(1, round(room / (TILE + 2 * MARGIN)))
        side = max(TILE // 2, min(room // columns - 2 * MARGIN, TILE * 3 // 2))
        self._thumbnails.resize(side, self.devicePixelRatioF())
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class ProposalTiles(QStyledItemDelegate):
    """Paints a proposal."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(self._thumbnails.side + 2 * MARGIN, self._thumbnails.side + 2 * MARGIN + FOOT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        proposal: TagProposal | None = index.data(Qt.ItemDataRole.UserRole)
        if proposal is None:
            return
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tokens = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(QColor(tokens.tint))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 12, 12)
        side = self._thumbnails.side
        place = QRect(area.left() + MARGIN, area.top() + MARGIN, side, side)
        picture = self._thumbnails.get(proposal.thumbnail)
        if picture is not None:
            painter.drawPixmap(place.topLeft(), picture)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.sunken))
            painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
            self._without_picture(painter, place, name_of(proposal.path))
        self._foot(painter, QRect(place.left() + 2, place.bottom() + 6, side - 4, FOOT - 10), proposal)
        painter.restore()

    def _without_picture(self, painter: QPainter, place: QRect, name: str) -> None:
        """A text has no picture, and one of a photo is on its way: kind and name stand there."""
        icon = "photo" if kind_of(name) is Kind.PHOTO else "document"
        tokens = theme.tokens()
        side = min(44, place.width() // 3)
        left, top = place.center().x() - side // 2, place.top() + place.height() // 4
        painter.drawPixmap(left, top, icons.pixmap(icon, tokens.muted, side, painter.device().devicePixelRatioF()))
        room = place.adjusted(8, place.height() // 4 + side + 6, -8, -6)
        painter.setFont(theme.font(-1))
        painter.setPen(QColor(tokens.text))
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(room, align | Qt.TextFlag.TextWrapAnywhere, name)

    def _foot(self, painter: QPainter, area: QRect, proposal: TagProposal) -> None:
        tokens = theme.tokens()
        painter.setFont(theme.font(-0.5, weight=QFont.Weight.DemiBold))
        painter.setPen(QColor(tokens.text))
        percent = f"{round(proposal.certainty * 100)} %"
        width = painter.fontMetrics().horizontalAdvance(percent)
        name = painter.fontMetrics().elidedText(proposal.label, Qt.TextElideMode.ElideRight, area.width() - width - 8)
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(theme.font(-1.5))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, percent)
        bar = QRectF(area.left(), area.bottom() - 6, area.width(), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * max(0.0, min(1.0, proposal.certainty)))
        painter.setBrush(QColor(tokens.accent))
        painter.drawRoundedRect(bar, 2, 2)
