"""The program around the window: display, desktop entry, closing, language, palette, downloads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from app.core.errors import ModelMissing, UserError
from app.query.queries import Query, TextPart
from ui.models.model_list import Model, ModelList
from ui.runtime.model_fetch import ModelFetch
from ui.search.palette import Palette
from ui.shell import desktop_entry, display_check
from ui.style.theme import DARK, tokens

# ---- display


def test_no_display_is_one_sentence(monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(UserError, match="no display"):
        display_check.check()


def test_a_missing_system_library_is_named_with_its_package():
    error = display_check.missing_library(
        "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    )
    assert "libxcb-cursor.so.0" in error.what
    assert "apt install libxcb-cursor0" in error.remedy
    assert "Reinstall" in display_check.missing_library("something else").remedy


def test_offscreen_is_fine():
    display_check.check()


# ---- desktop entry


def test_the_program_comes_into_the_menu_and_goes(tmp_path):
    paths = desktop_entry.install(tmp_path, ["/opt/my python", "-m", "app"])
    text = (tmp_path / "applications" / "semblance.desktop").read_text()
    assert "Exec='/opt/my python' -m app\n" in text
    assert "Exec='/opt/my python' -m app quick\n" in text
    assert all(path.exists() for path in paths)
    desktop_entry.remove(tmp_path)
    assert not any(path.exists() for path in paths)


def test_the_entry_and_its_parts_are_whole():
    import xml.etree.ElementTree as ET
    from importlib.resources import files

    root = ET.fromstring((files("resources") / "semblance.metainfo.xml").read_text())
    assert root.findtext("launchable") == "semblance.desktop"
    for name in ("line", "empty"):
        for path in Path(str(files("resources") / "icons" / name)).glob("*.svg"):
            ET.parse(path)


def test_every_icon_that_is_named_exists():
    import re
    from importlib.resources import files

    drawn = {path.stem for path in Path(str(files("resources") / "icons" / "line")).glob("*.svg")}
    sources = "".join(path.read_text() for path in (Path(__file__).parents[2] / "ui").rglob("*.py"))
    used = set(re.findall(r'(?:icons\.icon|icons\.pixmap|tool)\(\s*"([a-z-]+)"', sources))
    used |= set(re.findall(r'icon="([a-z-]+)"', sources))
    assert len(used) > 20
    assert used <= drawn


# ---- the program


def test_the_window_opens_with_a_query_and_warms_up(program, library, qtbot):
    program.open("dog")
    qtbot.waitUntil(lambda: "warm_up" in library.calls)
    qtbot.waitUntil(lambda: program.window.page.model.banded, timeout=3000)
    assert program.window.page.bar.text == "dog"


def test_no_model_is_said_with_a_way_out(program, library, qtbot):
    library.warm_up = lambda: (_ for _ in ()).throw(ModelMissing("No model.", "Get one."))
    program.open()
    qtbot.waitUntil(lambda: "no model" in program.window.page.banner.text.text())
    program.window.page.banner._action.click()
    assert program.window.pages.currentWidget() is program.window._made["folders"]


def test_without_a_tray_closing_ends_it_and_says_so_once(program, context, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    ended: list[bool] = []
    monkeypatch.setattr(program._app, "quit", lambda: ended.append(True))
    program.open()
    program.window.close()
    assert len(told) == 1
    assert ended == [True]
    assert context.state.values["quit_told"] is True


@pytest.mark.parametrize("tray", [None, object()])
def test_logging_out_is_not_held_up_by_a_question(program, monkeypatch, tray):
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))
    ended: list[bool] = []
    monkeypatch.setattr(program._app, "quit", lambda: ended.append(True))
    monkeypatch.setattr(program, "_tray", tray)
    program.open()
    program._end_of_session()
    program.window.close()
    assert asked == []
    assert ended == [True]


def test_another_language_acts_at_once_and_keeps_the_search(program, context, qtbot):
    program.open()
    program.window.page.bar.set_query(Query((TextPart("dog"),)), text="beach")
    try:
        context.change(language="de")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Alles")
        assert program.window.page.bar.parts == (TextPart("dog"),)
        assert program.window.page.bar.text == "beach"
    finally:
        context.change(language="en")
        qtbot.waitUntil(lambda: program.window.side._buttons["all"].text() == "Everything")


def test_dark_is_chosen_at_once(program, context):
    program.open()
    context.change(theme="dark")
    assert tokens() == DARK
    context.change(theme="light")


def test_a_drop_anywhere_reaches_the_window(program, tmp_path):
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QImage

    QImage(8, 8, QImage.Format.Format_RGB32).save(str(tmp_path / "a.png"))
    program.open()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    assert not program.window.page.bar.line.acceptDrops()
    drop = QDropEvent(
        QPoint(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter = QDragEnterEvent(
        QPoint(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(program.window, enter)
    assert program.window._veil.isVisible()
    QApplication.sendEvent(program.window, drop)
    assert program.window._veil.isHidden()
    assert program.window.page.bar.parts[0].path == (tmp_path / "a.png").as_posix()


# ---- palette


def test_the_palette_finds_and_hands_over(context, qtbot):
    palette = Palette(context)
    palette.show_centred()
    qtbot.keyClicks(palette.line, "dog")
    qtbot.waitUntil(lambda: palette.model.total > 0, timeout=3000)
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    with qtbot.waitSignals([palette.window_wanted, palette.done]):
        qtbot.keyClick(palette.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()


# ---- models

CHILD = """
import json, sys, time
verb, name = sys.argv[1:]
for share in (0.1, 0.6):
    print(json.dumps({"what": "Downloading", "share": share}), flush=True)
