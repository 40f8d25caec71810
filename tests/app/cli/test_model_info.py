"""`semblance model info` on a machine whose graphics card encodes pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.__main__ import main
from app.core.paths import app_dirs
from app.models.manifest import ExecutionTarget, Measurement, ParityReport
from app.models.registry import ModelRegistry, save_model
from tests.app.models.checkpoints import TINY_VIT, make_checkpoint

pytestmark = pytest.mark.usefixtures("quiet_process", "caplog")

GOOD = ParityReport(0.9999, 0.9995, 1.0, 0.9999, 0.99)
POOR = ParityReport(0.9800, 0.9000, 1.0, 0.9999, 0.80)


def test_it_names_the_device_and_what_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEMBLANCE_HOME", str(tmp_path / "home"))
    checkpoint = make_checkpoint(tmp_path / "checkpoint", TINY_VIT)
    monkeypatch.setattr("app.models.registry.starter_folder", lambda: checkpoint)
    measured = (
        Measurement("openvino", "bf16", 45.0, 300.0, GOOD),
        Measurement("openvino", "fp16", 210.5, 300.0, GOOD, device="gpu"),
        Measurement("openvino", "fp16", 400.0, 300.0, POOR, accepted=False, device="npu"),
    )
    known = replace(ModelRegistry(app_dirs()).current(), runtime="openvino", precision="bf16", measurements=measured)
    save_model(replace(known, seat=ExecutionTarget("openvino", "gpu", "fp16"), device="gpu"))
    assert main(["model", "info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [cpu] = [line for line in lines if "openvino    cpu      bf16" in line]
    [gpu] = [line for line in lines if "openvino    gpu      fp16" in line]
    [npu] = [line for line in lines if "openvino    npu      fp16" in line]
    assert gpu.startswith("●")
    assert "210.5 images/s" in gpu
    assert not cpu.startswith("●")
    assert "refused" in npu
    assert main(["model", "info", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seat"] == {"runtime": "openvino", "device": "gpu", "precision": "fp16"}
    assert [one["device"] for one in said["measurements"]] == ["cpu", "gpu", "npu"]
