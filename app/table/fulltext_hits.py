"""Rows that hold the words of a query, with what ranking needs of them.

The full-text index is asked for addresses and scores alone, in the background: reading whole rows takes four times as
long. Where the vectors are mapped (`app.table.vectors.snapshot`), ids, paths and unit types come from there; others are
read by address and remembered while the table stays as it is, since the next letter that somebody types asks
about much the same rows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from app.core.records import Kind, UnitType
from app.table.fulltext import COLUMNS, NAMES, WORDS, FulltextQuery, lance_query
from app.table.lance_binding import NativeTable, Select
from app.table.schema import unit_id
from app.table.vectors.snapshot import SnapshotCache, VectorSnapshot
from app.table.vectors.vector_file import VECTOR_UNITS, NumberArray, row_ids_of

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_CACHED_ROWS = 16_384
_COLUMNS_BESIDE_SNAPSHOT = ("root", "text", "content_hash", "title", "camera", "keywords")
_ALL_COLUMNS = (*_COLUMNS_BESIDE_SNAPSHOT, "path", "part", "kind", "unit")


class FulltextHit(NamedTuple):
    """A unit that may hold words of a query, and what they are looked for in; `score` is BM25.

    `place` is where a photo was taken, which its row has for a text.
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

    def __init__(self, table: NativeTable, matrices: SnapshotCache) -> None:
        self._table = table
        self._matrices = matrices
        self._lock = threading.Lock()
        self._version = -1
        self._known: dict[int, FulltextHit] = {}

    def ask(self, query: FulltextQuery, condition: str | None, limit: int) -> FulltextFuture:
        """Begin to look for the words of a query among the rows that meet a condition."""
        select = Select(("_rowid", "_score"), condition, limit, words=lance_query(query, COLUMNS))
        # An earlier program's table, until the indexer has opened it: all words stand in one column.
        simple = Select(("_rowid", "_score"), condition, limit, words=lance_query(query, [WORDS]))
        return FulltextFuture(self._table.begin(select), lambda: self._table.read(simple), self._rows)

    def read(self, condition: str | None, limit: int) -> list[FulltextHit]:
        """Rows that meet a condition, whatever words they hold."""
        return _hits_from_rows(self._table.read(Select(_ALL_COLUMNS, condition, limit)))

    def _rows(self, addresses: NumberArray, scores: Sequence[float]) -> list[FulltextHit]:
        """The rows at addresses, those that are still there."""
        version = self._matrices.version()
        with self._lock:
            if version != self._version or len(self._known) > _MAX_CACHED_ROWS:
                self._version, self._known = version, {}
            known = self._known
        listed = addresses.tolist()
        missing = np.array([address for address in listed if address not in known], dtype=np.uint64)
        if len(missing):
            known.update(self._read(missing))
        return [
            known[address]._replace(score=score)
            for address, score in zip(listed, scores, strict=True)
            if address in known
        ]

    def _read(self, addresses: NumberArray) -> dict[int, FulltextHit]:
        matrix = self._matrices.current()
        places = np.full(len(addresses), -1) if matrix is None else matrix.places_of(addresses)
        here, elsewhere = addresses[places >= 0], addresses[places < 0]
        asked = [
            Select((*columns, "_rowid"), f"_rowid IN ({', '.join(map(str, some.tolist()))})")
            for columns, some in ((_COLUMNS_BESIDE_SNAPSHOT, here), (_ALL_COLUMNS, elsewhere))
            if len(some)
        ]
        found: dict[int, FulltextHit] = {}
        for answer in self._table.read_all(asked):
            at = row_ids_of(answer)
            if "path" in answer.column_names:
                found |= zip(at.tolist(), _hits_from_rows(answer), strict=True)
            elif matrix is not None:
                found |= zip(at.tolist(), _hits_from_snapshot(answer, matrix, matrix.places_of(at)), strict=True)
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
    columns = {name: answer.column(name).to_pylist() for name in _ALL_COLUMNS}
    identities = zip(*(columns[name] for name in ("path", "part", "kind", "unit")), strict=True)
    photos = [unit == UnitType.PHOTO for unit in columns["unit"]]
    return [
        FulltextHit(unit_id(path, part), path, root, Kind(kind), UnitType(unit), part, *rest)
        for (path, part, kind, unit), (root, *rest) in zip(identities, _remaining_fields(answer, photos), strict=True)
    ]


def _hits_from_snapshot(answer: pa.Table, matrix: VectorSnapshot, places: NumberArray) -> list[FulltextHit]:
    """Rows that a matrix has. A photo's are its own rows; parts of documents are never the first."""
    units = matrix.units_at(places).tolist()
    identities = zip(matrix.ids(places), matrix.paths_at(places), units, strict=True)
    photos = [VECTOR_UNITS[unit] is UnitType.PHOTO for unit in units]
    return [
        FulltextHit(one, path, root, _KINDS[unit], VECTOR_UNITS[unit], 1, *rest)
        for (one, path, unit), (root, *rest) in zip(identities, _remaining_fields(answer, photos), strict=True)
    ]


_KINDS = tuple(Kind.PHOTO if unit is UnitType.PHOTO else Kind.DOCUMENT for unit in VECTOR_UNITS)


def _remaining_fields(answer: pa.Table, photos: Sequence[bool]) -> Iterator[tuple[Any, ...]]:
    """What follows in a row after its part, behind its root."""
    roots, texts, *columns, keywords = (answer.column(name).to_pylist() for name in _COLUMNS_BESIDE_SNAPSHOT)
    passages = (None if photo else text for photo, text in zip(photos, texts, strict=True))
    places = (text if photo and text else "" for photo, text in zip(photos, texts, strict=True))
    return zip(roots, passages, *columns, (tuple(words or ()) for words in keywords), places, strict=True)
