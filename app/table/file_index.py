"""What the table knows of files: the questions of whoever compares it with the disk before it is written to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from app.core.records import FACTS_VERSION, FileState, IndexedFile, Status, UnitType
from app.table import where
from app.table.carry_over import VECTORS_PENDING
from app.table.lance_writing import WritableTable

if TYPE_CHECKING:
    import pyarrow as pa

MAX_IN_LIST = 500
"""Paths that stand in one condition."""
STAT_COLUMNS = ("path", "size", "mtime_ns", "inode", "ctime_ns")
_STATE_COLUMNS = (*STAT_COLUMNS, "content_hash", "status", "retry_at_ns", "attempts")
_UINT64_MAX = 0xFFFF_FFFF_FFFF_FFFF
OUTDATED = -1
"""In place of a sidecar's stamp: the facts of the photo must be read anew, whatever lies beside it."""


class FileIndex:
    """The files of one table."""

    def __init__(self, table: WritableTable) -> None:
        self._table = table

    def listing(self, prefix: str = "") -> list[IndexedFile]:
        """All files of the table, or those in the folder `prefix` and below, sorted by path."""
        return self._files(where.below_folder(prefix) if prefix else None)

    def indexed(self, paths: Collection[str]) -> dict[str, IndexedFile]:
        """The files among `paths` that the table knows."""
        if len(paths) > MAX_IN_LIST:
            wanted = set(paths)
            return {file.state.path: file for file in self.listing() if file.state.path in wanted}
        return {file.state.path: file for file in self._files(where.value_in("path", sorted(paths)))} if paths else {}

    def _files(self, condition: str | None) -> list[IndexedFile]:
        search = self._table.search().where(where.all_of("part = 0", condition)).select(list(_STATE_COLUMNS))
        found = search.to_arrow()
        files = [
            IndexedFile(
                FileState(path, size, mtime_ns, inode & _UINT64_MAX, ctime_ns or 0),
                content_hash,
                Status(status),
                *retry,
            )
            for path, size, mtime_ns, inode, ctime_ns, content_hash, status, *retry in zip(
                *(found.column(name).to_pylist() for name in _STATE_COLUMNS), strict=True
            )
        ]
        files.sort(key=lambda file: file.state.path)
        return files

    def states(self, prefixes: Sequence[str] = ()) -> tuple[list[tuple[str, int, int, int, int]], dict[str, int]]:
        """(path, size, mtime_ns, inode, ctime_ns) of the files at or below these paths, or of all, in no order; and for
        photos with sidecars the stamps of these, by path. A photo that an earlier program read, which knew of fewer
        facts, has a stamp that no sidecar has: its facts are read anew.

        Plain tuples, because making 100,000 records takes longer than walking the disk they are compared with.
        """
        search = self._table.search().where(where.all_of("part = 0", _at_or_below(prefixes)))
        found = search.select([*STAT_COLUMNS, "sidecar", "unit", "facts_version"]).to_arrow()
        states = stat_tuples(found)
        beside = found.filter(found.column("sidecar").is_valid()).select(["path", "sidecar"])
        stamps = dict(zip(*(column.to_pylist() for column in beside.columns), strict=True))
        return states, {**stamps, **dict.fromkeys(_outdated_photos(found), OUTDATED)}

    def due(self, now_ns: int, *, adopted: bool = False) -> list[str]:
        """Failed files whose time to be tried again has come; with `adopted` those that lack vectors, too."""
        condition = f"(status = 'failed' AND retry_at_ns > 0 AND retry_at_ns <= {now_ns})"
        condition = f"part = 0 AND ({condition}{f' OR attempts = {VECTORS_PENDING}' if adopted else ''})"
        return sorted(self._table.search().where(condition).select(["path"]).to_arrow().column("path").to_pylist())

    def sizes(self) -> frozenset[int]:
        """Sizes of all files that were read through: only a new file of such a size can be a copy."""
        condition = "part = 0 AND content_hash != ''"
        return frozenset(self._table.search().where(condition).select(["size"]).to_arrow().column("size").to_pylist())

    def by_hash(self, content_hash: str) -> str | None:
        """A file with this content whose rows can be copied, or None."""
        condition = f"part = 0 AND status = 'ok' AND attempts >= 0 AND content_hash = {where.sql_literal(content_hash)}"
        found = self._table.search().where(condition).select(["path"]).limit(1).to_arrow()
        return str(found.column("path")[0].as_py()) if found.num_rows else None

    def count_files(self) -> int:
        return int(self._table.count_rows("part = 0"))


def _outdated_photos(files: pa.Table) -> list[str]:
    import pyarrow.compute as pc

    version = pc.fill_null(files.column("facts_version"), 0)
    outdated = pc.and_(pc.equal(files.column("unit"), UnitType.PHOTO.value), pc.less(version, FACTS_VERSION))
    paths: list[str] = files.filter(outdated).column("path").to_pylist()
    return paths


def stat_tuples(rows: pa.Table) -> list[tuple[str, int, int, int, int]]:
    """Rows with `STAT_COLUMNS`, in their order. A table that an earlier program wrote last may have no ctime: 0."""
    path, size, mtime_ns, inode = (rows.column(name) for name in STAT_COLUMNS[:4])
    unsigned = inode.to_numpy().view("uint64").tolist()
    ctime_ns = [0] * rows.num_rows
    if "ctime_ns" in rows.column_names:
        ctime_ns = rows.column("ctime_ns").fill_null(0).to_numpy().tolist()
    numbers = size.to_numpy().tolist(), mtime_ns.to_numpy().tolist(), unsigned, ctime_ns
    return list(zip(path.to_pylist(), *numbers, strict=True))


def _at_or_below(prefixes: Sequence[str]) -> str:
    return " OR ".join(f"path = {where.sql_literal(prefix)} OR {where.below_folder(prefix)}" for prefix in prefixes)
