"""An append-only file of all changes, beside the store: what a damaged or lost store is rebuilt from.

One change a line: a checksum (CRC-32, 8 hex digits), a space, and JSON. A line that was cut off or damaged is left
out, and the others stay readable. Lines are written while the store's write lock is held, so that their order is that
of the transactions, and are on the disk before the transaction is.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from app.annotations.changes import Change, change_from
from app.core.atomic_write import write_atomically

_TAIL = 1 << 16


class Position(NamedTuple):
    """The store an entry belongs to, and the number of its transaction."""

    identity: int
    version: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction: the store it belongs to, its number, and the rows that it set."""

    identity: int
    version: int
    change: Change


class Journal:
    """The journal in one file, which need not exist. It belongs to whoever holds the store's write lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: Entry) -> int:
        """Write one entry and wait until it is on the disk; returns the size before, for `truncate`.

        Raises:
            OSError: it could not be written; the file is as it was.
        """
        line = _line(entry)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "rb+") as file:
            before = file.seek(0, os.SEEK_END)
            try:
                if before:
                    file.seek(before - 1)
                    if file.read(1) != b"\n":  # the line before was cut off
                        line = b"\n" + line
                    file.seek(before)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise
        return before

    def truncate(self, size: int) -> None:
        """Take back what was appended after `size` bytes, because its transaction failed."""
        os.truncate(self.path, size)

    def entries(self, identity: int, after: int) -> list[Entry]:
        """The readable entries of a store with a number above `after`, in order; of equal numbers the last holds."""
        readable = filter(None, map(_parsed, self._lines(0)))
        found = {one.version: one for one in readable if one.identity == identity and one.version > after}
        return [found[version] for version in sorted(found)]

    def last(self) -> Position | None:
        """Where the last readable entry stands. Reads the end of the file only."""
        size = self.size()
        for length in (_TAIL, size):
            for line in reversed(self._lines(max(0, size - length))):
                if (facts := _facts(line)) is not None:
                    return Position(int(facts["store"]), int(facts["version"]))
            if length >= size:
                return None
        return None

    def compact(self, identity: int, after: int) -> None:
        """Drop the entries up to a number that two intact backups cover. Call it under the store's write lock."""
        kept = self.entries(identity, after)
        write_atomically(self.path, b"".join(map(_line, kept)))

    def size(self) -> int:
        """Bytes; 0 where there is no file."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _lines(self, start: int) -> list[bytes]:
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.readlines()
        except OSError:
            return []


def _line(entry: Entry) -> bytes:
    facts = {"store": entry.identity, "version": entry.version, **entry.change.as_json()}
    text = json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _facts(line: bytes) -> dict[str, Any] | None:
    """What a line says, if its checksum fits: then it is what was written."""
    check, _, text = line.rstrip(b"\n").partition(b" ")
    try:
        return dict(json.loads(text)) if int(check, 16) == zlib.crc32(text) else None
    except (ValueError, TypeError):
        return None


def _parsed(line: bytes) -> Entry | None:
    facts = _facts(line)
    try:
        return None if facts is None else Entry(int(facts["store"]), int(facts["version"]), change_from(facts))
    except (ValueError, TypeError, KeyError):
        return None
