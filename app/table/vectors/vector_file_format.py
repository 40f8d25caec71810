"""How a vector file (`app.table.vectors.vector_file`) lies on disk: a header, then sections, each an array."""

from __future__ import annotations

import contextlib
import json
import mmap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from app.core.records import FloatArray, UnitType
from app.table.vectors.unit_codes import UNIT_CODES, NumberArray
from app.table.vectors.vector_file import (
    FileIdentity,
    InvertedLists,
    VectorFile,
    VectorRows,
    checksum,
    vector_checks,
)

FORMAT = 3
_MAGIC = "semblance vectors"
_MAGIC_OF_FORMAT_2 = "semblance vectors 2"
_HEADER_BYTES = 4096
_ALIGNMENT = 64
_SUFFIX = ".vectors"
_MAX_CHECKED_AT_OPEN = 64 << 20  # bytes of sections other than vectors; of more, the indexer checks what is large


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


def remove_vector_files(index: Path, table: str, *, but: int | None = None, since: int = 0) -> None:
    """Remove the files of a table made at version `since` or later, except that of version `but`.

    One that is in use on Windows goes the next time.
    """
    for version, file in vector_files_of(index, table):
        if version != but and version >= since:
            with contextlib.suppress(OSError):
                file.unlink()


def _sections(header: Mapping[str, Any]) -> list[tuple[str, str, tuple[int, ...]]]:
    """(name, type, shape) of all parts of a file, in their order. The names stand in headers on disk."""
    names = ("rows", "dimension", "stretches", "centres", "paths", "without")
    rows, dimension, lists, centroids, paths, pending = (int(header[name]) for name in names)
    added = [("row_checks", "<u8", (rows,)), ("row_kinds", "<u1", (rows,))] if header.get("format") == FORMAT else []
    return [
        ("vectors", "<f4", (rows, dimension)),
        *added,
        ("centres", "<f4", (centroids, dimension)),
        ("starts", "<u4", (lists + 1,)),
        ("kinds", "<u1", (lists,)),
        ("nearest", "<u4", (lists,)),
        ("ids", "S32", (rows,)),
        ("units", "<u1", (rows,)),
        ("stamps", "<u8", (rows,)),
        ("addresses", "<u8", (rows,)),
        ("order", "<i8", (rows,)),  # as numpy wants it: any other type it would copy for each look-up
        ("by_address", "<i8", (rows,)),
        ("path_ends", "<u8", (rows,)),
        ("paths", "<u1", (paths,)),
        ("without", "<u8", (pending,)),
    ]


def _padding(size: int) -> int:
    return -size % _ALIGNMENT


def write_vector_file(
    out: BinaryIO,
    identity: FileIdentity,
    vectors: Iterable[FloatArray],
    rows: VectorRows,
    row_ids: NumberArray,
    lists: InvertedLists,
    paths: tuple[NumberArray, NumberArray],
    pending: NumberArray,
) -> None:
    """Write a file.

    Args:
        vectors: of all rows, in blocks. `row_ids`: of them, in no order; `pending`: of rows without a vector.
        paths: their bytes, one after the other, and how many each has.
    """
    header: dict[str, Any] = {
        "magic": _MAGIC,
        "format": FORMAT,
        "table": identity.table,
        "table_id": identity.table_id,
        "version": identity.version,
        "content": identity.content,
        "rows": len(rows),
        "dimension": lists.centroids.shape[1],
        "stretches": len(lists.units),
        "centres": len(lists.centroids),
        "paths": len(paths[0]),
        "without": len(pending),
    }
    parts = _section_arrays(rows, row_ids, lists, paths, pending)
    checks: list[NumberArray] = [np.zeros(0, dtype=np.uint64)]
    sums: dict[str, int] = {}
    out.write(bytes(_HEADER_BYTES))
    for name, kind, shape in _sections(header):
        if name == "row_checks":
            parts[name] = np.concatenate(checks)
        size = 0
        for block in vectors if name == "vectors" else (parts[name],):
            array = np.ascontiguousarray(block, dtype=kind)
            if name == "vectors":
                checks.append(vector_checks(array))
            else:
                sums[name] = checksum(array)
            size += out.write(array.reshape(-1).view(np.uint8).data)
        if size != np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64)):
            raise ValueError(f"{name} has another size than it should")
        out.write(b"\0" * _padding(size))
    out.seek(0)
    out.write(_sealed({**header, "sums": sums}))


