"""Words: the analysis that index, query and marks share, and what the index column holds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.queries import TextPart
from app.search import match_levels
from app.search.match_levels import (
    MatchLevel,
    coverage,
    is_full_name,
    match_name,
    match_text,
    name_contains_query,
    name_match_levels,
    text_match_levels,
)
from app.search.query_terms import QueryTerm, dictionary_words, fuzzy_query, parse_terms, strict_query
from app.table.fulltext import name_terms_text, passage_terms_text
from app.text.analysis import detect_language, fold, name_terms, one_edit_apart, tokens
from app.text.stemming import LANGUAGES, stem


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("Été", "ete"),
        ("ＡＢ", "ab"),
        ("Ørsted", "orsted"),
        ("Łódź", "lodz"),
        ("ПРИВЕТ", "привет"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_read_as_any_other(text: str) -> None:
    """There is a shorter way for texts of plain letters; a strange sign behind them bars it."""
    assert list(tokens(text)) == list(tokens(f"{text} \N{LATIN SMALL LETTER O WITH STROKE}"))[:-1]
    assert detect_language(text) == detect_language(f"{text} \N{EM DASH}")


def test_tokens_know_where_they_stand() -> None:
    text = "L'été, v2.1: 東京タワー e\u0301t"
    assert [text[t.start : t.end] for t in tokens(text)] == [
        "L", "été", "v2", "1", "東京", "京タ", "タワ", "ワー", "e\u0301t"
    ]  # fmt: skip


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_plain_text_has_the_same_words_beside_text_that_is_not(text: str) -> None:
    assert list(tokens(text)) == list(tokens(f"{text} é"))[:-1]
    own = set(name_terms(text))
    assert own | set(name_terms("é")) == set(name_terms(f"{text} é"))
    if not own.isdisjoint({"the", "and", "of"}):
        assert detect_language(text) == detect_language(f"{text} é")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("invoice", "invoices", "invoiced", "invoicing")),
        ("en", ("measurement", "measurements", "measuring")),
        ("en", ("city", "cities")),
        ("de", ("rechnung", "rechnungen")),
        ("fr", ("plage", "plages")),
        ("es", ("factura", "facturas")),
    ],
)
def test_inflections_share_a_stem(language: str, words: tuple[str, ...]) -> None:
    assert len({stem(word, language) for word in words}) == 1


@pytest.mark.parametrize("pair", [("corn", "corner"), ("flow", "flower"), ("2023", "202"), ("bus", "bu")])
def test_other_words_do_not(pair: tuple[str, str]) -> None:
    assert stem(pair[0], "en") != stem(pair[1], "en")


def test_the_language_is_told_by_its_small_words() -> None:
    assert detect_language("Die Rechnung ist bis zum Ende des Monats zu bezahlen") == "de"
    assert detect_language("la facture est à payer avant la fin du mois") == "fr"
    assert detect_language("the invoice is due at the end of the month") == "en"
    assert detect_language("東京") == "en"


def test_names_are_found_by_their_parts() -> None:
    terms = name_terms("IMG_0042-BeachHouse_Köln.jpg")
    assert {"img", "0042", "beachhouse", "beach", "house", "koln", "jpg"} <= set(terms)
    assert {"cafe"} <= set(name_terms("cafe\u0301.png"))  # as macOS writes it


def test_a_file_row_holds_its_folders_from_the_watched_one_down() -> None:
    words = name_terms_text(
        "/home/me/Pictures/Rome/a.jpg", "/home/me/Pictures", title="Forum", keywords=("holiday",)
    ).split()
    assert {"pictures", "rome", "forum", "holiday", "^holid", "^ro"} <= set(words)
    assert not {"home", "me"} & set(words)


def test_a_passage_row_holds_stems_then_prefixes() -> None:
    assert passage_terms_text("The invoices of 東京").split() == [
        "the",
        "invoic",
        "of",
        "東京",
        "^inv",
        "^invoi",
        "^東",
        "^京",
    ]


def _terms(typed: str, *, partial: bool = True) -> tuple[QueryTerm, ...]:
    part = TextPart.typed(typed)
    return parse_terms(part.text, part.phrases, partial=partial)


def _levels(query: str, text: str, *, typos: bool = False) -> list[MatchLevel]:
    keywords = _terms(query)
    return list(match_text(keywords, text, typos=keywords if typos else ()).levels)


@pytest.mark.parametrize(
    ("query", "text", "level"),
    [
        ("brucke", "Die Brücke", MatchLevel.EXACT),
        ("bruecke", "Die Brücke", MatchLevel.EXACT),
        ("Straße", "STRASSE", MatchLevel.EXACT),
        ("invoices", "an invoice", MatchLevel.INFLECTED),
        ("invo", "an invoice", MatchLevel.PREFIX),
        ("2023-0042", "number 2023-0042 of", MatchLevel.EXACT),
        ("2023-0042", "2023 and 0042", MatchLevel.NONE),
        ('"red car"', "a red car", MatchLevel.EXACT),
        ('"red car"', "a red cars", MatchLevel.NONE),
        ('"car red"', "a red car", MatchLevel.NONE),
        ("été", "l'été dernier", MatchLevel.EXACT),
        ("l'été", "en été", MatchLevel.EXACT),
        ("写真", "東京の写真", MatchLevel.EXACT),
        ("서울", "서울에서", MatchLevel.EXACT),
    ],
)
def test_how_a_keyword_is_found(query: str, text: str, level: MatchLevel) -> None:
    assert _levels(query, text) == [level]


@pytest.mark.parametrize("word", ["shark", "lease", "whale"])
def test_a_word_that_is_spelled_right_is_no_slip_of_another(word: str) -> None:
    (keyword,) = parse_terms(word, partial=False)
    assert not keyword.may_have_typo
    assert _levels(word, "a sharp please while", typos=True) == [MatchLevel.NONE]


@pytest.mark.parametrize("typo", ["invioce", "invoce", "invoicce", "inwoice"])
def test_one_wrong_letter_is_forgiven_when_asked_for(typo: str) -> None:
    assert _levels(typo, "an invoice here") == [MatchLevel.NONE]
    assert _levels(typo, "an invoice here", typos=True) == [MatchLevel.TYPO]


@pytest.mark.parametrize("word", ["4712", "cat", '"invioce"'])
def test_numbers_short_words_and_phrases_are_meant_as_written(word: str) -> None:
    assert not fuzzy_query(_terms(word, partial=False))
    assert _levels(f"{word} x", "4711 car invoice x", typos=True)[0] is MatchLevel.NONE


def test_marks_cover_what_was_found() -> None:
    text = "The invoices of Köln, paid in Köln"
    match = match_text(parse_terms("koln invoice"), text)
    assert [text[a:b] for a, b in match.spans] == ["invoices", "Köln", "Köln"]
    assert match_text(parse_terms("東京タワー"), "東京タワー").spans == ((0, 5),)


def test_small_words_count_little() -> None:
    keywords = parse_terms("dog on the beach")
    assert coverage(keywords, match_text(keywords, "on the other hand").levels) < 0.15
    assert coverage(keywords, match_text(keywords, "a dog at the beach").levels) > 0.9
    assert all(keyword.weight == 1.0 for keyword in parse_terms("the who"))


@pytest.mark.parametrize(
    ("query", "name", "named"),
    [
        ("bicycle insurance", "letter 00 Bicycle Insurance.docx", True),
        ("bicycle insurance", "bicycle_insurance_2.pdf", True),
        ("x-ray", "My x-ray of June.jpg", True),
        ("bicycle insurance", "insurance of my bicycle.pdf", False),
        ("bicycle insurance", "bicycle.pdf", False),
        ("dog", "dog 001.jpg", False),
        ("the dog", "the dog 001.jpg", False),
        ("", "dog.jpg", False),
    ],
)
def test_names_that_hold_a_query(query: str, name: str, named: bool) -> None:
    assert name_contains_query(parse_terms(query, partial=False), name) is named


def test_whole_names() -> None:
    assert is_full_name(parse_terms("img_0042"), "IMG_0042.JPG")
    assert is_full_name(parse_terms("IMG_0042.jpg"), "IMG_0042.JPG")
    assert not is_full_name(parse_terms("img"), "IMG_0042.JPG")
    assert match_name(parse_terms("beach"), "BeachHouse.jpg").levels == (MatchLevel.EXACT,)


def test_the_index_is_asked_for_every_stem_and_prefix_the_text_may_have() -> None:
    (keyword,) = parse_terms("invoices")
    assert ("invoic",) in keyword.index_forms()
    assert keyword.prefixes() == (("^invoices",), ("^invoi",))
    assert QueryTerm("a", ("ab",), partial=False).prefixes() == ()
    assert strict_query(parse_terms("red car x", ((0, 7),))).terms[0].required


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_query_looks_into_any_text(query: str, text: str) -> None:
    keywords = parse_terms(query)
    match = match_text(keywords, text, typos=keywords)
    assert len(match.levels) == len(keywords)
    assert all(0 <= a < b <= len(text) for a, b in match.spans)
    assert 0.0 <= coverage(keywords, match.levels) <= 1.0 + 1e-9


@given(st.text(alphabet="abcé東", min_size=1, max_size=20))
def test_a_text_is_found_by_itself(text: str) -> None:
    keywords = parse_terms(text, partial=False)
    assert all(match_text(keywords, text).levels)
    held = set(passage_terms_text(text).split())
    for keyword in keywords:
        assert any(set(form) <= held for form in keyword.index_forms())


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_one_edit_is_symmetric_and_small(first: str, second: str) -> None:
    assert one_edit_apart(first, second) == one_edit_apart(second, first)
    assert not one_edit_apart(first, first)


def test_how_well_a_text_has_words_is_told_from_its_distinct_words_as_if_it_were_read() -> None:
    """The short way to the levels, which looks at distinct words alone, agrees with the one that marks them."""
    dice = random.Random(4)
    words = sorted(dictionary_words())
    endings = ("", "s", "es", "ies", "ing", "ed", "ly", "ness", "ibility", "ational", "en")
    odd = ["München", "Brücke", "d'Ostende", "l'été", "東京タワー", "IMG_0042", "BeachHouse", "2023-0042", "x" * 60]
    odd += ["a", "in", "the", "der", "seeing", "added", "innings"]

    def some(count: int) -> list[str]:
        return [
            dice.choice(odd) if dice.random() < 0.2 else dice.choice(words[:400]) + dice.choice(endings)
            for _ in range(count)
        ]

    for _ in range(300):
        found = some(12)
        text = " ".join(found)
        asked = [word[: dice.randint(2, 12)] if dice.random() < 0.3 else word for word in [*found[:2], *some(2)]]
        if dice.random() < 0.3:
            asked.append(f'"{" ".join(found[4:6])}"')
        keywords = parse_terms(" ".join(asked))
        for typos in ((), keywords):
            assert text_match_levels(keywords, text, typos=typos) == match_text(keywords, text, typos=typos).levels
            assert name_match_levels(keywords, text, typos=typos) == match_name(keywords, text, typos=typos).levels


def test_words_begin_as_their_stems_do() -> None:
    """Words that `app.search.match_levels` skips before stemming could not have had the stem."""
    for word in dictionary_words():
        for language in LANGUAGES:
            assert word.startswith(match_levels._stem_prefixes(stem(word, language)))
