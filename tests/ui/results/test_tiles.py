"""What is drawn, and how much of it in one frame."""

from __future__ import annotations

from itertools import pairwise

from tests.fakes import document
from ui.results import tiles


def test_many_new_cards_come_over_several_frames(window, library, qtbot, monkeypatch):
    """A page of documents that flies by must not hold up the wheel: what is over the frame's share follows."""
    monkeypatch.setattr(tiles, "CARDS_NS", 1)  # so that one card is a frame's share
    library._hits = [document(row) for row in range(12)]
    library.count = 12
    painter = window.page.grid._tiles
    frames: list[int] = []
    begin = painter.begin

    def counted() -> None:
        frames.append(len(painter._cards))
        begin()

    painter.begin = counted
    painter._cards.clear()
    window.page.search.ask()
    qtbot.waitUntil(lambda: len(painter._cards) >= len(window.page.grid.visible_rows()) > 4 and not painter.late)
    assert all(after - before <= 1 for before, after in pairwise(frames))
