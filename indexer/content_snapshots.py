"""What a file looked like when the person last spoke of it, kept while something else stands under its path.

A program may write a file in pieces, slowly. The pieces are read as they come: half a picture, an empty file, a
failure. What was said is kept by content, and between the old content and the new one there is nothing that either is
like. So the looks of the old content stay here, small, until a content comes that is like them, or a month has passed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.core.records import FloatArray, Kind

KEPT_S = 30 * 24 * 3600.0
MAX_TEXT = 200_000
MAX_PAGES = 64
_LAYOUT = """
CREATE TABLE IF NOT EXISTS look(
    path TEXT NOT NULL, content_hash TEXT NOT NULL, kind TEXT NOT NULL, model TEXT NOT NULL, vectors BLOB NOT NULL,
    width INTEGER NOT NULL, text TEXT NOT NULL, thumbnail BLOB, at REAL NOT NULL,
    PRIMARY KEY (path, content_hash)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class ContentSnapshot:
    """What a content is known by.

    Attributes:
        path: stored form.
        model: fingerprint of the model that made `vectors`, those of a photo or of a document's pages: (n, d).
        text: a document's passages, one after the other.
    """

    path: str
    content_hash: str
    kind: Kind
    model: str
    vectors: FloatArray
    text: str = ""
    thumbnail: bytes | None = None


class SnapshotStore:
    """The looks that wait, in a file of the indexer's own. For one thread."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._waiting: set[str] | None = None

    @property
    def waiting(self) -> frozenset[str]:
        """Paths that something is kept of; the disk is read for it once."""
        if self._waiting is None:
            self._waiting = set()
            if self._path.exists():
                with self._open() as connection:
                    connection.execute("DELETE FROM look WHERE at < ?", (self._clock() - KEPT_S,))
                    self._waiting = {path for (path,) in connection.execute("SELECT DISTINCT path FROM look")}
        return frozenset(self._waiting)

    def of(self, path: str) -> list[ContentSnapshot]:
        """All that is kept of a path."""
        if path not in self.waiting:
            return []
        with self._open() as connection:
            return [_snapshot_of(row) for row in connection.execute("SELECT * FROM look WHERE path = ?", (path,))]

    def keep(self, look: ContentSnapshot) -> None:
        """Until `forget`, or for a month."""
        vectors = np.ascontiguousarray(look.vectors[:MAX_PAGES], dtype=np.float32)
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    look.path,
                    look.content_hash,
                    look.kind.value,
                    look.model,
                    vectors.tobytes(),
                    vectors.shape[1],
                    look.text[:MAX_TEXT],
                    look.thumbnail,
                    self._clock(),
                ),
            )
        self._waiting = {*self.waiting, look.path}

    def forget(self, look: ContentSnapshot) -> None:
        with self._open() as connection:
            connection.execute("DELETE FROM look WHERE path = ? AND content_hash = ?", (look.path, look.content_hash))
        self._waiting = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.executescript(_LAYOUT)
            yield connection
        finally:
            connection.close()


def _snapshot_of(row: sqlite3.Row) -> ContentSnapshot:
    vectors = np.frombuffer(row["vectors"], dtype=np.float32).reshape(-1, row["width"])
    return ContentSnapshot(
        row["path"], row["content_hash"], Kind(row["kind"]), row["model"], vectors, row["text"], row["thumbnail"]
    )
