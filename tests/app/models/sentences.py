"""A small sentence encoder with fixed random weights, made on the fly: the same files as in the real package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.models.passages.catalog import PassageEncoderEntry

WIDTH = 48
_WORDS = "the a of to and car automobile house dog invoice tenant rent beach electron beam noise 4711 . , ? ! ' -"
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789äöüßéèêçñ東京寿司"


def make_package(folder: Path, module: str = "tiny_sentences") -> PassageEncoderEntry:
    """Write an importable package with weights into `folder`, and say what the catalogue would say of it."""
    model = folder / module / "model"
    model.mkdir(parents=True)
    (folder / module / "__init__.py").write_text("raise ImportError('weights are read, not run')\n")
    vocabulary = _tokenizer(model / "tokenizer.json")
    _weights(model, vocabulary)
    return PassageEncoderEntry(
        name="tiny-sentences",
        module=module,
        command="pip install tiny-sentences",
        licence="CC0-1.0",
        parameters=0.1,
        download_bytes=100_000,
        dimension=WIDTH,
        longest=24,
        languages=("English",),
        good_for="Tests.",
    )


def _tokenizer(file: Path) -> int:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *_WORDS.split(), *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    made: Any = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
    made.enable_truncation(8)  # as in the real one: it must not be in force here
    made.enable_padding(length=8)
    made.save(str(file))
    return len(vocabulary)


def _weights(folder: Path, vocabulary: int) -> None:
    import torch
    from safetensors.torch import save_file
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=32,
    )
    torch.manual_seed(20)
    model = BertModel(config, add_pooling_layer=False)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
