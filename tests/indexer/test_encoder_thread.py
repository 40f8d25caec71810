"""The encoder gets full batches while more is coming, and never waits at the end of a round."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import numpy as np
import pytest

from app.core.records import DecodedFile, DecodedUnit, FileState, Kind, UnitType
from indexer.encoder_thread import EncoderThread
from tests.indexer.fakes import HashEncoder

# However long it lingers, none of these tests may have to wait for it.
FOR_EVER = 3600.0


class Bench:
    """An encoder thread for batches of four, and what came out of it."""

    def __init__(self) -> None:
        self.encoder = HashEncoder()
        self.done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.thread = EncoderThread(
            self.encoder,
            lambda file, _vectors: self.done.put(file.state.path),
            lambda error: self.done.put(f"broken: {error}"),
            images_per_batch=4,
        )
        self.thread.start()

    def add(self, *names: str, more_coming: bool) -> None:
        for name in names:
            pixels = np.full((4, 4, 3), len(name), np.uint8)
            units = (DecodedUnit(UnitType.PHOTO, pixels=pixels),)
            file = DecodedFile(FileState(name, 1, 1, 1), Kind.PHOTO, content_hash=name, units=units)
            self.thread.add(file, more_coming=more_coming)

    def wait_for(self, count: int) -> list[str]:
        return [self.done.get(timeout=60) for _ in range(count)]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr("indexer.encoder_thread.LINGER_S", FOR_EVER)
    bench = Bench()
    yield bench
    bench.thread.close()


def test_photos_that_come_one_by_one_are_encoded_together(bench: Bench) -> None:
    bench.add("a", "b", "c", "d", "e", "f", "g", "h", more_coming=True)
    assert bench.wait_for(8) == ["a", "b", "c", "d", "e", "f", "g", "h"]
    assert bench.encoder.batches == [4, 4]


def test_the_rest_goes_at_once_when_nothing_more_is_coming(bench: Bench) -> None:
    bench.add("a", "b", more_coming=True)
    bench.thread.set_more_coming(False)
    assert bench.wait_for(2) == ["a", "b"]
    assert bench.encoder.batches == [2]


def test_a_single_saved_photo_does_not_wait(bench: Bench) -> None:
    bench.add("a", more_coming=False)
    assert bench.wait_for(1) == ["a"]


def test_what_waits_is_dropped_at_the_end(bench: Bench) -> None:
    bench.add("a", more_coming=True)
    bench.thread.close()
    assert bench.done.empty()
    assert bench.encoder.batches == []


def test_a_slow_decoder_holds_up_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.encoder_thread.LINGER_S", 0.01)
    bench = Bench()
    bench.add("a", more_coming=True)
    assert bench.wait_for(1) == ["a"]
    bench.thread.close()
