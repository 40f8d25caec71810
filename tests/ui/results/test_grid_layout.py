"""The grid's arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.results.grid_layout import GridLayout
from ui.results.model import Section

sections = st.lists(st.integers(1, 400), min_size=0, max_size=3).map(
    lambda counts: [Section(f"s{n}", sum(counts[:n]), count) for n, count in enumerate(counts)]
)


@given(sections, st.integers(120, 3000), st.integers(96, 320))
def test_tiles_never_overlap_and_every_point_finds_its_tile(made, width, wanted):
    placement = GridLayout(made, width, wanted)
    total = sum(section.count for section in made)
    rects = [placement.rect(row) for row in range(min(total, 300))]
    for row, rect in enumerate(rects):
        assert placement.row_at(rect.center().x(), rect.center().y()) == row
        if row:
            assert not rect.intersects(rects[row - 1])
    if total:
        assert placement.rect(total - 1).bottom() < placement.height


@given(sections, st.integers(120, 3000), st.integers(0, 8000), st.integers(0, 1500))
def test_rows_between_are_exactly_those_that_touch(made, width, top, height):
    placement = GridLayout(made, width, 176)
    total = sum(section.count for section in made)
    found = {row for rows in placement.rows_between(top, top + height) for row in rows}
    touching = {
        row for row in range(total) if placement.rect(row).bottom() >= top and placement.rect(row).top() <= top + height
    }
    assert touching <= found
    assert len(found - touching) <= 2 * placement.columns * max(1, len(made))


@given(sections.filter(bool), st.integers(200, 2000), st.data())
def test_down_and_up_stay_inside_and_in_the_column(made, width, data):
    placement = GridLayout(made, width, 150)
    total = sum(section.count for section in made)
    row = data.draw(st.integers(0, total - 1))
    down = placement.vertical(row, 1)
    assert row <= down < total
    assert 0 <= placement.vertical(row, -3) <= row


def test_a_hundred_thousand_rows_cost_nothing():
    placement = GridLayout([Section("", 0, 100_000)], 1200, 176)
    assert placement.rect(99_999).bottom() < placement.height
    (rows,) = placement.rows_between(placement.height // 2, placement.height // 2 + 800)
    assert len(rows) < 60


@pytest.mark.parametrize("width", [1, 50, 119])
def test_a_window_too_narrow_still_shows_a_column(width):
    assert GridLayout([Section("", 0, 5)], width, 176).columns == 1
