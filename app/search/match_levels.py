"""Which keywords of a query a text really has, how well, and where: the words' evidence, checked on the text itself.

The full-text index proposes rows (by stems and truncated prefixes); what counts and what is marked is decided here.
How well is asked of hundreds of texts, where of the few that are shown: `levels_in_text` tells the same as `in_text`
in a tenth of the time, from the distinct words alone.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.search.query_terms import QueryTerm
from app.text.analysis import (
    Token,
    detect_language,
    distinct_name_words,
    distinct_words,
    name_tokens,
    one_edit_apart,
    spelling_variants,
    stems_of,
    tokens,
)
from app.text.stemming import stem

CONTENT_WORD_WEIGHT = 0.5
"""Keywords below this weight are small words."""


class MatchLevel(float, enum.Enum):
    """How a keyword was found; the value is its share in the coverage."""

    NONE = 0.0
    TYPO = 0.75
    PREFIX = 0.8
    INFLECTED = 0.95
    EXACT = 1.0


MatchLevels = tuple[MatchLevel, ...]
"""One for each keyword of a query."""
_STEM_CHANGES = ((2, 0), (6, 1), (99, 2))
"""(length of a stem at most, letters at its end that the word itself need not have): "sensible" of "sensibility"."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a text has of a query.

    Attributes:
        levels: one for each keyword.
        spans: (start, end) characters to mark, in order, not overlapping; empty for names.
    """

    levels: MatchLevels
    spans: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return any(level is not MatchLevel.NONE for level in self.levels)


def match_text(keywords: Sequence[QueryTerm], text: str, *, typos: Collection[QueryTerm] = ()) -> Match:
    """The keywords found in a passage.

    Args:
        typos: keywords that may stand there one edit away.
    """
    return _match(keywords, _analyse_passage(text), typos)


def match_name(keywords: Sequence[QueryTerm], name: str, *, typos: Collection[QueryTerm] = ()) -> Match:
    """The keywords found in a file name, folder name, title or tag."""
    return Match(_match(keywords, _analyse_name(name), typos).levels)


def text_match_levels(keywords: Sequence[QueryTerm], text: str, *, typos: Collection[QueryTerm] = ()) -> MatchLevels:
    """How well a passage has each keyword: the levels of `in_text`."""
    known = _words_of_passage(text)
    return _levels(keywords, known, typos, lambda: detect_language(text), lambda: _analyse_passage(text))


def name_match_levels(keywords: Sequence[QueryTerm], name: str, *, typos: Collection[QueryTerm] = ()) -> MatchLevels:
    """The levels of `in_name`."""
    return _levels(keywords, _words_of_name(name), typos, lambda: detect_language(name), lambda: _analyse_name(name))


def coverage(keywords: Sequence[QueryTerm], levels: Sequence[MatchLevel]) -> float:
    """Share of the query that was found, 0-1: levels weighted by the keywords' weights."""
    total = sum(keyword.weight for keyword in keywords)
    if not total:
        return 0.0
    return sum(keyword.weight * level for keyword, level in zip(keywords, levels, strict=True)) / total


def best_levels(first: Sequence[MatchLevel], second: Sequence[MatchLevel]) -> MatchLevels:
    """Keyword by keyword the better of two."""
    return tuple(max(a, b) for a, b in zip(first, second, strict=True))


def is_full_name(keywords: Sequence[QueryTerm], name: str) -> bool:
    """Whether the query is a file's name, with or without its ending."""
    wanted = [word for keyword in keywords for word in keyword.words]
    stem_, _, suffix = name.rpartition(".")
    words = [token.word for token in tokens(name)]
    bare = [token.word for token in tokens(stem_)] if stem_ and suffix else words
    return bool(wanted) and wanted in (words, bare)


def name_contains_query(keywords: Sequence[QueryTerm], name: str) -> bool:
    """Whether a name holds the query: all its words, next to each other, as written.

    One word that counts is not enough, since folders are full of dog_001.jpg.
    """
    if sum(len(keyword.words) for keyword in keywords if keyword.weight >= CONTENT_WORD_WEIGHT) < 2:
        return False
    wanted = tuple(word for keyword in keywords for word in keyword.words)
    return bool(_find_sequence(wanted, tuple(token.word for token in tokens(name))))


@dataclass(frozen=True, slots=True)
class _AnalysedText:
    """A text as words: in order, with their stems, and which there are at all."""

    found: tuple[Token, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]
    known: frozenset[str]
    roots: frozenset[str]


def _analyse(found: Sequence[Token], language: str) -> _AnalysedText:
    words = tuple(token.word for token in found)
    stems = tuple(token.word if token.unsegmented else stem(token.word, language) for token in found)
    return _AnalysedText(tuple(found), words, stems, frozenset(words), frozenset(stems))


# While somebody types, every letter asks about much the same texts.
_words_of_passage = lru_cache(maxsize=2048)(distinct_words)
_words_of_name = lru_cache(maxsize=2048)(distinct_name_words)
_one_edit_apart = lru_cache(maxsize=16_384)(one_edit_apart)


