"""What hands do without thinking: Enter, Escape, Ctrl+Z, typing among the results."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton, QToolButton

from app.core.records import Kind
from app.query.queries import Filters, ImagePart, TextPart
from tests.fakes import failed_file
from tests.ui.test_faults import click_tile, type_query
from ui.results import trash


def test_enter_goes_to_the_results_and_the_next_words_replace_the_last(window, library, qtbot):
    bar, grid = window.page.bar, window.page.grid
    type_query(window, qtbot, "dog beach")
    qtbot.keyClick(bar.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.currentIndex().row() == 0)
    assert (bar.text, bar.parts) == ("dog beach", ())
    window.focus_search()
    qtbot.keyClicks(bar.line, "sun")
    qtbot.waitUntil(lambda: library.last_query.text == "sun")
    assert bar.text == "sun"


def test_enter_does_not_wait_for_the_pause(window, library, qtbot):
    line = window.page.bar.line
    line.setFocus()
    qtbot.keyClicks(line, "dog")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: library.last_query.text == "dog", timeout=1000)


def test_filters_become_chips_with_enter(window, qtbot):
    bar = window.page.bar
    type_query(window, qtbot, "dog -people kind:photo")
    qtbot.keyClick(bar.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bar.filters.kind is Kind.PHOTO)
    assert bar.text == "dog -people"
    assert window.page.search.query.parts == (TextPart("dog"), TextPart("people", -1.0))


def test_words_become_chips_when_they_are_to_stay(window, qtbot):
    bar = window.page.bar
    type_query(window, qtbot, "dog")
    QTest.mouseClick(bar._add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.parts == (TextPart("dog"),))
    type_query(window, qtbot, "beach")
    qtbot.keyClick(bar.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bar.parts == (TextPart("dog"), TextPart("beach")))
    assert bar._add.isHidden()


def test_escape_takes_back_one_thing_at_a_time_and_undo_brings_it_back(window, qtbot):
    bar = window.page.bar
    bar.set_filters(Filters(kind=Kind.PHOTO))
    bar.add_part(ImagePart(unit_id="u1"))
    type_query(window, qtbot, "dog")
    seen = []
    for _ in range(3):
        window.escape()
        seen.append((bar.text, len(bar.parts), bar.filters.kind))
    assert seen == [("", 1, Kind.PHOTO), ("", 0, Kind.PHOTO), ("", 0, None)]
    window.page.grid.setFocus()
    for expected in (("", 0, Kind.PHOTO), ("", 1, Kind.PHOTO), ("dog", 1, Kind.PHOTO)):
        window.undo()
        assert (bar.text, len(bar.parts), bar.filters.kind) == expected
    qtbot.waitUntil(lambda: window.page.search.query.text == "dog")


def test_typing_among_the_results_begins_a_search(window, library, qtbot):
    click_tile(window.page.grid, 2)
    qtbot.keyClicks(window.page.grid, "d")
    qtbot.keyClicks(window.page.bar.line, "og")
    qtbot.waitUntil(lambda: library.last_query.text == "dog")
    assert window.page.bar.text == "dog"


def test_details_open_with_a_selection_and_go_with_it(window, qtbot):
    window.resize(1300, 800)
    assert window.page.details.isHidden()
    click_tile(window.page.grid, 0)
    assert not window.page.details.isHidden()
    type_query(window, qtbot, "dog")
    assert window.page.details.isHidden()


def test_a_double_click_shows_what_the_first_click_chose(window, qtbot):
    window.resize(1300, 800)
    grid = window.page.grid
    place = grid.visualRect(grid.model().index(5)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.preview.visible)
    assert window.preview.preview.row == 5


def test_a_tag_is_taken_back_in_its_turn(window, tagger, context, qtbot):
    click_tile(window.page.grid, 0)
    path = window.page.chosen_hits()[0].path
    with qtbot.waitSignal(context.decided):
        context.ask_tagger(lambda engine: engine.add("mine", [path]), window.page.files._tagged)
    assert tagger.journal == [("add", "mine", (path,))]
    window.undo()
    qtbot.waitUntil(lambda: tagger.journal == [])
    window.undo()
    qtbot.waitUntil(lambda: "nothing to undo" in window.page.banner.text.text())


def test_words_that_stood_for_a_while_are_offered_again(window, context, qtbot):
    window.page._stood.setInterval(30)
    type_query(window, qtbot, "bicycle")
    qtbot.waitUntil(lambda: context.state.recent[:1] == ["bicycle"])


def press_move(box):
    next(button for button in box.buttons() if button.text().startswith("Move")).click()


@pytest.mark.skipif(not trash.CAN_RESTORE, reason="only here the trash says where a file came from")
def test_a_file_comes_back_from_the_trash(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("send2trash.plat_other.HOMETRASH", str(tmp_path / "share" / "Trash"), raising=False)
    path = tmp_path / "häus & hof 100%.jpg"
    path.write_bytes(b"picture")
    monkeypatch.setattr(QMessageBox, "exec", press_move)
    hit = window.page.model.hit(0)
    window.page.files.throw_away([replace(hit, path=path.as_posix())])
    qtbot.waitUntil(lambda: not path.exists())
    qtbot.waitUntil(lambda: "Trash" in window.page.banner.text.text())
    window.undo()
    qtbot.waitUntil(path.exists)
    assert path.read_bytes() == b"picture"
    assert trash.restore([str(path)]) == 0, "what stands there is never replaced"


def test_saved_searches_are_renamed_and_updated(window, context, qtbot, monkeypatch):
    answers = iter(["Dogs", "My dogs"])
    monkeypatch.setattr("ui.shell.saved_searches.ask_text", lambda *_args: next(answers))
    type_query(window, qtbot, "dog")
    window.saved.ask()
    qtbot.waitUntil(lambda: "Dogs" in context.state.saved)
    button = window.side.findChild(QPushButton, "savedSearch")
    button.customContextMenuRequested.emit(button.rect().center())
    menu = window.side.findChild(QMenu)
    menu.actions()[0].trigger()
    assert list(context.state.saved) == ["My dogs"]
    menu.close()
    type_query(window, qtbot, "beach")
    window.side.saved_updated.emit("My dogs")
    qtbot.waitUntil(lambda: context.state.saved["My dogs"].text == "beach")


def test_a_preview_fills_the_screen_and_gives_it_back(window, qtbot):
    window.preview.show_row(0)
    preview = window.preview.preview
    qtbot.keyClick(preview, Qt.Key.Key_F)
    assert window.isFullScreen()
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_what_is_previewed_can_be_thrown_away(window, qtbot, monkeypatch):
    thrown: list[object] = []
    monkeypatch.setattr(window.page.files, "throw_away", lambda hits: thrown.extend(hits))
    window.preview.show_row(3)
    qtbot.keyClick(window.preview.preview, Qt.Key.Key_Delete)
    assert thrown == [window.preview.preview._hit]


def test_what_failed_can_be_opened_and_found(window, library, qtbot, monkeypatch):
    library.failed = [failed_file("/home/ada/broken.pdf")]
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(window.page.files, "open_path", lambda path: asked.append(("open", path)))
    monkeypatch.setattr(window.page.files, "show_path", lambda path: asked.append(("show", path)))
    window.go("folders")
    page = window._made["folders"]
    qtbot.waitUntil(lambda: page.findChild(QToolButton, "openFile") is not None)
    for name in ("openFile", "showFile"):
        QTest.mouseClick(page.findChild(QToolButton, name), Qt.MouseButton.LeftButton)
    assert asked == [("open", "/home/ada/broken.pdf"), ("show", "/home/ada/broken.pdf")]


def test_keys_of_the_results_act_in_the_results_only(window, qtbot, monkeypatch):
    asked: list[object] = []
    monkeypatch.setattr(window.page.files, "throw_away", asked.append)
    click_tile(window.page.grid, 1)
    button = window.side._buttons["tags"]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Delete)
    assert asked == []
    window.page.grid.setFocus()
    qtbot.keyClick(window.page.grid, Qt.Key.Key_Delete)
    assert len(asked) == 1
