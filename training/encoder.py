"""A finished starter in PyTorch, as the functions of `app.models.evaluation` take it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from app.core.records import FloatArray, PixelArray
from app.models.checkpoint import load_reference, load_reference_tokenizer, read_checkpoint
from app.models.convert.towers import image_tower_module, text_tower_module

_BATCH = 64


class ReferenceEncoder:
    """Texts and pictures to vectors by the checkpoint in a folder, in float32, without any conversion."""

    def __init__(self, folder: Path) -> None:
        checkpoint = read_checkpoint(folder)
        model = load_reference(checkpoint)
        self.preprocess = checkpoint.preprocess
        self._tokenizer, self._length = load_reference_tokenizer(checkpoint), checkpoint.context_length
        self._image, self._text = image_tower_module(model, checkpoint.preprocess), text_tower_module(model)

    @torch.inference_mode()
    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        parts = [self._image(part) for part in torch.split(torch.from_numpy(pixels), _BATCH)]
        vectors: FloatArray = torch.cat(parts).numpy()
        return vectors

    @torch.inference_mode()
    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length. Padding is left out: it changes nothing."""
        tokens = self._tokenizer(list(texts), context_length=self._length)
        parts = []
        for part in torch.split(tokens, _BATCH):
            used = int(part.any(0).nonzero().max()) // 2 * 2 + 2
            parts.append(self._text(part[:, :used]))
        vectors: FloatArray = torch.cat(parts).numpy()
        return vectors
