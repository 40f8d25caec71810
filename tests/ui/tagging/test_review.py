"""Reviewing proposals by key, and taking decisions back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.tagging.review import ReviewPane


@pytest.fixture
def page(context, qtbot):
    context.ask(lambda library: library.status())
    made = ReviewPane(context)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    return made


def choose(page, label, qtbot):
    item = page.labels.findItems(label, Qt.MatchFlag.MatchStartsWith)[0]
    page.labels.setCurrentItem(item)
    qtbot.waitUntil(lambda: page.model.rowCount() and page.model.proposal(0).label == label)


def test_labels_are_listed_with_most_to_do_first(page):
    texts = [page.labels.item(row).text() for row in range(page.labels.count())]
    assert texts[0].startswith("All proposals")
    assert texts[1].split() == ["mountain", "31"]


def test_y_confirms_and_n_rejects_and_undo_takes_back(page, tagger, qtbot):
    choose(page, "dog", qtbot)
    first, second = page.model.proposal(0).path, page.model.proposal(1).path
    page._decide("confirm")
    page._decide("reject")
    assert tagger.journal == [("confirm", "dog", (first,)), ("reject", "dog", (second,))]
    qtbot.waitUntil(lambda: page.model.rowCount() == 7)
    page.undo.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 8)


def test_keys_are_bound_to_the_tiles(page):
    from PySide6.QtGui import QShortcut

    keys = {shortcut.key().toString() for shortcut in page.view.findChildren(QShortcut)}
    assert {"Y", "N", "Return", "Del"} <= keys


def test_several_at_once(page, tagger, qtbot):
    choose(page, "invoice", qtbot)
    page.view.selectAll()
    page.confirm.click()
    assert len(tagger.confirmed["invoice"]) == 5
    qtbot.waitUntil(lambda: page._proposals.currentWidget() is page._empty)


def test_an_empty_page_fills_by_itself_as_files_are_tagged(context, tagger, qtbot):
    waiting, tagger.waiting = tagger.waiting, {}
    made = ReviewPane(context)
    qtbot.addWidget(made)
    made._look_again.setInterval(20)
    made.show()
    qtbot.waitUntil(lambda: made._proposals.currentWidget() is made._empty and made._look_again.isActive())
    tagger.waiting = waiting
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    assert not made._look_again.isActive()
