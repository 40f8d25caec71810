"""The search field: chips for what is settled, a line for what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.query.filter_edits import merge_filters
from app.query.filter_input import QueryError
from app.query.queries import Filters, ImagePart, Query, QueryPart, TextPart
from ui.search.chips import Chip, FilterChip, PartChip, chips_of
from ui.search.search_line import SearchLine
from ui.style import icons
from ui.widgets.controls import IconLabel
from ui.widgets.flow_layout import FlowLayout


def as_typed(part: TextPart) -> str:
    """Words of a query as one would type them; what is left out as a whole needs quotes."""
    if part.weight >= 0:
        return part.written
    return f'-"{part.text}"' if " " in part.text and not part.phrases else f"-{part.written}"


class SearchBar(QFrame):
    """Edits a query.

    Attributes:
        line: the words being typed; parts, filters: what the chips say.

    Signals:
        typed(): the words changed; changed(): chips changed; submitted(str): Enter, keep this search.
        chips_requested(str): the words are to become chips. undo_requested(): Ctrl+Z, and no typing to take back.
        replaced(tuple): (query, words) as they were before something was taken away or put in.
        paste_requested(): Ctrl+V while something other than words is on the clipboard.
        picture_requested(): a picture is to be picked; filter_requested(QPoint): show the filters there.
        save_requested(): keep this search; left_downwards(): the arrow key leads to the results.
    """

    typed = Signal()
    changed = Signal()
    submitted = Signal(str)
    chips_requested = Signal(str)
    undo_requested = Signal()
    replaced = Signal(object)
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
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 6, 8, 6)
        rows.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(4)
        glass = IconLabel("search", 20)
        self.line = SearchLine()
        self.line.installEventFilter(self)
        top.addWidget(glass)
        top.addWidget(self.line, 1)
        self._add = self._button(
            "plus", self.tr("Keep these words and add others (Shift+Enter)"), self._ask_chips, "addWordsButton"
        )
        self._clear = self._button("close", self.tr("Clear the search"), self.clear, "clearButton")
        self._save = self._button("star", self.tr("Save this search"), self.save_requested.emit, "saveSearchButton")
        self._picture = self._button(
            "photo", self.tr("Search with a picture"), self.picture_requested.emit, "pictureButton"
        )
        self._filter = self._button("filter", self.tr("Filters"), self._ask_filters, "filterButton")
        for button in (self._add, self._clear, self._save, self._picture, self._filter):
            top.addWidget(button)
        rows.addLayout(top)
        self._connect_line()
        self._box = QWidget()
        self._flow = FlowLayout(self._box, spacing=6)
        self._flow.setContentsMargins(0, 2, 0, 2)
        rows.addWidget(self._box)
        self._show_chips()

    def _connect_line(self) -> None:
        line = self.line
        line.typed.connect(self._edited)
        line.submitted.connect(lambda: self.submitted.emit(line.text()))
        line.kept.connect(self._ask_chips)
        line.backspaced.connect(self._backspaced)
        line.paste_requested.connect(self.paste_requested)
        line.undo_requested.connect(self.undo_requested)
        line.left_downwards.connect(self.left_downwards)

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

    def _before_change(self) -> None:
        self.replaced.emit((Query(self.parts, self.filters), self.line.text()))

    def add_part(self, part: QueryPart, thumbnail: bytes | None = None) -> None:
        if thumbnail is not None:
            self._thumbnails[replace(part, weight=1.0)] = thumbnail
        if part not in self.parts:
            self._before_change()
            self._set((*self.parts, part), self.filters)

    def set_picture(self, part: QueryPart, thumbnail: bytes) -> None:
        """The small picture of a chip has come."""
        self._thumbnails[replace(part, weight=1.0)] = thumbnail
        self._show_chips()

    def set_query(self, query: Query, *, text: str = "") -> None:
        """Replace everything."""
        self._before_change()
        self.line.setText(text)
        self._set(query.parts, query.filters)

    def set_filters(self, filters: Filters) -> None:
        self._before_change()
        self._set(self.parts, filters)

    def add_as_chips(self, query: Query) -> None:
        """The typed words, parsed, become chips."""
        self._before_change()
        self.line.clear()
        parts = (*self.parts, *(part for part in query.parts if part not in self.parts))
        self._set(parts, merge_filters(self.filters, query.filters))

    def mark(self, problem: QueryError | None) -> None:
        """Underline the words that were not understood; None takes the line away."""
        self.line.mark(problem)

    def keep(self, query: Query) -> None:
        """After Enter: filters and weighted words become chips, plain words stay on the line to be changed."""
        weighted = [part for part in query.parts if isinstance(part, TextPart) and part.weight not in (1.0, -1.0)]
        plain = [part for part in query.parts if isinstance(part, TextPart) and part not in weighted]
        if not weighted and not query.filters:
            return
        self._before_change()
        self.line.setText(" ".join(map(as_typed, plain)))
        parts = (*self.parts, *(part for part in weighted if part not in self.parts))
        self._set(parts, merge_filters(self.filters, query.filters))

    def take_back(self) -> None:
        """Escape: the words go first, then one chip at a time, then the filters."""
        if self.is_empty():
            return
        self._before_change()
        if self.line.text():
            self.line.clear()
            self._set(self.parts, self.filters)
        elif self.parts:
            self._set(self.parts[:-1], self.filters)
        else:
            self._set((), Filters())

    def clear(self) -> None:
        self._before_change()
        self.line.clear()
        self._set((), Filters())
        self.line.setFocus()

    def is_empty(self) -> bool:
        return not (self.line.text().strip() or self.parts or self.filters)

    def set_recent(self, texts: list[str]) -> None:
        self.line.set_recent(texts)

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
        self._before_change()
        if isinstance(chip, PartChip):
            self._set(tuple(part for part in self.parts if part != chip.part), self.filters)
        elif isinstance(chip, FilterChip):
            self._set(self.parts, chip.without(self.filters))

    def _weighted(self, chip: PartChip, weight: float) -> None:
        self._before_change()
        changed = replace(chip.part, weight=weight)
        self._set(tuple(changed if part == chip.part else part for part in self.parts), self.filters)

    def _reworded(self, chip: Chip) -> None:
        """Words go back to the line to be edited; anything else has nothing to edit."""
        if isinstance(chip, PartChip) and isinstance(chip.part, TextPart):
            self.line.setText(f"{as_typed(chip.part)} {self.line.text()}".strip())
            self._removed(chip)
            self.line.setFocus()

    def _show_buttons(self) -> None:
        something = not self.is_empty()
        self._add.setVisible(bool(self.line.text().strip()))
        self._clear.setVisible(something)
        self._save.setVisible(something)

    # ---- events

    def _ask_chips(self) -> None:
        if self.line.text().strip():
            self.chips_requested.emit(self.line.text())
            self.line.setFocus()

    def _ask_filters(self) -> None:
        self.filter_requested.emit(self._filter.mapToGlobal(QPoint(0, self._filter.height() + 6)))

    def _edited(self) -> None:
        self._show_buttons()
        self.typed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.style().unpolish(self)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def _backspaced(self) -> None:
        """Backspace in an empty line takes back the last chip."""
        if not self._chips:
            return
        chip = self._chips[-1]
        if isinstance(chip, PartChip) and isinstance(chip.part, TextPart):
            self._reworded(chip)
        else:
            self._removed(chip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus()
        super().mousePressEvent(event)
