"""Writing the vector file (`app.table.vectors.vector_file`), in the indexer, when a table has come to rest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.core.records import FloatArray
from app.table.statistics import vectors_of
from app.table.vectors import ivf, vector_file
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import (
    EMPTY_ROWS,
    FileIdentity,
    VectorRows,
    concatenate_rows,
    content_stamp,
    row_ids_of,
    string_buffers,
    vector_rows_of,
)
from app.table.vectors.vector_file_format import write_vector_file

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (*vector_file.COLUMNS, "path", "vector")
"""What is read of a table, with row ids."""
BLOCK_ROWS = 8192


def make_vector_file(
    file: Path,
    table: tuple[str, str, int],
    batches: Iterable[pa.RecordBatch],
    dimension: int,
    known: FloatArray | None = None,
) -> int:
    """Write the rows and vectors of an answer with `COLUMNS` and row ids, whole or not at all; how many.

    Vectors are spooled as they come and then written in their order, so that memory is a block of them.

    Args:
        table: name, id and version of what the batches are of.
        known: centroids of the file before.
    """
    for rest in file.parent.glob(f"{file.name.split('.', 1)[0]}.*.part"):  # of an indexer that was killed
        rest.unlink(missing_ok=True)
    spool, part = (file.with_name(f"{file.name}.{os.getpid()}.{name}.part") for name in ("unordered", "whole"))
    try:
        rows = _spool(spool, batches)
        if not len(rows.rows):
            return 0
        identity = FileIdentity(*table, rows.content)
        with open(spool, "rb", buffering=0) as source:
            _write_ordered(part, identity, rows, _SpooledVectors(source, len(rows.rows), dimension), known)
        part.replace(file)
        return len(rows.rows)
    finally:
        for rest in (spool, part):
            with contextlib.suppress(OSError):
                rest.unlink(missing_ok=True)


def _write_ordered(
    part: Path, identity: FileIdentity, spooled: _SpooledRows, vectors: _SpooledVectors, known: FloatArray | None
) -> None:
    """Write rows by unit type and nearest centroid."""
    rows = spooled.rows
    count = ivf.centroid_count(len(rows), vectors.dimension)
    centroids = ivf.train_centroids(vectors.take, len(rows), count, known)
    nearest = np.concatenate([ivf.assign_centroids(block, centroids) for block in vectors.blocks()])
    order, lists = ivf.inverted_lists_of(rows.units, nearest, centroids)
    paths = _reorder_texts(spooled.paths, order)
    with open(part, "wb") as out:
        ordered = (rows.take(order), spooled.row_ids[order], lists, paths, spooled.pending)
        write_vector_file(out, identity, vectors.blocks_in(order), *ordered)
        out.flush()
        os.fsync(out.fileno())  # a power cut must not leave a whole-looking file of zeros


class _SpooledVectors:
    """Vectors in a file of their own. Read, not mapped: random reads would map nearly all of it."""

    def __init__(self, source: FileIO, rows: int, dimension: int) -> None:
        self._source = source
        self._rows = rows
        self.dimension = dimension

    def take(self, positions: NumberArray) -> FloatArray:
        """(k, d) vectors of rows anywhere."""
        result = np.empty((len(positions), self.dimension), dtype=np.float32)
        width = 4 * self.dimension
        for row, target in zip(positions.tolist(), result, strict=True):
            self._source.seek(row * width)
            self._fill(target)
        return result

    def blocks(self) -> Iterator[FloatArray]:
        """All vectors, in blocks."""
        self._source.seek(0)
        for start in range(0, self._rows, BLOCK_ROWS):
            block = np.empty((min(BLOCK_ROWS, self._rows - start), self.dimension), dtype=np.float32)
            self._fill(block)
            yield block

    def _fill(self, target: FloatArray) -> None:
        if self._source.readinto(target.data.cast("B")) != target.nbytes:
            raise OSError("vectors that were just written are not there")

    def blocks_in(self, order: NumberArray) -> Iterator[FloatArray]:
        """All vectors in another order, in blocks."""
        for start in range(0, len(order), BLOCK_ROWS):
            yield self.take(order[start : start + BLOCK_ROWS])


@dataclass(frozen=True)
class _SpooledRows:
    """What was read of a table beside the vectors: see `VectorFile`; `content` is the stamp of all rows."""

    rows: VectorRows
    row_ids: NumberArray
    paths: tuple[NumberArray, NumberArray]
    pending: NumberArray
    content: int


def _spool(file: Path, batches: Iterable[pa.RecordBatch]) -> _SpooledRows:
    """Write all vectors as they come."""
    rows, content = [EMPTY_ROWS], 0
    texts, lengths = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
    row_ids, pending = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.uint64)]
    with open(file, "wb") as out:
        for batch in batches:
            if not batch.num_rows:
                continue
            valid = batch.column("vector").is_valid().to_numpy(zero_copy_only=False)
            batch_rows, batch_ids = vector_rows_of(batch), row_ids_of(batch)
            content = (content + content_stamp(batch_rows, batch_ids)) % (1 << 64)
            rows.append(batch_rows.take(np.flatnonzero(valid)))
            row_ids.append(batch_ids[valid])
            pending.append(batch_ids[~valid])
            text, length = string_buffers(batch.column("path"))
            texts.append(text[np.repeat(valid, length)])
            lengths.append(length[valid])
            out.write(vectors_of(batch.column("vector").filter(batch.column("vector").is_valid())).data)
    paths = np.concatenate(texts), np.concatenate(lengths)
    return _SpooledRows(concatenate_rows(rows), np.concatenate(row_ids), paths, np.concatenate(pending), content)


def _reorder_texts(paths: tuple[NumberArray, NumberArray], order: NumberArray) -> tuple[NumberArray, NumberArray]:
    """Texts in another order."""
    texts, lengths = paths
    ends = np.cumsum(lengths)
    starts = ends - lengths

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(order), BLOCK_ROWS):
            some = order[at : at + BLOCK_ROWS]
            bounds = zip(starts[some].tolist(), ends[some].tolist(), strict=True)
            yield b"".join(texts[start:end].tobytes() for start, end in bounds)

    return np.frombuffer(b"".join(blocks()), dtype=np.uint8), lengths[order]
