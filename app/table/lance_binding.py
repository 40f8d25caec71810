"""Reading a table through LanceDB's compiled half alone.

`import lancedb` builds hundreds of Pydantic and wrapper classes around an extension module that does all the work:
0.45 s of a search from the command line, 45 MB of an indexer at rest. So the extension is loaded by itself (6 ms), and
its answers are waited for in one event loop; several questions may be asked at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.core.native_loader import load_extension
from app.core.records import FloatArray
from app.table.earlier_layout import stored_columns, with_places
from app.table.schema import LAYOUT

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_BATCH_ROWS = (
    65_536  # rows that come over at once: by the thousand, as is LanceDB's way, a million take ten times as long
)


@dataclass(frozen=True, slots=True)
class VectorClause:
    """Rows whose vectors are close to one: (d,) float32. Exact, or by the index where there is one."""

    vector: FloatArray
    probes: int = 64
    refine: int = 4


@dataclass(frozen=True, slots=True)
class Select:
    """A question to a table.

    Attributes:
        condition: DataFusion SQL, or None for all rows.
        order: (column, ascending), the first most significant.
        near, words: what to look for, at most one of them; `words` as `app.table.fulltext` writes it.
    """

    columns: Sequence[str]
    condition: str | None = None
    limit: int | None = None
    offset: int = 0
    order: tuple[tuple[str, bool], ...] = ()
    near: VectorClause | None = None
    words: object | None = None


class NativeTable:
    """One table, open for reading; any thread may ask."""

    def __init__(self, inner: Any, layout: int = LAYOUT) -> None:
        """`layout`: what the columns mean (`app.table.schema.LAYOUT`); an earlier one is read as if it were this."""
        self._inner = inner
        self._is_earlier = layout < LAYOUT

    @classmethod
    def open(
        cls, index: Path, name: str, *, index_cache: int, metadata_cache: int, follow_s: float, layout: int = LAYOUT
    ) -> NativeTable:
        """Open a table that follows commits of other processes within so many seconds."""
        native = lance_extension()

        async def opened() -> Any:
            session = native.Session(index_cache_size_bytes=index_cache, metadata_cache_size_bytes=metadata_cache)
            place = str(index.absolute())
            database = await native.connect(place, None, None, None, None, follow_s, None, None, session)
            return await database.open_table(name, [])

        return cls(run_in_loop(opened()), layout)

    def read(self, select: Select) -> pa.Table:
        """All rows of an answer."""
        return self.read_all([select])[0]

    def read_all(self, selects: Sequence[Select]) -> list[pa.Table]:
        """Several answers, worked on at the same time."""

        async def read() -> list[pa.Table]:
            return list(await asyncio.gather(*(_collect(self._query(select)) for select in wanted)))

        wanted = selects
        if self._is_earlier:
            present = self.schema().names
            wanted = [replace(select, columns=stored_columns(select.columns, present)) for select in selects]
        answers = self._fresh(lambda: run_in_loop(read()))
        if self._is_earlier:
            return [with_places(answer, select.columns) for answer, select in zip(answers, selects, strict=True)]
        return answers

    def begin(self, select: Select) -> Callable[[], pa.Table]:
        """Ask, without waiting: what is returned waits for the rows, and asks again where it must."""
        asked = asyncio.run_coroutine_threadsafe(_collect_query(self._query, select), _loop())
        first = [asked]

        def ask() -> pa.Table:
            return first.pop().result() if first else self.read(select)

        return lambda: self._fresh(ask)

    def batches(self, select: Select, size: int) -> Iterator[pa.RecordBatch]:
        """An answer in blocks of at most `size` rows, each read when it is asked for."""
        stream = run_in_loop(_execute(self._query(select), size))
        while (batch := run_in_loop(_next_batch(stream))) is not None:
            yield batch

    def count(self, condition: str | None = None) -> int:
        return self._fresh(lambda: int(run_in_loop(call_in_loop(self._inner.count_rows, condition))))

    def probe(self) -> None:
        """Read a little, so that damage is found when the table is opened."""
        run_in_loop(call_in_loop(self._inner.count_rows, None))
        run_in_loop(_collect(self._first_row()))

    def schema(self) -> pa.Schema:
        return run_in_loop(call_in_loop(self._inner.schema))

    def version(self) -> int:
        """Counts commits, upkeep included."""
        return int(run_in_loop(call_in_loop(self._inner.version)))

    def _fresh(self, ask: Callable[[], _Result]) -> _Result:
        """Ask; once more of the newest version where a clean-up removed the files under this one."""
        try:
            return ask()
        except RuntimeError as error:
            if "Not found" not in str(error):
                raise
            log.info("reading again after a clean-up: %s", error)
            run_in_loop(call_in_loop(self._inner.checkout_latest))
            return ask()

    def _first_row(self) -> Any:
        query = self._inner.query()
        query.limit(1)
        return query

    def _query(self, select: Select) -> Any:
        query = self._inner.query()
        if select.near is not None:
            query = _nearest_to(query, select.near)
        elif select.words is not None:
            query = query.nearest_to_text({"query": select.words})
        query.select_columns(list(select.columns))
        if select.condition:
            query.where(select.condition)
        if select.limit is not None:
            query.limit(select.limit)
        if select.offset:
            query.offset(select.offset)
        if select.order:
            query.order_by([{"column_name": name, "ascending": up, "nulls_first": False} for name, up in select.order])
        return query


def _nearest_to(query: Any, near: VectorClause) -> Any:
    import numpy as np
    import pyarrow as pa

    query = query.nearest_to(pa.array(np.asarray(near.vector, dtype=np.float32)))
    query.column("vector")
    query.distance_type("dot")
    query.nprobes(near.probes)
    query.refine_factor(near.refine)
    return query


async def _execute(query: Any, size: int | None = None) -> Any:
    return await query.execute(size, None)


async def _collect(query: Any) -> pa.Table:
    import pyarrow as pa

    stream = await _execute(query, _BATCH_ROWS)
    return pa.Table.from_batches([batch async for batch in stream], stream.schema)


async def _collect_query(query: Callable[[Select], Any], select: Select) -> pa.Table:
    return await _collect(query(select))


async def _next_batch(stream: Any) -> pa.RecordBatch | None:
    try:
        return await stream.__anext__()
    except StopAsyncIteration:
        return None


async def call_in_loop(ask: Any, *arguments: object, **options: object) -> Any:
    """The extension's own awaitables begin when they are called, and that must be in the loop."""
    return await ask(*arguments, **options)


def run_in_loop(answer: Coroutine[Any, Any, _Result]) -> _Result:
    """The answer, from the one loop of all questions."""
    waiting = asyncio.run_coroutine_threadsafe(answer, _loop())
    try:
        return waiting.result()
    except BaseException:  # Ctrl-C: nobody waits any more
        waiting.cancel()
        raise


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="LanceDBBackground-reading", daemon=True).start()
    return loop


def lance_extension() -> Any:
    """LanceDB's compiled half."""
    os.environ.setdefault("LANCEDB_LOG", "error")  # read at import: one warning per query otherwise
    return load_extension("lancedb", "_lancedb")
