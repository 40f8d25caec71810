"""Writing a table, by LanceDB's public API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.table.lance_backends import PublicBackend, Select, import_lancedb
from app.table.lance_loop import call_in_loop, run_in_loop

if TYPE_CHECKING:
    import pyarrow as pa

INDEX_CACHE_BYTES = 64 << 20
METADATA_CACHE_BYTES = 64 << 20
_BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class TableScan:
    """A scan, put together bit by bit."""

    table: WritableTable
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
        import pyarrow as pa

        async def read() -> pa.Table:
            stream = await self.table.execute(select, _BLOCK_ROWS)
            return pa.Table.from_batches([batch async for batch in stream], stream.schema)

        select = self._select()
        return run_in_loop(read())

    def to_batches(self, *, batch_size: int) -> Iterator[pa.RecordBatch]:
        async def following() -> pa.RecordBatch | None:
            async for batch in stream:
                return batch
            return None

        stream = run_in_loop(self.table.execute(self._select(), batch_size))
        while (batch := run_in_loop(following())) is not None:
            yield batch

    def _select(self) -> Select:
        names = self.columns if self.columns is not None else tuple(self.table.schema.names)
        return Select(names, self.condition, self.most)


class WritableTable:
    """One table, open for the sole writer; its handle stays on the version it was opened at, or made."""

    def __init__(self, inner: Any, index: Path, name: str) -> None:
        self._inner = inner
        self._index, self._name = index, name

    def reopen(self) -> None:
        """Go on in a new session: one keeps the files of every full-text index open that it has made or read."""
        self._inner = run_in_loop(
            PublicBackend().open(self._index, self._name, INDEX_CACHE_BYTES, METADATA_CACHE_BYTES)
        )

    async def execute(self, select: Select, block: int) -> Any:
        """Begin to answer a question: see `app.table.lance_backends.Backend`."""
        return await PublicBackend().execute(self._inner, select, block)

    @property
    def version(self) -> int:
        """Counts commits, upkeep included."""
        return int(self._do("version"))

    @property
    def schema(self) -> pa.Schema:
        return self._do("schema")

    def search(self) -> TableScan:
        """All rows, until it is told more."""
        return TableScan(self)

    def count_rows(self, condition: str | None = None) -> int:
        return int(self._do("count_rows", condition))

    def checkout_latest(self) -> None:
        self._do("checkout_latest")

    def add(self, rows: pa.Table) -> None:
        self._do("add", rows)

    def update_by(self, key: str, rows: pa.Table) -> None:
        """Overwrite the columns that `rows` has in those rows of the table that have the same key."""
        import pyarrow as pa

        target = self.schema
        cast = rows.cast(pa.schema([target.field(name) for name in rows.schema.names]))
        self._do_merge(key, cast)

    def _do_merge(self, key: str, rows: pa.Table) -> None:
        async def merge() -> None:
            await self._inner.merge_insert(key).when_matched_update_all().execute(rows)

        run_in_loop(merge())

    def update(self, *, where: str, values_sql: Mapping[str, str]) -> None:
        """Columns by SQL; several assignments are made in no order."""
        self._do("update", where=where, updates_sql=dict(values_sql))

    def delete(self, condition: str) -> None:
        self._do("delete", condition)

    def add_columns(self, fields: Iterable[pa.Field]) -> None:
        """Columns without values."""
        import pyarrow as pa

        self._do("add_columns", pa.schema(list(fields)))

    def optimize(self, *, cleanup_older_than: timedelta) -> None:
        """Compact, bring the indexes up to date, remove versions older than this."""
        self._do("optimize", cleanup_older_than=cleanup_older_than)

    def list_indices(self) -> Sequence[Any]:
        """Indexes, each with its `name`."""
        return list(self._do("list_indices"))

    def index_segments(self, name: str) -> int | None:
        """How many parts an index is split into; None where there is no such index, or it is not known."""
        found = self._do("index_stats", name)
        return None if found is None else found.num_indices

    def create_index(self, column: str, config: Any) -> None:
        """Make an index, anew where it is there; `config` is one of `lancedb.index`."""
        self._do("create_index", column, config=config, replace=True)

    def drop_index(self, name: str) -> None:
        self._do("drop_index", name)

    def _do(self, what: str, *arguments: object, **options: object) -> Any:
        return run_in_loop(call_in_loop(getattr(self._inner, what), *arguments, **options))


class WritableDatabase:
    """The folder of tables, for the sole writer."""

    def __init__(self, index: Path) -> None:
        self._index = index

    def open_table(self, name: str) -> WritableTable:
        backend = PublicBackend()
        opened = run_in_loop(backend.open(self._index, name, INDEX_CACHE_BYTES, METADATA_CACHE_BYTES))
        return WritableTable(opened, self._index, name)

    def create_table(self, name: str, schema: pa.Schema) -> WritableTable:
        """A new, empty table."""

        async def create() -> None:
            database = await import_lancedb().connect_async(str(self._index.absolute()))
            await database.create_table(name, schema=schema)

        run_in_loop(create())
        return self.open_table(name)
