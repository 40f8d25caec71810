"""Nearest 100 of many units through the table against one numpy product and FAISS HNSW, recall@10 against exact.

`python -m tests.benchmarks.bench_search_scale [--units 100000]`. Vectors are drawn like CLIP's: clusters in a
subspace, a common offset ("cone"), noise; queries come from another cone, as texts do (the modality gap).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace, FloatArray, Kind, Status, UnitType
from app.query.queries import Filters
from app.table import IndexReader, open_for_reading, open_for_writing
from app.table.schema import schema, unit_id
from tests.app.table.conftest import nearest

DIMENSION = 512
_THREADS = "OPENBLAS_NUM_THREADS"
BLOCK = 50_000
RARE = 100  # one folder in so many holds a hundredth of the units


def normalised(vectors: FloatArray) -> FloatArray:
    result: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def clip_like(units: int, queries: int, dimension: int = DIMENSION) -> tuple[FloatArray, FloatArray]:
    """(units, d) vectors and (queries, d) queries of the other modality, float32, unit length."""
    random = np.random.default_rng(0)
    up = random.standard_normal((64, dimension), dtype=np.float32) / 8
    centres = random.standard_normal((2000, 64), dtype=np.float32)
    cones = random.standard_normal((2, dimension), dtype=np.float32) * 0.5

    def drawn(count: int, cone: FloatArray, noise: float) -> FloatArray:
        latent = centres[random.integers(0, 2000, count)] + 0.4 * random.standard_normal((count, 64), dtype=np.float32)
        return normalised(latent @ up + cone + noise * random.standard_normal((count, dimension), dtype=np.float32))

    return drawn(units, cones[0], 0.2), drawn(queries, cones[1], 0.3)


def fill(places: AppDirs, vectors: FloatArray) -> IndexReader:
    """A table of one photo a vector, with all its indexes; made column by column, or a million take minutes."""
    writer = open_for_writing(places, EmbeddingSpace("bench", "b" * 32, DIMENSION))
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        writer._table.add(rows(start, block))
        writer._maintenance.committed(len(block))
    writer.maintain(idle=True)
    writer.close()
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def rows(start: int, vectors: FloatArray) -> pa.Table:
    """Photos number `start` and following; every `RARE`th is in the folder /p/0."""
    count = len(vectors)
    numbers = range(start, start + count)
    paths = [f"/p/{number % RARE}/{number}.jpg" for number in numbers]
    when = datetime(2024, 1, 1)
    values: dict[str, Sequence[object]] = {
        "id": [unit_id(path, 0) for path in paths],
        "path": paths,
        "root": ["/p"] * count,
        "kind": [Kind.PHOTO.value] * count,
        "unit": [UnitType.PHOTO.value] * count,
        "part": [0] * count,
        "names": [f"{number} jpg p" for number in numbers],
        "content_hash": [f"{number:032x}" for number in numbers],
        "size": numbers,
        "mtime_ns": numbers,
        "inode": numbers,
        "at": [when] * count,
        "status": [Status.OK.value] * count,
        "attempts": [0] * count,
        "retry_at_ns": [0] * count,
    }
    target = schema(DIMENSION)
    columns = []
    for field in target:
        if field.name == "vector":
            columns.append(pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIMENSION))
        elif field.name in values:
            columns.append(pa.array(values[field.name], field.type))
        else:
            columns.append(pa.nulls(count, field.type))
    return pa.Table.from_arrays(columns, schema=target)


def spread(run: Callable[[FloatArray], object], queries: FloatArray) -> tuple[float, float]:
    """Median and 95th percentile of milliseconds a query, after one to warm up."""
    run(queries[0])
    times = []
    for query in queries:
        began = time.perf_counter()
        run(query)
        times.append(1e3 * (time.perf_counter() - began))
    return float(np.median(times)), float(np.percentile(times, 95))


def recall(reader: IndexReader, vectors: FloatArray, queries: FloatArray, filters: Filters | None) -> float:
    """Share of the exact ten nearest that are among the table's ten."""
    kept = np.arange(len(vectors)) if filters is None else np.arange(0, len(vectors), RARE)
    hits = 0
    for query in queries:
        exact = {int(kept[i]) for i in np.argsort(-(vectors[kept] @ query))[:10]}
        found = nearest(reader, query, units=[UnitType.PHOTO], filters=filters, limit=10)
        hits += len(exact & {row.size for row in found})
    return hits / (10 * len(queries))


def hnsw(vectors: FloatArray, queries: FloatArray) -> str:
    """FAISS HNSW at the least search effort that reaches a recall@10 of 0.99."""
    try:
        import faiss
    except ImportError:
        return "FAISS is not installed (the extra `benchmarks`)"
    index = faiss.IndexHNSWFlat(DIMENSION, 16, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 100
    index.add(vectors)
    exact = [set(np.argsort(-(vectors @ query))[:10].tolist()) for query in queries]
    for effort in (32, 64, 128, 256, 512):
        index.hnsw.efSearch = effort
        found = [set(index.search(query[None], 10)[1][0].tolist()) for query in queries]
        share = sum(len(a & b) for a, b in zip(exact, found, strict=True)) / (10 * len(queries))
        if share >= 0.99:
            break
    middle, late = spread(lambda query: index.search(query[None], 100), queries)
    return f"FAISS HNSW ef {effort}: {middle:.1f} ms, p95 {late:.1f}, recall@10 {share:.3f}"


def measure(reader: IndexReader, vectors: FloatArray, queries: FloatArray, *, with_hnsw: bool) -> None:
    def product(query: FloatArray) -> object:
        scores = vectors @ query
        best = np.argpartition(-scores, 100)[:100]
        return best[np.argsort(-scores[best])]

    photos = [(UnitType.PHOTO,)]
    flat = spread(product, queries)
    ids = spread(lambda query: reader.nearest_each(query, photos, limit=100), queries)
    page = spread(lambda query: nearest(reader, query, units=photos[0], limit=20), queries)
    table = spread(lambda query: nearest(reader, query, units=photos[0], limit=100), queries)
    print(f"{len(vectors):,} units x {DIMENSION}, nearest 100 of {len(queries)} queries: median, p95 in ms")
    print(f"numpy product {flat[0]:.1f}, {flat[1]:.1f}")
    for name, (middle, late) in (("table, ids", ids), ("rows of 20", page), ("rows of 100", table)):
        print(f"{name} {middle:.1f}, {late:.1f}; ratio to numpy {middle / flat[0]:.2f}")
    rare = Filters(folders=("/p/0",))
    print(f"recall@10: all {recall(reader, vectors, queries, None):.3f}, filter that keeps 1 % "
          f"{recall(reader, vectors, queries, rare):.3f} (goal >= 0.99)", flush=True)  # fmt: skip
    if with_hnsw:
        print(hnsw(vectors, queries))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="keep the table here, and use it again")
    parser.add_argument("--no-hnsw", action="store_true", help="FAISS builds 1,000,000 for ten minutes")
    options = parser.parse_args()
    if _THREADS not in os.environ:  # as the program does, before numpy is imported; numpy's product has one, too
        again = [sys.executable, "-m", "tests.benchmarks.bench_search_scale", *sys.argv[1:]]
        return subprocess.run(again, env={**os.environ, _THREADS: "1"}, check=False).returncode
    vectors, queries = clip_like(options.units, 50)
    with tempfile.TemporaryDirectory() as folder:
        base = options.home or Path(folder)
        places = AppDirs(base / "config", base / "data", base / "cache")
        places.create()
        reader = open_for_reading(places) or fill(places, vectors)
        measure(reader, vectors, queries, with_hnsw=not options.no_hnsw)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
