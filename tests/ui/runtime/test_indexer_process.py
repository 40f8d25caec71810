"""The child is heard, told, watched, started again, and never left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from app.core.indexer_protocol import Pause, Progress
from ui.runtime.indexer_process import IndexerProcess

CHILD = str(Path(__file__).with_name("fake_child.py"))


@pytest.fixture
def child():
    made: list[IndexerProcess] = []

    def make(mode: str, **options: object) -> IndexerProcess:
        process = IndexerProcess([CHILD, mode], pauses_s=(0.05, 0.1, 0.2), **options)
        made.append(process)
        return process

    yield make
    for process in made:
        process.stop()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_tells_and_is_told(child, qtbot):
    process = child("well")
    with qtbot.waitSignal(process.committed, timeout=10_000):
        process.start()
        process.send(Pause())
    assert process.progress == Progress("indexing", 1, 10)
    pid = process._process.processId()
    process.stop()
    assert not alive(pid)
    assert process.progress.state == "off"


def test_a_crash_is_said_and_it_starts_again_with_growing_pauses(child, qtbot, caplog):  # noqa: ARG001
    process = child("crash")
    states: list[str] = []
    process.progressed.connect(lambda progress: states.append(progress.state))
    said: list[str] = []
    process.ended.connect(said.append)
    process.start()
    qtbot.waitUntil(lambda: process.restarts >= 3, timeout=20_000)
    assert len(said) >= 3
    assert "restarting" in states


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_kill_is_noticed(child, qtbot, caplog):  # noqa: ARG001
    process = child("well")
    with qtbot.waitSignal(process.progressed, timeout=10_000, check_params_cb=lambda p: p.state == "indexing"):
        process.start()
    with qtbot.waitSignal(process.ended, timeout=10_000):
        os.kill(process._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: process.running, timeout=10_000)


def test_silence_while_at_work_counts_as_hanging(child, qtbot, caplog):
    process = child("silent", silence_s=0.4)
    with qtbot.waitSignal(process.ended, timeout=10_000):
        process.start()
    assert "killed" in caplog.text


def test_noise_is_ignored(child, qtbot, caplog):
    process = child("noise")
    with qtbot.waitSignal(process.noticed, timeout=10_000):
        process.start()
        process.send(Pause())
    assert "not understood" in caplog.text


def test_a_deaf_child_is_ended_all_the_same(child, qtbot):
    process = child("deaf")
    with qtbot.waitSignal(process.progressed, timeout=10_000, check_params_cb=lambda p: p.state == "indexing"):
        process.start()
    pid = process._process.processId()
    process.stop(wait_ms=100)
    assert not alive(pid)


def test_another_semblance_at_work_is_no_fault_and_said_once(child, qtbot, caplog):  # noqa: ARG001
    process = child("elsewhere", elsewhere_s=(0.05,))
    states: list[str] = []
    said: list[str] = []
    ended: list[str] = []
    process.progressed.connect(lambda progress: states.append(progress.state))
    process.noticed.connect(lambda notice: said.append(notice.what))
    process.ended.connect(ended.append)
    process.start()
    qtbot.waitUntil(lambda: states.count("elsewhere") >= 3, timeout=20_000)
    assert states[:2] == ["starting", "elsewhere"]
    assert set(states[1:]) == {"elsewhere"}
    assert said == ["Another Semblance is already indexing here."]
    assert (process.restarts, ended) == (0, [])


def test_once_the_other_is_gone_ours_takes_over(child, qtbot, caplog):  # noqa: ARG001
    process = child("elsewhere", elsewhere_s=(0.05,))
    with qtbot.waitSignal(process.progressed, timeout=10_000, check_params_cb=lambda p: p.state == "elsewhere"):
        process.start()
    process._arguments[-1] = "well"
    qtbot.waitUntil(lambda: process.progress.state == "indexing", timeout=10_000)
    with qtbot.waitSignal(process.noticed, timeout=10_000):
        process.send(Pause())


def test_a_program_that_is_not_there_is_said(qtbot):
    process = IndexerProcess(program="/no/such/program", pauses_s=(30,))
    with qtbot.waitSignal(process.ended, timeout=5000):
        process.start()
    process.stop()


def test_it_may_use_all_cores_for_products(child, qtbot, monkeypatch):
    """The window's own, which are short, use one."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    process = child("well")
    with qtbot.waitSignal(process.progressed, timeout=10_000):
        process.start()
    environment = process._process.processEnvironment()
    assert not environment.contains("OPENBLAS_NUM_THREADS")
    assert environment.value("PYTHONUNBUFFERED") == "1"
