"""Daily copies of the annotations, and the content that a damaged store is rebuilt from: a copy and the journal.

Three copies are kept: the latest, the one of before, and the richest. A copy with more rows than the store is never
discarded for one with fewer, so that a store that lost its rows unnoticed cannot push out what was in it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from app.annotations.changes import Content, ExampleRow, Row, TagRow, TaughtRow, is_valid
from app.annotations.journal import Journal
from app.core.atomic_write import replaced

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 24 * 3600.0
TABLES = ("decision", "example", "taught")
"""Tables that hold annotations. Their row counts are kept in `meta` under the same names."""
_COLUMNS = ("content_hash, label, verdict, at", "label, content_hash, positive, path", "label, at")
_JOURNAL_BYTES = 8 << 20


def backup_paths(path: Path) -> tuple[Path, Path]:
    """The latest backup and the one before."""
    return path.with_suffix(".backup.sqlite"), path.with_suffix(".backup-older.sqlite")


def all_backups(path: Path) -> tuple[Path, ...]:
    """Every backup that may exist: the latest, the one before, the richest."""
    return (*backup_paths(path), path.with_suffix(".backup-richest.sqlite"))


def journal_of(path: Path) -> Journal:
    """The journal beside a store."""
    return Journal(path.with_suffix(".journal"))


def read_content(connection: sqlite3.Connection) -> Content:
    """All rows of a store or a backup; those that are damaged are left out and counted.

    Raises:
        sqlite3.DatabaseError: it is not a store, or damaged beyond reading.
    """
    meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    content = Content(int(meta.get("identity", 0)), int(meta.get("version", 0)))
    has_checksums = any(column[1] == "crc" for column in connection.execute("PRAGMA table_info(decision)"))
    for table, columns in zip(TABLES, _COLUMNS, strict=True):
        crc = "crc" if has_checksums else "NULL"
        found = connection.execute(f"SELECT {columns}, {crc} FROM {table}").fetchall()
        for values in found:
            row = _row(table, values[:-1])
            if is_valid(row, values[-1]):
                content.put(row)
            else:
                content.damaged += 1
        if has_checksums and len(found) != meta.get(table):
            content.damaged += 1
    return content


def _row(table: str, values: tuple[Any, ...]) -> Row:
    if table == "decision":
        return TagRow(*values)
    return ExampleRow(*values) if table == "example" else TaughtRow(*values)


def lenient_text(value: bytes) -> str:
    """Text of a damaged row must not stop the reading of the others: its checksum tells."""
    return value.decode("utf-8", "replace")


def content_of_file(file: Path) -> Content | None:
    """The content of a backup; None where there is none, or SQLite cannot read it."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.text_factory = lenient_text
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return None
            return read_content(connection)
    except (sqlite3.Error, ValueError, TypeError):
        return None


def version_of_file(backup: Path, identity: int) -> int:
    """The number of transactions in a backup of this store; -1 where it is of another, or cannot be read."""
    try:
        with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
            return int(meta["version"]) if meta.get("identity") == identity else -1
    except (sqlite3.Error, KeyError, ValueError, TypeError):
        return -1


def rebuilt_content(path: Path) -> tuple[Content, bool] | None:
    """What the newest intact backup and the journal hold together, and whether nothing is missing between them.

    None where there is neither.
    """
    contents = [content for content in map(content_of_file, all_backups(path)) if content is not None]
    journal = journal_of(path)
    last = journal.last()
    identity = last.identity if last is not None else max((one.identity for one in contents), default=0)
    fitting = [one for one in contents if one.identity in (0, identity)]
    # Copies of another store are better than nothing only where there is nothing of this one.
    fitting = fitting or ([] if last is not None else contents)
    if not fitting and last is None:
        return None
    content = max(fitting, key=lambda one: (not one.damaged, one.version), default=Content())
    complete = not content.damaged
    for other in fitting if content.damaged else ():
        content.adopt(other)
    content.identity = identity
    for entry in journal.entries(identity, content.version):
        complete = complete and entry.version == content.version + 1
        content.apply(entry.version, entry.change)
    return content, complete


def write_copy(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of the open store at `target`, whole or not at all."""
    with replaced(target) as part, closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def is_backup_due(path: Path, now: float) -> bool:
    """Whether the latest backup is a day old or missing. One `stat`."""
    try:
        return not 0 <= now - backup_paths(path)[0].stat().st_mtime < BACKUP_EVERY_S
    except OSError:
        return True


def back_up(connection: sqlite3.Connection, path: Path, now: float) -> None:
    """Copy a store that was checked, and move the older copies on. Failing is noted in the log, not an error."""
    latest, older, richest = all_backups(path)
    try:
        rows = _row_count(connection)
        if latest.exists():
            if max(rows, _rows_in(richest), _rows_in(latest)) < _rows_in(older):
                older.replace(richest)
            latest.replace(older)
        write_copy(connection, latest)
        os.utime(latest, (now, now))
        _shorten_journal(path)
    except (OSError, sqlite3.Error) as error:  # a full disk must not keep the user from their tags
        log.warning("the annotations could not be backed up: %s", error)


def _shorten_journal(path: Path) -> None:
    """Drop entries that two intact backups hold, where the journal has become large."""
    journal = journal_of(path)
    if journal.size() < _JOURNAL_BYTES:
        return
    latest, older = map(content_of_file, backup_paths(path))
    if latest is not None and older is not None and latest.identity == older.identity and not older.damaged:
        journal.compact(latest.identity, older.version)


def _rows_in(backup: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return _row_count(connection)
    except sqlite3.Error:
        return 0


def _row_count(connection: sqlite3.Connection) -> int:
    return sum(int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in TABLES)
