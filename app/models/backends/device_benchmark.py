"""The probe set that every way to run a model is compared on, and how fast each is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.records import FloatArray, PixelArray
from app.models.convert.parity import probe_pixels, probe_texts
from app.models.manifest import ModelInfo

Progress = Callable[[str, float], None]
"""What is being done, for people, and how much of it all is done, 0 to 1."""


@dataclass(frozen=True)
class ProbeSet:
    """The probe set and what the reference says to it.

    Attributes:
        pixels: (n, S, S, 3) uint8. `texts`: n of them. `images`, `words`: (n, d) float32, the reference's vectors.
    """

    pixels: PixelArray
    texts: Sequence[str]
    images: FloatArray
    words: FloatArray


def build_probe_set(info: ModelInfo, reference: Any, progress: Progress, pictures: int = 48) -> ProbeSet:
    """The probe set as the reference, an encoder, answers it."""
    progress("Asking the original for comparison", 0.5)
    pixels, texts = probe_pixels(info.preprocess, pictures), probe_texts()
    return ProbeSet(pixels, texts, reference.encode_images(pixels), reference.encode_texts(texts))


def throughput_of_towers(encoder: Any, probe: ProbeSet) -> tuple[float, float]:
    """Pictures and texts per second."""
    return throughput(encoder.encode_images, probe.pixels), throughput(encoder.encode_texts, probe.texts)


def throughput(encode: Callable[[Any], object], items: Any, rounds: int = 2) -> float:
    """Items per second, the best of a few rounds (other programs only ever slow one down)."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        encode(items)
        best = min(best, time.perf_counter() - started)
    return round(len(items) / best, 2)
