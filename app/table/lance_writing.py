"""Writing a table through LanceDB's compiled half alone.

The Python half of LanceDB takes 45 MB of an indexer that rests nearly all of its life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.table.index_kinds import IndexKind
from app.table.lance_binding import NativeTable, Select, call_in_loop, lance_extension, run_in_loop

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class _ScannableRows:
    """What the extension takes rows from: the attributes of `lancedb.scannable.Scannable`."""

    schema: pa.Schema
    num_rows: int
    reader: Callable[[], pa.RecordBatchReader]
    rescannable: bool = True


@dataclass(frozen=True)
class IndexStatistics:
    """Of one index: how many parts it is split into."""

    num_indices: int | None


@dataclass(frozen=True)
class TableScan:
    """A scan, put together as LanceDB's query builders are."""

    table: NativeTable
    condition: str | None = None
    columns: tuple[str, ...] | None = None
    most: int | None = None

    def where(self, condition: str | None) -> TableScan:
        return TableScan(self.table, condition, self.columns, self.most)

    def select(self, columns: Sequence[str]) -> TableScan:
        return TableScan(self.table, self.condition, tuple(columns), self.most)

    def limit(self, count: int) -> TableScan:
        return TableScan(self.table, self.condition, self.columns, count)

    def to_arrow(self) -> pa.Table:
        return self.table.read(self._asked())

    def to_batches(self, *, batch_size: int) -> Iterator[pa.RecordBatch]:
        return self.table.batches(self._asked(), batch_size)

    def _asked(self) -> Select:
        names = self.columns if self.columns is not None else tuple(self.table.schema().names)
        return Select(names, self.condition, self.most)


class WritableTable:
    """One table, open for the sole writer; its handle stays on the version it was opened at, or made."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._reading = NativeTable(inner)

    @property
    def version(self) -> int:
        """Counts commits, upkeep included."""
        return self._reading.version()

    @property
    def schema(self) -> pa.Schema:
        return self._reading.schema()

    def search(self) -> TableScan:
        """All rows, until it is told more."""
        return TableScan(self._reading)

    def count_rows(self, condition: str | None = None) -> int:
        return self._reading.count(condition)

    def checkout_latest(self) -> None:
        self._do("checkout_latest")

    def add(self, rows: pa.Table) -> None:
        given = _ScannableRows(rows.schema, rows.num_rows, rows.to_reader)
        self._do("add", given, "append", progress=None, write_parallelism=None, allow_external_blob_outside_bases=False)

    def update_by(self, key: str, rows: pa.Table) -> None:
        """Overwrite the columns that `rows` has in those rows of the table that have the same key."""
        import pyarrow as pa

        target = self.schema
        cast = rows.cast(pa.schema([target.field(name) for name in rows.schema.names]))
        how = dict.fromkeys(_MERGE_OPTIONS) | {"on": [key], "when_matched_update_all": True}
        how |= {"when_not_matched_insert_all": False, "when_not_matched_by_source_delete": False, "use_index": True}
        self._do("execute_merge_insert", cast.to_reader(), how)

    def update(self, *, where: str, values_sql: Mapping[str, str]) -> None:
        """Columns by SQL; several assignments are made in no order."""
        self._do("update", dict(values_sql), where)

    def delete(self, condition: str) -> None:
        self._do("delete", condition)

    def add_columns(self, fields: Iterable[pa.Field]) -> None:
        """Columns without values."""
        import pyarrow as pa

        self._do("add_columns_with_schema", pa.schema(list(fields)))

    def optimize(self, *, cleanup_older_than: timedelta) -> None:
        """Compact, bring the indexes up to date, remove versions older than this."""
        since = round(cleanup_older_than.total_seconds() * 1000)
        self._do("optimize", cleanup_since_ms=since, delete_unverified=False)

    def list_indices(self) -> Sequence[Any]:
        """Indexes, each with its `name`."""
        found: Sequence[Any] = self._do("list_indices")
        return found

    def index_stats(self, name: str) -> IndexStatistics | None:
        found = self._do("index_stats", name)
        return None if found is None else IndexStatistics(found.get("num_indices"))

    def create_index(self, column: str, config: IndexKind) -> None:
        """Make an index, anew where it is there."""
        self._do("create_index", column, index=config, replace=True, wait_timeout=None, name=None, train=True)

    def drop_index(self, name: str) -> None:
        self._do("drop_index", name)

    def _do(self, what: str, *arguments: object, **options: object) -> Any:
        return run_in_loop(call_in_loop(getattr(self._inner, what), *arguments, **options))


_MERGE_OPTIONS = (
    "when_matched_update_all_condition",
    "when_not_matched_by_source_condition",
    "when_not_matched_by_source_condition_expr",
    "timeout",
    "use_lsm",
    "validate_single_shard",
)


class WritableDatabase:
    """The folder of tables, for the sole writer."""

    def __init__(self, index: Path, *, index_cache: int, metadata_cache: int) -> None:
        native = lance_extension()

        async def connected() -> Any:
            # Caches are bounded because they are never given back.
            session = native.Session(index_cache_size_bytes=index_cache, metadata_cache_size_bytes=metadata_cache)
            return await native.connect(str(index.absolute()), None, None, None, None, None, None, None, session)

        self._inner = run_in_loop(connected())

    def open_table(self, name: str) -> WritableTable:
        return WritableTable(run_in_loop(call_in_loop(self._inner.open_table, name, [])))

    def create_table(self, name: str, schema: pa.Schema) -> WritableTable:
        """A new, empty table."""
        return WritableTable(
            run_in_loop(call_in_loop(self._inner.create_empty_table, name, "create", schema, namespace_path=[]))
        )
