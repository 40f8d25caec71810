"""Where else an image tower may run than on OpenVINO's CPU, and that it is never worse off there.

A graphics card or a neural processor is used only after its vectors were compared with the reference's and its speed
with the CPU's (`app.model.seat_choice`). Drivers change and cards are unplugged, so each time a tower is opened it
must still say what it should to a few pictures, and whenever a device fails the CPU goes on in its place.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from app.model.agreement import still_agrees
from app.model.conversion import IMAGE_TOWER
from app.model.info import ModelInfo, Seat
from app.model.onnx_engine import OnnxTower
from app.model.openvino_engine import ImageTower, Tower, cpu_image_tower, other_devices
from app.model.towers import unit
from app.records import FloatArray, PixelArray

log = logging.getLogger(__name__)

_PROOF = "proof.npz"
_PROOF_PICTURES = 4
_NOTE = "trying-"
_CRASHES = 2
_LOOKING = Seat("openvino", "devices", "")


def openvino_seats(info: ModelInfo) -> list[Seat]:
    """The devices of OpenVINO beside the CPU; none where looking for them fails, which is up to drivers, too."""
    try:
        with noted(info.folder, _LOOKING):
            found = other_devices()
    except RuntimeError:
        log.info("OpenVINO's devices cannot be listed", exc_info=True)
        return []
    return [Seat("openvino", device.lower(), name) for device, precisions in found.items() for name in precisions]


def torch_seats() -> list[Seat]:
    """PyTorch's device beside the CPU. Imports torch."""
    from app.model.open_clip_engine import best_device

    device = best_device()
    return [] if device == "cpu" else [Seat("torch", device, "fp16" if device == "cuda" else "fp32")]


def open_image_tower(info: ModelInfo, seat: Seat, threads: int | None = None) -> ImageTower:
    """The image tower in a seat that is not PyTorch's; whatever a driver may raise, it raises."""
    if seat.runtime == "onnxruntime":
        return OnnxTower(info, seat.device, threads)
    size = info.preprocess.size
    shape = (info.batch, size, size, 3)  # neural processors and some graphics cards take no other
    return Tower(info.folder / IMAGE_TOWER, seat.precision, threads, seat.device.upper(), shape)


def open_seat(info: ModelInfo, seat: Seat, threads: int | None) -> ImageTower | None:
    """The image tower in a seat that was measured, with the CPU behind it.

    None, and a line in the log, where the device is gone or does not say any more what it said.
    """
    try:
        with noted(info.folder, seat):
            tower = open_image_tower(info, seat, threads)
            with np.load(info.folder / _PROOF) as proof:
                pixels, vectors = proof["pixels"], proof["vectors"]
            if not still_agrees(seat.precision, unit(finite(tower(pixels))), vectors):
                raise RuntimeError("it does not agree with the reference any more")
    except Exception:  # drivers raise what they like
        log.info("pictures of %s are encoded on the CPU: no %s", info.name, seat, exc_info=True)
        return None
    return Relieved(tower, lambda: cpu_image_tower(info, threads))


def keep_proof(info: ModelInfo, pixels: PixelArray, vectors: FloatArray) -> None:
    """Keep a few pictures, (n, S, S, 3) uint8, and the reference's vectors of them for `open_seat`."""
    with (info.folder / _PROOF).open("wb") as file:
        np.savez(file, pixels=pixels[:_PROOF_PICTURES], vectors=vectors[:_PROOF_PICTURES])


def finite(vectors: FloatArray) -> FloatArray:
    """The vectors.

    Raises:
        RuntimeError: there are infinite ones among their numbers, or some that are none.
    """
    if not np.isfinite(vectors).all():
        raise RuntimeError("the device gives numbers that are none")
    return vectors


class Relieved:
    """An image tower whose device may fail at any time; the CPU's then takes its place."""

    def __init__(self, tower: ImageTower, open_relief: Callable[[], ImageTower]) -> None:
        self._tower = tower
        self._open_relief = open_relief
        self._relieved = False
        self._lock = threading.Lock()

    def __call__(self, pixels: PixelArray) -> FloatArray:
        if not self._relieved:
            try:
                return finite(self._tower(pixels))
            except Exception:  # drivers raise what they like
                log.info("the device failed; the CPU goes on", exc_info=True)
            with self._lock:  # one of all who wait opens the CPU's
                if not self._relieved:
                    self._tower = self._open_relief()
                    self._relieved = True
        return self._tower(pixels)


@contextmanager
def noted(folder: Path, seat: Seat) -> Iterator[None]:
    """A note beside the model while a device is tried, so that one that takes the program down does so twice at most.

    Once may have been somebody who ended the program meanwhile.

    Raises:
        RuntimeError: it did.
    """
    name = re.sub(r"[^a-z0-9-]", "-", f"{_NOTE}{seat.runtime}-{seat.device}")
    left = [note for note in folder.glob(f"{name}.*") if not _runs(note)]
    if len(left) >= _CRASHES:
        raise RuntimeError("the program ended while it was tried")
    note = folder / f"{name}.{os.getpid()}"
    note.touch()
    try:
        yield
    finally:
        note.unlink(missing_ok=True)
    for old in left:
        old.unlink(missing_ok=True)


def forget_notes(folder: Path) -> None:
    """Try each device again."""
    for note in folder.glob(f"{_NOTE}*"):
        if not _runs(note):
            with contextlib.suppress(OSError):
                note.unlink()


def _runs(note: Path) -> bool:
    """Whether the process that wrote a note is still at it."""
    import psutil

    return bool(psutil.pid_exists(int(note.suffix[1:])))
