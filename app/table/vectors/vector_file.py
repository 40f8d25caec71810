"""All vectors of a table in one file beside it, which readers map into memory.

LanceDB reads and decodes vectors anew for each search: 40 ms for 10,000 exact ones where a product with a mapped matrix
takes 2, and 60 ms by its index of 1,000,000, whose partitions do not fit a small cache. So the indexer keeps a copy,
written anew when the table has come to rest (`app.table.vectors.vector_file_writer`). In it rows lie by unit type and
then by nearest centroid: an inverted file (IVF). What changed since is looked up by its reader
(`app.table.vectors.snapshot`). It is derived data: without it, searches are only slower.

The file says which table, and which version of it, it was made from, and has a checksum of each section; each vector
has a checksum of its own, so that a reader need not read the whole file before it answers. A file that fails a check is
not used, and the indexer writes it anew. How it lies on disk: `app.table.vectors.vector_file_format`.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray
from app.table import where
from app.table.vectors.unit_codes import KIND_CODES, UNIT_CODES, NumberArray, encode_names

if TYPE_CHECKING:
    import pyarrow as pa

CONDITION = where.unit_type_in(UNIT_CODES)
COLUMNS = ("id", "unit", "kind", "size", "mtime_ns")
"""What tells rows apart: a changed file has the same ids, but another size or time."""

ByteArray: TypeAlias = npt.NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What a vector file was made from.

    Attributes:
        table: name of the table. `table_id`: drawn when the table was made, "" for tables of earlier versions.
        version: of the table. `content`: `content_stamp` of its rows of that version.
    """

    table: str
    table_id: str
    version: int
    content: int


@dataclass(frozen=True)
class VectorRows:
    """Some rows of a table.

    Attributes:
        ids: (n,) of 32 hexadecimal digits.
        units, kinds: (n,) codes of `app.table.vectors.unit_codes`.
        stamps: (n,) uint64, another number for the same id when the row was written for another state of its file.
    """

    ids: ByteArray
    units: NumberArray
    kinds: NumberArray
    stamps: NumberArray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, positions: NumberArray) -> VectorRows:
        return VectorRows(self.ids[positions], self.units[positions], self.kinds[positions], self.stamps[positions])


@dataclass(frozen=True)
class InvertedLists:
    """Which rows are of one unit type and nearest to one centroid: they are neighbours in the file.

    Attributes:
        starts: (s + 1,) the first row of each list, and the end of the last. `units`: (s,) unit codes.
        centroid_numbers: (s,) rows of `centroids`, which is (c, d), of unit length or zero.
    """

    starts: NumberArray
    units: NumberArray
    centroid_numbers: NumberArray
    centroids: FloatArray


