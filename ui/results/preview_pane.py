"""What the preview shows of a file: a picture, or the text on a sheet with the passage that was found marked."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QPlainTextEdit, QStackedWidget, QTextEdit, QWidget

from ui.results.canvas import Canvas
from ui.style import theme

WIDEST = 760
EDGE = 32


def passage_in(text: str, passage: str) -> tuple[int, int] | None:
    """Where a passage stands in a text, as (start, end): the index keeps its words, not its line breaks."""
    words = passage.split()
    if not words:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found is not None else None


class TextSheet(QPlainTextEdit):
    """Shows a text to be read: dark on light whatever the theme, lines no longer than is good to read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("textSheet")
        self.setAccessibleName(self.tr("Text"))
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFont(theme.font(1))

    def show_text(self, text: str, passage: str) -> None:
        """Show a text from the passage on, or from its beginning where it has none."""
        self.setPlainText(text)
        self.setExtraSelections([])
        self.moveCursor(QTextCursor.MoveOperation.Start)
        span = passage_in(text, passage)
        if span is None:
            return
        mark = QTextEdit.ExtraSelection()
        mark.format = QTextCharFormat()
        mark.format.setBackground(QColor(theme.LIGHT.mark))
        cursor = QTextCursor(self.document())
        cursor.setPosition(span[0])
        cursor.setPosition(span[1], QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        self.setExtraSelections([mark])
        cursor.setPosition(span[0])
        self.setTextCursor(cursor)
        self.centerCursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        spare = max(EDGE, (self.width() - WIDEST) // 2)
        self.setViewportMargins(spare, EDGE, spare, EDGE)
        super().resizeEvent(event)


class PreviewPane(QStackedWidget):
    """A canvas for pictures and pages, a sheet for texts.

    Attributes:
        canvas, sheet: the two.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas, self.sheet = Canvas(), TextSheet()
        self.addWidget(self.canvas)
        self.addWidget(self.sheet)

    @property
    def reading(self) -> bool:
        """Whether a text is shown instead of a picture."""
        return self.currentWidget() is self.sheet

    def read_on(self, key: Qt.Key) -> bool:
        """Move the text by a key; whether it was a key for that."""
        bar = self.sheet.verticalScrollBar()
        page = max(1, bar.pageStep() - 1)
        places = {
            Qt.Key.Key_Up: bar.value() - 1,
            Qt.Key.Key_Down: bar.value() + 1,
            Qt.Key.Key_PageUp: bar.value() - page,
            Qt.Key.Key_PageDown: bar.value() + page,
            Qt.Key.Key_Home: bar.minimum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        if self.reading and key in places:
            bar.setValue(places[key])
            return True
        return False


def fade_in(widget: QWidget) -> QPropertyAnimation:
    """Show a widget softly; the animation, to be stopped or kept until it is over."""
    effect = QGraphicsOpacityEffect(widget)
    widget.setGraphicsEffect(effect)
    widget.show()
    fade = QPropertyAnimation(effect, b"opacity", widget)
    fade.setDuration(theme.FADE_MS)
    fade.setStartValue(0.0)
    fade.setEndValue(1.0)
    fade.setEasingCurve(QEasingCurve.Type.OutCubic)
    # The effect costs a copy of the window with every paint: it goes when the fade is over.
    fade.finished.connect(partial(widget.setGraphicsEffect, None))  # type: ignore[arg-type]
    fade.start()
    return fade
