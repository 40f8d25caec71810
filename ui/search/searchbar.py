"""The search field: chips for what is settled, a line for what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.query.filter_edits import merge_filters
from app.query.filter_input import QueryError
from app.query.queries import Filters, ImagePart, Query, QueryPart, TextPart
from ui.runtime.window_state import RECENT
from ui.search.chips import Chip, FilterChip, PartChip, chips_of
from ui.style import icons, theme
from ui.widgets.controls import IconLabel
from ui.widgets.flow_layout import FlowLayout


class SearchBar(QFrame):
    """Edits a query.

    Attributes:
        line: the words being typed; parts, filters: what the chips say.

    Signals:
        typed(): the words changed; changed(): chips changed; submitted(str): Enter, the words should become chips.
        paste_requested(): Ctrl+V while something other than words is on the clipboard.
        picture_requested(): a picture is to be picked; filter_requested(QPoint): show the filters there.
        save_requested(): keep this search; left_downwards(): the arrow key leads to the results.
    """

    typed = Signal()
    changed = Signal()
    submitted = Signal(str)
    paste_requested = Signal()
    picture_requested = Signal()
    filter_requested = Signal(QPoint)
    save_requested = Signal()
    left_downwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchField")
        self.parts: tuple[QueryPart, ...] = ()
        self.filters = Filters()
        self._thumbnails: dict[QueryPart, bytes] = {}
        self._chips: list[Chip] = []
        self._marked = False
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 8, 6)
        rows.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(4)
        glass = IconLabel("search", 20)
        self._make_line()
        top.addWidget(glass)
        top.addWidget(self.line, 1)
        self._clear = self._button("close", self.tr("Clear the search"), self.clear, "clearButton")
        self._save = self._button("star", self.tr("Save this search"), self.save_requested.emit, "saveSearchButton")
        self._picture = self._button(
            "photo", self.tr("Search with a picture"), self.picture_requested.emit, "pictureButton"
        )
        self._filter = self._button("filter", self.tr("Filters"), self._ask_filters, "filterButton")
        for button in (self._clear, self._save, self._picture, self._filter):
            top.addWidget(button)
        rows.addLayout(top)
        self._box = QWidget()
        self._flow = FlowLayout(self._box, spacing=6)
        self._flow.setContentsMargins(0, 2, 0, 2)
        rows.addWidget(self._box)
        self._show_chips()

    def _make_line(self) -> None:
        """The line for words, which offers recent ones."""
        self.line = QLineEdit()
        self.line.setObjectName("searchLine")
        self.line.setAccessibleName(self.tr("Search"))
        # What is dropped belongs to the window, which knows pictures and files as well as words.
        self.line.setAcceptDrops(False)
        self.line.setPlaceholderText(self.tr("Search by meaning, or drop a picture"))
        self.line.textEdited.connect(self._edited)
        self.line.installEventFilter(self)
        self._completer = QCompleter(self)
        self._recent = QStringListModel(self)
        self._completer.setModel(self._recent)
        self._completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setMaxVisibleItems(RECENT)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.line.setCompleter(self._completer)
        popup = self._completer.popup()
        if popup is not None:
            popup.setObjectName("recentSearches")
            popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            popup.setAccessibleName(self.tr("Recent searches"))
        self._completer.activated.connect(self._completed)
        self._completer.highlighted.connect(self._completed)

    def _button(self, icon: str, name: str, slot: Callable[[], object], key: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(key)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(20, 20))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(slot)
        return button

    # ---- the query

    @property
    def text(self) -> str:
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Put words on the line as if typed."""
        self.line.setText(text)
        self._show_buttons()
        self.typed.emit()

    def add_part(self, part: QueryPart, thumbnail: bytes | None = None) -> None:
        if thumbnail is not None:
            self._thumbnails[replace(part, weight=1.0)] = thumbnail
        if part not in self.parts:
            self._set((*self.parts, part), self.filters)

    def set_picture(self, part: QueryPart, thumbnail: bytes) -> None:
        """The small picture of a chip has come."""
        self._thumbnails[replace(part, weight=1.0)] = thumbnail
        self._show_chips()

    def set_query(self, query: Query, *, text: str = "") -> None:
        """Replace everything."""
        self.line.setText(text)
        self._set(query.parts, query.filters)

    def set_filters(self, filters: Filters) -> None:
        self._set(self.parts, filters)

    def add_as_chips(self, query: Query) -> None:
        """The typed words, parsed, become chips."""
        self.line.clear()
        parts = (*self.parts, *(part for part in query.parts if part not in self.parts))
        self._set(parts, merge_filters(self.filters, query.filters))

    def mark(self, problem: QueryError | None) -> None:
        """Underline the words that were not understood; None takes the line away."""
        if (problem is None) and not self._marked:
            return
        self._marked = problem is not None
        formats = []
        if problem is not None:
            wave = QTextCharFormat()
            wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            wave.setUnderlineColor(QColor(theme.tokens().bad))
            # A line edit has no formats of its own but those an input method sets, counted from the cursor.
            kind = QInputMethodEvent.AttributeType.TextFormat
            start = problem.start - self.line.cursorPosition()
            formats.append(QInputMethodEvent.Attribute(kind, start, problem.end - problem.start, wave))
        QCoreApplication.sendEvent(self.line, QInputMethodEvent("", formats))

    def clear(self) -> None:
        self.line.clear()
        self._set((), Filters())
        self.line.setFocus()

    def is_empty(self) -> bool:
        return not (self.line.text().strip() or self.parts or self.filters)

    def set_recent(self, texts: list[str]) -> None:
        self._recent.setStringList(texts)

    def _set(self, parts: tuple[QueryPart, ...], filters: Filters) -> None:
        self.parts, self.filters = parts, filters
        self._show_chips()
        self.changed.emit()

    # ---- chips

    def _show_chips(self) -> None:
        focused = next((n for n, chip in enumerate(self._chips) if chip.hasFocus()), None)
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for part in self.parts:
            picture = self._thumbnails.get(replace(part, weight=1.0)) if isinstance(part, ImagePart) else None
            self._add_chip(PartChip(part, picture, self._box))
        for field, value, text in chips_of(self.filters):
            self._add_chip(FilterChip(field, value, text, self._box))
        self._box.setVisible(bool(self._chips))
        self._show_buttons()
        if focused is not None:
            (self._chips[min(focused, len(self._chips) - 1)] if self._chips else self.line).setFocus()

    def _add_chip(self, chip: Chip) -> None:
        chip.removed.connect(self._removed)
        chip.edited.connect(self._reworded)
        if isinstance(chip, PartChip):
            chip.weighted.connect(self._weighted)
        self._flow.addWidget(chip)
        chip.show()
        self._chips.append(chip)

    def _removed(self, chip: Chip) -> None:
        if isinstance(chip, PartChip):
            self._set(tuple(part for part in self.parts if part != chip.part), self.filters)
        elif isinstance(chip, FilterChip):
            self._set(self.parts, chip.without(self.filters))

    def _weighted(self, chip: PartChip, weight: float) -> None:
        changed = replace(chip.part, weight=weight)
        self._set(tuple(changed if part == chip.part else part for part in self.parts), self.filters)

    def _reworded(self, chip: Chip) -> None:
        """Words go back to the line to be edited; anything else has nothing to edit."""
        if isinstance(chip, PartChip) and isinstance(chip.part, TextPart):
            words = f"-{chip.part.text}" if chip.part.weight < 0 else chip.part.text
            self.line.setText(f"{words} {self.line.text()}".strip())
            self._removed(chip)
            self.line.setFocus()

    def _show_buttons(self) -> None:
        something = not self.is_empty()
        self._clear.setVisible(something)
        self._save.setVisible(something)

    # ---- events

    def _ask_filters(self) -> None:
        self.filter_requested.emit(self._filter.mapToGlobal(QPoint(0, self._filter.height() + 6)))

    def _edited(self) -> None:
        self._show_buttons()
        self.typed.emit()

    def _completed(self, _text: str) -> None:
        # The words are put on the line after this signal.
        QTimer.singleShot(0, self, self.typed.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line:
            if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
                self.style().unpolish(self)
                self.style().polish(self)
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_requested.emit()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit(self.line.text())
            return True
        if key == Qt.Key.Key_Down and not self._completing():
            if self.line.text() or not self._recent.rowCount():
                self.left_downwards.emit()
            else:
                self._completer.setCompletionPrefix("")
                self._completer.complete()
            return True
        if key == Qt.Key.Key_Backspace and not self.line.text() and self._chips:
            chip = self._chips[-1]
            if isinstance(chip, PartChip) and isinstance(chip.part, TextPart):
                self._reworded(chip)
            else:
                self._removed(chip)
            return True
        return False

    def _completing(self) -> bool:
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus()
        super().mousePressEvent(event)
