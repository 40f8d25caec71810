"""What was meant by a query with typing errors: the nearest words that people use, and that the library or the
vocabulary of tags has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.query.queries import Query, TextPart
from app.text.analysis import Token
from app.text.lexicon import content_words, entry, is_word

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 3
_PUNCTUATION = ".,;:!?()"
_IN_VOCABULARY, _SAME_START, _LIKELY_SLIP = 3, 1, 1  # what each is worth, in steps of rarity
_RAREST = 8  # a word that hardly anybody uses is not what was meant, unless it is a tag


@dataclass(frozen=True, slots=True)
class KnownWords:
    """Where words are known from.

    Attributes:
        in_library: whether some file has a folded word as it is written. `in_vocabulary`: whether a tag has it.
    """

    in_library: Callable[[str], bool]
    in_vocabulary: Callable[[str], bool]


def did_you_mean(query: Query, known: KnownWords) -> str:
    """The words of the query with its slips corrected, or "" where there are none.

    A word is a slip if nobody knows it and a known one is one letter away: added, left out, replaced, or swapped with
    its neighbour. Beside a slip, a word that no file has gives way to a tag that is one letter away ("dgo on a beech").
    """
    texts = [part.text for part in query.parts if isinstance(part, TextPart) and part.weight > 0]
    if len(texts) != 1 or '"' in texts[0]:
        return ""
    text = texts[0]
    words = [token for token in content_words(text) if _may_be_slip(token, text)]
    slips = {token: better for token in words if (better := _correction(token.word, known))}
    if not slips:
        return ""
    for token in words:
        if token not in slips and not known.in_vocabulary(token.word) and not known.in_library(token.word):
            tags = [word for word in _one_letter_away(token.word) if known.in_vocabulary(word)]
            if tags:
                slips[token] = min(tags, key=lambda word: _cost(token.word, word, known))
    for token in sorted(slips, key=lambda token: -token.start):
        text = text[: token.start] + slips[token] + text[token.end :]
    return text


def _may_be_slip(token: Token, text: str) -> bool:
    """Whether a token is a word by itself: "IMG_1234" is a name, and numbers are meant as they are."""
    around = text[max(0, token.start - 1) : token.start] + text[token.end : token.end + 1]
    alone = all(character.isspace() or character in _PUNCTUATION for character in around)
    return alone and not token.unsegmented and len(token.word) >= _SHORTEST and token.word.isalpha()


def _correction(word: str, known: KnownWords) -> str:
    """The likeliest word one letter away from one that nobody knows; "" where there is none or the word is known."""
    if is_word(word) or known.in_vocabulary(word) or known.in_library(word):
        return ""
    near = [other for other in dict.fromkeys(_one_letter_away(word)) if _is_meant(other, known)]
    return min(near, key=lambda other: (_cost(word, other, known), other), default="")


def _is_meant(word: str, known: KnownWords) -> bool:
    if known.in_vocabulary(word):
        return True
    found = entry(word)
    return found is not None and bool(found.languages) and found.rarity < _RAREST and len(word) >= _SHORTEST


def _cost(word: str, other: str, known: KnownWords) -> int:
    """Lower is likelier: common words and tags, the same first letter, letters swapped or doubled."""
    found = entry(other)
    rarity = found.rarity if found is not None else _RAREST
    swapped = sorted(word) == sorted(other)
    doubled = set(word) == set(other) and len(word) != len(other)
    return (
        rarity
        - _IN_VOCABULARY * known.in_vocabulary(other)
        - _SAME_START * (word[0] == other[0])
        - _LIKELY_SLIP * (swapped or doubled)
    )


def _one_letter_away(word: str) -> Iterator[str]:
    """Every string one edit away (Damerau): a letter left out, swapped, replaced or added."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS if letter != tail[0])
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in _LETTERS)
