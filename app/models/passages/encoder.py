"""The encoder of passages at work: texts to vectors that fit the model's table. Without torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import numpy as np

from app.core.records import FloatArray, PixelArray
from app.models.backends.openvino import OpenVinoTower, encode_by_length
from app.models.convert.towers import normalise_rows
from app.models.encoding import Encoder, PassageEncoder
from app.models.lazy import LazyModel
from app.models.manifest import CONVERSION_VERSION
from app.models.passages.manifest import PassageEncoderInfo
from app.models.preprocess import ImagePreprocess
from app.models.tokenizer.tokenizer import Tokenizer

SENTENCE_TOWER = f"sentence-{CONVERSION_VERSION}.xml"


class OpenVinoPassageEncoder:
    """Texts to vectors on the CPU.

    Attributes:
        info: the encoder, fitted to a table.
    """

    def __init__(self, info: PassageEncoderInfo, *, threads: int | None = None) -> None:
        self.info = info
        self._tower: OpenVinoTower | None = OpenVinoTower(info.folder / SENTENCE_TOWER, info.precision, threads)
        self._tokenizer = Tokenizer(info.folder / "tokenizer.json", info.text_input, info.context_length)
        self._lock = threading.Lock()

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length, zeros after the encoder's own numbers."""
        with self._lock:
            if self._tower is None:
                raise ValueError("the encoder is closed")
            vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
            tokens, width = self._tokenizer.encode(texts), self.info.width
            vectors[:, :width] = encode_by_length(self._tower, tokens, width, self.info.text_input.pad, trim=True)
        return normalise_rows(vectors)

    def close(self) -> None:
        """Let the tower go. May be called twice."""
        self._tower = None


class LazyPassageEncoder(LazyModel[PassageEncoder]):
    """A `PassageEncoder` that is in memory only while it is used.

    Attributes:
        info: the encoder, known before it is loaded.
    """

    def __init__(
        self,
        info: PassageEncoderInfo,
        loader: Callable[[], PassageEncoder],
        idle_seconds: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(loader, idle_seconds, clock)
        self.info = info

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        return self._use(lambda encoder: encoder.encode_texts(texts))


class PairedEncoder:
    """A model with an encoder for passages beside it. Closing it closes both.

    Attributes:
        info: the model's.
    """

    def __init__(self, encoder: Encoder, passages: PassageEncoder) -> None:
        self.info = encoder.info
        self._encoder = encoder
        self._passages = passages

    @property
    def passages(self) -> PassageEncoder:
        return self._passages

    @property
    def preprocess(self) -> ImagePreprocess:
        return self._encoder.preprocess

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length, in the space of pictures."""
        return self._encoder.encode_texts(texts)

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        return self._encoder.encode_images(pixels)

    def close(self) -> None:
        """Let both go. May be called twice."""
        self._encoder.close()
        self._passages.close()
