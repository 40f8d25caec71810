"""The window as a whole, on fakes: by keyboard, by drop and paste, and never blocking."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.annotations.restore_notice import leave_notice
from app.core import indexer_protocol
from app.core.errors import UserError
from app.core.indexer_protocol import Committed, FolderState, Notice, Progress
from app.core.records import Kind
from app.query.library_api import FolderStatus
from app.query.queries import Filters, ImagePart, Query, TextPart
from tests.fakes import FakeLibrary, failed_file
from ui.results.dropped_data import encode_png
from ui.runtime.context import Context
from ui.runtime.tasks import Tasks
from ui.settings.dialog import SettingsDialog
from ui.shell.window import Window

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QAbstractItemView)


@pytest.fixture
def clipboard():
    board = QGuiApplication.clipboard()
    yield board
    board.clear()


def picture() -> QImage:
    image = QImage(32, 24, QImage.Format.Format_RGB32)
    image.fill(0x3366CC)
    return image


def inside_a_control(widget: QWidget) -> bool:
    parent = widget.parent()
    while parent is not None and not isinstance(parent, (QAbstractSpinBox, QComboBox)):
        parent = parent.parent()
    return parent is not None


def nameless(root: QWidget) -> list[str]:
    """Controls that a screen reader could only call "button"."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or widget.objectName().startswith("qt_") or widget.isHidden():
            continue
        inner = inside_a_control(widget) or "ScrollBar" in type(widget).__name__
        if not inner and not widget.accessibleName() and not getattr(widget, "text", str)():
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_no_control_without_a_name(window, context, library, qtbot):
    library.failed = [failed_file("/a.jpg")]
    window.page.bar.set_query(Query((TextPart("dog"), ImagePart(unit_id="u1")), Filters(kind=Kind.PHOTO)))
    for where in ("tags", "folders", "all"):
        window.go(where)
    window.show_first_run()
    window.preview.show_row(0)
    dialog = SettingsDialog(context, window)
    qtbot.wait(20)
    assert nameless(window) == []
    assert nameless(dialog) == []
    dialog.close()


def test_the_keyboard_is_enough(window, qtbot):
    bar, grid = window.page.bar, window.page.grid
    bar.line.setFocus()
    qtbot.keyClicks(bar.line, "dog")
    qtbot.waitUntil(lambda: window.page.model.banded, timeout=3000)
    qtbot.keyClick(bar.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.currentIndex().isValid())
    assert (bar.parts, bar.text) == ((), "dog"), "the words stay on the line"
    start = grid.currentIndex().row()
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() > start + 1
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_rows() == [0, 1]
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    preview = window.preview.preview
    assert preview.isVisible()
    assert preview.row == 1
    qtbot.keyClick(preview, Qt.Key.Key_Right)
    assert preview.row == 2
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert preview.isHidden()
    assert grid.currentIndex().row() == 2
    window.escape()
    window.page.bar.line.setFocus()
    bar.clear()
    assert bar.is_empty()


def test_enter_opens_what_is_chosen(window, qtbot, monkeypatch):
    opened: list[object] = []
    monkeypatch.setattr(window.page.files, "open", opened.extend)
    window.page.enter_grid()
    qtbot.keyClick(window.page.grid, Qt.Key.Key_Return)
    assert [hit.path for hit in opened] == [window.page.model.hit(0).path]


def test_a_dropped_picture_becomes_a_chip_with_its_picture(window, qtbot, tmp_path):
    path = tmp_path / "dog.png"
    picture().save(str(path))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.drop_handler.take(data)
    part = ImagePart(path=path.as_posix())
    assert window.page.bar.parts == (part,)
    qtbot.waitUntil(lambda: part in window.page.bar._thumbnails)


def test_a_pasted_picture_is_searched_for(window, qtbot, clipboard):
    clipboard.setImage(picture())
    window.page.bar.line.setFocus()
    qtbot.keyClick(window.page.bar.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.page.bar.parts) == 1)
    assert window.page.bar.parts[0].data.startswith(b"\x89PNG")


