"""The student: an ordinary open_clip model whose image tower begins as the image teacher.

Padding: TensorFlow pads 'same' on one side when a strided convolution meets an even size, PyTorch on both sides.
The two agree where every strided convolution sees an odd size: 161 -> 81 -> 41 -> 21 -> 11 -> 6, or 193 -> ... -> 7.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from training.image_teacher import Layer

VOCABULARY = 49408


@dataclass(frozen=True)
class Shape:
    """The size of the student; the defaults are the shipped model's.

    Attributes:
        embed_dim: dimensions of the joint space.
        image_size: pixels of the finished model.
        training_size: pixels while training. A network finds more at somewhat more pixels than it was trained at
            (Touvron et al., "Fixing the train-test resolution discrepancy", 2019, arXiv 1906.06423): here 193
            instead of 161 gives three points of R@10, and training costs two thirds.
        trunk: timm's name of the image tower.
        context, width, heads, layers: of the text tower.
    """

    embed_dim: int = 384
    image_size: int = 193
    training_size: int = 161
    trunk: str = "mobilenetv2_100"
    context: int = 77
    width: int = 256
    heads: int = 4
    layers: int = 4

    @property
    def side(self) -> int:
        """Places along one side of the last maps while training."""
        return -(-self.training_size // 32)

    def config(self) -> dict[str, Any]:
        """The `model_cfg` of open_clip's configuration file."""
        return {
            "embed_dim": self.embed_dim,
            "vision_cfg": {
                "timm_model_name": self.trunk,
                "timm_model_pretrained": False,
                "timm_pool": "avg",
                "timm_proj": "mlp",
                "image_size": self.image_size,
            },
            "text_cfg": {
                "context_length": self.context,
                "vocab_size": VOCABULARY,
                "width": self.width,
                "heads": self.heads,
                "layers": self.layers,
            },
        }


# Squash: the whole photograph is seen, and the captioned training photos are squashed to squares themselves.
PREPROCESS = {
    "mean": [0.5, 0.5, 0.5],
    "std": [0.5, 0.5, 0.5],
    "interpolation": "bicubic",
    "resize_mode": "squash",
}


def build(shape: Shape) -> Any:
    """A student with random weights, made by open_clip from its configuration."""
    import open_clip

    return open_clip.CLIP(**shape.config())


def load_teacher(trunk: nn.Module, layers: Sequence[Layer]) -> None:
    """Makes a timm trunk compute what the teacher computes.

    The folded biases go into the batch normalisations, which are otherwise set to the identity and stay frozen:
    the training has no batch statistics and behaves as the finished model does.
    """
    convolutions = [m for m in trunk.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in trunk.modules() if isinstance(m, nn.BatchNorm2d)]
    if not len(convolutions) == len(norms) <= len(layers):
        raise ValueError(f"{len(layers)} layers of the teacher for {len(convolutions)} convolutions")
    with torch.no_grad():
        for convolution, norm, layer in zip(convolutions, norms, layers, strict=False):
            convolution.weight.copy_(torch.from_numpy(layer.weight))
            nn.init.ones_(norm.weight)
            norm.bias.copy_(torch.from_numpy(layer.bias))
            nn.init.zeros_(norm.running_mean)  # type: ignore[arg-type]
            nn.init.constant_(norm.running_var, 1.0 - norm.eps)  # type: ignore[arg-type]


class Stem(nn.Module):
    """The part of the image tower that stays as the teacher made it: pixels to small maps.

    (n, S, S, 3) pixels 0..255 -> maps (n, 160, S/28, S/28) and pooled teacher features (n, 1280).
    """

    def __init__(self, trunk: Any) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        trunk = self.trunk
        x = pixels.permute(0, 3, 1, 2) / 127.5 - 1.0
        x = trunk.bn1(trunk.conv_stem(x))
        for stage in trunk.blocks[:5]:
            x = stage(x)
        maps = trunk.blocks[5][0](x)
        return maps, Tail(trunk)(maps)


class Pooled(nn.Module):
    """The whole image tower below its head: (n, S, S, 3) pixels 0..255 -> pooled features (n, 1280)."""

    def __init__(self, trunk: Any) -> None:
        super().__init__()
        self.trunk = trunk

    def forward(self, pixels: Tensor) -> Tensor:
        pooled: Tensor = self.trunk(pixels.permute(0, 3, 1, 2) / 127.5 - 1.0)
        return pooled


class Tail(nn.Module):
    """The part of the image tower that learns: maps (n, 160, h, w) -> pooled features (n, 1280)."""

    def __init__(self, trunk: Any) -> None:
        super().__init__()
        self.parts = nn.ModuleList([*trunk.blocks[5][1:], trunk.blocks[6], trunk.conv_head, trunk.bn2])

    def forward(self, maps: Tensor) -> Tensor:
        for part in self.parts:
            maps = part(maps)
        return maps.mean((2, 3))


