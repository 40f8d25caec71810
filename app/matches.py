"""Which keywords of a query a text really has, how well, and where: the words' evidence, checked on the text itself.

The full-text index proposes rows (by stems and truncated prefixes); what counts and what is marked is decided here.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.keywords import Keyword
from app.stemming import stem
from app.words import Token, language_of, name_tokens, one_edit_apart, spellings, stems_of, tokens


class Level(float, enum.Enum):
    """How a keyword was found; the value is its share in the coverage."""

    NONE = 0.0
    TYPO = 0.75
    PREFIX = 0.8
    INFLECTED = 0.95
    EXACT = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """What a text has of a query.

    Attributes:
        levels: one for each keyword.
        spans: (start, end) characters to mark, in order, not overlapping; empty for names.
    """

    levels: tuple[Level, ...]
    spans: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return any(level is not Level.NONE for level in self.levels)


def in_text(keywords: Sequence[Keyword], text: str, *, typos: bool = False) -> Match:
    """The keywords found in a passage.

    Args:
        typos: accept words one edit away.
    """
    return _match(keywords, list(tokens(text)), language_of(text), typos)


def in_name(keywords: Sequence[Keyword], name: str, *, typos: bool = False) -> Match:
    """The keywords found in a file name, folder name, title or tag."""
    found = _match(keywords, name_tokens(name), language_of(name), typos)
    return Match(found.levels)


def coverage(keywords: Sequence[Keyword], levels: Sequence[Level]) -> float:
    """Share of the query that was found, 0-1: levels weighted by the keywords' weights."""
    total = sum(keyword.weight for keyword in keywords)
    if not total:
        return 0.0
    return sum(keyword.weight * level.value for keyword, level in zip(keywords, levels, strict=True)) / total


def best_levels(first: Sequence[Level], second: Sequence[Level]) -> tuple[Level, ...]:
    """Keyword by keyword the better of two."""
    return tuple(max(a, b, key=lambda level: level.value) for a, b in zip(first, second, strict=True))


def is_whole_name(keywords: Sequence[Keyword], name: str) -> bool:
    """Whether the query is a file's name, with or without its ending."""
    wanted = [word for keyword in keywords for word in keyword.words]
    stem_, _, suffix = name.rpartition(".")
    words = [token.word for token in tokens(name)]
    bare = [token.word for token in tokens(stem_)] if stem_ and suffix else words
    return bool(wanted) and wanted in (words, bare)


def _match(keywords: Sequence[Keyword], found: list[Token], language: str, typos: bool) -> Match:
    levels: list[Level] = []
    spans: list[tuple[int, int]] = []
    words = [token.word for token in found]
    stems = [token.word if token.dense else stem(token.word, language) for token in found]
    for keyword in keywords:
        if len(keyword.words) > 1:
            level, at = _phrase(keyword, words, stems)
            width = len(keyword.words)
        else:
            level, at = _single(keyword, words, stems, typos)
            width = 1
        levels.append(level)
        spans += [(found[i].start, found[i + width - 1].end) for i in at]
    return Match(tuple(levels), _merged(spans))


def _single(keyword: Keyword, words: list[str], stems: list[str], typos: bool) -> tuple[Level, list[int]]:
    """The best level, and the positions of the words found at any acceptable level."""
    exact = frozenset(spellings(keyword.words[0]))
    inflected = frozenset(form for spelling in exact for form in stems_of(spelling))
    at = [i for i, (word, root) in enumerate(zip(words, stems, strict=True)) if word in exact or root in inflected]
    if at:
        if keyword.quoted:
            at = [i for i in at if words[i] in exact]
            return (Level.EXACT if at else Level.NONE), at
        return (Level.EXACT if any(words[i] in exact for i in at) else Level.INFLECTED), at
    word = keyword.words[0]
    if keyword.partial:
        at = [i for i, candidate in enumerate(words) if candidate.startswith(word)]
        if at:
            return Level.PREFIX, at
    if typos and keyword.may_have_typo:
        at = [i for i, candidate in enumerate(words) if one_edit_apart(candidate, word)]
        if at:
            return Level.TYPO, at
    return Level.NONE, []


def _phrase(keyword: Keyword, words: list[str], stems: list[str]) -> tuple[Level, list[int]]:
    width = len(keyword.words)
    wanted = list(keyword.words)
    starts = range(len(words) - width + 1)
    at = [i for i in starts if words[i : i + width] == wanted]
    if at or keyword.quoted:
        return (Level.EXACT if at else Level.NONE), at
    roots = [frozenset(stems_of(word)) for word in wanted]
    at = [i for i in starts if all(stems[i + j] in roots[j] for j in range(width))]
    return (Level.INFLECTED if at else Level.NONE), at


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Overlapping and touching spans as one, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
