"""The two towers as plain functions of arrays: what is converted, and what converted towers are compared with.

Image tower: (n, S, S, 3) uint8 -> (n, d) float32, unit length; scaling, mean and standard deviation are inside.
Text tower: (n, length) int64 -> (n, d) float32, unit length.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from app.core.records import FloatArray
from app.models.preprocess import ImagePreprocess


def image_tower_module(model: Any, preprocess: ImagePreprocess) -> Any:
    """open_clip's image tower as a torch module of uint8 pixels."""
    import torch

    class ImageTower(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.model = model
            mean, std = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (preprocess.mean, preprocess.std))
            # (x / 255 - mean) / std as one multiplication and one addition.
            self.register_buffer("scale", 1 / (255 * std))
            self.register_buffer("shift", -mean / std)

        def forward(self, pixels: Any) -> Any:
            scaled = pixels.permute(0, 3, 1, 2).float() * self.scale + self.shift
            return torch.nn.functional.normalize(self.model.encode_image(scaled), dim=-1)

    return ImageTower().eval()


def text_tower_module(model: Any) -> Any:
    """open_clip's text tower as a torch module of token numbers."""
    import torch

    _crop_causal_mask(model.text)

    class TextTower(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, tokens: Any) -> Any:
            return torch.nn.functional.normalize(self.model.encode_text(tokens), dim=-1)

    return TextTower().eval()


def _crop_causal_mask(text: Any) -> None:
    """open_clip cuts the positions to the length of the text but not its causal mask."""
    if not hasattr(text, "_embeds") or hasattr(text, "cuts_its_mask"):
        return
    whole = text._embeds

    def embeds(tokens: Any) -> tuple[Any, Any]:
        x, mask = whole(tokens)
        if mask is not None and mask.dim() == 2:
            mask = mask[: x.shape[1], : x.shape[1]]
        return x, mask

    text._embeds = embeds
    text.cuts_its_mask = True


def normalise_rows(vectors: FloatArray) -> FloatArray:
    """Rows to length 1 (again, after low precision); a zero row stays zero and is the caller's to refuse."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    return vectors


def pad_batch(rows: Any, count: int) -> Any:
    """(n, …) followed by as many empty rows as make it (count, …)."""
    if len(rows) == count:
        return rows
    whole = np.zeros((count, *rows.shape[1:]), rows.dtype)
    whole[: len(rows)] = rows
    return whole
