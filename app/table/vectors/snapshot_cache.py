"""The snapshot of the newest version of a table: opened, checked and brought up to date when a reader asks for it.

Where too much changed since the vector file was written, or there is no file that can be trusted, there is no snapshot,
and LanceDB is asked instead.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path

import numpy as np

from app.core.records import FloatArray
from app.table import where
from app.table.lance_backends import Select
from app.table.lance_binding import LanceTable
from app.table.statistics import vectors_of
from app.table.vectors.snapshot import VectorSnapshot, is_in_sorted, positions_of
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import (
    COLUMNS,
    CONDITION,
    EMPTY_ROWS,
    VectorFile,
    VectorRows,
    concatenate_rows,
    row_ids_of,
    vector_rows_of,
)
from app.table.vectors.vector_file_format import read_vector_file, vector_files_of

log = logging.getLogger(__name__)

_MAX_DELTA_ROWS = 1024  # rows, or a fiftieth of the file's: more is better asked of the table
_COMPARED_ROWS = 16  # of a file with the table, when it is opened
_MAX_IN_LIST = 2048
_ATTEMPTS = 3
_NO_ROW_ID = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class SnapshotCache:
    """Keeps the snapshot of the version of a table that was asked for last; any thread may ask."""

    def __init__(self, index: Path, name: str, table: LanceTable, dimension: int, table_id: str = "") -> None:
        self._index, self._name, self._table, self._dimension = index, name, table, dimension
        self._table_id = table_id
        self._lock = threading.Lock()
        self._version = -1
        self._opened: tuple[Path, VectorFile | None] | None = None
        self._snapshot: VectorSnapshot | None = None

    def version(self) -> int:
        """The version of the table that `current` is of, or would be."""
        self.current()
        return self._version

    def current(self) -> VectorSnapshot | None:
        """The snapshot of the table as it is now, or None where LanceDB must be asked."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                version = self._table.version
                if version == self._version:
                    break
                self._snapshot = self._make(version)  # a table that follows may go on meanwhile: row ids would not fit
                self._version = version
            return self._snapshot

    def discard(self) -> None:
        """Do without the vector file, which is damaged, and take it away: the indexer writes a new one."""
        with self._lock:
            if self._opened is not None and self._opened[1] is not None:
                path = self._opened[0]
                log.warning("the vector file %s is damaged and is not used", path.name)
                self._opened, self._snapshot = (path, None), None
                with contextlib.suppress(OSError):
                    path.unlink()

    def _make(self, version: int) -> VectorSnapshot | None:
        files = vector_files_of(self._index, self._name)
        if not files:
            self._opened = None
            return None
        newest, path = files[-1]
        if self._opened is None or self._opened[0] != path:
            self._opened = (path, self._open(path, is_current=newest == version))
        file = self._opened[1]
        if file is None:
            return None
        if newest == version:
            none = np.zeros(0, dtype=np.uint64)
            no_positions = none.astype(np.int64)
            return VectorSnapshot(version, file, file.row_ids, file.by_row_id, no_positions, *self._read(none))
        return self._updated(file, version)

    def _open(self, path: Path, *, is_current: bool) -> VectorFile | None:
        """A file that is whole, and of this table: its identity says so, and a sample of its rows."""
        file = read_vector_file(path)
        if file is None or file.vectors.shape[1] != self._dimension:
            return None
        identity = file.identity
        if identity is not None and (identity.table, identity.table_id) != (self._name, self._table_id):
            log.warning("the vector file %s is of another table and is not used", path.name)
            return None
        if not self._matches_table(file, all_there=is_current):
            log.warning("the vector file %s does not fit the table and is not used", path.name)
            return None
        return file

    def _matches_table(self, file: VectorFile, *, all_there: bool) -> bool:
        """Whether rows here and there in the file are what the table has under their row ids.

        Args:
            all_there: the file is of this very version: none may be missing. Otherwise rows may have been deleted.
        """
        places = np.unique(np.linspace(0, len(file.rows) - 1, _COMPARED_ROWS).astype(np.int64))
        row_ids, positions = file.row_ids[places], file.by_row_id[places]
        condition = f"_rowid IN ({', '.join(map(str, row_ids.tolist()))})"
        answer = self._table.read(Select((*COLUMNS, "vector", "_rowid"), where.all_of(condition, "vector IS NOT NULL")))
        if not answer.num_rows:
            return not all_there
        found = row_ids_of(answer)
        expected = positions[np.searchsorted(row_ids, found)]
        rows, filed = vector_rows_of(answer), file.rows.take(expected)
        return (
            (len(found) == len(places) or not all_there)
            and bool((rows.ids == filed.ids).all() and (rows.stamps == filed.stamps).all())
            and bool((rows.units == filed.units).all() and (rows.kinds == filed.kinds).all())
            and bool(np.array_equal(vectors_of(answer.column("vector")), file.vectors[expected]))
        )

    def _updated(self, file: VectorFile, version: int) -> VectorSnapshot | None:
        """The file with what changed since."""
        most = max(_MAX_DELTA_ROWS, len(file.rows) // 50)
        now = np.sort(row_ids_of(self._table.read(Select(("_rowid",), CONDITION))))
        row_ids, by_row_id = file.row_ids, file.by_row_id
        new = now[~(is_in_sorted(row_ids, now) | is_in_sorted(file.pending, now))]
        if len(new) > most:  # many rows are new, or the table was compacted
            if len(new) - np.count_nonzero(~is_in_sorted(now, row_ids)) > most:
                return None  # more than can have moved: reading all ids would tell nothing else
            moved = self._moved(file)
            by_row_id = np.argsort(moved)
            row_ids = moved[by_row_id]
            new = now[~is_in_sorted(row_ids, now)]
            if len(new) > most:
                return None
        deleted = np.sort(by_row_id[~is_in_sorted(now, row_ids)])
        return VectorSnapshot(version, file, row_ids, by_row_id, deleted, *self._read(new))

    def _moved(self, file: VectorFile) -> NumberArray:
        """(n,) where the table has the file's rows, told by their ids and stamps."""
        answer = self._table.read(Select((*COLUMNS, "_rowid"), CONDITION))
        now = vector_rows_of(answer)
        found = positions_of(file.rows.ids, file.id_order, now.ids)
        same = (found >= 0) & (file.rows.stamps[found] == now.stamps)
        row_ids = np.full(len(file.rows), _NO_ROW_ID, dtype=np.uint64)
        row_ids[found[same]] = row_ids_of(answer)[same]
        return row_ids

    def _read(self, row_ids: NumberArray) -> tuple[VectorRows, NumberArray, FloatArray, list[str]]:
        """Those of the rows that have a vector, their row ids, vectors and paths."""
        rows, found_ids = [EMPTY_ROWS], [np.zeros(0, dtype=np.uint64)]
        vectors, paths = [np.zeros((0, self._dimension), dtype=np.float32)], list[str]()
        for start in range(0, len(row_ids), _MAX_IN_LIST):
            listed = ", ".join(map(str, row_ids[start : start + _MAX_IN_LIST].tolist()))
            condition = where.all_of(f"_rowid IN ({listed})", "vector IS NOT NULL")
            answer = self._table.read(Select((*COLUMNS, "_rowid", "path", "vector"), condition))
            rows.append(vector_rows_of(answer))
            found_ids.append(row_ids_of(answer))
            vectors.append(vectors_of(answer.column("vector")))
            paths += answer.column("path").to_pylist()
        order = np.argsort(np.concatenate(found_ids))
        return (
            concatenate_rows(rows).take(order),
            np.concatenate(found_ids)[order],
            np.concatenate(vectors)[order],
            [paths[i] for i in order],
        )
