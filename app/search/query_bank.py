"""Generic and meaningless queries in a model's space: what any query is compared with."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.records import FloatArray
from app.ranking.query_composition import centred

_NONSENSE_QUERIES = 128
# NDCG@10 by vectors alone, captions told their kind / Vaswani: with all of the mean 56.3 / 21.7, with half of it
# 57.1 / 23.0, with none 55.1 / 20.7.
_MEAN_SHARE = 0.5
_BATCH = 64


@dataclass(frozen=True)
class QueryBank:
    """Queries of no particular intent, as a model sees them.

    Attributes:
        mean: (d,) of the generic ones: what every text query has in common.
        generic: (b, d), as queries are put to the library: `as_query`. `nonsense`: (k, d), likewise.
        common: (d,) the part of the mean that `as_query` leaves in them.
    """

    mean: FloatArray
    generic: FloatArray
    nonsense: FloatArray
    common: FloatArray

    def as_query(self, meaning: FloatArray) -> FloatArray:
        """(n, d) or (d,) unit length: queries as they are put to the library, of meanings centred by the mean.

        Parts must be centred to be added up, but queries rank best when half of their mean is left in them, each the
        same: a single text is then centred by half of it.
        """
        return centred(meaning, -self.common)


def query_bank_of(vectors: FloatArray) -> QueryBank:
    """The bank made of the vectors of `bank_texts()`."""
    generic, nonsense = vectors[:-_NONSENSE_QUERIES], vectors[-_NONSENSE_QUERIES:]
    mean: FloatArray = generic.mean(axis=0)
    usual_length = float(np.linalg.norm(generic - mean, axis=1).mean())
    common: FloatArray = (_MEAN_SHARE / max(usual_length, 1e-6) * mean).astype(np.float32)
    as_query, chance = (centred(centred(texts, mean), -common) for texts in (generic, nonsense))
    return QueryBank(mean, as_query, chance, common)


@lru_cache(maxsize=1)
def query_bank_texts() -> tuple[str, ...]:
    """The generic queries, one a line of the resource (`#` begins a comment), then the meaningless ones."""
    lines = (resources.files("resources") / "generic_queries.txt").read_text("utf-8").splitlines()
    generic = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return (*generic, *nonsense_texts(_NONSENSE_QUERIES, seed=20))


def nonsense_texts(count: int, seed: int) -> list[str]:
    """Strings that mean nothing: random letters, syllables and keys, one to three "words" each."""
    dice = random.Random(seed)
    letters, consonants, vowels = "abcdefghijklmnopqrstuvwxyz", "bcdfghjklmnpqrstvwxz", "aeiou"

    def word(kind: int) -> str:
        length = dice.randint(4, 9)
        if kind == 0:
            return "".join(dice.choice(letters) for _ in range(length))
        if kind == 1:
            return "".join(dice.choice(vowels if i % 2 else consonants) for i in range(length))
        if kind == 2:
            return "".join(dice.choice(consonants) for _ in range(length))
        return "".join(dice.choice(letters + "0123456789") for _ in range(length))

    return [" ".join(word(i % 4) for _ in range(dice.choice((1, 2, 2, 3)))) for i in range(count)]


def load_query_bank(file: Path, dimension: int, encode: Callable[[list[str]], FloatArray]) -> QueryBank:
    """The bank of a model: from its file, or encoded now and kept there."""
    texts = list(query_bank_texts())
    vectors = _read_vectors(file, len(texts), dimension)
    if vectors is None:
        blocks = [encode(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
        vectors = np.concatenate(blocks).astype(np.float32)
        buffer = io.BytesIO()
        np.save(buffer, vectors, allow_pickle=False)
        with suppress(UserError):  # a full or read-only disk: they are encoded again the next time
            write_atomically(file, buffer.getvalue())
    return query_bank_of(vectors)


def _read_vectors(file: Path, count: int, dimension: int) -> FloatArray | None:
    try:
        vectors = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors.astype(np.float32) if vectors.shape == (count, dimension) else None
