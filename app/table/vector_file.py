"""All vectors of a table in one file beside it, which readers map into memory.

LanceDB reads and decodes the vector column anew for each exact search: 40 ms for 10,000 vectors where a product with
a mapped matrix takes 2. So the indexer keeps a copy of the vectors of tables up to `LARGEST`, made anew when the
table has come to rest. The file's name tells the version of the table it was made from; what changed since is looked
up by its reader (`app.table.matrix`). It is derived data: without it, searches are only slower.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from app.records import FloatArray, UnitType
from app.table import where
from app.table.statistics import vectors_of

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST = 256 << 20
"""Bytes of vectors up to which the file is kept; beyond, the vector index is faster than reading all of it."""
UNITS = (UnitType.PHOTO, UnitType.PAGE, UnitType.PASSAGE)
"""Types of units that have vectors; their codes are their positions here."""
CONDITION = where.units(UNITS)
COLUMNS = ("id", "unit", "size", "mtime_ns")
"""What tells rows apart: a changed file has the same ids, but another size or time."""
BLOCK = 8192

_MAGIC = "semblance vectors 1"
_HEADER = 4096
_SUFFIX = ".vectors"
_SECTIONS = (("ids", "S32"), ("units", "<u1"), ("stamps", "<u8"), ("order", "<u4"))

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
class VectorFile:
    """A file that is open: its rows, `order` (n,) that sorts their ids, and (n, d) their vectors, mapped."""

    rows: Rows
    order: Numbers
    vectors: FloatArray


def joined(parts: Iterable[Rows]) -> Rows:
    """The rows of all parts."""
    ids, units, stamps = zip(*((part.ids, part.units, part.stamps) for part in parts), strict=True)
    return Rows(np.concatenate(ids), np.concatenate(units), np.concatenate(stamps))


def rows_of(answer: pa.Table | pa.RecordBatch) -> Rows:
    """The rows of an answer with `COLUMNS`, all of `UNITS`."""
    code = {unit.value: number for number, unit in enumerate(UNITS)}
    units = np.array([code[unit] for unit in answer.column("unit").to_pylist()], dtype=np.uint8)
    size, time = (np.asarray(answer.column(name).to_numpy()).astype(np.uint64) for name in ("size", "mtime_ns"))
    stamps = size * np.uint64(0x9E37_79B9_7F4A_7C15) ^ time
    return Rows(np.array(answer.column("id").to_pylist(), dtype="S32"), units, stamps)


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


def write(file: Path, batches: Iterable[pa.RecordBatch], dimension: int) -> int:
    """Write the rows and vectors of an answer with `COLUMNS` and "vector", whole or not at all; how many."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    found: list[Rows] = []
    try:
        with open(part, "wb") as out:
            out.write(b"\0" * _HEADER)
            for batch in batches:
                with_vector = batch.filter(batch.column("vector").is_valid())
                if with_vector.num_rows:
                    found.append(rows_of(with_vector))
                    out.write(vectors_of(with_vector.column("vector")).data)
            if not found:
                return 0
            rows = joined(found)
            for name, kind in _SECTIONS:
                values = np.argsort(rows.ids) if name == "order" else getattr(rows, name)
                out.write(np.ascontiguousarray(values, dtype=kind).data)
            out.seek(0)
            out.write(json.dumps({"magic": _MAGIC, "rows": len(rows), "dimension": dimension}).encode())
            out.flush()
            os.fsync(out.fileno())  # a power cut must not leave a whole-looking file of zeros
        part.replace(file)
        return len(rows)
    finally:
        part.unlink(missing_ok=True)


def read(file: Path) -> VectorFile | None:
    """Map a file, or None where it is not what it should be."""
    try:
        with open(file, "rb") as source:
            header = json.loads(source.read(_HEADER).rstrip(b"\0"))
            count, dimension = int(header["rows"]), int(header["dimension"])
            size = _HEADER + count * (4 * dimension + sum(np.dtype(kind).itemsize for _, kind in _SECTIONS))
            if header["magic"] != _MAGIC or os.fstat(source.fileno()).st_size != size:
                return None
            source.seek(_HEADER + 4 * count * dimension)
            ids, units, stamps, order = (np.fromfile(source, kind, count) for _, kind in _SECTIONS)
        vectors = np.memmap(file, dtype=np.float32, mode="r", offset=_HEADER, shape=(count, dimension))
        return VectorFile(Rows(ids, units, stamps), order, vectors.view(np.ndarray))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(index: Path, table: str, *, but: int | None = None) -> None:
    """Remove the files of a table, except that of a version. One that is in use goes the next time."""
    for version, file in files_of(index, table):
        if version != but:
            with contextlib.suppress(OSError):
                file.unlink()
