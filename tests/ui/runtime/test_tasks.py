"""Work off the GUI thread: where it runs, when its answer counts, what happens to errors."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from app.core.errors import UserError
from tests.ui.conftest import Held
from ui.runtime.tasks import Tasks


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, answer: object) -> None:
        self.heard.append((answer, threading.current_thread()))


@pytest.fixture
def threaded():
    made = Tasks()
    yield made
    made.close(wait=True)


def test_work_runs_elsewhere_and_answers_here(threaded, qtbot):
    listener = Listener()
    threaded.submit(threading.current_thread, listener.hear, lane="library")
    qtbot.waitUntil(lambda: bool(listener.heard))
    (worker, here) = listener.heard[0]
    assert worker is not threading.main_thread()
    assert here is threading.main_thread()


def test_one_lane_keeps_one_thread(threaded, qtbot):
    listener = Listener()
    for _ in range(5):
        threaded.submit(threading.get_ident, listener.hear, lane="library")
    qtbot.waitUntil(lambda: len(listener.heard) == 5)
    assert len({ident for ident, _ in listener.heard}) == 1


def test_older_work_of_a_topic_is_skipped_or_dropped(qtbot):
    lane, listener, ran = Held(), Listener(), []
    tasks = Tasks(lanes={"pool": lane})
    for number in range(3):
        tasks.submit(lambda number=number: ran.append(number) or number, listener.hear, topic="search")
        if number == 0:
            lane.run_next()  # this one has run when it becomes stale: its answer is dropped
    lane.run_all()
    qtbot.waitUntil(lambda: tasks.running == 0)
    assert ran == [0, 2]
    assert [answer for answer, _ in listener.heard] == [2]
    tasks.close()


def test_forget_drops_what_is_under_way(qtbot):
    lane, listener = Held(), Listener()
    tasks = Tasks(lanes={"pool": lane})
    tasks.submit(lambda: 1, listener.hear, topic="preview")
    tasks.forget("preview")
    lane.run_all()
    qtbot.waitUntil(lambda: tasks.running == 0)
    assert listener.heard == []
    tasks.close()


def test_a_fault_of_the_world_goes_to_the_submitter_or_to_all(tasks, qtbot):
    def fail() -> None:
        raise UserError("The disk is full.", "Make room.")

    listener = Listener()
    tasks.submit(fail, None, listener.hear)
    qtbot.waitUntil(lambda: bool(listener.heard))
    with qtbot.waitSignal(tasks.problem) as problem:
        tasks.submit(fail)
    assert problem.args[0].what == "The disk is full."


def test_a_bug_surfaces_on_the_gui_thread(tasks, qtbot):
    with qtbot.captureExceptions() as caught:
        tasks.submit(lambda: 1 / 0)
        qtbot.waitUntil(lambda: tasks.running == 0)
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(qtbot):
    import shiboken6

    lane, listener = Held(), Listener()
    tasks = Tasks(lanes={"pool": lane})
    tasks.submit(lambda: 1, listener.hear)
    shiboken6.delete(listener)
    lane.run_all()
    qtbot.waitUntil(lambda: tasks.running == 0)
    tasks.close()


def test_closing_skips_what_waits_but_writes_what_was_to_be_kept():
    lane, disk, ran = Held(), Held(), []
    tasks = Tasks(lanes={"library": lane, "disk": disk})
    tasks.submit(lambda: ran.append("search"), lane="library")
    tasks.submit(lambda: ran.append("settings"), lane="disk")
    waiting = [*lane.waiting, *disk.waiting]
    tasks.close()
    for run in waiting:
        run()
    assert ran == ["settings"]
