"""The question: asked after a pause, answered once, asked again as files come in."""

from __future__ import annotations

import pytest

from app.core.errors import UserError
from app.core.records import Kind
from app.query.filter_edits import merge_filters
from app.query.queries import Filters, Query, Sort, TextPart
from tests.fakes import FakeLibrary
from tests.ui.conftest import Held
from ui.results.model import ResultsModel
from ui.runtime.context import Context
from ui.runtime.tasks import LANES, Tasks
from ui.search.controller import Question, SearchController, query_of


@pytest.fixture
def search(context):
    return SearchController(context, ResultsModel())


def test_typing_asks_once_after_a_pause(search, library, qtbot):
    for text in ("d", "do", "dog"):
        search.change(typing=True, text=text)
    assert library.calls.count("search") == 0
    qtbot.waitUntil(lambda: search.answer is not None, timeout=2000)
    assert library.calls.count("search") == 1
    assert library.last_query.text == "dog"


def test_the_same_question_is_not_asked_again(search, library, qtbot):
    search.change(text="dog")
    qtbot.waitUntil(lambda: search.answer is not None)
    search.change(text="dog")
    assert library.calls.count("search") == 1


def test_only_the_newest_answer_is_shown(places, library, qtbot):
    lane = Held()
    tasks = Tasks(lanes=dict.fromkeys(LANES, lane))
    context = Context(places, lambda: library, tasks=tasks)
    search = SearchController(context, ResultsModel())
    shown: list[object] = []
    search.answered.connect(shown.append)
    search.change(text="dog")
    search.change(text="cat")
    lane.run_all()
    qtbot.waitUntil(lambda: tasks.running == 0)
    assert len(shown) == 1
    assert library.last_query.text == "cat"
    tasks.close()


def test_files_coming_in_ask_at_most_every_two_seconds(search, library, qtbot):
    search.ask()
    for _ in range(20):
        search.refresh()
    qtbot.waitUntil(lambda: search.answer is not None)
    assert library.calls.count("search") == 2
    qtbot.waitUntil(lambda: library.calls.count("search") == 3, timeout=4000)


def test_renewing_brings_the_rows_on_screen_too(search, library, qtbot):
    library.count = 5000
    search.ask()
    qtbot.waitUntil(lambda: search.answer is not None)
    search.look(range(2390, 2420))
    before = library.calls.count("search")
    search.refresh()
    qtbot.waitUntil(lambda: library.calls.count("search") == before + 3)


def test_a_page_that_was_needed_comes(context, library, qtbot):
    library.count = 5000
    model = ResultsModel()
    search = SearchController(context, model)
    search.ask()
    qtbot.waitUntil(lambda: model.total == 5000)
    model.hit(3000)
    qtbot.waitUntil(lambda: model.hit(3000) is not None)
    assert model.hit(3000).path == library.item(3000).path


def test_a_fault_is_told_and_the_old_answer_stays(search, library, qtbot):
    search.ask()
    qtbot.waitUntil(lambda: search.answer is not None)
    library.error = UserError("The index is broken.", "Rebuild it.")
    with qtbot.waitSignal(search.failed) as failed:
        search.change(text="dog")
    assert failed.args[0].what == "The index is broken."
    assert search.answer is not None


def test_browsing_is_newest_first_and_has_no_bands(context, qtbot):
    model = ResultsModel()
    search = SearchController(context, model)
    search.ask()
    qtbot.waitUntil(lambda: search.answer is not None)
    assert not model.banded
    search.change(text="dog")
    qtbot.waitUntil(lambda: model.banded)
    search.change(sort=Sort.NEWEST)
    qtbot.waitUntil(lambda: not model.banded)


def test_showing_weaker_ones_holds_for_this_question_only(search, qtbot):
    search.change(text="dog")
    search.change(all_hits=True)
    assert search.question.all_hits
    search.change(text="cat")
    assert not search.question.all_hits
    qtbot.waitUntil(lambda: search.answer is not None)


def test_chips_and_typed_words_become_one_query():
    question = Question(parts=(TextPart("dog"),), filters=Filters(tags=("mine",)), text="beach -people kind:photo")
    query, problem = query_of(FakeLibrary(), question)
    assert problem is None
    assert query == Query(
        (TextPart("dog"), TextPart("beach"), TextPart("people", -1.0)), Filters(Kind.PHOTO, tags=("mine",))
    )
    assert merge_filters(Filters(camera="a"), Filters(camera="b")).camera == "b"


def test_weaker_ones_become_rows_when_they_are_asked_for(context, qtbot):
    model = ResultsModel()
    search = SearchController(context, model)
    search.change(text="a unicorn")
    qtbot.waitUntil(lambda: search.answer is not None)
    assert (model.total, search.answer.more) == (0, 14)
    search.change(all_hits=True)
    qtbot.waitUntil(lambda: model.total == 14)
    assert model.hit(13) is not None
