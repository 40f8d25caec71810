"""What is stated of a photo: rises with the evidence, and the bands follow from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.queries import Band
from app.ranking.probability import (
    FEATURES,
    QueryWords,
    RelevanceModel,
    doubt,
    photo_features,
    probability,
    relevance_model,
)
from app.ranking.thresholds import BAND_ORDER

MODEL = RelevanceModel(-4.0, (2.0, 1.0, 0.0, 1.5, 0.0, 0.0), strong=0.75, maybe=0.25)


def features(cosine: float, *, tagged: bool = False, words: QueryWords | None = None) -> np.ndarray:
    one = np.array([cosine], dtype=np.float32)
    return photo_features(one, one, 1.0, np.array([tagged], dtype=np.float32), words or QueryWords(1))


@pytest.mark.parametrize(
    ("cosine", "tagged", "band"),
    [
        (2.0, False, Band.STRONG),  # a zebra like no other
        (1.3, False, Band.MAYBE),
        (1.3, True, Band.STRONG),  # and the tags say zebra, too
        (0.5, False, Band.WEAK),  # a horse
        (0.3, True, Band.WEAK),  # a tag alone, on a photo that looks otherwise
    ],
)
def test_bands_follow_from_what_is_known(cosine: float, tagged: bool, band: Band) -> None:
    assert MODEL.band(float(MODEL.logits(features(cosine, tagged=tagged))[0])) is band


@given(st.floats(-80, 80), st.floats(-80, 80), st.integers(0, 100))
def test_more_evidence_never_lowers_anything(one: float, other: float, strictness: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= probability(low) <= probability(high) <= 1
    places = [BAND_ORDER.index(MODEL.band(logit, strictness)) for logit in (low, high)]
    assert places[1] <= places[0]


@given(st.floats(-10, 10), st.integers(0, 99))
def test_more_strictness_never_raises_a_band(logit: float, strictness: int) -> None:
    places = [BAND_ORDER.index(MODEL.band(logit, value)) for value in (strictness, strictness + 1)]
    assert places[0] <= places[1]


def test_letters_that_are_no_words_must_show_more() -> None:
    assert doubt(False) > doubt(True) == 0.0


def test_the_shipped_weights_are_complete_and_of_sense() -> None:
    model = relevance_model()
    assert len(model.weights) == len(FEATURES)
    assert model.slope > 0
    assert model.tag_bonus > 0
    assert 0 < model.maybe < model.strong < 1
