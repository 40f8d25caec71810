"""The image tower on ONNX Runtime: for Apple's Core ML and Windows' DirectML, which OpenVINO does not reach.

PyTorch's older exporter writes it: it needs nothing but `onnx`, where the newer one needs two packages more and four
times as long, and both agree with the original to the seventh digit on each kind of tower there is. The shape is
fixed, since Core ML and DirectML compile for one shape.
"""

from __future__ import annotations

import importlib.util
import shutil
import threading
from typing import Any

import numpy as np

from app.core.records import FloatArray, PixelArray
from app.models.backends.openvino import cache_folder
from app.models.backends.telemetry import import_onnxruntime
from app.models.checkpoint import suppress_output
from app.models.convert.conversion import traceable_attention
from app.models.convert.towers import image_tower_module, pad_batch
from app.models.manifest import CONVERSION_VERSION, ExecutionTarget, ModelInfo

# A folder, since the weights of a tower of more than 2 GB are files of their own.
ONNX_FOLDER = f"onnx-{CONVERSION_VERSION}"
_FILE = "image.onnx"
_OPSET = 17  # the first with a layer norm of its own
_PROVIDERS = {"coreml": "CoreMLExecutionProvider", "directml": "DmlExecutionProvider", "cpu": "CPUExecutionProvider"}
# What each computes in, whatever the file says: Core ML's programs are half precision.
_PROVIDER_PRECISIONS = {"coreml": "fp16", "directml": "fp32", "cpu": "fp32"}


def onnx_targets(*, cpu: bool) -> list[ExecutionTarget]:
    """What ONNX Runtime can run on here; nothing where it, or what writes its files, is not installed."""
    if importlib.util.find_spec("onnx") is None:
        return []
    try:
        present = import_onnxruntime().get_available_providers()
    except (ImportError, OSError):  # not installed, or without a library it needs
        return []
    wanted = [device for device in _PROVIDERS if cpu or device != "cpu"]
    available = [device for device in wanted if _PROVIDERS[device] in present]
    return [ExecutionTarget("onnxruntime", device, _PROVIDER_PRECISIONS[device]) for device in available]


def export_image_tower(model: Any, info: ModelInfo) -> None:
    """Write the image tower of open_clip's model for ONNX Runtime. Whatever the exporter does not know, it raises."""
    import torch

    size = info.preprocess.size
    example = np.random.default_rng(0).integers(0, 256, (info.batch, size, size, 3), dtype=np.uint8)
    folder = info.folder / ONNX_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with suppress_output(), traceable_attention():
        torch.onnx.export(
            image_tower_module(model, info.preprocess),
            (torch.from_numpy(example),),
            str(folder / _FILE),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["pixels"],
            output_names=["vectors"],
        )


class OnnxTower:
    """The exported image tower, compiled for one device. Takes one call at a time.

    Raises:
        RuntimeError: the device is not there.
    """

    def __init__(self, info: ModelInfo, device: str, threads: int | None) -> None:
        runtime = import_onnxruntime()
        provider = _PROVIDERS[device]
        if provider not in runtime.get_available_providers():
            raise RuntimeError(f"{provider} is not there")
        options = runtime.SessionOptions()
        options.log_severity_level = 4  # what goes wrong is raised
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        options.enable_mem_pattern = device != "directml"  # which refuses it
        if threads is not None:
            options.intra_op_num_threads = threads
        # No fallback: it would print what failed, and take the CPU's time under another name.
        self._session: Any = runtime.InferenceSession(
            str(info.folder / ONNX_FOLDER / _FILE),
            options,
            providers=[(provider, self._provider_options(info, device))],
            enable_fallback=0,
        )
        if provider not in self._session.get_providers():
            raise RuntimeError(f"{provider} did not take the tower")
        self._rows = info.batch
        self._lock = threading.Lock()

    def __call__(self, pixels: PixelArray) -> FloatArray:
        """(n, S, S, 3) uint8 -> (n, d) float32, n up to the model's batch."""
        padded = np.ascontiguousarray(pad_batch(pixels, self._rows))
        with self._lock:
            vectors = self._session.run(["vectors"], {"pixels": padded})[0]
        return np.array(vectors[: len(pixels)], dtype=np.float32)

    @staticmethod
    def _provider_options(info: ModelInfo, device: str) -> dict[str, str]:
        if device != "coreml":
            return {}
        cache = info.folder / cache_folder(device, _PROVIDER_PRECISIONS[device])
        cache.mkdir(exist_ok=True)
        return {"ModelFormat": "MLProgram", "RequireStaticInputShapes": "1", "ModelCacheDirectory": str(cache)}
