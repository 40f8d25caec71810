"""The page of folders tells what is not indexed, and takes it in with one click."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.files.not_indexed import LeftOutFolder, NotIndexed
from ui.folders.not_indexed import NotIndexedCard


def test_nothing_to_say_is_nothing_to_see(qtbot: QtBot) -> None:
    card = NotIndexedCard()
    qtbot.addWidget(card)
    card.show_what(NotIndexed())
    assert card.isHidden()


def test_what_is_left_out_is_told_and_can_be_taken_in(qtbot: QtBot) -> None:
    card = NotIndexedCard()
    qtbot.addWidget(card)
    folders, patterns = list[str](), list[str]()
    card.folder_wanted.connect(folders.append)
    card.pattern_wanted.connect(patterns.append)
    card.show_what(
        NotIndexed((LeftOutFolder("/p/node_modules", "node_modules/"), LeftOutFolder("/p/usb")), {".mp4": 1210, "": 2})
    )
    assert not card.isHidden()
    kinds = card.findChild(QLabel, "kindsNotRead")
    assert kinds is not None
    assert "1,212" in kinds.text()
    assert ".mp4 1,210" in kinds.text()
    for button in card.findChildren(QPushButton, "includeFolder"):
        button.click()
    assert (patterns, folders) == (["!node_modules/"], ["/p/usb"])
