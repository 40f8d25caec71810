"""Writes the finished model as an ordinary open_clip folder: configuration and half-precision weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.tower import Shape, write_config

CONFIG = "open_clip_config.json"
WEIGHTS = "open_clip_model.safetensors"
LICENCE = "LICENSE-mobilenet-v2"


def export(model: nn.Module, shape: Shape, folder: Path) -> None:
    """Writes configuration and float16 weights; each file is replaced whole, never seen half written."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: _half(value) for name, value in model.state_dict().items()}
    partial = folder / f"{WEIGHTS}.partial"
    save_file(weights, partial, metadata={"format": "pt"})
    partial.chmod(0o644)
    partial.replace(folder / WEIGHTS)
    partial = folder / f"{CONFIG}.partial"
    write_config(shape, partial)
    partial.replace(folder / CONFIG)


def _half(value: torch.Tensor) -> torch.Tensor:
    """Weights in float16; counters stay whole numbers."""
    value = value.detach().cpu().contiguous()
    return value.half() if value.is_floating_point() else value


def load(folder: Path) -> Any:
    """The exported model, through open_clip's own door, in float32 on the CPU."""
    import open_clip
    from safetensors.torch import load_file

    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["model_cfg"]
    model = open_clip.CLIP(**config)
    model.load_state_dict(load_file(folder / WEIGHTS))
    return model.eval()


def copy_licence(teacher_licence: Path, folder: Path) -> None:
    """The image teacher's licence travels with the tower that was made of it."""
    if teacher_licence.exists():
        shutil.copyfile(teacher_licence, folder / LICENCE)
