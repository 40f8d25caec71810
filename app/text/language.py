"""Which language a query is in: by its script, or by the languages of which its words are.

Three words say too little for statistics over letters; the words themselves say it. A query that may be English is
taken for English, which every model reads.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from app.text.analysis import tokens
from app.text.lexicon import languages_of
from app.text.stemming import STOP_WORDS

_LANGUAGE_OF_SCRIPT = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "CJK": "zh",
}
_UKRAINIAN = frozenset("іїєґ")
_SURE = 0.4  # share of the words that must be of the language


def query_language(text: str) -> str:
    """ISO 639-1 code of the language of a query; "en" where nothing speaks against it."""
    script = script_language(text)
    if script:
        return script
    words = [token.word for token in tokens(text)]
    votes: Counter[str] = Counter()
    for word in words:
        small = [language for language, listed in STOP_WORDS.items() if word in listed]
        votes.update(small or languages_of(word) or ())
    if not votes:
        return "en"
    language, most = votes.most_common(1)[0]
    return language if most > votes["en"] and most >= _SURE * len(words) else "en"


def script_language(text: str) -> str:
    """The language that the script of most letters is written for, or "" for Latin letters."""
    scripts: Counter[str] = Counter()
    for letter in text:
        if letter.isalpha():
            scripts[unicodedata.name(letter, "LATIN").split()[0].split("-")[0]] += 1
    if not scripts:
        return ""
    if scripts.keys() & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    language = _LANGUAGE_OF_SCRIPT.get(scripts.most_common(1)[0][0], "")
    return "uk" if language == "ru" and _UKRAINIAN.intersection(text.casefold()) else language
