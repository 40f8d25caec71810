"""Reads the image teacher, a quantised MobileNetV2 in TFLite form, and turns it into ordinary float weights.

The teacher (Sandler et al., "MobileNetV2", CVPR 2018, arXiv 1801.04381) has its batch normalisation folded into
the convolutions and its weights stored as 8-bit integers. OpenVINO reads the file and knows the scales, so the
dequantised weights are simply the constant inputs of its convolutions, in the order of the network. timm's
`mobilenetv2_100` has the same layers in the same order: that is how the starter's image tower begins as the teacher.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One convolution with its folded bias.

    Attributes:
        weight: (out, in, kh, kw) float32; depthwise convolutions have `in` = 1, as in PyTorch.
        bias: (out,) float32.
    """

    weight: Array
    bias: Array


def read_layers(path: Path) -> list[Layer]:
    """All convolutions of a TFLite network, dequantised, from the input to the output."""
    from app.models.backends.telemetry import import_openvino

    openvino = import_openvino()
    core = openvino.Core()
    network = core.read_model(str(path))
    convolutions = [op for op in network.get_ordered_ops() if op.get_type_name() in _KINDS]
    outputs = []
    for op in convolutions:
        outputs += [op.input(1).get_source_output(), _bias_of(op)]
    # A network of constants alone: evaluating it is the dequantisation.
    values = core.compile_model(openvino.Model(outputs, []), "CPU", _EXACT)([])
    tensors = [np.asarray(values[i], dtype=np.float32) for i in range(len(outputs))]
    return [
        Layer(weight=_as_torch_weight(w), bias=b.reshape(-1)) for w, b in zip(tensors[::2], tensors[1::2], strict=True)
    ]


_KINDS = ("Convolution", "GroupConvolution")
# Without the hint OpenVINO rounds to bfloat16 on processors that have it.
_EXACT = {"INFERENCE_PRECISION_HINT": "f32"}


def _bias_of(convolution: object) -> object:
    """The constant added to a convolution's output."""
    add = next(iter(convolution.output(0).get_target_inputs())).get_node()  # type: ignore[attr-defined]
    if add.get_type_name() != "Add":
        raise ValueError(f"expected a bias after {convolution}, found {add.get_type_name()}")
    return add.input(1).get_source_output()


def _as_torch_weight(weight: Array) -> Array:
    """OpenVINO's grouped weights are (groups, out/groups, in/groups, kh, kw); PyTorch joins the first two."""
    if weight.ndim == 5:
        return weight.reshape(weight.shape[0] * weight.shape[1], *weight.shape[2:])
    return weight
