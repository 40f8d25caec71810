"""The mixed benchmark in miniature: half of the answers photos, half texts, from generated vectors with a gap."""

import random
from pathlib import Path

import numpy as np

from app.search.query_bank import query_bank_texts
from tests.app.miniature import SPACE, ConceptTower, vector_of
from tests.benchmarks.bench_mixed import Figures, Mixed, figures, methods, program

THINGS = (
    "dog cat beach forest mountain car bicycle cake guitar piano church snow ship train bird horse flower rain bridge "
    "tower lake river woman man kitchen table lamp book phone street market museum statue desert elephant tiger whale"
)


def miniature(half: int = 30) -> Mixed:
    dice = random.Random(3)
    meant = [dice.sample(THINGS.split(), 3) for _ in range(2 * half)]
    captions = [f"a {a} with a {b} and a {c}" for a, b, c in meant[half:]]
    questions = [f"the {c}, the {a} and the {b}" for a, b, c in meant]
    return Mixed(
        np.stack([vector_of(" ".join(words), "image", str(i)) for i, words in enumerate(meant[:half])]),
        np.stack([vector_of(caption, "text") for caption in captions]),
        captions,
        np.stack([vector_of(question, "text") for question in questions]),
        questions,
        np.stack([vector_of(text, "text") for text in query_bank_texts()]),
    )


def test_photos_and_texts_are_ranked_fairly_together(tmp_path: Path) -> None:
    mixed = miniature()
    found: dict[str, Figures] = {name: figures(name, scores) for name, scores in methods(mixed)}
    raw, ours = found["raw cosine"], program(mixed, ConceptTower(), SPACE, tmp_path)
    assert raw.photo < 10.0  # texts drown photos
    assert ours.ndcg >= raw.ndcg + 20.0
    assert min(ours.photo, ours.text) > 50.0
    assert 10.0 < ours.share < 75.0
    assert found["centred by modality (GR-CLIP)"].ndcg > raw.ndcg
