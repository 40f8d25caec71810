"""ONNX Runtime, on its CPU: what Core ML and DirectML are given is what open_clip computes."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.models.backends import onnx, selection
from app.models.backends.onnx import ONNX_FOLDER, OnnxTower, export_image_tower, onnx_targets
from app.models.backends.targets import openvino_targets
from app.models.checkpoint import load_reference, read_checkpoint
from app.models.convert import preparation
from app.models.convert.parity import probe_pixels
from app.models.convert.preparation import benchmark, remove_unused_files
from app.models.convert.towers import image_tower_module
from app.models.encoder import open_encoder
from app.models.manifest import ExecutionTarget, ModelInfo
from app.models.registry import ModelRegistry
from tests.app.models.checkpoints import TINY_RESNET, TINY_SIGLIP, TINY_TIMM, TINY_VIT, make_checkpoint

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)

CPU = ExecutionTarget("onnxruntime", "cpu", "fp32")
TINY_CONVNEXT: dict[str, Any] = {
    **TINY_TIMM,
    "vision_cfg": {**TINY_TIMM["vision_cfg"], "timm_model_name": "convnext_atto"},
}
FAMILIES = {
    "vit": TINY_VIT,
    "resnet": TINY_RESNET,
    "timm": TINY_TIMM,
    "siglip": TINY_SIGLIP,
    "convnext": TINY_CONVNEXT,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_exported_and_agree(family: str, tmp_path: Path, places: AppDirs) -> None:
    import torch

    folder = make_checkpoint(tmp_path / "checkpoint", FAMILIES[family])
    info = replace(ModelRegistry(places, folder).current(), batch=4)
    model = load_reference(read_checkpoint(folder))
    export_image_tower(model, info)
    pixels = probe_pixels(info.preprocess, 4)
    with torch.inference_mode():
        expected = image_tower_module(model, info.preprocess)(torch.from_numpy(pixels)).numpy()
    tower = OnnxTower(info, "cpu", threads=1)
    for count in (1, 3, 4):
        assert np.abs(tower(pixels[:count]) - expected[:count]).max() < 1e-5


def test_only_what_is_installed_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert onnx_targets(cpu=True)[-1] == CPU
    assert CPU not in onnx_targets(cpu=False)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "onnxruntime", None)
        assert onnx_targets(cpu=True) == []
    monkeypatch.setattr(onnx.importlib.util, "find_spec", lambda _name: None)
    assert onnx_targets(cpu=True) == []


def test_it_is_taken_where_it_is_fastest(own_registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_GAIN", 0.0)
    info = benchmark(own_registry, own_registry.current(), isolated=False)
    assert info.seat == CPU
    assert info.chosen is not None
    assert info.chosen.agreement is not None
    assert info.chosen.agreement.image_worst > 0.9999
    pixels = probe_pixels(info.preprocess, 5)
    with (
        closing(open_encoder(own_registry, own_registry.current())) as ours,
        closing(open_encoder(own_registry, replace(info.on_cpu(), runtime="torch"))) as original,
    ):
        assert ours.info.seat == CPU
        assert (ours.encode_images(pixels) * original.encode_images(pixels)).sum(axis=1).min() > 0.9999
    remove_unused_files(info)
    assert (info.folder / ONNX_FOLDER).exists()
    remove_unused_files(info.on_cpu())
    assert not (info.folder / ONNX_FOLDER).exists(), "hundreds of megabytes of a large model"


def test_a_tower_that_cannot_be_exported_runs_as_before(tiny: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("Exporting the operator 'aten::new' is not supported")

    assert CPU in onnx_targets(cpu=True)
    monkeypatch.setattr(preparation, "export_image_tower", refuse)
    assert preparation._other_targets(tiny, None, all_of_them=True) == openvino_targets(tiny)


def test_a_provider_that_is_not_there_is_told(tiny: ModelInfo) -> None:
    with pytest.raises(RuntimeError, match="DmlExecutionProvider is not there"):
        OnnxTower(tiny, "directml", None)


def test_it_reports_nothing_and_keeps_no_identity(tmp_path: Path) -> None:
    """Later versions write an identity into the home at the first session, and report with it."""
    code = """
import os
from app.models.backends.telemetry import import_onnxruntime
runtime = import_onnxruntime()
assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"
from onnx import TensorProto, helper
value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("a", "b")]
graph = helper.make_graph([helper.make_node("Abs", ["a"], ["b"])], "g", value[:1], value[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    environment.pop("CI", None)
    subprocess.run([sys.executable, "-c", code], check=True, env={**environment, "HOME": str(tmp_path)})
    assert not list(tmp_path.rglob("*"))
