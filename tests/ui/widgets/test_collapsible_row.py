"""Where a row is narrow its buttons become icons; nothing is ever cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSlider

from ui.widgets.collapsible_row import CollapsibleRow
from ui.widgets.controls import button, label


@pytest.fixture
def row(qtbot):
    made = CollapsibleRow()
    qtbot.addWidget(made)
    made.row.addWidget(label("Results"))
    first, second = (button(text, lambda: None, icon="sort") for text in ("Strictness", "Newest first"))
    slider = QSlider()
    slider.setFixedWidth(100)
    for widget in (first, second, slider):
        made.row.addWidget(widget)
    made.fold([first, second], spare=[slider])
    made.resize(900, 40)
    made.show()
    return made, first, second, slider


def test_words_go_one_after_the_other_and_come_back(row, qtbot):
    made, first, second, slider = row
    seen = []
    for width in (*range(900, 90, -10), *range(90, 910, 10)):
        made.resize(width, 40)
        state = (first.folded, second.folded, not slider.isVisible())
        if not seen or seen[-1] != state:
            seen.append(state)
        if not all(state):
            assert made.row.sizeHint().width() <= width, state
    none, one, two, all_of_it = (False,) * 3, (True, False, False), (True, True, False), (True,) * 3
    assert seen == [none, one, two, all_of_it, two, one, none]
    qtbot.wait(10)
    assert (first.text(), second.text()) == ("Strictness", "Newest first")


def test_a_folded_button_says_itself_by_tooltip_and_name(row):
    made, _first, second, _slider = row
    made.resize(120, 40)
    second.setText("Oldest first")
    assert (second.text(), second.words, second.accessibleName()) == ("", "Oldest first", "Newest first")
    second.fold(True)
    assert second.toolTip() == "Oldest first"
    made.resize(900, 40)
    assert (second.text(), second.toolTip()) == ("Oldest first", "")


class Counting(QObject):
    """Counts how often a widget is laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("width", [900, 250, 120])
def test_a_row_that_was_laid_out_rests(row, qtbot, width):
    made, first, _second, _slider = row
    made.resize(width, 40)
    first.setText("Strictness, more or less")
    counting = Counting()
    made.installEventFilter(counting)
    qtbot.wait(50)
    made.removeEventFilter(counting)
    assert counting.count < 10
