"""All vectors of a table in one file beside it, which readers map into memory.

LanceDB reads and decodes vectors anew for each search: 40 ms for 10,000 exact ones where a product with a mapped matrix
takes 2, and 60 ms by its index of 1,000,000, whose partitions do not fit a small cache. So the indexer keeps a copy,
made anew when the table has come to rest (`app.table.vector_copy`). In it rows lie by type of unit and then by
neighbourhood: what is near to a vector is in few stretches of the file. The file's name tells the version of the table
it was made from; what changed since is looked up by its reader (`app.table.matrix`). It is derived data: without it,
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

from app.records import FloatArray, UnitType
from app.table import where

if TYPE_CHECKING:
    import pyarrow as pa

UNITS = (UnitType.PHOTO, UnitType.PAGE, UnitType.PASSAGE)
"""Types of units that have vectors; their codes are their positions here."""
CONDITION = where.units(UNITS)
COLUMNS = ("id", "unit", "size", "mtime_ns")
"""What tells rows apart: a changed file has the same ids, but another size or time."""

_MAGIC = "semblance vectors 2"
_HEADER = 4096
_ALIGNED = 64
_SUFFIX = ".vectors"
_CODES = np.full(256, len(UNITS), dtype=np.uint8)
_CODES[[len(unit.value) for unit in UNITS]] = range(len(UNITS))  # by the length of the name: no two are as long

Bytes: TypeAlias = npt.NDArray[np.bytes_]
Numbers: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """Some rows of a table.

    Attributes:
        ids: (n,) of 32 hexadecimal digits. `units`: (n,) codes into `UNITS`.
        stamps: (n,) another number for the same id when the row was written for another state of its file.
    """

    ids: Bytes
    units: Numbers
    stamps: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    def taken(self, chosen: Numbers) -> Rows:
        return Rows(self.ids[chosen], self.units[chosen], self.stamps[chosen])


@dataclass(frozen=True)
class Stretches:
    """Where rows lie that are of one type of unit and near to one centre.

    Attributes:
        starts: (s + 1,) the first row of each, and the end of the last. `units`: (s,) codes into `UNITS`.
        nearest: (s,) row of `centres`, which is (c, d) of unit length or zero.
    """

    starts: Numbers
    units: Numbers
    nearest: Numbers
    centres: FloatArray


@dataclass(frozen=True)
class VectorFile:
    """A file that is open, everything in it mapped.

    Attributes:
        rows: of (n, d) `vectors`; `order` (n,) sorts their ids.
        addresses: (n,) LanceDB's row ids of them, sorted: valid until the table is compacted; `by_address` (n,) their
            positions. `without`: of rows that have no vector (`app.table.adoption`), sorted.
        paths: stored paths of the rows' files, one after the other, each to its end.
    """

    rows: Rows
    order: Numbers
    addresses: Numbers
    by_address: Numbers
    vectors: FloatArray
    stretches: Stretches
    path_ends: Numbers
    paths: Numbers
    without: Numbers
    mapping: mmap.mmap

    def path(self, position: int) -> str:
        """The stored path of a row's file."""
        start = int(self.path_ends[position - 1]) if position else 0
        return self.paths[start : int(self.path_ends[position])].tobytes().decode()

    def paths_of(self, positions: Numbers) -> list[str]:
        """The stored paths of rows' files."""
        ends = self.path_ends[positions].tolist()
        starts = np.where(positions > 0, self.path_ends[positions - 1], 0).tolist()
        texts = self.paths.data
        return [str(texts[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]

    def let_go(self) -> None:
        """See `let_go`."""
        let_go(self.mapping)


def joined(parts: Iterable[Rows]) -> Rows:
    """The rows of all parts."""
    columns = ((part.ids, part.units, part.stamps) for part in parts)
    return Rows(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def rows_of(answer: pa.Table | pa.RecordBatch) -> Rows:
    """The rows of an answer with `COLUMNS`, all of `UNITS`."""
    ids, lengths = texts_of(answer.column("id"))
    if (lengths != 32).any():
        raise ValueError("ids have 32 digits")
    units = _CODES[texts_of(answer.column("unit"))[1]]
    size, time = (np.asarray(answer.column(name).to_numpy()).astype(np.uint64) for name in ("size", "mtime_ns"))
    stamps = size * np.uint64(0x9E37_79B9_7F4A_7C15) ^ time
    return Rows(ids.view("S32"), units, stamps)


def texts_of(column: Any) -> tuple[Numbers, Numbers]:
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


def addresses_of(answer: pa.Table | pa.RecordBatch) -> Numbers:
    """The row ids of an answer that has them."""
    return np.asarray(answer.column("_rowid").to_numpy())


def path_of(index: Path, table: str, version: int) -> Path:
    """The version is part of the name: Windows cannot replace a file that a reader has mapped."""
    return index / f"{table}.{version}{_SUFFIX}"


def files_of(index: Path, table: str) -> list[tuple[int, Path]]:
    """(version, file) of all there are, the newest last."""
    found = []
    for file in index.glob(f"{table}.*{_SUFFIX}"):
        version = file.name.removesuffix(_SUFFIX).rpartition(".")[2]
        if version.isdecimal():
            found.append((int(version), file))
    return sorted(found)


def mapped(file: Path) -> mmap.mmap:
    """A whole file, for reading; closed when nothing refers to it any more."""
    with open(file, "rb") as source:
        return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)


def let_go(mapping: mmap.mmap) -> None:
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


_OF_ROWS = ("order", "addresses", "by_address", "vectors", "path_ends", "paths", "without")
NO_ROWS = Rows(np.zeros(0, dtype="S32"), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint64))


def _padding(size: int) -> int:
    return -size % _ALIGNED


def write(
    out: BinaryIO,
    vectors: Iterable[FloatArray],
    rows: Rows,
    addresses: Numbers,
    stretches: Stretches,
    paths: tuple[Numbers, Numbers],
    without: Numbers,
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
    out.write(json.dumps(header).encode().ljust(_HEADER, b"\0"))
    parts = _parts(rows, addresses, stretches, paths, without)
    for name, kind, shape in _sections(header):
        size = 0
        for block in vectors if name == "vectors" else (parts[name],):
            size += out.write(np.ascontiguousarray(block, dtype=kind).reshape(-1).view(np.uint8).data)
        if size != np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64)):
            raise ValueError(f"{name} has another size than it should")
        out.write(b"\0" * _padding(size))


def _parts(
    rows: Rows, addresses: Numbers, stretches: Stretches, paths: tuple[Numbers, Numbers], without: Numbers
) -> dict[str, Numbers]:
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


def read(file: Path) -> VectorFile | None:
    """Map a file, or None where it is not what it should be."""
    try:
        with open(file, "rb") as source:
            header = json.loads(source.read(_HEADER).rstrip(b"\0"))
            if header["magic"] != _MAGIC or not int(header["rows"]):
                return None
        mapping = mapped(file)
        whole = np.frombuffer(mapping, dtype=np.uint8)
        found: dict[str, Numbers] = {}
        at = _HEADER
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
        rows=Rows(found["ids"], found["units"], found["stamps"]),
        stretches=Stretches(found["starts"], found["kinds"], found["nearest"], found["centres"]),
        mapping=mapping,
        **{name: found[name] for name in _OF_ROWS},
    )


def forget(index: Path, table: str, *, but: int | None = None) -> None:
    """Remove the files of a table, except that of a version. One that is in use goes the next time."""
    for version, file in files_of(index, table):
        if version != but:
            with contextlib.suppress(OSError):
                file.unlink()
