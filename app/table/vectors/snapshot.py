"""The vectors of a whole table as a matrix: nearest neighbours by products, without asking LanceDB.

The vector file beside the table (`app.table.vectors.vector_file`) is mapped; what changed since is read from
the table. Where too much changed, or there is no file, there is no matrix, and LanceDB is asked instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from app.core.records import FloatArray
from app.table import where
from app.table.lance_binding import NativeTable, Select
from app.table.statistics import vectors_of
from app.table.vectors import vector_file
from app.table.vectors.vector_file import (
    CONDITION,
    EMPTY_ROWS,
    ByteArray,
    NumberArray,
    VectorFile,
    VectorRows,
    row_ids_of,
)

_MAX_DELTA_ROWS = 1024  # rows, or a fiftieth of the file's: more is better asked of the table
_MAX_IN_LIST = 2048
_ATTEMPTS = 3
_VERSION_TRUSTED_S = 0.05  # one search asks a dozen times, and each answer takes a turn of two threads
_MAX_CACHED_POSITIONS = 16_384  # rows whose positions are remembered


@dataclass(frozen=True)
class VectorSnapshot:
    """Rows and vectors of one version of a table; positions count the file's rows, then the fresh ones.

    Attributes:
        addresses: (n,) where the table has the file's rows now, sorted; `by_address`: their positions.
        gone: (k,) positions of the file's rows that are not in the table any more, in order.
        fresh: rows that the file does not have, with (m, d) `vectors`, `paths` and `fresh_addresses`, sorted.
    """

    version: int
    file: VectorFile
    addresses: NumberArray
    by_address: NumberArray
    gone: NumberArray
    fresh: VectorRows
    fresh_addresses: NumberArray
    vectors: FloatArray
    paths: Sequence[str]
    _asked: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def base_count(self) -> int:
        """How many rows the file has; the first fresh one's position."""
        return len(self.file.rows)

    def __len__(self) -> int:
        return self.base_count + len(self.fresh)

    def ids(self, positions: NumberArray) -> list[str]:
        found: list[str] = self._taken(self.file.rows.ids, self.fresh.ids, positions).astype("U32").tolist()
        if len(self._asked) > _MAX_CACHED_POSITIONS:
            self._asked.clear()
        self._asked.update(zip(found, positions.tolist(), strict=True))
        return found

    def units_at(self, positions: NumberArray) -> NumberArray:
        """(k,) codes of types of units."""
        return self._taken(self.file.rows.units, self.fresh.units, positions)

    def _taken(self, base_count: NumberArray, fresh: NumberArray, positions: NumberArray) -> NumberArray:
        if not len(self.fresh):
            return base_count[positions]
        old = positions < self.base_count
        result = np.empty(len(positions), dtype=base_count.dtype)
        result[old], result[~old] = base_count[positions[old]], fresh[positions[~old] - self.base_count]
        return result

    def paths_at(self, positions: NumberArray) -> list[str]:
        if not len(self.fresh):
            return self.file.paths_of(positions)
        count = self.base_count
        return [self.file.path(i) if i < count else self.paths[i - count] for i in positions.tolist()]

    def positions(self, ids: Sequence[str]) -> NumberArray:
        """(k,) positions of rows by their ids; -1 for those it does not have."""
        asked = self._asked
        known = [asked.get(one, -1) for one in ids]  # a search asks for vectors of what it has just found
        return np.array(known) if known and min(known) >= 0 else self._looked_up(ids)

    def _looked_up(self, ids: Sequence[str]) -> NumberArray:
        wanted = np.array(ids, dtype="S32")
        found = _positions_of(self.file.rows.ids, self.file.order, wanted)
        found[_is_in_sorted(self.gone, found)] = -1
        if len(self.fresh):
            fresh = _positions_of(self.fresh.ids, np.argsort(self.fresh.ids), wanted)
            found = np.where(fresh >= 0, fresh + self.base_count, found)
        return found

    def places_of(self, addresses: NumberArray) -> NumberArray:
        """(k,) positions of rows by their addresses; -1 for those it does not have."""
        found = np.full(len(addresses), -1)
        for ordered, positions in (
            (self.addresses, self.by_address),
            (self.fresh_addresses, np.arange(self.base_count, len(self))),
        ):
            there = _is_in_sorted(ordered, addresses)
            found[there] = positions[np.searchsorted(ordered, addresses[there])]
        return found

    def at(self, addresses: NumberArray) -> NumberArray:
        """Positions, in order, of those of the rows at these addresses, sorted, that it has."""
        old, fresh = (
            _positions_in_sorted(self.addresses, addresses),
            _positions_in_sorted(self.fresh_addresses, addresses),
        )
        return np.concatenate([np.sort(self.by_address[old]), fresh + self.base_count])

    def addresses_of(self, ids: Sequence[str]) -> list[int]:
        """Where the table has the rows with these ids, those it has."""
        positions = self.positions(ids)
        found: list[int] = self._places[positions[positions >= 0]].tolist()
        return found

    @cached_property
    def _places(self) -> NumberArray:
        """(n + m,) addresses by position."""
        places = np.empty(len(self), dtype=np.uint64)
        places[self.by_address] = self.addresses
        places[self.base_count :] = self.fresh_addresses
        return places

    def vectors_at(self, positions: NumberArray) -> FloatArray:
        """(k, d) vectors."""
        if not len(self.fresh):
            return self.file.vectors[positions]
        result = np.empty((len(positions), self.vectors.shape[1]), dtype=np.float32)
        old = positions < self.base_count
        result[old] = self.file.vectors[positions[old]]
        result[~old] = self.vectors[positions[~old] - self.base_count]
        return result


