"""What a person does with the window, with real key presses and clicks: run by `test_window.py` under Xvfb.

`python -m tests.end_to_end.window_scenario first|again` starts the whole program (its own `main`), and a generator
beside it that waits for conditions and acts through xdotool, so that every event takes the way of a real one. It prints
one JSON line per step and ends the program itself, with Ctrl+Q.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

import ui.application
from app.__main__ import main
from app.records import Kind
from ui.window import Window

Condition = Callable[[], object]
PATIENCE_S = float(os.environ.get("SEMBLANCE_PATIENCE", "900"))
PICTURES = int(os.environ["SEMBLANCE_PICTURES"])
DOCUMENTS = int(os.environ["SEMBLANCE_DOCUMENTS"])


def say(step: str, **facts: object) -> None:
    print(json.dumps({"step": step, **facts}), flush=True)


def xdo(*words: object) -> None:
    subprocess.run(["xdotool", *map(str, words)], check=True)


def press(*keys: str) -> None:
    xdo("key", "--delay", 40, *keys)


def write(text: str) -> None:
    xdo("type", "--delay", 50, text)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    place = widget.mapToGlobal(at or widget.rect().center())
    xdo("mousemove", place.x(), place.y(), "click", 1)


class Source(QLabel):
    """A small window of a file manager, so to say: what is dragged out of it is a file."""

    def __init__(self, path: str) -> None:
        super().__init__("drag me", None, Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint)
        self._path = path
        self.setGeometry(0, 0, 80, 40)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag, data = QDrag(self), QMimeData()
            data.setUrls([QUrl.fromLocalFile(self._path)])
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)


class Player(QObject):
    """Runs the generator: each yield is a condition that must come true before it goes on."""

    def __init__(self, steps: Iterator[Condition]) -> None:
        super().__init__()
        self._steps = steps
        self._condition: Condition = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        try:
            if not self._condition():
                if time.monotonic() - self._since > PATIENCE_S:
                    raise TimeoutError("the condition never came true")
                return
            self._timer.stop()
            self._condition = next(self._steps)
            self._since = time.monotonic()
            self._timer.start()
        except StopIteration:
            self._timer.stop()
        except BaseException as error:
            say("failed", error=repr(error))
            import traceback

            traceback.print_exc()
            os._exit(1)


def drop(window: Window, source: Source) -> None:
    """Drag a file from another window onto the grid, slowly, as a hand does."""
    start, end = source.mapToGlobal(QPoint(40, 20)), window.page.grid.mapToGlobal(QPoint(200, 200))
    middle = (start + end) / 2
    words: list[object] = ["mousemove", start.x(), start.y(), "mousedown", 1]
    for place in (start + QPoint(12, 6), middle, end - QPoint(6, 6), end):
        words += ["sleep", 0.2, "mousemove", place.x(), place.y()]
    subprocess.Popen(["xdotool", *map(str, [*words, "sleep", 0.4, "mouseup", 1])])


def shown(window: Window) -> list[str]:
    hits = [window.page.model.hit(row) for row in range(min(10, window.page.model.total))]
    return [Path(hit.path).name for hit in hits if hit is not None]


def settled(window: Window) -> Condition:
    """True once a question was answered and nothing is under way."""
    return lambda: window.page.search.answer is not None and window._context.tasks.running == 0


def first(program: ui.application.Program) -> Iterator[Condition]:
    yield lambda: program.window is not None and program.window.isVisible() and "first" in program.window._made
    window = program.window
    assert window is not None
    page = window._made["first"]
    yield (
        lambda: (
            [w.text() for w in page._counts.values()]
            == [  # type: ignore[attr-defined]
                f"{PICTURES} photos · 0 documents",
                f"0 photos · {DOCUMENTS} documents",
            ]
        )
    )
    say("first run", folders=len(page.chosen()))  # type: ignore[attr-defined]
    click(page.start)  # type: ignore[attr-defined]
    yield lambda: window.pages.currentWidget() is window.page
    yield lambda: window.page.model.total > 0
    say("first files", total=window.page.model.total)
    yield lambda: program.indexer.progress.state == "idle" and window.page.model.total == PICTURES + DOCUMENTS
    say("indexed", total=window.page.model.total)
    yield from searching(window)
    yield from by_picture(window)
    yield from deciding(program, window)
    press("ctrl+q")
    yield lambda: False


def searching(window: Window) -> Iterator[Condition]:
    click(window.page.bar.line)
    write("a cat")
    yield lambda: window.page.model.banded and window.page.search.answer.model is not None  # type: ignore[union-attr]
    yield settled(window)
    say("text", found=shown(window), total=window.page.model.total)
    press("Escape")
    yield lambda: window.page.bar.is_empty()
    write("bicycle insurance")
    yield lambda: window.page.model.banded and "bicycle insurance" in " ".join(shown(window)[:1])
    say("document", found=shown(window))
    press("Escape")
    yield lambda: window.page.bar.is_empty() and not window.page.model.banded


def by_picture(window: Window) -> Iterator[Condition]:
    path = os.environ["SEMBLANCE_EXAMPLE"]
    source = Source(path)
    source.show()
    yield source.isVisible
    drop(window, source)
    yield lambda: len(window.page.bar.parts) == 1
    source.hide()
    yield lambda: window.page.model.banded
    yield settled(window)
    if window.page.model.total == 0:
        window.page._way_out("all")
        yield lambda: window.page.model.total > 0
    say("picture", found=shown(window), example=Path(path).name)
    click(window.page.grid, window.page.grid.visualRect(window.page.model.index(0)).center())
    yield lambda: window.page.grid.currentIndex().isValid()
    press("ctrl+l")
    yield lambda: getattr(window.page.bar.parts[0], "unit_id", None) is not None
    yield settled(window)
    say("more like this", found=shown(window))
    click(window.side._buttons["document"])
    yield settled(window)
    rows = range(window.page.model.total)
    assert all(hit is None or hit.kind is Kind.DOCUMENT for hit in map(window.page.model.hit, rows))
    say("filter", total=len(rows))
    click(window.side._buttons["all"])
    yield window.side._buttons["all"].isChecked
    click(window.page.bar._clear)
    yield lambda: window.page.bar.is_empty() and not window.page.model.banded


def deciding(program: ui.application.Program, window: Window) -> Iterator[Condition]:
    if program.context.has_tagger:
        click(window.side._buttons["tags"])
        yield lambda: "tags" in window._made and window._made["tags"].model.rowCount() > 0  # type: ignore[attr-defined]
        page = window._made["tags"]
        before = page.model.rowCount()  # type: ignore[attr-defined]
        decided = page.model.proposal(0)  # type: ignore[attr-defined]
        view = page.view  # type: ignore[attr-defined]
        click(view.viewport(), view.visualRect(page.model.index(0)).center())  # type: ignore[attr-defined]
        yield view.hasFocus
        press("y")
        yield lambda: page.model.rowCount() == 0 or page.model.proposal(0) is not decided  # type: ignore[attr-defined]
        yield settled(window)
        say("tag", label=decided.label, before=before)
    click(window.side._buttons["photo"])
    yield lambda: window.page.model.total == PICTURES
    click(window.page.grid, window.page.grid.visualRect(window.page.model.index(1)).center())
    yield window.page.grid.hasFocus
    press("space")
    yield lambda: window._preview is not None and window._preview.isVisible() and window._preview._sharpness > 0
    assert window._preview is not None
    say("preview", width=window._preview.canvas.picture().width())
    press("Right")
    yield lambda: window._preview is not None and window._preview.row == 2
    press("Escape")
    yield window._preview.isHidden


def again(program: ui.application.Program) -> Iterator[Condition]:
    yield lambda: program.window is not None and program.window.page.model.total > 0
    window = program.window
    assert window is not None
    assert "first" not in window._made
    say("again", total=window.page.model.total)
    yield lambda: program.indexer.progress.state == "idle"
    press("ctrl+q")
    yield lambda: False


def play(which: str) -> int:
    made = ui.application.Program.__init__
    players: list[Player] = []

    def record(self: ui.application.Program, *arguments: object) -> None:
        made(self, *arguments)  # type: ignore[arg-type]
        self.context.state.values["quit_told"] = True
        players.append(Player({"first": first, "again": again}[which](self)))

    ui.application.Program.__init__ = record  # type: ignore[assignment, method-assign]
    status = main([])
    say("quit", status=status)
    return status


if __name__ == "__main__":
    sys.exit(play(sys.argv[1]))
