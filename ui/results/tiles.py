"""How one result looks: a photo as a rounded tile, a document as a card with page, title and the words found."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import (
    QElapsedTimer,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QLinearGradient,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.core.records import Kind
from app.query.queries import Hit
from ui.results.document_cards import draw_card
from ui.results.model import Role, name_of
from ui.style import icons, theme
from ui.widgets.thumbnail_cache import ThumbnailCache

CARDS = 240
# A card is laid out and drawn in 1-2 ms. What does not fit into a frame's share comes with the next one.
CARDS_NS = 5_000_000


class TileDelegate(QStyledItemDelegate):
    """Paints the tiles of the grid.

    Attributes:
        late: whether a card was left out of this frame because its share of time was over.
    """

    def __init__(self, thumbnails: ThumbnailCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._cards: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()
        self._clock, self._spent = QElapsedTimer(), 0
        self.late = False

    def begin(self) -> None:
        """A frame begins."""
        self._spent, self.late = 0, False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return QSize(self._thumbnails.side, self._thumbnails.side)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.draw(painter, option.rect, index.data(Role.HIT), option.state)

    def draw(self, painter: QPainter, area: QRect, hit: Hit | None, state: QStyle.StateFlag) -> None:
        """One tile into its square."""
        tokens = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if hit is None:
            _fill(painter, area, tokens.sunken)
        else:
            if not hit.online:
                painter.setOpacity(0.5)
            if hit.kind is Kind.PHOTO:
                self._photo(painter, area, hit)
            else:
                self._document(painter, area, hit)
            painter.setOpacity(1.0)
            self._over(painter, area, hit, state)
        _ring(painter, area, state)
        painter.restore()

    def _photo(self, painter: QPainter, area: QRect, hit: Hit) -> None:
        picture = self._thumbnails.get(hit.thumbnail)
        if picture is None:
            _fill(painter, area, theme.tokens().sunken)
        elif picture.deviceIndependentSize().toSize() == area.size():
            painter.drawPixmap(area.topLeft(), picture)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(area, picture)

    def _document(self, painter: QPainter, area: QRect, hit: Hit) -> None:
        page = self._thumbnails.get(hit.thumbnail, page=True)
        ratio = painter.device().devicePixelRatioF()
        tokens = theme.tokens()
        key = (hit.unit_id, hit.snippet, hit.marks, area.width(), ratio, tokens.dark, page.cacheKey() if page else 0)
        card = self._cards.get(key)
        if card is not None:
            self._cards.move_to_end(key)
        elif self._spent < CARDS_NS:
            self._clock.start()
            card = self._cards[key] = _card(area.size(), ratio, hit, page)
            self._spent += self._clock.nsecsElapsed()
            while len(self._cards) > CARDS:
                self._cards.popitem(last=False)
        else:
            self.late = True
            _fill(painter, area, tokens.sunken)
            return
        painter.drawPixmap(area.topLeft(), card)

    def _over(self, painter: QPainter, area: QRect, hit: Hit, state: QStyle.StateFlag) -> None:
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if hit.kind is Kind.PHOTO and hovered:
            _name(painter, area, name_of(hit.path))
        if not hit.online and not state & QStyle.StateFlag.State_Selected:
            painter.drawPixmap(
                area.left() + 8,
                area.top() + 8,
                icons.pixmap("offline", theme.tokens().text, 20, painter.device().devicePixelRatioF()),
            )


def _card(size: QSize, ratio: float, hit: Hit, page: QPixmap | None) -> QPixmap:
    """A document's card as a picture of its own, to be drawn again at no cost."""
    card = QPixmap(size * ratio)
    card.setDevicePixelRatio(ratio)
    card.fill(Qt.GlobalColor.transparent)
    drawing = QPainter(card)
    drawing.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    draw_card(drawing, QRect(QPoint(0, 0), size), hit, page)
    drawing.end()
    return card


def _fill(painter: QPainter, area: QRect, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)


def _ring(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
    tokens = theme.tokens()
    selected = bool(state & QStyle.StateFlag.State_Selected)
    current = bool(state & QStyle.StateFlag.State_HasFocus)
    if not (selected or current):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.accent if selected else tokens.muted), 3 if selected else 2))
    outer = QRectF(area).adjusted(-3.5, -3.5, 3.5, 3.5)
    painter.drawRoundedRect(outer, theme.RADIUS + 3, theme.RADIUS + 3)
    if selected:
        place = QPointF(area.left() + 17, area.top() + 17)
        painter.setPen(QPen(QColor(tokens.on_accent), 1.5))
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(place, 10, 10)
        painter.drawPixmap(
            place - QPointF(7, 7), icons.pixmap("check", tokens.on_accent, 14, painter.device().devicePixelRatioF())
        )


def _name(painter: QPainter, area: QRect, name: str) -> None:
    strip = area.adjusted(0, area.height() - 44, 0, 0)
    shade = QLinearGradient(QPointF(strip.topLeft()), QPointF(strip.bottomLeft()))
    shade.setColorAt(0, QColor(0, 0, 0, 0))
    shade.setColorAt(1, QColor(0, 0, 0, 190))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.setClipRect(strip)
    painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
    painter.setClipping(False)
    painter.setFont(theme.font(-1.5, weight=QFont.Weight.Medium))
    painter.setPen(QColor("white"))
    text = strip.adjusted(10, 16, -10, -6)
    shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, text.width())
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def draw_heading(painter: QPainter, area: QRect, title: str, count: str) -> None:
    """The heading of a section with its count."""
    tokens = theme.tokens()
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.setFont(theme.font(2, weight=QFont.Weight.DemiBold))
    painter.setPen(QColor(tokens.text))
    painter.drawText(area, align, title)
    rest = area.adjusted(painter.fontMetrics().horizontalAdvance(title) + 10, 0, 0, 0)
    painter.setFont(theme.font())
    painter.setPen(QColor(tokens.muted))
    painter.drawText(rest, align, count)
