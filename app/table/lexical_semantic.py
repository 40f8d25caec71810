"""How far the vectors of a library's passages agree with their words.

A text tower knows some texts and not others: captions and letters perhaps, hardly technical prose, no language that it
was not taught. Where it knows them, passages that share rare words lie close together; where it does not, they lie
anywhere. So what words count beside meaning is measured on the library itself (`app.ranking.fusion.keyword_weight`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.core.records import FloatArray
from app.table import where
from app.table.fulltext import PREFIX_MARK, WORDS
from app.table.statistics import PRIOR_CORRELATION, TEXT, Statistics

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLED_PASSAGES = 300
"""How many passages tell; three different samples of as many differed by 0.02."""
_PRIOR_COUNT = 30
_MIN_SHARING = 8  # others that share a word, below which a correlation means nothing
_MIN_STD = 1e-4
_K1, _B = 1.2, 0.75  # LanceDB's BM25


def with_correlation(computed: Statistics, read: Callable[[str], pa.Table]) -> Statistics:
    """Statistics that were computed just now, with the correlation measured on the first passages of their sample.

    Args:
        read: ids and words (`fulltext.WORDS`) of the rows that meet a condition.
    """
    ids = computed.text_ids[:SAMPLED_PASSAGES]
    if not ids:
        return replace(computed, agreement=PRIOR_CORRELATION)
    answer = read(where.value_in("id", ids))
    words = dict(zip(answer.column("id").to_pylist(), answer.column(WORDS).to_pylist(), strict=True))
    there = [i for i, unit_id in enumerate(ids) if words.get(unit_id)]
    correlation = lexical_semantic_correlation([words[ids[i]] for i in there], computed.samples[TEXT][there])
    return replace(computed, agreement=correlation)


def lexical_semantic_correlation(words: Sequence[str], vectors: FloatArray) -> float:
    """The median correlation of BM25 and centred cosine, each passage as a query for the others that share a word.

    Args:
        words: of n passages, as the full-text column has them.
        vectors: (n, d), of the same, unit length.
    """
    if len(words) < _MIN_SHARING:
        return PRIOR_CORRELATION
    by_words = _bm25([[word for word in text.split() if not word.startswith(PREFIX_MARK)] for text in words])
    meant = vectors - vectors.mean(axis=0)
    meant /= np.maximum(np.linalg.norm(meant, axis=1, keepdims=True), 1e-6)
    by_meaning = meant @ meant.T
    found: list[float] = []
    for i, scores in enumerate(by_words):
        sharing = np.flatnonzero(scores > 0)
        sharing = sharing[sharing != i]
        if len(sharing) >= _MIN_SHARING:
            found += _correlation(scores[sharing], by_meaning[i, sharing])
    if not found:
        return PRIOR_CORRELATION
    return (float(np.median(found)) * len(found) + PRIOR_CORRELATION * _PRIOR_COUNT) / (len(found) + _PRIOR_COUNT)


def _correlation(one: FloatArray, other: FloatArray) -> list[float]:
    """Pearson's; nothing where either hardly varies."""
    spreads = float(one.std()), float(other.std())
    if min(spreads) < _MIN_STD:
        return []
    return [float(np.mean((one - one.mean()) * (other - other.mean()))) / (spreads[0] * spreads[1])]


def _bm25(texts: Sequence[Sequence[str]]) -> FloatArray:
    """(n, n) BM25 of each text's distinct words on all texts."""
    occurs = Counter(word for text in texts for word in set(text))
    numbers = {word: i for i, word in enumerate(word for word, count in occurs.items() if count > 1)}
    counts = np.zeros((len(texts), len(numbers)), dtype=np.float32)
    for row, text in zip(counts, texts, strict=True):
        for word, count in Counter(text).items():
            if word in numbers:
                row[numbers[word]] = count
    lengths = np.array([[len(text)] for text in texts], dtype=np.float32)
    having = (counts > 0).sum(axis=0)
    rarity = np.log1p((len(texts) - having + 0.5) / (having + 0.5)).astype(np.float32)
    usual = max(float(lengths.mean()), 1.0)
    weights = rarity * counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * lengths / usual))
    result: FloatArray = (counts > 0).astype(np.float32) @ weights.T
    return result
