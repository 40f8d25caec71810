"""Sentences as the frozen parts of the text tower see them, computed once and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from app.models.multilingual_text import MultilingualText
from app.models.tokenizer.export import export_byte_pairs
from app.models.tokenizer.tokenizer import PIECES_FILE, PairedTokenizer

_BATCH = 64
Say = Callable[[str], None]


@dataclass(frozen=True)
class Sentences:
    """Texts, row by row.

    Attributes:
        meaning: (n, 512) of the multilingual sentence encoder, unit length.
        english: (n, d) of the English transformer, unit length.
        share: (n, 1) in 0..1, how English each is.
    """

    meaning: Tensor
    english: Tensor
    share: Tensor

    def __len__(self) -> int:
        return len(self.meaning)

    def at(self, rows: Any) -> Sentences:
        """Some of them."""
        return Sentences(self.meaning[rows], self.english[rows], self.share[rows])

    def without_english(self) -> Sentences:
        """The same with the English branch shut: what the multilingual branch alone makes of them."""
        return Sentences(self.meaning, self.english, torch.zeros_like(self.share))


def starter_tokenizer(pieces: str, folder: Path, context_length: int) -> PairedTokenizer:
    """The starter's tokenizer, written into a folder: CLIP's byte pairs as open_clip has them, and these pieces."""
    import open_clip

    text_input = export_byte_pairs(open_clip.SimpleTokenizer(), folder / "tokenizer.json")
    (folder / PIECES_FILE).write_text(pieces, encoding="utf-8")
    return PairedTokenizer(folder / "tokenizer.json", text_input, context_length)


def read_sentences(
    texts: Sequence[str], tower: MultilingualText, tokenizer: PairedTokenizer, folder: Path, say: Say = print
) -> Sentences:
    """The texts through the frozen parts; from disk if the same texts were read before."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2b("\n".join(texts).encode(), digest_size=8).hexdigest()
    file = folder / f"texts-{digest}.npz"
    if not file.is_file():
        say(f"reading {len(texts)} sentences")
        rows = _encode(texts, tower, tokenizer)
        partial = file.with_suffix(".partial")
        with partial.open("wb") as stream:
            np.savez(stream, **rows)
        partial.replace(file)
    with np.load(file) as stored:
        return Sentences(*(torch.from_numpy(stored[name].astype(np.float32)) for name in _NAMES))


_NAMES = ("meaning", "english", "share")


@torch.inference_mode()
def _encode(texts: Sequence[str], tower: MultilingualText, tokenizer: PairedTokenizer) -> dict[str, Any]:
    """Sorted by length, so that little is spent on padding."""
    tokens = torch.from_numpy(tokenizer.encode(texts))
    lengths = (tokens != 0).sum(1)
    found: dict[str, Any] = {}
    for rows in torch.split(torch.argsort(lengths), _BATCH):
        used = tokens[rows][:, : 2 * (int(tokens[rows].any(0).nonzero().max()) // 2 + 1)]
        pairs = used.reshape(len(rows), -1, 2)
        parts = (tower.sentences(pairs[:, :, 1]), tower.english(pairs[:, :, 0]), tower.english_share(pairs[:, :, 1]))
        for name, part in zip(_NAMES, parts, strict=True):
            whole = found.setdefault(name, np.zeros((len(texts), part.shape[1]), dtype=np.float16))
            whole[rows.numpy()] = part.numpy()
    return found
