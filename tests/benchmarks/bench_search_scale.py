"""Nearest 100 of many units through the table against one numpy matrix product, and recall@10 against exact.

`python -m tests.benchmarks.bench_search_scale [--units 100000]`. Vectors are drawn like CLIP's: clusters in a
subspace, a common offset ("cone"), noise; queries come from another cone, as texts do (the modality gap).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from app.paths import Places
from app.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    FileState,
    Filters,
    FloatArray,
    Kind,
    UnitType,
)
from app.table import IndexReader, open_for_reading, open_for_writing

DIMENSION = 512
BLOCK = 10_000
RARE = 100  # one folder in so many holds a hundredth of the units


def normalised(vectors: FloatArray) -> FloatArray:
    result: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def clip_like(units: int, queries: int) -> tuple[FloatArray, FloatArray]:
    """(units, 512) vectors and (queries, 512) queries of the other modality, float32, unit length."""
    random = np.random.default_rng(0)
    up = random.standard_normal((64, DIMENSION), dtype=np.float32) / 8
    centres = random.standard_normal((2000, 64), dtype=np.float32)
    cones = random.standard_normal((2, DIMENSION), dtype=np.float32) * 0.5

    def drawn(count: int, cone: FloatArray, noise: float) -> FloatArray:
        latent = centres[random.integers(0, 2000, count)] + 0.4 * random.standard_normal((count, 64), dtype=np.float32)
        return normalised(latent @ up + cone + noise * random.standard_normal((count, DIMENSION), dtype=np.float32))

    return drawn(units, cones[0], 0.2), drawn(queries, cones[1], 0.3)


def fill(places: Places, vectors: FloatArray) -> IndexReader:
    """A table of one photo a vector, with all its indexes."""
    writer = open_for_writing(places, EmbeddingSpace("bench", "b" * 32, DIMENSION))
    for start in range(0, len(vectors), BLOCK):
        files = []
        for number in range(start, min(start + BLOCK, len(vectors))):
            state = FileState(f"/p/{number % RARE}/{number}.jpg", number, number, number)
            decoded = DecodedFile(state, Kind.PHOTO, f"{number:032x}", units=(DecodedUnit(UnitType.PHOTO),))
            files.append(EmbeddedFile(decoded, vectors[number : number + 1], "/p"))
        writer.write(files)
    writer.maintain(idle=True)
    writer.close()
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def seconds(run: Callable[[FloatArray], object], queries: FloatArray) -> float:
    """Median seconds a query, after one to warm up."""
    run(queries[0])
    times = []
    for query in queries:
        began = time.perf_counter()
        run(query)
        times.append(time.perf_counter() - began)
    return median(times)


def recall(reader: IndexReader, vectors: FloatArray, queries: FloatArray, filters: Filters | None) -> float:
    """Share of the exact ten nearest that are among the table's ten."""
    kept = np.arange(len(vectors)) if filters is None else np.arange(0, len(vectors), RARE)
    hits = 0
    for query in queries:
        exact = {int(kept[i]) for i in np.argsort(-(vectors[kept] @ query))[:10]}
        found = reader.nearest(query, units=[UnitType.PHOTO], filters=filters, limit=10)
        hits += len(exact & {row.size for row in found})
    return hits / (10 * len(queries))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=100_000)
    units = parser.parse_args().units
    vectors, queries = clip_like(units, 50)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        places = Places(base / "config", base / "data", base / "cache")
        places.create()
        reader = fill(places, vectors)

        def product(query: FloatArray) -> object:
            scores = vectors @ query
            best = np.argpartition(-scores, 100)[:100]
            return best[np.argsort(-scores[best])]

        numpy_s = seconds(product, queries)
        table_s = seconds(lambda query: reader.nearest(query, units=[UnitType.PHOTO], limit=100), queries)
        rare = Filters(folders=("/p/0",))
        print(f"{units:,} units x {DIMENSION}, nearest 100, medians of {len(queries)}")
        print(f"numpy {numpy_s * 1e3:.1f} ms, table {table_s * 1e3:.1f} ms, ratio {table_s / numpy_s:.2f} (goal <= 1)")
        print(f"recall@10: all {recall(reader, vectors, queries, None):.3f}, filter that keeps 1 % "
              f"{recall(reader, vectors, queries, rare):.3f} (goal >= 0.99)")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
