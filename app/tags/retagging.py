"""Tagging the whole library anew from its stored vectors: no picture is opened.

A row carries the fingerprint of what proposed its tags. Rows of the present fingerprint are left alone; of the others
only those whose proposals come out differently are written. For the rest it is noted beside the caches that the older
fingerprint says the same, which costs no row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from app.core.atomic_write import write_atomically
from app.core.records import FloatArray, UnitType
from app.tags.tagger import RankedProposals, Tagger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNITS = (UnitType.PHOTO, UnitType.PAGE, UnitType.PASSAGE)
_ROWS_PER_COMMIT = 20_000
_CERTAINTY_TOLERANCE = 0.01
"""Certainties this close are the same."""
_MAX_FINGERPRINTS = 32
_COLUMNS = ("id", "unit", "tags", "tag_scores", "tag_fingerprint")
TagRows = list[tuple[str, list[str], list[float]]]


class RetaggingReader(Protocol):
    """What is needed of `app.table.IndexReader`."""

    def columns(self, names: Sequence[str], condition: str | None = None) -> Any: ...

    def vector_blocks(
        self, units: Collection[UnitType], *, block: int = 8192, extra: str | None = None
    ) -> Iterator[tuple[list[str], FloatArray]]: ...


class TagWriter(Protocol):
    """What is needed of `app.table.IndexWriter`."""

    def set_tags(self, rows: Iterable[tuple[str, Sequence[str], Sequence[float]]], fingerprint: str) -> None: ...


@dataclass(frozen=True, slots=True)
class RetaggingResult:
    """Units that were looked at, and those whose proposals changed."""

    units: int
    changed: int


class TaggedRow(NamedTuple):
    """What a row says now; `judged` is whether it was ever tagged."""

    id: str
    unit: UnitType
    labels: list[str]
    values: list[float]
    was_tagged: bool


class EquivalentFingerprints:
    """Older fingerprints whose rows, where they were not rewritten, say what the present one says."""

    def __init__(self, cache: Path) -> None:
        self.path = cache / "tags" / "agreed.json"

    def current_and_older(self, fingerprint: str) -> tuple[str, ...]:
        """The fingerprints that need no work, the present one first."""
        try:
            noted = json.loads(self.path.read_text(encoding="ascii"))
            older = noted["older"] if noted["present"] == fingerprint else []
            return (fingerprint, *(str(name) for name in older))
        except (OSError, ValueError, KeyError, TypeError):
            return (fingerprint,)

    def note(self, fingerprint: str, older: Iterable[str]) -> None:
        names = [name for name in dict.fromkeys(older) if name and name != fingerprint][-_MAX_FINGERPRINTS:]
        write_atomically(self.path, json.dumps({"present": fingerprint, "older": names}).encode("ascii"))


def retag_library(
    reader: RetaggingReader,
    writer: TagWriter,
    tagger: Tagger,
    cache: Path,
    *,
    progress: Callable[[int, int], None] = lambda *_: None,
    stop: Callable[[], bool] = lambda: False,
) -> RetaggingResult:
    """Bring the proposals of all rows up to the tagger; quick when they are. Memory is some blocks of rows.

    Args:
        stop: asked after each block; what was written until then stays, and the next call goes on.
    """
    agreed = EquivalentFingerprints(cache)
    current_sql = ", ".join(f"'{name}'" for name in agreed.current_and_older(tagger.fingerprint))
    stale = f"vector IS NOT NULL AND (tag_fingerprint IS NULL OR tag_fingerprint NOT IN ({current_sql}))"
    known = _StaleRows(reader.columns(_COLUMNS, stale))
    if not known.total:
        return RetaggingResult(0, 0)
    done = changed = 0
    pending: TagRows = []
    for ids, vectors in reader.vector_blocks(UNITS, extra=stale):
        rows = known.positions(ids)
        present = np.flatnonzero(rows >= 0)  # a row may be newer than the listing
        pending += _changed_rows(tagger, known.rows(rows[present]), vectors[present])
        done += len(ids)
        if len(pending) >= _ROWS_PER_COMMIT:
            changed += len(pending)
            writer.set_tags(pending, tagger.fingerprint)
            pending = []
        progress(done, known.total)
        if stop():
            break
    else:
        agreed.note(tagger.fingerprint, [*agreed.current_and_older(tagger.fingerprint)[1:], *known.fingerprints()])
    writer.set_tags(pending, tagger.fingerprint)
    return RetaggingResult(done, changed + len(pending))


def _changed_rows(tagger: Tagger, known: Sequence[TaggedRow], vectors: FloatArray) -> TagRows:
    """The rows of a block whose proposals are not what the table has."""
    changed: TagRows = []
    offset = 0
    for ranking in tagger.rank(vectors, [row.unit for row in known]):
        labels, values = _lists(tagger, ranking)
        for row, row_labels, row_values in zip(known[offset : offset + len(labels)], labels, values, strict=True):
            same = row.was_tagged and row.labels == row_labels
            if not same or any(
                abs(have - now) > _CERTAINTY_TOLERANCE for have, now in zip(row.values, row_values, strict=True)
            ):
                changed.append((row.id, row_labels, row_values))
        offset += len(labels)
    return changed


def _lists(tagger: Tagger, ranking: RankedProposals) -> tuple[list[list[str]], list[list[float]]]:
    names = [tagger.names[label] for label in ranking.labels.tolist()]
    values = ranking.certainties.tolist()
    spans = list(zip(ranking.starts[:-1].tolist(), ranking.starts[1:].tolist(), strict=True))
    return [names[first:last] for first, last in spans], [values[first:last] for first, last in spans]


class _StaleRows:
    """What the stale rows say now, column by column: Arrow holds 100,000 of them in a few megabytes."""

    def __init__(self, table: Any) -> None:
        self.total = table.num_rows
        self._position = {unit: row for row, unit in enumerate(table.column("id").to_pylist())}
        self._table = table.combine_chunks()

    def positions(self, ids: Sequence[str]) -> npt.NDArray[np.intp]:
        return np.array([self._position.get(unit, -1) for unit in ids], dtype=np.intp)

    def rows(self, positions: npt.NDArray[np.intp]) -> list[TaggedRow]:
        chosen = self._table.take(positions)
        columns = (chosen.column(name).to_pylist() for name in _COLUMNS)
        return [
            TaggedRow(unit_id, UnitType(unit), labels or [], values or [], fingerprint is not None)
            for unit_id, unit, labels, values, fingerprint in zip(*columns, strict=True)
        ]

    def fingerprints(self) -> list[str]:
        return [name for name in self._table.column("tag_fingerprint").unique().to_pylist() if name]
