"""What the person said about tags: a small SQLite store that is backed up and never rebuilt.

Everything is kept by content hash, so that it survives re-indexing, moves, renames and another model; a copy of a
file shares what was said of the original. Each change is one transaction and one step that can be undone.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from app.annotations.database import back_up_when_due, open_database
from app.annotations.user_tags import TagExample, UndoEntry, UserTags, Verdict, normalise_label

_BATCH = 500
_UNDO_DEPTH = 500


class AnnotationStore:
    """The store, safe for several threads and several processes (window, indexer, command line).

    Attributes:
        restored: a sentence for the person when the store was found broken and taken from its backup, else "".
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._connection, self.restored = open_database(path, clock())

    def __enter__(self) -> AnnotationStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    # ---- what the person says

    def decide(self, hashes: Iterable[str], label: str, verdict: Verdict | None) -> int:
        """Say the same of several files: one transaction, one step to undo. None forgets. Returns how many changed."""
        label = normalise_label(label)
        if not label:
            return 0
        with self._transaction() as run:
            wanted = list(dict.fromkeys(hash_ for hash_ in hashes if hash_))
            before = self._verdicts(wanted, label)
            after = verdict.value if verdict else None
            changes = [(hash_, label, before.get(hash_), after) for hash_ in wanted if before.get(hash_) != after]
            if not changes:
                return 0
            cursor = run(
                "INSERT INTO step(label, verdict, files, at) VALUES (?, ?, ?, ?)",
                (label, after, len(changes), self._clock()),
            )
            run("DELETE FROM step WHERE undone = 1", ())
            self._connection.executemany(
                "INSERT INTO change(step, content_hash, label, before, after) VALUES (?, ?, ?, ?, ?)",
                [(cursor.lastrowid, *change) for change in changes],
            )
            self._write((hash_, label, value) for hash_, label, _, value in changes)
            run("DELETE FROM step WHERE id <= ?", ((cursor.lastrowid or 0) - _UNDO_DEPTH,))
        with self._lock:  # a window may stay open for weeks
            back_up_when_due(self._connection, self.path, self._clock())
        return len(changes)

    def confirm(self, hashes: Iterable[str], label: str) -> int:
        return self.decide(hashes, label, Verdict.CONFIRMED)

    def reject(self, hashes: Iterable[str], label: str) -> int:
        return self.decide(hashes, label, Verdict.REJECTED)

    def add_own(self, hashes: Iterable[str], label: str) -> int:
        return self.decide(hashes, label, Verdict.OWN)

    def remove(self, hashes: Iterable[str], label: str) -> int:
        """Take a tag off: it is rejected, so that no model proposes it for these files again."""
        return self.decide(hashes, label, Verdict.REJECTED)

    def undo(self) -> UndoEntry | None:
        """Take the last step back, and return it; None when there is none."""
        return self._replay("SELECT * FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1", "before", 1)

    def redo(self) -> UndoEntry | None:
        """Do the last undone step again."""
        return self._replay("SELECT * FROM step WHERE undone = 1 ORDER BY id ASC LIMIT 1", "after", 0)

    def last_step(self) -> UndoEntry | None:
        """What `undo` would take back."""
        row = self._one("SELECT * FROM step WHERE undone = 0 ORDER BY id DESC LIMIT 1")
        return _undo_entry(row) if row else None

    def carry(self, old_hash: str, new_hash: str) -> None:
        """The same picture has other bytes now (its metadata was written): what was said goes on to hold."""
        if old_hash == new_hash or not old_hash or not new_hash:
            return
        with self._transaction() as run:
            # Where both were spoken of, the later word holds: another program may put the old bytes back.
            run(
                "INSERT INTO decision(content_hash, label, verdict, at)"
                " SELECT ?, label, verdict, at FROM decision WHERE content_hash = ?"
                " ON CONFLICT DO UPDATE SET verdict = excluded.verdict, at = excluded.at WHERE excluded.at > at",
                (new_hash, old_hash),
            )
            run(
                "INSERT OR IGNORE INTO example(label, content_hash, positive, path)"
                " SELECT label, ?, positive, path FROM example WHERE content_hash = ?",
                (new_hash, old_hash),
            )
            # Undo takes a decision back from the picture as it is now, too.
            run(
                "INSERT INTO change(step, content_hash, label, before, after)"
                " SELECT step, ?, label, before, after FROM change WHERE content_hash = ?",
                (new_hash, old_hash),
            )

    # ---- what was said

    def annotated_hashes(self, hashes: Iterable[str]) -> frozenset[str]:
        """Those of these contents of which anything was said, taught tags' examples included."""
        found: set[str] = set()
        for part in _batches(list(dict.fromkeys(hashes))):
            for table in ("decision", "example"):
                sql = f"SELECT DISTINCT content_hash FROM {table} WHERE content_hash IN ({','.join('?' * len(part))})"
                found.update(row["content_hash"] for row in self._all(sql, part))
        return frozenset(found)

    def of(self, hashes: Iterable[str]) -> dict[str, UserTags]:
        """What was said of these contents; one of which nothing was said is absent."""
        wanted = list(dict.fromkeys(hashes))
        found: dict[str, dict[str, list[str]]] = {}
        for part in _batches(wanted):
            marks = ",".join("?" * len(part))
            sql = f"SELECT content_hash, label, verdict FROM decision WHERE content_hash IN ({marks}) ORDER BY label"
            for row in self._all(sql, part):
                found.setdefault(row["content_hash"], {}).setdefault(row["verdict"], []).append(row["label"])
        return {hash_: _user_tags(said) for hash_, said in found.items()}

    def all_user_tags(self) -> dict[str, UserTags]:
        """All decisions by content hash."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in self._all("SELECT content_hash, label, verdict FROM decision ORDER BY label"):
            found.setdefault(row["content_hash"], {}).setdefault(row["verdict"], []).append(row["label"])
        return {hash_: _user_tags(said) for hash_, said in found.items()}

    def hashes_by_label(self, label: str) -> tuple[frozenset[str], frozenset[str]]:
        """Content hashes that have a label by the person's word, and that have it not: what `tag:` needs to know."""
        rows = self._all("SELECT content_hash, verdict FROM decision WHERE label = ?", (normalise_label(label),))
        rejected = frozenset(row["content_hash"] for row in rows if row["verdict"] == Verdict.REJECTED)
        return frozenset(row["content_hash"] for row in rows) - rejected, rejected

    def labels(self) -> dict[str, int]:
        """Label -> number of contents that have it by the person's word."""
        sql = "SELECT label, count(*) AS files FROM decision WHERE verdict != 'rejected' GROUP BY label ORDER BY label"
        return {row["label"]: row["files"] for row in self._all(sql)}

    def count(self) -> int:
        """Decisions in all."""
        row = self._one("SELECT count(*) AS n FROM decision")
        return int(row["n"]) if row else 0

    def version(self) -> int:
        """A number that changes whenever another connection or this one has changed anything: cheap to poll."""
        row = self._one("SELECT value FROM meta WHERE name = 'version'")
        return int(row["value"]) if row else 0

    # ---- taught tags

    def teach(self, label: str, examples: Iterable[TagExample]) -> None:
        """Make `label` a taught tag, or give it more examples; the latest word on an example holds."""
        name = normalise_label(label)
        with self._transaction() as run:
            run("INSERT OR IGNORE INTO taught(label, at) VALUES (?, ?)", (name, self._clock()))
            self._connection.executemany(
                "INSERT OR REPLACE INTO example(label, content_hash, positive, path) VALUES (?, ?, ?, ?)",
                [(name, example.content_hash, int(example.positive), example.path) for example in examples],
            )

    def forget_taught(self, label: str) -> None:
        """No longer propose a taught tag; what was confirmed stays."""
        with self._transaction() as run:
            run("DELETE FROM example WHERE label = ?", (normalise_label(label),))
            run("DELETE FROM taught WHERE label = ?", (normalise_label(label),))

    def taught(self) -> tuple[str, ...]:
        """Names of the taught tags."""
        return tuple(row["label"] for row in self._all("SELECT label FROM taught ORDER BY label"))

    def examples(self, label: str) -> tuple[TagExample, ...]:
        """What a taught tag is learnt from: the examples given, then what was confirmed and rejected since."""
        name = normalise_label(label)
        given = {
            row["content_hash"]: TagExample(row["content_hash"], bool(row["positive"]), row["path"])
            for row in self._all("SELECT * FROM example WHERE label = ? ORDER BY content_hash", (name,))
        }
        for row in self._all(
            "SELECT content_hash, verdict FROM decision WHERE label = ? ORDER BY content_hash", (name,)
        ):
            hash_, positive = row["content_hash"], row["verdict"] != Verdict.REJECTED
            given[hash_] = TagExample(hash_, positive, given[hash_].path if hash_ in given else "")
        return tuple(given.values())

    # ---- inside

    @contextmanager
    def _transaction(self) -> Iterator[Callable[[str, Sequence[object]], sqlite3.Cursor]]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'version'")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _replay(self, choose: str, column: str, undone: int) -> UndoEntry | None:
        with self._transaction() as run:
            row = run(choose, ()).fetchone()
            if row is None:
                return None
            changes = run(
                f"SELECT content_hash, label, {column} AS v FROM change WHERE step = ?", (row["id"],)
            ).fetchall()
            self._write((change["content_hash"], change["label"], change["v"]) for change in changes)
            run("UPDATE step SET undone = ? WHERE id = ?", (undone, row["id"]))
            return _undo_entry(row)

    def _write(self, rows: Iterable[tuple[str, str, str | None]]) -> None:
        """Set verdicts; None deletes. Within a transaction."""
        given = list(rows)
        self._connection.executemany(
            "INSERT OR REPLACE INTO decision(content_hash, label, verdict, at) VALUES (?, ?, ?, ?)",
            [(hash_, label, verdict, self._clock()) for hash_, label, verdict in given if verdict],
        )
        self._connection.executemany(
            "DELETE FROM decision WHERE content_hash = ? AND label = ?",
            [(hash_, label) for hash_, label, verdict in given if not verdict],
        )

    def _verdicts(self, hashes: Sequence[str], label: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in _batches(hashes):
            marks = ",".join("?" * len(part))
            sql = f"SELECT content_hash, verdict FROM decision WHERE label = ? AND content_hash IN ({marks})"
            found.update((row["content_hash"], row["verdict"]) for row in self._all(sql, [label, *part]))
        return found

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str) -> sqlite3.Row | None:
        rows = self._all(sql)
        return rows[0] if rows else None


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def _user_tags(said: dict[str, list[str]]) -> UserTags:
    return UserTags(
        confirmed=tuple(said.get(Verdict.CONFIRMED, ())),
        rejected=tuple(said.get(Verdict.REJECTED, ())),
        own=tuple(said.get(Verdict.OWN, ())),
    )


def _undo_entry(row: sqlite3.Row) -> UndoEntry:
    return UndoEntry(Verdict(row["verdict"]) if row["verdict"] else None, row["label"], row["files"])
