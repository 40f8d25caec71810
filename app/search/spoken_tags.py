"""Tags by the person's word in a word search: found at once, without a word being written into the index.

Labels are few, so a query's keywords are held against each of them, and the files that have one come from the
decisions' own store. A tag given or taken back this second counts in the next search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from app.keywords import Keyword
from app.matches import in_name
from app.queries import Filters
from app.records import UnitRow
from app.table import IndexReader, WordRow
from app.verdicts import FileDecisions


class Said(Protocol):
    """What is needed of `app.decisions.Decisions`."""

    def labels(self) -> Mapping[str, int]: ...

    def decided(self, label: str) -> tuple[frozenset[str], frozenset[str]]: ...

    def of(self, hashes: Iterable[str]) -> Mapping[str, FileDecisions]: ...


class SpokenTags:
    """The tags that a query's keywords name, and what was said of the rows seen so far."""

    def __init__(self, said: Said | None, keywords: Sequence[Keyword]) -> None:
        self._said = said
        self._keywords = keywords
        self._known: dict[str, FileDecisions | None] = {}

    def rows(
        self,
        reader: IndexReader,
        filters: Filters | None,
        *,
        limit: int,
        typos: Collection[Keyword] = (),
        score: float = 1.0,
    ) -> list[WordRow]:
        """The own rows of files with a tag that has one of the keywords.

        Args:
            score: what stands in for BM25, which knows nothing of these tags.
        """
        if self._said is None:
            return []
        wanted = [label for label in self._said.labels() if in_name(self._keywords, label, typos=typos)]
        hashes = {content for label in wanted for content in self._said.decided(label)[0]}
        return [row._replace(score=score) for row in reader.with_content(hashes, filters=filters, limit=limit)]

    def learn(self, rows: Collection[WordRow | UnitRow]) -> None:
        """Ask what was said of these rows' files, in one go."""
        if self._said is None:
            return
        unknown = {row.content_hash for row in rows} - self._known.keys()
        if unknown:
            answers = self._said.of(unknown)
            self._known |= {content: answers.get(content) for content in unknown}

    def of(self, content_hash: str) -> FileDecisions | None:
        return self._known.get(content_hash)
