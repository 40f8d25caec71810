"""The words of a query: what to look for in the full-text index, and how each may stand there.

Each keyword is looked for as it is and inflected; the last one, which may still be being typed, as a beginning too;
one that the library does not have at all, with a typo of one letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import groupby

from app.stemming import LANGUAGES, STOP_WORDS, stem
from app.table.fulltext import NAME_PREFIXES, PASSAGE_PREFIXES, PREFIX_MARK, Term, WordQuery
from app.words import Token, is_dense, language_of, spellings, stems_of, tokens

_PIECE = re.compile(r'"([^"]*)"?|(\S+)')
_STOP_WEIGHT = 0.1
_PREFIX_WEIGHT = 0.3
_SHORTEST_PREFIX = 2
_SHORTEST_WITH_TYPO = 5


@dataclass(frozen=True, slots=True)
class Keyword:
    """One word, phrase or number of a query.

    Attributes:
        text: as the person wrote it.
        words: folded tokens; more than one means that they stand next to each other ("2023-0042", a quoted phrase).
        quoted: the person put it in quotes: as written, and required.
        weight: share in the coverage of the query; small words count little.
        partial: may be the beginning of a word.
    """

    text: str
    words: tuple[str, ...]
    quoted: bool = False
    weight: float = 1.0
    partial: bool = False

    @property
    def has_digit(self) -> bool:
        return any(character.isdigit() for word in self.words for character in word)

    @property
    def may_have_typo(self) -> bool:
        """Numbers, phrases, short words and words that are spelled right are meant as written."""
        word = self.words[0]
        if len(self.words) > 1 or self.quoted or len(word) < _SHORTEST_WITH_TYPO or not word.isalpha():
            return False
        return word not in known_words()

    def forms(self) -> tuple[tuple[str, ...], ...]:
        """The term sequences under which it may stand in the index: by spelling and by the stems of each language."""
        found: list[tuple[str, ...]]
        if len(self.words) == 1:
            found = [(s,) for spelling in spellings(self.words[0]) for s in stems_of(spelling)]
        else:
            found = [self.words, *(tuple(stem(word, language) for word in self.words) for language in LANGUAGES)]
        return tuple(dict.fromkeys(found))

    def beginnings(self) -> tuple[tuple[str, ...], ...]:
        """The prefix terms under which words that begin with it may stand; they are checked against the text."""
        word = self.words[0]
        if not self.partial or len(self.words) > 1 or (len(word) < _SHORTEST_PREFIX and not is_dense(word)):
            return ()
        kept = [len(word)] if len(word) in NAME_PREFIXES or is_dense(word) else []
        kept += [length for length in PASSAGE_PREFIXES if length <= len(word)][-1:]
        return tuple((PREFIX_MARK + word[:length],) for length in dict.fromkeys(kept))

    def misspellings(self) -> tuple[tuple[str, ...], ...]:
        """Terms with two neighbouring letters swapped, which edit distance counts as two edits, not one."""
        word = self.words[0]
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        return tuple(dict.fromkeys((s,) for form in swapped for s in stems_of(form) if form != word))


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """English words that are spelled right; "shark" is no slip of "sharp"."""
    lines = (resources.files("resources") / "known_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def keywords_of(text: str, *, partial: bool = True) -> tuple[Keyword, ...]:
    """The keywords of a query text, quotes meaning phrases.

    Args:
        partial: whether the last word may still be being typed.
    """
    found: list[Keyword] = []
    language = language_of(text)
    for match in _PIECE.finditer(text):
        quoted = match.group(1)
        piece = quoted if quoted is not None else match.group(2)
        words = list(tokens(piece))
        if not words:
            continue
        if quoted is not None:
            found.append(Keyword(piece, tuple(token.word for token in words), quoted=True))
        else:
            found.extend(_unquoted(piece, words, language))
    return _finished(found, partial)


def _unquoted(piece: str, words: Sequence[Token], language: str) -> list[Keyword]:
    """A piece between blanks: each pair of a dense script by itself, other runs as words that stand together."""
    dense = sum(token.dense for token in words)
    found: list[Keyword] = []
    for is_pair, group in groupby(words, key=lambda token: token.dense):
        if is_pair:
            found += [Keyword(token.word, (token.word,), weight=1 / dense) for token in group]
            continue
        run = list(group)
        # An elided article (l'été, d'Ostende) is no part of the word.
        plain = tuple(t.word for t in run if t.end - t.start > 1 or piece[t.end : t.end + 1] not in ("'", "’"))
        if plain:
            small = len(plain) == 1 and plain[0] in STOP_WORDS[language]
            text = piece[run[0].start : run[-1].end] if dense else piece
            found.append(Keyword(text, plain, weight=_STOP_WEIGHT if small else 1.0))
    return found


def _finished(found: list[Keyword], partial: bool) -> tuple[Keyword, ...]:
    if found and all(keyword.weight == _STOP_WEIGHT for keyword in found):
        found = [replace(keyword, weight=1.0) for keyword in found]
    if partial and found and not found[-1].quoted:
        found[-1] = replace(found[-1], partial=True)
    return tuple(found)


def strict_query(keywords: Sequence[Keyword]) -> WordQuery:
    """Any of the keywords, as written or inflected, the last one as a beginning too; quoted ones are required."""
    terms = [Term(keyword.forms(), required=keyword.quoted, weight=keyword.weight) for keyword in keywords]
    terms += [Term(k.beginnings(), weight=_PREFIX_WEIGHT) for k in keywords if k.beginnings()]
    return WordQuery(tuple(terms))


def lenient_query(keywords: Sequence[Keyword]) -> WordQuery:
    """The given keywords with a typo of one letter: added, left out, replaced, or swapped with its neighbour."""
    terms: list[Term] = []
    for keyword in keywords:
        if keyword.may_have_typo:
            terms.append(Term(keyword.forms(), typos=1))
            terms.append(Term(keyword.misspellings()))
    return WordQuery(tuple(terms))