def test_pasted_words_go_on_the_line(window, qtbot, clipboard):
    clipboard.setText("dog on a beach")
    window.page.bar.line.setFocus()
    window.activateWindow()
    qtbot.keyClick(window.page.bar.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.page.bar.text == "dog on a beach")


def test_a_web_picture_is_not_fetched_without_asking(window, qtbot, monkeypatch):
    fetched: list[str] = []
    monkeypatch.setattr(
        "ui.results.image_loader.fetch", lambda address: fetched.append(address) or encode_png(picture())
    )
    data = QMimeData()
    data.setHtml('<img src="https://example.org/dog.jpg">')
    window.drop_handler.take(data)
    assert "example.org" in window.page.banner.text.text()
    qtbot.wait(30)
    assert fetched == []
    window.page.banner._action.click()
    qtbot.waitUntil(lambda: len(window.page.bar.parts) == 1)
    assert fetched == ["https://example.org/dog.jpg"]


def test_more_like_this_and_without_this(window, qtbot):
    window.page.enter_grid()
    hits = window.page.chosen_hits()
    window.page.files.more_like(hits)
    assert window.page.bar.parts == (ImagePart(unit_id=hits[0].unit_id),)
    window.page.files.add_to_query(hits, -1.0)
    assert window.page.bar.parts[1].weight == -1.0
    qtbot.waitUntil(lambda: window.page.model.banded)


def test_the_context_menu_acts_on_the_choice(window, qtbot):
    window.page.enter_grid()
    menu = window.page.files.menu(window.page.chosen_hits(), QPoint(5, 5))
    assert len([action for action in menu.actions() if not action.isSeparator()]) == 10
    menu.close()
    qtbot.wait(5)


def test_the_filter_menu_offers_what_there_is(window, qtbot):
    window.page.bar._filter.click()
    qtbot.waitUntil(lambda: window.page.findChild(QMenu, "filterMenu") is not None)
    menu = window.page.findChild(QMenu, "filterMenu")
    folders = menu.actions()[2].menu()
    folders.actions()[0].trigger()
    assert window.page.bar.filters.folders == ("/home/ada/Pictures",)
    menu.close()


def test_the_side_bar_filters_by_kind(window, qtbot):
    window.go("document")
    qtbot.waitUntil(lambda: window.page.model.total == 8)
    assert window.side._buttons["document"].isChecked()
    window.go("all")
    qtbot.waitUntil(lambda: window.page.model.total == 40)


def test_the_choice_survives_new_files(window, library, qtbot):
    window.page.grid.setCurrentIndex(window.page.model.index(7))
    path = window.page.model.hit(7).path
    library.count = 60
    window._indexer.committed.emit(Committed(20))
    qtbot.waitUntil(lambda: window.page.model.total == 60, timeout=5000)
    assert [hit.path for hit in window.page.chosen_hits()] == [path]


def test_faults_are_one_sentence(window, library, qtbot):
    library.error = UserError("The index is broken.", "Rebuild it under Folders and indexing.")
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.banner.isVisible())
    assert window.page.banner.text.text() == "The index is broken. Rebuild it under Folders and indexing."
    window._indexer.noticed.emit(Notice("error", "The disk is full.", "Make room."))
    assert window.page.banner.text.text() == "The disk is full. Make room."


def test_progress_reaches_the_corner_and_the_empty_page(window, library, qtbot):
    library.count = 0
    window.page.search.ask()
    window._indexer.progressed.emit(Progress("indexing", 12_400, 40_000, rate=38, eta_s=720))
    qtbot.waitUntil(lambda: "12,400 of 40,000" in window.page.empty.text.text())
    assert "12,400 of 40,000" in window.side.status.detail.text()