if name == "bad":
    print(json.dumps({"what": "The disk is full.", "remedy": "Make room.", "failed": True}), flush=True)
    sys.exit(2)
if name == "slow":
    time.sleep(60)
if name == "crash":
    import os
    os._exit(9)
print(json.dumps({"done": True}), flush=True)
"""


@pytest.fixture
def fetch(tmp_path):
    (tmp_path / "child.py").write_text(CHILD)
    made = ModelFetch(arguments=[str(tmp_path / "child.py")])
    yield made
    made.cancel()


@pytest.mark.parametrize(
    ("name", "what"), [("good", None), ("bad", "The disk is full."), ("crash", "Preparing the model")]
)
def test_a_download_ends_in_one_of_three_ways(fetch, qtbot, name, what):
    shares: list[float] = []
    fetch.progressed.connect(lambda _what, share: shares.append(share))
    with qtbot.waitSignal(fetch.ended, timeout=10_000) as ended:
        fetch.start("download", name)
    error = ended.args[0]
    assert (error is None) if what is None else error.what.startswith(what)
    assert shares == [0.1, 0.6]
    assert not fetch.running


def test_a_download_can_be_stopped_and_leaves_nothing_running(fetch, qtbot):
    with qtbot.waitSignal(fetch.progressed, timeout=10_000):
        fetch.start("download", "slow")
    pid = fetch._process.processId()
    with qtbot.waitSignal(fetch.ended):
        fetch.cancel()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_models_are_shown_with_licence_size_and_languages(context, qtbot):
    models = ModelList(context)
    qtbot.addWidget(models)
    models.show_models(
        [
            Model("starter", "Starter", "Works at once.", "MIT", ("English",), 0, True, True),
            Model("b", "ViT-B-32", "Better.", "Apache-2.0", ("about 100 languages",), 605_000_000, False, False),
        ]
    )
    texts = " ".join(label.text() for label in models.findChildren(QLabel))
    assert "In use" in texts
    assert "about 100 languages · 605 MB · Apache-2.0" in texts
    QApplication.processEvents()


# ---- ending


def test_a_thread_that_hangs_does_not_hold_the_end_up():
    import threading

    from ui.runtime.tasks import Tasks

    release = threading.Event()
    tasks = Tasks()
    tasks.submit(release.wait, lane="library")
    tasks.close()
    assert tasks.rest(0.1) is False
    release.set()
    assert tasks.rest(5) is True


def test_in_the_background_without_a_tray_the_folders_are_watched_all_the_same(program, monkeypatch, caplog):
    begun: list[bool] = []
    monkeypatch.setattr(program, "start_indexer", lambda: begun.append(True))
    monkeypatch.setattr(program, "quit", lambda: begun.append(False))
    monkeypatch.setattr("ui.shell.application.QSystemTrayIcon.isSystemTrayAvailable", lambda: False)
    program.wait_for_tray(tries=0)
    assert begun == [True]
    assert "no tray" in caplog.text


def test_an_instance_that_does_not_answer_is_said(tmp_path):
    from ui.shell.single_instance import SingleInstance

    first = SingleInstance(tmp_path)
    first._server.close()
    second = SingleInstance(tmp_path)
    assert not second.first
    assert second.send({"query": ""}, wait_ms=200) is False
    first.close()
