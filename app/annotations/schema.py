"""The tables of the annotations: laid out, filled, brought up to date, and counted by triggers.

Each row has a checksum, and `meta` the number of rows of each table, so that rows that are damaged or missing are
noticed. `meta` also has the store's identity (a random number) and its version (the number of transactions).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable

from app.annotations.backup import TABLES, read_content
from app.annotations.changes import Change, Content, ExampleRow, Row, TagRow, TaughtRow, checksum
from app.core.errors import UserError

VERSION = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decision(
    content_hash TEXT NOT NULL, label TEXT NOT NULL, verdict TEXT NOT NULL, at REAL NOT NULL, crc INTEGER,
    PRIMARY KEY (content_hash, label)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS decision_by_label ON decision(label, verdict);
CREATE TABLE IF NOT EXISTS step(
    id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, verdict TEXT, files INTEGER NOT NULL,
    at REAL NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS change(
    step INTEGER NOT NULL REFERENCES step(id) ON DELETE CASCADE, content_hash TEXT NOT NULL, label TEXT NOT NULL,
    before TEXT, after TEXT);
CREATE INDEX IF NOT EXISTS change_by_step ON change(step);
CREATE TABLE IF NOT EXISTS taught(label TEXT PRIMARY KEY, at REAL NOT NULL, crc INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS example(
    label TEXT NOT NULL, content_hash TEXT NOT NULL, positive INTEGER NOT NULL, path TEXT NOT NULL, crc INTEGER,
    PRIMARY KEY (label, content_hash)) WITHOUT ROWID;
"""
_COUNT = (
    "CREATE TRIGGER IF NOT EXISTS {0}_added AFTER INSERT ON {0}"
    " BEGIN UPDATE meta SET value = value + 1 WHERE name = '{0}'; END",
    "CREATE TRIGGER IF NOT EXISTS {0}_removed AFTER DELETE ON {0}"
    " BEGIN UPDATE meta SET value = value - 1 WHERE name = '{0}'; END",
)
_PUT = {
    TagRow: (
        "INSERT INTO decision(content_hash, label, verdict, at, crc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET verdict = excluded.verdict, at = excluded.at, crc = excluded.crc"
    ),
    ExampleRow: (
        "INSERT INTO example(label, content_hash, positive, path, crc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET positive = excluded.positive, path = excluded.path, crc = excluded.crc"
    ),
    TaughtRow: (
        "INSERT INTO taught(label, at, crc) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
        " SET at = excluded.at, crc = excluded.crc"
    ),
}


def user_version(connection: sqlite3.Connection) -> int:
    """The layout's version; 0 for a new or an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raises:
    UserError: the store was written by a newer program.
    """
    if user_version(connection) > VERSION:
        raise UserError(
            "Your tags were written by a newer version of Semblance.", "Update Semblance to go on with them."
        )


def version_of(connection: sqlite3.Connection) -> int:
    """The number of transactions since the store was made."""
    return int(connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])


def identity_of(connection: sqlite3.Connection) -> int:
    """The random number that the store got when it was made."""
    return int(connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()[0])


def apply(connection: sqlite3.Connection, change: Change) -> None:
    """Write the rows of a change with their checksums. Within a transaction."""
    for label in change.forgotten:
        connection.execute("DELETE FROM example WHERE label = ?", (label,))
        connection.execute("DELETE FROM taught WHERE label = ?", (label,))
    taken_back = [(row.content_hash, row.label) for row in change.tags if row.verdict is None]
    connection.executemany("DELETE FROM decision WHERE content_hash = ? AND label = ?", taken_back)
    _put(connection, (row for row in change.tags if row.verdict is not None))
    _put(connection, (*change.examples, *change.taught))


def _put(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    for row in rows:
        connection.execute(_PUT[type(row)], (*row, checksum(row)))


def replace_rows(connection: sqlite3.Connection, content: Content) -> None:
    """Lay the tables out anew with this content. Within a transaction. What could be undone is forgotten."""
    for table in ("change", "step", *TABLES, "meta"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    _create_tables(connection)
    _put(connection, content.rows())
    _start_counting(connection, content.identity, content.version)


def _create_tables(connection: sqlite3.Connection) -> None:
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)


def _start_counting(connection: sqlite3.Connection, identity: int, version: int) -> None:
    for table in TABLES:
        for trigger in _COUNT:
            connection.execute(trigger.format(table))
        connection.execute(f"INSERT OR REPLACE INTO meta SELECT '{table}', count(*) FROM {table}")
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('identity', ?), ('version', ?)", (identity, version))
    connection.execute(f"PRAGMA user_version = {VERSION}")


def bring_up_to_date(connection: sqlite3.Connection) -> bool:
    """Lay out a new store, or add checksums and counts to one of version 0.1; True for the latter."""
    known = user_version(connection)
    if known == VERSION:
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        content = Content() if known == 0 else read_content(connection)
        for table in TABLES if known else ():
            connection.execute(f"ALTER TABLE {table} ADD COLUMN crc INTEGER")
        _create_tables(connection)
        _put(connection, content.rows())
        _start_counting(connection, secrets.randbits(62), content.version)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return known > 0