def test_each_folder_tells_what_is_left_without_counting_again(window, library, context, qtbot):
    context.change(folders=("/home/ada/Pictures",))
    library.folders = (FolderStatus("/home/ada/Pictures", True, 100, 0, 0, 0),)
    window.go("folders")
    page = window._made["folders"]
    qtbot.waitUntil(lambda: "100" in page.findChild(QLabel, "folderState").text())
    page.findChild(QLabel, "folderState").setText("")
    window._indexer._take(indexer_protocol.encode_message(FolderState("/home/ada/Pictures", True, pending=27)).encode())
    assert "27" in page.findChild(QLabel, "folderState").text()
    library.folders = (FolderStatus("/home/ada/Pictures", True, 101, 0, None, 0),)
    page.reload()
    qtbot.waitUntil(lambda: "101" in page.findChild(QLabel, "folderState").text())
    assert "27" in page.findChild(QLabel, "folderState").text(), "what the table holds does not tell what is left"


def test_a_page_that_opens_late_knows_what_is_left(window, library, context, qtbot):
    context.change(folders=("/home/ada/Pictures",))
    library.folders = (FolderStatus("/home/ada/Pictures", True, 100, 0, None, 0),)
    window._indexer._take(indexer_protocol.encode_message(FolderState("/home/ada/Pictures", True, pending=27)).encode())
    window.go("folders")
    page = window._made["folders"]
    qtbot.waitUntil(lambda: "27" in page.findChild(QLabel, "folderState").text())


def test_restored_decisions_are_said_once_and_calmly(window, context, qtbot):
    leave_notice(context.places.annotations_file, "Your tags were damaged and have been restored from their backup.")
    window.indexer_events.ask_status()
    banner = window.page.banner
    qtbot.waitUntil(banner.isVisible)
    assert "restored from their backup" in banner.text.text()
    assert banner.property("level") == "info"
    banner.hide()
    window.indexer_events.ask_status()
    qtbot.wait(20)
    assert not banner.isVisible()


def test_what_another_semblance_writes_is_looked_for(window, library, qtbot):
    before = library.calls.count("search")
    window._indexer._say(Progress("elsewhere"))
    qtbot.waitUntil(lambda: library.calls.count("search") > before)
    assert window.side.status.headline.text() == "Another Semblance is indexing"


def test_searches_are_saved_and_come_back(window, context, qtbot, monkeypatch):
    monkeypatch.setattr("ui.shell.saved_searches.ask_text", lambda *_args: "Dogs")
    window.page.bar.set_query(Query((TextPart("dog"),), Filters(kind=Kind.PHOTO)))
    window.saved.ask()
    qtbot.waitUntil(lambda: "Dogs" in context.state.saved)
    window.page.bar.clear()
    window.side.saved_chosen.emit("Dogs")
    assert window.page.bar.parts == (TextPart("dog"),)
    assert window.page.bar.filters.kind is Kind.PHOTO


def test_first_run_chooses_folders(window, context, qtbot, tmp_path):
    (tmp_path / "Photos").mkdir()
    (tmp_path / "Photos" / "a.jpg").touch()
    window.show_first_run()
    first = window._made["first"]
    first.add(str(tmp_path / "Photos"))
    qtbot.waitUntil(lambda: first._counts[str(tmp_path / "Photos")].text() == "1 photo")
    first.start.click()
    assert str(tmp_path / "Photos") in context.settings.folders
    assert window.pages.currentWidget() is window.page


