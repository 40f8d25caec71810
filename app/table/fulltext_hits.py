"""Rows that hold the words of a query, with what ranking needs of them.

The full-text index is asked for row ids and scores alone, in the background: reading whole rows takes four times as
long. Where there is a snapshot of the vectors (`app.table.vectors.snapshot`), ids, paths, kinds and unit types come
from there; the rest is read by row id and remembered while the table stays as it is, since the next letter that
somebody types asks about much the same rows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from app.core.records import Kind, UnitType
from app.table.fulltext import COLUMNS, NAMES, WORDS, FulltextQuery, lance_query
from app.table.lance_backends import Select
from app.table.lance_binding import LanceTable
from app.table.schema import unit_id
from app.table.vectors.snapshot import VectorSnapshot
from app.table.vectors.snapshot_cache import SnapshotCache
from app.table.vectors.unit_codes import KINDS_BY_CODE, UNITS_BY_CODE, NumberArray
from app.table.vectors.vector_file import row_ids_of

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_CACHED_ROWS = 16_384
_COLUMNS_BESIDE_SNAPSHOT = ("root", "part", "text", "place", "content_hash", "title", "camera", "keywords")
_ALL_COLUMNS = (*_COLUMNS_BESIDE_SNAPSHOT, "path", "kind", "unit")


class FulltextHit(NamedTuple):
    """A unit that may hold words of a query, and what they are looked for in; `score` is BM25.

    `place` is where a photo was taken, "" for none.
    """

    id: str
    path: str
    root: str
    kind: Kind
    unit: UnitType
    part: int
    text: str | None
    content_hash: str
    title: str | None
    camera: str | None
    keywords: tuple[str, ...]
    place: str = ""
    score: float = 0.0


class FulltextIndex:
    """Answers for one table; any thread may ask."""

    def __init__(self, table: LanceTable, snapshots: SnapshotCache) -> None:
        self._table = table
        self._snapshots = snapshots
        self._lock = threading.Lock()
        self._version = -1
        self._known: dict[int, FulltextHit] = {}

    def ask(self, query: FulltextQuery, condition: str | None, limit: int) -> FulltextFuture:
        """Begin to look for the words of a query among the rows that meet a condition."""
        select = Select(("_rowid", "_score"), condition, limit, words=lance_query(query, COLUMNS))
        # A table of an earlier version, until the indexer has opened it: all words stand in one column.
        simple = Select(("_rowid", "_score"), condition, limit, words=lance_query(query, [WORDS]))
        return FulltextFuture(self._table.begin(select), lambda: self._table.read(simple), self._hits)

    def read(self, condition: str | None, limit: int) -> list[FulltextHit]:
        """Rows that meet a condition, whatever words they hold."""
        return _hits_from_rows(self._table.read(Select(_ALL_COLUMNS, condition, limit)))

    def _hits(self, row_ids: NumberArray, scores: Sequence[float]) -> list[FulltextHit]:
        """The rows with these row ids, those that are still there."""
        version = self._snapshots.version()
        with self._lock:
            if version != self._version or len(self._known) > _MAX_CACHED_ROWS:
                self._version, self._known = version, {}
            known = self._known
        listed = row_ids.tolist()
        missing = np.array([row_id for row_id in listed if row_id not in known], dtype=np.uint64)
        if len(missing):
            known.update(self._read(missing))
        return [
            known[row_id]._replace(score=score) for row_id, score in zip(listed, scores, strict=True) if row_id in known
        ]

    def _read(self, row_ids: NumberArray) -> dict[int, FulltextHit]:
        snapshot = self._snapshots.current()
        positions = np.full(len(row_ids), -1) if snapshot is None else snapshot.positions_of_row_ids(row_ids)
        selects = [
            Select((*columns, "_rowid"), f"_rowid IN ({', '.join(map(str, some.tolist()))})")
            for columns, some in (
                (_COLUMNS_BESIDE_SNAPSHOT, row_ids[positions >= 0]),
                (_ALL_COLUMNS, row_ids[positions < 0]),
            )
            if len(some)
        ]
        found: dict[int, FulltextHit] = {}
        for answer in self._table.read_all(selects):
            read = row_ids_of(answer)
            if "path" in answer.column_names:
                found |= zip(read.tolist(), _hits_from_rows(answer), strict=True)
            elif snapshot is not None:
                hits = _hits_from_snapshot(answer, snapshot, snapshot.positions_of_row_ids(read))
                found |= zip(read.tolist(), hits, strict=True)
        return found


class FulltextFuture:
    """A question to the full-text index that is being answered."""

    def __init__(
        self,
        answer: Callable[[], pa.Table],
        simpler: Callable[[], pa.Table],
        rows: Callable[[NumberArray, Sequence[float]], list[FulltextHit]],
    ) -> None:
        self._answer, self._simpler, self._rows = answer, simpler, rows

    def rows(self) -> list[FulltextHit]:
        """The rows, best first; waits for them."""
        try:
            found = self._answer()
        except RuntimeError as error:
            if f"'{NAMES}' does not exist" not in str(error):
                raise
            found = self._simpler()
        return self._rows(row_ids_of(found), found.column("_score").to_pylist())


def _hits_from_rows(answer: pa.Table) -> list[FulltextHit]:
    """Hits of whole rows: `_ALL_COLUMNS`."""
    columns = {name: answer.column(name).to_pylist() for name in _ALL_COLUMNS}
    columns["id"] = [unit_id(path, part) for path, part in zip(columns["path"], columns["part"], strict=True)]
    columns["kind"] = list(map(Kind, columns["kind"]))
    columns["unit"] = list(map(UnitType, columns["unit"]))
    return _hits(columns)


def _hits_from_snapshot(answer: pa.Table, snapshot: VectorSnapshot, positions: NumberArray) -> list[FulltextHit]:
    """Hits of rows that a snapshot has: `_COLUMNS_BESIDE_SNAPSHOT` and their positions."""
    columns = {name: answer.column(name).to_pylist() for name in _COLUMNS_BESIDE_SNAPSHOT}
    columns["id"], columns["path"] = snapshot.ids(positions), snapshot.paths_at(positions)
    columns["kind"] = [KINDS_BY_CODE[code] for code in snapshot.kinds_at(positions).tolist()]
    columns["unit"] = [UNITS_BY_CODE[code] for code in snapshot.units_at(positions).tolist()]
    return _hits(columns)


def _hits(columns: Mapping[str, list[Any]]) -> list[FulltextHit]:
    """Hits of columns by name, whatever their order."""
    values = dict(columns)
    values["keywords"] = [tuple(words or ()) for words in values["keywords"]]
    values["place"] = [place or "" for place in values["place"]]
    fields = [name for name in FulltextHit._fields if name != "score"]
    return [FulltextHit(*row) for row in zip(*(values[name] for name in fields), strict=True)]
