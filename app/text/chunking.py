"""Text cut into passages that fit the text tower: whole sentences, packed as long as they fit.

Pure. No text is lost: the passages joined hold every character of the text but white space, in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

MAX_WORDS = 50
"""Passages aim at no more words than this: CLIP's text towers read 64 or 77 tokens."""

_WINDOW = 80  # characters a word, spaces included, that are looked at when a sentence is cut

Fits = Callable[[str], bool]
"""Whether a passage fits the text tower, counted by its own tokenizer."""

# Scripts written without spaces: there a character is about a word. Kana, CJK (with extensions), Thai, Lao, Khmer,
# Myanmar. (Hangul has spaces.)
_UNSPACED = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003134f"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(f"[{_UNSPACED}]|[^\\s{_UNSPACED}]+")

# A sentence ends at . ! ? ... with closing quotes or brackets, before white space; in CJK, Hindi, Armenian and
# Arabic at their own marks, without need of white space.
_END = re.compile(
    "[.!?\u2026]+[\"'\u201d\u2019\u00bb)\\]]*(?=\\s|$)|[\u3002\uff01\uff1f\uff0e\u0964\u0589]+[\u300d\u300f\u201d\uff09]*|[\u061f\u06d4](?=\\s|$)"
)
# After these a full stop ends no sentence (English, German, French, Spanish, Italian, Dutch).
_ABBREVIATED = (
    "mr mrs ms dr prof st jr sr vs etc e.g i.e cf no vol fig ca approx inc ltd co corp dept est gen hon rev sgt col "
    "z.b d.h u.a bzw usw nr str abs art bd hrsg evtl ggf inkl sog vgl tel mme mlle p.ex av sra srta ud uds pag "
    "sig dott ecc dhr mevr bijv o.a jan feb mar apr jun jul aug sep sept oct okt nov dec dez"
)
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_LAST_WORD = re.compile(r"([^\s(\[\"'\u201c\u2018]+)\.$")
# A paragraph, a list item, a table row or a heading begins: never in the middle of a sentence.
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*\u2022\u25aa\u25e6\u2013\u2014#|>]|\d{1,3}[.)]\s))|(?<=\|)[ \t]*\n|\t*\f")


def split_passages(text: str, fits: Fits = lambda _: True, words: int = MAX_WORDS) -> list[str]:
    """All of `passages` at once."""
    return list(passages(text, fits, words))


def passages(text: str, fits: Fits = lambda _: True, words: int = MAX_WORDS) -> Iterator[str]:
    """Passages in order, white space tidied; made as they are asked for.

    Args:
        text: any length and script; blank gives none.
        fits: asked about each passage; a single word that does not fit is cut into pieces that do.
    """
    waiting = _SentenceQueue(sentences(text))
    while (pending := waiting.take(words)) is not None:
        # Asked once for a whole passage and not for each sentence: counting tokens is what all of this costs.
        while len(pending) > 1 and not fits(" ".join(pending)):
            waiting.put_back(pending.pop())
        whole = " ".join(pending)
        if len(pending) > 1 or (_count_words(whole) <= words and fits(whole)):
            yield whole
            continue
        pieces = list(_split_sentence(whole, fits, words))
        yield from pieces[:-1] or pieces
        if len(pieces) > 1:
            waiting.put_back(pieces[-1])  # the rest of a long sentence may share a passage with the next


class _SentenceQueue:
    """Sentences to come; some may have been put back."""

    def __init__(self, sentences: Iterator[str]) -> None:
        self._sentences = sentences
        self._back: list[str] = []

    def take(self, words: int) -> list[str] | None:
        """At least one sentence, and as many more as make up to so many words; None at the end."""
        taken: list[str] = []
        count = 0
        while (sentence := self._next()) is not None:
            count += _count_words(sentence)
            if taken and count > words:
                self.put_back(sentence)
                break
            taken.append(sentence)
        return taken or None

    def put_back(self, sentence: str) -> None:
        self._back.append(sentence)

    def _next(self) -> str | None:
        return self._back.pop() if self._back else next(self._sentences, None)


def sentences(text: str) -> Iterator[str]:
    """Sentences, list items, rows and headings, each on one line."""
    for block in _BLOCK.split(text):
        line = " ".join(block.split())
        start = 0
        for match in _END.finditer(line):
            if _is_end(line, match):
                yield line[start : match.end()].strip()
                start = match.end()
        rest = line[start:].strip()
        if rest:
            yield rest


def _is_end(line: str, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return True
    word = _LAST_WORD.search(line, max(0, match.end() - 24), match.end())
    if word is None:
        return True
    before = word[1].lower()
    # "J. S. Bach", "3. Mai": initials and ordinals; but a year or an amount may well end a sentence.
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()) or (before.isdigit() and len(before) <= 2):
        return False
    following = line[match.end() : match.end() + 2].strip()
    return not following[:1].islower()


def _split_sentence(sentence: str, fits: Fits, words: int) -> Iterator[str]:
    """A sentence that does not fit, cut at commas, else between words, else anywhere."""
    start = 0
    while start < len(sentence):
        # A window keeps a megabyte without a space from being looked through again for each piece.
        window = sentence[start : start + _WINDOW * words].lstrip()
        if not window:
            start += _WINDOW * words
            continue
        start = min(start + _WINDOW * words, len(sentence)) - len(window)
        length = _longest_fitting(window, fits, words)
        yield window[:length].rstrip()
        start += length


def _longest_fitting(text: str, fits: Fits, words: int) -> int:
    """How many characters from the start make the longest piece that fits, at a good place to cut; at least one."""
    ends = [match.end() for _, match in zip(range(words), _WORD.finditer(text), strict=False)]
    low, high = 0, len(ends)  # `low` words fit, more than `high` do not; what fits grows with the text
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[: ends[middle - 1]]):
            low = middle
        else:
            high = middle - 1
    if low == 0:
        return _longest_fitting_prefix(text[: ends[0]], fits)
    if ends[low - 1] == len(text):
        return len(text)
    # A clause's end in the second half reads better than the last word that fits.
    for end in reversed(ends[low // 2 : low]):
        if text[end - 1] in ",;:\u3001\uff0c\uff1b\uff1a|":
            return end
    return ends[low - 1]


def _longest_fitting_prefix(word: str, fits: Fits) -> int:
    """For a single endless word (an address, base64): the longest start of it that fits."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(word[:middle]):
            low = middle
        else:
            high = middle - 1
    return low


def _count_words(text: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    spaced = len(text.split())
    unspaced = len(_UNSPACED_CHARACTER.findall(text)) if not text.isascii() else 0
    return spaced + unspaced // 2