class Ticker(QObject):
    """Measures the longest time the GUI thread was busy computing between two turns of its loop."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer(self, interval=1)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        self._last = time.thread_time()
        self._timer.start()

    def tick(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def test_the_library_is_never_asked_on_the_gui_thread_and_no_slot_blocks(places, qtbot, indexer, tagger):
    slow = FakeLibrary(20_000, delay=0.15)
    tasks = Tasks()
    context = Context(places, lambda: slow, tagger=lambda: tagger, tasks=tasks)
    window = Window(context, indexer)
    window.show()
    window.page.search.ask()
    for where in ("tags", "folders", "all"):  # made once, before the clock runs
        window.go(where)
    qtbot.waitUntil(lambda: window.page.model.total == 20_000, timeout=10_000)
    ticker = Ticker()
    ticker.start()
    bar = window.page.grid.verticalScrollBar()
    for step in range(12):
        bar.setValue(bar.maximum() * step // 12)
        window.page.bar.set_text(f"dog {step}")
        window.page.header.slider.setValue(120 + step * 8)
        window.go(("document", "tags", "folders", "all")[step % 4])
        indexer.committed.emit(Committed(5))
        qtbot.wait(60)
    window.preview.show_row(0)
    qtbot.wait(200)
    ticker.stop()
    assert threading.main_thread().name not in slow.threads
    assert ticker.longest < 0.1
    window.hide()
    context.close()
    tasks.close(wait=True)
    window.deleteLater()
    QApplication.processEvents()


def test_words_half_typed_are_told_quietly_and_forgotten(window, library, qtbot):
    from app.query.filter_input import QueryError

    library.error = QueryError("“after:20” is no date.", "Write after:2024 or after:2024-05.", 0, 8)
    window.page.search.change(text="after:20")
    qtbot.waitUntil(lambda: window.page.notes.isVisible())
    assert window.page.banner.isHidden()
    library.error = None
    window.page.search.change(text="after:2024")
    qtbot.waitUntil(lambda: window.page.notes.isHidden())


def test_what_was_meant_is_one_click_away(window, library, qtbot):
    library.did_you_mean = "dog on a beach"
    window.page.bar.set_text("dgo on a beech")
    qtbot.waitUntil(lambda: window.page.notes.isVisible())
    offer = window.page.notes.findChild(QPushButton, "bannerAction")
    assert offer.text() == "Did you mean “dog on a beach”?"
    library.did_you_mean = ""
    offer.click()
    qtbot.waitUntil(lambda: window.page.search.question.text == "dog on a beach")
    assert window.page.bar.text == "dog on a beach"


def test_a_complaint_goes_with_the_next_answer(window, library, qtbot):
    library.error = UserError("The index is broken.", "Rebuild it.")
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.banner.isVisible())
    library.error = None
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.banner.isHidden())


def test_an_empty_page_said_again_keeps_its_button(window, library, qtbot):
    library.count = 0
    window.page.search.ask()
    qtbot.waitUntil(lambda: window.page.empty.isVisible())
    button = window.page.empty.findChild(QAbstractButton, "empty-folders")
    window.page.empty.set_progress(window.page.empty.progress)
    assert window.page.empty.findChild(QAbstractButton, "empty-folders") is button


def test_details_make_room_in_a_narrow_window(window):
    window.resize(1300, 700)
    assert window.page.details.isHidden(), "nothing is chosen yet"
    window.page.enter_grid()
    assert not window.page.details.isHidden()
    window.resize(800, 700)
    assert window.page.details.isHidden()
    assert window.page.header.details.isHidden(), "a button that would do nothing"
    window.resize(1300, 700)
    assert not window.page.header.details.isHidden()
    window.page.header.details.toggle()
    assert window.page.details.isHidden()
    assert window.page.bar.line.isVisible()


def test_tabs_lead_everywhere_and_back(window, qtbot):
    """Tab alone reaches search field, buttons, grid and side bar, and returns to where it began."""
    window.activateWindow()
    window.page.bar.line.setFocus()
    seen = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        if focused is None or (seen and focused is seen[0]):
            break
        seen.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    names = {widget.objectName() for widget in seen}
    assert {
        "searchLine",
        "pictureButton",
        "filterButton",
        "sortButton",
        "sizeSlider",
        "grid",
        "nav-all",
        "nav-settings",
    } <= names
    assert len(seen) < 80
