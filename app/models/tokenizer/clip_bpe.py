"""CLIP's byte-pair encoding in plain Python, equal to open_clip's `SimpleTokenizer`.

The `tokenizers` library reads the same `tokenizer.json`, but needs 0.15 s for it; this needs a thirtieth of that, which
counts in a search from the command line, and words seen before cost a look-up.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.models.tokenizer.bpe_cache import read_vocabulary

_CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d"
_ASCII_PATTERN = rf"{_CONTRACTIONS}|[a-z]+|[0-9]|[^\sa-z0-9]+"
_UNICODE_PATTERN = rf"{_CONTRACTIONS}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+"
_END_OF_WORD = "</w>"
# Words are remembered up to this many, about 10 MB.
_CACHED_WORDS = 50_000


def byte_characters() -> dict[int, str]:
    """Each byte as a printable character: OpenAI's table, by which the vocabulary is written."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in printable}
    for byte in range(0x100):
        if byte not in table:
            table[byte] = chr(0x100 + len(table) - len(printable))
    return table


class ClipBpe:
    """Cleaned text to token numbers, start and end included. Reads the `tokenizer.json` made from open_clip's own."""

    def __init__(self, file: Path) -> None:
        vocabulary = read_vocabulary(file)
        self._numbers, self._first_made = vocabulary.numbers, vocabulary.first_made
        self._ranks = vocabulary.ranks
        self._special = "|".join(re.escape(token) for token in vocabulary.specials)
        self._start, self._end = vocabulary.start, vocabulary.end
        self._characters = byte_characters()
        self._words = {token: [self._numbers[token]] for token in vocabulary.specials}
        self._plain = re.compile(f"{self._special}|{_ASCII_PATTERN}", re.IGNORECASE | re.ASCII)
        self._any: Any = None

    def encode(self, text: str) -> list[int]:
        """All token numbers of a text, however many."""
        numbers = [self._start]
        for word in self._pattern(text).findall(text):
            cached = self._words.get(word)
            numbers += self._word(word) if cached is None else cached
        numbers.append(self._end)
        return numbers

    def _pattern(self, text: str) -> Any:
        if text.isascii():
            return self._plain
        if self._any is None:
            import regex  # type: ignore[import-untyped]  # knows the letters of all scripts; not needed for plain text

            self._any = regex.compile(f"{self._special}|{_UNICODE_PATTERN}", regex.IGNORECASE)
        return self._any

    def _word(self, word: str) -> list[int]:
        parts = [self._characters[byte] for byte in word.encode("utf-8", errors="replace")]
        parts[-1] += _END_OF_WORD
        numbers = [self._numbers[part] for part in self._merged(parts)]
        if len(self._words) < _CACHED_WORDS:
            self._words[word] = numbers
        return numbers

    def _merged(self, parts: list[str]) -> list[str]:
        """Join the pair of the lowest rank, everywhere it stands, until no pair is in the list."""
        no_rank = len(self._ranks)
        while len(parts) > 1:
            pairs = [f"{first} {second}" for first, second in pairwise(parts)]
            best = min(pairs, key=lambda pair: self._ranks.get(pair, no_rank))
            if best not in self._ranks:
                break
            parts = _merge_pair(parts, pairs, best)
            if self._first_made is not None:
                self._numbers[best.replace(" ", "", 1)] = self._first_made + self._ranks[best]
        return parts


def _merge_pair(parts: list[str], pairs: list[str], best: str) -> list[str]:
    joined: list[str] = []
    index = 0
    while index < len(parts):
        if index < len(pairs) and pairs[index] == best:
            joined.append(parts[index] + parts[index + 1])
            index += 2
        else:
            joined.append(parts[index])
            index += 1
    return joined
