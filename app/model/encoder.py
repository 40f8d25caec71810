"""The encoder as the rest of the program sees it: texts and pictures to vectors, whatever runs below."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.errors import UserError
from app.model.info import ModelInfo, Seat
from app.model.preprocess import Preprocess
from app.model.shelf import Shelf, not_installed
from app.paths import Places
from app.records import FloatArray, PixelArray

if TYPE_CHECKING:
    from app.model.passage_info import PassageInfo

log = logging.getLogger(__name__)

BOTH = ("text", "image")
DEVICES = ("auto", "cpu", "cuda", "mps", "gpu", "npu", "coreml", "directml")
_OF_TORCH = {"cuda": Seat("torch", "cuda", "fp16"), "mps": Seat("torch", "mps", "fp32")}


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
        device: where pictures are encoded: "auto" (the fastest that agreed when the model was prepared), or one of
            `DEVICES`.
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
        raise not_installed(name)
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
    if info.runtime == "openvino":
        seat = _seat(info, device, towers)
        if seat is None or seat.runtime != "torch" or not _available(seat.device, device):
            return _open_converted(shelf, info, seat, threads, towers, asked=device != "auto")
        on = seat.device
    else:
        on = info.device if device == "auto" else device
        if on not in ("cpu", *_OF_TORCH):
            raise _unusable(on)
        on = on if on != "cpu" and _available(on, device) else "cpu"
    from app.model.open_clip_engine import OpenClipEncoder

    info = replace(info, runtime="torch", precision="fp32", text_precision="fp32", seat=None, device=on)
    return OpenClipEncoder(info, device=on, threads=threads)


def _seat(info: ModelInfo, device: str, towers: Collection[str]) -> Seat | None:
    """Where pictures of a converted model are encoded; None for the CPU.

    Who asks for one tower only has one question: the CPU answers it before a device is ready.
    """
    if "image" not in towers or device == "cpu":
        return None
    if device == "auto":
        return info.seat if "text" in towers else None
    if device in _OF_TORCH:
        return _OF_TORCH[device]
    measured = [one for one in info.measurements if one.accepted and one.device.split(".")[0] == device]
    if not measured:
        raise _unusable(device)
    return max(measured, key=lambda one: one.images_per_second).seat


def _open_converted(
    shelf: Shelf, info: ModelInfo, seat: Seat | None, threads: int | None, towers: Collection[str], *, asked: bool
) -> Encoder:
    """The converted towers; made anew, once, where what is on disk cannot be read (a full disk, a power cut)."""
    from app.model.openvino_engine import OpenVinoEncoder

    info, image = info.on_cpu(), None
    if seat is not None and seat.runtime != "torch":
        from app.model.seats import open_seat

        image = open_seat(info, seat, threads)
        if image is not None:
            info = replace(info, seat=seat, device=seat.device)
        elif asked:
            raise _unusable(seat.device)
    try:
        return OpenVinoEncoder(info, threads=threads, towers=towers, image=image)
    except (RuntimeError, OSError, ValueError):
        log.info("the converted towers of %s cannot be read and are made anew", info.name, exc_info=True)
    from app.model.preparation import prepare

    info = prepare(shelf, info, again=True).on_cpu()
    if info.runtime == "openvino":
        return OpenVinoEncoder(info, threads=threads, towers=towers)
    return open_encoder(shelf, info, device="cpu", threads=threads, towers=towers)


def _available(wanted: str, asked: str) -> bool:
    """Whether PyTorch has a device now; one that was asked for by name and is not there, is an error."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}[wanted]
    if not there and asked != "auto":
        raise _unusable(wanted)
    return bool(there)


def _unusable(device: str) -> UserError:
    return UserError(
        f"This machine has no usable {device} device.",
        "Please choose another device in the settings, or run `semblance model benchmark` to have it tried.",
    )
