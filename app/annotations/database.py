"""The SQLite file behind `app.annotations.store`: opened, checked, and rebuilt where it is damaged.

WAL with synchronous=FULL, and each change in the journal before it is committed: what was answered is on the disk,
whatever ends the process. The store counts as damaged if it is missing, empty, not a database or fails SQLite's
check while a backup or a journal exists, if a row does not fit its checksum, or if a table has another number of rows
than `meta` says. It is then rebuilt from the newest intact backup and the journal, under a lock between processes; a
store that is behind its journal gets the missing entries. Where nothing can be written, a copy in memory serves
reading.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from app.annotations.backup import (
    TABLES,
    all_backups,
    back_up,
    is_backup_due,
    journal_of,
    lenient_text,
    read_content,
    rebuilt_content,
    write_copy,
)
from app.annotations.changes import Content
from app.annotations.restore import RESTORED, aside_name, catch_up, move_aside, rebuild, salvage
from app.annotations.restore_notice import leave_notice
from app.annotations.schema import VERSION, bring_up_to_date, identity_of, refuse_newer, replace_rows, user_version
from app.core.errors import UserError
from app.core.file_lock import file_lock
from app.core.private_folder import make_private_folder
from app.core.system_errors import os_error_reason

log = logging.getLogger(__name__)

_BUSY_MS = 15_000
_LOCK_S = 30.0
_CHECKED_AT_OPEN = 2000
"""Stores of up to so many rows are checked row by row at each opening (6 ms); larger ones once a day."""


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """An open store.

    Attributes:
        identity: the store's random number; journal entries carry it.
        restored: a sentence for the user if it had to be restored, else "".
        unwritable: why only a copy in memory is open; "" for a store that can be changed.
        inode: device and inode of the file, to notice that another process has put a restored file in its place.
    """

    connection: sqlite3.Connection
    identity: int
    restored: str = ""
    unwritable: str = ""
    inode: tuple[int, int] = (0, 0)


def open_database(path: Path, now: float, *, thorough: bool = False) -> OpenedStore:
    """Open the store, restored if it is damaged. `thorough`: read all rows of a large store, too.

    Raises:
        UserError: it was written by a newer program, is in use, or cannot be read at all.
    """
    try:
        make_private_folder(path.parent)
        with file_lock(path.with_suffix(".lock"), timeout_s=_LOCK_S):
            return _open_writable(path, now, thorough)
    except (sqlite3.OperationalError, OSError) as error:
        if "locked" in str(error):
            raise _cannot_open(path, error) from error
        return _open_in_memory(path, error)
    except sqlite3.Error as error:
        raise _cannot_open(path, error) from error


# ---- opening


def _open_writable(path: Path, now: float, thorough: bool) -> OpenedStore:
    evidence = journal_of(path).size() > 0 or any(backup.exists() for backup in all_backups(path))
    salvaged: Content | None = None
    try:
        connection = _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        salvaged = salvage(move_aside(path, now))
        connection = _connect(path)
    restored = ""
    try:
        is_new = user_version(connection) == 0
        if salvaged is not None or (evidence if is_new else _is_damaged(connection, path, now, thorough)):
            if not is_new:
                write_copy(connection, aside_name(path, now))
            restored = leave_notice(path, rebuild(connection, path, salvaged))
        if bring_up_to_date(connection):
            back_up(connection, path, now)  # what came before has no journal
        identity = identity_of(connection)
        if catch_up(connection, path, identity, now):
            restored = restored or leave_notice(path, RESTORED)
        if is_backup_due(path, now):
            back_up(connection, path, now)
    except BaseException:
        connection.close()
        raise
    status = path.stat()
    return OpenedStore(connection, identity, restored, inode=(status.st_dev, status.st_ino))


def _connect(path: Path) -> sqlite3.Connection:
    with suppress(FileExistsError):  # private from its first byte; SQLite gives its other files the same mode
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    try:
        connection.text_factory = lenient_text
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        refuse_newer(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the store does not pass SQLite's check")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damaged(connection: sqlite3.Connection, path: Path, now: float, thorough: bool) -> bool:
    """Whether rows are damaged or missing. All are read if the store is small, a backup is due, or `thorough`."""
    try:
        meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
        has_checksums = user_version(connection) == VERSION
        if has_checksums and ("identity" not in meta or any(meta.get(table) != counts[table] for table in TABLES)):
            return True
        if has_checksums and sum(counts.values()) > _CHECKED_AT_OPEN and not thorough and not is_backup_due(path, now):
            return False
        return bool(read_content(connection).damaged)
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return True


def _cannot_open(path: Path, error: Exception) -> UserError:
    return UserError(
        f"Your tags in {path} could not be opened ({error}).",
        "Close other programs that use the file and check that its folder can be written.",
    )


def _open_in_memory(path: Path, error: Exception) -> OpenedStore:
    """A copy in memory of what can be read, where nothing can be written."""
    content = _content_without_writing(path)
    if content is None or content.damaged:
        rebuilt = rebuilt_content(path)
        if rebuilt is not None:
            content = rebuilt[0]
    content = content or Content()
    for entry in journal_of(path).entries(content.identity, content.version):
        content.apply(entry.version, entry.change)
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    replace_rows(memory, content)
    log.info("the annotations can only be read: %s", error)
    return OpenedStore(memory, content.identity, unwritable=os_error_reason(error))


def _content_without_writing(path: Path) -> Content | None:
    for mode in ("mode=ro", "mode=ro&immutable=1"):  # WAL needs a file beside the store, unless nothing changes it
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
                connection.text_factory = lenient_text
                refuse_newer(connection)
                return read_content(connection)
        except (sqlite3.Error, ValueError, TypeError):
            continue
    return None
