"""What the window's tests share: no screen, no waiting threads, no thread left behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.core.paths import AppDirs
from app.core.settings import SettingsFile
from tests.fakes import FakeLibrary, FakeTagger
from ui.i18n.language import translate
from ui.runtime.context import Context
from ui.runtime.indexer_process import IndexerProcess
from ui.runtime.tasks import LANES, Tasks
from ui.shell.application import Program
from ui.shell.window import Window
from ui.style.theme import Theme


def pytest_configure(config: pytest.Config) -> None:
    # What the offscreen platform cannot do, and says each time.
    config.addinivalue_line(
        "qt_log_ignore", r"This plugin does not support (propagateSizeHints\(\)|raise\(\)|grabbing)"
    )


class AtOnce:
    """A lane that runs work where it is submitted; the answer still takes its way through the event loop."""

    def submit(self, run: Callable[[], None], /) -> None:
        run()

    def shutdown(self, _wait: bool) -> None:
        """Nothing to end."""


class Held:
    """A lane whose work runs when the test says so."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], None]] = deque()

    def submit(self, run: Callable[[], None], /) -> None:
        self.waiting.append(run)

    def run_next(self) -> None:
        self.waiting.popleft()()

    def run_all(self) -> None:
        while self.waiting:
            self.run_next()

    def shutdown(self, _wait: bool) -> None:
        self.waiting.clear()


@pytest.fixture(autouse=True)
def _app(english: QApplication) -> QApplication:
    """Every test here has an application."""
    return english


@pytest.fixture(scope="session")
def english(qapp: QApplication) -> QApplication:
    """The application, speaking English whatever the machine speaks."""
    translate(qapp, "en_US")
    return qapp


@pytest.fixture
def places(tmp_path: Path) -> AppDirs:
    made = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made.create()
    return made


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary(40)


@pytest.fixture
def tagger() -> FakeTagger:
    return FakeTagger.filled()


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks(lanes={name: AtOnce() for name in LANES})
    yield made
    made.close()


@pytest.fixture
def context(places: AppDirs, library: FakeLibrary, tagger: FakeTagger, tasks: Tasks) -> Iterator[Context]:
    SettingsFile(places.settings_file).change(folders=("/home/ada/Pictures",))
    made = Context(places, lambda: library, tagger=lambda: tagger, tasks=tasks)
    yield made
    made.close()


@pytest.fixture
def indexer() -> Iterator[IndexerProcess]:
    made = IndexerProcess()
    yield made
    made.stop()


@pytest.fixture
def window(qtbot, context: Context, indexer: IndexerProcess) -> Iterator[Window]:  # type: ignore[no-untyped-def]
    made = Window(context, indexer)
    made.show()
    made.page.search.ask()
    made.indexer_events.ask_status()
    qtbot.waitUntil(lambda: made.page.search.answer is not None)
    yield made
    made.hide()
    context.tasks.close()
    made.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def program(qapp: QApplication, context: Context, indexer: IndexerProcess) -> Iterator[Program]:
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    context.state.values["welcomed"] = True
    made = Program(qapp, context, indexer, Theme(qapp, "light"))
    made.start_indexer = lambda: None  # type: ignore[method-assign]
    yield made
    for window in (made.window,):
        if window is not None:
            window.hide()
            window.deleteLater()
    context.tasks.close()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)
    QApplication.processEvents()
