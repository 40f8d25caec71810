"""What the user said about tags: a small SQLite store that is backed up, journalled, and never rebuilt from the index.

Annotations are kept by content hash, so that they survive re-indexing, moves, renames and another model; a copy of a
file shares those of the original. Each change is one transaction and one step that can be undone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType

from app.annotations.backup import write_copy
from app.annotations.changes import Change, ExampleRow, TagRow, TaughtRow
from app.annotations.session import StoreSession
from app.annotations.user_tags import TagExample, UndoEntry, UserTags, Verdict, normalise_label

_UNDO_DEPTH = 500
_VALUES = frozenset((None, *(verdict.value for verdict in Verdict)))


class AnnotationStore:
    """The store, safe for several threads and several processes (window, indexer, command line).

    A damaged row that is met while reading has the store restored at once. Where nothing can be written, everything
    can be read, and changing raises a `UserError`.

    Attributes:
        restored: a sentence for the user if the store was found damaged and taken from its backup, else "".
        read_only: whether nothing can be written where the store is.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._session = StoreSession(path, clock)
        self.restored = self._session.restored
        self.read_only = bool(self._session.unwritable)

    def __enter__(self) -> AnnotationStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    # ---- what the user says

    def decide(self, hashes: Iterable[str], label: str, verdict: Verdict | None) -> int:
        """Say the same of several files: one transaction, one step to undo. None forgets. Returns how many changed."""
        name = normalise_label(label)
        wanted = list(dict.fromkeys(content_hash for content_hash in hashes if content_hash))
        if not name or not wanted:
            return 0
        after = verdict.value if verdict else None
        count = self._session.healing(lambda: self._decide(wanted, name, after))
        if count:
            self._session.back_up_when_due()
        return count

    def _decide(self, hashes: Sequence[str], label: str, after: str | None) -> int:
        with self._session.transaction() as transaction:
            before = {row.content_hash: row.verdict for row in self._session.tags_of(hashes, label)}
            changed = [content_hash for content_hash in hashes if before.get(content_hash) != after]
            if not changed:
                return 0
            now = float(self._clock())
            run = transaction.run
            step = run(
                "INSERT INTO step(label, verdict, files, at) VALUES (?, ?, ?, ?)", (label, after, len(changed), now)
            ).lastrowid
            run("DELETE FROM step WHERE undone = 1")
            for content_hash in changed:
                run(
                    "INSERT INTO change(step, content_hash, label, before, after) VALUES (?, ?, ?, ?, ?)",
                    (step, content_hash, label, before.get(content_hash), after),
                )
            transaction.record(Change(tags=tuple(TagRow(one, label, after, now) for one in changed)))
            run("DELETE FROM step WHERE id <= ?", ((step or 0) - _UNDO_DEPTH,))
        return len(changed)

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
        return self._session.healing(lambda: self._replay("undone = 0 ORDER BY id DESC", "before", 1))

    def redo(self) -> UndoEntry | None:
        """Do the last undone step again."""
        return self._session.healing(lambda: self._replay("undone = 1 ORDER BY id ASC", "after", 0))

    def _replay(self, which: str, column: str, undone: int) -> UndoEntry | None:
        with self._session.transaction() as transaction:
            run = transaction.run
            step = run(f"SELECT id, verdict, label, files FROM step WHERE {which} LIMIT 1").fetchone()
            if step is None:
                return None
            number, verdict, label, files = step
            found = run(f"SELECT content_hash, label, {column} FROM change WHERE step = ?", (number,)).fetchall()
            if verdict not in _VALUES or any(value not in _VALUES or "\ufffd" in name for _, name, value in found):
                run("DELETE FROM step")  # damaged: no history is better than a wrong one
                return None
            now = float(self._clock())
            transaction.record(Change(tags=tuple(TagRow(key, name, value, now) for key, name, value in found)))
            run("UPDATE step SET undone = ? WHERE id = ?", (undone, number))
            return UndoEntry(Verdict(verdict) if verdict else None, label, files)

    def carry(self, old_hash: str, new_hash: str) -> None:
        """The same picture has other bytes now (its metadata was written): its annotations go on to hold."""
        if old_hash != new_hash and old_hash and new_hash:
            self._session.healing(lambda: self._carry(old_hash, new_hash))

    def _carry(self, old_hash: str, new_hash: str) -> None:
        with self._session.transaction() as transaction:
            have = {row.label: row.at for row in self._session.tags_of([new_hash])}
            # Where both were spoken of, the later word holds: another program may put the old bytes back.
            tags = [
                row._replace(content_hash=new_hash)
                for row in self._session.tags_of([old_hash])
                if row.label not in have or row.at > have[row.label]
            ]
            known = {row.label for row in self._session.examples_of([new_hash])}
            examples = [
                row._replace(content_hash=new_hash)
                for row in self._session.examples_of([old_hash])
                if row.label not in known
            ]
            transaction.record(Change(tags=tuple(tags), examples=tuple(examples)))
            # Undo takes a decision back from the picture as it is now, too.
            transaction.run(
                "INSERT INTO change(step, content_hash, label, before, after)"
                " SELECT step, ?, label, before, after FROM change WHERE content_hash = ?",
                (new_hash, old_hash),
            )

    # ---- what was said

    def annotated_hashes(self, hashes: Iterable[str]) -> frozenset[str]:
        """Those of these contents of which anything was said, taught tags' examples included."""
        wanted = list(dict.fromkeys(hashes))
        tags = self._session.healing(lambda: self._session.tags_of(wanted))
        examples = self._session.healing(lambda: self._session.examples_of(wanted))
        return frozenset(row.content_hash for row in tags) | {row.content_hash for row in examples}

    def of(self, hashes: Iterable[str]) -> dict[str, UserTags]:
        """What was said of these contents; one of which nothing was said is absent."""
        wanted = list(dict.fromkeys(hashes))
        return _by_content(self._session.healing(lambda: self._session.tags_of(wanted)))

    def all_user_tags(self) -> dict[str, UserTags]:
        """All annotations by content hash."""
        return _by_content(self._session.healing(self._session.tags))

    def hashes_by_label(self, label: str) -> tuple[frozenset[str], frozenset[str]]:
        """Content hashes that have a label by the user's word, and that have it not: what `tag:` needs to know."""
        rows = self._session.healing(lambda: self._session.tags("WHERE label = ?", (normalise_label(label),)))
        rejected = frozenset(row.content_hash for row in rows if row.verdict == Verdict.REJECTED)
        return frozenset(row.content_hash for row in rows) - rejected, rejected

    def labels(self) -> dict[str, int]:
        """Label -> number of contents that have it by the user's word."""
        sql = "SELECT label, count(*) FROM decision WHERE verdict != 'rejected' GROUP BY label ORDER BY label"
        return dict(self._session.healing(lambda: self._session.rows(sql)))

    def count(self) -> int:
        """Annotations in all."""
        return self._value("SELECT count(*) FROM decision")

    def version(self) -> int:
        """A number that changes whenever another connection or this one has changed anything: cheap to poll."""
        return self._value("SELECT value FROM meta WHERE name = 'version'")

    def _value(self, sql: str) -> int:
        rows = self._session.healing(lambda: self._session.rows(sql))
        return int(rows[0][0]) if rows else 0

    # ---- taught tags

    def teach(self, label: str, examples: Iterable[TagExample]) -> None:
        """Make `label` a taught tag, or give it more examples; the latest word on an example holds."""
        name = normalise_label(label)
        rows = tuple(ExampleRow(name, one.content_hash, int(one.positive), one.path) for one in examples)
        is_taught = name in self.taught()
        taught = () if is_taught else (TaughtRow(name, float(self._clock())),)
        self._session.healing(lambda: self._record(Change(examples=rows, taught=taught)))

    def forget_taught(self, label: str) -> None:
        """No longer propose a taught tag; what was confirmed stays."""
        self._session.healing(lambda: self._record(Change(forgotten=(normalise_label(label),))))

    def _record(self, change: Change) -> None:
        with self._session.transaction() as transaction:
            transaction.record(change)

    def taught(self) -> tuple[str, ...]:
        """Names of the taught tags."""
        sql = "SELECT label FROM taught ORDER BY label"
        return tuple(label for (label,) in self._session.healing(lambda: self._session.rows(sql)))

    def examples(self, label: str) -> tuple[TagExample, ...]:
        """What a taught tag is learnt from: the examples given, then what was confirmed and rejected since."""
        name = (normalise_label(label),)
        rows = self._session.healing(lambda: self._session.examples("WHERE label = ?", name))
        given = {row.content_hash: TagExample(row.content_hash, bool(row.positive), row.path) for row in rows}
        for tag in self._session.healing(lambda: self._session.tags("WHERE label = ?", name)):
            path = given[tag.content_hash].path if tag.content_hash in given else ""
            given[tag.content_hash] = TagExample(tag.content_hash, tag.verdict != Verdict.REJECTED, path)
        return tuple(given.values())

    # ---- for keeps

    def export_to(self, file: Path) -> None:
        """A copy of the whole store, on the user's demand."""
        with self._session.lock:
            write_copy(self._session.connection, file)


def _by_content(rows: Iterable[TagRow]) -> dict[str, UserTags]:
    found: dict[str, dict[str | None, list[str]]] = {}
    for row in rows:
        found.setdefault(row.content_hash, {}).setdefault(row.verdict, []).append(row.label)
    return {
        content_hash: UserTags(
            confirmed=tuple(labels.get(Verdict.CONFIRMED, ())),
            rejected=tuple(labels.get(Verdict.REJECTED, ())),
            own=tuple(labels.get(Verdict.OWN, ())),
        )
        for content_hash, labels in found.items()
    }
