"""Ranking as pure functions: yardstick, composition, fusion, thresholds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.keywords import keywords_of
from app.matches import Level
from app.queries import Band
from app.ranking.background import yardstick
from app.ranking.composition import LESS, MORE, Part, centred, composed, length_beside_wanted
from app.ranking.cutoff import NEUTRAL, Thresholds, best_band, thresholds, thresholds_of_example, word_band
from app.ranking.fusion import WORDS, beside_meaning, combined, pooled, reciprocal_ranks, standing, word_evidence
from app.records import FloatArray, Kind, UnitType
from app.search.candidates import Candidate, judge, look_into, ordered
from app.search.spoken_tags import SpokenTags
from app.search.word_search import WordsFound

D = 96


def unit(vectors: FloatArray) -> FloatArray:
    result: FloatArray = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return result


def space(seed: int = 0) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(directions (40, d), text cone (d,), image cone (d,))."""
    dice = np.random.default_rng(seed)
    return unit(dice.standard_normal((40, D))), unit(dice.standard_normal(D)), unit(dice.standard_normal(D))


def texts(meanings: FloatArray, cone: FloatArray, strength: float = 2.0) -> FloatArray:
    return unit(meanings + strength * cone)


@pytest.mark.parametrize("library", [8, 60, 2000])
def test_the_same_number_means_the_same_for_both_modalities_and_any_size(library: int) -> None:
    directions, text_cone, image_cone = space()
    dice = np.random.default_rng(1)
    mean = text_cone * 2.0 / np.sqrt(5.0)
    bank = centred(texts(directions[:30], text_cone), mean)
    nonsense = centred(texts(unit(dice.standard_normal((64, D))), text_cone), mean)
    meant = directions[dice.integers(0, 30, library)]
    found = {}
    for modality, cone, noise in (("text", text_cone, 0.3), ("image", image_cone, 0.6)):
        units = unit(meant + noise * unit(dice.standard_normal((library, D))) + 2.0 * cone)
        stick = yardstick(bank, units, library, nonsense)
        query = centred(texts(directions[0], text_cone), mean)
        right = unit(directions[0] + noise * unit(dice.standard_normal(D)) + 2.0 * cone)
        wrong = unit(directions[35] + noise * unit(dice.standard_normal(D)) + 2.0 * cone)
        found[modality] = stick.evidence(query, np.stack([right, wrong]))
    for right, wrong in found.values():
        assert right > 1.2
        assert wrong < 0.8


def test_nonsense_stays_below_one() -> None:
    directions, text_cone, image_cone = space()
    dice = np.random.default_rng(2)
    bank = centred(texts(directions, text_cone), 0.89 * text_cone)
    nonsense = centred(texts(unit(dice.standard_normal((128, D))), text_cone), 0.89 * text_cone)
    units = unit(
        directions[dice.integers(0, 40, 1000)] + 2.0 * image_cone + 0.8 * unit(dice.standard_normal((1000, D)))
    )
    stick = yardstick(bank, units, 1000, nonsense[:64])
    tops = [float(stick.evidence(query, units).max()) for query in nonsense[64:]]
    assert np.mean(np.array(tops) < 1.2) >= 0.95


def test_a_larger_library_asks_for_more() -> None:
    directions, text_cone, _ = space()
    sample = texts(np.tile(directions, (10, 1)), text_cone)
    bank = centred(sample[:40], sample.mean(axis=0))
    assert yardstick(bank, sample, 1_000_000, bank).plain.top > yardstick(bank, sample, 400, bank).plain.top


def test_an_empty_library_has_a_yardstick_too() -> None:
    bank = np.eye(D, dtype=np.float32)[:8]
    stick = yardstick(bank, np.zeros((0, D), dtype=np.float32), 0, bank)
    assert np.isfinite(stick.evidence(bank[0], bank)).all()


def test_arithmetic_moves_the_vector() -> None:
    directions, cone, image_cone = space()
    night, people = texts(directions[1:3], cone)
    photo = unit(directions[0] + directions[2] + 2 * image_cone)
    made = composed([Part(photo, 0.8 * image_cone, 1.0), Part(night, 0.9 * cone, 1.0), Part(people, 0.9 * cone, -1.0)])
    assert made is not None
    assert made @ directions[1] > 0.3
    assert made @ directions[0] > made @ directions[2] + 0.2
    assert np.linalg.norm(made) == pytest.approx(1.0, abs=1e-5)


