"""The encoder as the rest of the program sees it: texts and pictures to vectors, whatever runs below."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.errors import UserError
from app.model.info import ModelInfo
from app.model.preprocess import Preprocess
from app.model.shelf import Shelf
from app.paths import Places
from app.records import FloatArray, PixelArray

if TYPE_CHECKING:
    from app.model.passage_info import PassageInfo

log = logging.getLogger(__name__)

BOTH = ("text", "image")
DEVICES = ("auto", "cpu", "cuda", "mps")


class PassageEncoder(Protocol):
    """Passages to vectors of unit length. Safe to call from several threads."""

    info: PassageInfo

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length, as long as the model's."""
        ...

    def close(self) -> None:
        """Let it go. May be called twice."""
        ...


class Encoder(Protocol):
    """Texts and pictures to vectors of unit length in one space. Safe to call from several threads.

    Attributes:
        info: the model.
        preprocess: makes the pixels this model wants, from a Pillow picture.
        passages: encodes the passages of documents in its place, where there is such an encoder.
    """

    info: ModelInfo

    @property
    def passages(self) -> PassageEncoder | None: ...

    @property
    def preprocess(self) -> Preprocess: ...

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, unit length."""
        ...

    def encode_images(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, unit length."""
        ...

    def close(self) -> None:
        """Let the model go. May be called twice."""
        ...


def current(places: Places) -> ModelInfo:
    """The chosen model, or the starter. Reads small files only.

    Raises:
        ModelMissing: nothing is installed and no starter ships.
    """
    return Shelf(places).current()


def load(
    places: Places, *, device: str = "auto", threads: int | None = None, towers: Collection[str] = BOTH
) -> Encoder:
    """The current model, prepared for this machine if it is not yet.

    Args:
        device: "auto" (CUDA, MPS, CPU, in that order), or one of them.
        threads: cores to use at most; None for all.
        towers: "text", "image" or both; what is not asked for is not read.
    """
    shelf = Shelf(places)
    return open_encoder(shelf, shelf.current(), device=device, threads=threads, towers=towers)


def load_named(
    places: Places,
    name: str,
    *,
    device: str = "auto",
    threads: int | None = None,
    towers: Collection[str] = BOTH,
) -> Encoder:
    """An installed model by its name, chosen or not.

    Raises:
        UserError: it is not installed.
    """
    shelf = Shelf(places)
    info = shelf.find(name)
    if info is None:
        raise UserError(f"The model {name} is not installed.", f"Please run `semblance model download {name}`.")
    return open_encoder(shelf, info, device=device, threads=threads, towers=towers)


def open_encoder(
    shelf: Shelf,
    info: ModelInfo,
    *,
    device: str = "auto",
    threads: int | None = None,
    towers: Collection[str] = BOTH,
) -> Encoder:
    """An encoder for a model on the shelf."""
    if device not in DEVICES:
        raise UserError(f"There is no device called {device}.", f"Please use one of {', '.join(DEVICES)}.")
    if not info.prepared:
        from app.model.preparation import prepare

        info = prepare(shelf, info)
    wanted = info.device if device == "auto" else device
    # A few texts are faster on the CPU than torch is imported.
    if info.runtime == "openvino" and ("image" not in towers or wanted == "cpu" or not _available(wanted, device)):
        return _open_converted(shelf, info, threads, towers)
    from app.model.open_clip_engine import OpenClipEncoder

    on = wanted if _available(wanted, device) else "cpu"
    info = replace(info, runtime="torch", precision="fp32", text_precision="fp32", device=on)
    return OpenClipEncoder(info, device=on, threads=threads)


def _open_converted(shelf: Shelf, info: ModelInfo, threads: int | None, towers: Collection[str]) -> Encoder:
    """The converted towers; made anew, once, where what is on disk cannot be read (a full disk, a power cut)."""
    from app.model.openvino_engine import OpenVinoEncoder

    try:
        return OpenVinoEncoder(replace(info, device="cpu"), threads=threads, towers=towers)
    except (RuntimeError, OSError, ValueError):
        log.info("the converted towers of %s cannot be read and are made anew", info.name, exc_info=True)
    from app.model.preparation import prepare

    info = replace(prepare(shelf, info, again=True), device="cpu")
    if info.runtime == "openvino":
        return OpenVinoEncoder(info, threads=threads, towers=towers)
    return open_encoder(shelf, info, device="cpu", threads=threads, towers=towers)


def _available(wanted: str, asked: str) -> bool:
    """Whether a device is there now; one that was asked for by name and is not, is an error."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}.get(wanted, True)
    if not there and asked != "auto":
        raise UserError(f"This machine has no usable {wanted} device.", "Please use --device auto or --device cpu.")
    return bool(there)
