"""The vectors of a whole table as a matrix: nearest neighbours by products, without asking LanceDB.

What the file beside the table has (`app.table.vector_file`) is mapped; what changed since it was made is read from the
table. Where too much changed, or there is no file, there is no matrix, and LanceDB is asked instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from app.records import FloatArray
from app.table import vector_file, where
from app.table.native import NativeTable, Select
from app.table.statistics import vectors_of
from app.table.vector_file import CONDITION, NO_ROWS, Bytes, Numbers, Rows, VectorFile, addresses_of

_MOST_CHANGED = 1024  # rows, or a fiftieth of the file's: more is better asked of the table
_IN_LIST = 2048
_TRIES = 3
_TRUSTED_S = 0.05  # one search asks a dozen times, and each answer takes a turn of two threads
_ASKED = 16_384  # rows whose positions are remembered


@dataclass(frozen=True)
class Matrix:
    """Rows and vectors of one version of a table; positions count the file's rows, then the fresh ones.

    Attributes:
        addresses: (n,) where the table has the file's rows now, sorted; `by_address`: their positions.
        gone: (k,) positions of the file's rows that are not in the table any more, in order.
        fresh: rows that the file does not have, with (m, d) `vectors`, `paths` and `fresh_addresses`, sorted.
    """

    version: int
    file: VectorFile
    addresses: Numbers
    by_address: Numbers
    gone: Numbers
    fresh: Rows
    fresh_addresses: Numbers
    vectors: FloatArray
    paths: Sequence[str]
    _asked: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def filed(self) -> int:
        """How many rows the file has; the first fresh one's position."""
        return len(self.file.rows)

    def __len__(self) -> int:
        return self.filed + len(self.fresh)

    def ids(self, positions: Numbers) -> list[str]:
        found: list[str] = self._taken(self.file.rows.ids, self.fresh.ids, positions).astype("U32").tolist()
        if len(self._asked) > _ASKED:
            self._asked.clear()
        self._asked.update(zip(found, positions.tolist(), strict=True))
        return found

    def units_at(self, positions: Numbers) -> Numbers:
        """(k,) codes of types of units."""
        return self._taken(self.file.rows.units, self.fresh.units, positions)

    def _taken(self, filed: Numbers, fresh: Numbers, positions: Numbers) -> Numbers:
        if not len(self.fresh):
            return filed[positions]
        old = positions < self.filed
        result = np.empty(len(positions), dtype=filed.dtype)
        result[old], result[~old] = filed[positions[old]], fresh[positions[~old] - self.filed]
        return result

    def paths_at(self, positions: Numbers) -> list[str]:
        if not len(self.fresh):
            return self.file.paths_of(positions)
        count = self.filed
        return [self.file.path(i) if i < count else self.paths[i - count] for i in positions.tolist()]

    def positions(self, ids: Sequence[str]) -> Numbers:
        """(k,) positions of rows by their ids; -1 for those it does not have."""
        asked = self._asked
        known = [asked.get(one, -1) for one in ids]  # a search asks for vectors of what it has just found
        return np.array(known) if known and min(known) >= 0 else self._looked_up(ids)

    def _looked_up(self, ids: Sequence[str]) -> Numbers:
        wanted = np.array(ids, dtype="S32")
        found = _looked_up(self.file.rows.ids, self.file.order, wanted)
        found[_among(self.gone, found)] = -1
        if len(self.fresh):
            fresh = _looked_up(self.fresh.ids, np.argsort(self.fresh.ids), wanted)
            found = np.where(fresh >= 0, fresh + self.filed, found)
        return found

    def places_of(self, addresses: Numbers) -> Numbers:
        """(k,) positions of rows by their addresses; -1 for those it does not have."""
        found = np.full(len(addresses), -1)
        for ordered, positions in (
            (self.addresses, self.by_address),
            (self.fresh_addresses, np.arange(self.filed, len(self))),
        ):
            there = _among(ordered, addresses)
            found[there] = positions[np.searchsorted(ordered, addresses[there])]
        return found

    def at(self, addresses: Numbers) -> Numbers:
        """Positions, in order, of those of the rows at these addresses, sorted, that it has."""
        old, fresh = _places(self.addresses, addresses), _places(self.fresh_addresses, addresses)
        return np.concatenate([np.sort(self.by_address[old]), fresh + self.filed])

    def addresses_of(self, ids: Sequence[str]) -> list[int]:
        """Where the table has the rows with these ids, those it has."""
        positions = self.positions(ids)
        found: list[int] = self._places[positions[positions >= 0]].tolist()
        return found

    @cached_property
    def _places(self) -> Numbers:
        """(n + m,) addresses by position."""
        places = np.empty(len(self), dtype=np.uint64)
        places[self.by_address] = self.addresses
        places[self.filed :] = self.fresh_addresses
        return places

    def vectors_at(self, positions: Numbers) -> FloatArray:
        """(k, d) vectors."""
        if not len(self.fresh):
            return self.file.vectors[positions]
        result = np.empty((len(positions), self.vectors.shape[1]), dtype=np.float32)
        old = positions < self.filed
        result[old] = self.file.vectors[positions[old]]
        result[~old] = self.vectors[positions[~old] - self.filed]
        return result


