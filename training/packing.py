"""Numbers into few bits: what the text tower's tables and matrices are stored as."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from app.models.multilingual_text import PackedEmbedding, PackedLinear

Matrix = npt.NDArray[np.float32]
_LEVELS = 16
_SAMPLE_ROWS = 4000
_CHUNK = 8192
_TINY = 1e-8


def pack_linear(layer: PackedLinear, weight: Tensor, bias: Tensor | None = None) -> None:
    """Puts a float matrix (outputs, inputs) into a layer, rounded to 255 steps an output."""
    scale = (weight.abs().amax(1, keepdim=True) / 127).clamp(min=_TINY).half().float()
    layer.scale.copy_(scale)
    layer.packed.copy_((weight / scale).round().clamp(-127, 127).to(torch.int8))
    layer.bias.copy_(torch.zeros(len(weight)) if bias is None else bias)


def pack_embedding(table: PackedEmbedding, values: Matrix) -> None:
    """Puts float rows (rows, width) into a table: the nearest of 16 levels times the row's best scale."""
    spread = np.sqrt((values**2).mean(1, keepdims=True)) + _TINY
    sample = np.random.default_rng(0).permutation(len(values))[:_SAMPLE_ROWS]
    levels = levels_of((values[sample] / spread[sample]).ravel()).astype(np.float16).astype(np.float32)
    edges = (levels[1:] + levels[:-1]) / 2
    half = values.shape[1] // 2
    for start in range(0, len(values), _CHUNK):
        rows = slice(start, start + _CHUNK)
        scale = spread[rows]
        for _ in range(2):
            chosen = levels[np.digitize(values[rows] / np.maximum(scale, _TINY), edges)]
            fitted = (values[rows] * chosen).sum(1, keepdims=True) / ((chosen**2).sum(1, keepdims=True) + _TINY)
            scale = np.maximum(fitted, _TINY).astype(np.float16).astype(np.float32)
        numbers = np.digitize(values[rows] / np.maximum(scale, _TINY), edges).astype(np.uint8)
        table.packed[rows] = torch.from_numpy(numbers[:, :half] | (numbers[:, half:] << 4))
        table.scale[rows] = torch.from_numpy(scale)
    table.levels.copy_(torch.from_numpy(levels))


def levels_of(values: Matrix, rounds: int = 25) -> Matrix:
    """The 16 levels that lose least of some numbers (Lloyd 1982, "Least squares quantization in PCM")."""
    levels = np.quantile(values, (np.arange(_LEVELS) + 0.5) / _LEVELS)
    for _ in range(rounds):
        nearest = np.digitize(values, (levels[1:] + levels[:-1]) / 2)
        count = np.bincount(nearest, minlength=_LEVELS)
        means = np.bincount(nearest, values, _LEVELS) / np.maximum(count, 1)
        levels = np.where(count > 0, means, levels)
    return levels.astype(np.float32)


def unpacked(layer: nn.Module) -> Tensor:
    """The float matrix or table that a packed layer stands for."""
    if isinstance(layer, PackedLinear):
        return layer.weight()
    if isinstance(layer, PackedEmbedding):
        result: Tensor = layer(torch.arange(len(layer.packed)))
        return result
    raise TypeError(f"{type(layer).__name__} is not packed")
