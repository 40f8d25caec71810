"""How far the vectors of passages agree with their words, where the encoder knows the texts and where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import FloatArray
from app.table import PRIOR_CORRELATION, IndexWriter
from app.table.fulltext import passage_terms_text
from app.table.lexical_semantic import lexical_semantic_correlation
from tests.app.table.test_round_trip import direction, document, photo, reader_of

SUBJECTS = (
    "the rent of the flat is due in June",
    "a recipe for apple cake with cinnamon and butter",
    "the bicycle was stolen from the station",
    "minutes of the meeting of the choir",
    "the battery of the boat charges slowly",
)


def letters(count: int) -> list[str]:
    """Letters on a few subjects, each with words of its own."""
    dice = np.random.default_rng(3)
    spare = [f"word{i}" for i in range(200)]
    return [f"{SUBJECTS[i % len(SUBJECTS)]} {' '.join(dice.choice(spare, 6))}" for i in range(count)]


def understood(texts: list[str], noise: float) -> FloatArray:
    """Vectors that lie where the words lead, more or less."""
    dice = np.random.default_rng(4)
    of_word: dict[str, FloatArray] = {}
    rows = []
    for text in texts:
        words = [of_word.setdefault(word, dice.standard_normal(48)) for word in text.split()]
        rows.append(np.sum(words, axis=0) / np.sqrt(len(words)) + noise * dice.standard_normal(48))
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_an_encoder_that_knows_the_texts_agrees_with_their_words() -> None:
    texts = letters(120)
    words = [passage_terms_text(text) for text in texts]
    known, hardly, strange = (
        lexical_semantic_correlation(words, understood(texts, noise)) for noise in (0.2, 3.0, 30.0)
    )
    assert known > hardly > strange
    assert known > PRIOR_CORRELATION > strange
    assert abs(strange) < 0.15


@pytest.mark.parametrize(
    "texts",
    [[], ["one letter"], letters(5), ["the same"] * 40, [f"nothing{i} common{i}" for i in range(40)]],
    ids=["none", "one", "few", "all the same", "no word in common"],
)
def test_texts_that_tell_nothing_count_as_usual(texts: list[str]) -> None:
    vectors = understood(texts, 1.0) if texts else np.zeros((0, 48), np.float32)
    assert lexical_semantic_correlation([passage_terms_text(text) for text in texts], vectors) == PRIOR_CORRELATION


def test_the_index_knows_it_of_its_passages(places: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo("/p/a.jpg", 1)])
    writer.maintain()
    assert reader_of(places).statistics().agreement == PRIOR_CORRELATION
    texts = letters(60)
    writer.write([document(f"/d/{i}.txt", [text], seed=i % len(SUBJECTS)) for i, text in enumerate(texts)])
    writer.maintain(idle=True)
    after = reader_of(places).statistics()
    sample = sorted((row.id, row.text) for i in range(60) for row in reader_of(places).file_units(f"/d/{i}.txt"))
    words = [passage_terms_text(text) for _, text in sample if text]
    assert after.samples["text"].shape == (60, len(direction(0)))
    # float16 on disk, float32 when it was computed
    assert after.agreement == pytest.approx(lexical_semantic_correlation(words, after.samples["text"]), abs=0.01)
