"""Pauses and timers, by a clock of the test's own."""

from __future__ import annotations

import pytest

from indexer.pause import PauseControl
from indexer.run_state import IndexerState
from indexer.timers import Timers


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timers(clock: Clock) -> Timers:
    return Timers(clock)


def test_things_are_done_when_they_are_due_and_once(clock: Clock, timers: Timers) -> None:
    done: list[str] = []

    def first() -> None:
        done.append("first")
        timers.set(first, 5.0)

    def second() -> None:
        done.append("second")

    timers.set(first, 1.0)
    timers.set(second, 3.0)
    timers.set(second, 2.0)
    assert timers.next_at() == 101.0
    timers.run()
    assert done == []
    clock.now = 102.0
    timers.run()
    assert done == ["first", "second"]
    assert timers.waits(first)
    assert not timers.waits(second)
    timers.cancel(first)
    timers.cancel(first)
    assert timers.next_at() is None


def test_a_pause_ends_by_itself_or_when_told(clock: Clock, timers: Timers) -> None:
    told: list[bool] = []
    rest = PauseControl(timers, clock, told.append)
    assert rest.state() is None
    rest.pause(60.0)
    assert rest.state() is IndexerState.PAUSED
    assert rest.paused_until() is not None
    clock.now += 60.0
    timers.run()
    assert rest.state() is None
    rest.pause(None)
    assert rest.paused_until() is None
    clock.now += 1e6
    timers.run()
    assert rest.state() is IndexerState.PAUSED
    rest.resume()
    assert told == [True, False, True, False]


def test_a_pause_without_end_replaces_one_with_an_end(clock: Clock, timers: Timers) -> None:
    rest = PauseControl(timers, clock, lambda _: None)
    rest.pause(60.0)
    rest.pause(None)
    clock.now += 60.0
    timers.run()
    assert rest.state() is IndexerState.PAUSED


def test_the_battery_counts_only_without_a_pause(clock: Clock, timers: Timers) -> None:
    told: list[bool] = []
    rest = PauseControl(timers, clock, told.append)
    rest.set_unplugged(True)
    rest.set_unplugged(True)
    assert rest.state() is IndexerState.BATTERY
    rest.pause(None)
    assert rest.state() is IndexerState.PAUSED
    rest.resume()
    rest.set_unplugged(False)
    assert rest.state() is None
    assert told == [True, True, True, False]
