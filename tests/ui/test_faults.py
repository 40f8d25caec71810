"""What went wrong in the hands of people, done again with real mouse and keys."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QToolButton,
)

from app.core.errors import UserError
from app.core.indexer_protocol import FolderState, Progress
from app.geo.circle import GeoCircle
from app.query.queries import TextPart
from tests.fakes import FakeLibrary, FakeProposal, document, photo
from ui.models.model_list import Model
from ui.results.model import as_mime
from ui.shell.window import Window
from ui.style import theme

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(2000)


def type_query(window, qtbot, text):
    """Replace what stands on the line, as people do, and wait for the answer."""
    line = window.page.bar.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.waitUntil(lambda: window.page.search._shown is not None and window.page.search._shown.question.text == text)


def click_tile(grid, row):
    place = grid.visualRect(grid.model().index(row)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)


def pick(menu, text):
    action = next(action for action in menu.actions() if action.text().split("\t")[0] == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    return action


def open_filters(window, qtbot):
    QTest.mouseClick(window.page.bar._filter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.page.findChild(QMenu, "filterMenu") is not None)
    menu = window.page.findChild(QMenu, "filterMenu")
    qtbot.waitUntil(menu.isVisible)
    return menu


# ---- the place in the list


def test_a_new_search_begins_at_the_top(window, qtbot):
    grid, bar = window.page.grid, window.page.grid.verticalScrollBar()
    QTest.mouseClick(
        grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(window.page.model.index(0)).center()
    )
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert bar.value() > 0
    type_query(window, qtbot, "dog")
    assert bar.value() == 0
    assert not grid.currentIndex().isValid()
    qtbot.keyClick(window.page.bar.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.currentIndex().isValid())
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert bar.value() > 0
    window.escape()
    window.page.bar.clear()
    qtbot.waitUntil(lambda: not window.page.model.banded)
    assert bar.value() == 0


def test_files_coming_in_and_weaker_results_leave_the_place(window, library, qtbot):
    type_query(window, qtbot, "dog")
    bar = window.page.grid.verticalScrollBar()
    bar.setValue(1500)
    library.count = 2100
    window.page.search.refresh()
    qtbot.waitUntil(lambda: window.page.model.total > 1002)
    assert bar.value() == 1500
    window.page.search.change(all_hits=True)
    qtbot.waitUntil(lambda: window.page.search._shown.question.all_hits)
    assert bar.value() == 1500


# ---- filters


def test_a_place_is_chosen_with_the_mouse(window, qtbot):
    pick(open_filters(window, qtbot), "Place…")
    qtbot.waitUntil(lambda: window.page.findChild(QDialog) is not None)
    dialog = window.page.findChild(QDialog)
    QApplication.processEvents()  # the menu is deleted
    city = dialog.findChild(QLineEdit, "city")
    assert dialog.focusWidget() is city
    qtbot.keyClicks(city, "munich")
    qtbot.keyClick(city, Qt.Key.Key_Return)
    assert window.page.bar.filters.near == GeoCircle(48.137, 11.575, 17.0, "Munich, Germany")


def test_nothing_in_the_place_dialog_is_no_place(window, qtbot):
    pick(open_filters(window, qtbot), "Place…")
    qtbot.waitUntil(lambda: window.page.findChild(QDialog) is not None)
    qtbot.keyClick(window.page.findChild(QDialog).findChild(QLineEdit, "city"), Qt.Key.Key_Return)
    assert window.page.bar.filters.near is None


def test_dates_are_chosen_with_the_mouse(window, qtbot):
    menu = open_filters(window, qtbot)
    dates = next(action.menu() for action in menu.actions() if action.text() == "Date")
    pick(menu, "Date")
    qtbot.waitUntil(dates.isVisible)
    pick(dates, "From … to …")
    qtbot.waitUntil(lambda: window.page.findChild(QDialog) is not None)
    dialog = window.page.findChild(QDialog)
    QApplication.processEvents()
    dialog.findChild(QDateEdit, "fromDate").setDate(QDate(2024, 5, 1))
    dialog.findChild(QDateEdit, "untilDate").setDate(QDate(2024, 5, 31))
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    QTest.mouseClick(ok, Qt.MouseButton.LeftButton)
    filters = window.page.bar.filters
    assert (filters.after.isoformat()[:10], filters.before.isoformat()[:10]) == ("2024-05-01", "2024-06-01")


def test_years_are_listed_newest_first(window, library, qtbot):
    known = library.choices()
    library.choices = lambda: replace(known, years=((2008, 900), (2026, 410), (2010, 30)))
    menu = open_filters(window, qtbot)
    dates = next(action.menu() for action in menu.actions() if action.text() == "Date")
    years = [action.text().split("\t")[0] for action in dates.actions() if action.text()[:2] == "20"]
    assert years == ["2026", "2010", "2008"]
    menu.close()


@pytest.mark.parametrize(("text", "title"), [("tag:dog", "Files"), ("kind:photo", "Photos"), ("", "Everything")])
def test_filters_without_words_are_a_list_of_files(window, qtbot, text, title):
    type_query(window, qtbot, "dog")
    if text:
        type_query(window, qtbot, text)
    else:
        window.page.bar.clear()
        qtbot.waitUntil(lambda: not window.page.model.banded)
    assert not window.page.model.banded
    header = window.page.header
    assert header.title.text() == title
    assert "files" in header.count.text()
    assert header.order.words == "Newest first"
    assert header.strict.isHidden()


def reddish(widget) -> int:
    """How many pixels of a widget are red, as an underlined word has them."""
    image = widget.grab().toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(colour.red() > colour.green() + 80 for colour in colours)


def test_a_filter_that_is_not_understood_leaves_the_rest_to_be_searched(window, library, qtbot):
    type_query(window, qtbot, "dog after:nonsense beach")
    assert library.last_query.parts == (TextPart("dog beach"),)
    assert "after:nonsense" in window.page.notes.text.text()
    line = window.page.bar.line
    assert reddish(line) > 20, "underlined"
    type_query(window, qtbot, "dog after:2024")
    assert window.page.notes.isHidden()
    assert reddish(line) == 0


def test_half_a_word_that_finds_nothing_leaves_the_list_for_a_moment(window, library, qtbot):
    type_query(window, qtbot, "dog")
    total = window.page.model.total
    line = window.page.bar.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "unicorn")
    calls = library.calls.count("search")
    qtbot.waitUntil(lambda: library.calls.count("search") > calls)
    assert window.page.model.total == total, "no flash of an empty page"
    qtbot.waitUntil(lambda: window.page.empty.isVisible())


# ---- recent searches


def test_recent_searches_can_be_read(window, qtbot):
    app = QApplication.instance()
    sheet, palette = app.styleSheet(), app.palette()
    theme.use(app, theme.LIGHT)
    try:
        window.page.bar.set_recent(["dog on a beach", "invoice"])
        qtbot.keyClick(window.page.bar.line, Qt.Key.Key_Down)
        popup = window.page.bar.line.recents.popup()
        qtbot.waitUntil(popup.isVisible)
        image = popup.grab().toImage()
        middle = image.pixelColor(image.width() - 12, image.height() // 2)
        assert middle.name() == theme.LIGHT.raised
        assert popup.sizeHintForRow(0) >= 28
        popup.hide()
    finally:
        app.setStyleSheet(sheet)
        app.setPalette(palette)


# ---- another language


def test_notices_after_a_change_of_language(program, context, qtbot):
    program.open()
    context.notice.emit("3 files copied")
    try:
        context.change(language="de")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Alles")
        QApplication.sendPostedEvents(None, 52)  # deferred deletes: the former window is gone
        QApplication.processEvents()
        context.notice.emit("3 Dateien kopiert")
        assert program.window.page.banner.text.text() == "3 Dateien kopiert"
    finally:
        context.change(language="en")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Everything")


def test_settings_stay_on_their_page_when_the_language_changes(program, context, qtbot):
    program.open()
    program.window.open_settings(3)
    try:
        context.change(language="de")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Alles")
        assert program.window.findChild(QDialog, "settingsDialog").group == 3
    finally:
        context.change(language="en")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Everything")


def test_no_lambda_is_connected_to_what_outlives_the_window():
    """PySide lets go of a bound method with its object, but keeps a lambda: it would call into a deleted window."""
    lasting = {"context", "_context", "indexer", "_indexer", "theme", "_theme", "fetch"}
    found = []
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "connect"
                and any(isinstance(argument, ast.Lambda) for argument in node.args)
            ):
                signal = ast.unparse(node.func.value).split(".")
                if lasting & set(signal[:-1]):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


# ---- models

OFFLINE = """
import json
print(json.dumps({"what": "Asking the model hub", "share": 0.0}), flush=True)
print(json.dumps({"what": "No connection to hub.example.", "remedy": "Run `semblance model use`.", "failed": True,
                  "kind": "NoConnection"}), flush=True)
