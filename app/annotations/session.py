"""An open store as one object: reads that check each row, and transactions that are journalled before they count."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from app.annotations.backup import back_up, is_backup_due, journal_of
from app.annotations.changes import Change, ExampleRow, TagRow, is_valid
from app.annotations.database import open_database
from app.annotations.journal import Entry
from app.annotations.schema import apply, version_of
from app.core.errors import UserError
from app.core.system_errors import os_error_reason

_BATCH = 500
_Result = TypeVar("_Result")


class DamagedRow(Exception):
    """A row does not fit its checksum."""


@dataclass
class Transaction:
    """What one transaction changes."""

    connection: sqlite3.Connection
    changes: list[Change] = field(default_factory=list)

    def run(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """For the history of steps, which is not journalled."""
        return self.connection.execute(sql, values)

    def record(self, change: Change) -> None:
        """Write these rows, and remember them for the journal."""
        apply(self.connection, change)
        self.changes.append(change)


class StoreSession:
    """The store of one process, safe for several threads.

    Attributes:
        lock: held around everything that uses the connection.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._clock = clock
        self._journal = journal_of(path)
        self._opened = open_database(path, clock())

    @property
    def restored(self) -> str:
        """A sentence for the user if the store had to be restored, else ""."""
        return self._opened.restored

    @property
    def unwritable(self) -> str:
        """Why nothing can be changed; "" where it can."""
        return self._opened.unwritable

    @property
    def connection(self) -> sqlite3.Connection:
        return self._opened.connection

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    def healing(self, work: Callable[[], _Result]) -> _Result:
        """Do something with the store; restore it and do it again where it turns out to be damaged."""
        with self.lock:
            try:
                return work()
            except sqlite3.OperationalError:  # busy, a full disk: no damage
                raise
            except (DamagedRow, sqlite3.DatabaseError):
                self._reopen(thorough=True)
                return work()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; journalled, then committed.

        Raises:
            UserError: nothing can be written where the store is.
        """
        with self.lock:
            self._follow_restored_file()
            if self.unwritable:
                raise self._cannot_write(self.unwritable)
            run = self.connection.execute
            run("BEGIN IMMEDIATE")
            appended: int | None = None
            try:
                transaction = Transaction(self.connection)
                yield transaction
                run("UPDATE meta SET value = value + 1 WHERE name = 'version'")
                version = version_of(self.connection)
                change = _merged(transaction.changes)
                appended = self._journal.append(Entry(self._opened.identity, version, change))
                run("COMMIT")
            except BaseException as error:
                if appended is not None:
                    with suppress(OSError):
                        self._journal.truncate(appended)
                with suppress(sqlite3.Error):  # a full disk has rolled back already
                    run("ROLLBACK")
                if isinstance(error, OSError | sqlite3.OperationalError) and "locked" not in str(error):
                    raise self._cannot_write(os_error_reason(error)) from error
                raise

    def back_up_when_due(self) -> None:
        """A window may stay open for weeks. One `stat` when nothing is due."""
        with self.lock:
            if not self.unwritable and is_backup_due(self.path, self._clock()):
                back_up(self.connection, self.path, self._clock())

    # ---- reading

    def tags(self, condition: str = "", values: Sequence[object] = ()) -> list[TagRow]:
        """Annotations in order of label."""
        found = self.rows(f"SELECT content_hash, label, verdict, at, crc FROM decision {condition}", values)
        rows = []
        for content_hash, label, verdict, at, expected in found:
            row = TagRow(content_hash, label, verdict, at)
            if not is_valid(row, expected):
                raise DamagedRow
            rows.append(row)
        rows.sort(key=itemgetter(1))
        return rows

    def examples(self, condition: str = "", values: Sequence[object] = ()) -> list[ExampleRow]:
        """Examples of taught tags in order of content hash."""
        sql = f"SELECT label, content_hash, positive, path, crc FROM example {condition} ORDER BY content_hash"
        found = self.rows(sql, values)
        rows = [ExampleRow(*row[:-1]) for row in found]
        if not all(is_valid(row, values[-1]) for row, values in zip(rows, found, strict=True)):
            raise DamagedRow
        return rows

    def tags_of(self, hashes: Sequence[str], label: str | None = None) -> list[TagRow]:
        """Annotations of these contents; only those with a label, where it is given."""
        found: list[TagRow] = []
        for part in batches(hashes):
            condition = f"WHERE content_hash IN ({','.join('?' * len(part))})"
            values: list[object] = [*part]
            if label is not None:
                condition, values = f"{condition} AND label = ?", [*values, label]
            found += self.tags(condition, values)
        return found

    def examples_of(self, hashes: Sequence[str]) -> list[ExampleRow]:
        """Examples with these contents."""
        found: list[ExampleRow] = []
        for part in batches(hashes):
            found += self.examples(f"WHERE content_hash IN ({','.join('?' * len(part))})", part)
        return found

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query gives."""
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    # ---- inside

    def _follow_restored_file(self) -> None:
        """Another process may have put a restored file in the place of this one."""
        if self.unwritable:
            return
        try:
            status = self.path.stat()
            same = (status.st_dev, status.st_ino) == self._opened.inode
        except OSError:
            same = False
        if not same:
            self._reopen(thorough=False)

    def _reopen(self, *, thorough: bool) -> None:
        self.connection.close()
        self._opened = open_database(self.path, self._clock(), thorough=thorough)

    def _cannot_write(self, why: str) -> UserError:
        return UserError(
            f"{self.path} could not be written ({why}).",
            "Make room on the disk or check its permissions, and try again.",
        )


def _merged(changes: Sequence[Change]) -> Change:
    """The changes of one transaction as one, in their order."""
    return Change(
        tags=tuple(row for change in changes for row in change.tags),
        examples=tuple(row for change in changes for row in change.examples),
        taught=tuple(row for change in changes for row in change.taught),
        forgotten=tuple(label for change in changes for label in change.forgotten),
    )


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Slices that fit into one SQL statement."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
