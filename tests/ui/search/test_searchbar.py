"""Chips: made, weighed, taken away, by mouse and by keyboard."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider

from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.queries import Filters, ImagePart, Query, TextPart
from ui.search.chips import FilterChip, PartChip, chips_of
from ui.search.searchbar import SearchBar

FULL = Filters(
    Kind.PHOTO,
    ("/a/b",),
    datetime(2024, 1, 1),
    datetime(2025, 1, 1),
    "X-T5",
    GeoCircle(54, 10, 5),
    ("dog", "beach"),
    10,
    20,
)


@pytest.fixture
def bar(qtbot):
    made = SearchBar()
    qtbot.addWidget(made)
    made.show()
    return made


def chips(bar, kind):
    return [chip for chip in bar._chips if isinstance(chip, kind)]


def test_words_settle_into_chips(bar):
    bar.line.setText("dog -cat")
    bar.add_as_chips(Query((TextPart("dog"), TextPart("cat", -1.0)), Filters(kind=Kind.PHOTO)))
    assert bar.text == ""
    assert [chip.accessibleName() for chip in bar._chips] == ["dog", "− cat", "Photos"]
    assert chips(bar, PartChip)[1].property("minus") is True


def test_every_filter_has_a_chip_that_takes_it_away(bar):
    bar.set_filters(FULL)
    assert len(chips_of(FULL)) == 10
    while bar._chips:
        bar._chips[0].removed.emit(bar._chips[0])
    assert bar.filters == Filters()
    assert bar.is_empty()


def test_chips_by_keyboard(bar, qtbot):
    bar.add_as_chips(Query((TextPart("dog"), TextPart("sand"))))
    first = bar._chips[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Delete)
    assert [part.text for part in bar.parts] == ["sand"]
    assert bar._chips[0].hasFocus() or not bar.isActiveWindow()


def test_backspace_takes_words_back_to_the_line(bar, qtbot):
    bar.add_as_chips(Query((TextPart("dog"), TextPart("cat", -1.0))))
    qtbot.keyClick(bar.line, Qt.Key.Key_Backspace)
    assert bar.text == "-cat"
    assert bar.parts == (TextPart("dog"),)
    bar.line.clear()
    bar.set_query(Query((), Filters(kind=Kind.PHOTO)))
    qtbot.keyClick(bar.line, Qt.Key.Key_Backspace)
    assert bar.filters == Filters()


def test_weight_and_sign_from_the_chip(bar):
    bar.add_part(ImagePart(unit_id="u1"))
    menu = bar._chips[0].menu()
    slider = menu.findChild(QSlider, "weightSlider")
    slider.setValue(8)
    slider.sliderReleased.emit()
    assert bar.parts == (ImagePart(unit_id="u1", weight=2.0),)
    assert bar._chips[0].accessibleName().endswith("× 2")
    bar._chips[0]._negate()
    assert bar.parts[0].weight == -2.0
    menu.deleteLater()


def test_an_empty_field_offers_nothing_to_clear(bar):
    assert bar._clear.isHidden()
    bar.add_part(TextPart("x"))
    assert not bar._clear.isHidden()
    bar._clear.click()
    assert bar.is_empty()


def test_a_picture_is_not_added_twice(bar):
    bar.add_part(ImagePart(unit_id="u1"))
    bar.add_part(ImagePart(unit_id="u1"))
    assert len(bar.parts) == 1


def test_filter_chip_names_its_field(bar):
    bar.set_filters(FULL)
    assert {field.name for field, _, _ in chips_of(FULL)} == {
        "kind", "folders", "after", "before", "camera", "near", "tags", "size_min", "size_max",
    }  # fmt: skip
    for chip in chips(bar, FilterChip):
        assert len(chips_of(chip.without(FULL))) == len(chips_of(FULL)) - 1


def test_enter_and_down_are_told(bar, qtbot):
    bar.line.setText("dog")
    with qtbot.waitSignal(bar.submitted) as submitted:
        qtbot.keyClick(bar.line, Qt.Key.Key_Return)
    assert submitted.args == ["dog"]
    with qtbot.waitSignal(bar.left_downwards):
        qtbot.keyClick(bar.line, Qt.Key.Key_Down)


def test_values_of_a_filter_are_offered_before_recent_searches(bar, qtbot):
    bar.set_recent(["kind:photo dog", "cat"])
    qtbot.keyClicks(bar.line, "dog kind:")
    assert bar.line.recents.model().stringList()[:2] == ["dog kind:photo", "dog kind:document"]
    qtbot.keyClicks(bar.line, "photo ")
    assert bar.line.recents.model().stringList() == ["kind:photo dog", "cat"]
