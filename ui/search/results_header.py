"""The line above the grid: what is shown and how many, order, strictness, size."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QVBoxLayout, QWidget, QWidgetAction

from app.core.records import Kind
from app.core.settings import declarations
from app.query.queries import Filters, Query, Results, Sort
from ui.search.controller import Question
from ui.widgets.collapsible_row import CollapsibleRow
from ui.widgets.controls import IconLabel, button, label, tool

SIZE = declarations()["thumbnail_size"]


class Header(CollapsibleRow):
    """Shows and steers how the answer is listed.

    Signals:
        sort_chosen(Sort); strictness_chosen(int); size_chosen(int); details_toggled(bool).
        more_wanted(): show the weaker results too.
    """

    sort_chosen = Signal(object)
    strictness_chosen = Signal(int)
    size_chosen = Signal(int)
    details_toggled = Signal(bool)
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = self.row
        row.setContentsMargins(24, 4, 20, 4)
        row.setSpacing(4)
        self.title = label("", "heading", name="resultsTitle")
        self.count = label("", "muted", name="resultsCount")
        row.addWidget(self.title)
        row.addSpacing(8)
        row.addWidget(self.count)
        self.weaker = button("", self.more_wanted.emit, role="link", name="weakerButton")
        row.addWidget(self.weaker)
        row.addStretch(1)
        self._strictness = 50
        self.strict = button(
            self.tr("Strictness"), self._show_strictness, role="quiet", icon="filter", name="strictnessButton"
        )
        self.order = button("", self._show_orders, role="quiet", icon="sort", name="sortButton")
        row.addWidget(self.strict)
        row.addWidget(self.order)
        row.addSpacing(8)
        smaller, larger = IconLabel("photo", 14), IconLabel("photo", 20)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("sizeSlider")
        self.slider.setAccessibleName(self.tr("Thumbnail size"))
        self.slider.setRange(int(SIZE.minimum or 0), int(SIZE.maximum or 0))
        self.slider.setSingleStep(16)
        self.slider.setPageStep(32)
        self.slider.setFixedWidth(104)
        self.slider.valueChanged.connect(self.size_chosen)
        for widget in (smaller, self.slider, larger):
            row.addWidget(widget)
        self.fold([self.strict, self.order], spare=[smaller, self.slider, larger])
        row.addSpacing(8)
        self.details = tool("side", self.tr("Details (Ctrl+I)"), None, name="detailsButton")
        self.details.setCheckable(True)
        self.details.setIconSize(QSize(20, 20))
        self.details.toggled.connect(self.details_toggled)
        row.addWidget(self.details)
        self._sort = Sort.RELEVANCE

    def set_size(self, side: int) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(side)

    def set_strictness(self, value: int) -> None:
        self._strictness = value

    def say(self, question: Question, query: Query, results: Results | None) -> None:
        """Describe the answer on screen; `query` is the question as it was understood."""
        self._sort = question.sort
        searching = bool(query.parts)
        self.title.setText(self.tr("Results") if searching else self._title(query.filters))
        total = results.total if results is not None else 0
        if results is None:
            self.count.setText("")
        elif searching:
            self.count.setText(self.tr("%Ln result(s)", "", total))
        else:
            self.count.setText(self.tr("%Ln file(s)", "", total))
        self.order.setText(_orders()[question.sort if searching else _browsing(question.sort)])
        self.order.setAccessibleName(self.tr("Order: {order}").format(order=self.order.words))
        self.strict.setVisible(searching)
        more = results.more if results is not None and total and searching and not question.all_hits else 0
        self.weaker.setVisible(more > 0)
        self.weaker.setText(self.tr("+%Ln less certain", "", more))
        self.weaker.setAccessibleName(self.weaker.text())
        self.order.setVisible(total > 0)

    def _title(self, filters: Filters) -> str:
        kind = filters.kind
        if kind is None:
            return self.tr("Files") if filters else self.tr("Everything")
        return self.tr("Photos") if kind is Kind.PHOTO else self.tr("Documents")

    def _show_orders(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for sort, text in _orders().items():
            action = QAction(text, menu)
            action.setCheckable(True)
            action.setChecked(sort is self._sort)
            action.triggered.connect(lambda _checked=False, sort=sort: self.sort_chosen.emit(sort))
            group.addAction(action)
            menu.addAction(action)
        menu.popup(self.order.mapToGlobal(QPoint(0, self.order.height() + 4)))

    def _show_strictness(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addWidget(label(self.tr("How sure must a result be?"), "strong"))
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName("strictnessSlider")
        slider.setAccessibleName(self.tr("Strictness"))
        slider.setRange(0, 100)
        slider.setSingleStep(5)
        slider.setValue(self._strictness)
        slider.setFixedWidth(240)
        slider.valueChanged.connect(self._strictness_moved)
        column.addWidget(slider)
        ends = QHBoxLayout()
        ends.addWidget(label(self.tr("Show more"), "small"))
        ends.addStretch(1)
        ends.addWidget(label(self.tr("Only the surest"), "small"))
        column.addLayout(ends)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(panel)
        menu.addAction(holder)
        menu.popup(self.strict.mapToGlobal(QPoint(0, self.strict.height() + 4)))
        slider.setFocus()

    def _strictness_moved(self, value: int) -> None:
        self._strictness = value
        self.strictness_chosen.emit(value)


def _orders() -> dict[Sort, str]:
    return {sort: QCoreApplication.translate("Header", sort.key.label) for sort in Sort}


def _browsing(sort: Sort) -> Sort:
    return Sort.NEWEST if sort is Sort.RELEVANCE else sort
