"""Tags by the person's word in a word search: found at once, without a word being written into the index.

Labels are few, so a query's keywords are held against each of them, and the files that have one come from the
decisions' own store. A tag given or taken back this second counts in the next search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from app.annotations.user_tags import UserTags
from app.core.records import UnitRow
from app.query.queries import Filters
from app.search.match_levels import match_name
from app.search.query_terms import QueryTerm
from app.table import FulltextHit, IndexReader


class UserTagStore(Protocol):
    """What is needed of `app.annotations.store.AnnotationStore`."""

    def labels(self) -> Mapping[str, int]: ...

    def hashes_by_label(self, label: str) -> tuple[frozenset[str], frozenset[str]]: ...

    def of(self, hashes: Iterable[str]) -> Mapping[str, UserTags]: ...


class UserTagMatcher:
    """The tags that a query's keywords name, and what was said of the rows seen so far."""

    def __init__(self, user_tags: UserTagStore | None, keywords: Sequence[QueryTerm]) -> None:
        self._said = user_tags
        self._keywords = keywords
        self._known: dict[str, UserTags | None] = {}

    def rows(
        self,
        reader: IndexReader,
        filters: Filters | None,
        *,
        limit: int,
        typos: Collection[QueryTerm] = (),
        score: float = 1.0,
    ) -> list[FulltextHit]:
        """The own rows of files with a tag that has one of the keywords.

        Args:
            score: what stands in for BM25, which knows nothing of these tags.
        """
        if self._said is None:
            return []
        wanted = [label for label in self._said.labels() if match_name(self._keywords, label, typos=typos)]
        hashes = {content for label in wanted for content in self._said.hashes_by_label(label)[0]}
        return [row._replace(score=score) for row in reader.with_content(hashes, filters=filters, limit=limit)]

    def load(self, rows: Collection[FulltextHit | UnitRow]) -> None:
        """Ask what was said of these rows' files, in one go."""
        if self._said is None:
            return
        unknown = {row.content_hash for row in rows} - self._known.keys()
        if unknown:
            answers = self._said.of(unknown)
            self._known |= {content: answers.get(content) for content in unknown}

    def of(self, content_hash: str) -> UserTags | None:
        return self._known.get(content_hash)
