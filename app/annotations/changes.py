"""What the journal, a backup and the store have in common: rows with a checksum, and changes of rows.

A row's checksum covers all its values, so that a bit that flips inside a text is found, which SQLite's own check does
not look for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from app.annotations.user_tags import Verdict

_VERDICTS = frozenset(verdict.value for verdict in Verdict)


class TagRow(NamedTuple):
    """One annotation. `verdict` is None in a change that takes the annotation back; `at` is in seconds (Unix time)."""

    content_hash: str
    label: str
    verdict: str | None
    at: float


class ExampleRow(NamedTuple):
    """One example of a taught tag; `positive` is 0 or 1, `path` in stored form."""

    label: str
    content_hash: str
    positive: int
    path: str


class TaughtRow(NamedTuple):
    """One taught tag."""

    label: str
    at: float


Row: TypeAlias = TagRow | ExampleRow | TaughtRow


def checksum(row: Row) -> int:
    """CRC-32 of all values of a row."""
    if isinstance(row, TagRow):  # the commonest by far, and 100,000 of them are read at once
        content_hash, label, verdict, at = row
        return zlib.crc32(f"{content_hash}\x1f{label}\x1f{verdict}\x1f{at}".encode("utf-8", "surrogatepass"))
    return zlib.crc32("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass"))


def is_valid(row: Row, expected: int | None) -> bool:
    """Whether a row's checksum fits. Rows of programs before 0.2 have none: they must make sense at least."""
    if expected is not None:
        return expected == checksum(row)
    text = "".join(value for value in row if isinstance(value, str))
    return "\ufffd" not in text and (not isinstance(row, TagRow) or row.verdict in _VERDICTS)


@dataclass(frozen=True, slots=True)
class Change:
    """The rows that one transaction sets. Applying it twice gives the same as once.

    Attributes:
        tags, examples, taught: rows that replace those of the same key.
        forgotten: labels that are no longer taught tags; their examples go with them.
    """

    tags: tuple[TagRow, ...] = ()
    examples: tuple[ExampleRow, ...] = ()
    taught: tuple[TaughtRow, ...] = ()
    forgotten: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; the hashes of equal tags share one entry, since a tag is often given to thousands of files."""
        groups: dict[tuple[str, str | None, float], list[str]] = {}
        for row in self.tags:
            groups.setdefault((row.label, row.verdict, row.at), []).append(row.content_hash)
        facts: dict[str, Any] = {}
        if groups:
            facts["tags"] = [[*key, hashes] for key, hashes in groups.items()]
        if self.examples:
            facts["examples"] = [list(row) for row in self.examples]
        if self.taught:
            facts["taught"] = [list(row) for row in self.taught]
        if self.forgotten:
            facts["forgotten"] = list(self.forgotten)
        return facts


def change_from(facts: Mapping[str, Any]) -> Change:
    """The reverse of `Change.as_json`.

    Raises:
        ValueError, TypeError, KeyError: it is not one.
    """
    tags = [
        TagRow(str(content_hash), str(label), None if verdict is None else Verdict(verdict).value, float(at))
        for label, verdict, at, hashes in facts.get("tags", ())
        for content_hash in hashes
    ]
    examples = (ExampleRow(str(a), str(b), int(c), str(d)) for a, b, c, d in facts.get("examples", ()))
    taught = (TaughtRow(str(label), float(at)) for label, at in facts.get("taught", ()))
    return Change(tuple(tags), tuple(examples), tuple(taught), tuple(map(str, facts.get("forgotten", ()))))


@dataclass
class Content:
    """All annotations, as read from a backup or a store, with the changes of a journal applied.

    Attributes:
        identity: random number of the store; backups and journals of another store are not mixed with it.
        version: number of transactions since the store was made.
        damaged: rows that were there and could not be read.
    """

    identity: int = 0
    version: int = 0
    tags: dict[tuple[str, str], TagRow] = field(default_factory=dict)
    examples: dict[tuple[str, str], ExampleRow] = field(default_factory=dict)
    taught: dict[str, TaughtRow] = field(default_factory=dict)
    damaged: int = 0

    def __len__(self) -> int:
        return len(self.tags) + len(self.examples) + len(self.taught)

    def rows(self) -> Iterator[Row]:
        """All rows."""
        yield from self.tags.values()
        yield from self.examples.values()
        yield from self.taught.values()

    def put(self, row: Row) -> None:
        """Add a row, or replace the one of the same key."""
        if isinstance(row, TagRow):
            self.tags[row.content_hash, row.label] = row
        elif isinstance(row, ExampleRow):
            self.examples[row.label, row.content_hash] = row
        else:
            self.taught[row.label] = row

    def apply(self, version: int, change: Change) -> None:
        """Take over one transaction."""
        for label in change.forgotten:
            self.taught.pop(label, None)
            for key in [key for key in self.examples if key[0] == label]:
                del self.examples[key]
        for tag in change.tags:
            if tag.verdict is None:
                self.tags.pop((tag.content_hash, tag.label), None)
            else:
                self.put(tag)
        for example in change.examples:
            self.put(example)
        for taught in change.taught:
            self.put(taught)
        self.version = max(self.version, version)

    def adopt(self, other: Content) -> None:
        """Add what `other` has and this has not, or has from an earlier time: where the journal has a gap."""
        for key, row in other.tags.items():
            if key not in self.tags or self.tags[key].at < row.at:
                self.tags[key] = row
        self.examples = {**other.examples, **self.examples}
        self.taught = {**other.taught, **self.taught}
        self.version = max(self.version, other.version)
