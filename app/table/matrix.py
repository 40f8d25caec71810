"""The vectors of a whole table as a matrix in memory: exact nearest neighbours by one product.

What the file beside the table has (`app.table.vector_file`) is mapped; what changed since it was made is read from the
table. Where too much changed, or there is no file, there is no matrix, and LanceDB is asked instead.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.records import FloatArray, UnitType
from app.table import vector_file, where
from app.table.native import NativeTable, Select
from app.table.statistics import vectors_of
from app.table.vector_file import UNITS, Bytes, Numbers, Rows, VectorFile

_GONE = 255
_MOST_CHANGED = 1024  # rows, or a fiftieth of the file's: more is better asked of the table


@dataclass(frozen=True)
class Matrix:
    """Rows and vectors of one version of a table.

    Attributes:
        units: (n,) codes into `UNITS` of the file's rows; `_GONE` for those that are not in the table any more.
        fresh: rows that the file does not have, with (m, d) `vectors`.
    """

    file: VectorFile
    units: Numbers
    fresh: Rows
    vectors: FloatArray
    _of: dict[frozenset[UnitType], Numbers] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.units) + len(self.fresh)

    def scores(self, vector: FloatArray) -> FloatArray:
        """(n + m,) cosines of all rows with (d,) a vector of unit length."""
        mapped: FloatArray = self.file.vectors @ vector
        return np.concatenate([mapped, self.vectors @ vector]) if len(self.fresh) else mapped

    def of(self, units: Collection[UnitType]) -> Numbers:
        """Positions of the rows of these types."""
        wanted = frozenset(units)
        if wanted not in self._of:
            codes = [UNITS.index(unit) for unit in wanted if unit in UNITS]
            self._of[wanted] = np.flatnonzero(np.isin(np.concatenate([self.units, self.fresh.units]), codes))
        return self._of[wanted]

    def ids(self, positions: Numbers) -> list[str]:
        count = len(self.units)
        return [
            (self.file.rows.ids[i] if i < count else self.fresh.ids[i - count]).decode() for i in positions.tolist()
        ]

    def positions(self, ids: Sequence[str]) -> Numbers:
        """(k,) positions of rows by their ids; -1 for those it does not have."""
        wanted = np.array(ids, dtype="S32")
        found = _looked_up(self.file.rows.ids, self.file.order, wanted)
        found[found >= 0] = np.where(self.units[found[found >= 0]] == _GONE, -1, found[found >= 0])
        if len(self.fresh):
            fresh = _looked_up(self.fresh.ids, np.argsort(self.fresh.ids), wanted)
            found = np.where(fresh >= 0, fresh + len(self.units), found)
        return found

    def vectors_at(self, positions: Numbers) -> FloatArray:
        """(k, d) vectors."""
        result = np.empty((len(positions), self.vectors.shape[1]), dtype=np.float32)
        old = positions < len(self.units)
        result[old] = self.file.vectors[positions[old]]
        result[~old] = self.vectors[positions[~old] - len(self.units)]
        return result


def best(scores: FloatArray, positions: Numbers, count: int) -> Numbers:
    """Those of the positions with the best scores, best first."""
    mine = scores if len(positions) == len(scores) else scores[positions]  # positions are in order, each once
    if count < len(mine):
        chosen = np.argpartition(-mine, count)[:count]
        positions, mine = positions[chosen], mine[chosen]
    return positions[np.argsort(-mine, kind="stable")]


class MatrixKeeper:
    """Keeps the matrix of the version of a table that was asked for last; any thread may ask."""

    def __init__(self, index: Path, name: str, table: NativeTable, dimension: int) -> None:
        self._index, self._name, self._table, self._dimension = index, name, table, dimension
        self._lock = threading.Lock()
        self._version = -1
        self._opened: tuple[Path, VectorFile] | None = None
        self._matrix: Matrix | None = None

    def current(self) -> Matrix | None:
        """The matrix of the table as it is now, or None where LanceDB must be asked."""
        with self._lock:
            version = self._table.version()
            if version != self._version:
                self._matrix = self._made(version)
                self._version = version
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
            return Matrix(file, file.rows.units, _no_rows(), np.zeros((0, self._dimension), dtype=np.float32))
        return self._updated(file)

    def _updated(self, file: VectorFile) -> Matrix | None:
        """The file with what changed since."""
        most = max(_MOST_CHANGED, len(file.rows) // 50)
        if self._table.count() > 4 * len(file.rows) + most:
            return None  # not worth a look
        now = vector_file.rows_of(self._table.read(Select(vector_file.COLUMNS, vector_file.CONDITION)))
        found = _looked_up(file.rows.ids, file.order, now.ids)
        same = (found >= 0) & (file.rows.stamps[found] == now.stamps)
        fresh = now.taken(~same)
        if len(fresh) > most:
            return None
        units = np.full(len(file.rows), _GONE, dtype=np.uint8)
        units[found[same]] = now.units[same]
        return Matrix(file, units, *self._read(fresh))

    def _read(self, rows: Rows) -> tuple[Rows, FloatArray]:
        """Those of the rows that have a vector, and their vectors."""
        if not len(rows):
            return rows, np.zeros((0, self._dimension), dtype=np.float32)
        condition = where.both(where.one_of("id", [unit.decode() for unit in rows.ids]), "vector IS NOT NULL")
        found = self._table.read(Select((*vector_file.COLUMNS, "vector"), condition))
        return vector_file.rows_of(found), vectors_of(found.column("vector"))


def _no_rows() -> Rows:
    return Rows(np.zeros(0, dtype="S32"), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint64))


def _looked_up(ids: Bytes, order: Numbers, wanted: Bytes) -> Numbers:
    """Positions of `wanted` in `ids`, which `order` sorts; -1 for what is not there."""
    if not len(ids):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    positions = order[at].astype(np.int64)
    return np.where(ids[positions] == wanted, positions, -1)
