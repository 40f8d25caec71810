"""Smaller parts: state file, empty pages, errors, thumbnails, preview, autostart, models."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.core.errors import UserError
from app.core.indexer_protocol import Progress
from app.core.records import Kind
from app.core.settings import Settings
from app.geo.circle import GeoCircle
from app.query.library_api import FolderStatus, LibraryStatus
from app.query.queries import Filters, ImagePart, Query, Results, TextPart
from tests.fakes import document, photo
from ui.results.canvas import Canvas
from ui.results.document_cards import excerpt
from ui.results.dropped_data import encode_png
from ui.results.model import ResultsModel
from ui.results.preview import Preview
from ui.runtime.window_state import WindowState, query_as_json, query_from_json
from ui.search.empty_states import empty_state
from ui.shell import autostart, bug_reporter
from ui.shell.first_run import FolderCount, count_text
from ui.widgets.controls import data_size
from ui.widgets.indexing_status import detail, headline
from ui.widgets.thumbnail_cache import QUEUE, ThumbnailCache, cut

# ---- state


def test_a_query_survives_the_state_file(tmp_path):
    query = Query(
        (TextPart("dog", 2.0), ImagePart(data=b"\x89PNG"), ImagePart(unit_id="u", weight=-1, crop=(0, 0.1, 0.5, 1))),
        Filters(Kind.PHOTO, ("/a",), datetime(2024, 1, 1), None, "X", GeoCircle(1, 2, 3), ("t",), 1, 2),
    )
    assert query_from_json(query_as_json(query)) == query
    state = WindowState(tmp_path / "window.json")
    state.saved["Dogs"] = query
    for text in ("a", "b", "a", " "):
        state.remember(text)
    state.save()
    again = WindowState(tmp_path / "window.json")
    assert again.saved == {"Dogs": query}
    assert again.recent == ["a", "b"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"saved": {"x": {"parts": 3}}}', '{"recent": 5}'])
def test_a_broken_state_file_is_forgotten(tmp_path, text, caplog):
    (tmp_path / "window.json").write_text(text)
    assert WindowState(tmp_path / "window.json").saved == {}
    assert caplog.records or text == ""


# ---- empty pages

NOTHING = Results((), 0, 0, 1.0, "m")
FULL = LibraryStatus((), 10, 5, 15, 0, 0, "m", 1)
NONE = LibraryStatus((), 0, 0, 0, 0, 0, "m", 1)
WATCHING = Settings(folders=("/a",))


@pytest.mark.parametrize(
    ("query", "results", "status", "state", "settings", "title", "way_out"),
    [
        (Query(), NOTHING, None, "off", Settings(), "No folder yet", "folders"),
        (Query(), NOTHING, NONE, "indexing", WATCHING, "Indexing your files", "folders"),
        (Query((TextPart("x"),)), NOTHING, NONE, "scanning", WATCHING, "Indexing your files", "folders"),
        (Query(), NOTHING, NONE, "idle", WATCHING, "Nothing indexed yet", "folders"),
        (Query(), NOTHING, replace(NONE, failed=3), "idle", WATCHING, "No file could be read", "folders"),
        (Query((), Filters(Kind.PHOTO)), NOTHING, FULL, "idle", WATCHING, "Nothing here", "filters"),
        (Query((TextPart("x"),)), NOTHING, FULL, "idle", WATCHING, "Nothing found", None),
        (Query((TextPart("x"),)), replace(NOTHING, more=4), FULL, "idle", WATCHING, "Nothing found", "all"),
        (
            Query((TextPart("dgo"),)), replace(NOTHING, more=4, did_you_mean="dog"), FULL, "idle", WATCHING,
            "Nothing found", "meant",
        ),
        (
            Query(), NOTHING, replace(NONE, folders=(FolderStatus("/a", False, 0, 0, 0, 0),)), "idle", WATCHING,
            "The drive is not connected", "folders",
        ),
    ],
)  # fmt: skip
def test_every_emptiness_says_why_and_what_helps(query, results, status, state, settings, title, way_out):
    _, said, text, buttons = empty_state(query, results, status, Progress(state, 12_400, 40_000), settings)
    assert said == title
    assert text
    assert (buttons[0][0] if buttons else None) == way_out


def test_status_in_words():
    assert headline(Progress("battery")) == "Waiting for mains power"
    assert detail(Progress("indexing", 12_400, 40_000, rate=3.2, eta_s=5400)) == (
        "12,400 of 40,000 · 3.2 per second · 2 hours left"
    )
    assert detail(Progress("idle")) == ""


# ---- errors


def test_a_bug_shows_one_dialog_with_details_to_copy(qapp, qtbot, tmp_path, monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: seen.append(args))
    reporter = bug_reporter.install(qapp, tmp_path / "log")
    try:
        for _ in range(3):
            try:
                raise ValueError("boom")
            except ValueError as error:
                sys.excepthook(ValueError, error, error.__traceback__)
        qtbot.waitUntil(lambda: reporter.shown == 3)
        assert len(seen) == 3
        (box,) = [w for w in qapp.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
        copy = next(b for b in box.findChildren(QPushButton) if b.text() == "Copy details")
        copy.click()
        assert "ValueError: boom" in QGuiApplication.clipboard().text()
        assert box.isVisible()
        box.close()
        qtbot.wait(5)
    finally:
        bug_reporter.uninstall()


def test_a_fault_of_the_world_is_never_a_traceback(qapp, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", lambda *_args: None)
    bug_reporter.install(qapp, tmp_path / "log")
    try:
        error = UserError("The disk is full.", "Make room.")
        sys.excepthook(UserError, error, None)
        qtbot.waitUntil(lambda: any(isinstance(w, QMessageBox) and w.isVisible() for w in qapp.topLevelWidgets()))
        (box,) = [w for w in qapp.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
        assert (box.text(), box.informativeText()) == ("The disk is full.", "Make room.")
        box.close()
        qtbot.wait(5)
    finally:
        bug_reporter.uninstall()


# ---- thumbnails


def test_flinging_decodes_what_stays_not_what_flew_by(context, library, tasks, qtbot):
    context.ask(lambda library: library.status())
    thumbnails = ThumbnailCache(tasks, lambda: library)
    for number in range(5000):
        thumbnails.get(f"photo-{number}")
    assert len(thumbnails._queue) == QUEUE
    qtbot.waitUntil(lambda: not thumbnails._queue and not thumbnails._working)
    assert thumbnails.get("photo-4999") is not None
    assert thumbnails.decoded == QUEUE


def test_a_new_size_keeps_the_old_tile_until_the_new_one_comes(library, tasks, qtbot):
    thumbnails = ThumbnailCache(tasks, lambda: library)
    thumbnails.get("photo-1")
    qtbot.waitUntil(lambda: thumbnails.get("photo-1") is not None)
    thumbnails.resize(240, 1.0)
    assert thumbnails.get("photo-1").width() == 176
    qtbot.waitUntil(lambda: thumbnails.get("photo-1").width() == 240)


def test_broken_bytes_are_no_tile():
    assert cut(b"not a picture", 100, 1.0, page=False).isNull()


def test_a_passage_begins_shortly_before_its_first_mark():
    text = "one two three four five six seven eight nine ten bicycle twelve"
    at = text.index("bicycle")
    shown, marks = excerpt(text, ((at, at + 7),))
    assert shown.startswith("… ")
    assert [shown[a:b] for a, b in marks] == ["bicycle"]


# ---- preview


@pytest.fixture
def preview(context, window, qtbot, tmp_path):
    from PySide6.QtGui import QImage

    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0x4488AA)
    (tmp_path / "a.png").write_bytes(encode_png(image))
    model = ResultsModel()
    hits = [replace(photo(0), path=(tmp_path / "a.png").as_posix()), photo(1), document(2)]
    model.show({0: Results(hits, 3, 0, 1, None)}, banded=False)
    made = Preview(context, model, window)
    made.setGeometry(window.rect())
    made.show_row(0)
    qtbot.waitUntil(lambda: made._sharpness > 0, timeout=5000)
    return made


def test_the_original_replaces_the_thumbnail(preview):
    assert preview.canvas.picture().width() == 400


def test_a_piece_cut_out_becomes_a_query(preview, qtbot):
    preview._cut.setChecked(True)
    canvas = preview.canvas
    area = canvas._area().toRect()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=area.topLeft() + QPoint(10, 10))
    qtbot.mouseMove(canvas, area.center())
    canvas.selection = QRectF(0.1, 0.1, 0.4, 0.4)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=area.center())
    with qtbot.waitSignal(preview.cutout_wanted) as wanted:
        preview._search_piece.click()
    part, small = wanted.args
    assert part.crop == pytest.approx((0.1, 0.1, 0.5, 0.5))
    assert small.startswith(b"\xff\xd8")


def test_a_missing_original_is_said(preview, qtbot):
    preview.step(1)
    qtbot.waitUntil(lambda: "cannot be reached" in preview._text.text())
    preview.step(1)
    assert preview._next.isEnabled() is False


def test_zooming_keeps_the_point_under_the_pointer(qtbot):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QImage

    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show_picture(QImage(800, 600, QImage.Format.Format_RGB32))
    point = QPointF(300, 100)
    before = canvas._to_picture(point)
    canvas.zoom(4.0, point)
    after = canvas._to_picture(point)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.01)
    canvas.fit()
    assert canvas.scale == 1.0


# ---- autostart


def test_autostart_entry_comes_and_goes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = autostart.entry_file("linux")
    monkeypatch.setattr(autostart, "entry_file", lambda: path)
    autostart.set_enabled(True)
    assert "--background" in path.read_text()
    autostart.set_enabled(False)
    autostart.set_enabled(False)
    assert not path.exists()


def test_autostart_on_macos_is_a_launch_agent():
    assert "<key>RunAtLoad</key><true/>" in autostart.content("darwin")


def test_sizes_are_those_that_are_typed():
    """`size:>2MB` was shown as 1.9 MB: a query counts in thousands, as the command line does."""
    assert [data_size(count) for count in (900, 117_000, 2_000_000, 605_160_000, 1_500_000_000)] == [
        "900 bytes", "117 kB", "2.0 MB", "605 MB", "1.5 GB",
    ]  # fmt: skip


def test_a_folder_of_photos_is_not_said_to_hold_no_documents(qtbot):  # noqa: ARG001
    assert count_text(FolderCount("/p", 412, 0, True)) == "412 photos"
    assert count_text(FolderCount("/p", 0, 86, True)) == "86 documents"
    assert count_text(FolderCount("/p", 1, 86, True)) == "1 photo · 86 documents"
    assert count_text(FolderCount("/p", 0, 0, True)) == "0 photos · 0 documents"
