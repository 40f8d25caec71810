"""The starter's text tower: an English transformer and a multilingual sentence encoder, joined. Imports torch.

No text tower that open_clip can build fits the starter's size: the vocabulary of fifteen languages alone has 128,010
pieces. This one keeps its tables in 4 bits and its matrices in 8 bits, also in the converted graph.

* The English branch is a small causal transformer over CLIP's byte pairs. It reads passages well.
* The multilingual branch is Google's universal-sentence-encoder-multilingual v3 (averaged embeddings and convolutions
  of 2, 3 and 5 pieces over a unigram vocabulary), and a learnt projection. It puts a sentence and its translation in
  the same place, and knows little of passages.
* How much the English branch counts follows from the pieces of the text: each has a log-odds of being English.

Tokens are (n, 2 * length) int64: the numbers of byte pairs in even columns; in odd columns those of unigram pieces,
plus one. Zero is padding in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

CONFIG_KEY = "multilingual"
"""The part of `text_cfg` that describes this tower; a checkpoint that has it is not open_clip's to build."""

_ORDERS = ((2, 0), (3, 1), (5, 2))
"""Pieces that a convolution sees, and how many of them stand to the left."""
_USE_WIDTH = 512
_EPSILON = 1e-12
_ENGLISH_BIAS = 1.0
ODDS_STEPS = 40


@dataclass(frozen=True)
class Shape:
    """Sizes of the tower. `byte_pairs` and `pieces` are the two vocabularies, `hidden` of the projection."""

    embed_dim: int = 384
    context_length: int = 77
    byte_pairs: int = 49408
    width: int = 256
    heads: int = 4
    layers: int = 4
    pieces: int = 128010
    channels: int = 256
    hidden: int = 768

    @classmethod
    def of_config(cls, model_config: Mapping[str, Any]) -> Shape:
        text = model_config["text_cfg"]
        return cls(model_config["embed_dim"], text["context_length"], **text[CONFIG_KEY])


