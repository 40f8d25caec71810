"""When a faster precision may stand in for the original."""

from __future__ import annotations

import numpy as np
import pytest

from app.models.convert.parity import acceptable, compare_vectors, probe_pixels, probe_texts
from app.models.manifest import ParityReport
from app.models.preprocess import ImagePreprocess


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_equal_vectors_agree_and_turned_ones_do_not() -> None:
    random = np.random.default_rng(0)
    images, texts = unit(random.normal(size=(40, 16))), unit(random.normal(size=(30, 16)))
    same = compare_vectors(images, texts, images, texts)
    assert same.top10 == 1
    assert same.image_worst == pytest.approx(1, abs=1e-6)
    assert acceptable("fp32", same)
    turned = compare_vectors(images[::-1], texts, images, texts)
    assert turned.top10 < 0.6
    assert not acceptable("int8", turned)


@pytest.mark.parametrize(
    ("precision", "mean", "worst", "top10", "expected"),
    [
        ("bf16", 0.9995, 0.9991, 0.96, True),
        ("bf16", 0.9995, 0.9980, 0.96, False),
        ("bf16", 0.9995, 0.9991, 0.94, False),
        ("int8", 0.9910, 0.9710, 0.96, True),
        ("int8", 0.9890, 0.9710, 0.96, False),
        ("int8", 0.9910, 0.9690, 0.96, False),
    ],
)
def test_thresholds(precision: str, mean: float, worst: float, top10: float, expected: bool) -> None:
    for images, texts in (((mean, worst), (1.0, 1.0)), ((1.0, 1.0), (mean, worst))):
        assert acceptable(precision, ParityReport(*images, *texts, top10)) == expected


def test_the_probe_is_always_the_same_and_various() -> None:
    preprocess = ImagePreprocess(size=32)
    pixels = probe_pixels(preprocess, 12)
    assert pixels.shape == (12, 32, 32, 3)
    assert (pixels == probe_pixels(preprocess, 12)).all()
    assert len({picture.tobytes() for picture in pixels}) == 12
    assert len(set(probe_texts())) == 80
