"""The converted towers on OpenVINO, without torch: on CPUs, and the image tower on its other devices."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.core.records import FloatArray, PixelArray
from app.models.backends.telemetry import import_openvino_runtime
from app.models.convert.conversion import IMAGE_TOWER, TEXT_TOWER
from app.models.convert.mixed_precision import MIXED_IMAGE_TOWER
from app.models.convert.quantization import INT8_IMAGE_TOWER
from app.models.convert.towers import normalise_rows, pad_batch
from app.models.manifest import ModelInfo
from app.models.preprocess import ImagePreprocess
from app.models.tokenizer.tokenizer import PairedTokenizer, TokenArray, Tokenizer, load_tokenizer, trim_padding

log = logging.getLogger(__name__)

ImageTower = Callable[[PixelArray], FloatArray]
"""An image tower compiled somewhere: (n, S, S, 3) uint8 -> (n, d) float32, n up to the model's batch."""

# Reading a graph, the runtime sets the process's C locale to "C" and back again: two at a time leave it there, and from
# then on files are opened as ASCII.
_COMPILE_LOCK = threading.Lock()
_TEXT_BATCH = 16
# Text lengths are rounded up to these, so that the runtime prepares its kernels for few shapes.
_LENGTH_BUCKETS = (8, 16, 24, 32, 48, 64, 96, 128, 192)
_PRECISION_HINTS = {"fp32": "f32", "bf16": "bf16", "mixed": "bf16", "fp16": "f16", "int8": "f32"}
# Precisions of the image tower that have a file of their own.
IMAGE_TOWER_FILES = {"int8": INT8_IMAGE_TOWER, "mixed": MIXED_IMAGE_TOWER}


def precisions() -> list[str]:
    """The floating-point precisions of this CPU, likely fastest first; "fp32" is always the last."""
    capabilities = import_openvino_runtime().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return [name for name in ("bf16", "fp16") if name.upper() in capabilities] + ["fp32"]


def other_devices() -> dict[str, list[str]]:
    """What OpenVINO runs on beside the CPU, with the floating-point precisions of each, likely fastest first."""
    core = import_openvino_runtime().Core()
    devices = {}
    for device in core.available_devices:
        if device == "CPU":
            continue
        try:
            capabilities = core.get_property(device, "OPTIMIZATION_CAPABILITIES")
        except RuntimeError:  # a driver that is there and does not work
            log.info("%s says nothing of what it can do", device, exc_info=True)
            continue
        devices[device] = [name for name in ("fp16", "fp32") if name.upper() in capabilities]
    return devices


