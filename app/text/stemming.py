"""Word endings, by language: light stemming, which joins "invoice" and "invoices" but not "corn" and "corner".

English follows the inflectional steps of Porter (Program 14(3), 1980) and the commonest derivations; the others are
light stemmers in the manner of Savoy (SAC 2006), plurals and case endings only. Words arrive folded (lower case,
without accents); they must be long enough to keep a stem of three letters or more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an and are as at be been but by can could did do does for from had has have he her his how i if in "
        "into is it its may me my no not of on or our out she so some such than that the their them then there these "
        "they this to up was we were what when where which who will with would you your",
        "de": "aber als am an auch auf aus bei bin bis da das dass dem den der des die dir du durch ein eine einem "
        "einen einer eines er es fur hat haben ich ihr im in ist ja mich mit nach nicht noch nur oder sich sie sind so "
        "uber um und uns unter vom von vor war was wenn werden wie wir wird zu zum zur",
        "fr": "a au aux avec ce ces cette dans de des du elle en est et eux il ils je la le les leur lui ma mais me "
        "meme mes mon ne nos notre nous on ou par pas pour plus qu que qui sa se ses son sont sur ta te tes ton tu un "
        "une vos votre vous",
        "es": "a al como con de del desde donde e el ella ellos en entre era es esta este esto fue ha han hasta hay la "
        "las le les lo los mas me mi muy no nos o para pero por que se sin sobre su sus te tu un una uno y ya yo",
        "it": "a ad al alla alle anche che chi ci come con cui da dal dalla dei del della delle di e ed era gli ha ho "
        "i il in io la le lei lo loro lui ma mi nel nella noi non o per piu quando questa questo se si sono su sua suo "
        "tra tu un una uno voi",
        "pt": "a ao aos as com como da das de do dos e ela ele em entre era essa esse esta este eu foi ha isso ja la "
        "lhe mais mas me meu minha muito na nao nas no nos num o os ou para pela pelo por qual que se sem seu sua te "
        "um uma voce",
        "nl": "aan al als bij dan dat de der deze die dit door een en er geen haar had heb heeft hem het hij hoe hun "
        "ik in is je kan maar me meer met mijn na naar niet nog nu of om onder ons ook op over te toen tot uit van "
        "veel voor want was wat we wel werd wie wij zal ze zich zij zijn zo",
    }.items()
}
LANGUAGES = tuple(STOP_WORDS)

_VOWELS = frozenset("aeiouy")
_ENGLISH_DERIVED = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"),
    ("tional", "tion"), ("biliti", "ble"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("aliti", "al"),
    ("iviti", "ive"), ("ement", ""), ("ment", ""), ("ness", ""), ("ance", ""), ("ence", ""), ("able", ""),
    ("ible", ""), ("ical", "ic"), ("ally", "al"), ("ly", ""), ("ion", ""), ("ive", ""), ("ous", ""), ("ful", ""),
    ("ate", ""), ("ize", ""), ("ise", ""), ("er", ""), ("or", ""), ("al", ""),
)  # fmt: skip
# A derivation is cut only where this much of the word is left: "nation" and "water" stay whole.
_ENGLISH_STEM = 5

_LIGHT_RULES: Mapping[str, tuple[re.Pattern[str], int]] = {
    # (endings, letters that must remain)
    "de": (re.compile(r"(?:ern|em|en|er|es|e|n|s)$"), 4),
    "fr": (re.compile(r"(?:eaux|aux|es|e|s|x)$"), 4),
    "es": (re.compile(r"(?:es|os|as|s|o|a|e)$"), 4),
    "it": (re.compile(r"(?:[aeio])$"), 4),
    "pt": (re.compile(r"(?:oes|aes|es|os|as|s|o|a|e)$"), 4),
    "nl": (re.compile(r"(?:en|es|e|s)$"), 4),
}


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself where it is short, not Latin, or holds a digit."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if language == "en":
        return _english(word)
    rule = _LIGHT_RULES.get(language)
    if rule is None:
        return word
    ending, rest = rule
    cut = ending.sub("", word)
    return cut if len(cut) >= rest else word


def _english(word: str) -> str:
    for step in _ENGLISH_STEPS:
        word = step(word)
    return word


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-3] + "i" if len(word) > 4 else word[:-1]
    if word.endswith("s") and word[-2] not in "sui":
        return word[:-1]
    return word


def _tense(word: str) -> str:
    """-ed, -ing, where a vowel is left; a doubled consonant is single again."""
    for ending in ("ing", "ed"):
        rest = word[: -len(ending)]
        if not word.endswith(ending) or len(rest) < 3 or not _VOWELS.intersection(rest):
            continue
        if rest[-1] == rest[-2] and rest[-1] not in "lsz":
            return rest[:-1]
        return rest
    return word


def _final_y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 and word[-2] not in _VOWELS else word


def _derived(word: str) -> str:
    for ending, kept in _ENGLISH_DERIVED:
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= _ENGLISH_STEM:
            return rest + kept
    return word


def _final_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


_ENGLISH_STEPS: tuple[Callable[[str], str], ...] = (_plural, _tense, _final_y, _derived, _final_e)
