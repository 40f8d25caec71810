"""One calm line above the page: what happened and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.core.errors import UserError
from ui.i18n.backend_messages import localised_error
from ui.widgets.controls import IconLabel, button, label, tool

PASSING_MS = 6000


class Banner(QFrame):
    """Says one thing at a time; the newest wins.

    Signals:
        acted(str): key of the action offered with the sentence.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._key = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        self._sign = IconLabel("info", 20, "accent")
        self.text = label("", wrap=True, name="bannerText")
        self._action = button("", self._act, role="link", name="bannerAction")
        self._action.hide()
        close = tool("close", self.tr("Dismiss"), self.hide, name="bannerClose")
        close.setIconSize(QSize(16, 16))
        row.addWidget(self._sign)
        row.addWidget(self.text, 1)
        row.addWidget(self._action)
        row.addWidget(close)
        self._passing = QTimer(self, singleShot=True, interval=PASSING_MS)
        self._passing.timeout.connect(self.hide)
        self.hide()

    def say(
        self, text: str, *, level: str = "info", action: tuple[str, str] | None = None, passing: bool = False
    ) -> None:
        """Show a sentence; `action` is (key, text)."""
        self.setProperty("level", level)
        self.style().unpolish(self)
        self.style().polish(self)
        name, colour = {"error": ("warning", "bad"), "warning": ("warning", "warn")}.get(level, ("info", "accent"))
        self._sign.show_icon(name, colour)
        self.text.setText(text)
        self._key = action[0] if action else ""
        self._action.setText(action[1] if action else "")
        self._action.setAccessibleName(action[1] if action else "")
        self._action.setVisible(action is not None)
        self.show()
        if passing:
            self._passing.start()
        else:
            self._passing.stop()

    def show_error(self, error: UserError) -> None:
        """A fault of the world: its sentence and its remedy, never a traceback."""
        self.say(localised_error(error), level="error")

    def _act(self) -> None:
        self.hide()
        self.acted.emit(self._key)
