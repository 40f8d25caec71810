"""Words to token numbers without torch: a `tokenizer.json` made from open_clip's own tokenizer, and its cleaning."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from app.models.manifest import ModelInfo, TextInput
from app.models.tokenizer.clip_bpe import ClipBpe

TokenArray: TypeAlias = npt.NDArray[np.int64]
"""Token numbers: shape (n, length), filled up with the padding token."""

# open_clip's cleaning changes nothing in such a text but white space, so ftfy (50 ms to import) is not needed for it:
# printable ASCII, tabs and line ends, no entity, nothing that looks like one.
_NEEDS_NO_CLEANING = re.compile(r"[\t\n\r\x20-\x25\x27-\x7e]*")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
# More than the longest token of any vocabulary in the catalogue, on average over a text.
_CHARACTERS_PER_TOKEN = 64
PIECES_FILE = "pieces.json"
"""Beside a `tokenizer.json` of byte pairs: the unigram vocabulary of a model that reads both."""


def _clean_basic(text: str) -> str:
    if _NEEDS_NO_CLEANING.fullmatch(text):
        return text.strip()
    import ftfy

    return html.unescape(html.unescape(ftfy.fix_text(text))).strip()


def _clean_whitespace(text: str) -> str:
    return " ".join(_clean_basic(text).split())


def _clean_lower(text: str) -> str:
    return _clean_whitespace(text).lower()


def _clean_canonical(text: str) -> str:
    return " ".join(_clean_basic(text).replace("_", " ").translate(_NO_PUNCTUATION).lower().split())


CLEANING: dict[str, Callable[[str], str]] = {
    "whitespace": _clean_whitespace,
    "lower": _clean_lower,
    "canonicalize": _clean_canonical,
}
"""open_clip's three ways of cleaning, by their names in its configurations."""


class Tokenizer:
    """Texts to token numbers, equal to open_clip's tokenizer for the same model.

    Attributes:
        context_length: tokens at most, start and end included; longer texts lose their tail and keep the end token.
    """

    def __init__(self, file: Path, text_input: TextInput, context_length: int) -> None:
        self.context_length = context_length
        self._input = text_input
        self._clean = CLEANING[text_input.clean]
        self._numbers = ClipBpe(file).encode if text_input.kind == "bpe" else _hugging_face(file)

    def encode(self, texts: Sequence[str]) -> TokenArray:
        """(n, context_length) int64."""
        limit = self.context_length
        tokens = np.full((len(texts), limit), self._input.pad, dtype=np.int64)
        # Cut after the cleaning: characters beyond cannot reach the tower, and a page of text is not tokenised in vain.
        cleaned = [self._clean(text)[: limit * _CHARACTERS_PER_TOKEN] for text in texts]
        for row, text in zip(tokens, cleaned, strict=True):
            ids = self._numbers(text)
            row[: len(ids)] = ids[:limit]
            if len(ids) > limit and self._input.end is not None:
                row[-1] = self._input.end
        if self._input.strip is not None:
            tokens[tokens == self._input.strip] = 0
        return tokens


def clean_for_pieces(text: str) -> str:
    """White space as it should be; capitals alone as small letters, since the pieces know case and fall apart there."""
    cleaned = _clean_whitespace(text)
    return cleaned.lower() if cleaned.isupper() else cleaned


class PairedTokenizer:
    """Texts to the numbers that `app.models.multilingual_text` reads: byte pairs and unigram pieces, side by side.

    Attributes:
        context_length: tokens of either kind at most, start and end included.
    """

    def __init__(self, file: Path, text_input: TextInput, context_length: int) -> None:
        """`file` holds the byte pairs; the pieces are beside it."""
        self.context_length = context_length
        self._byte_pairs = Tokenizer(file, replace(text_input, kind="bpe"), context_length)
        self._pieces = _hugging_face(file.with_name(PIECES_FILE))

    def encode(self, texts: Sequence[str]) -> TokenArray:
        """(n, 2 * context_length) int64: byte pairs in even columns, pieces plus one in odd ones."""
        limit = self.context_length
        tokens = np.zeros((len(texts), 2 * limit), dtype=np.int64)
        tokens[:, 0::2] = self._byte_pairs.encode(texts)
        for row, text in zip(tokens[:, 1::2], texts, strict=True):
            ids = self._piece_numbers(text[: 2 * limit * _CHARACTERS_PER_TOKEN])
            row[: len(ids)] = ids[:limit]
            if len(ids) > limit:
                row[-1] = ids[-1]
        return tokens

    def _piece_numbers(self, text: str) -> list[int]:
        return [number + 1 for number in self._pieces(clean_for_pieces(text))]


def _hugging_face(file: Path) -> Callable[[str], list[int]]:
    from tokenizers import Tokenizer as Backend

    backend: Any = Backend.from_file(str(file))
    backend.no_padding()
    backend.no_truncation()

    def encode(text: str) -> list[int]:
        numbers: list[int] = backend.encode(text).ids
        return numbers

    return encode


def load_tokenizer(info: ModelInfo) -> Tokenizer | PairedTokenizer:
    """The light tokenizer of a prepared model."""
    if info.tokenizer_file is None:
        raise ValueError(f"{info.name} has no light tokenizer")
    return open_tokenizer(info.tokenizer_file, info.text_input, info.context_length)


def open_tokenizer(file: Path, text_input: TextInput, context_length: int) -> Tokenizer | PairedTokenizer:
    """The light tokenizer in a file, of the kind that `text_input` says."""
    kind = PairedTokenizer if text_input.kind == "pair" else Tokenizer
    return kind(file, text_input, context_length)


def trim_padding(tokens: TokenArray, pad: int) -> TokenArray:
    """Without the columns that are padding in every row, but for one that makes them even (tokens may be pairs)."""
    used = np.flatnonzero((tokens != pad).any(axis=0))
    return np.ascontiguousarray(tokens[:, : int(used[-1]) // 2 * 2 + 2 if used.size else 2])
