"""A model that comes when it is needed and goes when it is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from app.core.records import FloatArray, PixelArray
from app.models.lazy import LazyEncoder
from app.models.manifest import ModelInfo
from app.models.preprocess import ImagePreprocess


@dataclass
class Counting:
    """An encoder that counts; it cannot be asked after its end."""

    info: ModelInfo
    closed: list[int] = field(default_factory=list)

    @property
    def preprocess(self) -> ImagePreprocess:
        return self.info.preprocess

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        assert not self.closed
        return np.ones((len(texts), 4), np.float32)

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        assert not self.closed
        return np.ones((len(pixels), 4), np.float32)

    def close(self) -> None:
        self.closed.append(1)


def wait_for(condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_loads_on_first_use_and_goes_when_idle(tiny: ModelInfo) -> None:
    loads: list[Counting] = []

    def loader() -> Counting:
        loads.append(Counting(tiny))
        return loads[-1]

    encoder = LazyEncoder(tiny, loader, idle_seconds=0.02)
    assert not encoder.loaded
    assert encoder.preprocess == tiny.preprocess
    assert encoder.encode_texts(["a", "b"]).shape == (2, 4)
    wait_for(lambda: not encoder.loaded)
    assert loads[0].closed == [1]
    encoder.warm()
    assert len(loads) == 2
    encoder.close()
    encoder.close()
    assert loads[1].closed == [1]
    with pytest.raises(ValueError, match="closed"):
        encoder.encode_texts(["a"])


def test_many_threads_load_once_and_never_meet_a_closed_model(tiny: ModelInfo) -> None:
    loads: list[Counting] = []

    def loader() -> Counting:
        time.sleep(0.01)
        loads.append(Counting(tiny))
        return loads[-1]

    encoder = LazyEncoder(tiny, loader, idle_seconds=0.001)
    failures: list[BaseException] = []

    def use() -> None:
        try:
            for _ in range(50):
                encoder.encode_texts(["a"])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    encoder.close()
    assert not failures
    assert all(one.closed == [1] for one in loads)


def test_a_failed_load_is_tried_again(tiny: ModelInfo) -> None:
    attempts: list[int] = []

    def loader() -> Counting:
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("the drive is away")
        return Counting(tiny)

    encoder = LazyEncoder(tiny, loader)
    with pytest.raises(OSError, match="away"):
        encoder.warm()
    encoder.warm()
    assert encoder.loaded
    encoder.close()
