"""The model: pages on demand, newest first; bands; an equal answer moves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.query.queries import Band, Month, Results
from tests.fakes import document, photo
from ui.results.model import KEPT_PAGES, PAGE, ResultsModel, Role, accessible_text


def page(total: int, number: int = 0, strong: int = 0) -> Results:
    rows = range(number * PAGE, min(total, (number + 1) * PAGE))
    hits = [replace(photo(row), band=Band.STRONG if row < strong else Band.MAYBE) for row in rows]
    return Results(hits, total, 0, 1.0, "fake")


@pytest.fixture
def model():
    return ResultsModel()


def test_rows_are_loaded_as_they_are_looked_at_newest_first(model, qtbot):
    model.show({0: page(100_000)}, banded=False)
    assert model.rowCount() == 100_000
    assert model.hit(0) is not None
    asked: list[int] = []
    model.page_needed.connect(asked.append)
    for row in (1000, 50_000, 99_999, 60_000, 60_001):
        assert model.hit(row) is None
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [300, 499, 250]
    model.add_page(300, page(100_000, 300))
    assert model.hit(60_000) == photo(60_000) or model.hit(60_000).path == photo(60_000).path


def test_memory_is_bounded(model):
    model.show({0: page(100_000)}, banded=False)
    for number in range(KEPT_PAGES + 20):
        model.add_page(number, page(100_000, number))
    assert len(model._pages) == KEPT_PAGES


def test_a_page_is_asked_for_once_and_again_after_a_failure(model, qtbot):
    model.show({0: page(1000)}, banded=False)
    asked: list[int] = []
    model.page_needed.connect(asked.append)
    model.hit(500)
    qtbot.waitUntil(lambda: asked == [2])
    model.hit(501)
    qtbot.wait(5)
    assert asked == [2]
    model.page_failed(2)
    model.hit(501)
    qtbot.waitUntil(lambda: asked == [2, 2])


def test_an_equal_answer_does_not_reset(model, qtbot):
    model.show({0: page(50)}, banded=False)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show({0: page(50)}, banded=False)
    with qtbot.waitSignal(model.modelReset):
        model.show({0: page(51)}, banded=False)


def test_bands_become_sections(model):
    model.show({0: page(60, strong=25)}, banded=True)
    assert [(s.first, s.count) for s in model.sections()] == [(0, 25), (25, 35)]
    model.show({0: page(60, strong=0)}, banded=True)
    assert [(s.first, s.count) for s in model.sections()] == [(0, 60)]
    model.show({0: page(60, strong=25)}, banded=False)
    assert [s.title for s in model.sections()] == [""]


def test_the_closest_have_a_section_of_their_own(model):
    weak = [replace(photo(row), band=Band.WEAK if row > 1 else Band.MAYBE) for row in range(5)]
    model.show({0: Results(weak, 5, 9, 1.0, "fake", closest=3)}, banded=True)
    assert [(s.title, s.first, s.count) for s in model.sections()] == [("Maybe", 0, 2), ("Closest matches", 2, 3)]
    model.show({0: Results(weak, 5, 0, 1.0, "fake")}, banded=True)
    assert [(s.title, s.first, s.count) for s in model.sections()] == [("Maybe", 0, 2), ("Less certain", 2, 3)]


def test_the_boundary_is_found_when_its_page_comes(model, qtbot):
    model.show({0: page(1000, strong=450)}, banded=True)
    assert len(model.sections()) == 1
    with qtbot.waitSignal(model.sections_changed):
        model.add_page(2, page(1000, 2, strong=450))
    assert [s.first for s in model.sections()] == [0, 450]


def test_every_row_can_be_spoken(model):
    model.show({0: Results([photo(0), document(1)], 2, 0, 1, None)}, banded=False)
    texts = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    assert texts[0].startswith("Photo IMG_00000.jpg")
    assert "page 2" in texts[1]
    assert model.index(0).data(Role.HIT) == photo(0)
    assert "drive" in accessible_text(replace(photo(0), online=False))


def test_rows_are_dragged_as_files(model):
    model.show({0: page(3)}, banded=False)
    data = model.mimeData([model.index(1)])
    assert data.urls()[0].toLocalFile() == photo(1).path
    assert model.supportedDragActions() == Qt.DropAction.CopyAction


def headings(model: ResultsModel) -> list[tuple[str, int, int]]:
    return [(section.title, section.first, section.count) for section in model.sections()]


def test_a_list_sorted_by_date_has_months_as_headings(model):
    months = (Month(2026, 11, 12), Month(2026, 10, 30), Month(2024, 2, 18))
    model.show({0: replace(page(60), months=months)}, banded=False)
    assert headings(model) == [("November 2026", 0, 12), ("October 2026", 12, 30), ("February 2024", 42, 18)]
    model.show({0: page(60)}, banded=False)
    assert headings(model) == [("", 0, 60)]


def test_where_months_hold_but_a_few_files_years_are_enough(model):
    months = tuple(Month(year, month, 2) for year in (2026, 2025) for month in (12, 7, 3))
    model.show({0: replace(page(12), months=months)}, banded=False)
    assert headings(model) == [("2026", 0, 6), ("2025", 6, 6)]


def test_months_that_do_not_add_up_are_left_out(model):
    """Files were indexed between counting and listing: no heading is better than one in the wrong place."""
    model.show({0: replace(page(60), months=(Month(2026, 11, 59),))}, banded=False)
    assert headings(model) == [("", 0, 60)]


def test_months_moved_alone_are_shown(model, qtbot):
    model.show({0: replace(page(60), months=(Month(2026, 11, 60),))}, banded=False)
    with qtbot.waitSignal(model.sections_changed):
        model.show({0: replace(page(60), months=(Month(2026, 11, 20), Month(2026, 10, 40)))}, banded=False)
