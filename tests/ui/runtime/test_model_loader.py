"""The model is loaded when a search misses it, and the search is asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.errors import ModelMissing
from app.query.queries import Results
from ui.runtime.model_loader import RETRY_S, ModelLoader

COLD = Results((), 0, 0, 1.0, None)


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def warmth(context, now):
    return ModelLoader(context, clock=lambda: now[0])


def test_an_answer_without_a_model_loads_it(warmth, library, qtbot):
    with qtbot.waitSignal(warmth.loaded):
        warmth.watch(COLD)
        assert warmth.loading
        warmth.watch(COLD)
    assert library.calls.count("warm_up") == 1
    assert not warmth.loading


def test_an_answer_with_a_model_loads_nothing(warmth, library, qtbot):
    warmth.watch(replace(COLD, model="starter"))
    qtbot.wait(10)
    assert "warm_up" not in library.calls


def test_a_model_that_will_not_come_is_not_asked_for_all_the_time(warmth, library, now, qtbot):
    def missing() -> None:
        library.calls.append("warm_up")
        raise ModelMissing("There is none.", "Get one.")

    library.warm_up = missing
    with qtbot.waitSignal(warmth.failed):
        warmth.watch(COLD)
    warmth.watch(COLD)
    qtbot.wait(10)
    assert library.calls.count("warm_up") == 1
    now[0] += RETRY_S
    with qtbot.waitSignal(warmth.failed):
        warmth.watch(COLD)


def test_a_load_with_nothing_indexed_does_not_delay_the_one_a_search_needs(warmth, library, qtbot):
    """The first start: the model is asked for before there is an index, and the first search comes soon after."""
    with qtbot.waitSignal(warmth.loaded):
        warmth.load()
    with qtbot.waitSignal(warmth.loaded):
        warmth.watch(COLD)
    assert library.calls.count("warm_up") == 2


def test_a_search_left_without_a_model_is_asked_again_by_itself(warmth, library, now, qtbot):
    with qtbot.waitSignal(warmth.loaded):
        warmth.watch(COLD)
    now[0] += RETRY_S - 0.02
    warmth.watch(COLD)
    with qtbot.waitSignal(warmth.loaded, timeout=2000):
        pass
    assert library.calls.count("warm_up") == 2


def test_a_search_answered_cold_is_asked_again_when_warm(window, library, qtbot):
    cold = [True]
    answer, warm_up = library.search, library.warm_up

    def search(*arguments, **options):
        results = answer(*arguments, **options)
        return replace(COLD, took_ms=2.0) if cold[0] and results.hits and options["offset"] == 0 else results

    def loaded() -> None:
        warm_up()
        cold[0] = False

    library.search, library.warm_up = search, loaded
    window.page.search.change(text="dog")
    qtbot.waitUntil(lambda: window.page.model.banded and window.page.model.total > 0, timeout=3000)
