"""Keeping the vector file of a table up to date, in the indexer, when nothing else is waiting.

A file is written anew when its table changed enough, and whenever it is in doubt: when it is of an earlier format or of
another table, when a checksum is wrong, or when a row of it is not what the table has under its row id. That is checked
once in the life of an indexer; from then on this process has made every change itself, and row ids tell.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import numpy as np

from app.core.records import FloatArray
from app.table.index_manifest import TableEntry
from app.table.lance_writing import WritableTable
from app.table.vectors import vector_file, vector_file_writer
from app.table.vectors.unit_codes import NumberArray
from app.table.vectors.vector_file import VectorFile, content_stamp, row_ids_of, row_keys, vector_rows_of
from app.table.vectors.vector_file_format import (
    read_vector_file,
    remove_vector_files,
    vector_file_path,
    vector_files_of,
)

log = logging.getLogger(__name__)

MAX_VECTOR_FILE_BYTES = 8 << 30
"""Bytes of vectors up to which a copy of them is kept for readers; beyond, they ask LanceDB's index."""
_ALWAYS_REWRITTEN_BYTES = 32 << 20  # bytes of vectors that may be written anew for a single changed one


class VectorFileUpkeep:
    """Of one table, in the writer's thread."""

    def __init__(self, index: Path, entry: TableEntry) -> None:
        self._index = index
        self._entry = entry
        self._trusted: Path | None = None  # checked, or written, by this process

    def refresh(self, table: WritableTable, rows: int) -> None:
        """Bring the file up to date, as far as it pays; `rows` of the table."""
        version, dimension = int(table.version), int(table.schema.field("vector").type.list_size)
        files = vector_files_of(self._index, self._entry.name)
        newest = files[-1] if files else None
        if newest is not None and newest == (version, self._trusted):
            return
        known = self._open(newest[1]) if newest is not None else None
        changed = rows if known is None else self._count_changed(table, known, newest[1])  # type: ignore[index]
        centroids = None if known is None else np.array(known.lists.centroids)
        del known  # Windows renames no file that is mapped
        if newest is not None and not changed and self._renamed(newest[1], version):
            return
        size = rows * dimension * 4
        if size > MAX_VECTOR_FILE_BYTES:
            remove_vector_files(self._index, self._entry.name)
        elif not changed or size <= _ALWAYS_REWRITTEN_BYTES or changed > rows // 50:
            if shutil.disk_usage(self._index).free < 3 * size:  # they are written twice
                log.warning("no copy of the vectors: it needs more free space than there is")
            else:
                self._write(table, version, dimension, centroids)

    def _open(self, path: Path) -> VectorFile | None:
        """The file, or None where it must be written anew."""
        if path == self._trusted:
            return read_vector_file(path)
        file = read_vector_file(path, check_all=True)
        identity = file.identity if file is not None else None
        if file is None or identity is None or not file.is_intact():
            return None
        return file if (identity.table, identity.table_id) == (self._entry.name, self._entry.id) else None

    def _count_changed(self, table: WritableTable, file: VectorFile, path: Path) -> int:
        """How many rows of the table are not what and where the file says: written since, or moved by a compaction."""
        scan = table.search().where(vector_file.CONDITION)
        if path == self._trusted:
            now = row_ids_of(scan.select(["_rowid"]).to_arrow())
            return len(np.setxor1d(now, np.concatenate([file.row_ids, file.pending]), assume_unique=True))
        answer = scan.select([*vector_file.COLUMNS, "_rowid"]).to_arrow()
        rows, now = vector_rows_of(answer), row_ids_of(answer)
        if file.identity is not None and content_stamp(rows, now) == file.identity.content:
            return 0
        filed = row_keys(file.rows.take(file.by_row_id), file.row_ids)
        has_vector = ~np.isin(now, file.pending)
        gone: NumberArray = np.setdiff1d(file.pending, now, assume_unique=True)
        return len(np.setxor1d(row_keys(rows, now)[has_vector], filed)) + len(gone)

    def _write(self, table: WritableTable, version: int, dimension: int, centroids: FloatArray | None) -> None:
        name = self._entry.name
        scan = table.search().where(vector_file.CONDITION).select([*vector_file_writer.COLUMNS, "_rowid"])
        path = vector_file_path(self._index, name, version)
        try:
            batches = scan.to_batches(batch_size=vector_file_writer.BLOCK_ROWS)
            vector_file_writer.make_vector_file(path, (name, self._entry.id, version), batches, dimension, centroids)
            self._trusted = path
        except OSError as error:  # a full disk: searches are slower, that is all
            log.warning("the file of vectors was not written: %s", error)
        remove_vector_files(self._index, name, but=version)

    def _renamed(self, file: Path, version: int) -> bool:
        """Upkeep made a new version of the same rows: the file's name says so."""
        target = vector_file_path(self._index, self._entry.name, version)
        try:
            file.rename(target)
        except OSError:  # Windows, and a reader has it mapped
            return False
        self._trusted = target
        return True