class PackedEmbedding(nn.Module):
    """A table of vectors in 4 bits: 16 levels shared by all, and a scale for each row.

    Column c of a row is the low half of byte c for the first half of the columns, the high half for the second.
    """

    packed: Tensor
    scale: Tensor
    levels: Tensor

    def __init__(self, rows: int, width: int) -> None:
        super().__init__()
        self.register_buffer("packed", torch.zeros(rows, width // 2, dtype=torch.uint8))
        self.register_buffer("scale", torch.zeros(rows, 1))
        self.register_buffer("levels", torch.zeros(16))

    def forward(self, ids: Tensor) -> Tensor:
        both = functional.embedding(ids, self.packed).float()
        high = torch.floor(both / 16)
        numbers = torch.cat([both - 16 * high, high], -1).long()
        return self.levels.float()[numbers] * functional.embedding(ids, self.scale).float()


class PackedLinear(nn.Module):
    """A matrix in 8 bits with a scale for each output, and a bias."""

    packed: Tensor
    scale: Tensor
    bias: Tensor

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.register_buffer("packed", torch.zeros(outputs, inputs, dtype=torch.int8))
        self.register_buffer("scale", torch.zeros(outputs, 1))
        self.register_buffer("bias", torch.zeros(outputs))

    def weight(self) -> Tensor:
        """(outputs, inputs) float32."""
        return self.packed.float() * self.scale.float()

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight(), self.bias.float())


class _Block(nn.Module):
    """A residual block of CLIP's text transformer, the norms before what they feed."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = PackedLinear(width, 3 * width), PackedLinear(width, width)
        self.widen, self.narrow = PackedLinear(width, 4 * width), PackedLinear(4 * width, width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        n, length, width = x.shape
        q, k, v = self.qkv(self.norm_1(x)).reshape(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + mask).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(n, length, width))
        narrowed: Tensor = self.narrow(functional.gelu(self.widen(self.norm_2(x))))
        return x + narrowed


class EnglishTransformer(nn.Module):
    """Byte pairs (n, length) -> (n, d), unit length: what the last token says, as in CLIP."""

    positions: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embedding = PackedEmbedding(shape.byte_pairs, shape.width)
        self.register_buffer("positions", torch.zeros(shape.context_length, shape.width))
        self.blocks = nn.ModuleList(_Block(shape.width, shape.heads) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.projection = PackedLinear(shape.width, shape.embed_dim)

    def forward(self, tokens: Tensor) -> Tensor:
        length = tokens.shape[1]
        x = self.embedding(tokens) + self.positions[:length].float()
        places = torch.arange(length, device=tokens.device)
        mask = torch.where(places[None, :] > places[:, None], -1e4, 0.0)
        for block in self.blocks:
            x = block(x, mask)
        # The token that ends a text has the largest number.
        last = tokens.argmax(-1)[:, None, None].expand(-1, 1, x.shape[2])
        return functional.normalize(self.projection(self.norm(x.gather(1, last).squeeze(1))), dim=-1)


class _Convolutions(nn.Module):
    """Two residual convolutions over `order` neighbouring pieces, `left` of them before the one in question."""

    def __init__(self, channels: int, order: int, left: int) -> None:
        super().__init__()
        self.order, self.left = order, left
        self.first = PackedLinear(channels * order, channels)
        self.second = PackedLinear(channels * order, channels)

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        length = x.shape[1]
        for layer in (self.first, self.second):
            padded = functional.pad(x, (0, 0, self.left, self.order - 1 - self.left))
            seen = layer(torch.cat([padded[:, i : i + length] for i in range(self.order)], -1))
            x = (functional.relu(seen) + x) * there
        return x


class SentenceEncoder(nn.Module):
    """universal-sentence-encoder-multilingual v3: pieces (n, length), plus one, zero is padding -> (n, 512), unit."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        channels, inner = shape.channels, 320
        self.embedding = PackedEmbedding(shape.pieces, _USE_WIDTH)
        self.enter = PackedLinear(_USE_WIDTH, len(_ORDERS) * channels)
        self.enter_norm = nn.LayerNorm(len(_ORDERS) * channels, eps=_EPSILON)
        self.branches = nn.ModuleList(_Convolutions(channels, *order) for order in _ORDERS)
        self.norm = nn.LayerNorm(_USE_WIDTH + len(_ORDERS) * channels, eps=_EPSILON)
        self.mix = PackedLinear(_USE_WIDTH + len(_ORDERS) * channels, _USE_WIDTH)
        self.dense_1, self.skip_1 = PackedLinear(_USE_WIDTH, inner), PackedLinear(_USE_WIDTH, inner)
        self.dense_2, self.dense_3 = PackedLinear(inner, inner), PackedLinear(inner, _USE_WIDTH)
        self.skip_4, self.dense_4 = PackedLinear(inner, _USE_WIDTH), PackedLinear(_USE_WIDTH, _USE_WIDTH)

    def forward(self, pieces: Tensor) -> Tensor:
        there = (pieces > 0).float().unsqueeze(-1)
        raw = self.embedding((pieces - 1).clamp(min=0)) * there
        entered = self.enter_norm(self.enter(raw)) * there
        parts = entered.chunk(len(_ORDERS), -1)
        seen = [branch(part, there) for branch, part in zip(self.branches, parts, strict=True)]
        features = self.norm(torch.cat([raw, *seen], -1)) * there
        count = there.sum(1).clamp(min=1)
        x = self.mix(features.sum(1) / count) * count.sqrt()
        first = functional.relu(self.skip_1(x) + self.dense_2(functional.relu(self.dense_1(x))))
        return functional.normalize(
            torch.tanh(self.skip_4(first) + self.dense_4(functional.relu(self.dense_3(first)))), dim=-1
        )


class MultilingualText(nn.Module):
    """The whole tower: tokens (n, 2 * length) -> (n, d), unit length."""

    evidence: Tensor
    always: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.context_length = shape.context_length
        self.english, self.sentences = EnglishTransformer(shape), SentenceEncoder(shape)
        # Log-odds of each piece in int8.
        self.register_buffer("evidence", torch.zeros(shape.pieces, 1, dtype=torch.int8))
        self.register_buffer("always", torch.zeros(1))
        self.turn = PackedLinear(shape.embed_dim, shape.embed_dim)
        self.widen, self.narrow = (
            PackedLinear(_USE_WIDTH, shape.hidden),
            PackedLinear(shape.hidden, shape.embed_dim),
        )
        self.direct = PackedLinear(_USE_WIDTH, shape.embed_dim)

    def forward(self, tokens: Tensor) -> Tensor:
        pairs = tokens.reshape(tokens.shape[0], -1, 2)
        byte_pairs, pieces = pairs[:, :, 0], pairs[:, :, 1]
        meaning = self.sentences(pieces)
        foreign = functional.normalize(self.direct(meaning) + self.narrow(functional.gelu(self.widen(meaning))), dim=-1)
        english = functional.normalize(self.turn(self.english(byte_pairs)), dim=-1)
        share = self.english_share(pieces)
        return functional.normalize(share * english + (1 - share + self.always.float() * share) * foreign, dim=-1)

    def english_share(self, pieces: Tensor) -> Tensor:
        """(n, 1) in 0..1: how English a text is, by its pieces (n, length), plus one."""
        odds = functional.embedding((pieces - 1).clamp(min=0), self.evidence).float() / ODDS_STEPS
        total = (odds * (pieces > 0).float().unsqueeze(-1)).sum(1)
        return torch.sigmoid(total + _ENGLISH_BIAS)


def build_model(model_config: Mapping[str, Any]) -> Any:
    """open_clip's model of an image tower by timm with this text tower, random weights; `CustomTextCLIP`."""
    import open_clip

    placeholder = {"context_length": 4, "vocab_size": 8, "width": 8, "heads": 1, "layers": 1}
    model: Any = open_clip.CustomTextCLIP(
        embed_dim=model_config["embed_dim"],
        vision_cfg={**model_config["vision_cfg"], "timm_model_pretrained": False},
        text_cfg=placeholder,
    )
    model.text = MultilingualText(Shape.of_config(model_config))
    return model
