"""Small pictures of everything indexed: JPEG bytes by key, in an SQLite file of their own.

Written by the indexer and read by the window at the same time (WAL). It is a cache: a broken file is thrown away and
filled again. A photo's key is its content hash, a page's is `hash:page`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from app.core.private_folder import make_private_folder

_SCHEMA = "CREATE TABLE IF NOT EXISTS thumbnails (key TEXT PRIMARY KEY, jpeg BLOB NOT NULL)"
_WAIT_MS = 5000
_BATCH = 500  # SQLite's oldest limit of parameters in one statement is 999


def page_key(content_hash: str, page: int | None) -> str:
    """The key of a photo or whole document (no page), or of one page."""
    return content_hash if page is None else f"{content_hash}:{page}"


STORED_SIDE = 256
"""Longer side in pixels of the JPEG that is kept of each picture. Smaller ones stay until their file is read again."""


class ThumbnailStore:
    """One connection to the store, usable from any thread of this process.

    Attributes:
        path: the SQLite file; made, with its folder, where it is missing.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """JPEG bytes by key; what is not there is left out."""
        found: dict[str, bytes] = {}
        with self._lock:
            for chunk in _chunks(keys, _BATCH):
                marks = ",".join("?" * len(chunk))
                query = f"SELECT key, jpeg FROM thumbnails WHERE key IN ({marks})"
                found.update(self._read(query, chunk))
        return found

    def put_many(self, thumbnails: Mapping[str, bytes]) -> None:
        """Add or replace, in one transaction."""
        if not thumbnails:
            return
        rows = list(thumbnails.items())
        with self._lock:
            try:
                self._insert(rows)
            except sqlite3.DatabaseError as error:
                if not _is_corrupt(error):
                    raise
                self._start_anew()
                self._insert(rows)

    def delete_except(self, keep: Iterable[str]) -> int:
        """Drop what is not wanted any more and give the space back.

        Args:
            keep: keys, or content hashes, which keep their pages too.

        Returns:
            how many were dropped.
        """
        with self._lock, self._open() as connection:
            connection.execute("CREATE TEMP TABLE IF NOT EXISTS keep (key TEXT PRIMARY KEY) WITHOUT ROWID")
            connection.execute("DELETE FROM keep")
            connection.executemany("INSERT OR IGNORE INTO keep VALUES (?)", ((key,) for key in keep))
            dropped = connection.execute(
                "DELETE FROM thumbnails WHERE key NOT IN (SELECT key FROM keep)"
                " AND substr(key, 1, instr(key || ':', ':') - 1) NOT IN (SELECT key FROM keep)"
            ).rowcount
            connection.execute("DELETE FROM keep")
            connection.commit()
            # As a script: `execute` stops after the first freed page, since the rows of this statement have no columns.
            connection.executescript("PRAGMA incremental_vacuum")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            return dropped

    def __len__(self) -> int:
        with self._lock:
            rows = self._read("SELECT 'n', count(*) FROM thumbnails", ())
        return int(rows[0][1]) if rows else 0

    def size(self) -> int:
        """Bytes on disk, the write-ahead log included."""
        files = (self.path, *_companions(self.path))
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        """Let go of the file; the store opens itself again when it is asked."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _read(self, query: str, parameters: Sequence[str]) -> list[tuple[str, bytes]]:
        try:
            return self._open().execute(query, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            # The writer will heal it; until then there are no thumbnails.
            if _is_corrupt(error):
                return []
            raise

    def _insert(self, rows: Sequence[tuple[str, bytes]]) -> None:
        with self._open() as connection:
            connection.executemany("INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            make_private_folder(self.path.parent)
            try:
                self._connection = self._connect()
            except sqlite3.DatabaseError as error:
                if not _is_corrupt(error):
                    raise
                self._start_anew()
        assert self._connection is not None
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_MS / 1000, check_same_thread=False)
        try:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts only before the first table is made
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
            connection.commit()
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_anew(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        for file in (self.path, *_companions(self.path)):
            with suppress(FileNotFoundError):
                file.unlink()
        self._connection = self._connect()


def _companions(path: Path) -> tuple[Path, Path]:
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")


def _chunks(keys: Sequence[str], length: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while chunk := list(islice(rest, length)):
        yield chunk


def _is_corrupt(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is no good: SQLITE_CORRUPT or SQLITE_NOTADB; a full disk or a lock is not that."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
