"""A yardstick from the disk is the one that would be made; anything that differs makes another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.records import FloatArray
from app.ranking import calibration
from app.search import calibration_cache
from app.search.calibration_cache import cached_calibrator


def unit(count: int, seed: int) -> FloatArray:
    vectors = np.random.default_rng(seed).standard_normal((count, 12)).astype(np.float32)
    result: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


BANK, SAMPLE, NONSENSE = unit(20, 0), unit(60, 1), unit(10, 2)


def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often one is made from now on."""
    calls: list[int] = []
    real = calibration.fit_calibrator

    def counted(
        bank: FloatArray, sample: FloatArray, count: int, nonsense: FloatArray | None
    ) -> calibration.ScoreCalibrator:
        calls.append(count)
        return real(bank, sample, count, nonsense)

    monkeypatch.setattr(calibration, "fit_calibrator", counted)
    return calls


@pytest.mark.parametrize("nonsense", [NONSENSE, None])
def test_the_same_again(tmp_path: Path, nonsense: FloatArray | None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = made(monkeypatch)
    expected = calibration.fit_calibrator(BANK, SAMPLE, 500, nonsense)
    for _ in range(2):
        found = cached_calibrator(tmp_path / "y.npz", BANK, SAMPLE, 500, nonsense)
        assert (found.plain, found.normalised) == (expected.plain, expected.normalised)
        query, vectors = unit(1, 3)[0], unit(7, 4)
        assert np.array_equal(found.calibrated_score(query, vectors), expected.calibrated_score(query, vectors))
    assert len(calls) == 2  # for `expected`, and the first time


@pytest.mark.parametrize("change", ["bank", "sample", "count", "nonsense", "no nonsense", "code", "damage"])
def test_made_anew_when_anything_differs(tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "y.npz"
    cached_calibrator(file, BANK, SAMPLE, 500, NONSENSE)
    calls = made(monkeypatch)
    if change == "code":
        monkeypatch.setattr(calibration_cache, "FIT_VERSION", calibration_cache.FIT_VERSION + 1)
    if change == "damage":
        file.write_bytes(file.read_bytes()[:50])
    cached_calibrator(
        file,
        BANK[1:] if change == "bank" else BANK,
        -SAMPLE if change == "sample" else SAMPLE,
        501 if change == "count" else 500,
        {"nonsense": NONSENSE[1:], "no nonsense": None}.get(change, NONSENSE),
    )
    assert len(calls) == 1


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cached_calibrator(tmp_path / "file" / "y.npz", BANK, SAMPLE, 500, NONSENSE)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 60, 4096])
def test_our_median_is_numpys(count: int) -> None:
    values = np.random.default_rng(count).standard_normal(count).astype(np.float32)
    assert calibration.median_of(values) == float(np.median(values))
