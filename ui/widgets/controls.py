"""Small pieces that every page is set from: labels by role, buttons, a page that scrolls, a page that is empty."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ui.style import icons


class Button(QPushButton):
    """A push button that Enter presses too: Qt does that in dialogs only.

    Attributes:
        words: its text, also while it is folded and shows its icon alone.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.words = text
        self.folded = False

    def setText(self, text: str) -> None:
        self.words = text
        super().setText("" if self.folded else text)

    def fold(self, folded: bool) -> None:
        """Show the icon alone, with the words as tooltip; or both again."""
        if folded != self.folded:
            self.folded = folded
            super().setText("" if folded else self.words)
        self.setToolTip(self.words if folded else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def label(text: str = "", role: str = "", *, wrap: bool = False, name: str = "") -> QLabel:
    """Plain text in one of the style sheet's roles."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    return made


def button(text: str, slot: Callable[[], object], *, role: str = "", icon: str = "", name: str = "") -> Button:
    """A push button in one of the style sheet's roles."""
    made = Button(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    if role:
        made.setProperty("role", role)
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if role == "primary" else "accent" if role == "link" else "muted"))
        made.setIconSize(QSize(18, 18))
    made.clicked.connect(lambda: slot())
    return made


def tool(
    icon: str, text: str, slot: Callable[[], object] | None, *, name: str, role: str = "", colour: str = "muted"
) -> QToolButton:
    """A button that is only an icon; its text is its tooltip and its accessible name."""
    made = QToolButton()
    made.setObjectName(name)
    made.setIcon(icons.icon(icon, colour))
    made.setIconSize(QSize(20, 20))
    made.setAccessibleName(text)
    made.setToolTip(text)
    if role:
        made.setProperty("role", role)
    if slot is not None:
        made.clicked.connect(lambda: slot())
    return made


def bind_key(
    key: str | QKeySequence.StandardKey, widget: QWidget, slot: Callable[[], object], context: Qt.ShortcutContext
) -> None:
    """A key that acts while the focus is where `context` says. PySide ignores a context given to the constructor."""
    made = QShortcut(QKeySequence(key), widget)
    made.setContext(context)
    made.activated.connect(slot)


def data_size(count: int) -> str:
    """Bytes as people read them: decimal units, as queries, the command line and most desktops have them."""
    digits = 1 if 1_000_000 < count < 100_000_000 or count > 1_000_000_000 else 0
    return QLocale().formattedDataSize(count, digits, QLocale.DataSizeFormat.DataSizeSIFormat)


def separator() -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def card(*, role: str = "card", margins: int = 20, spacing: int = 12) -> tuple[QFrame, QVBoxLayout]:
    """A bordered area and the column inside it."""
    made = QFrame()
    made.setProperty("role", role)
    column = QVBoxLayout(made)
    column.setContentsMargins(margins, margins, margins, margins)
    column.setSpacing(spacing)
    return made, column


def scroll_page(width: int = 760) -> tuple[QScrollArea, QVBoxLayout]:
    """A page that scrolls, with a centred column no wider than is good to read."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    body = QWidget()
    body.setObjectName("scrollBody")
    row = QHBoxLayout(body)
    row.setContentsMargins(40, 32, 40, 40)
    inner = QWidget()
    inner.setObjectName("scrollBody")
    inner.setMaximumWidth(width)
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    row.addStretch(1)
    row.addWidget(inner, 1000)
    row.addStretch(1)
    area.setWidget(body)
    return area, column


def clear_layout(column: QVBoxLayout) -> None:
    """Take everything out of a column."""
    while column.count():
        item = column.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class IconLabel(QWidget):
    """A small icon beside text: sharp at any scale and tinted anew with each paint."""

    def __init__(self, icon: QIcon | str, side: int, colour: str = "muted") -> None:
        super().__init__()
        self._side = side
        self.setFixedSize(side, side)
        self.show_icon(icon, colour)

    def show_icon(self, icon: QIcon | str, colour: str = "muted") -> None:
        self._icon = icons.icon(icon, colour) if isinstance(icon, str) else icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        self._icon.paint(QPainter(self), self.rect())


class Illustration(QLabel):
    """One of the program's illustrations, redrawn when light turns dark."""

    def __init__(self, name: str, side: int) -> None:
        super().__init__()
        self._name, self._side = name, side
        self.setFixedSize(side, side)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.draw(name)

    def draw(self, name: str) -> None:
        self._name = name
        self.setPixmap(icons.illustration(name, self._side, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.draw(self._name)


class EmptyState(QWidget):
    """What a page shows when it has nothing to show: why, and what could help.

    Signals:
        chosen(str): key of the button pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty")
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 24, 40, 72)
        column.setSpacing(12)
        column.addStretch(1)
        self._said: tuple[str, str, str, list[tuple[str, str]]] | None = None
        self.drawing = Illustration("nothing", 200)
        self.title = label("", "heading", name="emptyTitle")
        self.text = label("", "lead", wrap=True, name="emptyText")
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setMaximumWidth(520)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        for widget in (self.drawing, self.title):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.text, 8)
        line.addStretch(1)
        column.addLayout(line)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._buttons)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def say(self, drawing: str, title: str, text: str, buttons: list[tuple[str, str]]) -> None:
        """Show one state; `buttons` are (key, text), the first one is the way out."""
        said = (drawing, title, text, buttons)
        if said == self._said:
            return  # nothing moves and no button loses the focus when nothing changed
        kept = self._said is not None and self._said[3] == buttons
        self._said = said
        self.drawing.draw(drawing)
        self.title.setText(title)
        self.text.setText(text)
        if kept:
            return
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (key, name) in enumerate(buttons):
            role = "primary" if not place else ""
            made = button(name, partial(self.chosen.emit, key), role=role, name=f"empty-{key}")
            self._buttons.addWidget(made)