raise SystemExit(2)
"""
MODELS = [
    Model("starter", "Starter", "Works at once.", "MIT", ("English",), 0, True, True),
    Model("ViT-B-32/x", "ViT-B-32", "Better.", "MIT", ("English",), 605_000_000, False, False),
]


@pytest.fixture
def offline(context, tmp_path, monkeypatch):
    (tmp_path / "child.py").write_text(OFFLINE)
    context.fetch._arguments = [str(tmp_path / "child.py")]
    monkeypatch.setattr("ui.models.model_list.list_models", lambda _places: MODELS)


def download(qtbot, monkeypatch, page):
    monkeypatch.setattr(QMessageBox, "exec", lambda box: box.buttons()[0].click())
    models = page.models
    qtbot.waitUntil(lambda: models.findChild(QPushButton, "modelDownload") is not None)
    with qtbot.waitSignal(models.fetch.ended, timeout=20_000):
        QTest.mouseClick(models.findChild(QPushButton, "modelDownload"), Qt.MouseButton.LeftButton)
    return models


def test_a_failed_download_is_said_where_it_was_started(window, qtbot, monkeypatch, offline):  # noqa: ARG001
    window.go("folders")
    models = download(qtbot, monkeypatch, window._made["folders"])
    said = "No connection to hub.example. Check the network and try again, or use a file from another computer."
    qtbot.waitUntil(lambda: models.findChild(QLabel, "modelError") is not None)
    assert models.findChild(QLabel, "modelError").text() == said
    assert models.findChild(QPushButton, "modelDownload").text() == "Try again…"
    assert window.page.banner.isHidden()
    models.fetch._arguments = ["-c", "import sys; print(sys.argv[1:])"]
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(models.fetch, "start", lambda *words, **more: begun.append((*words, *more.values())))
    QTest.mouseClick(models.findChild(QPushButton, "modelFile"), Qt.MouseButton.LeftButton)
    dialog = models.findChild(QFileDialog)
    dialog.fileSelected.emit("/home/ada/open_clip_model.safetensors")
    dialog.close()
    assert begun == [("use", "ViT-B-32/x", "/home/ada/open_clip_model.safetensors", "ViT-B-32")]


def test_a_download_that_fails_elsewhere_is_said_with_the_way_to_it(window, context):
    context.download_failed.emit(UserError("The disk is full.", "Make room."))
    assert window.page.banner.text.text() == "The disk is full. Make room."
    QTest.mouseClick(window.page.banner._action, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window._made["folders"]


# ---- the preview of texts

LETTER = "Dear Ada,\n\n" + "\n".join(f"Line {number} of a long letter." for number in range(300))


def preview_of(window, library, qtbot, path, snippet):
    hit = replace(document(1), path=str(path), page=None, snippet=snippet, marks=())
    library._hits, library.count = [hit], 1
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.model.total == 1)
    click_tile(window.page.grid, 0)
    qtbot.keyClick(window.page.grid, Qt.Key.Key_Space)
    preview = window.preview.preview
    qtbot.waitUntil(lambda: preview.pane.reading)
    return preview


def test_a_text_is_read_in_the_preview_from_its_passage_on(window, library, qtbot, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(LETTER)
    preview = preview_of(window, library, qtbot, path, "Line 250 of a long letter. Line 251 of a long letter.")
    sheet = preview.pane.sheet
    assert sheet.toPlainText() == LETTER
    (mark,) = sheet.extraSelections()
    assert (
        mark.cursor.selectedText().replace("\u2029", "\n") == "Line 250 of a long letter.\nLine 251 of a long letter."
    )
    assert sheet.viewport().rect().contains(sheet.cursorRect(mark.cursor).center())
    for name in ("zoomInButton", "zoomOutButton", "fitButton", "cutButton"):
        assert preview.findChild(QToolButton, name).isHidden()
    qtbot.keyClick(preview, Qt.Key.Key_Home)
    assert sheet.verticalScrollBar().value() == 0
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    assert sheet.verticalScrollBar().value() > 10
    qtbot.keyClick(preview, Qt.Key.Key_Space)
    assert preview.isHidden()


def test_the_indexed_text_of_an_office_document_is_shown(window, library, qtbot, tmp_path):
    path = tmp_path / "contract.docx"
    path.write_bytes(b"PK")
    library.texts[str(path)] = "The rent is due.\n\nDogs need the consent of the landlord."
    preview = preview_of(window, library, qtbot, path, "Dogs need the consent of the landlord.")
    assert preview.pane.sheet.toPlainText() == library.texts[str(path)]
    assert preview.pane.sheet.extraSelections()[0].cursor.selectedText() == "Dogs need the consent of the landlord."


def test_a_photo_after_a_text_is_a_picture_again(window, library, qtbot, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text(LETTER)
    picture = tmp_path / "a.png"
    QImage(64, 48, QImage.Format.Format_RGB32).save(str(picture))
    hits = [replace(document(1), path=str(path), page=None), replace(photo(2), path=str(picture))]
    library._hits, library.count = hits, 2
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.model.total == 2)
    window.preview.show_row(0)
    qtbot.waitUntil(lambda: window.preview.preview.pane.reading)
    qtbot.keyClick(window.preview.preview, Qt.Key.Key_Right)
    assert not window.preview.preview.pane.reading
    assert not window.preview.preview.findChild(QToolButton, "zoomInButton").isHidden()


# ---- the review queue


@pytest.fixture
def queue(window, tagger, qtbot):
    tagger.waiting = {
        "beach": [FakeProposal(photo(n).path, f"photo-{n}", "beach", 0.99 - n / 10_000) for n in range(829)]
    }
    window.go("tags")
    page = window._made["tags"].review
    qtbot.waitUntil(lambda: page.model.rowCount() > 0)
    return page


def test_all_proposals_can_be_reached(queue, qtbot):
    bar = queue.view.verticalScrollBar()
    for _ in range(40):
        bar.setValue(bar.maximum())
        qtbot.wait(5)
        if queue.model.rowCount() == 829:
            break
    assert queue.model.rowCount() == 829
    assert len({queue.model.proposal(row).path for row in range(829)}) == 829


def test_a_proposal_is_looked_at_before_it_is_decided(queue, window, qtbot):
    click_tile(queue.view, 1)
    qtbot.keyClick(queue.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.preview.visible)
    preview = window.preview.preview
    assert preview._hit.path == queue.model.proposal(1).path
    qtbot.keyClick(preview, Qt.Key.Key_Right)
    assert preview._hit.path == queue.model.proposal(2).path
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert not window.preview.visible
    place = queue.view.visualRect(queue.model.index(1)).center()
    QTest.mouseDClick(queue.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: window.preview.visible)
    assert preview._hit.path == queue.model.proposal(1).path
    window.preview.hide()


def test_a_proposal_has_the_menu_of_its_file(queue, window, qtbot):
    click_tile(queue.view, 2)
    queue.view.customContextMenuRequested.emit(queue.view.visualRect(queue.model.index(2)).center())
    qtbot.waitUntil(lambda: window.findChild(QMenu, "fileMenu") is not None)
    window.findChild(QMenu, "fileMenu").close()


def test_a_text_in_the_queue_shows_its_name(window, tagger, library, qtbot):
    library.thumbnails = lambda _keys: {}
    tagger.waiting = {"letter": [FakeProposal("/home/ada/Rental agreement.txt", "t", "letter", 0.9)]}
    window.go("tags")
    view = window._made["tags"].review.view
    qtbot.waitUntil(lambda: view.model().rowCount() == 1)
    place = view.visualRect(view.model().index(0))
    tile = view.viewport().grab(place).toImage()
    ground = tile.pixelColor(20, 20)
    inked = sum(
        tile.pixelColor(x, y) != ground for x in range(20, place.width() - 20) for y in range(20, place.width() - 30)
    )
    assert inked > 200, "an icon and the name"


def test_a_new_label_stays_on_screen_when_it_is_saved(window, qtbot):
    window.go("tags")
    page = window._made["tags"]
    QTest.mouseClick(page.findChild(QPushButton, "vocabularyButton"), Qt.MouseButton.LeftButton)
    editor = page.editor
    qtbot.waitUntil(lambda: editor.list.count() > 0)
    editor.search.setFocus()
    qtbot.keyClicks(editor.search, "dog")
    assert editor.name.text() == "dog"
    QTest.mouseClick(editor.findChild(QPushButton, "newLabel"), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(editor.name, "surfing wave")
    QTest.mouseClick(editor.findChild(QPushButton, "entrySave"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(editor.list.selectedItems()))
    assert editor.list.currentItem().text() == "surfing wave"
    assert editor.name.text() == "surfing wave"
    assert "surfing wave" in window.banner.text.text()


# ---- the window


def test_the_window_fits_the_screen(context, indexer, qtbot):
    context.state.values["geometry"] = None
    big = Window(context, indexer)
    qtbot.addWidget(big)
    room = big.screen().availableGeometry()
    assert room.contains(big.frameGeometry())
    big.resize(3000, 2000)
    big.move(4000, 4000)
    big.remember_geometry()
    again = Window(context, indexer)
    qtbot.addWidget(again)
    assert room.contains(again.frameGeometry())


def test_closing_for_the_first_time_can_be_taken_back(program, context, monkeypatch):
    boxes: list[QMessageBox] = []

    def stay(box):
        boxes.append(box)
        box.buttons()[1].click()

    monkeypatch.setattr(QMessageBox, "exec", stay)
    ended: list[bool] = []
    monkeypatch.setattr(program._app, "quit", lambda: ended.append(True))
    program.open()
    program.indexer.progress = Progress("indexing", 177, 401)
    program.window.close()
    assert ended == []
    assert program.window.isVisible()
    assert "224 files are still to be indexed." in boxes[0].informativeText()
    label = boxes[0].findChild(QLabel, "qt_msgbox_label")
    assert label.wordWrap()
    assert context.state.values.get("quit_told") is None


def drop(window, data, place):
    enter = QDragEnterEvent(
        place.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, enter)
    event = QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    return event


def test_a_tile_dragged_onto_another_changes_nothing(window):
    data = as_mime([window.page.model.hit(0)])
    grid, bar = window.page.grid, window.page.bar
    drop(window, data, QPointF(grid.mapTo(window, grid.rect().center())))
    assert window.page.bar.parts == ()
    drop(window, data, QPointF(bar.mapTo(window, bar.rect().center())))
    assert len(window.page.bar.parts) == 1


def test_a_folder_dragged_over_the_window_is_called_one(window, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    enter = QDragEnterEvent(
        QPoint(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, enter)
    assert "folder" in window._veil._text
    window._veil.hide()


def test_a_drive_that_comes_back_brings_its_tiles_back(window, library, qtbot):
    window._indexer.folder_changed.emit(FolderState("/media/disk", False))
    calls = library.calls.count("search")
    window._indexer.folder_changed.emit(FolderState("/media/disk", True))
    qtbot.waitUntil(lambda: library.calls.count("search") > calls)


def test_what_was_said_of_a_drop_does_not_stay(window, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.txt"))])
    window.drop_handler.take(data)
    assert window.page.banner.isVisible()
    assert window.page.banner._passing.isActive()
