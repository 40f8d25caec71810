"""Text as words: the one analysis that the full-text index, the queries and the marks in snippets share.

A token is a run of letters and digits, folded: compatibility forms unified, case and accents gone. Scripts written
without spaces (Chinese, Japanese, Thai, …) and Korean, whose particles stick to the word, become overlapping pairs of
characters. Stems depend on the language of the text, which is told by its small words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from app.text.stemming import LANGUAGES, STOP_WORDS, stem

_LANGUAGE_SAMPLE = 200  # words of a text that tell its language
_LANGUAGES_OF = {
    word: tuple(language for language in LANGUAGES if word in STOP_WORDS[language])
    for word in frozenset[str]().union(*STOP_WORDS.values())
}
MAX_TOKEN_LENGTH = 40  # letters of a word that count; longer runs are hashes and base64, not words

# Written without spaces: Thai, Lao, Myanmar, Khmer; kana, Han, Hangul, half-width forms.
_UNSEGMENTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_TOKEN = rf"[{_UNSEGMENTED}]+|(?:(?![{_UNSEGMENTED}])[^\W_][\u0300-\u036f]*)+"
_CAMEL = r"(?<=[a-zà-þ])(?=[A-ZÀ-Þ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
# The same for plain text, which is most of what there is: found faster, and compiled in a tenth of the 6 ms.
_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9]+")
_LOWER_TOKEN = re.compile(r"[a-z0-9]+")
_PLAIN_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
# Letters that Unicode does not take apart into a base and an accent.
_LETTER_FOLDS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
# How umlauts are typed where the keyboard has none: "Bruecke".
_TYPED_UMLAUT = re.compile("([aou])e")


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    return re.compile(_TOKEN)


@lru_cache(maxsize=1)
def _camel() -> re.Pattern[str]:
    return re.compile(_CAMEL)


@lru_cache(maxsize=1)
def _unsegmented() -> re.Pattern[str]:
    return re.compile(f"[{_UNSEGMENTED}]")


class Token(NamedTuple):
    """A folded word and where it stands: `start` and `end` are characters of the text it was found in."""

    word: str
    start: int
    end: int
    unsegmented: bool = False


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Lower case, without accents and compatibility forms: "Straße" -> "strasse", "Ａ" -> "a", "é" -> "e"."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain)).translate(_LETTER_FOLDS)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; runs of dense scripts as pairs of characters (one where the run is one)."""
    if text.isascii():
        for match in _PLAIN_TOKEN.finditer(text):
            yield Token(match.group().lower()[:MAX_TOKEN_LENGTH], match.start(), match.end())
        return
    for match in _token().finditer(text):
        run, start, end = match.group(), match.start(), match.end()
        if not is_unsegmented(run):
            yield Token(fold(run)[:MAX_TOKEN_LENGTH], start, end)
        elif len(run) == 1:
            yield Token(fold(run), start, end, unsegmented=True)
        else:
            for i in range(len(run) - 1):
                yield Token(fold(run[i : i + 2]), start + i, start + i + 2, unsegmented=True)


def distinct_words(text: str) -> frozenset[str]:
    """The distinct words of a text: those of `tokens`, in a fraction of the time."""
    if not text.isascii():
        return frozenset(token.word for token in tokens(text))
    words = frozenset(_LOWER_TOKEN.findall(text.lower()))
    if len(max(words, key=len, default="")) > MAX_TOKEN_LENGTH:
        return frozenset(word[:MAX_TOKEN_LENGTH] for word in words)
    return words


def detect_language(text: str, default: str = "en") -> str:
    """The language whose small words are commonest in the text's first two hundred words."""
    if text.isascii():
        words = _LOWER_TOKEN.findall(text.lower())[:_LANGUAGE_SAMPLE]
    else:
        words = [fold(match.group()) for match in islice(_token().finditer(text), _LANGUAGE_SAMPLE)]
    counts = dict.fromkeys(LANGUAGES, 0)
    for word in words:
        for language in _LANGUAGES_OF.get(word, ()):
            counts[language] += 1
    best, most = default, counts.get(default, 0)
    for language in LANGUAGES:
        if counts[language] > most:
            best, most = language, counts[language]
    return best


def passage_terms(text: str, language: str) -> list[str]:
    """The index terms of a text, in order: stems, or pairs of characters. Elided articles (l', d') are left out."""
    return [token.word if token.unsegmented else stem(token.word, language) for token in tokens(text)]


def name_tokens(name: str) -> list[Token]:
    """The words of a name in order, then the parts that its spelling tells: "IMG_0042", "BeachHouse".

    The parts' spans refer to nothing.
    """
    normal = unicodedata.normalize("NFC", name)  # macOS writes names decomposed
    camel = _PLAIN_CAMEL if normal.isascii() else _camel()
    whole = list(tokens(normal))
    known = {token.word for token in whole}
    return [*whole, *(token for token in tokens(camel.sub(" ", normal)) if token.word not in known)]


def distinct_name_words(name: str) -> frozenset[str]:
    """The distinct words of a name: those of `name_tokens`."""
    normal = unicodedata.normalize("NFC", name)
    camel = _PLAIN_CAMEL if normal.isascii() else _camel()
    return distinct_words(normal) | distinct_words(camel.sub(" ", normal))


def name_terms(name: str) -> list[str]:
    """The index terms of a file name, folder name, title or keyword: its words and parts, then all their stems.

    A name is too short to tell its language, so the stems of all of them are in it.
    """
    words = [token.word for token in name_tokens(name)]
    return list(dict.fromkeys([*words, *(form for word in words for form in stems_of(word))]))


def stems_of(word: str) -> list[str]:
    """The word and its stems in every language, without repetition, the word first."""
    return list(dict.fromkeys([word, *(stem(word, language) for language in LANGUAGES)]))


def spelling_variants(word: str) -> list[str]:
    """Ways a folded word may stand in the index besides itself: "bruecke" may be "brucke" there."""
    return list(dict.fromkeys([word, _TYPED_UMLAUT.sub(r"\1", word)]))


def prefixes_of(term: str, lengths: Iterable[int]) -> Iterator[str]:
    """The beginnings of a term at the given lengths, shorter than the term; for dense scripts its single characters."""
    if is_unsegmented(term):
        yield from term
        return
    for length in lengths:
        if length < len(term):
            yield term[:length]


def is_unsegmented(word: str) -> bool:
    """Whether the word is of a script written without spaces (or Korean)."""
    return not word.isascii() and _unsegmented().match(word) is not None


def one_edit_apart(first: str, second: str) -> bool:
    """Whether one letter added, left out, replaced, or swapped with its neighbour makes one of the other."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    if len(first) > len(second):
        first, second = second, first
    i = 0
    while i < len(first) and first[i] == second[i]:
        i += 1
    if len(first) < len(second):
        return first[i:] == second[i + 1 :]
    if first[i + 1 :] == second[i + 1 :]:
        return True
    return first[i : i + 2] == second[i : i + 2][::-1] and first[i + 2 :] == second[i + 2 :]