class OpenVinoTower:
    """One converted tower, compiled for this machine.

    A compiled tower takes one call at a time and uses all its threads for it.

    Args:
        shape: of what it takes, for devices that must know it when they compile; fewer rows are filled up.
    """

    def __init__(
        self,
        file: Path,
        precision: str,
        threads: int | None,
        device: str = "CPU",
        shape: Sequence[int] | None = None,
    ) -> None:
        self._runtime = import_openvino_runtime()
        core = self._runtime.Core()
        options: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": _PRECISION_HINTS[precision],
            "CACHE_DIR": str(file.parent / cache_folder(device, precision)),
        }
        if device == "CPU":
            options["NUM_STREAMS"] = "1"
            # 8-bit matrices: quantised activations would be less exact, and fail on processors without AVX-512.
            options["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = "0"
            if threads is not None:
                options["INFERENCE_NUM_THREADS"] = threads
        with _COMPILE_LOCK:
            if shape is None:
                self._compiled: Any = core.compile_model(str(file), device, options)
            else:
                graph = core.read_model(str(file))
                graph.reshape(self._runtime.PartialShape(list(shape)))
                self._compiled = core.compile_model(graph, device, options)
        self._rows = None if shape is None else shape[0]
        self._request: Any = self._compiled.create_infer_request()
        self._lock = threading.Lock()

    def __call__(self, rows: Any) -> FloatArray:
        """(n, …) -> (n, d) float32."""
        padded = rows if self._rows is None else pad_batch(rows, self._rows)
        with self._lock:
            tensor = self._runtime.Tensor(np.ascontiguousarray(padded), shared_memory=True)
            outputs = self._request.infer(tensor, share_outputs=True, decode_strings=False)
            return np.array(next(iter(outputs.values()))[: len(rows)], dtype=np.float32)


def cache_folder(device: str, precision: str) -> str:
    """Where the runtime keeps what it compiled, beside the towers."""
    return (
        f"cache-{precision}" if device == "CPU" else f"cache-{re.sub(r'[^a-z0-9.]', '-', device.lower())}-{precision}"
    )


def cpu_image_tower(info: ModelInfo, threads: int | None) -> OpenVinoTower:
    """The image tower on the CPU, in the model's precision."""
    return OpenVinoTower(info.folder / IMAGE_TOWER_FILES.get(info.precision, IMAGE_TOWER), info.precision, threads)


def encode_by_length(tower: OpenVinoTower, tokens: TokenArray, dimension: int, pad: int, *, trim: bool) -> FloatArray:
    """(n, d) of (n, length) tokens. Texts of like length go together, in the order given they come back."""
    vectors = np.empty((len(tokens), dimension), dtype=np.float32)
    order = np.argsort((tokens != pad).sum(axis=1), kind="stable")
    for start in range(0, len(order), _TEXT_BATCH):
        rows = order[start : start + _TEXT_BATCH]
        part = tokens[rows]
        if trim:
            needed = trim_padding(part, pad).shape[1]
            part = part[:, : next((length for length in _LENGTH_BUCKETS if length >= needed), part.shape[1])]
        vectors[rows] = tower(part)
    return vectors


class OpenVinoEncoder:
    """Texts and pictures to vectors, on the CPU but for pictures that another image tower encodes.

    Attributes:
        info: the model.
    """

    passages = None

    def __init__(
        self,
        info: ModelInfo,
        *,
        threads: int | None = None,
        towers: Collection[str] = ("text", "image"),
        image: ImageTower | None = None,
    ) -> None:
        """`image` is the image tower where it does not run on OpenVINO's CPU (`app.models.backends.targets`)."""
        self.info = info
        self._text: OpenVinoTower | None = None
        self._image = image
        self._tokenizer: Tokenizer | PairedTokenizer | None = None
        if "text" in towers:
            # The vocabulary is read while the runtime, which needs no interpreter, compiles: 50 ms of a cold search.
            reader = threading.Thread(target=self._read_vocabulary, name="vocabulary")
            reader.start()
            self._text = OpenVinoTower(info.folder / TEXT_TOWER, info.text_precision, threads)
            reader.join()
            self._tokenizer = self._tokenizer or load_tokenizer(info)  # once more, for the error's sake
        if "image" in towers and image is None:
            self._image = cpu_image_tower(info, threads)

    @property
    def preprocess(self) -> ImagePreprocess:
        return self.info.preprocess

    def _read_vocabulary(self) -> None:
        with contextlib.suppress(Exception):
            self._tokenizer = load_tokenizer(self.info)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        if self._text is None or self._tokenizer is None:
            raise ValueError("the text tower is not loaded")
        tokens, how = self._tokenizer.encode(texts), self.info.text_input
        return normalise_rows(encode_by_length(self._text, tokens, self.info.dimension, how.pad, trim=how.trim))

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        if self._image is None:
            raise ValueError("the image tower is not loaded")
        vectors = np.empty((len(pixels), self.info.dimension), dtype=np.float32)
        for start in range(0, len(pixels), self.info.batch):
            part = pixels[start : start + self.info.batch]
            vectors[start : start + self.info.batch] = self._image(part)
        return normalise_rows(vectors)

    def close(self) -> None:
        """Let the towers go. May be called twice."""
        self._text = self._image = self._tokenizer = None
