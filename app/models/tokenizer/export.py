"""Makes `tokenizer.json` from open_clip's own tokenizer, once, when a model is prepared.

The copy is accepted only if it gives the same numbers as the original on `PROBES` (and, in the tests, on many more).
"""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.models.checkpoint import Checkpoint
from app.models.manifest import TextInput
from app.models.tokenizer.tokenizer import (
    PIECES_FILE,
    PairedTokenizer,
    Tokenizer,
    clean_for_pieces,
    open_tokenizer,
)

PROBE_TEXTS = (
    "",
    "a photo of a dog",
    "Two  DOGS\trunning\non the beach!!",
    "it's the cat's 3rd birthday, isn't it? we're 1,234.56 km away…",
    "Grüße aus Köln; crème brûlée & naïve façade",
    "寿司と東京タワーの夜景",
    "собака на пляже зимой",
    "مرحبا بالعالم",
    "👩‍👩‍👧‍👦 family 🎉🎂 ❤️",
    "&lt;b&gt;bold&lt;/b&gt; &amp;amp; caf&eacute;",
    "schÃ¶n kaputt â€œquotedâ€\x9d",
    "control\x00 characters\x1b[31m and\x7f more\u200b\ufeff",
    "ﬁne ﬂow ½ ² ® ™ ＦＵＬＬ width",
    "<start_of_text> a <end_of_text> b",
    "snake_case_name.py __init__ $x^2 + y_2$ #hashtag @name https://example.org/a?b=c&d=e",
    "word " * 300,
    "Donaudampfschifffahrtsgesellschaftskapitän" * 20,
)


class PairedReference:
    """open_clip's own byte pairs, and the pieces as the `tokenizers` library reads them from the checkpoint."""

    def __init__(self, pieces: Path) -> None:
        import open_clip
        from tokenizers import Tokenizer as Backend

        self.byte_pairs, self.pieces_json = open_clip.SimpleTokenizer(), lzma.decompress(pieces.read_bytes())
        self._pieces: Any = Backend.from_str(self.pieces_json.decode())

    def __call__(self, texts: list[str], context_length: int) -> Any:
        """Tensor (n, 2 * context_length), as `PairedTokenizer.encode`."""
        import torch

        tokens = torch.zeros(len(texts), 2 * context_length, dtype=torch.long)
        tokens[:, 0::2] = self.byte_pairs(texts, context_length=context_length)
        for row, text in zip(tokens, texts, strict=True):
            ids = self._pieces.encode(clean_for_pieces(text)).ids
            ids = ids if len(ids) <= context_length else [*ids[: context_length - 1], ids[-1]]
            row[1 : 1 + 2 * len(ids) : 2] = torch.tensor(ids) + 1
        return tokens


def export_tokenizer(checkpoint: Checkpoint, reference: Any, target: Path) -> TextInput:
    """Write `target` (`tokenizer.json`); the kind is "open_clip" where the copy would not be equal."""
    if isinstance(reference, PairedReference):
        text_input = replace(export_byte_pairs(reference.byte_pairs, target), kind="pair")
        target.with_name(PIECES_FILE).write_bytes(reference.pieces_json)
    elif hasattr(reference, "tokenizer"):
        text_input = _export_hugging_face(checkpoint, reference, target)
    else:
        text_input = export_byte_pairs(reference, target, _clean_name(checkpoint, "lower"))
    if text_input.kind != "open_clip" and not same_tokens(
        reference, open_tokenizer(target, text_input, checkpoint.context_length)
    ):
        return TextInput(kind="open_clip", clean=text_input.clean, pad=text_input.pad)
    return text_input


def same_tokens(reference: Any, tokenizer: Tokenizer | PairedTokenizer, texts: tuple[str, ...] = PROBE_TEXTS) -> bool:
    """Whether both give the same numbers for all texts."""
    expected = reference(list(texts), context_length=tokenizer.context_length).numpy()
    return bool(np.array_equal(expected, tokenizer.encode(texts)))


def _clean_name(checkpoint: Checkpoint, default: str) -> str:
    options = checkpoint.model_config["text_cfg"].get("tokenizer_kwargs") or {}
    return str(options.get("clean", default))


def export_byte_pairs(reference: Any, target: Path, clean: str = "lower") -> TextInput:
    """CLIP's byte-pair encoding: the vocabulary and merges of `SimpleTokenizer`, its pattern, start and end."""
    if reference.reduction_fn is not None:
        return TextInput(kind="open_clip")
    merges = sorted(reference.bpe_ranks, key=reference.bpe_ranks.__getitem__)
    start, end = int(reference.sot_token_id), int(reference.eot_token_id)
    special = [token for token, number in reference.encoder.items() if number in reference.all_special_ids]
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)"
    tokenizer_json: dict[str, Any] = {
        "version": "1.0",
        "added_tokens": [_added_token(token, reference.encoder[token]) for token in special],
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
            ],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [_special_token("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, _special_token("</s>")],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [start], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [end], "tokens": ["</s>"]},
            },
        },
        "model": {
            "type": "BPE",
            "end_of_word_suffix": "</w>",
            "vocab": reference.encoder,
            "merges": [" ".join(pair) for pair in merges],
        },
    }
    target.write_text(json.dumps(tokenizer_json, ensure_ascii=False), encoding="utf-8")
    return TextInput(kind="bpe", clean=clean, pad=0, end=end)


def _added_token(token: str, number: int) -> dict[str, Any]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": number, "content": token, **flags}


def _special_token(name: str) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": 0}}


def _export_hugging_face(checkpoint: Checkpoint, reference: Any, target: Path) -> TextInput:
    """The fast tokenizer below a Hugging Face one, as it is."""
    tokenizer = reference.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None or reference.tokenizer_mode:
        return TextInput(kind="open_clip")
    backend.save(str(target))
    ids = tokenizer("a").input_ids
    end = ids[-1] if ids and ids[-1] in tokenizer.all_special_ids else None
    strip = tokenizer.sep_token_id if reference.strip_sep_token else None
    return TextInput(
        clean=_clean_name(checkpoint, "whitespace"), pad=int(tokenizer.pad_token_id or 0), end=end, strip=strip
    )
