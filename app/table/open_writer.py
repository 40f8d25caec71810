"""How the writer of a table is opened: an existing table checked, repaired and migrated, or a new one made."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from app.core.errors import IndexUnusable
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace
from app.table import index_manifest as manifests
from app.table.connection import connect, table_for_writing
from app.table.disk import require_hard_links
from app.table.index_manifest import TableEntry
from app.table.integrity import clear_mark, record_path
from app.table.lance_writing import WritableDatabase, WritableTable
from app.table.maintenance import Maintenance, repair
from app.table.migration import bring_up_to_date
from app.table.schema import LAYOUT, schema
from app.table.statistics import file_of as statistics_file
from app.table.vectors.vector_file_format import remove_vector_files
from app.table.writer import IndexWriter

log = logging.getLogger(__name__)


def open_for_writing(dirs: AppDirs, space: EmbeddingSpace, *, rebuild: bool = False) -> IndexWriter:
    """The writer of the table for `space`.

    Where another model's table is serving, the new one is built beside it until `IndexWriter.complete`; `rebuild`
    does the same for the same model. A table damaged beyond repair is dropped and begun anew.
    """
    require_hard_links(dirs.index)
    manifest = manifests.read(dirs.index)
    entry = _entry_for(manifest.serving, manifest.building, space, rebuild)
    if entry is None:
        manifest = manifest.with_new_table(space)
        entry = manifest.building or manifest.serving
        assert entry is not None
    database = connect(dirs.index)
    entry = replace(entry, id=entry.id or uuid4().hex)
    try:
        table = _open_or_create(database, dirs.index, entry)
    except IndexUnusable as damage:
        log.warning("%s It is begun anew.", damage.what)
        _forget_table(dirs.index, entry.name)
        entry = replace(entry, id=uuid4().hex)
        table = _open_or_create(database, dirs.index, entry)
    entry = replace(entry, layout=LAYOUT)
    manifests.write(dirs.index, manifest.replaced(entry))
    return IndexWriter(dirs.index, entry, database, table)


def _entry_for(
    serving: TableEntry | None, building: TableEntry | None, space: EmbeddingSpace, rebuild: bool
) -> TableEntry | None:
    if building is not None and building.space.fingerprint == space.fingerprint:
        return building
    if serving is not None and serving.space.fingerprint == space.fingerprint and not rebuild:
        return serving
    return None


def _forget_table(index: Path, name: str) -> None:
    """Remove a table and what was derived from it."""
    shutil.rmtree(index / f"{name}.lance", ignore_errors=True)
    remove_vector_files(index, name)
    for derived in (statistics_file(index, name), record_path(index, name)):
        derived.unlink(missing_ok=True)
    clear_mark(index, name)


def _open_or_create(database: WritableDatabase, index: Path, entry: TableEntry) -> WritableTable:
    if not (index / f"{entry.name}.lance").exists():
        table = database.create_table(entry.name, schema=schema(entry.space.dimension))
        Maintenance.prepare(table)
        return table
    table = table_for_writing(database, index, entry.name)
    repair(index, entry.name, table)
    bring_up_to_date(table, entry.space.dimension, entry.layout)
    return table
