"""Making the file of vectors (`app.table.vector_file`), in the indexer, when a table has come to rest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.records import FloatArray
from app.table import neighbourhoods, vector_file
from app.table.statistics import vectors_of
from app.table.vector_file import NO_ROWS, Numbers, Rows, addresses_of, joined, rows_of, texts_of

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("id", "unit", "size", "mtime_ns", "path", "vector")
"""What is read of a table, with row ids."""
BLOCK = 8192


def make(file: Path, batches: Iterable[pa.RecordBatch], dimension: int, known: FloatArray | None = None) -> int:
    """Write the rows and vectors of an answer with `COLUMNS` and row ids, whole or not at all; how many.

    Vectors are laid down as they come and then in their order, so that memory is a block of them.

    Args:
        known: centres of the file before.
    """
    for rest in file.parent.glob(f"{file.name.split('.', 1)[0]}.*.part"):  # of an indexer that was killed
        rest.unlink(missing_ok=True)
    unordered, part = (file.with_name(f"{file.name}.{os.getpid()}.{name}.part") for name in ("unordered", "whole"))
    try:
        rows, addresses, paths, without = _laid_down(unordered, batches)
        if not len(rows):
            return 0
        with open(unordered, "rb", buffering=0) as source:
            laid_down = _LaidDown(source, len(rows), dimension)
            count = neighbourhoods.count_for(len(rows), dimension)
            centres = neighbourhoods.centres_of(laid_down.taken, len(rows), count, known)
            nearest = np.concatenate([neighbourhoods.nearest_of(block, centres) for block in laid_down.in_turn()])
            order, stretches = neighbourhoods.stretches_of(rows.units, nearest, centres)
            with open(part, "wb") as out:
                mine = (rows.taken(order), addresses[order], stretches, _taken(paths, order), without)
                vector_file.write(out, laid_down.ordered(order), *mine)
                out.flush()
                os.fsync(out.fileno())  # a power cut must not leave a whole-looking file of zeros
        part.replace(file)
        return len(rows)
    finally:
        for rest in (unordered, part):
            with contextlib.suppress(OSError):
                rest.unlink(missing_ok=True)


class _LaidDown:
    """Vectors in a file of their own. Read, not mapped: what is mapped of it here and there would be all of it."""

    def __init__(self, source: FileIO, rows: int, dimension: int) -> None:
        self._source = source
        self._rows = rows
        self._dimension = dimension

    def taken(self, chosen: Numbers) -> FloatArray:
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
        for start in range(0, self._rows, BLOCK):
            block = np.empty((min(BLOCK, self._rows - start), self._dimension), dtype=np.float32)
            self._filled(block)
            yield block

    def _filled(self, place: FloatArray) -> None:
        if self._source.readinto(place.data.cast("B")) != place.nbytes:
            raise OSError("vectors that were just written are not there")

    def ordered(self, order: Numbers) -> Iterator[FloatArray]:
        """All vectors in another order, in blocks."""
        for start in range(0, len(order), BLOCK):
            yield self.taken(order[start : start + BLOCK])


def _laid_down(file: Path, batches: Iterable[pa.RecordBatch]) -> tuple[Rows, Numbers, tuple[Numbers, Numbers], Numbers]:
    """Write all vectors as they come; their rows, addresses and paths, and the addresses of rows without one."""
    found: list[Rows] = []
    texts, lengths = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
    addresses, without = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.uint64)]
    with open(file, "wb") as out:
        for batch in batches:
            valid = batch.column("vector").is_valid()
            without.append(addresses_of(batch)[~valid.to_numpy(zero_copy_only=False)])
            batch = batch.filter(valid)
            if batch.num_rows:
                found.append(rows_of(batch))
                addresses.append(addresses_of(batch))
                text, length = texts_of(batch.column("path"))
                texts.append(text)
                lengths.append(length)
                out.write(vectors_of(batch.column("vector")).data)
    rows = joined(found) if found else NO_ROWS
    paths = np.concatenate(texts), np.concatenate(lengths)
    return rows, np.concatenate(addresses), paths, np.concatenate(without)


def _taken(paths: tuple[Numbers, Numbers], order: Numbers) -> tuple[Numbers, Numbers]:
    """Texts in another order."""
    texts, lengths = paths
    ends = np.cumsum(lengths)
    starts = ends - lengths

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(order), BLOCK):
            mine = order[at : at + BLOCK]
            bounds = zip(starts[mine].tolist(), ends[mine].tolist(), strict=True)
            yield b"".join(texts[start:end].tobytes() for start, end in bounds)

    return np.frombuffer(b"".join(blocks()), dtype=np.uint8), lengths[order]
