"""Every failure has a remedy in words, and is tried again only where that can help."""

from __future__ import annotations

import pickle

import pytest

from app.core.failures import HOUR_NS, DecodeError, advice, next_retry_ns
from app.core.records import Failure

NOW = 1_700_000_000 * 10**9


@pytest.mark.parametrize("failure", Failure)
def test_advice_is_one_sentence(failure: Failure) -> None:
    text = advice(failure)
    assert text[0].isupper()
    assert text.endswith(".")
    assert text.count(".") == 1


@pytest.mark.parametrize(
    "failure", [Failure.CORRUPT, Failure.ENCRYPTED, Failure.BOMB, Failure.CRASH, Failure.TOO_LARGE]
)
def test_what_lies_in_the_bytes_waits_for_other_bytes(failure: Failure) -> None:
    assert next_retry_ns(failure, 1, NOW) == 0


@pytest.mark.parametrize(
    "failure", [Failure.IO, Failure.TRUNCATED, Failure.TIMEOUT, Failure.PERMISSION, Failure.MEMORY]
)
def test_what_may_pass_is_tried_again_at_growing_pauses_and_not_for_ever(failure: Failure) -> None:
    pauses = []
    for attempt in range(1, 60):
        retry = next_retry_ns(failure, attempt, NOW)
        if retry == 0:
            break
        pauses.append(retry - NOW)
    assert pauses == sorted(pauses)
    assert 1 < len(pauses) < 25
    assert 0 < pauses[0] < pauses[-1] <= 28 * 24 * HOUR_NS


def test_decode_error_crosses_processes() -> None:
    error = pickle.loads(pickle.dumps(DecodeError(Failure.TRUNCATED, "It breaks off.")))
    assert (error.failure, error.text, str(error)) == (Failure.TRUNCATED, "It breaks off.", "It breaks off.")


def test_a_timeout_is_tried_again_after_a_day_and_a_week() -> None:
    pauses = [(next_retry_ns(Failure.TIMEOUT, attempt, NOW) - NOW) / (24 * HOUR_NS) for attempt in (1, 2, 3)]
    assert pauses == [1, 7, 28]
    assert next_retry_ns(Failure.TIMEOUT, 4, NOW) == 0
