"""Real words of many languages are known, letters in a row are not."""

from __future__ import annotations

import pytest

from app.text.language import query_language
from app.text.lexicon import is_understood, is_word, languages_of


@pytest.mark.parametrize(
    "text",
    [
        "a zebra", "teddy bear", "laptop on a desk", "Hund am Strand", "Leuchtturm", "Fahrradhelm", "église",
        "chien dans la neige", "playa", "niño con pelota", "собака на пляже", "飛行機", "คลื่น", "the",
        "two dogs playing", "", "Geburtstagskuchen",
    ],
)  # fmt: skip
def test_words_are_known(text: str) -> None:
    assert is_understood(text)


@pytest.mark.parametrize(
    "text", ["qwxzv blorf", "xyzabcxyz", "asdkjh qwe", "sxjvkm", "blorfing", "küngeworgan", "zqrt"]
)
def test_letters_in_a_row_are_not(text: str) -> None:
    assert not is_understood(text)


def test_what_the_library_knows_is_known() -> None:
    assert not is_understood("zorblax")
    assert is_understood("zorblax", lambda word: word == "zorblax")


def test_most_of_a_query_must_be_words() -> None:
    assert is_understood("birthday party of zorblx")
    assert not is_understood("zorblx qwertzuiop dog")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a dog on the beach", "en"),
        ("Hund am Strand", "de"),
        ("ein Mann mit einem roten Hut", "de"),
        ("chien dans la neige", "fr"),
        ("perro en la playa", "es"),
        ("собака", "ru"),
        ("飛行機", "zh"),
        ("海の写真", "ja"),
        ("강아지", "ko"),
        ("כלב", "he"),
        ("4711", "en"),
        ("IMG_1234", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_query(text: str, language: str) -> None:
    assert query_language(text) == language


def test_a_word_knows_its_languages() -> None:
    assert languages_of("katze") == ("de",)
    assert languages_of("qwxzv") is None
    assert "en" in (languages_of("church") or ())
    assert is_word("churches")
