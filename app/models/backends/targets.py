"""Execution targets of the image tower beside OpenVINO's CPU, with a fallback to the CPU.

A graphics card or a neural processor is used only after its vectors were compared with the reference's and its speed
with the CPU's (`app.models.backends.selection`). Drivers change and cards are unplugged, so each time a tower is
opened it must still reproduce the golden vectors of a few pictures, and whenever a device fails the CPU takes over.
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

from app.core.records import FloatArray, PixelArray
from app.models.backends.onnx import OnnxTower
from app.models.backends.openvino import ImageTower, OpenVinoTower, cpu_image_tower, other_devices
from app.models.convert.conversion import IMAGE_TOWER
from app.models.convert.parity import passes_spot_check
from app.models.convert.towers import normalise_rows
from app.models.manifest import ExecutionTarget, ModelInfo

log = logging.getLogger(__name__)

_GOLDEN_FILE = "proof.npz"
_GOLDEN_PICTURES = 4
_MARK_PREFIX = "trying-"
_MAX_CRASHES = 2
_DEVICE_LISTING = ExecutionTarget("openvino", "devices", "")


def openvino_targets(info: ModelInfo) -> list[ExecutionTarget]:
    """The devices of OpenVINO beside the CPU; none where looking for them fails, which is up to drivers, too."""
    try:
        with crash_guard(info.folder, _DEVICE_LISTING):
            devices = other_devices()
    except RuntimeError:
        log.info("OpenVINO's devices cannot be listed", exc_info=True)
        return []
    return [
        ExecutionTarget("openvino", device.lower(), name)
        for device, precisions in devices.items()
        for name in precisions
    ]


def torch_targets() -> list[ExecutionTarget]:
    """PyTorch's device beside the CPU. Imports torch."""
    from app.models.backends.open_clip import best_device

    device = best_device()
    return [] if device == "cpu" else [ExecutionTarget("torch", device, "fp16" if device == "cuda" else "fp32")]


def open_image_tower(info: ModelInfo, seat: ExecutionTarget, threads: int | None = None) -> ImageTower:
    """The image tower in a seat that is not PyTorch's; whatever a driver may raise, it raises."""
    if seat.runtime == "onnxruntime":
        return OnnxTower(info, seat.device, threads)
    size = info.preprocess.size
    shape = (info.batch, size, size, 3)  # neural processors and some graphics cards take no other
    return OpenVinoTower(info.folder / IMAGE_TOWER, seat.precision, threads, seat.device.upper(), shape)


def open_target(info: ModelInfo, seat: ExecutionTarget, threads: int | None) -> ImageTower | None:
    """The image tower in a seat that was measured, with the CPU behind it.

    None, and a line in the log, where the device is gone or does not say any more what it said.
    """
    try:
        with crash_guard(info.folder, seat):
            tower = open_image_tower(info, seat, threads)
            with np.load(info.folder / _GOLDEN_FILE) as proof:
                pixels, vectors = proof["pixels"], proof["vectors"]
            if not passes_spot_check(seat.precision, normalise_rows(require_finite(tower(pixels))), vectors):
                raise RuntimeError("it does not agree with the reference any more")
    except Exception:  # drivers raise what they like
        log.info("pictures of %s are encoded on the CPU: no %s", info.name, seat, exc_info=True)
        return None
    return CpuFallback(tower, lambda: cpu_image_tower(info, threads))


def save_golden_vectors(info: ModelInfo, pixels: PixelArray, vectors: FloatArray) -> None:
    """Keep a few pictures, (n, S, S, 3) uint8, and the reference's vectors of them for `open_seat`."""
    with (info.folder / _GOLDEN_FILE).open("wb") as file:
        np.savez(file, pixels=pixels[:_GOLDEN_PICTURES], vectors=vectors[:_GOLDEN_PICTURES])


def require_finite(vectors: FloatArray) -> FloatArray:
    """The vectors.

    Raises:
        RuntimeError: there are infinite ones among their numbers, or some that are none.
    """
    if not np.isfinite(vectors).all():
        raise RuntimeError("the device gives numbers that are none")
    return vectors


class CpuFallback:
    """An image tower whose device may fail at any time; the CPU's then takes its place."""

    def __init__(self, tower: ImageTower, open_relief: Callable[[], ImageTower]) -> None:
        self._tower = tower
        self._open_relief = open_relief
        self._relieved = False
        self._lock = threading.Lock()

    def __call__(self, pixels: PixelArray) -> FloatArray:
        if not self._relieved:
            try:
                return require_finite(self._tower(pixels))
            except Exception:  # drivers raise what they like
                log.info("the device failed; the CPU goes on", exc_info=True)
            with self._lock:  # one of all who wait opens the CPU's
                if not self._relieved:
                    self._tower = self._open_relief()
                    self._relieved = True
        return self._tower(pixels)


@contextmanager
def crash_guard(folder: Path, seat: ExecutionTarget) -> Iterator[None]:
    """A note beside the model while a device is tried, so that one that takes the program down does so twice at most.

    Once may have been somebody who ended the program meanwhile.

    Raises:
        RuntimeError: it did.
    """
    name = re.sub(r"[^a-z0-9-]", "-", f"{_MARK_PREFIX}{seat.runtime}-{seat.device}")
    stale_marks = [mark for mark in folder.glob(f"{name}.*") if not _is_running(mark)]
    if len(stale_marks) >= _MAX_CRASHES:
        raise RuntimeError("the program ended while it was tried")
    mark = folder / f"{name}.{os.getpid()}"
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
    for stale_mark in stale_marks:
        stale_mark.unlink(missing_ok=True)


def clear_crash_marks(folder: Path) -> None:
    """Try each device again."""
    for mark in folder.glob(f"{_MARK_PREFIX}*"):
        if not _is_running(mark):
            with contextlib.suppress(OSError):
                mark.unlink()


def _is_running(mark: Path) -> bool:
    """Whether the process that wrote a note is still at it."""
    import psutil

    return bool(psutil.pid_exists(int(mark.suffix[1:])))
