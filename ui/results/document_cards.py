"""A document as a card: a piece of its page, its title, and the passage with the words that were found."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from PySide6.QtCore import QCoreApplication, QLocale, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from app.core.paths import for_display
from app.query.queries import Hit
from ui.results.model import name_of
from ui.style import icons, theme

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


def draw_card(painter: QPainter, area: QRect, hit: Hit, page: QPixmap | None) -> None:
    tokens = theme.tokens()
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
    split = round(area.height() * PAGE_SHARE)
    if page is not None:
        painter.drawPixmap(QRect(1, 1, area.width() - 2, split - 1), page)
    else:
        _fill_top(painter, QRect(1, 1, area.width() - 2, split - 1), tokens.sunken)
        side = min(44, split - 20)
        painter.drawPixmap(
            (area.width() - side) // 2,
            (split - side) // 2,
            icons.pixmap("document", tokens.muted, side, painter.device().devicePixelRatioF()),
        )
    painter.setPen(QPen(QColor(tokens.line), 1))
    painter.drawLine(1, split, area.width() - 2, split)
    _badge(painter, QPointF(8, split - 9), hit)
    _words(painter, area.adjusted(10, split + 12, -10, -8), hit)


def _fill_top(painter: QPainter, area: QRect, colour: str) -> None:
    """A ground with its upper corners round, as those of a page are."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(area.adjusted(0, 0, 0, theme.RADIUS * 2)), theme.RADIUS, theme.RADIUS)
    painter.save()
    painter.setClipRect(area)
    painter.fillPath(path, QColor(colour))
    painter.restore()


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
    # Without a passage the card says where the document is from and of when.
    text, marks = excerpt(hit.snippet, hit.marks) if hit.snippet else (_origin(hit), [])
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


def _origin(hit: Hit) -> str:
    made = for_display(PurePosixPath(hit.path).parent.name)
    if hit.modified_ns:
        day = datetime.fromtimestamp(hit.modified_ns / 1e9).date()
        made += " · " + QLocale().toString(day, QLocale.FormatType.ShortFormat)  # type: ignore[call-overload]
    return made


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
