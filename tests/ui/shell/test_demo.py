"""The demo's four questions, and the way into it from the first page."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.query.queries import ImagePart, TextPart
from ui.shell.window import Window


@pytest.fixture
def demo(context, indexer, qtbot, tmp_path):
    (tmp_path / "photos").mkdir()
    QImage(16, 16, QImage.Format.Format_RGB32).save(str(tmp_path / "photos" / "IMG_2031.jpg"))
    context.change(folders=(str(tmp_path),))
    context.demo = True
    made = Window(context, indexer)
    qtbot.addWidget(made)
    made.show()
    return made


def click(window, name):
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_four_questions_to_click(demo, library, qtbot):
    click(demo, "demoWords")
    qtbot.waitUntil(lambda: library.last_query is not None and library.last_query.text == "a cat")
    click(demo, "demoMinus")
    qtbot.waitUntil(lambda: library.last_query.parts == (TextPart("cat"), TextPart("rent", -1.0)))
    click(demo, "demoPicture")
    qtbot.waitUntil(lambda: isinstance(library.last_query.parts[0], ImagePart))
    (part,) = demo.page.bar.parts
    qtbot.waitUntil(lambda: part in demo.page.bar._thumbnails)
    click(demo, "demoTags")
    assert demo.pages.currentWidget() is demo._made["tags"]
    with qtbot.waitSignal(demo.quit_requested):
        click(demo, "demoLeave")


def test_only_a_demo_has_them(window):
    assert window.findChild(QPushButton, "demoWords") is None


def test_the_first_page_starts_one(window, monkeypatch):
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda program, words: (started.append((program, words)) or True, 1))
    window.show_first_run()
    click(window, "firstRunDemo")
    assert started == [(sys.executable, ["-m", "app", "demo"])]