class FastTail(nn.Module):
    """The same function as `Tail`, several times faster to train on a CPU with matrix units.

    The frozen normalisations are folded into biases, 1x1 convolutions become plain matrix products over (photo,
    place) rows, and a depthwise convolution on so small a map becomes one product per channel with a sparse
    (places x places) matrix made of its nine weights: dense work that the processor does at full speed.
    """

    def __init__(self, tail: Tail, side: int) -> None:
        super().__init__()
        self._tail = [tail]  # in a list, so that its parameters are not counted twice
        convolutions = [m for m in tail.modules() if isinstance(m, nn.Conv2d)]
        norms = [m for m in tail.modules() if isinstance(m, nn.BatchNorm2d)]
        self.weights = nn.ParameterList(nn.Parameter(_rows(c.weight.detach().clone())) for c in convolutions)
        self.biases = nn.ParameterList(nn.Parameter(n.bias.detach().clone()) for n in norms)
        self.register_buffer("taps", _taps(side), persistent=False)

    def forward(self, maps: Tensor) -> Tensor:
        n, channels, h, w = maps.shape
        # Channels first, then photos and places in one row: no product below needs its operands rearranged.
        x = maps.reshape(n, channels, h * w).transpose(0, 1).reshape(channels, -1)
        for block in range(3):
            y = self._block(x, 3 * block, n)
            x = x + y if block < 2 else y
        x = functional.hardtanh(self._point(x, 9), 0.0, 6.0)
        pooled: Tensor = x.view(-1, n, h * w).mean(2).T
        return pooled

    def _block(self, x: Tensor, first: int, photos: int) -> Tensor:
        """An inverted residual: widen, look around, narrow; (channels, photos * places) both ways."""
        x = functional.hardtanh(self._point(x, first), 0.0, 6.0)
        x = x.view(len(x), photos, -1)
        mixing = (self.weights[first + 1] @ self.taps).view(len(x), x.shape[2], x.shape[2])
        bias = self.biases[first + 1][:, None, None]
        x = functional.hardtanh(torch.baddbmm(bias.to(x.dtype), x, mixing.to(x.dtype)), 0.0, 6.0)
        return self._point(x.view(len(x), -1), first + 2)

    def _point(self, x: Tensor, layer: int) -> Tensor:
        """A 1x1 convolution as one matrix product."""
        weight = self.weights[layer]
        if torch.is_autocast_enabled(x.device.type):
            dtype = torch.get_autocast_dtype(x.device.type)
            x, weight, bias = x.to(dtype), weight.to(dtype), self.biases[layer].to(dtype)
        else:
            bias = self.biases[layer]
        return torch.addmm(bias[:, None], weight, x)

    @torch.no_grad()
    def write_back(self) -> None:
        """Puts what was learnt into the convolutions and normalisations of the tail."""
        tail = self._tail[0]
        convolutions = [m for m in tail.modules() if isinstance(m, nn.Conv2d)]
        norms = [m for m in tail.modules() if isinstance(m, nn.BatchNorm2d)]
        for convolution, norm, weight, bias in zip(convolutions, norms, self.weights, self.biases, strict=True):
            convolution.weight.copy_(weight.reshape(convolution.weight.shape))
            norm.bias.copy_(bias)


def _rows(weight: Tensor) -> Tensor:
    """A 1x1 convolution's weight as (out, in), a depthwise one's as (channels, 9)."""
    return weight.flatten(1)


def _taps(side: int) -> Tensor:
    """(9, places * places): one where a weight leads from the first place (rows) to the second (columns)."""
    taps = torch.zeros(9, side * side, side * side)
    for row in range(side):
        for column in range(side):
            for tap in range(9):
                r, c = row + tap // 3 - 1, column + tap % 3 - 1
                if 0 <= r < side and 0 <= c < side:
                    taps[tap, r * side + c, row * side + column] = 1.0
    return taps.flatten(1)


def encode_tokens(model: Any, tokens: Tensor) -> Tensor:
    """The text tower on tokens (n, at most context) -> (n, d), not normalised.

    As open_clip's `encode_text`, but a batch of short texts is cut to its longest: the causal mask makes what
    follows the last token irrelevant, and most captions need a quarter of the context.
    """
    length = tokens.shape[1]
    x = model.token_embedding(tokens) + model.positional_embedding[:length]
    # On CPUs the fused attention's backward pass is many times slower than plain matrix products.
    with sdpa_kernel(SDPBackend.MATH):
        x = model.transformer(x, attn_mask=model.attn_mask[:length, :length])
    last = model.ln_final(x[torch.arange(len(x)), tokens.argmax(-1)])
    projected: Tensor = last @ model.text_projection
    return projected


def write_config(shape: Shape, path: Path) -> None:
    """The configuration file beside the weights, as in open_clip's own model folders."""
    text = json.dumps({"model_cfg": shape.config(), "preprocess_cfg": PREPROCESS}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
