"""Making the file of vectors (`app.table.vectors.vector_file`), in the indexer, when a table has come to rest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.core.records import FloatArray
from app.table.statistics import vectors_of
from app.table.vectors import ivf, vector_file
from app.table.vectors.vector_file import (
    EMPTY_ROWS,
    NumberArray,
    VectorRows,
    concatenate_rows,
    row_ids_of,
    string_buffers,
    vector_rows_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("id", "unit", "size", "mtime_ns", "path", "vector")
"""What is read of a table, with row ids."""
BLOCK_ROWS = 8192


def make_vector_file(
    file: Path, batches: Iterable[pa.RecordBatch], dimension: int, known: FloatArray | None = None
) -> int:
    """Write the rows and vectors of an answer with `COLUMNS` and row ids, whole or not at all; how many.

    Vectors are laid down as they come and then in their order, so that memory is a block of them.

    Args:
        known: centres of the file before.
    """
    for rest in file.parent.glob(f"{file.name.split('.', 1)[0]}.*.part"):  # of an indexer that was killed
        rest.unlink(missing_ok=True)
    unordered, part = (file.with_name(f"{file.name}.{os.getpid()}.{name}.part") for name in ("unordered", "whole"))
    try:
        rows, addresses, paths, without = _spool(unordered, batches)
        if not len(rows):
            return 0
        with open(unordered, "rb", buffering=0) as source:
            laid_down = _SpooledVectors(source, len(rows), dimension)
            count = ivf.centroid_count(len(rows), dimension)
            centres = ivf.train_centroids(laid_down.taken, len(rows), count, known)
            nearest = np.concatenate([ivf.assign_centroids(block, centres) for block in laid_down.in_turn()])
            order, stretches = ivf.inverted_lists_of(rows.units, nearest, centres)
            with open(part, "wb") as out:
                mine = (rows.taken(order), addresses[order], stretches, _reorder_texts(paths, order), without)
                vector_file.write_vector_file(out, laid_down.ordered(order), *mine)
                out.flush()
                os.fsync(out.fileno())  # a power cut must not leave a whole-looking file of zeros
        part.replace(file)
        return len(rows)
    finally:
        for rest in (unordered, part):
            with contextlib.suppress(OSError):
                rest.unlink(missing_ok=True)


class _SpooledVectors:
    """Vectors in a file of their own. Read, not mapped: what is mapped of it here and there would be all of it."""

    def __init__(self, source: FileIO, rows: int, dimension: int) -> None:
        self._source = source
        self._rows = rows
        self._dimension = dimension

    def taken(self, chosen: NumberArray) -> FloatArray:
        """(k, d) vectors of rows anywhere."""
        result = np.empty((len(chosen), self._dimension), dtype=np.float32)
        width = 4 * self._dimension
        for row, place in zip(chosen.tolist(), result, strict=True):
            self._source.seek(row * width)
            self._filled(place)
        return result

    def in_turn(self) -> Iterator[FloatArray]:
        """All vectors, in blocks."""
        self._source.seek(0)
        for start in range(0, self._rows, BLOCK_ROWS):
            block = np.empty((min(BLOCK_ROWS, self._rows - start), self._dimension), dtype=np.float32)
            self._filled(block)
            yield block

    def _filled(self, place: FloatArray) -> None:
        if self._source.readinto(place.data.cast("B")) != place.nbytes:
            raise OSError("vectors that were just written are not there")

    def ordered(self, order: NumberArray) -> Iterator[FloatArray]:
        """All vectors in another order, in blocks."""
        for start in range(0, len(order), BLOCK_ROWS):
            yield self.taken(order[start : start + BLOCK_ROWS])


def _spool(
    file: Path, batches: Iterable[pa.RecordBatch]
) -> tuple[VectorRows, NumberArray, tuple[NumberArray, NumberArray], NumberArray]:
    """Write all vectors as they come; their rows, addresses and paths, and the addresses of rows without one."""
    found: list[VectorRows] = []
    texts, lengths = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
    addresses, without = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.uint64)]
    with open(file, "wb") as out:
        for batch in batches:
            valid = batch.column("vector").is_valid()
            without.append(row_ids_of(batch)[~valid.to_numpy(zero_copy_only=False)])
            batch = batch.filter(valid)
            if batch.num_rows:
                found.append(vector_rows_of(batch))
                addresses.append(row_ids_of(batch))
                text, length = string_buffers(batch.column("path"))
                texts.append(text)
                lengths.append(length)
                out.write(vectors_of(batch.column("vector")).data)
    rows = concatenate_rows(found) if found else EMPTY_ROWS
    paths = np.concatenate(texts), np.concatenate(lengths)
    return rows, np.concatenate(addresses), paths, np.concatenate(without)


def _reorder_texts(paths: tuple[NumberArray, NumberArray], order: NumberArray) -> tuple[NumberArray, NumberArray]:
    """Texts in another order."""
    texts, lengths = paths
    ends = np.cumsum(lengths)
    starts = ends - lengths

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(order), BLOCK_ROWS):
            mine = order[at : at + BLOCK_ROWS]
            bounds = zip(starts[mine].tolist(), ends[mine].tolist(), strict=True)
            yield b"".join(texts[start:end].tobytes() for start, end in bounds)

    return np.frombuffer(b"".join(blocks()), dtype=np.uint8), lengths[order]
