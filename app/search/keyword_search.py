"""The words of a query in the full-text index: as written and inflected, as beginnings, and with a typo if need be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from app.annotations.user_tags import UserTags
from app.core.records import UnitRow, UnitType
from app.query.queries import Filters
from app.search.match_levels import (
    CONTENT_WORD_WEIGHT,
    MatchLevel,
    MatchLevels,
    best_levels,
    coverage,
    is_full_name,
    name_contains_query,
    name_match_levels,
    text_match_levels,
)
from app.search.query_terms import QueryTerm, fuzzy_query, strict_query
from app.search.user_tag_search import UserTagMatcher, UserTagStore
from app.table import FulltextFuture, FulltextHit, IndexReader

_MAX_ROWS = 300
_MAX_ROWS_BEFORE_FILTERS = 64
_UNITS_WITH_NAMES = frozenset((UnitType.PHOTO, UnitType.FILE))


@dataclass(slots=True)
class KeywordMatches:
    """What the word search found.

    Attributes:
        spoken: tags by the person's word. `units`: how many units the library has.
        rows: rows that the filters keep and that may hold a word.
        typos: keywords that the library lacks: words one letter away count.
        texts, names: how well the text and the names of rows have each keyword, by unit; those that have any.
        whole_names: units of files whose name the query is. `named`: of files whose name or title holds it.
        quoted: a phrase is asked for as written. `has_digit`: a number is asked for.
    """

    keywords: tuple[QueryTerm, ...]
    user_tags: UserTagMatcher
    units: int = 0
    rows: list[FulltextHit] = field(default_factory=list)
    typos: frozenset[QueryTerm] = frozenset()
    bm25: dict[str, float] = field(default_factory=dict)
    texts: dict[str, MatchLevels] = field(default_factory=dict)
    names: dict[str, MatchLevels] = field(default_factory=dict)
    whole_names: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    quoted: bool = field(init=False)
    has_digit: bool = field(init=False)
    _worth: dict[MatchLevels, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.quoted = any(keyword.quoted for keyword in self.keywords)
        self.has_digit = any(keyword.has_digit for keyword in self.keywords)

    @property
    def paths(self) -> set[str]:
        """The files of the rows."""
        return {row.path for row in self.rows}

    def worth(self, levels: MatchLevels) -> tuple[float, int]:
        """(their coverage of the query, how many words of weight they have)."""
        known = self._worth.get(levels)
        if known is None:
            heavy = sum(
                bool(level) and keyword.weight >= CONTENT_WORD_WEIGHT
                for keyword, level in zip(self.keywords, levels, strict=True)
            )
            known = self._worth[levels] = coverage(self.keywords, levels), heavy
        return known

    def note(self, rows: Sequence[FulltextHit]) -> MatchLevels:
        """Look into rows; the best level of each keyword in any of them."""
        nothing: MatchLevels = tuple(MatchLevel.NONE for _ in self.keywords)
        seen: set[MatchLevels] = {nothing}
        self.user_tags.load(rows)
        for row in rows:
            self.bm25[row.id] = max(row.score, self.bm25.get(row.id, 0.0))
            if row.text:
                levels = self.texts[row.id] = text_match_levels(self.keywords, row.text, typos=self.typos)
                seen.add(levels)
            if row.unit in _UNITS_WITH_NAMES or row.part == 0:
                names = name_text(row, self.user_tags.of(row.content_hash))
                levels = self.names[row.id] = name_match_levels(self.keywords, names, typos=self.typos)
                seen.add(levels)
                if MatchLevel.NONE not in levels:
                    self._note_names(row)
        best = nothing
        for levels in seen:
            best = best_levels(best, levels)
        return best

    def _note_names(self, row: FulltextHit) -> None:
        """Whether a file that has every word is what was named."""
        name = row.path.rpartition("/")[2]
        if is_full_name(self.keywords, name):
            self.whole_names.add(row.id)
        if any(name_contains_query(self.keywords, one) for one in (name, row.title) if one):
            self.named.add(row.id)


class KeywordSearch:
    """One search for keywords: asked for when it is made, so that other work goes on meanwhile.

    Whether typos count is decided by the whole library, whatever the filters.
    """

    def __init__(
        self, reader: IndexReader, keywords: tuple[QueryTerm, ...], filters: Filters, said: UserTagStore | None = None
    ) -> None:
        """
        Args:
            said: the person's word on tags, which are found like words.
        """
        self._reader = reader
        self._filters = filters
        self._found = KeywordMatches(keywords, UserTagMatcher(said, keywords))
        self._first: FulltextFuture | None = None
        if keywords:
            self._query = strict_query(keywords)
            self._first = reader.ask_words(self._query, limit=_MAX_ROWS_BEFORE_FILTERS if filters else _MAX_ROWS)

    def found(self) -> KeywordMatches:
        """What there is; waits for it."""
        found, reader = self._found, self._reader
        if self._first is None:
            return found
        found.units = reader.statistics().rows
        everywhere = self._first.rows()
        best = max((row.score for row in everywhere), default=1.0)
        everywhere = merge_hits(everywhere, found.user_tags.rows(reader, None, limit=_MAX_ROWS, score=best))
        levels = found.note(everywhere)
        missing = [k for k, level in zip(found.keywords, levels, strict=True) if level is MatchLevel.NONE]
        missing = [keyword for keyword in missing if keyword.may_have_typo]
        lenient = fuzzy_query(missing)
        if lenient:
            found.typos = frozenset(missing)
            misspelt = reader.ask_words(lenient, limit=_MAX_ROWS_BEFORE_FILTERS).rows()
            misspelt = merge_hits(
                misspelt, found.user_tags.rows(reader, None, limit=_MAX_ROWS, typos=found.typos, score=best)
            )
            found.note(everywhere + misspelt)
            everywhere = merge_hits(everywhere, misspelt)
        if self._filters:
            everywhere = reader.ask_words(self._query, filters=self._filters, limit=_MAX_ROWS).rows()
            tagged = found.user_tags.rows(reader, self._filters, limit=_MAX_ROWS, typos=found.typos, score=best)
            everywhere = merge_hits(everywhere, tagged)
            if lenient:
                everywhere += reader.ask_words(lenient, filters=self._filters, limit=_MAX_ROWS_BEFORE_FILTERS).rows()
            found.bm25.clear()
            found.note(everywhere)
        found.rows = everywhere
        return found


def merge_hits(rows: Sequence[FulltextHit], more: Sequence[FulltextHit]) -> list[FulltextHit]:
    """Rows of both, each once."""
    return list({row.id: row for row in (*more, *rows)}.values()) if more else list(rows)


def name_text(row: FulltextHit | UnitRow, decisions: UserTags | None = None) -> str:
    """What a file's own row is found by, one piece a line: the same pieces as in `fulltext.words_of_file`, with the
    tags that the person gave and without those that were rejected."""
    name, below = row.path.rpartition("/")[2], row.path.removeprefix(_parent_of_root(row.root))
    facts = row.facts if isinstance(row, UnitRow) else row
    keywords = facts.keywords
    if decisions is not None:
        keywords = (*(word for word in keywords if word not in decisions.rejected), *decisions.tags)
    return "\n".join((name, below, facts.title or "", facts.camera or "", *keywords, row.place))


@lru_cache(maxsize=256)
def _parent_of_root(root: str) -> str:
    """The folder that a watched folder is in: what is above says nothing about a file."""
    return str(PurePosixPath(root).parent) if root else "/"
