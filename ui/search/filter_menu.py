"""The menu that sets filters, filled with what the library really holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QObject, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from app.core.paths import for_display
from app.geo.circle import GeoCircle
from app.query.filter_edits import toggled
from app.query.filter_input import Changes, FilterContext, FilterValue
from app.query.filters import FILTERS, Filter, Filters, ValueType
from app.query.library_api import FilterChoices
from ui.i18n.places import language, local_place
from ui.runtime.context import Context
from ui.search.searchbar import SearchBar
from ui.style import icons
from ui.widgets.controls import label

SHOWN = 24
_PAUSE_MS = 200


def _translated(text: str) -> str:
    return QCoreApplication.translate("Filters", text)


class FilterPopup(QObject):
    """Shows the menu where the search bar asks for it, once the library has said what there is."""

    def __init__(self, context: Context, bar: SearchBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._bar, self._page = context, bar, parent
        self._place = QPoint()
        bar.filter_requested.connect(self._ask)

    def _ask(self, place: QPoint) -> None:
        self._place = place
        self._context.ask(lambda library: library.choices(), self._show, topic="filters")

    def _show(self, choices: FilterChoices) -> None:
        menu = FilterMenu(self._bar.filters, choices, self._page)
        menu.chosen.connect(self._bar.set_filters)
        menu.dates_wanted.connect(self._ask_dates)
        menu.place_wanted.connect(self._ask_place)
        menu.popup(self._place - QPoint(menu.sizeHint().width() - 36, 0))

    # The menu is gone while a dialog is open: the dialogs are children of the page.

    def _ask_dates(self) -> None:
        self._open(DatesDialog(self._bar.filters, self._page))

    def _ask_place(self) -> None:
        self._open(PlaceDialog(self._bar.filters, self._page))

    def _open(self, dialog: FilterDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._bar.set_filters)
        dialog.open()


class FilterMenu(QMenu):
    """Offers every filter with counts.

    Signals:
        chosen(Filters): the filters as they are to be.
        dates_wanted(), place_wanted(): show the dialog for them.
    """

    chosen = Signal(object)
    dates_wanted = Signal()
    place_wanted = Signal()

    def __init__(self, filters: Filters, choices: FilterChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filterMenu")
        self._filters = filters
        self.aboutToHide.connect(self.deleteLater)
        found = {"in": choices.folders, "camera": choices.cameras, "tag": choices.tags}
        for row in FILTERS:
            if row.key == "date":
                self._dates(choices)
            elif row.key == "near":
                self.addAction(icons.icon(row.icon), self.tr("Place…")).triggered.connect(self.place_wanted)
            elif row.key in found:
                self._counted(row, found[row.key])
            elif row.choices:
                self._fixed(row)
        if filters:
            self.addSeparator()
            self._choice(self, self.tr("Remove all filters"), Filters())

    def _fixed(self, row: Filter) -> None:
        """A filter with a list of values that is always the same."""
        menu = self._sub(row.icon, _translated(row.label))
        for text, typed in row.choices:
            changes: Changes = {field.name: None for field in row.fields}
            if typed:
                changes, _ = row.read(FilterValue(row.key, typed), (), FilterContext())
            filters, held = toggled(self._filters, changes)
            self._choice(menu, _translated(text), filters, checked=held)

    def _counted(self, row: Filter, values: Sequence[tuple[str, int]]) -> None:
        """A filter with the values that the library has, the most frequent first."""
        menu, (field,) = self._sub(row.icon, _translated(row.label)), row.fields
        for value, count in values[:SHOWN]:
            filters, held = toggled(self._filters, {field.name: (value,) if row.repeatable else value})
            name = PurePosixPath(for_display(value)).name or value if field.type is ValueType.FOLDER else value
            self._choice(menu, name, filters, count, checked=held)
        menu.setEnabled(not menu.isEmpty())

    def _sub(self, icon: str, text: str) -> QMenu:
        made = self.addMenu(icons.icon(icon), text)
        made.setToolTipsVisible(True)
        return made

    def _choice(
        self, menu: QMenu, text: str, filters: Filters, count: int | None = None, *, checked: bool | None = None
    ) -> None:
        shown = text.replace("&", "&&")
        action = menu.addAction(f"{shown}\t{QLocale().toString(count)}" if count is not None else shown)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda: self.chosen.emit(filters))

    def _dates(self, choices: FilterChoices) -> None:
        menu, filters = self._sub("calendar", self.tr("Date")), self._filters
        today = datetime.combine(datetime.now().date(), datetime.min.time())
        for text, days in (
            (self.tr("Today"), 0),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last 12 months"), 365),
        ):
            self._choice(menu, text, replace(filters, after=today - timedelta(days=days), before=None))
        menu.addSeparator()
        for year, count in sorted(choices.years[:SHOWN], reverse=True):
            span = replace(filters, after=datetime(year, 1, 1), before=datetime(year + 1, 1, 1))
            self._choice(menu, str(year), span, count, checked=filters.after == span.after)
        menu.addSeparator()
        menu.addAction(self.tr("From … to …")).triggered.connect(self.dates_wanted)


class FilterDialog(QDialog):
    """A few fields with OK and Cancel.

    Signals:
        chosen(Filters): OK was pressed.
    """

    chosen = Signal(object)

    def __init__(self, filters: Filters, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(360)
        self._filters = filters
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        self.form = QFormLayout()
        self.form.setSpacing(10)
        column.addLayout(self.form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def filters(self) -> Filters:
        """The filters as they are to be."""
        return self._filters

    def accept(self) -> None:
        super().accept()
        self.chosen.emit(self.filters())


class DatesDialog(FilterDialog):
    """A span of days, both inclusive."""

    def __init__(self, filters: Filters, parent: QWidget | None) -> None:
        super().__init__(filters, parent)
        self.setWindowTitle(self.tr("Dates"))
        today = datetime.now()
        self._from = self._edit("fromDate", self.tr("From"), filters.after or today - timedelta(days=365))
        until = filters.before - timedelta(days=1) if filters.before else today
        self._until = self._edit("untilDate", self.tr("To"), until)

    def _edit(self, name: str, text: str, day: datetime) -> QDateEdit:
        made = QDateEdit(QDate(day.year, day.month, day.day))
        made.setObjectName(name)
        made.setCalendarPopup(True)
        made.setAccessibleName(text)
        self.form.addRow(text, made)
        return made

    def filters(self) -> Filters:
        start, end = (
            datetime(edit.date().year(), edit.date().month(), edit.date().day()) for edit in (self._from, self._until)
        )
        start, end = min(start, end), max(start, end)
        return replace(self._filters, after=start, before=end + timedelta(days=1))


class PlaceDialog(FilterDialog):
    """A circle on the map, around a city or a point."""

    def __init__(self, filters: Filters, parent: QWidget | None) -> None:
        super().__init__(filters, parent)
        self.setWindowTitle(self.tr("Place"))
        near = filters.near or GeoCircle(0.0, 0.0, 10.0)
        self._place = near.place
        self._somewhere = filters.near is not None
        self._city = QLineEdit(local_place(near.place))
        self._city.setObjectName("city")
        self._city.setPlaceholderText(self.tr("Paris, or Springfield, Illinois"))
        self._city.setAccessibleName(self.tr("City"))
        self._city.setMinimumWidth(260)
        self.form.addRow(self.tr("City"), self._city)
        self._found = label("", "small", wrap=True, name="cityFound")
        self.form.addRow("", self._found)
        self._latitude = self._number("latitude", self.tr("Latitude (°, north is positive)"), near.latitude, -90, 90)
        self._longitude = self._number(
            "longitude", self.tr("Longitude (°, east is positive)"), near.longitude, -180, 180
        )
        self._radius = self._number("radius", self.tr("Within (km)"), near.radius_km, 0.1, 20000)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._city.textEdited.connect(lambda _text: self._pause.start())
        for number in (self._latitude, self._longitude):
            number.valueChanged.connect(self._moved)
        self._city.setFocus()

    def _number(self, name: str, text: str, value: float, low: float, high: float) -> QDoubleSpinBox:
        made = QDoubleSpinBox()
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.setRange(low, high)
        made.setDecimals(4 if high < 1000 else 1)
        made.setValue(value)
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.form.addRow(text, made)
        return made

    def _look(self) -> None:
        """Draw the circle around the city that is meant."""
        from app.geo.gazetteer import find_city  # opened for a place only

        self._pause.stop()
        typed = self._city.text().strip()
        city = find_city(typed) if typed else None
        self._found.setText(
            city.display_name(language()) if city else self.tr("No such city is known.") if typed else ""
        )
        if city is not None:
            near = city.near()
            for number, value in ((self._latitude, near.latitude), (self._longitude, near.longitude)):
                with QSignalBlocker(number):
                    number.setValue(value)
            self._radius.setValue(near.radius_km)
            self._place, self._somewhere = near.place, True
        else:
            self._place = ""

    def _moved(self) -> None:
        """Other coordinates are no city's."""
        self._place, self._somewhere = "", True
        self._city.clear()
        self._found.clear()

    def accept(self) -> None:
        """Not with a name that means nothing."""
        if self._pause.isActive():
            self._look()
        if self._place or not self._found.text():
            super().accept()

    def filters(self) -> Filters:
        near = GeoCircle(self._latitude.value(), self._longitude.value(), self._radius.value(), self._place)
        return replace(self._filters, near=near if self._somewhere else None)
