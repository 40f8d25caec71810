"""Writes the finished starter: configuration, weights, the vocabulary of pieces, and the licence of the body."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import torch

from app.models.checkpoint import PACKED_PIECES_FILE
from app.models.multilingual_text import CONFIG_KEY, MultilingualText, Shape, build_model
from training.backbone import SIZE, TRUNK
from training.heads import Heads
from training.packing import pack_linear

CONFIG = "open_clip_config.json"
WEIGHTS = "open_clip_model.safetensors"
_SHIPPED = Shape()
# Squash: the whole photograph is seen, and the captioned training photos are squashed to squares themselves.
PREPROCESS = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}


def model_config(shape: Shape = _SHIPPED, trunk: str = TRUNK, size: int = SIZE) -> dict[str, Any]:
    """The `model_cfg` of the configuration file."""
    sizes = ("byte_pairs", "width", "heads", "layers", "pieces", "channels", "hidden")
    return {
        "embed_dim": shape.embed_dim,
        "vision_cfg": {
            "timm_model_name": trunk,
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "mlp",
            "image_size": size,
        },
        "text_cfg": {
            "context_length": shape.context_length,
            CONFIG_KEY: {name: getattr(shape, name) for name in sizes},
        },
    }


def put_heads(model: Any, heads: Heads, always: float) -> None:
    """Puts what was learnt into a model whose body and frozen parts are there already."""
    weight, bias, last = heads.folded_image()
    projection = model.visual.head.mlp
    text: MultilingualText = model.text
    with torch.no_grad():
        projection.fc1.weight.copy_(weight)
        projection.fc1.bias.copy_(bias)
        projection.fc2.weight.copy_(last)
        text.always.fill_(always)
        pack_linear(text.turn, heads.turn.weight.detach(), heads.turn.bias.detach())
        pack_linear(text.widen, *heads.folded_meaning())
        pack_linear(text.narrow, heads.narrow.weight.detach(), heads.narrow.bias.detach())
        pack_linear(text.direct, heads.direct.weight.detach(), heads.direct.bias.detach())


def export(model: Any, config: dict[str, Any], pieces: str, folder: Path) -> None:
    """Writes the folder; each file is replaced whole, never seen half written."""
    from safetensors.torch import save

    weights = {name: _half(value) for name, value in model.state_dict().items()}
    facts = {"model_cfg": config, "preprocess_cfg": PREPROCESS}
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / WEIGHTS, save(weights, metadata={"format": "pt"}))
    _write(folder / PACKED_PIECES_FILE, lzma.compress(pieces.encode(), preset=9))
    _write(folder / CONFIG, (json.dumps(facts, indent=2) + "\n").encode())


def load(folder: Path) -> Any:
    """The exported model, in float32 on the CPU."""
    from app.models.checkpoint import load_reference, read_checkpoint

    return load_reference(read_checkpoint(folder))


def new_model(config: dict[str, Any]) -> Any:
    """A model of that configuration with random weights."""
    return build_model(config).eval().requires_grad_(False)


def _half(value: torch.Tensor) -> torch.Tensor:
    """Weights in float16; packed numbers and counters stay as they are."""
    value = value.detach().cpu().contiguous()
    return value.half() if value.is_floating_point() else value


def _write(file: Path, data: bytes) -> None:
    partial = file.with_name(f"{file.name}.partial")
    partial.write_bytes(data)
    partial.replace(file)
