"""The SQLite file behind `app.annotations.store`: opened, laid out, backed up, and brought back when broken.

WAL with synchronous=FULL: a decision that was answered is on the disk, kill -9 or power cut. Once a day the whole
store is copied by SQLite's own backup to a second file, and the copy of before is kept as a third.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
from pathlib import Path

from app.annotations.restore_notice import leave_notice
from app.core.errors import UserError

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 24 * 3600.0
_BUSY_MS = 15_000
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO meta VALUES ('version', 0);
CREATE TABLE IF NOT EXISTS decision(
    content_hash TEXT NOT NULL, label TEXT NOT NULL, verdict TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (content_hash, label)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS decision_by_label ON decision(label, verdict);
CREATE TABLE IF NOT EXISTS step(
    id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, verdict TEXT, files INTEGER NOT NULL,
    at REAL NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS change(
    step INTEGER NOT NULL REFERENCES step(id) ON DELETE CASCADE, content_hash TEXT NOT NULL, label TEXT NOT NULL,
    before TEXT, after TEXT);
CREATE INDEX IF NOT EXISTS change_by_step ON change(step);
CREATE TABLE IF NOT EXISTS taught(label TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS example(
    label TEXT NOT NULL, content_hash TEXT NOT NULL, positive INTEGER NOT NULL, path TEXT NOT NULL,
    PRIMARY KEY (label, content_hash)) WITHOUT ROWID;
"""


def backup_paths(path: Path) -> tuple[Path, Path]:
    """The latest backup and the one before."""
    return path.with_suffix(".backup.sqlite"), path.with_suffix(".backup-older.sqlite")


def open_database(path: Path, now: float) -> tuple[sqlite3.Connection, str]:
    """The connection, and a sentence for the person when the store had to be taken from its backup, else "".

    A file that SQLite calls broken is moved aside, never deleted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    note = ""
    if not path.exists() and any(backup.exists() for backup in backup_paths(path)):
        note = _restore(path)
    try:
        connection = _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise _cannot_open(path, error) from error
        _move_aside(path, now)
        note = _restore(path)
        connection = _connect(path)
    back_up_when_due(connection, path, now)
    return connection, note


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > _VERSION:
            raise UserError(
                "Your tags were written by a newer version of Semblance.", "Update Semblance to go on with them."
            )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the store does not pass its own check")
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _cannot_open(path: Path, error: Exception) -> UserError:
    return UserError(
        f"Your tags in {path} could not be opened ({error}).",
        "Close other programs that use the file and check that its folder can be written.",
    )


def _move_aside(path: Path, now: float) -> None:
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(path.with_name(f"{path.stem}.broken-{int(now)}.sqlite{suffix}"))


def _restore(path: Path) -> str:
    """Copy the newest backup that passes SQLite's check to `path`."""
    for backup in backup_paths(path):
        if backup.exists() and _is_intact(backup):
            _copy(backup, path)
            log.warning("the decisions were restored from %s", backup.name)
            return leave_notice(path, "Your tags were damaged and have been restored from their backup.")
    what = "Your tags were damaged and no backup was found; the damaged file was kept beside the new one."
    return leave_notice(path, what)


def _is_intact(backup: Path) -> bool:
    try:
        source = sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(source.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False
    finally:
        source.close()


def _copy(source: Path, target: Path) -> None:
    connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        back_up(connection, target)
    finally:
        connection.close()


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of the open store at `target`, whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    copy = sqlite3.connect(name)
    try:
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        with open(name, "rb+") as file:
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def back_up_when_due(connection: sqlite3.Connection, path: Path, now: float) -> None:
    """Copy the store once a day. One `stat` when nothing is due."""
    latest, older = backup_paths(path)
    try:
        if latest.exists():
            if 0 <= now - latest.stat().st_mtime < BACKUP_EVERY_S:
                return
            latest.replace(older)
        back_up(connection, latest)
        os.utime(latest, (now, now))
    except (OSError, sqlite3.Error) as error:  # a full disk must not keep the person from their tags
        log.warning("the decisions could not be backed up: %s", error)
