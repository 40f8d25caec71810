"""Exactness and speed of the vector search at scale, on generated vectors with a modality gap.

    python -m tests.benchmarks.bench_search_scale [--units 250000] [--dimension 512] [--queries 50]

Printed: recall@10 of the indexed search against exact (numpy) for queries of the same modality and across the gap,
unfiltered and under a filter that keeps 1 %; and the time of the nearest 100 of 100,000 units as a ratio to one numpy
matrix product with the same vectors, measured in the same run, in turns.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from app.records import EmbeddingSpace, Filters, FloatArray, UnitType
from app.table import IndexReader, open_for_reading, open_for_writing
from app.table.schema import schema, unit_id
from tests.benchmarks.measures import places_in, print_table

_BLOCK = 20_000
_TOPICS = 2000
_TIMED = 100_000


def clouds(count: int, dimension: int, seed: int, cone: float) -> Iterator[FloatArray]:
    """Blocks of unit vectors: topics in 64 dimensions, projected, on a cone that all share, with noise."""
    fixed, dice = np.random.default_rng(0), np.random.default_rng(seed)
    topics = fixed.standard_normal((_TOPICS, 64)).astype(np.float32)
    spread = fixed.standard_normal((64, dimension)).astype(np.float32) / 8
    axis = fixed.standard_normal((2, dimension)).astype(np.float32)[int(cone < 0)]
    for start in range(0, count, _BLOCK):
        size = min(_BLOCK, count - start)
        meant = topics[dice.integers(0, _TOPICS, size)] + 0.5 * dice.standard_normal((size, 64)).astype(np.float32)
        block = meant @ spread + abs(cone) * axis + 0.3 * dice.standard_normal((size, dimension)).astype(np.float32)
        yield (block / np.linalg.norm(block, axis=1, keepdims=True)).astype(np.float32)


def build(folder: Path, units: int, dimension: int) -> tuple[IndexReader, FloatArray]:
    """An index of photos, written in bulk, and the vectors in the order of their numbers."""
    import pyarrow as pa

    places = places_in(folder)
    places.create()
    writer = open_for_writing(places, EmbeddingSpace("generated", "e" * 32, dimension))
    table = writer._table
    kept = []
    number = 0
    for block in clouds(units, dimension, 1, 1.0):
        rows = [_row(number + i, vector) for i, vector in enumerate(block)]
        columns = {name: [row.get(name) for row in rows] for name in schema(dimension).names if name != "vector"}
        arrays = [
            pa.FixedSizeListArray.from_arrays(pa.array(block.reshape(-1)), dimension)
            if field.name == "vector"
            else pa.array(columns[field.name], field.type)
            for field in schema(dimension)
        ]
        table.add(pa.Table.from_arrays(arrays, schema=schema(dimension)))
        writer._maintenance.committed(len(rows))
        number += len(rows)
        kept.append(block)
    writer.maintain(idle=True)
    writer.close()
    reader = open_for_reading(places)
    assert reader is not None
    return reader, np.concatenate(kept)


def _row(number: int, _: FloatArray) -> dict[str, object]:
    """One in a hundred is in the folder that the filter keeps."""
    path = f"/library/{'few' if number % 100 == 0 else 'many'}/{number:07d}.jpg"
    moment = datetime(2024, 1, 1)
    return {
        "id": unit_id(path, 0), "path": path, "root": "/library", "kind": "photo", "unit": "photo", "part": 0,
        "words": str(number), "content_hash": str(number), "size": 1, "mtime_ns": 1, "inode": 1, "at": moment,
        "status": "ok", "attempts": 0, "retry_at_ns": 0,
    }  # fmt: skip


def recall(reader: IndexReader, vectors: FloatArray, queries: FloatArray, filters: Filters | None, step: int) -> float:
    """Percent of the exact ten nearest that the index finds; every `step`-th vector passes the filter."""
    numbers = np.arange(0, len(vectors), step)
    found = 0
    for query in queries:
        exact = numbers[np.argsort(-(vectors[::step] @ query), kind="stable")[:10]]
        rows = reader.nearest(query, units=(UnitType.PHOTO,), filters=filters, limit=10)
        found += len({int(Path(row.path).stem) for row in rows} & {int(number) for number in exact})
    return 100.0 * found / (10 * len(queries))


def ratio(reader: IndexReader, vectors: FloatArray, queries: FloatArray) -> tuple[float, float, float]:
    """Median milliseconds of (search, product with top 100), and their ratio, measured in turns."""
    ours, theirs = [], []
    for query in queries:
        began = time.perf_counter()
        reader.nearest(query, units=(UnitType.PHOTO,), limit=100)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        scores = vectors @ query
        np.argsort(scores[np.argpartition(scores, -100)[-100:]])
        theirs.append(time.perf_counter() - began)
    a, b = 1000 * float(np.median(ours[3:])), 1000 * float(np.median(theirs[3:]))
    return a, b, a / b


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=250_000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--queries", type=int, default=50)
    arguments = parser.parse_args()
    same = next(clouds(arguments.queries, arguments.dimension, 7, 1.0))
    across = next(clouds(arguments.queries, arguments.dimension, 8, -1.0))
    few = Filters(folders=("/library/few",))
    with tempfile.TemporaryDirectory() as folder:
        reader, vectors = build(Path(folder) / "recall", arguments.units, arguments.dimension)
        rows = [
            ("same modality", recall(reader, vectors, same, None, 1), recall(reader, vectors, same, few, 100)),
            ("across the gap", recall(reader, vectors, across, None, 1), recall(reader, vectors, across, few, 100)),
        ]
        print_table(f"recall@10 of {arguments.units:,} units, percent", ("queries", "all", "filter keeps 1 %"), rows)
    with tempfile.TemporaryDirectory() as folder:
        reader, vectors = build(Path(folder) / "speed", min(_TIMED, arguments.units), arguments.dimension)
        ours, theirs, share = ratio(reader, vectors, same)
        header = ("nearest 100", "search, ms", "numpy product, ms", "ratio")
        print_table("speed", header, [(f"{len(vectors):,} units", ours, theirs, f"{share:.2f}")])


if __name__ == "__main__":
    main()
