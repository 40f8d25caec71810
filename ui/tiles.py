"""How one result looks: a photo as a rounded tile, a document as a card with page, title and the words found."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import PurePosixPath

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QLinearGradient,
    QPainter,
    QPen,
    QPixmap,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.records import Hit, Kind
from ui import icons, theme
from ui.results import ResultsModel, Role, name_of
from ui.thumbnails import Thumbnails

CARDS = 240
PAGE_SHARE = 0.46


def excerpt(snippet: str, marks: tuple[tuple[int, int], ...], before: int = 24) -> tuple[str, list[tuple[int, int]]]:
    """The passage from shortly before its first mark on, with the marks moved along."""
    text = snippet.replace("\n", " ")
    start = 0
    if marks and marks[0][0] > before:
        start = text.rfind(" ", 0, marks[0][0] - before // 2) + 1
    lead = "… " if start else ""
    shift = len(lead) - start
    return lead + text[start:], [(a + shift, b + shift) for a, b in marks if a >= start and b <= len(text)]


class Tiles(QStyledItemDelegate):
    """Paints the tiles of the grid.

    Attributes:
        scores: whether the quiet score is shown.
    """

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._cards: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: ARG002
        return QSize(self._thumbnails.side, self._thumbnails.side)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        hit = index.data(Role.HIT)
        banded = isinstance(model, ResultsModel) and model.banded
        self.draw(painter, option.rect, hit, option.state, score=banded)

    def draw(self, painter: QPainter, area: QRect, hit: Hit | None, state: QStyle.StateFlag, *, score: bool) -> None:
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
            self._over(painter, area, hit, state, score=score)
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
        if card is None:
            card = QPixmap(area.size() * ratio)
            card.setDevicePixelRatio(ratio)
            card.fill(Qt.GlobalColor.transparent)
            drawing = QPainter(card)
            drawing.setRenderHint(QPainter.RenderHint.Antialiasing)
            drawing.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            _card(drawing, QRect(0, 0, area.width(), area.height()), hit, page)
            drawing.end()
            self._cards[key] = card
            while len(self._cards) > CARDS:
                self._cards.popitem(last=False)
        else:
            self._cards.move_to_end(key)
        painter.drawPixmap(area.topLeft(), card)

    def _over(self, painter: QPainter, area: QRect, hit: Hit, state: QStyle.StateFlag, *, score: bool) -> None:
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if hit.kind is Kind.PHOTO and hovered:
            _name(painter, area, name_of(hit.path))
        if score:
            # On a card the foot is for words.
            _pill(painter, area, f"{hit.score:.2f}", top=hit.kind is Kind.DOCUMENT)
        if not hit.online and not state & QStyle.StateFlag.State_Selected:
            painter.drawPixmap(area.left() + 8, area.top() + 8, icons.pixmap("offline", theme.tokens().text, 20))


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
    text = strip.adjusted(10, 16, -44, -6)
    shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, text.width())
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _pill(painter: QPainter, area: QRect, text: str, *, top: bool) -> None:
    painter.setFont(theme.font(-2.5, weight=QFont.Weight.Medium))
    width = painter.fontMetrics().horizontalAdvance(text) + 12
    pill = QRect(area.right() - width - 7, area.top() + 8 if top else area.bottom() - 25, width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(20, 20, 24, 150))
    painter.drawRoundedRect(pill, 9, 9)
    painter.setPen(QColor("white"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _card(painter: QPainter, area: QRect, hit: Hit, page: QPixmap | None) -> None:
    tokens = theme.tokens()
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
    split = round(area.height() * PAGE_SHARE)
    if page is not None:
        painter.drawPixmap(QRect(1, 1, area.width() - 2, split - 1), page)
    else:
        side = min(44, split - 20)
        painter.drawPixmap(
            (area.width() - side) // 2, (split - side) // 2, icons.pixmap("document", tokens.muted, side)
        )
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.drawLine(1, split, area.width() - 2, split)
    _badge(painter, QPointF(8, split - 9), hit)
    _words(painter, area.adjusted(10, split + 12, -10, -8), hit)


def _badge(painter: QPainter, place: QPointF, hit: Hit) -> None:
    tokens = theme.tokens()
    text = PurePosixPath(hit.path).suffix.lstrip(".").upper()[:5] or QCoreApplication.translate("Tiles", "FILE")
    if hit.page is not None:
        text += " · " + QCoreApplication.translate("Tiles", "p. {page}").format(page=hit.page)
    painter.setFont(theme.font(-2.5, weight=QFont.Weight.DemiBold))
    width = painter.fontMetrics().horizontalAdvance(text) + 12
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.accent))
    badge = QRectF(place.x(), place.y(), width, 18)
    painter.drawRoundedRect(badge, 6, 6)
    painter.setPen(QColor(tokens.on_accent))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)


def _words(painter: QPainter, area: QRect, hit: Hit) -> None:
    tokens = theme.tokens()
    heading = theme.font(-0.5, weight=QFont.Weight.DemiBold)
    metrics = QFontMetrics(heading)
    painter.setFont(heading)
    painter.setPen(QColor(tokens.text))
    title = metrics.elidedText(hit.title or name_of(hit.path), Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area.left(), area.top() + metrics.ascent(), title)
    if not hit.snippet:
        return
    text, marks = excerpt(hit.snippet, hit.marks)
    layout = QTextLayout(text, theme.font(-1.5))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats = []
    for start, end in marks:
        span = QTextLayout.FormatRange()
        span.start, span.length = start, end - start
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.mark))
        look.setForeground(QColor(tokens.text))
        look.setFontWeight(QFont.Weight.DemiBold)
        span.format = look
        formats.append(span)
    layout.setFormats(formats)
    _lines(painter, layout, QRect(area.left(), area.top() + metrics.height() + 2, area.width(), area.height()))


def _lines(painter: QPainter, layout: QTextLayout, area: QRect) -> None:
    painter.setPen(QColor(theme.tokens().muted))
    room = area.height() - (QFontMetrics(theme.font(-0.5)).height() + 2)
    height = 0.0
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        if height + line.height() > room:
            break
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    count = int(height // max(1.0, layout.lineAt(0).height())) if layout.lineCount() else 0
    for number in range(min(count, layout.lineCount())):
        line = layout.lineAt(number)
        line.draw(painter, QPointF(area.topLeft()))
