"""Typing errors are recognised from the words that people use, the library's and the tags'."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from app.query.queries import Query, TextPart
from app.search.query_words import QueryReader


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> QueryReader:
    return QueryReader(tmp_path_factory.mktemp("settings") / "vocabulary.toml")


def meant(words: QueryReader, text: str, in_library: Collection[str] = ()) -> str:
    return words.did_you_mean(Query((TextPart(text),)), in_library)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("coffe", "coffee"),
        ("dgo on a beech", "dog on a beach"),
        ("zeba", "zebra"),
        ("ktchen", "kitchen"),
        ("airlpane", "airplane"),
        ("umbrela on the beach", "umbrella on the beach"),
        ("Elephnt", "elephant"),
    ],
)
def test_slips_are_corrected(words: QueryReader, typed: str, right: str) -> None:
    assert meant(words, typed) == right


@pytest.mark.parametrize(
    "text",
    [
        "dog on a beach",
        "Leuchtturm",
        "qwxzvblorf",
        "4711",
        "IMG_1234",
        "飛行機",
        "",
        '"coffe"',
        "collie on a beech",
        "xq",
    ],
)
def test_nothing_is_offered_where_nothing_is_wrong_or_nothing_is_near(words: QueryReader, text: str) -> None:
    assert meant(words, text) == ""


def test_a_word_that_some_file_has_is_no_slip(words: QueryReader) -> None:
    assert meant(words, "coffe", in_library={"coffe"}) == ""


def test_the_persons_own_tags_are_words(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.toml"
    file.write_text('[labels]\nwuffel = { descriptions = ["our dog"] }\n', encoding="utf-8")
    own = QueryReader(file)
    assert meant(own, "wuffel") == ""
    assert meant(own, "wufel") == "wuffel"


def test_several_parts_and_examples_are_left_alone(words: QueryReader) -> None:
    assert words.did_you_mean(Query((TextPart("coffe"), TextPart("tee"))), ()) == ""
    assert words.did_you_mean(Query(()), ()) == ""
