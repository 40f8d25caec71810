"""Which part of a ranking is shown: order, page, and copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from app.core.records import UnitRow
from app.query.queries import Month, Sort
from app.search.candidates import Candidate
from app.search.ranker import RankedFiles


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a ranking is asked for, in which order; with `all_hits` the weak ones too."""

    limit: int
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    all_hits: bool = False

    @property
    def by_date(self) -> bool:
        """Whether the order needs to know when files are of."""
        return self.sort is not Sort.RELEVANCE and self.sort.key.column == "at"

    @property
    def needs_rows(self) -> bool:
        """Whether the order needs to know more of files than their paths."""
        return self.sort is not Sort.RELEVANCE and self.sort.key.column != "path"

    def of(self, ranking: RankedFiles) -> list[Candidate]:
        """The files on this page."""
        return self._ordered(ranking)[self.offset : self.offset + self.limit]

    def among(self, ranking: RankedFiles) -> list[Candidate]:
        """The files that pages are made of."""
        return ranking.files if self.all_hits else ranking.files[: ranking.listed]

    def months(self, ranking: RankedFiles) -> tuple[Month, ...]:
        """The months of the whole list, for the first page of one that is sorted by date."""
        if self.offset or not self.by_date:
            return ()
        dates = (file.row.at for file in self._ordered(ranking))
        runs = groupby(dates, key=lambda at: (at.year, at.month))
        return tuple(Month(year, month, sum(1 for _ in run)) for (year, month), run in runs)

    def _ordered(self, ranking: RankedFiles) -> list[Candidate]:
        files = self.among(ranking)
        if self.sort is not Sort.RELEVANCE:
            files = sorted(files, key=lambda file: file.path)
        if self.needs_rows:
            key = self.sort.key
            files.sort(key=lambda file: getattr(file.row, key.column), reverse=not key.ascending)
        return list(files)


def count_months(dates: NDArray[np.datetime64], *, newest_first: bool) -> tuple[Month, ...]:
    """How many dates are of which month: no Python per date, since there are as many as files."""
    found, counts = np.unique(dates.astype("datetime64[M]"), return_counts=True)
    numbered = zip(found.astype(int).tolist(), counts.tolist(), strict=True)  # months since January 1970
    months = [Month(1970 + number // 12, number % 12 + 1, count) for number, count in numbered]
    return tuple(reversed(months) if newest_first else months)


def exact_copies(files: Sequence[Candidate], original: UnitRow) -> list[Candidate]:
    """The original and its exact copies, and of each other content all but the best."""
    seen = {original.content_hash}
    dropped = []
    for file in files:
        content = file.row.content_hash
        if file.path == original.path or (content and content in seen):
            dropped.append(file)
        seen.add(content)
    return dropped
