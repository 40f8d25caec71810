"""The words of a query in the full-text index: as written and inflected, as beginnings, and with a typo if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from app.keywords import Keyword, lenient_query, strict_query
from app.matches import Level, Match, best_levels, in_name, in_text
from app.queries import Filters
from app.records import UnitRow, UnitType
from app.search.spoken_tags import Said, SpokenTags
from app.table import IndexReader
from app.verdicts import FileDecisions

_ROWS = 300
_ROWS_BEFORE_FILTERS = 64
_NAMED = frozenset((UnitType.PHOTO, UnitType.FILE))


@dataclass(slots=True)
class WordsFound:
    """What the word search found.

    Attributes:
        spoken: tags by the person's word. `units`: how many units the library has.
        rows: rows that the filters keep and that may hold a word.
        typos: keywords that the library lacks: words one letter away count.
    """

    keywords: tuple[Keyword, ...]
    spoken: SpokenTags
    units: int = 0
    rows: list[UnitRow] = field(default_factory=list)
    typos: frozenset[Keyword] = frozenset()
    bm25: dict[str, float] = field(default_factory=dict)
    texts: dict[str, Match] = field(default_factory=dict)
    names: dict[str, Match] = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        """The files of the rows."""
        return {row.path for row in self.rows}

    def note(self, rows: Sequence[UnitRow]) -> tuple[Level, ...]:
        """Look into rows; the best level of each keyword in any of them."""
        levels: tuple[Level, ...] = tuple(Level.NONE for _ in self.keywords)
        self.spoken.learn(rows)
        for row in rows:
            self.bm25[row.id] = max(row.score, self.bm25.get(row.id, 0.0))
            for match in self._matches(row):
                levels = best_levels(levels, match.levels)
        return levels

    def _matches(self, row: UnitRow) -> list[Match]:
        found = []
        if row.text:
            self.texts[row.id] = in_text(self.keywords, row.text, typos=self.typos)
            found.append(self.texts[row.id])
        if row.unit in _NAMED or row.part == 0:
            self.names[row.id] = in_name(self.keywords, names_of(row, self.spoken.of(row)), typos=self.typos)
            found.append(self.names[row.id])
        return found


def find_words(
    reader: IndexReader, keywords: tuple[Keyword, ...], filters: Filters, said: Said | None = None
) -> WordsFound:
    """Search for keywords. Whether typos count is decided by the whole library, whatever the filters.

    Args:
        said: the person's word on tags, which are found like words.
    """
    spoken = SpokenTags(said, keywords)
    if not keywords:
        return WordsFound(keywords, spoken)
    found = WordsFound(keywords, spoken, reader.statistics().rows)
    query = strict_query(keywords)
    everywhere = reader.words(query, limit=_ROWS_BEFORE_FILTERS if filters else _ROWS)
    best = max((row.score for row in everywhere), default=1.0)
    everywhere = merged(everywhere, found.spoken.rows(reader, None, limit=_ROWS, score=best))
    levels = found.note(everywhere)
    missing = [k for k, level in zip(keywords, levels, strict=True) if level is Level.NONE and k.may_have_typo]
    lenient = lenient_query(missing)
    if lenient:
        found.typos = frozenset(missing)
        misspelt = reader.words(lenient, limit=_ROWS_BEFORE_FILTERS)
        misspelt = merged(misspelt, found.spoken.rows(reader, None, limit=_ROWS, typos=found.typos, score=best))
        found.note(everywhere + misspelt)
        everywhere = merged(everywhere, misspelt)
    if filters:
        everywhere = reader.words(query, filters=filters, limit=_ROWS)
        tagged = found.spoken.rows(reader, filters, limit=_ROWS, typos=found.typos, score=best)
        everywhere = merged(everywhere, tagged)
        if lenient:
            everywhere += reader.words(lenient, filters=filters, limit=_ROWS_BEFORE_FILTERS)
        found.bm25.clear()
        found.note(everywhere)
    found.rows = everywhere
    return found


def merged(rows: Sequence[UnitRow], more: Sequence[UnitRow]) -> list[UnitRow]:
    """Rows of both, each once."""
    return list({row.id: row for row in (*more, *rows)}.values()) if more else list(rows)


def names_of(row: UnitRow, decisions: FileDecisions | None = None) -> str:
    """What a file's own row is found by, one piece a line: the same pieces as in `fulltext.words_of_file`, with the
    tags that the person gave and without those that were rejected."""
    pure = PurePosixPath(row.path)
    base = str(PurePosixPath(row.root).parent) if row.root else "/"
    below = row.path.removeprefix(base)
    facts = row.facts
    keywords = facts.keywords
    if decisions is not None:
        keywords = (*(word for word in keywords if word not in decisions.rejected), *decisions.tags)
    return "\n".join((pure.name, below, facts.title or "", facts.camera or "", *keywords))
