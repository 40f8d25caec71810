"""All vectors of one version of a table, for searches that do not ask LanceDB.

The vector file beside the table (`app.table.vectors.vector_file`) is mapped; what changed since it was written is read
from the table (`app.table.vectors.snapshot_cache`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from app.core.records import FloatArray
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import ByteArray, VectorFile, VectorRows, vectors_match

_MAX_CACHED_POSITIONS = 16_384  # rows whose positions are remembered


@dataclass(frozen=True)
class VectorSnapshot:
    """Rows and vectors of one version of a table; positions count the file's rows first, then those of the delta.

    Attributes:
        row_ids: (n,) LanceDB's row ids of the file's rows in this version, sorted; `by_row_id`: their positions.
        deleted: (k,) positions of the file's rows that are not in this version, in order.
        delta: (m,) rows that the file does not have, with (m, d) `delta_vectors`, `delta_paths` and `delta_row_ids`,
            sorted by row id.
    """

    version: int
    file: VectorFile
    row_ids: NumberArray
    by_row_id: NumberArray
    deleted: NumberArray
    delta: VectorRows
    delta_row_ids: NumberArray
    delta_vectors: FloatArray
    delta_paths: Sequence[str]
    _cached_positions: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def base_count(self) -> int:
        """How many rows the file has; the position of the delta's first row."""
        return len(self.file.rows)

    def __len__(self) -> int:
        return self.base_count + len(self.delta)

    def ids(self, positions: NumberArray) -> list[str]:
        ids: list[str] = self._select(self.file.rows.ids, self.delta.ids, positions).astype("U32").tolist()
        if len(self._cached_positions) > _MAX_CACHED_POSITIONS:
            self._cached_positions.clear()
        self._cached_positions.update(zip(ids, positions.tolist(), strict=True))
        return ids

    def units_at(self, positions: NumberArray) -> NumberArray:
        """(k,) unit codes."""
        return self._select(self.file.rows.units, self.delta.units, positions)

    def kinds_at(self, positions: NumberArray) -> NumberArray:
        """(k,) codes of kinds of file."""
        return self._select(self.file.rows.kinds, self.delta.kinds, positions)

    def _select(self, base: NumberArray, delta: NumberArray, positions: NumberArray) -> NumberArray:
        if not len(self.delta):
            return base[positions]
        in_base = positions < self.base_count
        result = np.empty(len(positions), dtype=base.dtype)
        result[in_base], result[~in_base] = base[positions[in_base]], delta[positions[~in_base] - self.base_count]
        return result

    def paths_at(self, positions: NumberArray) -> list[str]:
        if not len(self.delta):
            return self.file.paths_of(positions)
        count = self.base_count
        return [self.file.path(i) if i < count else self.delta_paths[i - count] for i in positions.tolist()]

    def positions(self, ids: Sequence[str]) -> NumberArray:
        """(k,) positions of rows by their ids; -1 for those it does not have."""
        cached = self._cached_positions
        known = [cached.get(unit_id, -1) for unit_id in ids]  # a search asks for vectors of what it has just found
        return np.array(known) if known and min(known) >= 0 else self._find_ids(ids)

    def _find_ids(self, ids: Sequence[str]) -> NumberArray:
        wanted = np.array(ids, dtype="S32")
        found = positions_of(self.file.rows.ids, self.file.id_order, wanted)
        found[is_in_sorted(self.deleted, found)] = -1
        if len(self.delta):
            delta = positions_of(self.delta.ids, np.argsort(self.delta.ids), wanted)
            found = np.where(delta >= 0, delta + self.base_count, found)
        return found

    def positions_of_row_ids(self, row_ids: NumberArray) -> NumberArray:
        """(k,) positions of rows by their row ids; -1 for those it does not have."""
        found = np.full(len(row_ids), -1)
        for ordered, positions in (
            (self.row_ids, self.by_row_id),
            (self.delta_row_ids, np.arange(self.base_count, len(self))),
        ):
            there = is_in_sorted(ordered, row_ids)
            found[there] = positions[np.searchsorted(ordered, row_ids[there])]
        return found

    def sorted_positions(self, row_ids: NumberArray) -> NumberArray:
        """Positions, in order, of those rows that it has; `row_ids` are sorted."""
        base, delta = _positions_in_sorted(self.row_ids, row_ids), _positions_in_sorted(self.delta_row_ids, row_ids)
        return np.concatenate([np.sort(self.by_row_id[base]), delta + self.base_count])

    def row_ids_of(self, ids: Sequence[str]) -> list[int]:
        """Row ids of the rows with these ids, those it has."""
        positions = self.positions(ids)
        found: list[int] = self._row_id_by_position[positions[positions >= 0]].tolist()
        return found

    @cached_property
    def _row_id_by_position(self) -> NumberArray:
        """(n + m,)."""
        result = np.empty(len(self), dtype=np.uint64)
        result[self.by_row_id] = self.row_ids
        result[self.base_count :] = self.delta_row_ids
        return result

    def vectors_at(self, positions: NumberArray) -> FloatArray:
        """(k, d) vectors."""
        if not len(self.delta):
            return self.base_vectors(positions)
        result = np.empty((len(positions), self.delta_vectors.shape[1]), dtype=np.float32)
        in_base = positions < self.base_count
        result[in_base] = self.base_vectors(positions[in_base])
        result[~in_base] = self.delta_vectors[positions[~in_base] - self.base_count]
        return result

    def base_vectors(self, positions: NumberArray) -> FloatArray:
        """(k, d) vectors of rows of the file, which are checked.

        Raises:
            VectorFileDamaged: one of them is not what was written.
        """
        vectors, checks = self.file.vectors[positions], self.file.row_checks
        if checks is not None and not vectors_match(vectors, checks[positions]):
            raise VectorFileDamaged
        return vectors


class VectorFileDamaged(Exception):
    """A mapped vector is not what was written: the file is given up, and LanceDB asked (`SnapshotCache.discard`)."""


def positions_of(values: ByteArray, order: NumberArray, wanted: ByteArray) -> NumberArray:
    """Positions of `wanted` in `values`, which `order` sorts; -1 for what is not there."""
    if not len(values):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(values, wanted, sorter=order), len(values) - 1)
    positions = order[at].astype(np.int64)
    return np.where(values[positions] == wanted, positions, -1)


def is_in_sorted(ordered: NumberArray, wanted: NumberArray) -> NumberArray:
    """(n,) whether each of `wanted` is one of the ordered values."""
    if not len(ordered):
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: NumberArray = ordered[at] == wanted
    return found


def _positions_in_sorted(ordered: NumberArray, wanted: NumberArray) -> NumberArray:
    """Where those of `wanted` are that are among the ordered values."""
    return np.searchsorted(ordered, wanted[is_in_sorted(ordered, wanted)])
