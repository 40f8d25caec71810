"""A table of LanceDB, read at one version: the seam behind which `app.table.lance_backends` are.

A table stays at the version it was opened at, so that several questions are answered from the same rows, until it is
told to `follow`. Errors of a damaged table become one sentence and leave a mark, so that the indexer repairs it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from app.table.earlier_layout import stored_columns, with_places
from app.table.integrity import index_damaged, looks_damaged, mark_damaged
from app.table.lance_backends import Backend, Select
from app.table.lance_loop import call_in_loop, loop, run_in_loop, wait_for
from app.table.schema import LAYOUT

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

INDEX_CACHE_BYTES = 64 << 20
METADATA_CACHE_BYTES = 64 << 20
# By the thousand, as is LanceDB's way, a million rows take ten times as long.
_BLOCK_ROWS = 65_536
_FOLLOW_S = 1.0
_VERSIONS_PER_SESSION = 32
"""A session of LanceDB keeps the files of every full-text index open that it has read: it is replaced now and then."""


class LanceTable:
    """One table, open for reading; any thread may ask."""

    def __init__(self, backend: Backend, index: Path, name: str, *, layout: int = LAYOUT, follows: bool = True) -> None:
        """
        Args:
            layout: what the columns mean (`app.table.schema.LAYOUT`); an earlier one is read as if it were this.
            follows: each question is about the newest version, looked for once a second; otherwise only after `follow`.
        """
        self._backend = backend
        self._index, self._name = index, name
        self._is_earlier = layout < LAYOUT
        self._follows = follows
        self._lock = threading.Lock()
        self._open()

    def _open(self) -> None:
        """Open the table at its newest version in a session of its own."""
        self._folder_mtime = self._versions_mtime()
        self._table = run_in_loop(self._backend.open(self._index, self._name, INDEX_CACHE_BYTES, METADATA_CACHE_BYTES))
        self._version = self._session_version = int(run_in_loop(call_in_loop(self._table.version)))
        self._checked = time.monotonic()

    @property
    def version(self) -> int:
        """The version that is read; counts commits, upkeep included."""
        if self._follows:
            self._follow_now_and_then()
        return self._version

    def follow(self) -> None:
        """Go on to the newest version; a `stat` where there is no other."""
        with self._lock:
            self._checked = time.monotonic()
            if self._versions_mtime() == self._folder_mtime:
                return
            self._folder_mtime = self._versions_mtime()
            run_in_loop(call_in_loop(self._table.checkout_latest))
            self._version = int(run_in_loop(call_in_loop(self._table.version)))
            if self._version >= self._session_version + _VERSIONS_PER_SESSION:
                self._open()

    def _follow_now_and_then(self) -> None:
        if time.monotonic() >= self._checked + _FOLLOW_S:
            self.follow()

    def _versions_mtime(self) -> int:
        try:
            return (self._index / f"{self._name}.lance" / "_versions").stat().st_mtime_ns
        except OSError:
            return -1

    def read(self, select: Select) -> pa.Table:
        """All rows of an answer."""
        return self.read_all([select])[0]

    def read_all(self, selects: Sequence[Select]) -> list[pa.Table]:
        """Several answers, worked on at the same time."""

        async def read() -> list[pa.Table]:
            return list(await asyncio.gather(*(self._collect(select) for select in stored)))

        stored = selects
        if self._is_earlier:
            present = self.schema().names
            stored = [replace(select, columns=stored_columns(select.columns, present)) for select in selects]
        answers: list[pa.Table] = self._ask(lambda: run_in_loop(read()))
        if self._is_earlier:
            return [with_places(answer, select.columns) for answer, select in zip(answers, selects, strict=True)]
        return answers

    def begin(self, select: Select) -> Callable[[], pa.Table]:
        """Ask, without waiting: what is returned waits for the rows, and asks again where it must."""
        if self._follows:
            self._follow_now_and_then()
        first = [asyncio.run_coroutine_threadsafe(self._collect(select), loop())]

        def ask() -> pa.Table:
            return wait_for(first.pop()) if first else self.read(select)

        return lambda: self._ask(ask, follow=False)

    def batches(self, select: Select, size: int) -> Iterator[pa.RecordBatch]:
        """An answer in blocks of at most `size` rows, each read when it is asked for; all of one version."""
        stream = self._ask(lambda: run_in_loop(self._backend.execute(self._table, select, size)))
        while (batch := self._ask(lambda: run_in_loop(_next_batch(stream)), follow=False)) is not None:
            yield batch

    def count(self, condition: str | None = None) -> int:
        return self._ask(lambda: int(run_in_loop(call_in_loop(self._table.count_rows, condition))))

    def schema(self) -> pa.Schema:
        return self._ask(lambda: run_in_loop(call_in_loop(self._table.schema)), follow=False)

    def probe(self) -> None:
        """Read a little, so that damage is found when the table is opened."""
        run_in_loop(call_in_loop(self._table.count_rows, None))
        names = run_in_loop(call_in_loop(self._table.schema)).names
        if "id" not in names:
            raise RuntimeError("the table has no columns")  # what LanceDB makes of a manifest of zeros
        run_in_loop(self._collect(Select(names, limit=1)))

    async def _collect(self, select: Select) -> pa.Table:
        import pyarrow as pa

        stream = await self._backend.execute(self._table, select, _BLOCK_ROWS)
        return pa.Table.from_batches([batch async for batch in stream], stream.schema)

    def _ask(self, ask: Callable[[], _Result], *, follow: bool = True) -> _Result:
        """Ask; once more of the newest version where a clean-up removed the files under this one."""
        if follow and self._follows:
            self._follow_now_and_then()
        try:
            return ask()
        except (RuntimeError, OSError) as error:
            if "Not found" not in str(error):
                self._raise_if_damaged(error)
                raise
            log.info("reading again after a clean-up: %s", error)
        with self._lock:
            self._open()
        try:
            return ask()
        except (RuntimeError, OSError) as error:
            self._raise_if_damaged(error)
            raise

    def _raise_if_damaged(self, error: Exception) -> None:
        if looks_damaged(error):
            log.warning("the table %s is damaged: %s", self._name, error)
            mark_damaged(self._index, self._name)
            raise index_damaged() from error


async def _next_batch(stream: Any) -> pa.RecordBatch | None:
    try:
        return await stream.__anext__()
    except StopAsyncIteration:
        return None
