"""The image tower in 8-bit integers, for CPUs that multiply these fastest (VNNI, AMX; most desktops of today).

Weights become int8 with one scale per output channel; what flows into each large product is rounded to 256 steps
between the bounds seen on sample pictures. A few channels of transformers are much louder than the rest and would
take all the steps: as in SmoothQuant (arXiv 2211.10438) half of the loudness, on a logarithmic scale, is moved into
the weights first. The runtime recognises the pattern and computes in int8. Accepted only if it agrees (agreement.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray, PixelArray
from app.models.backends.telemetry import import_openvino
from app.models.manifest import CONVERSION_VERSION

INT8_IMAGE_TOWER = f"image-int8-{CONVERSION_VERSION}.xml"
_BATCH = 4
_TINY = 1e-6


@dataclass
class _QuantizableOperation:
    """A product of what flows with constant weights, in one copy of the graph.

    Attributes:
        node: the MatMul or Convolution. `weights`: as float32.
        channel: the axis of the input that the product sums over; `sums`: the same axis of the weights.
    """

    node: Any
    weights: FloatArray
    channel: int
    sums: int

    @property
    def smoothable(self) -> bool:
        return self.weights.ndim == 2


@dataclass
class _ActivationRange:
    """What flowed into a product on the samples: lowest and highest value, and the loudest of each channel."""

    low: float = np.inf
    high: float = -np.inf
    loudest: Any = 0.0


def quantize_image_tower(tower: Path, pixels: PixelArray) -> Path:
    """Write the int8 tower beside the converted one. `pixels`: (n, S, S, 3) uint8 samples; its path."""
    openvino = import_openvino()
    core = openvino.Core()
    bounds = _collect_ranges(core, tower, pixels)
    model = core.read_model(tower)
    for product, bound in zip(_quantizable_operations(model), bounds, strict=True):
        _quantize(product, bound)
    model.validate_nodes_and_infer_types()
    target = tower.with_name(INT8_IMAGE_TOWER)
    for old in (target, target.with_suffix(".bin")):
        old.unlink(missing_ok=True)
    openvino.save_model(model, target, compress_to_fp16=True)
    return target


def _quantizable_operations(model: Any) -> list[_QuantizableOperation]:
    """The products worth quantizing, in the graph's order. Grouped convolutions are not: they gain nothing."""
    found = []
    for node in model.get_ordered_ops():
        kind = node.get_type_name()
        if kind not in ("MatMul", "Convolution") or _constant(node.input_value(0)) is not None:
            continue
        weights = _constant(node.input_value(1))
        if weights is None or weights.ndim < 2:
            continue
        if kind == "Convolution":
            found.append(_QuantizableOperation(node, weights, channel=1, sums=1))
        else:
            transposed = bool(node.get_attributes()["transpose_b"])
            found.append(_QuantizableOperation(node, weights, channel=-1, sums=weights.ndim - (1 if transposed else 2)))
    return found


def _constant(output: Any) -> FloatArray | None:
    """The value of a constant, also behind its conversion from half precision."""
    node = output.get_node()
    if node.get_type_name() == "Convert":
        return _constant(node.input_value(0))
    return np.asarray(node.get_data(), dtype=np.float32) if node.get_type_name() == "Constant" else None


def _collect_ranges(core: Any, tower: Path, pixels: PixelArray) -> list[_ActivationRange]:
    """Run the samples in full precision and note what flows into each product."""
    openvino = import_openvino()
    model = core.read_model(tower)
    products = _quantizable_operations(model)
    taps = [openvino.opset13.result(product.node.input_value(0)) for product in products]
    watched = openvino.Model(taps, model.get_parameters(), "watched")
    request = core.compile_model(watched, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    bounds = [_ActivationRange() for _ in products]
    for start in range(0, len(pixels), _BATCH):
        values = request.infer([pixels[start : start + _BATCH]])
        for number, (product, bound) in enumerate(zip(products, bounds, strict=True)):
            activation = values[number]
            other_axes = tuple(axis for axis in range(activation.ndim) if axis != product.channel % activation.ndim)
            bound.low, bound.high = min(bound.low, float(activation.min())), max(bound.high, float(activation.max()))
            bound.loudest = np.maximum(bound.loudest, np.abs(activation).max(axis=other_axes))
    return bounds


def _quantize(product: _QuantizableOperation, bound: _ActivationRange) -> None:
    """Rewire one product to rounded inputs and int8 weights."""
    from openvino import opset13 as op

    activation = product.node.input_value(0)
    weights, low, high = product.weights, bound.low, bound.high
    if product.smoothable:
        scales = _smoothing_scales(product, bound.loudest)
        activation = op.multiply(activation, op.constant(1 / scales)).output(0)
        shape = [1] * weights.ndim
        shape[product.sums] = -1
        weights = weights * scales.reshape(shape)
        peak = float((bound.loudest / scales).max())
        low, high = max(-peak, low / float(scales.min())), min(peak, high / float(scales.min()))
    bottom, top = np.float32(min(low, 0.0)), np.float32(max(high, _TINY))
    rounded = op.fake_quantize(activation, bottom, top, bottom, top, 256)
    product.node.input(0).replace_source_output(rounded.output(0))
    product.node.input(1).replace_source_output(_int8_weights(weights, product).output(0))


def _smoothing_scales(product: _QuantizableOperation, loudest: npt.NDArray[np.float32]) -> FloatArray:
    """One divisor per input channel: the square root of (loudest value that flows / largest weight)."""
    other = tuple(axis for axis in range(product.weights.ndim) if axis != product.sums)
    largest = np.abs(product.weights).max(axis=other)
    scales = np.sqrt(np.maximum(loudest, _TINY) / np.maximum(largest, _TINY))
    result: FloatArray = (scales / np.exp(np.log(scales).mean())).astype(np.float32)
    return result


def _int8_weights(weights: FloatArray, product: _QuantizableOperation) -> Any:
    """Constant int8 weights times their scale, one per output channel: stored in a quarter of the bytes."""
    from openvino import opset13 as op

    output_axis = (
        0 if product.channel == 1 else weights.ndim - 1 if product.sums == weights.ndim - 2 else weights.ndim - 2
    )
    other = tuple(axis for axis in range(weights.ndim) if axis != output_axis)
    scale = np.maximum(np.abs(weights).max(axis=other, keepdims=True) / 127, _TINY).astype(np.float32)
    quantized = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    return op.multiply(op.convert(op.constant(quantized), np.float32), op.constant(scale))
