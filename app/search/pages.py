"""Which part of a ranking is shown: order, page, and copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.records import Sort, UnitRow
from app.search.candidates import Candidate
from app.search.ranker import Ranking


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a ranking is asked for, in which order; with `all_hits` the weak ones too."""

    limit: int
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    all_hits: bool = False

    def of(self, ranking: Ranking) -> list[Candidate]:
        """The files on this page."""
        files = ranking.files if self.all_hits else ranking.files[: ranking.supported]
        if self.sort is not Sort.RELEVANCE:
            files = sorted(files, key=lambda file: file.path)
        if self.sort in (Sort.NEWEST, Sort.OLDEST):
            files.sort(key=lambda file: file.row.at, reverse=self.sort is Sort.NEWEST)
        return files[self.offset : self.offset + self.limit]


def copies(files: Sequence[Candidate], original: UnitRow) -> list[Candidate]:
    """The original and its exact copies, and of each other content all but the best."""
    seen = {original.content_hash}
    dropped = []
    for file in files:
        content = file.row.content_hash
        if file.path == original.path or (content and content in seen):
            dropped.append(file)
        seen.add(content)
    return dropped
