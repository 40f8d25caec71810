"""What the window asks of the tagging engine: its real one is `app.tags`, its fake `tests.fakes.FakeTagger`.

All methods block and are called on one thread of their own, beside the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class TagProposal(Protocol):
    """A label the program thinks a file deserves; `certainty` is 0 to 1."""

    @property
    def path(self) -> str: ...
    @property
    def thumbnail(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def certainty(self) -> float: ...


class LabelTotals(Protocol):
    """A label with how many files it is proposed for and confirmed on."""

    @property
    def label(self) -> str: ...
    @property
    def proposed(self) -> int: ...
    @property
    def confirmed(self) -> int: ...
    @property
    def group(self) -> str: ...


class LabelEntry(Protocol):
    """A label of the vocabulary with the sentences that describe it."""

    @property
    def label(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def descriptions(self) -> tuple[str, ...]: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def own(self) -> bool: ...


class TaggerApi(Protocol):
    """Proposals, decisions and the vocabulary."""

    def labels(self) -> Sequence[LabelTotals]: ...

    def proposals(self, label: str | None, *, limit: int = 60, offset: int = 0) -> Sequence[TagProposal]:
        """Undecided proposals, surest first; of all labels when `label` is None."""
        ...

    def confirm(self, label: str, paths: Sequence[str]) -> None: ...

    def reject(self, label: str, paths: Sequence[str]) -> None: ...

    def undo(self) -> str | None:
        """Take the last decision back and say which; None when there is none."""
        ...

    def add(self, label: str, paths: Sequence[str]) -> None: ...

    def remove(self, label: str, paths: Sequence[str]) -> None: ...

    def rename_tag(self, old: str, new: str) -> None:
        """Give all files with a tag another one instead."""
        ...

    def delete_tag(self, label: str) -> None:
        """Take a tag off all files."""
        ...

    def proposed_for(self, path: str) -> Sequence[TagProposal]: ...

    def vocabulary(self) -> Sequence[LabelEntry]: ...

    def change_entry(self, label: str, *, group: str, descriptions: Sequence[str], enabled: bool) -> None:
        """Add or replace an entry."""
        ...

    def remove_entry(self, label: str) -> None: ...
