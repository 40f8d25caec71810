"""The two ways to LanceDB's tables: its public API, and, for readers, its compiled half alone.

`import lancedb` builds hundreds of Pydantic and wrapper classes around an extension module that does all the work:
0.45 s of a search from the command line, 45 MB of a process at rest. A reader therefore loads the extension by itself
(6 ms), if it is of a version whose private signatures this module was tested with; otherwise, and where they turn out
to be others all the same, it uses the public API. The writer always does.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.core.native_loader import load_extension
from app.core.records import FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.table.fulltext import LanceQuery

log = logging.getLogger(__name__)

TESTED_VERSIONS = ("0.40.",)
"""Beginnings of the versions of LanceDB whose extension module is used directly: tests/app/table/test_lance_binding.py
runs against it, and against the public API, with whatever version is installed."""


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
    words: LanceQuery | None = None


class Backend(Protocol):
    """How a table is opened and asked; its coroutines run in `app.table.lance_loop`.

    What `open` returns has the awaitable methods `schema`, `version`, `count_rows(condition)` and `checkout_latest` in
    both. It stays at its version until `checkout_latest`.
    """

    async def open(self, index: Path, name: str, index_cache: int, metadata_cache: int) -> Any: ...

    async def execute(self, table: Any, select: Select, block: int) -> Any:
        """Begin to answer: an asynchronous iterator of record batches of at most `block` rows, with a `schema`."""
        ...


def backend() -> Backend:
    """The quick way where it is known to work, else the public one."""
    return NativeBackend() if has_tested_version() else PublicBackend()


@lru_cache(maxsize=1)
def has_tested_version() -> bool:
    return installed_version().startswith(TESTED_VERSIONS)


def installed_version() -> str:
    """The version of LanceDB that is installed."""
    spec = find_spec("lancedb")
    package = Path(spec.origin).parent if spec is not None and spec.origin else None
    for described in package.parent.glob("lancedb-*.dist-info") if package is not None else ():
        return described.name.removeprefix("lancedb-").removesuffix(".dist-info")
    from importlib import metadata  # imports the reading of mails, 20 ms of a cold search

    return metadata.version("lancedb")


def import_lancedb() -> Any:
    """LanceDB's public API."""
    os.environ.setdefault("LANCEDB_LOG", "error")  # read at import: one warning per query otherwise
    import lancedb

    return lancedb


class PublicBackend:
    """By LanceDB's documented asynchronous API."""

    async def open(self, index: Path, name: str, index_cache: int, metadata_cache: int) -> Any:
        lancedb = import_lancedb()
        session = lancedb.Session(index_cache_size_bytes=index_cache, metadata_cache_size_bytes=metadata_cache)
        database = await lancedb.connect_async(str(index.absolute()), session=session)
        return await database.open_table(name)

    async def execute(self, table: Any, select: Select, block: int) -> Any:
        query = table.query()
        if select.near is not None:
            query = query.nearest_to(select.near.vector).column("vector").distance_type("dot")
            query = query.nprobes(select.near.probes).refine_factor(select.near.refine)
        elif select.words is not None:
            query = query.nearest_to_text(public_query(select.words))
        query = query.select(list(select.columns))
        if select.condition:
            query = query.where(select.condition)
        if select.limit is not None:
            query = query.limit(select.limit)
        if select.offset:
            query = query.offset(select.offset)
        if select.order:
            ordering = import_lancedb().query.ColumnOrdering
            query = query.order_by(
                [ordering(column_name=name, ascending=up, nulls_first=False) for name, up in select.order]
            )
        return await query.to_batches(max_batch_length=block)


def public_query(words: LanceQuery) -> Any:
    """A full-text query in LanceDB's own classes."""
    from app.table.fulltext import BooleanQuery, PhraseQuery

    query = import_lancedb().query
    if isinstance(words, BooleanQuery):
        return query.BooleanQuery([(query.Occur(occur), public_query(part)) for occur, part in words.queries])
    if isinstance(words, PhraseQuery):
        return query.PhraseQuery(words.query, words.column, slop=words.slop)
    return query.MatchQuery(
        words.query,
        words.column,
        boost=words.boost,
        fuzziness=words.fuzziness,
        max_expansions=words.max_expansions,
        prefix_length=words.prefix_length,
    )


class NativeBackend:
    """By the extension module alone; by the public API where its signatures are others than those tested."""

    async def open(self, index: Path, name: str, index_cache: int, metadata_cache: int) -> Any:
        os.environ.setdefault("LANCEDB_LOG", "error")
        try:
            native = load_extension("lancedb", "_lancedb")
            session = native.Session(index_cache_size_bytes=index_cache, metadata_cache_size_bytes=metadata_cache)
            place = str(index.absolute())
            database = await native.connect(place, None, None, None, None, None, None, None, session)
            return await database.open_table(name, [])
        except (TypeError, AttributeError, ImportError) as error:
            log.warning("LanceDB's extension module is another than expected, its public API is used: %s", error)
            return await PublicBackend().open(index, name, index_cache, metadata_cache)

    async def execute(self, table: Any, select: Select, block: int) -> Any:
        if not hasattr(table.query(), "select_columns"):  # opened by the public API
            return await PublicBackend().execute(table, select, block)
        query = table.query()
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
        return await query.execute(block, None)


def _nearest_to(query: Any, near: VectorClause) -> Any:
    import numpy as np
    import pyarrow as pa

    query = query.nearest_to(pa.array(np.asarray(near.vector, dtype=np.float32)))
    query.column("vector")
    query.distance_type("dot")
    query.nprobes(near.probes)
    query.refine_factor(near.refine)
    return query
