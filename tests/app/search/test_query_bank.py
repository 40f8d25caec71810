"""How queries are put to a library, beside generic ones."""

import numpy as np

from app.ranking.query_composition import WeightedVector, centred, compose
from app.search.query_bank import query_bank_of, query_bank_texts
from tests.app.ranking.test_ranking import texts, unit

D = 96
rng = np.random.default_rng(5)
CONE = unit(rng.standard_normal(D))
BANK = texts(unit(rng.standard_normal((len(query_bank_texts()), D))), CONE)


def test_a_single_text_is_centred_by_half_the_mean() -> None:
    bank = query_bank_of(BANK)
    text = texts(unit(rng.standard_normal(D)), CONE)
    meaning = compose([WeightedVector(text, bank.mean, 1.0)])
    assert meaning is not None
    as_query = bank.as_query(meaning)
    np.testing.assert_allclose(np.linalg.norm(as_query), 1.0, rtol=1e-5)
    assert as_query @ centred(text, 0.5 * bank.mean) > 0.999
    assert as_query @ centred(text, bank.mean) < 0.95


def test_generic_queries_nonsense_and_sums_keep_the_same_part_of_the_mean() -> None:
    bank = query_bank_of(BANK)
    parts = [WeightedVector(text, bank.mean, weight) for text, weight in zip(BANK[:2], (1.0, -0.9), strict=True)]
    difference = compose(parts)
    assert difference is not None
    typical = float(np.median(bank.generic @ CONE))
    assert 0.4 < typical < 0.8
    assert abs(float(np.median(bank.nonsense @ CONE)) - typical) < 0.1
    assert abs(float(bank.as_query(difference) @ CONE) - typical) < 0.3
    assert abs(float(difference @ CONE)) < 0.3
