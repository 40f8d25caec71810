"""How fast the window is: start, typing, first results, flinging through 100,000 tiles, memory.

`python -m tests.benchmarks.bench_window [--json]` prints the figures; it asserts nothing. For starting and flinging the
library is a fake of no delay, so that only the window counts; for the first results with a cold model it is a real
one of 60 pictures and 20 documents, with the model that ships.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROWS = 100_000
GOALS = {"first_paint_s": 0.7, "typing_s": 0.7, "cold_meaning_s": 2.0, "tick_p95_ms": 16.0, "memory_mb": 300.0}

START = """
import sys, time
begun = float(sys.argv[1])
from pathlib import Path
from PySide6.QtTest import QTest
from app.core.paths import AppDirs
from tests.fakes import FakeLibrary
import ui.shell.application
from ui.shell.window import Window
base = Path(sys.argv[2])
made = Window.__init__
Window.show_first_run = lambda self: None
marks = {}
def init(self, *args):
    made(self, *args)
    self.shown_first.connect(lambda: typed(self))
    self.page.search.answered.connect(lambda _results: answered())
def typed(window):
    marks["first_paint_s"] = time.time() - begun
    marks["first_paint_cpu_s"] = time.process_time()
    QTest.keyClicks(window.page.bar.line, "d")
    marks["typing_s"] = time.time() - begun
def answered():
    marks.setdefault("first_results_s", time.time() - begun)
    import json
    print(json.dumps(marks), flush=True)
    ui.shell.application.QApplication.instance().quit()
Window.__init__ = init
ui.shell.application.run(AppDirs(base / "c", base / "d", base / "k"), library=lambda: FakeLibrary(200))
"""


COLD = """
import json, sys, time
begun = float(sys.argv[1])
import ui.shell.application
from app.__main__ import main
from ui.shell.window import Window
made, marks = Window.__init__, {}
def init(self, *args):
    made(self, *args)
    self.page.search.answered.connect(lambda results: answered(self, results))
def answered(window, results):
    if not window.page.search.searching:
        return
    marks.setdefault("cold_words_s", time.time() - begun)
    if results.model is not None and results.total:
        marks["cold_meaning_s"] = time.time() - begun
        print(json.dumps(marks), flush=True)
        window.quit_requested.emit()
Window.__init__ = init
ui.shell.application.IndexerProcess.start = lambda self: None  # a library at rest: what it costs is measured elsewhere
opened = ui.shell.application.Program.open
ui.shell.application.Program.open = lambda self, query="": opened(self, "a cat")
main([])
"""


def cold() -> dict[str, float]:
    """From process start to the first results by words, and by meaning with a model that has to be loaded first."""
    from tests.end_to_end.household import furnish

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        furnish(home, 60, 20)
        environment = {**os.environ, "SEMBLANCE_HOME": str(home / "semblance"), "LC_ALL": "C.UTF-8"}

        def run(*words: str) -> str:
            done = subprocess.run(
                [sys.executable, *words], capture_output=True, text=True, check=True, env=environment, timeout=60
            )
            return done.stdout

        run("-m", "app", "add", str(home / "Pictures"), str(home / "Documents"))
        run("-m", "app", "index", "--once")
        runs = [json.loads(run("-c", COLD, str(time.time()))) for _ in range(4)]
    return {name: min(made[name] for made in runs[1:]) for name in runs[0]}


def start() -> dict[str, float]:
    """Best of five starts, as people start it: a new process each, compiled modules at hand."""
    runs = []
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(6):
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    [sys.executable, "-c", START, str(time.time()), folder],
                    capture_output=True, text=True, check=True, env=environment,
                )  # fmt: skip
            runs.append(json.loads(done.stdout))
    return {name: min(run[name] for run in runs[1:]) for name in runs[0]}


def resident_mb() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


def fling() -> dict[str, float]:
    """A 5-ms tick of the GUI thread while 100,000 tiles fly by, pages load and thumbnails are decoded."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from app.core.paths import AppDirs
    from app.query.queries import Month
    from tests.fakes import FakeLibrary
    from ui.i18n.language import translate
    from ui.runtime.context import Context
    from ui.runtime.indexer_process import IndexerProcess
    from ui.runtime.tasks import prefer_window
    from ui.shell.window import Window
    from ui.style.theme import Theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    prefer_window()
    translate(app, "en_US")
    Theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        places = AppDirs(base / "c", base / "d", base / "k")
        places.create()
        library = FakeLibrary(ROWS)
        library.months = tuple(Month(2026 - n // 12, 12 - n % 12, ROWS // 250) for n in range(250))
        context = Context(places, lambda: library)
        window = Window(context, IndexerProcess())
        window.resize(1280, 800)
        window.show()
        window.page.search.ask()

        def turn(milliseconds: int) -> None:
            loop = QEventLoop()
            QTimer.singleShot(milliseconds, loop.quit)
            loop.exec()

        turn(800)
        ticks: list[float] = []
        busy: list[float] = []
        last = last_busy = 0.0

        def tick() -> None:
            nonlocal last, last_busy
            now, now_busy = time.perf_counter(), time.thread_time()
            ticks.append((now - last) * 1000)
            busy.append((now_busy - last_busy) * 1000)
            last, last_busy = now, now_busy

        timer = QTimer(interval=5)
        timer.timeout.connect(tick)
        bar = window.page.grid.verticalScrollBar()
        timer.start()
        last, last_busy = time.perf_counter(), time.thread_time()
        frames = 240
        for frame in range(frames):  # four seconds from top to bottom, sixty steps a second
            bar.setValue(bar.maximum() * frame // frames)
            turn(16)
        timer.stop()
        turn(1500)
        shown = [hit for row in window.page.grid.visible_rows() if (hit := window.page.model.hit(row)) is not None]
        there = [hit for hit in shown if window.page.thumbnails.get(hit.thumbnail) is not None]
        ticks.sort()
        busy.sort()
        figures = {
            "tick_p95_ms": ticks[int(len(ticks) * 0.95)],
            "tick_max_ms": ticks[-1],
            # The same in processor time of the GUI thread: what is ours, whatever else the machine does.
            "busy_p95_ms": busy[int(len(busy) * 0.95)],
            "busy_max_ms": busy[-1],
            "thumbnails_decoded": float(window.page.thumbnails.decoded),
            "shown_with_picture_percent": 100.0 * len(there) / max(1, len(shown)),
            "memory_mb": resident_mb(),
        }
        window.hide()
        context.close()
        context.tasks.close(wait=True)
    return figures


def main() -> None:
    # Flinging first: what makes the pictures of the others would count as memory of the window.
    figures = {**fling(), **start(), **cold()}
    if "--json" in sys.argv:
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
        return
    for name, value in figures.items():
        goal = f"   (goal {GOALS[name]:g})" if name in GOALS else ""
        print(f"{name:28} {value:10.2f}{goal}")


if __name__ == "__main__":
    main()
