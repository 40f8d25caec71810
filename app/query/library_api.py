"""What a face (window or command line) may ask of the library: the seam between it and the table.

`Library` is what the window is written against; `app.search.LocalLibrary` is the real one, `tests.fakes` has a fake.
All methods block (milliseconds to seconds) and may be called from any one worker thread; none belongs on the GUI
thread. All are safe to call before anything is indexed and while the indexer writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.core.records import Failure
from app.files.not_indexed import NotIndexed
from app.query.queries import Filters, Hit, Query, Results, Sort


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the filters can be set to: (value, number of files), most frequent first."""

    cameras: tuple[tuple[str, int], ...] = ()
    folders: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """Counts of one watched folder, without those of watched folders inside it.

    Attributes:
        pending: files still to be indexed, which only the indexer or a walk can tell; None where neither was asked.
    """

    path: str
    online: bool
    photos: int
    documents: int
    pending: int | None
    failed: int


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A row of `semblance failures`: `reason` says what was wrong, `advice` what to do."""

    path: str
    failure: Failure
    reason: str
    advice: str
    attempts: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """Counts and sizes; `passages` names the encoder that made the vectors of passages, "" where the model did;
    `not_indexed` is what the last walk over the folders passed by."""

    folders: tuple[FolderStatus, ...]
    photos: int
    documents: int
    units: int
    failed: int
    pending: int | None
    model: str | None
    index_bytes: int
    passages: str = ""
    not_indexed: NotIndexed = field(default_factory=NotIndexed)


class Library(Protocol):
    """Search, browse and report over one index."""

    def search(
        self,
        query: Query,
        *,
        limit: int = 200,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        strictness: int | None = None,
        all_hits: bool = False,
    ) -> Results:
        """Answer a query, best first. A query without parts browses what its filters keep (newest first).

        `strictness` 0-100 (None: the setting); `all_hits` continues past the point where the evidence ends.
        Without a loaded model, words alone are searched and `Results.model` is None.
        """
        ...

    def parse(self, text: str) -> Query:
        """The query language: words, "phrases", -minus, kind:, in:, after:, before:, camera:, near:, tag:, size:."""
        ...

    def similar(self, unit_id: str, *, limit: int = 200, filters: Filters | None = None) -> Results:
        """More like this item, without itself."""
        ...

    def hit(self, path: str) -> Hit | None:
        """Everything known of one file, by its stored path."""
        ...

    def text(self, path: str) -> str:
        """The indexed text of a document (stored path), its passages a paragraph each; "" where there is none."""
        ...

    def thumbnails(self, keys: Sequence[str]) -> dict[str, bytes]:
        """JPEG bytes (256 px) by `Hit.thumbnail`; missing keys are absent."""
        ...

    def status(self) -> LibraryStatus:
        """Counts of what is in the index; what is not in it yet (`pending`) is left open."""
        ...

    def failures(self) -> Sequence[FailedFile]: ...

    def choices(self) -> FilterChoices: ...

    def warm_up(self) -> None:
        """Load table and model ahead of the first query."""
        ...

    def close(self) -> None: ...