def _levels(
    keywords: Sequence[QueryTerm],
    known: frozenset[str],
    typos: Collection[QueryTerm],
    language: Callable[[], str],
    reading: Callable[[], _AnalysedText],
) -> MatchLevels:
    """The levels in a text of these words. Its language and the whole of it are asked for where they are needed."""
    found: list[MatchLevel] = []
    begins, spoken = "", ""
    for keyword in keywords:
        word = keyword.words[0]
        exact, inflected = _forms(word)
        level = MatchLevel.NONE
        if len(keyword.words) > 1:
            begins = begins or f" {' '.join(known)}"
            if all(_may_contain(one, known, begins) for one in keyword.words):
                level = _match_phrase(keyword, reading())[0]
        elif not exact.isdisjoint(known):
            level = MatchLevel.EXACT
        elif not keyword.quoted:
            begins = begins or f" {' '.join(known)}"
            spoken = spoken or (language() if _may_contain(word, known, begins) else "")
            if spoken and any(
                stem(form, spoken) in inflected for form in known if form.startswith(_stem_prefixes(word))
            ):
                level = MatchLevel.INFLECTED
            elif keyword.partial and f" {word}" in begins:
                level = MatchLevel.PREFIX
            elif typos and keyword in typos and _has_typo(keyword, known):
                level = MatchLevel.TYPO
        found.append(level)
    return tuple(found)


def _may_contain(word: str, known: frozenset[str], begins: str) -> bool:
    return word in known or any(f" {beginning}" in begins for beginning in _stem_prefixes(word))


def _has_typo(keyword: QueryTerm, known: frozenset[str]) -> bool:
    """Whether one of the words is one edit away."""
    word = keyword.words[0]
    near = [form for form in known if abs(len(form) - len(word)) < 2] if keyword.may_have_typo else []
    return any(_one_edit_apart(form, word) for form in near)


@lru_cache(maxsize=256)
def _stem_prefixes(word: str) -> tuple[str, ...]:
    """How all words begin that a word's inflected forms may be stems of."""
    changed = ((form, next(few for most, few in _STEM_CHANGES if len(form) <= most)) for form in _forms(word)[1])
    return tuple({form[: len(form) - few] for form, few in changed})


@lru_cache(maxsize=128)
def _analyse_passage(text: str) -> _AnalysedText:
    return _analyse(list(tokens(text)), detect_language(text))


@lru_cache(maxsize=128)
def _analyse_name(name: str) -> _AnalysedText:
    return _analyse(name_tokens(name), detect_language(name))


def _match(keywords: Sequence[QueryTerm], text: _AnalysedText, typos: Collection[QueryTerm]) -> Match:
    levels: list[MatchLevel] = []
    spans: list[tuple[int, int]] = []
    for keyword in keywords:
        if len(keyword.words) > 1:
            level, at = _match_phrase(keyword, text)
            width = len(keyword.words)
        else:
            level, at = _match_word(keyword, text, keyword in typos)
            width = 1
        levels.append(level)
        spans += [(text.found[i].start, text.found[i + width - 1].end) for i in at]
    return Match(tuple(levels), _merged(spans) if spans else ())


@lru_cache(maxsize=256)
def _forms(word: str) -> tuple[frozenset[str], frozenset[str]]:
    """(its spellings, their stems in all languages)."""
    exact = frozenset(spelling_variants(word))
    return exact, frozenset(form for spelling in exact for form in stems_of(spelling))


def _match_word(keyword: QueryTerm, text: _AnalysedText, typo: bool) -> tuple[MatchLevel, list[int]]:
    """The best level, and the positions of the words found at any acceptable level."""
    word = keyword.words[0]
    exact, inflected = _forms(word)
    if not (exact.isdisjoint(text.known) and inflected.isdisjoint(text.roots)):
        at = [i for i, form in enumerate(text.words) if form in exact or text.stems[i] in inflected]
        if keyword.quoted:
            at = [i for i in at if text.words[i] in exact]
            return (MatchLevel.EXACT if at else MatchLevel.NONE), at
        return (MatchLevel.INFLECTED if exact.isdisjoint(text.known) else MatchLevel.EXACT), at
    if keyword.partial:
        begun = {form for form in text.known if form.startswith(word)}
        if begun:
            return MatchLevel.PREFIX, [i for i, form in enumerate(text.words) if form in begun]
    if typo and keyword.may_have_typo:
        near = {form for form in text.known if abs(len(form) - len(word)) < 2 and one_edit_apart(form, word)}
        if near:
            return MatchLevel.TYPO, [i for i, form in enumerate(text.words) if form in near]
    return MatchLevel.NONE, []


def _find_sequence(wanted: tuple[str, ...], words: tuple[str, ...]) -> list[int]:
    """Where the wanted words stand next to each other, in order."""
    return [i for i in range(len(words) - len(wanted) + 1) if words[i : i + len(wanted)] == wanted]


def _match_phrase(keyword: QueryTerm, text: _AnalysedText) -> tuple[MatchLevel, list[int]]:
    width = len(keyword.words)
    wanted = keyword.words
    at = _find_sequence(wanted, text.words) if wanted[0] in text.known else []
    if at or keyword.quoted:
        return (MatchLevel.EXACT if at else MatchLevel.NONE), at
    roots = [frozenset(stems_of(word)) for word in wanted]
    starts = range(len(text.words) - width + 1)
    at = [i for i in starts if all(text.stems[i + j] in roots[j] for j in range(width))]
    return (MatchLevel.INFLECTED if at else MatchLevel.NONE), at


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Overlapping and touching spans as one, in order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
