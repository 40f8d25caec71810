"""Bringing damaged or lost annotations back: from the newest intact backup, the journal, and whatever can be read."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from app.annotations.backup import (
    back_up,
    backup_paths,
    journal_of,
    lenient_text,
    read_content,
    rebuilt_content,
    version_of_file,
)
from app.annotations.changes import Content
from app.annotations.schema import apply, replace_rows, version_of

log = logging.getLogger(__name__)

RESTORED = "Your tags were damaged and have been restored from their backup."
NOT_RESTORED = "Your tags were damaged and no backup was found; the damaged file was kept beside the new one."


def rebuild(connection: sqlite3.Connection, path: Path, salvaged: Content | None) -> str:
    """Replace all rows by those of backup and journal, and by the store's own valid rows where these have a gap."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        own = salvaged or _readable_content(connection)
        rebuilt = rebuilt_content(path)
        content, complete = rebuilt or (Content(), False)
        if not complete or not own.identity or own.version > content.version:
            content.adopt(own)
        content.identity = content.identity or own.identity or secrets.randbits(62)
        replace_rows(connection, content)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    log.warning("the annotations were restored (%d rows)", len(content))
    return RESTORED if rebuilt is not None else NOT_RESTORED


def _readable_content(connection: sqlite3.Connection) -> Content:
    try:
        return read_content(connection)
    except (sqlite3.DatabaseError, ValueError, TypeError):
        return Content()


def salvage(file: Path) -> Content:
    """The rows that can be read in a store which SQLite calls malformed."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.text_factory = lenient_text
            return _readable_content(connection)
    except sqlite3.Error:
        return Content()


def catch_up(connection: sqlite3.Connection, path: Path, identity: int, now: float) -> bool:
    """Apply what the journal has and the store lacks (it was replaced by an older one, or lost its WAL file).

    Returns whether that was more than a crash explains.

    A journal of another store is moved aside; where the journal lacks transactions, a backup stands in for them.
    """
    journal = journal_of(path)
    last = journal.last()
    if last is not None and last.identity != identity:
        journal.path.replace(_unused(path, "journal-of-another-store", ".journal"))
        last = None
    version = version_of(connection)
    if last is None or last.version < version:
        if version and version_of_file(backup_paths(path)[0], identity) < version:
            back_up(connection, path, now)
        return False
    if last.version == version:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        entries = journal.entries(identity, version_of(connection))
        for entry in entries:
            apply(connection, entry.change)
            connection.execute("UPDATE meta SET value = ? WHERE name = 'version'", (entry.version,))
        if len(entries) > 1:
            connection.execute("DELETE FROM step")  # the steps of these entries are not known
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    # One entry is what a process leaves that is killed between journal and commit: nothing was damaged.
    return len(entries) > 1


# ---- files


def move_aside(path: Path, now: float) -> Path:
    aside = aside_name(path, now)
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def aside_name(path: Path, now: float) -> Path:
    return _unused(path, f"broken-{int(now)}", ".sqlite")


def _unused(path: Path, what: str, suffix: str) -> Path:
    """A name beside the store that nothing has."""
    numbers = ("", *(f"-{number}" for number in range(1, 1000)))
    names = (path.with_name(f"{path.stem}.{what}{number}{suffix}") for number in numbers)
    return next(name for name in names if not name.exists())
