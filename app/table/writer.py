"""The one writer of the index: whole files in, whole files out, one commit per batch.

Only the indexer process opens it, and only one thread of it calls it. A file's rows are replaced by deleting what is
there and adding the new ones: a kill between the two leaves the file missing, which the next reconcile sees and
redoes, so no order of events leaves a row twice or a file half there.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.core.errors import UserError
from app.core.records import EmbeddedFile, EmbeddingSpace, FileState, RefreshedPhoto
from app.table import index_manifest as manifests
from app.table import where
from app.table.batch import table_of
from app.table.carry_over import VECTORS_PENDING, carried_over_rows
from app.table.connection import table_for_writing
from app.table.disk import folder_size, sweep_leftovers, sync_commit
from app.table.file_index import MAX_IN_LIST, FileIndex
from app.table.index_manifest import IndexManifest, TableEntry
from app.table.lance_writing import WritableDatabase, WritableTable
from app.table.maintenance import Maintenance
from app.table.reader import IndexReader
from app.table.row_updates import moved_columns, refreshed_columns, replace_columns
from app.table.schema import signed_inode, unit_id
from app.table.vectors.vector_file_format import remove_vector_files

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger(__name__)
T = TypeVar("T")

_RETRIES = 6
_RETRYABLE = ("conflict", "Not found", "preempted")


class IndexWriter(FileIndex):
    """Writes one table, and answers what is to be known before that.

    Attributes:
        space: the embedding space of its vectors.
        is_serving: False while the table is built beside the one that answers searches.
    """

    def __init__(self, index: Path, entry: TableEntry, database: WritableDatabase, table: WritableTable):
        self._index = index
        self._entry = entry
        self._database = database
        super().__init__(table)
        self._folder = index / f"{entry.name}.lance"
        self._maintenance = Maintenance(index, entry)
        sweep_leftovers(self._folder)

    @property
    def space(self) -> EmbeddingSpace:
        return self._entry.space

    @property
    def is_serving(self) -> bool:
        serving = manifests.read(self._index).serving
        return serving is not None and serving.name == self._entry.name

    def reading(self) -> IndexReader:
        """A reader of this very table, serving or not, for work that reads and writes in turns."""
        return IndexReader(self._index, IndexManifest(serving=self._entry))

    # ---- changes; each is one commit, or two that heal themselves

    def write(self, files: Sequence[EmbeddedFile]) -> list[EmbeddedFile]:
        """Replace all rows of these files.

        Returns:
            the files whose rows could not be made, as the failed files that were stored in their place.
        """
        latest = {file.decoded.state.path: file for file in files}  # the same path twice would be two sets of rows
        rows, refused = table_of(list(latest.values()), self.space.dimension)
        self._replace(sorted(latest), rows)
        return refused

    def copy(self, pairs: Sequence[tuple[str, FileState, str]]) -> None:
        """Give each new file (state, root) the rows of a file with the same content; no vector is computed."""
        if rows := self._rewritten(pairs):
            self._replace([state.path for _, state, _ in pairs], rows)

    def move(self, pairs: Sequence[tuple[str, FileState, str]]) -> None:
        """Files that are found under another path now, as (old path, new state, root): new rows first, then the old
        ones go."""
        self.copy(pairs)
        kept = {state.path for _, state, _ in pairs}
        self.remove([old for old, _, _ in pairs if old not in kept])

    def refresh(self, photos: Sequence[RefreshedPhoto]) -> None:
        """Give photos the facts that their sidecars tell now; no vector is computed."""
        latest = {photo.state.path: photo for photo in photos}
        rows = self._select(sorted(latest))
        if rows.num_rows:
            fresh = replace_columns(rows, refreshed_columns(rows, latest))
            self._replace(sorted(set(fresh.column("path").to_pylist())), fresh)

    def stamp(self, states: Sequence[FileState]) -> None:
        """Store inode and ctime of files that are as they were in all else: two columns of one row each."""
        import pyarrow as pa

        latest = {unit_id(state.path, 0): state for state in states}
        table = pa.table(
            {
                "id": pa.array(list(latest), pa.string()),
                "inode": pa.array([signed_inode(state.inode) for state in latest.values()], pa.int64()),
                "ctime_ns": pa.array([state.ctime_ns or None for state in latest.values()], pa.int64()),
            }
        )
        if table.num_rows:
            self._commit(lambda: self._table.update_by("id", table), changed=0)

    def remove(self, paths: Sequence[str]) -> int:
        """Forget these files; the number of commits' worth of paths is bounded by slices of the condition."""
        for start in range(0, len(paths), MAX_IN_LIST):
            condition = where.value_in("path", paths[start : start + MAX_IN_LIST])
            self._commit(lambda condition=condition: self._table.delete(condition), changed=MAX_IN_LIST)  # type: ignore[misc]
        return len(paths)

    def set_tags(self, rows: Iterable[tuple[str, Sequence[str], Sequence[float]]], fingerprint: str) -> None:
        """Store proposed tags (unit id, labels best first, their certainties) with the vocabulary's fingerprint."""
        import pyarrow as pa

        given = list(rows)
        if not given:
            return
        table = pa.table(
            {
                "id": pa.array([unit for unit, _, _ in given], pa.string()),
                "tags": pa.array([list(labels) for _, labels, _ in given], pa.list_(pa.string())),
                "tag_scores": pa.array([list(scores) for _, _, scores in given], pa.list_(pa.float32())),
                "tag_fingerprint": pa.array([fingerprint] * len(given), pa.string()),
            }
        )
        self._commit(lambda: self._table.update_by("id", table), changed=0)

    # ---- upkeep

    def maintain(self, *, idle: bool = False) -> None:
        """Compact, clean up and index what is due (see `app.table.maintenance`); cheap when nothing is."""
        self._maintenance.run(self._table, idle=idle)

    def carry_over(self, roots: Sequence[str]) -> int:
        """Take over what the serving table knows of watched folders that are not there (see `app.table.carry_over`).

        Returns:
            how many files that were.
        """
        serving = manifests.read(self._index).serving
        if not roots or serving is None or serving.name == self._entry.name:
            return 0
        old = table_for_writing(self._database, self._index, serving.name)
        # A run that was killed right here may have begun this before.
        self._commit(
            lambda: self._table.delete(
                where.all_of(f"attempts = {VECTORS_PENDING}", where.value_in("root", roots)) or ""
            ),
            changed=0,
        )
        files = 0
        for rows in carried_over_rows(old, self._table, roots, same_model=serving.space == self.space):
            self._commit(lambda rows=rows: self._table.add(rows), changed=rows.num_rows)  # type: ignore[misc]
            files += rows.column("part").to_pylist().count(0)
        return files

    def complete(self) -> None:
        """This table answers searches from now on; older ones go."""
        manifest = manifests.read(self._index)
        if manifest.building is not None and manifest.building.name == self._entry.name:
            self._maintenance.run(self._table, idle=True)
            manifest = manifest.with_staged_active()
            manifests.write(self._index, manifest)
        keep = {entry.name for entry in (manifest.serving, manifest.building) if entry is not None}
        for folder in self._index.glob("units-*.lance"):
            if folder.stem not in keep:
                shutil.rmtree(folder, ignore_errors=True)
        for file in self._index.glob("units-*.statistics.npz"):
            if file.name.removesuffix(".statistics.npz") not in keep:
                file.unlink(missing_ok=True)
        for file in self._index.glob("units-*.vectors"):
            if file.name.split(".", 1)[0] not in keep:
                remove_vector_files(self._index, file.name.split(".", 1)[0])

    def size_bytes(self) -> int:
        return folder_size(self._index)

    def close(self) -> None:
        """Idempotent; all commits are already on disk."""
        self._maintenance.close()

    # ---- inside

    def _select(self, paths: Sequence[str], columns: list[str] | None = None) -> pa.Table:
        import pyarrow as pa

        names = columns or self._table.schema.names
        parts = []
        for start in range(0, len(paths), MAX_IN_LIST):
            condition = where.value_in("path", paths[start : start + MAX_IN_LIST])
            parts.append(self._table.search().where(condition).select(names).to_arrow())
        return pa.concat_tables(parts) if parts else self._table.schema.empty_table().select(names)

    def _rewritten(self, pairs: Sequence[tuple[str, FileState, str]]) -> pa.Table:
        """The rows of the old paths as rows of the new ones, vectors and all."""
        sources = self._select(sorted({old for old, _, _ in pairs}))
        by_path: dict[str, list[int]] = {}
        for number, path in enumerate(sources.column("path").to_pylist()):
            by_path.setdefault(path, []).append(number)
        indices: list[int] = []
        targets: list[tuple[FileState, str]] = []
        for old, state, root in pairs:
            mine = by_path.get(old, [])
            indices += mine
            targets += [(state, root)] * len(mine)
        rows = sources.take(indices)
        return replace_columns(rows, moved_columns(rows, targets))

    def _replace(self, paths: Sequence[str], rows: pa.Table) -> None:
        for start in range(0, len(paths), MAX_IN_LIST):
            condition = where.value_in("path", paths[start : start + MAX_IN_LIST])
            if self._table.count_rows(condition):
                self._commit(lambda condition=condition: self._table.delete(condition), changed=0)  # type: ignore[misc]
        self._commit(lambda: self._table.add(rows), changed=rows.num_rows)

    def _commit(self, change: Callable[[], T], *, changed: int) -> T:
        """Run one commit: retried where that helps, synced to disk, counted for upkeep."""
        since = time.time() - 1.0
        for attempt in range(_RETRIES):
            try:
                result = change()
                break
            except (RuntimeError, OSError) as error:
                if "No space left" in str(error):
                    raise UserError(
                        "The disk that holds the index is full.", "Free some space; indexing then goes on by itself."
                    ) from error
                if attempt == _RETRIES - 1 or not any(sign in str(error) for sign in _RETRYABLE):
                    raise
                log.info("retrying a commit: %s", error)
                self._table.checkout_latest()
                time.sleep(0.05 * 2**attempt)
        sync_commit(self._folder, since)
        self._maintenance.committed(changed)
        return result
