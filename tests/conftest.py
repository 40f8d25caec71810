"""What holds for every test: a home of its own, no thread left behind, no log record nobody expected."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Threads that libraries keep for the life of the process, by the start of their names.
_LASTING = ("LanceDBBackground", "asyncio_", "ThreadPoolExecutor-lance", "tqdm", "Dummy-", "pytest_timeout", "IO ")
_PATIENCE_SECONDS = 5.0


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test ever sees the real home of who runs it."""
    monkeypatch.setenv("SEMBLANCE_HOME", str(tmp_path_factory.getbasetemp() / "home"))


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """A test that leaves a thread alive fails: it would run into the next one."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while left := [t for t in threading.enumerate() if t not in before and not t.name.startswith(_LASTING)]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {[thread.name for thread in left]}")
        time.sleep(0.01)


class _Recorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log fails a test that did not ask for `caplog`."""
    recorder = _Recorder()
    logging.getLogger().addHandler(recorder)
    yield
    logging.getLogger().removeHandler(recorder)
    if recorder.records and "caplog" not in request.fixturenames:
        lines = [f"{record.name}: {record.getMessage()}" for record in recorder.records]
        pytest.fail("unexpected log records:\n" + "\n".join(lines))


@pytest.fixture
def quiet_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests that call `app.__main__.main`: the log handlers and hooks it installs are taken away again."""
    import sys

    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `SEMBLANCE_HOME` of the test's own."""
    folder = tmp_path / "semblance home"
    monkeypatch.setenv("SEMBLANCE_HOME", str(folder))
    return folder
