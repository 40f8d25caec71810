"""The list of formats is the only one: the documentation and the window follow it."""

from __future__ import annotations

from app.files.types import FORMATS, PHOTO_SUFFIXES, kind_of
from tests import format_table


def test_the_page_of_formats_is_the_list_of_the_program() -> None:
    assert format_table.PAGE.read_text("utf-8") == format_table.page()


def test_every_ending_belongs_to_one_format() -> None:
    endings = [ending for found in FORMATS.values() for ending in found]
    assert len(endings) == len(set(endings))
    assert all(kind_of(f"x.{ending}") is not None for ending in endings)


def test_all_photos_can_be_examples_in_the_window() -> None:
    from ui.results.dropped_data import PICTURES

    assert PHOTO_SUFFIXES <= PICTURES
