"""Text cut into passages: whole sentences that fit, and nothing lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.chunking import MAX_WORDS, sentences, split_passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One dog. Two cats! Three?", ["One dog.", "Two cats!", "Three?"]),
        ("Dr. Smith met Mr. Jones, e.g. on 3. Mai.", ["Dr. Smith met Mr. Jones, e.g. on 3. Mai."]),
        ("J. S. Bach wrote it. It is fine.", ["J. S. Bach wrote it.", "It is fine."]),
        ("It cost 3.50 at shop.example.org today.", ["It cost 3.50 at shop.example.org today."]),
        ('He said "go." Then he left.', ['He said "go."', "Then he left."]),
        ("今日は天気がいい。散歩に行こう！はい", ["今日は天気がいい。", "散歩に行こう！", "はい"]),
        ("यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
        ("هل هذا كتاب؟ نعم.", ["هل هذا كتاب؟", "نعم."]),
        ("a line\nthat goes on\n\na paragraph", ["a line that goes on", "a paragraph"]),
        ("Shopping:\n- milk\n- bread\n1. one\n2) two", ["Shopping:", "- milk", "- bread", "1. one", "2) two"]),
        ("| a | b |\n| c | d |", ["| a | b |", "| c | d |"]),
        ("", []),
        (" \n\t\f ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


def test_sentences_are_packed_up_to_the_word_limit() -> None:
    passages = split_passages("The quick brown fox jumps over the lazy dog. " * 12)
    assert [len(passage.split()) for passage in passages] == [45, 45, 18]


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    clause = "and then we went on to the next village by the river,"
    passages = split_passages(" ".join([clause] * 10))
    assert all(passage.endswith(",") for passage in passages)
    assert all(len(passage.split()) <= MAX_WORDS for passage in passages)


def test_an_endless_word_is_cut_into_pieces_that_fit() -> None:
    assert split_passages("x" * 25, lambda text: len(text) <= 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_chinese_without_spaces_fits_too() -> None:
    passages = split_passages("我们在海边散步看日落" * 40, lambda text: len(text) <= 60)
    assert all(len(passage) <= 60 for passage in passages)
    assert "".join(passages) == "我们在海边散步看日落" * 40


def test_what_does_not_even_fit_by_one_character_is_kept_and_comes_to_an_end() -> None:
    assert split_passages("ab c", lambda _: False) == ["a", "b", "c"]


def test_a_megabyte_without_a_space() -> None:
    passages = split_passages("A" * 300_000, lambda text: len(text) <= 300)
    assert len(passages) == 1000


def _bare(text: str) -> str:
    return re.sub(r"\s", "", "".join(text.split()))


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=400),
        st.text(alphabet="ab. ,!?\n-|1。、あ字\f\t\u2029'\")", max_size=400),
        st.lists(
            st.sampled_from(["Dr.", "e.g.", "word", "Word.", "3.", "。", "東京", "\n\n", "| x |\n"]), max_size=120
        ).map(" ".join),
    ),
    st.integers(min_value=1, max_value=60),
)
def test_no_text_is_lost_and_every_passage_fits(text: str, longest: int) -> None:
    passages = split_passages(text, lambda passage: len(passage) <= longest)
    assert _bare("".join(passages)) == _bare(text)
    assert all(0 < len(passage) <= longest for passage in passages)
    assert all(passage == " ".join(passage.split()) for passage in passages)
