"""Where a photo was taken: the city in words, the coordinates, and a way to all from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.geo.circle import GeoCircle
from ui.i18n.places import coordinates, language
from ui.runtime.tasks import Tasks
from ui.widgets.controls import Button, IconLabel, label

if TYPE_CHECKING:
    from app.geo.gazetteer import City

_AROUND_KM = 10.0


class PlaceFact(QWidget):
    """A row of the panel. The city's name follows a moment later: the list of cities is read when it is first asked.

    Signals:
        clicked(GeoCircle): look for everything from there.
    """

    clicked = Signal(object)

    def __init__(self, tasks: Tasks, what: str, latitude: float, longitude: float) -> None:
        super().__init__()
        self._what, self._latitude, self._longitude = what, latitude, longitude
        self._near = GeoCircle(latitude, longitude, _AROUND_KM)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        sign = IconLabel("place", 18)
        sign.setAccessibleName(what)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        row.addLayout(column, 1)
        self._name = self._line("", "placeName")
        self._name.hide()
        self._all = Button(self.tr("Show all from here"))
        self._all.setObjectName("placeAll")
        self._all.setProperty("role", "link")
        self._all.setProperty("flush", True)
        self._all.clicked.connect(lambda: self.clicked.emit(self._near))
        for line in (self._name, self._line(coordinates(latitude, longitude), "placeCoordinates")):
            column.addWidget(line)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        tasks.submit(lambda: _nearest(latitude, longitude), self._named, topic="details-place")

    def _line(self, text: str, name: str) -> QLabel:
        made = label(text, wrap=True, name=name)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made.setAccessibleName(f"{self._what}: {text}")
        return made

    def _named(self, city: City | None) -> None:
        if city is None:
            return
        display_name = city.display_name(language())
        if city.contains(self._latitude, self._longitude):
            self._near = city.near()
        else:
            display_name = self.tr("near {city}").format(city=display_name)
        self._name.setText(display_name)
        self._name.setAccessibleName(f"{self._what}: {display_name}")
        self._name.show()
        self._all.setAccessibleDescription(display_name)
        self.setToolTip(self.tr("{what} (names: GeoNames, CC BY 4.0)").format(what=self._what))


def _nearest(latitude: float, longitude: float) -> City | None:
    """Not imported before it is needed: the window starts without."""
    from app.geo.gazetteer import nearest_city

    return nearest_city(latitude, longitude)
