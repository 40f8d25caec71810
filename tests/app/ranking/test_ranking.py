"""Ranking as pure functions: yardstick, composition, fusion, thresholds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.records import FloatArray, Kind, UnitType
from app.query.queries import Band
from app.ranking.calibration import fit_calibrator
from app.ranking.fusion import (
    ALL_WORDS_SCORE,
    fuse,
    interleaving_score,
    keyword_score,
    keyword_weight,
    pool_units,
    reciprocal_ranks,
)
from app.ranking.query_composition import (
    LESS_LIKE_WEIGHT,
    MORE_LIKE_WEIGHT,
    WeightedVector,
    centred,
    compose,
    rejection_norm,
)
from app.ranking.thresholds import (
    NEUTRAL_STRICTNESS,
    Thresholds,
    best_band,
    example_thresholds,
    keyword_band,
    query_thresholds,
)
from app.search.candidates import Candidate, attach_keyword_matches, order_candidates, score_candidate
from app.search.keyword_search import KeywordMatches
from app.search.match_levels import MatchLevel
from app.search.query_terms import parse_terms
from app.search.user_tag_search import UserTagMatcher

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
        stick = fit_calibrator(bank, units, library, nonsense)
        query = centred(texts(directions[0], text_cone), mean)
        right = unit(directions[0] + noise * unit(dice.standard_normal(D)) + 2.0 * cone)
        wrong = unit(directions[35] + noise * unit(dice.standard_normal(D)) + 2.0 * cone)
        found[modality] = stick.calibrated_score(query, np.stack([right, wrong]))
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
    stick = fit_calibrator(bank, units, 1000, nonsense[:64])
    tops = [float(stick.calibrated_score(query, units).max()) for query in nonsense[64:]]
    assert np.mean(np.array(tops) < 1.2) >= 0.95


def test_a_larger_library_asks_for_more() -> None:
    directions, text_cone, _ = space()
    sample = texts(np.tile(directions, (10, 1)), text_cone)
    bank = centred(sample[:40], sample.mean(axis=0))
    assert fit_calibrator(bank, sample, 1_000_000, bank).plain.top > fit_calibrator(bank, sample, 400, bank).plain.top


def test_an_empty_library_has_a_yardstick_too() -> None:
    bank = np.eye(D, dtype=np.float32)[:8]
    stick = fit_calibrator(bank, np.zeros((0, D), dtype=np.float32), 0, bank)
    assert np.isfinite(stick.calibrated_score(bank[0], bank)).all()


def test_arithmetic_moves_the_vector() -> None:
    directions, cone, image_cone = space()
    night, people = texts(directions[1:3], cone)
    photo = unit(directions[0] + directions[2] + 2 * image_cone)
    made = compose(
        [
            WeightedVector(photo, 0.8 * image_cone, 1.0),
            WeightedVector(night, 0.9 * cone, 1.0),
            WeightedVector(people, 0.9 * cone, -1.0),
        ]
    )
    assert made is not None
    assert made @ directions[1] > 0.3
    assert made @ directions[0] > made @ directions[2] + 0.2
    assert np.linalg.norm(made) == pytest.approx(1.0, abs=1e-5)


def test_feedback_is_taken_back_by_leaving_it_out() -> None:
    directions, cone, _ = space()
    typed = WeightedVector(texts(directions[0], cone), 0.9 * cone, 1.0)
    more, less = (
        WeightedVector(texts(directions[i], cone), 0.9 * cone, weight)
        for i, weight in ((1, MORE_LIKE_WEIGHT), (2, LESS_LIKE_WEIGHT))
    )
    first, marked, again = compose([typed]), compose([typed, more, less]), compose([typed])
    assert first is not None
    assert marked is not None
    assert again is not None
    assert marked @ directions[1] > first @ directions[1] + 0.1
    assert marked @ directions[2] < first @ directions[2] - 0.1
    np.testing.assert_array_equal(first, again)


def test_nothing_asked_for_means_nothing() -> None:
    vector = np.eye(D, dtype=np.float32)[0]
    none = np.zeros(D, dtype=np.float32)
    assert compose([]) is None
    assert compose([WeightedVector(vector, none, -1.0)]) is None
    assert compose([WeightedVector(vector, none, 1.0), WeightedVector(vector, none, -1.0)]) is None


def test_what_has_nothing_of_the_subtracted_scores_as_before() -> None:
    beach, night, people = np.eye(D, dtype=np.float32)[:3]
    none = np.zeros(D, dtype=np.float32)
    asked = [WeightedVector(beach, none, 1.0), WeightedVector(people, none, -0.8)]
    vector = compose(asked)
    assert vector is not None
    scored = rejection_norm(asked) * vector
    np.testing.assert_allclose([scored @ beach, scored @ night, scored @ people], [1.0, 0.0, -0.8], atol=1e-6)
    assert rejection_norm(asked[:1]) == 1.0


def test_several_strong_passages_count_more_than_one() -> None:
    assert pool_units([1.5]) == 1.5
    assert pool_units([1.5, 1.4]) > pool_units([1.5, 0.5]) == 1.5
    assert pool_units([1.5] * 4) == pool_units([1.5] * 9)
    assert pool_units([2.5]) > pool_units([1.5] * 9)


def test_words_count_by_how_many_and_how_rare() -> None:
    assert keyword_score(3.0, 1.0) == ALL_WORDS_SCORE  # all of them, however common they are
    assert keyword_score(40.0, 1.0) > ALL_WORDS_SCORE
    assert (
        keyword_score(3.0, 0.4) < keyword_score(9.0, 0.4) < 0.5 * ALL_WORDS_SCORE
    )  # a stray word of many, though the best there is
    assert keyword_score(0.0, 0.0) == 0.0
    assert fuse(None, 1.0) == 1.0
    assert fuse(-2.0, 1.0) >= 1.0
    assert fuse(1.0, 1.0) > fuse(-2.0, 1.0)
    assert fuse(-2.0, 0.0) == -2.0


def test_words_weigh_more_where_the_model_knows_little() -> None:
    foreign, between, familiar = (keyword_weight(agreement, 3.0) for agreement in (0.2, 0.4, 0.6))
    assert keyword_weight(0.4, 6.0) == pytest.approx(between / 2), "evidence of a larger unit outweighs more words"
    assert foreign > between > familiar > 0
    assert fuse(1.0, 1.0, foreign) > fuse(1.0, 1.0, familiar)
    assert fuse(None, 1.0, foreign) == 1.0


def test_how_far_a_file_stands_out_of_its_kind() -> None:
    assert (
        interleaving_score(3.0, 0.0, 0.0)
        > interleaving_score(2.0, 0.0, 0.0)
        > interleaving_score(-1.0, 0.0, 0.0)
        == 0.0
    )
    assert interleaving_score(2.0, 9.0, 0.0) > interleaving_score(2.0, 0.0, 0.0) > interleaving_score(2.0, 0.0, 1.0)


def test_prominence_is_counted_in_spreads_of_the_kind() -> None:
    dice = np.random.default_rng(5)
    bank, sample = dice.standard_normal((30, 16)), dice.standard_normal((900, 16))
    made = fit_calibrator(_unit(bank), _unit(sample), 900, None)
    scores = made.z_score(made.bank[0], made.sample)
    assert abs(float(scores.mean())) < 0.1
    assert float(scores.std()) == pytest.approx(1.0, abs=0.1)
    few = fit_calibrator(_unit(bank), _unit(sample[:1]), 1, None)
    assert np.isfinite(few.z_score(few.bank[0], few.sample)).all()


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_reciprocal_ranks() -> None:
    fused = reciprocal_ranks([[2, 0], [2, 1]], 4)
    assert list(np.argsort(-fused, kind="stable")) == [2, 0, 1, 3]


def test_bands_and_the_honest_empty_list() -> None:
    nothing = query_thresholds(50, [1.0, 0.95, 0.9])
    assert [nothing.band(value) for value in (1.0, 0.95)] == [Band.WEAK, Band.WEAK]
    something = query_thresholds(50, [1.9, 1.4, 1.25, 1.2, 0.95])
    assert something.band(1.9) is Band.STRONG
    assert something.band(1.2) is Band.MAYBE
    assert something.band(0.6) is Band.WEAK
    assert best_band([Band.WEAK, Band.MAYBE]) is Band.MAYBE
    assert best_band([]) is Band.WEAK


def test_words_prove_by_themselves() -> None:
    assert keyword_band(1.0, 1, 0.0, 0.0, 100) is Band.STRONG
    assert keyword_band(0.75, 1, 0.0, 0.0, 50) is Band.MAYBE  # a typo
    assert keyword_band(0.75, 1, 0.0, 0.0, 90) is Band.WEAK
    assert keyword_band(0.6, 3, 0.0, 0.0, 50) is Band.MAYBE
    assert keyword_band(0.6, 2, 0.0, 0.0, 50) is Band.WEAK
    assert keyword_band(0.6, 2, 0.95, 0.0, 50) is Band.MAYBE  # with a meaning that nearly does
    assert keyword_band(0.5, 1, 0.95, 0.0, 50) is Band.WEAK


def test_several_rare_words_together_are_no_chance() -> None:
    assert keyword_band(0.3, 3, 0.0, 2.0, 50) is Band.MAYBE
    assert keyword_band(0.3, 3, 0.0, 0.5, 50) is Band.WEAK  # common ones: any long text has them
    assert keyword_band(0.45, 2, 0.0, 2.0, 50) is Band.MAYBE
    assert keyword_band(0.3, 1, 0.0, 9.0, 50) is Band.WEAK  # one word, however rare, is a coincidence


def test_one_that_is_close_by_chance_opens_no_list() -> None:
    by_chance = [1.6, 1.0, 0.95, 0.9, 0.9]
    assert query_thresholds(50, by_chance, top_k=1).band(1.6) is Band.STRONG
    assert query_thresholds(50, by_chance, top_k=5).band(1.6) is Band.WEAK
    alone = query_thresholds(50, [2.4, 0.5, 0.5, 0.5, 0.5], top_k=5)
    assert [alone.band(value) for value in (2.4, 0.5)] == [Band.STRONG, Band.WEAK]


def test_an_example_always_finds_what_is_closest() -> None:
    far = example_thresholds(50, [0.6 - 0.01 * i for i in range(48)])
    assert [far.band(value) for value in (0.6, 0.5, 0.3)] == [Band.MAYBE, Band.MAYBE, Band.WEAK]
    few = example_thresholds(50, [0.5, 0.3, 0.1, 0.1, 0.1])
    assert [few.band(value) for value in (0.5, 0.3, 0.1)] == [Band.MAYBE, Band.MAYBE, Band.WEAK]
    assert example_thresholds(50, [0.1] * 48).band(0.1) is Band.WEAK
    assert example_thresholds(50, []).band(0.2) is Band.WEAK


def test_the_first_large_gap_ends_the_list() -> None:
    limits = query_thresholds(50, [1.4, 1.35, 1.28, 0.85, 0.84])
    assert limits.band(1.28) is Band.MAYBE
    assert limits.band(0.85) is Band.WEAK
    assert query_thresholds(50, [1.4, 1.3, 1.2, 1.1, 1.0, 0.9]).band(0.9) is Band.MAYBE


@given(st.lists(st.floats(0, 4), max_size=20), st.floats(0, 4))
def test_strictness_only_ever_takes_away(best: list[float], value: float) -> None:
    best = sorted(best, reverse=True)
    order = [Band.WEAK, Band.MAYBE, Band.STRONG]
    bands = [order.index(query_thresholds(strictness, best).band(value)) for strictness in (0, 100)]
    assert bands[0] >= bands[1]


def test_among_files_that_have_every_word_the_rarer_words_decide() -> None:
    """A contract that is all about the vineyard comes before one that only mentions it, whatever else it means."""
    keywords = parse_terms("vineyard contract", partial=False)
    words = KeywordMatches(keywords, UserTagMatcher(None, keywords), units=1000)
    candidates = []
    for name, bm25, meaning in (("mentions.txt", 8.0, 0.5), ("all about.txt", 20.0, 0.3)):
        candidate = Candidate(f"/{name}", Kind.DOCUMENT, {name: UnitType.PASSAGE}, semantic={name: meaning})
        words.bm25[name], words.texts[name] = bm25, (MatchLevel.EXACT, MatchLevel.EXACT)
        attach_keyword_matches(candidate, words)
        score_candidate(candidate, words, {UnitType.PASSAGE: Thresholds(1.3, 0.7)}, NEUTRAL_STRICTNESS)
        candidates.append(candidate)
    assert [one.band for one in candidates] == [Band.STRONG, Band.STRONG]
    assert [one.path for one in order_candidates(candidates, interleave=False)] == ["/all about.txt", "/mentions.txt"]
