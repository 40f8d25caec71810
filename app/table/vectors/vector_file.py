"""All vectors of a table in one file beside it, which readers map into memory.

LanceDB reads and decodes vectors anew for each search: 40 ms for 10,000 exact ones where a product with a mapped matrix
takes 2, and 60 ms by its index of 1,000,000, whose partitions do not fit a small cache. So the indexer keeps a copy,
made anew when the table has come to rest (`app.table.vectors.vector_file_writer`). Rows are ordered by unit type, then
by k-means cluster, so the neighbours of a vector lie in few inverted lists. The file name has the table version that it
was made from; its reader looks up what changed since (`app.table.vectors.snapshot`). It is derived data: without it,
searches are only slower.
"""

from __future__ import annotations

import contextlib
import json
import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray, UnitType
from app.table import where

if TYPE_CHECKING:
    import pyarrow as pa

VECTOR_UNITS = (UnitType.PHOTO, UnitType.PAGE, UnitType.PASSAGE)
"""Types of units that have vectors; their codes are their positions here."""
CONDITION = where.unit_type_in(VECTOR_UNITS)
COLUMNS = ("id", "unit", "size", "mtime_ns")
"""What tells rows apart: a changed file has the same ids, but another size or time."""

_MAGIC = "semblance vectors 2"
_HEADER_BYTES = 4096
_ALIGNMENT = 64
_SUFFIX = ".vectors"
_CODE_BY_NAME_LENGTH = np.full(256, len(VECTOR_UNITS), dtype=np.uint8)
_CODE_BY_NAME_LENGTH[[len(unit.value) for unit in VECTOR_UNITS]] = range(
    len(VECTOR_UNITS)
)  # by the length of the name: no two are as long

ByteArray: TypeAlias = npt.NDArray[np.bytes_]
NumberArray: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class VectorRows:
    """Some rows of a table.

    Attributes:
        ids: (n,) of 32 hexadecimal digits. `units`: (n,) codes into `UNITS`.
        stamps: (n,) another number for the same id when the row was written for another state of its file.
    """

    ids: ByteArray
    units: NumberArray
    stamps: NumberArray

    def __len__(self) -> int:
        return len(self.ids)

    def taken(self, chosen: NumberArray) -> VectorRows:
        return VectorRows(self.ids[chosen], self.units[chosen], self.stamps[chosen])


@dataclass(frozen=True)
class InvertedLists:
    """Where rows lie that are of one type of unit and near to one centre.

    Attributes:
        starts: (s + 1,) the first row of each, and the end of the last. `units`: (s,) codes into `UNITS`.
        nearest: (s,) row of `centres`, which is (c, d) of unit length or zero.
    """

    starts: NumberArray
    units: NumberArray
    nearest: NumberArray
    centres: FloatArray


@dataclass(frozen=True)
class VectorFile:
    """A file that is open, everything in it mapped.

    Attributes:
        rows: of (n, d) `vectors`; `order` (n,) sorts their ids.
        addresses: (n,) LanceDB's row ids of them, sorted: valid until the table is compacted; `by_address` (n,) their
            positions. `without`: of rows that have no vector (`app.table.carry_over`), sorted.
        paths: stored paths of the rows' files, one after the other, each to its end.
    """

    rows: VectorRows
    order: NumberArray
    addresses: NumberArray
    by_address: NumberArray
    vectors: FloatArray
    stretches: InvertedLists
    path_ends: NumberArray
    paths: NumberArray
    without: NumberArray
    mapping: mmap.mmap

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

    def release_pages(self) -> None:
        """See `let_go`."""
        release_pages(self.mapping)