def test_feedback_is_taken_back_by_leaving_it_out() -> None:
    directions, cone, _ = space()
    typed = Part(texts(directions[0], cone), 0.9 * cone, 1.0)
    more, less = (Part(texts(directions[i], cone), 0.9 * cone, weight) for i, weight in ((1, MORE), (2, LESS)))
    first, marked, again = composed([typed]), composed([typed, more, less]), composed([typed])
    assert first is not None
    assert marked is not None
    assert again is not None
    assert marked @ directions[1] > first @ directions[1] + 0.1
    assert marked @ directions[2] < first @ directions[2] - 0.1
    np.testing.assert_array_equal(first, again)


def test_nothing_asked_for_means_nothing() -> None:
    vector = np.eye(D, dtype=np.float32)[0]
    none = np.zeros(D, dtype=np.float32)
    assert composed([]) is None
    assert composed([Part(vector, none, -1.0)]) is None
    assert composed([Part(vector, none, 1.0), Part(vector, none, -1.0)]) is None


def test_what_has_nothing_of_the_subtracted_scores_as_before() -> None:
    beach, night, people = np.eye(D, dtype=np.float32)[:3]
    none = np.zeros(D, dtype=np.float32)
    asked = [Part(beach, none, 1.0), Part(people, none, -0.8)]
    vector = composed(asked)
    assert vector is not None
    scored = length_beside_wanted(asked) * vector
    np.testing.assert_allclose([scored @ beach, scored @ night, scored @ people], [1.0, 0.0, -0.8], atol=1e-6)
    assert length_beside_wanted(asked[:1]) == 1.0


def test_several_strong_passages_count_more_than_one() -> None:
    assert pooled([1.5]) == 1.5
    assert pooled([1.5, 1.4]) > pooled([1.5, 0.5]) == 1.5
    assert pooled([1.5] * 4) == pooled([1.5] * 9)
    assert pooled([2.5]) > pooled([1.5] * 9)


def test_words_count_by_how_many_and_how_rare() -> None:
    assert word_evidence(3.0, 1.0) == WORDS  # all of them, however common they are
    assert word_evidence(40.0, 1.0) > WORDS
    assert (
        word_evidence(3.0, 0.4) < word_evidence(9.0, 0.4) < 0.5 * WORDS
    )  # a stray word of many, though the best there is
    assert word_evidence(0.0, 0.0) == 0.0
    assert combined(None, 1.0) == 1.0
    assert combined(-2.0, 1.0) >= 1.0
    assert combined(1.0, 1.0) > combined(-2.0, 1.0)
    assert combined(-2.0, 0.0) == -2.0


def test_words_weigh_more_where_the_model_knows_little() -> None:
    foreign, between, familiar = (beside_meaning(agreement, 3.0) for agreement in (0.2, 0.4, 0.6))
    assert beside_meaning(0.4, 6.0) == pytest.approx(between / 2), "evidence of a larger unit outweighs more words"
    assert foreign > between > familiar > 0
    assert combined(1.0, 1.0, foreign) > combined(1.0, 1.0, familiar)
    assert combined(None, 1.0, foreign) == 1.0


def test_how_far_a_file_stands_out_of_its_kind() -> None:
    assert standing(3.0, 0.0, 0.0) > standing(2.0, 0.0, 0.0) > standing(-1.0, 0.0, 0.0) == 0.0
    assert standing(2.0, 9.0, 0.0) > standing(2.0, 0.0, 0.0) > standing(2.0, 0.0, 1.0)


def test_prominence_is_counted_in_spreads_of_the_kind() -> None:
    dice = np.random.default_rng(5)
    bank, sample = dice.standard_normal((30, 16)), dice.standard_normal((900, 16))
    made = yardstick(_unit(bank), _unit(sample), 900, None)
    scores = made.prominence(made.bank[0], made.sample)
    assert abs(float(scores.mean())) < 0.1
    assert float(scores.std()) == pytest.approx(1.0, abs=0.1)
    few = yardstick(_unit(bank), _unit(sample[:1]), 1, None)
    assert np.isfinite(few.prominence(few.bank[0], few.sample)).all()


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_reciprocal_ranks() -> None:
    fused = reciprocal_ranks([[2, 0], [2, 1]], 4)
    assert list(np.argsort(-fused, kind="stable")) == [2, 0, 1, 3]


def test_bands_and_the_honest_empty_list() -> None:
    nothing = thresholds(50, [1.0, 0.95, 0.9])
    assert [nothing.band(value) for value in (1.0, 0.95)] == [Band.WEAK, Band.WEAK]
    something = thresholds(50, [1.9, 1.4, 1.25, 1.2, 0.95])
    assert something.band(1.9) is Band.STRONG
    assert something.band(1.2) is Band.MAYBE
    assert something.band(0.6) is Band.WEAK
    assert best_band([Band.WEAK, Band.MAYBE]) is Band.MAYBE
    assert best_band([]) is Band.WEAK