class MatrixKeeper:
    """Keeps the matrix of the version of a table that was asked for last; any thread may ask."""

    def __init__(self, index: Path, name: str, table: NativeTable, dimension: int) -> None:
        self._index, self._name, self._table, self._dimension = index, name, table, dimension
        self._lock = threading.Lock()
        self._version = -1
        self._until = 0.0
        self._opened: tuple[Path, VectorFile] | None = None
        self._matrix: Matrix | None = None

    def version(self) -> int:
        """The version of the table that `current` is of, or would be."""
        self.current()
        return self._version

    def current(self) -> Matrix | None:
        """The matrix of the table as it is now, or None where LanceDB must be asked."""
        with self._lock:
            if time.monotonic() < self._until:
                return self._matrix
            for _ in range(_TRIES):
                version = self._table.version()
                if version == self._version:
                    break
                self._matrix = self._made(version)  # while it is made, the table may go on: addresses would not fit
                self._version = version
            self._until = time.monotonic() + _TRUSTED_S
            return self._matrix

    def _made(self, version: int) -> Matrix | None:
        files = vector_file.files_of(self._index, self._name)
        if not files:
            self._opened = None
            return None
        newest, path = files[-1]
        if self._opened is None or self._opened[0] != path:
            file = vector_file.read(path)
            self._opened = (path, file) if file is not None and file.vectors.shape[1] == self._dimension else None
        if self._opened is None:
            return None
        file = self._opened[1]
        if newest == version:
            none = np.zeros(0, dtype=np.uint64)
            return Matrix(version, file, file.addresses, file.by_address, none.astype(np.int64), *self._read(none))
        return self._updated(file, version)

    def _updated(self, file: VectorFile, version: int) -> Matrix | None:
        """The file with what changed since."""
        most = max(_MOST_CHANGED, len(file.rows) // 50)
        now = np.sort(addresses_of(self._table.read(Select(("_rowid",), CONDITION))))
        addresses, by_address = file.addresses, file.by_address
        new = now[~(_among(addresses, now) | _among(file.without, now))]
        if len(new) > most:  # many rows are new, or the table was compacted
            if len(new) - np.count_nonzero(~_among(now, addresses)) > most:
                return None  # more than can have moved: reading all ids would tell nothing else
            moved = self._moved(file)
            by_address = np.argsort(moved)
            addresses = moved[by_address]
            new = now[~_among(addresses, now)]
            if len(new) > most:
                return None
        gone = np.sort(by_address[~_among(now, addresses)])
        return Matrix(version, file, addresses, by_address, gone, *self._read(new))

    def _moved(self, file: VectorFile) -> Numbers:
        """(n,) where the table has the file's rows, told by what they are."""
        answer = self._table.read(Select((*vector_file.COLUMNS, "_rowid"), CONDITION))
        now = vector_file.rows_of(answer)
        found = _looked_up(file.rows.ids, file.order, now.ids)
        same = (found >= 0) & (file.rows.stamps[found] == now.stamps)
        addresses = np.full(len(file.rows), _NOWHERE, dtype=np.uint64)
        addresses[found[same]] = addresses_of(answer)[same]
        return addresses

    def _read(self, addresses: Numbers) -> tuple[Rows, Numbers, FloatArray, list[str]]:
        """Those of the rows that have a vector, their addresses, vectors and paths."""
        rows, where_from = [NO_ROWS], [np.zeros(0, dtype=np.uint64)]
        vectors, paths = [np.zeros((0, self._dimension), dtype=np.float32)], list[str]()
        for start in range(0, len(addresses), _IN_LIST):
            listed = ", ".join(map(str, addresses[start : start + _IN_LIST].tolist()))
            condition = where.both(f"_rowid IN ({listed})", "vector IS NOT NULL")
            found = self._table.read(Select((*vector_file.COLUMNS, "_rowid", "path", "vector"), condition))
            rows.append(vector_file.rows_of(found))
            where_from.append(addresses_of(found))
            vectors.append(vectors_of(found.column("vector")))
            paths += found.column("path").to_pylist()
        order = np.argsort(np.concatenate(where_from))
        sorted_addresses = np.concatenate(where_from)[order]
        return (
            vector_file.joined(rows).taken(order),
            sorted_addresses,
            np.concatenate(vectors)[order],
            [paths[i] for i in order],
        )


_NOWHERE = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def _looked_up(values: Bytes, order: Numbers, wanted: Bytes) -> Numbers:
    """Positions of `wanted` in `values`, which `order` sorts; -1 for what is not there."""
    if not len(values):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(values, wanted, sorter=order), len(values) - 1)
    positions = order[at].astype(np.int64)
    return np.where(values[positions] == wanted, positions, -1)


def _among(ordered: Numbers, wanted: Numbers) -> Numbers:
    """(n,) whether each of `wanted` is one of the ordered values."""
    if not len(ordered):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: Numbers = ordered[at] == wanted
    return found


def _places(ordered: Numbers, wanted: Numbers) -> Numbers:
    """Where those of `wanted` are that are among the ordered values."""
    return np.searchsorted(ordered, wanted[_among(ordered, wanted)])
