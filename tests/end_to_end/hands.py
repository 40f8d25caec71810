"""The hands of the person in the window scenario: keys and mouse through xdotool, and the patience to wait for states.

A scenario is a generator that yields conditions; `Player` looks at the present one twenty times a second on the GUI
thread, where everything of the window may be looked at, and goes on once it holds. xdotool runs beside the window
and is waited for like any other condition, so that every event takes the way of a real one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QProcess, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from tests.end_to_end.file_manager import PLACE

Condition = Callable[[], object]
Steps = Generator[Condition, None, None]
PATIENCE_S = float(os.environ.get("SEMBLANCE_PATIENCE", "300"))


def say(step: str, **facts: object) -> None:
    print(json.dumps({"step": step, "at": round(time.process_time(), 1), **facts}), flush=True)


def xdo(*words: object) -> Steps:
    running = subprocess.Popen(["xdotool", *map(str, words)])
    yield lambda: running.poll() is not None
    if running.returncode:
        raise RuntimeError(f"xdotool {words[0]} failed")


def press(*keys: str) -> Steps:
    yield from xdo("key", "--delay", 40, *keys)


def write(text: str) -> Steps:
    yield from xdo("type", "--delay", 40, text)


def click(widget: QWidget, at: QPoint | None = None) -> Steps:
    """Click where the widget is, once it is on screen."""
    yield widget.isVisible
    place = widget.mapToGlobal(at or widget.rect().center())
    yield from xdo("mousemove", place.x(), place.y(), "click", 1)


def drag_file(path: str, target: QWidget, at: QPoint) -> Steps:
    """Drag a file out of another program's window and drop it, as slowly as a hand does."""
    other = QProcess()
    other.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
    other.start(sys.executable, ["-m", "tests.end_to_end.file_manager", path])
    yield lambda: b"shown" in other.peek(100).data()
    left, top, width, height = PLACE
    start, end = QPoint(left + width // 2, top + height // 2), target.mapToGlobal(at)
    words: list[object] = ["mousemove", start.x(), start.y(), "mousedown", 1]
    for place in (start + QPoint(12, 6), (start + end) / 2, end - QPoint(6, 6), end):
        words += ["sleep", 0.1, "mousemove", place.x(), place.y()]
    yield from xdo(*words, "sleep", 0.3, "mouseup", 1)
    yield lambda: b"dropped" in other.peek(100).data()
    other.terminate()
    yield lambda: other.state() is QProcess.ProcessState.NotRunning


def where(steps: Steps) -> str:
    """The line of the scenario that waits, through all the generators it is made of."""
    lines = []
    inner: Any = steps
    while inner is not None and getattr(inner, "gi_frame", None) is not None:
        lines.append(f"{inner.gi_code.co_name}:{inner.gi_frame.f_lineno}")
        inner = inner.gi_yieldfrom
    return " > ".join(lines)


class Player(QObject):
    """Plays a scenario; one that gets stuck says where, leaves a picture of the window, and ends the process."""

    def __init__(self, steps: Steps, shots: Path) -> None:
        super().__init__()
        self._steps, self._shots = steps, shots
        self._condition: Condition = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer(self, interval=50)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        # A condition may run the event loop: never two turns at once.
        self._timer.stop()
        try:
            if self._condition():
                self._condition = next(self._steps)
                self._since = time.monotonic()
            elif time.monotonic() - self._since > PATIENCE_S:
                raise TimeoutError(f"waited in vain at {where(self._steps)}")
            self._timer.start()
        except StopIteration:
            pass
        except BaseException as error:
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        say("failed", error=repr(error))
        traceback.print_exception(error)
        for number, widget in enumerate(QApplication.topLevelWidgets()):
            if widget.isVisible():
                widget.grab().save(str(self._shots / f"stuck-{number}.png"))
        os._exit(1)
