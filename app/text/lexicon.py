"""Words that people use, in many languages: what tells a query of real words from random letters.

`resources/lexicon.tsv.gz` holds "word<TAB>rarity<TAB>languages" lines of folded words, sorted by their bytes. They are
searched by halving: a query has a handful of words, and making a dictionary of half a million would cost each first
search a quarter of a second.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from app.text.analysis import Token, tokens
from app.text.stemming import STOP_WORDS

UNDERSTOOD = 0.6
"""So much of a query's letters, small words left out, must belong to known words."""
_SHORTEST_COMPOUND, _SHORTEST_PART = 9, 4
_ENDINGS, _SHORTEST_STEM = 2, 5  # letters that an inflection may add to a known word of this length
_SMALL_WORDS = frozenset[str]().union(*STOP_WORDS.values())


class Entry(NamedTuple):
    """What is known of a word: how rare it is, 0 (the commonest) to 9, and ISO 639-1 codes of its languages.

    No language is told of a word of which only a tokenizer of many languages knows.
    """

    rarity: int
    languages: tuple[str, ...]


@lru_cache(maxsize=1)
def _text() -> bytes:
    data = (resources.files("resources") / "lexicon.tsv.gz").read_bytes()
    return gzip.decompress(data)


@lru_cache(maxsize=65_536)
def entry(word: str) -> Entry | None:
    """What the lexicon has of a folded word, or None."""
    text, wanted = _text(), word.encode()
    low, high = 0, len(text)
    while low < high:
        start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = text.index(b"\n", start)
        found, rarity, languages = text[start:end].split(b"\t")
        if found == wanted:
            return Entry(int(rarity), tuple(languages.decode().split(",")) if languages else ())
        if found < wanted:
            low = end + 1
        else:
            high = start
    return None


def languages_of(word: str) -> tuple[str, ...] | None:
    """ISO 639-1 codes of the languages in which a folded word is common, or None for an unknown word."""
    known = entry(word)
    return None if known is None else known.languages


@lru_cache(maxsize=4096)
def is_word(word: str) -> bool:
    """Whether a folded word, its stem or, as in German, the two words that it is made of are known."""
    if languages_of(word) is not None:
        return True
    stems = (word[:-cut] for cut in range(1, _ENDINGS + 1) if len(word) - cut >= _SHORTEST_STEM)
    return any(languages_of(stem) is not None for stem in stems) or _is_compound(word)


def _is_compound(word: str) -> bool:
    if len(word) < _SHORTEST_COMPOUND:
        return False
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first, second = word[:cut], word[cut:]
        if languages_of(second) and any(map(languages_of, (first, first.removesuffix("s")))):
            return True
    return False


def content_words(text: str) -> list[Token]:
    """The words of a query that carry its meaning; all of them where it has only small ones."""
    words = list(tokens(text))
    return [token for token in words if token.word not in _SMALL_WORDS] or words


def is_understood(text: str, also_known: Callable[[str], bool] = lambda _: False) -> bool:
    """Whether a query consists of words, and not of random letters.

    Scripts written without spaces and numbers count as known. An empty text is understood: nothing is wrong with it.

    Args:
        also_known: tells of a folded word whether the library, or the vocabulary of tags, has it.
    """
    words = content_words(text)
    known = sum(len(token.word) for token in words if _counts(token) or also_known(token.word) or is_word(token.word))
    return known >= UNDERSTOOD * sum(len(token.word) for token in words)


def _counts(token: Token) -> bool:
    return token.unsegmented or token.word.isdigit()
