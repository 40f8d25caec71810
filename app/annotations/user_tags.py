"""What the user can say of a tag: the records of `app.annotations.store`."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    CONFIRMED = "confirmed"  # a proposal that the user accepted
    REJECTED = "rejected"  # never to be proposed for this file again
    OWN = "own"  # typed by hand


@dataclass(frozen=True, slots=True)
class UserTags:
    """What was said of one content; labels in alphabetical order."""

    confirmed: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags the file has by the user's word."""
        return tuple(sorted({*self.confirmed, *self.own}))


NO_USER_TAGS = UserTags()


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """One thing the user did. `verdict` is None where a decision was taken back."""

    verdict: Verdict | None
    label: str
    files: int

    @property
    def what(self) -> str:
        """A phrase for people: "confirmed “dog” on 12 files"."""
        verb = {
            Verdict.CONFIRMED: "confirmed",
            Verdict.REJECTED: "rejected",
            Verdict.OWN: "added",
            None: "removed",
        }[self.verdict]
        return f"{verb} “{self.label}” on {self.files:,} {'file' if self.files == 1 else 'files'}"


@dataclass(frozen=True, slots=True)
class TagExample:
    """A picture by which a tag is taught. `path` (stored form) is where it was last seen, to embed it again."""

    content_hash: str
    positive: bool
    path: str


def normalise_label(text: str) -> str:
    """The one way a label is written: NFC, single spaces, no control characters. Any script, any case."""
    printable = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(unicodedata.normalize("NFC", printable).split())
