"""What learns: the projection of the image tower, and the projections that join the text tower's two branches."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training.texts import Sentences

_MEANING_SCALE = 8.0
"""Unit vectors of 512 numbers are too small for a GELU to bend."""


@dataclass(frozen=True)
class HeadShape:
    """Sizes: of the joint space, of the pooled features, of the sentence encoder's vectors, of the hidden layers.

    open_clip makes the hidden layer of an image projection twice the joint space.
    """

    embed_dim: int = 384
    features: int = 1280
    meaning: int = 512
    hidden: int = 768


class Heads(nn.Module):
    """Pooled features and read sentences to unit vectors of the joint space."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, shape: HeadShape, mean: Tensor, deviation: Tensor) -> None:
        """`mean` and `deviation` (features,) standardise the features; the export folds them away."""
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.image_1 = nn.Linear(shape.features, 2 * shape.embed_dim)
        self.image_2 = nn.Linear(2 * shape.embed_dim, shape.embed_dim, bias=False)
        self.turn = nn.Linear(shape.embed_dim, shape.embed_dim)
        self.widen = nn.Linear(shape.meaning, shape.hidden)
        self.narrow = nn.Linear(shape.hidden, shape.embed_dim)
        self.direct = nn.Linear(shape.meaning, shape.embed_dim)
        # Inverse temperatures, as logarithms: of photos against sentences, and against the names of the classes.
        self.pairs_scale, self.classes_scale = nn.Parameter(torch.tensor(3.0)), nn.Parameter(torch.tensor(3.0))
        self.dropout, self.text_dropout = nn.Dropout(0.3), nn.Dropout(0.1)
        with torch.no_grad():
            self.turn.weight.copy_(torch.eye(shape.embed_dim))
            self.turn.bias.zero_()
            self.narrow.weight.mul_(0.5)

    def images(self, features: Tensor) -> Tensor:
        """(n, features) -> (n, d)."""
        with self._half():
            hidden = self.image_1(self.dropout((features - self.mean) / self.deviation))
            projected = self.image_2(self.dropout(functional.gelu(hidden)))
        return functional.normalize(projected.float(), dim=-1)

    def texts(self, sentences: Sentences, always: float) -> Tensor:
        """(n, d); `always` is the multilingual branch's weight in an English text."""
        with self._half():
            hidden = self.widen(sentences.meaning * _MEANING_SCALE)
            narrowed = self.narrow(self.text_dropout(functional.gelu(hidden)))
            joined, turned = self.direct(sentences.meaning) + narrowed, self.turn(sentences.english)
        foreign = functional.normalize(joined.float(), dim=-1)
        english = functional.normalize(turned.float(), dim=-1)
        share = sentences.share
        return functional.normalize(share * english + (1 - share + always * share) * foreign, dim=-1)

    def _half(self) -> torch.autocast:
        """bfloat16 while learning: twice as fast on CPUs that have it."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self.training)

    def turned_away(self) -> Tensor:
        """How far the English branch is turned from where it was: passages must keep their neighbours."""
        identity = torch.eye(len(self.turn.weight), device=self.turn.weight.device)
        return ((self.turn.weight - identity) ** 2).sum() / len(identity)

    def folded_image(self) -> tuple[Tensor, Tensor, Tensor]:
        """Weight and bias of the first layer with the standardisation in them, and the second's weight."""
        weight = self.image_1.weight.detach() / self.deviation
        return weight, self.image_1.bias.detach() - weight @ self.mean, self.image_2.weight.detach()

    def folded_meaning(self) -> tuple[Tensor, Tensor]:
        """Weight and bias of `widen` for vectors of length 1."""
        return self.widen.weight.detach() * _MEANING_SCALE, self.widen.bias.detach()