def concatenate_rows(parts: Iterable[VectorRows]) -> VectorRows:
    """The rows of all parts."""
    columns = ((part.ids, part.units, part.stamps) for part in parts)
    return VectorRows(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def vector_rows_of(answer: pa.Table | pa.RecordBatch) -> VectorRows:
    """The rows of an answer with `COLUMNS`, all of `UNITS`."""
    ids, lengths = string_buffers(answer.column("id"))
    if (lengths != 32).any():
        raise ValueError("ids have 32 digits")
    units = _CODE_BY_NAME_LENGTH[string_buffers(answer.column("unit"))[1]]
    size, time = (np.asarray(answer.column(name).to_numpy()).astype(np.uint64) for name in ("size", "mtime_ns"))
    stamps = size * np.uint64(0x9E37_79B9_7F4A_7C15) ^ time
    return VectorRows(ids.view("S32"), units, stamps)


def string_buffers(column: Any) -> tuple[NumberArray, NumberArray]:
    """The bytes of a column of texts without nulls, one after the other, and how many each has.

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


def vector_file_path(index: Path, table: str, version: int) -> Path:
    """The version is part of the name: Windows cannot replace a file that a reader has mapped."""
    return index / f"{table}.{version}{_SUFFIX}"


def vector_files_of(index: Path, table: str) -> list[tuple[int, Path]]:
    """(version, file) of all there are, the newest last."""
    found = []
    for file in index.glob(f"{table}.*{_SUFFIX}"):
        version = file.name.removesuffix(_SUFFIX).rpartition(".")[2]
        if version.isdecimal():
            found.append((int(version), file))
    return sorted(found)


def map_file(file: Path) -> mmap.mmap:
    """A whole file, for reading; closed when nothing refers to it any more."""
    with open(file, "rb") as source:
        return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)


def release_pages(mapping: mmap.mmap) -> None:
    """Take what was read of a mapped file out of this process's memory; the system keeps it as long as it has room."""
    if hasattr(mmap, "MADV_DONTNEED"):  # Windows trims by itself
        mapping.madvise(mmap.MADV_DONTNEED)


def _sections(header: Mapping[str, Any]) -> list[tuple[str, str, tuple[int, ...]]]:
    """(name, type, shape) of all parts of a file, in their order."""
    names = ("rows", "dimension", "stretches", "centres", "paths", "without")
    rows, dimension, stretches, centres, paths, without = (int(header[name]) for name in names)
    return [
        ("vectors", "<f4", (rows, dimension)),
        ("centres", "<f4", (centres, dimension)),
        ("starts", "<u4", (stretches + 1,)),
        ("kinds", "<u1", (stretches,)),
        ("nearest", "<u4", (stretches,)),
        ("ids", "S32", (rows,)),
        ("units", "<u1", (rows,)),
        ("stamps", "<u8", (rows,)),
        ("addresses", "<u8", (rows,)),
        ("order", "<i8", (rows,)),  # as numpy wants it: any other type it would copy for each look-up
        ("by_address", "<i8", (rows,)),
        ("path_ends", "<u8", (rows,)),
        ("paths", "<u1", (paths,)),
        ("without", "<u8", (without,)),
    ]


_FILE_SECTIONS = ("order", "addresses", "by_address", "vectors", "path_ends", "paths", "without")
EMPTY_ROWS = VectorRows(np.zeros(0, dtype="S32"), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint64))


def _padding(size: int) -> int:
    return -size % _ALIGNMENT


def write_vector_file(
    out: BinaryIO,
    vectors: Iterable[FloatArray],
    rows: VectorRows,
    addresses: NumberArray,
    stretches: InvertedLists,
    paths: tuple[NumberArray, NumberArray],
    without: NumberArray,
) -> None:
    """Write a file.

    Args:
        vectors: of all rows, in blocks. `addresses`: of them, in no order; `without`: of rows without a vector.
        paths: their bytes, one after the other, and how many each has.
    """
    header = {
        "magic": _MAGIC,
        "rows": len(rows),
        "dimension": stretches.centres.shape[1],
        "stretches": len(stretches.units),
        "centres": len(stretches.centres),
        "paths": len(paths[0]),
        "without": len(without),
    }
    out.write(json.dumps(header).encode().ljust(_HEADER_BYTES, b"\0"))
    parts = _parts(rows, addresses, stretches, paths, without)
    for name, kind, shape in _sections(header):
        size = 0
        for block in vectors if name == "vectors" else (parts[name],):
            size += out.write(np.ascontiguousarray(block, dtype=kind).reshape(-1).view(np.uint8).data)
        if size != np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64)):
            raise ValueError(f"{name} has another size than it should")
        out.write(b"\0" * _padding(size))


def _parts(
    rows: VectorRows,
    addresses: NumberArray,
    stretches: InvertedLists,
    paths: tuple[NumberArray, NumberArray],
    without: NumberArray,
) -> dict[str, NumberArray]:
    """All sections but the vectors, by name."""
    by_address = np.argsort(addresses)
    return {
        "centres": stretches.centres,
        "starts": stretches.starts,
        "kinds": stretches.units,
        "nearest": stretches.nearest,
        "ids": rows.ids,
        "units": rows.units,
        "stamps": rows.stamps,
        "addresses": addresses[by_address],
        "order": np.argsort(rows.ids),
        "by_address": by_address,
        "path_ends": np.cumsum(paths[1]),
        "paths": paths[0],
        "without": np.sort(without),
    }


def read_vector_file(file: Path) -> VectorFile | None:
    """Map a file, or None where it is not what it should be."""
    try:
        with open(file, "rb") as source:
            header = json.loads(source.read(_HEADER_BYTES).rstrip(b"\0"))
            if header["magic"] != _MAGIC or not int(header["rows"]):
                return None
        mapping = map_file(file)
        whole = np.frombuffer(mapping, dtype=np.uint8)
        found: dict[str, NumberArray] = {}
        at = _HEADER_BYTES
        for name, kind, shape in _sections(header):
            length = np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64))
            if at + length > len(whole):
                return None
            found[name] = whole[at : at + length].view(kind).reshape(shape)
            at += length + _padding(length)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if at != len(whole):
        return None
    return VectorFile(
        rows=VectorRows(found["ids"], found["units"], found["stamps"]),
        stretches=InvertedLists(found["starts"], found["kinds"], found["nearest"], found["centres"]),
        mapping=mapping,
        **{name: found[name] for name in _FILE_SECTIONS},
    )


def remove_vector_files(index: Path, table: str, *, but: int | None = None) -> None:
    """Remove the files of a table, except that of a version. One that is in use goes the next time."""
    for version, file in vector_files_of(index, table):
        if version != but:
            with contextlib.suppress(OSError):
                file.unlink()
