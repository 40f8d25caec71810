"""The veil over the window while something is dragged across it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.style import icons, theme


class DropVeil(QWidget):
    """Says what can be dropped anywhere in the window; takes no events itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dropVeil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self.hide()

    def cover(self, folder: bool) -> None:
        """Lie over the window and say what a drop would do."""
        self._text = self.tr("Drop a folder to search in it") if folder else self.tr("Drop a picture to search with it")
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        tokens = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.ground)
        ground.setAlpha(232)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(tokens.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 20, 20)
        side = 200
        drawing = icons.illustration("drop", side, self.devicePixelRatioF())
        place = self.rect().center()
        painter.drawPixmap(place.x() - side // 2, place.y() - side // 2 - 40, drawing)
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.font(4, weight=QFont.Weight.DemiBold))
        line = self.rect().adjusted(0, self.height() // 2 + side // 2 - 20, 0, 0)
        align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(line, align, self._text)
