"""The page of tags: its three views, the tags that files have, and the vocabulary."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from ui.tagging.page import TaggingPage


@pytest.fixture
def page(context, tagger, qtbot):
    tagger.confirmed = {"dog": {"x", "y"}, "beach": {"z"}}
    made = TaggingPage(context)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


@pytest.fixture
def browser(page, qtbot):
    QTest.mouseClick(page.findChild(QPushButton, "myTagsButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.browser.tree.topLevelItemCount() == 2)
    return page.browser


def rows(browser):
    tree = browser.tree
    return [(tree.topLevelItem(n).text(0), tree.topLevelItem(n).data(1, 0)) for n in range(tree.topLevelItemCount())]


def choose(browser, tag):
    (item,) = browser.tree.findItems(tag, Qt.MatchFlag.MatchExactly)
    QTest.mouseClick(browser.tree.viewport(), Qt.MouseButton.LeftButton, pos=browser.tree.visualItemRect(item).center())


def test_tags_of_files_are_listed_with_their_number(browser):
    assert rows(browser) == [("beach", 1), ("dog", 2)]
    browser.tree.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert rows(browser) == [("dog", 2), ("beach", 1)]


def test_the_files_of_a_tag_are_shown(browser, page, qtbot):
    choose(browser, "dog")
    with qtbot.waitSignal(page.tag_chosen) as shown:
        qtbot.keyClick(browser.tree, Qt.Key.Key_Return)
    assert shown.args == ["dog"]


def test_a_tag_is_renamed_and_two_are_put_together(browser, tagger, qtbot, monkeypatch):
    monkeypatch.setattr("ui.tagging.browser.ask_text", lambda *_args: "beach")
    choose(browser, "dog")
    qtbot.keyClick(browser.tree, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: rows(browser) == [("beach", 3)])
    assert tagger.journal == [("rename", "dog", ("beach",))]


def test_a_tag_is_deleted_after_a_question(browser, tagger, qtbot, monkeypatch):
    answers = iter(["Cancel", "Delete"])

    def answer(box):
        wanted = next(answers)
        next(button for button in box.buttons() if button.text().replace("&", "").startswith(wanted)).click()

    monkeypatch.setattr(QMessageBox, "exec", answer)
    choose(browser, "dog")
    qtbot.keyClick(browser.tree, Qt.Key.Key_Delete)
    assert tagger.journal == []
    qtbot.keyClick(browser.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: rows(browser) == [("beach", 1)])


def test_the_list_is_narrowed_and_acts_only_on_what_is_chosen(browser, qtbot):
    assert not browser.findChild(QPushButton, "tagRename").isEnabled()
    qtbot.keyClicks(browser.filter, "bea")
    shown = [n for n in range(2) if not browser.tree.topLevelItem(n).isHidden()]
    assert [browser.tree.topLevelItem(n).text(0) for n in shown] == ["beach"]


def test_the_vocabulary_can_be_edited(page, tagger, qtbot):
    page.show_vocabulary()
    editor = page.editor
    qtbot.waitUntil(lambda: editor.list.count() == 5)
    editor._new()
    editor.name.setText("kite")
    editor.descriptions.setPlainText("a photo of a kite\n\na kite in the sky")
    editor.save.click()
    assert tagger.entries["kite"].descriptions == ("a photo of a kite", "a kite in the sky")
    qtbot.waitUntil(lambda: editor.list.count() == 6)
    item = editor.list.findItems("beach", Qt.MatchFlag.MatchExactly)[0]
    item.setCheckState(Qt.CheckState.Unchecked)
    assert tagger.entries["beach"].enabled is False
    editor.list.setCurrentItem(editor.list.findItems("kite", Qt.MatchFlag.MatchExactly)[0])
    editor.remove.click()
    assert "kite" not in tagger.entries
