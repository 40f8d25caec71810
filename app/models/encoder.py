"""Opens the encoder of a model: on the device that was measured fastest, converted first where it is not yet."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.models.encoding import Encoder
from app.models.manifest import ExecutionTarget, ModelInfo
from app.models.registry import ModelRegistry, not_installed

if TYPE_CHECKING:
    pass

log = logging.getLogger(__name__)

BOTH_TOWERS = ("text", "image")
DEVICES = ("auto", "cpu", "cuda", "mps", "gpu", "npu", "coreml", "directml")
_TORCH_TARGETS = {"cuda": ExecutionTarget("torch", "cuda", "fp16"), "mps": ExecutionTarget("torch", "mps", "fp32")}


def current(dirs: AppDirs) -> ModelInfo:
    """The chosen model, or the starter. Reads small files only.

    Raises:
        ModelMissing: nothing is installed and no starter ships.
    """
    return ModelRegistry(dirs).current()


def load(
    dirs: AppDirs, *, device: str = "auto", threads: int | None = None, towers: Collection[str] = BOTH_TOWERS
) -> Encoder:
    """The current model, prepared for this machine if it is not yet.

    Args:
        device: where pictures are encoded: "auto" (the fastest that agreed when the model was prepared), or one of
            `DEVICES`.
        threads: cores to use at most; None for all.
        towers: "text", "image" or both; what is not asked for is not read.
    """
    registry = ModelRegistry(dirs)
    return open_encoder(registry, registry.current(), device=device, threads=threads, towers=towers)


def load_named(
    dirs: AppDirs,
    name: str,
    *,
    device: str = "auto",
    threads: int | None = None,
    towers: Collection[str] = BOTH_TOWERS,
) -> Encoder:
    """An installed model by its name, chosen or not.

    Raises:
        UserError: it is not installed.
    """
    registry = ModelRegistry(dirs)
    info = registry.find(name)
    if info is None:
        raise not_installed(name)
    return open_encoder(registry, info, device=device, threads=threads, towers=towers)


def open_encoder(
    registry: ModelRegistry,
    info: ModelInfo,
    *,
    device: str = "auto",
    threads: int | None = None,
    towers: Collection[str] = BOTH_TOWERS,
) -> Encoder:
    """An encoder for a model on the registry."""
    if device not in DEVICES:
        raise UserError(f"There is no device called {device}.", f"Please use one of {', '.join(DEVICES)}.")
    if not info.prepared:
        from app.models.convert.preparation import prepare

        info = prepare(registry, info)
    if info.runtime == "openvino":
        seat = _image_target(info, device, towers)
        if seat is None or seat.runtime != "torch" or not _torch_has(seat.device, device):
            return _open_converted(registry, info, seat, threads, towers, asked=device != "auto")
        torch_device = seat.device
    else:
        torch_device = info.device if device == "auto" else device
        if torch_device not in ("cpu", *_TORCH_TARGETS):
            raise _no_such_device(torch_device)
        torch_device = torch_device if torch_device != "cpu" and _torch_has(torch_device, device) else "cpu"
    from app.models.backends.open_clip import OpenClipEncoder

    info = replace(info, runtime="torch", precision="fp32", text_precision="fp32", seat=None, device=torch_device)
    return OpenClipEncoder(info, device=torch_device, threads=threads)


def _image_target(info: ModelInfo, device: str, towers: Collection[str]) -> ExecutionTarget | None:
    """Where pictures of a converted model are encoded; None for the CPU.

    Who asks for one tower only has one question: the CPU answers it before a device is ready.
    """
    if "image" not in towers or device == "cpu":
        return None
    if device == "auto":
        return info.seat if "text" in towers else None
    if device in _TORCH_TARGETS:
        return _TORCH_TARGETS[device]
    measured = [
        measurement
        for measurement in info.measurements
        if measurement.accepted and measurement.device.split(".")[0] == device
    ]
    if not measured:
        raise _no_such_device(device)
    return max(measured, key=lambda measurement: measurement.images_per_second).seat


def _open_converted(
    registry: ModelRegistry,
    info: ModelInfo,
    seat: ExecutionTarget | None,
    threads: int | None,
    towers: Collection[str],
    *,
    asked: bool,
) -> Encoder:
    """The converted towers; made anew, once, where what is on disk cannot be read (a full disk, a power cut)."""
    from app.models.backends.openvino import OpenVinoEncoder

    info, image = info.on_cpu(), None
    if seat is not None and seat.runtime != "torch":
        from app.models.backends.targets import open_target

        image = open_target(info, seat, threads)
        if image is not None:
            info = replace(info, seat=seat, device=seat.device)
        elif asked:
            raise _no_such_device(seat.device)
    try:
        return OpenVinoEncoder(info, threads=threads, towers=towers, image=image)
    except (RuntimeError, OSError, ValueError):
        log.info("the converted towers of %s cannot be read and are made anew", info.name, exc_info=True)
    from app.models.convert.preparation import prepare

    info = prepare(registry, info, again=True).on_cpu()
    if info.runtime == "openvino":
        return OpenVinoEncoder(info, threads=threads, towers=towers)
    return open_encoder(registry, info, device="cpu", threads=threads, towers=towers)


def _torch_has(wanted: str, asked: str) -> bool:
    """Whether PyTorch has a device now; one that was asked for by name and is not there, is an error."""
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}[wanted]
    if not there and asked != "auto":
        raise _no_such_device(wanted)
    return bool(there)


def _no_such_device(device: str) -> UserError:
    return UserError(
        f"This machine has no usable {device} device.",
        "Please choose another device in the settings, or run `semblance model benchmark` to have it tried.",
    )
