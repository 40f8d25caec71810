"""How long it takes to tag 100,000 units from their stored vectors, against one plain matrix product.

    python -m tests.benchmarks.bench_tag_scores [UNITS] [DIMENSION]

Vectors are random: the time does not depend on what they show. Nothing is asserted.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.core.records import FloatArray, UnitType
from app.tags.prototypes import normalise
from app.tags.tagger import Tagger
from app.tags.vocabulary_files import load_vocabulary

BLOCK = 8192


@dataclass(frozen=True)
class _Info:
    fingerprint: str = "random" * 4


class _Encoder:
    """Texts get random vectors."""

    info = _Info()

    def __init__(self, dimension: int) -> None:
        self._random = np.random.default_rng(0)
        self._dimension = dimension

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return normalise(self._random.standard_normal((len(texts), self._dimension)).astype(np.float32))


@dataclass(frozen=True)
class _Samples:
    samples: Mapping[str, FloatArray]


def main(units: int = 100_000, dimension: int = 512) -> None:
    random = np.random.default_rng(1)
    vectors = normalise(random.standard_normal((units, dimension), dtype=np.float32))
    with tempfile.TemporaryDirectory() as folder:
        samples = _Samples({"image": vectors[:4096]})
        started = time.perf_counter()
        tagger = Tagger.open(_Encoder(dimension), load_vocabulary(), samples, Path(folder))
        print(f"{len(tagger.names)} labels, dimension {dimension}, opened in {time.perf_counter() - started:.2f} s")
        started = time.perf_counter()
        Tagger.open(_Encoder(dimension), load_vocabulary(), samples, Path(folder))
        print(f"opened again with caches in {time.perf_counter() - started:.2f} s")
    directions = np.ascontiguousarray(tagger.space.directions.T)
    product, product_cpu = map(min, zip(*(_timed(lambda: vectors @ directions) for _ in range(3)), strict=True))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tagging, tagging_cpu = map(min, zip(*(_timed(lambda: _tag(tagger, vectors)) for _ in range(2)), strict=True))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{'':14}{'wall':>8}{'processor':>14}")
    print(f"one product   {product:6.2f} s {product_cpu:10.2f} s")
    print(f"tagging       {tagging:6.2f} s {tagging_cpu:10.2f} s   {units / tagging:,.0f} units/s")
    print(f"ratio         {tagging / product:6.1f}   {tagging_cpu / product_cpu:10.1f}")
    print(f"memory beyond the vectors and the plain product: {max(0, grown) / 1024:.0f} MB")


def _tag(tagger: Tagger, vectors: FloatArray) -> None:
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        for _ in tagger.rank(block, [UnitType.PHOTO] * len(block)):
            pass


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of the processor: the second says more on a busy machine."""
    wall, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - wall, time.process_time() - processor


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
