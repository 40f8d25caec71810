"""The reference: open_clip on PyTorch. Serves CUDA and MPS, and architectures that cannot be converted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.core.records import FloatArray, PixelArray
from app.models.checkpoint import load_reference, load_reference_tokenizer, read_checkpoint
from app.models.convert.towers import image_tower_module, normalise_rows, text_tower_module
from app.models.manifest import ModelInfo
from app.models.preprocess import ImagePreprocess
from app.models.tokenizer.tokenizer import TokenArray, load_tokenizer

_IMAGE_BATCH = 16
_TEXT_BATCH = 32


def best_device() -> str:
    """CUDA, MPS, CPU, in that order. Imports torch."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


class OpenClipEncoder:
    """Both towers in PyTorch, fp32 on CPU and MPS, fp16 on CUDA.

    Attributes:
        info: the model, with the device it runs on.
    """

    passages = None

    def __init__(self, info: ModelInfo, *, device: str = "cpu", threads: int | None = None, model: Any = None) -> None:
        """`model` is open_clip's, where the caller has it already; else it is read from the checkpoint."""
        import torch

        if threads is not None:
            torch.set_num_threads(threads)
        checkpoint = read_checkpoint(info.source, info.weights)
        model = load_reference(checkpoint) if model is None else model
        if info.tokenizer_file is not None:
            self._tokenize = load_tokenizer(info).encode
        else:
            self._tokenize = _reference_tokenizer(load_reference_tokenizer(checkpoint), info.context_length)
        self.info = info
        self._device = device
        self._lock = threading.Lock()
        self._towers: tuple[Any, Any] | None = (
            image_tower_module(model, info.preprocess).to(device),
            text_tower_module(model).to(device),
        )

    @property
    def preprocess(self) -> ImagePreprocess:
        return self.info.preprocess

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        return self._encode(0, pixels, _IMAGE_BATCH)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        return self.encode_tokens(self._tokenize(texts))

    def encode_tokens(self, tokens: TokenArray) -> FloatArray:
        """(n, context_length) int64 -> (n, d) float32, unit length."""
        return self._encode(1, tokens, _TEXT_BATCH)

    def close(self) -> None:
        self._towers = None

    def _encode(self, tower: int, rows: Any, batch: int) -> FloatArray:
        import torch

        if self._towers is None:
            raise ValueError("the encoder is closed")
        vectors = np.empty((len(rows), self.info.dimension), dtype=np.float32)
        half = torch.autocast("cuda", torch.float16, enabled=self._device == "cuda")
        with self._lock, torch.inference_mode(), half:
            for start in range(0, len(rows), batch):
                part = torch.from_numpy(np.ascontiguousarray(rows[start : start + batch])).to(self._device)
                vectors[start : start + batch] = self._towers[tower](part).float().cpu().numpy()
        return normalise_rows(vectors)


def _reference_tokenizer(tokenizer: Any, context_length: int) -> Any:
    def encode(texts: Sequence[str]) -> TokenArray:
        tokens: TokenArray = tokenizer(list(texts), context_length=context_length).numpy()
        return tokens

    return encode