def test_words_prove_by_themselves() -> None:
    assert word_band(1.0, 1, 0.0, 0.0, 100) is Band.STRONG
    assert word_band(0.75, 1, 0.0, 0.0, 50) is Band.MAYBE  # a typo
    assert word_band(0.75, 1, 0.0, 0.0, 90) is Band.WEAK
    assert word_band(0.6, 3, 0.0, 0.0, 50) is Band.MAYBE
    assert word_band(0.6, 2, 0.0, 0.0, 50) is Band.WEAK
    assert word_band(0.6, 2, 0.95, 0.0, 50) is Band.MAYBE  # with a meaning that nearly does
    assert word_band(0.5, 1, 0.95, 0.0, 50) is Band.WEAK


def test_several_rare_words_together_are_no_chance() -> None:
    assert word_band(0.3, 3, 0.0, 2.0, 50) is Band.MAYBE
    assert word_band(0.3, 3, 0.0, 0.5, 50) is Band.WEAK  # common ones: any long text has them
    assert word_band(0.45, 2, 0.0, 2.0, 50) is Band.MAYBE
    assert word_band(0.3, 1, 0.0, 9.0, 50) is Band.WEAK  # one word, however rare, is a coincidence


def test_one_that_is_close_by_chance_opens_no_list() -> None:
    by_chance = [1.6, 1.0, 0.95, 0.9, 0.9]
    assert thresholds(50, by_chance, together=1).band(1.6) is Band.STRONG
    assert thresholds(50, by_chance, together=5).band(1.6) is Band.WEAK
    alone = thresholds(50, [2.4, 0.5, 0.5, 0.5, 0.5], together=5)
    assert [alone.band(value) for value in (2.4, 0.5)] == [Band.STRONG, Band.WEAK]


def test_an_example_always_finds_what_is_closest() -> None:
    far = thresholds_of_example(50, [0.6 - 0.01 * i for i in range(48)])
    assert [far.band(value) for value in (0.6, 0.5, 0.3)] == [Band.MAYBE, Band.MAYBE, Band.WEAK]
    few = thresholds_of_example(50, [0.5, 0.3, 0.1, 0.1, 0.1])
    assert [few.band(value) for value in (0.5, 0.3, 0.1)] == [Band.MAYBE, Band.MAYBE, Band.WEAK]
    assert thresholds_of_example(50, [0.1] * 48).band(0.1) is Band.WEAK
    assert thresholds_of_example(50, []).band(0.2) is Band.WEAK


def test_the_first_large_gap_ends_the_list() -> None:
    limits = thresholds(50, [1.4, 1.35, 1.28, 0.85, 0.84])
    assert limits.band(1.28) is Band.MAYBE
    assert limits.band(0.85) is Band.WEAK
    assert thresholds(50, [1.4, 1.3, 1.2, 1.1, 1.0, 0.9]).band(0.9) is Band.MAYBE


@given(st.lists(st.floats(0, 4), max_size=20), st.floats(0, 4))
def test_strictness_only_ever_takes_away(best: list[float], value: float) -> None:
    best = sorted(best, reverse=True)
    order = [Band.WEAK, Band.MAYBE, Band.STRONG]
    bands = [order.index(thresholds(strictness, best).band(value)) for strictness in (0, 100)]
    assert bands[0] >= bands[1]


def test_among_files_that_have_every_word_the_rarer_words_decide() -> None:
    """A contract that is all about the vineyard comes before one that only mentions it, whatever else it means."""
    keywords = keywords_of("vineyard contract", partial=False)
    words = WordsFound(keywords, SpokenTags(None, keywords), units=1000)
    candidates = []
    for name, bm25, meaning in (("mentions.txt", 8.0, 0.5), ("all about.txt", 20.0, 0.3)):
        candidate = Candidate(f"/{name}", Kind.DOCUMENT, {name: UnitType.PASSAGE}, semantic={name: meaning})
        words.bm25[name], words.texts[name] = bm25, (Level.EXACT, Level.EXACT)
        look_into(candidate, words)
        judge(candidate, words, {UnitType.PASSAGE: Thresholds(1.3, 0.7)}, NEUTRAL)
        candidates.append(candidate)
    assert [one.band for one in candidates] == [Band.STRONG, Band.STRONG]
    assert [one.path for one in ordered(candidates, side_by_side=False)] == ["/all about.txt", "/mentions.txt"]
