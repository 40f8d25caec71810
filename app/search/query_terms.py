"""The words of a query: what to look for in the full-text index, and how each may stand there.

Each keyword is looked for as it is and inflected; the last one, which may still be being typed, as a beginning too;
one that the library does not have at all, with a typo of one letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import groupby

from app.query.queries import Spans
from app.table.fulltext import NAME_PREFIXES, PASSAGE_PREFIXES, PREFIX_MARK, FulltextQuery, FulltextTerm
from app.text.analysis import Token, detect_language, is_unsegmented, spelling_variants, stems_of, tokens
from app.text.stemming import LANGUAGES, STOP_WORDS, stem

_STOP_WORD_WEIGHT = 0.1
_PREFIX_WEIGHT = 0.3
_MIN_PREFIX_LENGTH = 2
_MIN_TYPO_LENGTH = 5


@dataclass(frozen=True, slots=True)
class QueryTerm:
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
        if len(self.words) > 1 or self.quoted or len(word) < _MIN_TYPO_LENGTH or not word.isalpha():
            return False
        return word not in dictionary_words()

    def index_forms(self) -> tuple[tuple[str, ...], ...]:
        """The term sequences under which it may stand in the index: by spelling and by the stems of each language."""
        found: list[tuple[str, ...]]
        if len(self.words) == 1:
            found = [(s,) for spelling in spelling_variants(self.words[0]) for s in stems_of(spelling)]
        else:
            found = [self.words, *(tuple(stem(word, language) for word in self.words) for language in LANGUAGES)]
        return tuple(dict.fromkeys(found))

    def prefixes(self) -> tuple[tuple[str, ...], ...]:
        """The prefix terms under which words that begin with it may stand; they are checked against the text."""
        word = self.words[0]
        if not self.partial or len(self.words) > 1 or (len(word) < _MIN_PREFIX_LENGTH and not is_unsegmented(word)):
            return ()
        kept = [len(word)] if len(word) in NAME_PREFIXES or is_unsegmented(word) else []
        kept += [length for length in PASSAGE_PREFIXES if length <= len(word)][-1:]
        return tuple((PREFIX_MARK + word[:length],) for length in dict.fromkeys(kept))

    def transpositions(self) -> tuple[tuple[str, ...], ...]:
        """Terms with two neighbouring letters swapped, which edit distance counts as two edits, not one."""
        word = self.words[0]
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        return tuple(dict.fromkeys((s,) for form in swapped for s in stems_of(form) if form != word))


@lru_cache(maxsize=1)
def dictionary_words() -> frozenset[str]:
    """English words that are spelled right; "shark" is no slip of "sharp"."""
    lines = (resources.files("resources") / "known_words.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def parse_terms(text: str, phrases: Spans = (), *, partial: bool = True) -> tuple[QueryTerm, ...]:
    """The terms of a query text.

    Args:
        phrases: where phrases stand in it.
        partial: whether the last word may still be being typed.
    """
    found: list[QueryTerm] = []
    language, position = detect_language(text), 0
    for start, end in (*phrases, (len(text), len(text))):
        for piece in text[position:start].split():
            if words := list(tokens(piece)):
                found.extend(_unquoted(piece, words, language))
        if words := list(tokens(text[start:end])):
            found.append(QueryTerm(text[start:end], tuple(token.word for token in words), quoted=True))
        position = end
    return _with_last_partial(found, partial)


def _unquoted(piece: str, words: Sequence[Token], language: str) -> list[QueryTerm]:
    """A piece between blanks: each pair of a dense script by itself, other runs as words that stand together."""
    unsegmented = sum(token.unsegmented for token in words)
    found: list[QueryTerm] = []
    for is_pair, group in groupby(words, key=lambda token: token.unsegmented):
        if is_pair:
            found += [QueryTerm(token.word, (token.word,), weight=1 / unsegmented) for token in group]
            continue
        run = list(group)
        # An elided article (l'été, d'Ostende) is no part of the word.
        plain = tuple(t.word for t in run if t.end - t.start > 1 or piece[t.end : t.end + 1] not in ("'", "’"))
        if plain:
            small = len(plain) == 1 and plain[0] in STOP_WORDS[language]
            text = piece[run[0].start : run[-1].end] if unsegmented else piece
            found.append(QueryTerm(text, plain, weight=_STOP_WORD_WEIGHT if small else 1.0))
    return found


def _with_last_partial(found: list[QueryTerm], partial: bool) -> tuple[QueryTerm, ...]:
    if found and all(keyword.weight == _STOP_WORD_WEIGHT for keyword in found):
        found = [replace(keyword, weight=1.0) for keyword in found]
    if partial and found and not found[-1].quoted:
        found[-1] = replace(found[-1], partial=True)
    return tuple(found)


def strict_query(keywords: Sequence[QueryTerm]) -> FulltextQuery:
    """Any of the keywords, as written or inflected, the last one as a beginning too; quoted ones are required."""
    terms = [
        FulltextTerm(keyword.index_forms(), required=keyword.quoted, weight=keyword.weight) for keyword in keywords
    ]
    terms += [FulltextTerm(k.prefixes(), weight=_PREFIX_WEIGHT) for k in keywords if k.prefixes()]
    return FulltextQuery(tuple(terms))


def fuzzy_query(keywords: Sequence[QueryTerm]) -> FulltextQuery:
    """The given keywords with a typo of one letter: added, left out, replaced, or swapped with its neighbour."""
    terms: list[FulltextTerm] = []
    for keyword in keywords:
        if keyword.may_have_typo:
            terms.append(FulltextTerm(keyword.index_forms(), typos=1))
            terms.append(FulltextTerm(keyword.transpositions()))
    return FulltextQuery(tuple(terms))
