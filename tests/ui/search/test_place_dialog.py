"""The dialog behind "Place…": a city by name, or a point."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QLabel, QLineEdit

from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.queries import Filters
from ui.search.filter_menu import PlaceDialog


@pytest.fixture
def opened(qtbot):
    def open_with(filters=Filters()):  # noqa: B008
        dialog = PlaceDialog(filters, None)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_with


def number(dialog, name):
    return dialog.findChild(QDoubleSpinBox, name)


def test_a_city_fills_in_its_circle(opened, qtbot):
    dialog = opened(Filters(Kind.PHOTO))
    qtbot.keyClicks(dialog.findChild(QLineEdit, "city"), "munich")
    found = dialog.findChild(QLabel, "cityFound")
    qtbot.waitUntil(lambda: found.text() == "Munich, Germany")
    assert (number(dialog, "latitude").value(), number(dialog, "radius").value()) == (48.137, 17.0)
    number(dialog, "radius").setValue(3)
    assert dialog.filters() == Filters(Kind.PHOTO, near=GeoCircle(48.137, 11.575, 3.0, "Munich, Germany"))


def test_enter_does_not_outrun_the_pause(opened, qtbot):
    dialog = opened()
    line = dialog.findChild(QLineEdit, "city")
    qtbot.keyClicks(line, "oslo")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.filters().near.place == "Oslo, Norway"


def test_a_name_that_means_nothing_is_not_taken(opened, qtbot):
    dialog = opened()
    line = dialog.findChild(QLineEdit, "city")
    qtbot.keyClicks(line, "qwxzv")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.findChild(QLabel, "cityFound").text() == "No such city is known."
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_other_coordinates_are_no_city(opened):
    dialog = opened(Filters(near=GeoCircle(48.137, 11.575, 17.0, "Munich, Germany")))
    assert dialog.findChild(QLineEdit, "city").text() == "Munich, Germany"
    assert dialog.filters().near.place == "Munich, Germany"
    number(dialog, "longitude").setValue(12)
    assert dialog.findChild(QLineEdit, "city").text() == ""
    assert dialog.filters().near == GeoCircle(48.137, 12.0, 17.0)