@dataclass(frozen=True)
class VectorFile:
    """An open file, everything in it mapped.

    Attributes:
        rows: of (n, d) `vectors`; `id_order` (n,) sorts their ids.
        row_checks: (n,) checksums of the vectors; None in a file of an earlier format.
        row_ids: (n,) LanceDB's row ids, sorted: valid until the table is compacted; `by_row_id` (n,) the positions of
            these rows. `pending`: row ids of rows without a vector (`app.table.carry_over`), sorted.
        paths: stored paths of the rows' files, one after the other, each to its end.
        identity: what it was made from; None in a file of an earlier format.
    """

    rows: VectorRows
    id_order: NumberArray
    row_ids: NumberArray
    by_row_id: NumberArray
    vectors: FloatArray
    row_checks: NumberArray | None
    lists: InvertedLists
    path_ends: NumberArray
    paths: NumberArray
    pending: NumberArray
    identity: FileIdentity | None
    mapping: mmap.mmap

    @cached_property
    def checked(self) -> npt.NDArray[np.bool_]:
        """(n,) vectors whose checksums were looked at in this process."""
        return np.zeros(len(self.rows), dtype=bool)

    def path(self, position: int) -> str:
        """The stored path of a row's file."""
        start = int(self.path_ends[position - 1]) if position else 0
        return self.paths[start : int(self.path_ends[position])].tobytes().decode()

    def paths_of(self, positions: NumberArray) -> list[str]:
        """The stored paths of rows' files."""
        ends = self.path_ends[positions].tolist()
        starts = np.where(positions > 0, self.path_ends[positions - 1], 0).tolist()
        texts = self.paths.data
        return [str(texts[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]

    def is_intact(self) -> bool:
        """Whether every vector still has its checksum; reads the whole file."""
        block = max(1, (8 << 20) // max(1, 4 * self.vectors.shape[1]))
        for start in range(0, len(self.rows) if self.row_checks is not None else 0, block):
            if not vectors_match(self.vectors[start : start + block], self.row_checks[start : start + block]):  # type: ignore[index]
                return False
            self.release_pages()
        return True

    def release_pages(self) -> None:
        """Take what was read of the file out of this process's memory; the system keeps it as long as it has room."""
        if hasattr(mmap, "MADV_DONTNEED"):  # Windows trims by itself
            self.mapping.madvise(mmap.MADV_DONTNEED)


EMPTY_ROWS = VectorRows(
    np.zeros(0, dtype="S32"),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.uint8),
    np.zeros(0, dtype=np.uint64),
)


def concatenate_rows(parts: Iterable[VectorRows]) -> VectorRows:
    """The rows of all parts."""
    columns = ((part.ids, part.units, part.kinds, part.stamps) for part in parts)
    return VectorRows(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def vector_rows_of(answer: pa.Table | pa.RecordBatch) -> VectorRows:
    """The rows of an answer with `COLUMNS` that meets `CONDITION`."""
    ids, lengths = string_buffers(answer.column("id"))
    if (lengths != 32).any():
        raise ValueError("ids have 32 digits")
    units = encode_names(*string_buffers(answer.column("unit")), UNIT_CODES)
    kinds = encode_names(*string_buffers(answer.column("kind")), KIND_CODES)
    size, time = (np.asarray(answer.column(name).to_numpy()).astype(np.uint64) for name in ("size", "mtime_ns"))
    return VectorRows(ids.view("S32"), units, kinds, size * np.uint64(0x9E37_79B9_7F4A_7C15) ^ time)


def string_buffers(column: Any) -> tuple[NumberArray, NumberArray]:
    """The bytes of a column of strings without nulls, one after the other, and how many each has.

    As Arrow holds them: a million Python strings take most of a second.
    """
    contents, lengths = [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)]
    for part in getattr(column, "chunks", [column]):
        if len(part):
            _, ends, text = part.buffers()
            bounds = np.frombuffer(ends, dtype=np.int32)[part.offset : part.offset + len(part) + 1].astype(np.int64)
            contents.append(np.frombuffer(text or b"", dtype=np.uint8)[bounds[0] : bounds[-1]])
            lengths.append(np.diff(bounds))
    return np.concatenate(contents), np.concatenate(lengths)


def row_ids_of(answer: pa.Table | pa.RecordBatch) -> NumberArray:
    """The row ids of an answer that has them."""
    return np.asarray(answer.column("_rowid").to_numpy())


def row_keys(rows: VectorRows, row_ids: NumberArray) -> NumberArray:
    """(n,) uint64 hashes of what rows are (id and stamp) and of where the table has them (row id)."""
    if not len(rows):
        return np.zeros(0, dtype=np.uint64)
    halves = np.ascontiguousarray(rows.ids).view(np.uint64).reshape(-1, 4)
    mixed = halves[:, 0] ^ (halves[:, 1] << np.uint64(1)) ^ rows.stamps ^ (row_ids.astype(np.uint64) << np.uint64(7))
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x9E37_79B9_7F4A_7C15)
    result: NumberArray = mixed ^ (mixed >> np.uint64(29))
    return result


def content_stamp(rows: VectorRows, row_ids: NumberArray) -> int:
    """A number for a set of rows, whatever their order: the sum of their keys."""
    return int(row_keys(rows, row_ids).sum(dtype=np.uint64))


# ---- checksums


def checksum(array: NumberArray) -> int:
    """Of the bytes of an array: the sum of its 64-bit words, which runs at the speed of memory and sees what disks do
    (flipped, zeroed and missing bytes)."""
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    whole = len(flat) // 8 * 8
    tail = int.from_bytes(flat[whole:].tobytes(), "little")
    return (int(flat[:whole].view(np.uint64).sum(dtype=np.uint64)) + tail + len(flat)) % (1 << 64)


def vector_checks(vectors: FloatArray) -> NumberArray:
    """(n,) uint64 checksums of (n, d) vectors."""
    words = np.ascontiguousarray(vectors, dtype="<f4").view(np.uint64 if vectors.shape[1] % 2 == 0 else np.uint32)
    result: NumberArray = words.sum(axis=1, dtype=np.uint64)
    return result


def vectors_match(vectors: FloatArray, checks: NumberArray) -> bool:
    """Whether vectors have the checksums they were written with."""
    return bool((vector_checks(vectors) == checks).all())