def _section_arrays(
    rows: VectorRows,
    row_ids: NumberArray,
    lists: InvertedLists,
    paths: tuple[NumberArray, NumberArray],
    pending: NumberArray,
) -> dict[str, NumberArray]:
    """All sections but the vectors and their checksums, by name."""
    by_row_id = np.argsort(row_ids)
    return {
        "row_kinds": rows.kinds,
        "centres": lists.centroids,
        "starts": lists.starts,
        "kinds": lists.units,
        "nearest": lists.centroid_numbers,
        "ids": rows.ids,
        "units": rows.units,
        "stamps": rows.stamps,
        "addresses": row_ids[by_row_id],
        "order": np.argsort(rows.ids),
        "by_address": by_row_id,
        "path_ends": np.cumsum(paths[1]),
        "paths": paths[0],
        "without": np.sort(pending),
    }


def _sealed(header: Mapping[str, Any]) -> bytes:
    """A header with a checksum of itself."""
    text = json.dumps(header).encode()
    sealed = json.dumps({**header, "sum": checksum(np.frombuffer(text, dtype=np.uint8))}).encode()
    if len(sealed) > _HEADER_BYTES:
        raise ValueError("the header of the vector file is too long")
    return sealed.ljust(_HEADER_BYTES, b"\0")


def _read_header(raw: bytes) -> dict[str, Any] | None:
    header: dict[str, Any] = json.loads(raw.rstrip(b"\0"))
    if header["magic"] == _MAGIC_OF_FORMAT_2:
        return header
    expected = header.pop("sum")
    text = json.dumps(header).encode()
    whole = header["magic"] == _MAGIC and checksum(np.frombuffer(text, dtype=np.uint8)) == expected
    return header if whole and header["format"] == FORMAT else None


def read_vector_file(file: Path, *, check_all: bool = False) -> VectorFile | None:
    """Map a file of this format or the one before, or None where it is not what it should be.

    Args:
        check_all: check all sections but the vectors, however large the file is.
    """
    try:
        with open(file, "rb") as source:
            header = _read_header(source.read(_HEADER_BYTES))
            if header is None or not int(header["rows"]):
                return None
            mapping = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        found = _map_sections(mapping, header, check_all=check_all)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if found is None:
        return None
    # Format 2 had no kinds: a photo was what has a photo's unit type.
    kinds = found.get("row_kinds", (found["units"] != UNIT_CODES[UnitType.PHOTO]).astype(np.uint8))
    identity = None
    if header.get("format") == FORMAT:
        numbers = int(header["version"]), int(header["content"])
        identity = FileIdentity(str(header["table"]), str(header["table_id"]), *numbers)
    return VectorFile(
        rows=VectorRows(found["ids"], found["units"], kinds, found["stamps"]),
        id_order=found["order"],
        row_ids=found["addresses"],
        by_row_id=found["by_address"],
        vectors=found["vectors"],
        row_checks=found.get("row_checks"),
        lists=InvertedLists(found["starts"], found["kinds"], found["nearest"], found["centres"]),
        path_ends=found["path_ends"],
        paths=found["paths"],
        pending=found["without"],
        identity=identity,
        mapping=mapping,
    )


def _map_sections(mapping: mmap.mmap, header: Mapping[str, Any], *, check_all: bool) -> dict[str, NumberArray] | None:
    """All sections by name; None where one is missing or fails its check."""
    whole = np.frombuffer(mapping, dtype=np.uint8)
    sums, found, at = header.get("sums", {}), dict[str, NumberArray](), _HEADER_BYTES
    sections = _sections(header)
    sizes = {name: np.dtype(kind).itemsize * int(np.prod(shape, dtype=np.int64)) for name, kind, shape in sections}
    all_of_them = check_all or sum(sizes.values()) - sizes["vectors"] <= _MAX_CHECKED_AT_OPEN
    for name, kind, shape in sections:
        if at + sizes[name] > len(whole):
            return None
        section = whole[at : at + sizes[name]]
        if name in sums and (all_of_them or sizes[name] < 1 << 20) and checksum(section) != sums[name]:
            return None
        found[name] = section.view(kind).reshape(shape)
        at += sizes[name] + _padding(sizes[name])
    return found if at == len(whole) else None
