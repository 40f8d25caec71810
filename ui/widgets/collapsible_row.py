"""A row of controls that gives up words, never readability, where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from ui.widgets.controls import Button

ICON_GAP = 8


class CollapsibleRow(QWidget):
    """Lays its controls out in a row; buttons become icons, one after the other, until the rest has room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        # What it holds now must not keep it from becoming narrower: it folds then.
        self.row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._folding: Sequence[Button] = ()
        self._spare: Sequence[QWidget] = ()
        self._spared = False

    def fold(self, buttons: Sequence[Button], *, spare: Sequence[QWidget] = ()) -> None:
        """Which buttons fold, the first one first, and what goes altogether if that is not enough."""
        self._folding, self._spare = buttons, spare

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return answer

    def _fit(self) -> None:
        wanted = self.row.sizeHint().width()
        wanted += sum(_saved(button) for button in self._folding if button.folded and not button.isHidden())
        if self._spared:
            wanted += self._width_of_spare()
        for button in self._folding:
            folded = wanted > self.width() and not button.isHidden()
            button.fold(folded)
            wanted -= _saved(button) if folded else 0
        rest = self.row.sizeHint().width() + (self._width_of_spare() if self._spared else 0)
        spared = rest > self.width()
        if spared != self._spared:
            self._spared = spared
            for widget in self._spare:
                widget.setVisible(not spared)

    def _width_of_spare(self) -> int:
        return sum(_width(widget) + self.row.spacing() for widget in self._spare)


def _width(widget: QWidget) -> int:
    return max(widget.minimumWidth(), min(widget.sizeHint().width(), widget.maximumWidth()))


def _saved(button: Button) -> int:
    return button.fontMetrics().horizontalAdvance(button.words) + ICON_GAP