class SnapshotCache:
    """Keeps the matrix of the version of a table that was asked for last; any thread may ask."""

    def __init__(self, index: Path, name: str, table: NativeTable, dimension: int) -> None:
        self._index, self._name, self._table, self._dimension = index, name, table, dimension
        self._lock = threading.Lock()
        self._version = -1
        self._until = 0.0
        self._opened: tuple[Path, VectorFile] | None = None
        self._matrix: VectorSnapshot | None = None

    def version(self) -> int:
        """The version of the table that `current` is of, or would be."""
        self.current()
        return self._version

    def current(self) -> VectorSnapshot | None:
        """The matrix of the table as it is now, or None where LanceDB must be asked."""
        with self._lock:
            if time.monotonic() < self._until:
                return self._matrix
            for _ in range(_ATTEMPTS):
                version = self._table.version()
                if version == self._version:
                    break
                self._matrix = self._made(version)  # while it is made, the table may go on: addresses would not fit
                self._version = version
            self._until = time.monotonic() + _VERSION_TRUSTED_S
            return self._matrix

    def _made(self, version: int) -> VectorSnapshot | None:
        files = vector_file.vector_files_of(self._index, self._name)
        if not files:
            self._opened = None
            return None
        newest, path = files[-1]
        if self._opened is None or self._opened[0] != path:
            file = vector_file.read_vector_file(path)
            self._opened = (path, file) if file is not None and file.vectors.shape[1] == self._dimension else None
        if self._opened is None:
            return None
        file = self._opened[1]
        if newest == version:
            none = np.zeros(0, dtype=np.uint64)
            return VectorSnapshot(
                version, file, file.addresses, file.by_address, none.astype(np.int64), *self._read(none)
            )
        return self._updated(file, version)

    def _updated(self, file: VectorFile, version: int) -> VectorSnapshot | None:
        """The file with what changed since."""
        most = max(_MAX_DELTA_ROWS, len(file.rows) // 50)
        now = np.sort(row_ids_of(self._table.read(Select(("_rowid",), CONDITION))))
        addresses, by_address = file.addresses, file.by_address
        new = now[~(_is_in_sorted(addresses, now) | _is_in_sorted(file.without, now))]
        if len(new) > most:  # many rows are new, or the table was compacted
            if len(new) - np.count_nonzero(~_is_in_sorted(now, addresses)) > most:
                return None  # more than can have moved: reading all ids would tell nothing else
            moved = self._moved(file)
            by_address = np.argsort(moved)
            addresses = moved[by_address]
            new = now[~_is_in_sorted(addresses, now)]
            if len(new) > most:
                return None
        gone = np.sort(by_address[~_is_in_sorted(now, addresses)])
        return VectorSnapshot(version, file, addresses, by_address, gone, *self._read(new))

    def _moved(self, file: VectorFile) -> NumberArray:
        """(n,) where the table has the file's rows, told by what they are."""
        answer = self._table.read(Select((*vector_file.COLUMNS, "_rowid"), CONDITION))
        now = vector_file.vector_rows_of(answer)
        found = _positions_of(file.rows.ids, file.order, now.ids)
        same = (found >= 0) & (file.rows.stamps[found] == now.stamps)
        addresses = np.full(len(file.rows), _NO_ROW_ID, dtype=np.uint64)
        addresses[found[same]] = row_ids_of(answer)[same]
        return addresses

    def _read(self, addresses: NumberArray) -> tuple[VectorRows, NumberArray, FloatArray, list[str]]:
        """Those of the rows that have a vector, their addresses, vectors and paths."""
        rows, where_from = [EMPTY_ROWS], [np.zeros(0, dtype=np.uint64)]
        vectors, paths = [np.zeros((0, self._dimension), dtype=np.float32)], list[str]()
        for start in range(0, len(addresses), _MAX_IN_LIST):
            listed = ", ".join(map(str, addresses[start : start + _MAX_IN_LIST].tolist()))
            condition = where.all_of(f"_rowid IN ({listed})", "vector IS NOT NULL")
            found = self._table.read(Select((*vector_file.COLUMNS, "_rowid", "path", "vector"), condition))
            rows.append(vector_file.vector_rows_of(found))
            where_from.append(row_ids_of(found))
            vectors.append(vectors_of(found.column("vector")))
            paths += found.column("path").to_pylist()
        order = np.argsort(np.concatenate(where_from))
        sorted_addresses = np.concatenate(where_from)[order]
        return (
            vector_file.concatenate_rows(rows).taken(order),
            sorted_addresses,
            np.concatenate(vectors)[order],
            [paths[i] for i in order],
        )


_NO_ROW_ID = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def _positions_of(values: ByteArray, order: NumberArray, wanted: ByteArray) -> NumberArray:
    """Positions of `wanted` in `values`, which `order` sorts; -1 for what is not there."""
    if not len(values):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(values, wanted, sorter=order), len(values) - 1)
    positions = order[at].astype(np.int64)
    return np.where(values[positions] == wanted, positions, -1)


def _is_in_sorted(ordered: NumberArray, wanted: NumberArray) -> NumberArray:
    """(n,) whether each of `wanted` is one of the ordered values."""
    if not len(ordered):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: NumberArray = ordered[at] == wanted
    return found


def _positions_in_sorted(ordered: NumberArray, wanted: NumberArray) -> NumberArray:
    """Where those of `wanted` are that are among the ordered values."""
    return np.searchsorted(ordered, wanted[_is_in_sorted(ordered, wanted)])
