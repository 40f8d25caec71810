"""Makes `lexicon.tsv.gz`: the words of everyday language in many languages, and of which languages each is.

    python -m resources.lexicon_of_frequencies FOLDER TOKENIZER

FOLDER holds the frequency lists of pyspellchecker (MIT; en.json.gz, de.json.gz, ...: word -> count), TOKENIZER is the
vocabulary of USE-multilingual v3 as JSON ((piece, score) pairs, Apache-2.0), whose whole words of sixteen languages
complete them. Lines are "word<TAB>rarity<TAB>languages", folded and sorted. Rarity is 0 (the commonest) to 9, by
logarithm of the best rank in any language; a language counts where the word is about as common in it as in any other,
and languages is empty where only the tokenizer has the word.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from app.text.analysis import fold

_MOST = {
    "en": 160_000,
    "de": 340_000,
    "fr": 30_000,
    "es": 30_000,
    "it": 25_000,
    "pt": 25_000,
    "nl": 25_000,
    "ru": 20_000,
}
_WORD_START = "\u2581"
_SHORTEST = 2
_LONGEST = 12  # letters; longer ones are mostly compounds, which are known by their parts
_RARER, _RANKS = 3, 200  # a word at rank r of one list is of another language, too, up to rank 3 r + 200 there


def ranks(file: Path, most: int) -> dict[str, int]:
    """The commonest words of one list, folded, with their ranks; equally common ones share the first."""
    counts: dict[str, int] = json.loads(gzip.decompress(file.read_bytes()))
    ordered = sorted(counts, key=lambda word: (-counts[word], word))[:most]
    first: dict[int, int] = {}
    places: dict[str, int] = {}
    for place, word in enumerate(ordered):
        rank = first.setdefault(counts[word], place)
        if _SHORTEST <= len(word) <= _LONGEST and word.isalpha():
            places.setdefault(fold(word), rank)
    return places


def whole_words(tokenizer: Path) -> list[str]:
    """The pieces of a tokenizer's vocabulary that are whole words, folded."""
    pieces = json.loads(tokenizer.read_text("utf-8"))
    words = (piece[1:] for piece, _ in pieces if piece.startswith(_WORD_START))
    return [fold(word) for word in words if len(word) > _SHORTEST and word.isalpha()]


def main() -> None:
    folder, tokenizer = map(Path, sys.argv[1:])
    found: dict[str, dict[str, int]] = {word: {} for word in whole_words(tokenizer)}
    for language, most in _MOST.items():
        for word, rank in ranks(folder / f"{language}.json.gz", most).items():
            found.setdefault(word, {})[language] = rank
    lines = []
    for word in sorted(found, key=str.encode):
        best = min(found[word].values(), default=0)
        kept = [language for language, rank in found[word].items() if rank <= _RARER * best + _RANKS]
        rarity = min(9, (best + 1).bit_length() // 2) if kept else 9
        lines.append(f"{word}\t{rarity}\t{','.join(kept)}\n")
    (Path(__file__).parent / "lexicon.tsv.gz").write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(f"{len(found):,} words")


if __name__ == "__main__":
    main()
