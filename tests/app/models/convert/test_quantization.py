"""Eight bits are enough for the image tower, also where a few channels drown the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import app.models.convert.preparation
from app.core.paths import AppDirs
from app.models.backends.openvino import OpenVinoTower
from app.models.convert import quantization
from app.models.convert.conversion import IMAGE_TOWER, convert_image_tower
from app.models.convert.parity import images_acceptable, probe_pixels, probe_texts
from app.models.convert.preparation import prepare
from app.models.convert.quantization import quantize_image_tower
from app.models.encoder import open_encoder
from app.models.manifest import ModelInfo, ParityReport
from app.models.registry import ModelRegistry

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)


def agreement(tower: Path, precision: str, info: ModelInfo) -> ParityReport:
    pixels = probe_pixels(info.preprocess, 24)
    exact, other = (
        OpenVinoTower(tower.with_name(IMAGE_TOWER), "fp32", None)(pixels),
        OpenVinoTower(tower, precision, None)(pixels),
    )
    cosines = (exact * other).sum(axis=1) / np.linalg.norm(other, axis=1)
    return ParityReport(float(cosines.mean()), float(cosines.min()), 1, 1, 1)


@pytest.fixture
def loud(tiny: ModelInfo, tmp_path: Path) -> Path:
    """The tiny model with four channels 60 times louder and their weights as much smaller: the same function."""
    import torch

    from app.models.checkpoint import load_reference, read_checkpoint

    model = load_reference(read_checkpoint(tiny.source))
    with torch.no_grad():
        for block in model.visual.transformer.resblocks:
            for norm, taker in ((block.ln_1, block.attn.in_proj_weight), (block.ln_2, block.mlp.c_fc.weight)):
                norm.weight[:4] *= 60
                norm.bias[:4] *= 60
                taker[:, :4] /= 60
    convert_image_tower(model, tiny.preprocess, tmp_path)
    return tmp_path / IMAGE_TOWER


def test_the_int8_tower_agrees_and_is_half_the_size(tiny: ModelInfo, tmp_path: Path) -> None:
    tower = tmp_path / IMAGE_TOWER
    for suffix in (".xml", ".bin"):
        tower.with_suffix(suffix).write_bytes((tiny.folder / IMAGE_TOWER).with_suffix(suffix).read_bytes())
    small = quantize_image_tower(tower, probe_pixels(tiny.preprocess, 8))
    assert images_acceptable("int8", agreement(small, "int8", tiny))
    assert small.with_suffix(".bin").stat().st_size < 0.6 * tower.with_suffix(".bin").stat().st_size


def test_loud_channels_do_not_drown_the_others(loud: Path, tiny: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = probe_pixels(tiny.preprocess, 8)
    smoothed = agreement(quantize_image_tower(loud, pixels), "int8", tiny)
    assert images_acceptable("int8", smoothed)
    monkeypatch.setattr(quantization._QuantizableOperation, "smoothable", False)
    plain = agreement(quantize_image_tower(loud, pixels), "int8", tiny)
    assert plain.image_mean < smoothed.image_mean


def test_int8_is_taken_where_it_agrees_and_is_much_faster(
    tiny: ModelInfo, places: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.models.convert.preparation, "precisions", lambda: ["fp32"])  # a desktop without bf16
    monkeypatch.setattr(app.models.convert.preparation, "_INT8_GAIN", 0.0)
    registry = ModelRegistry(places, tiny.source)
    info = prepare(registry, registry.current(), isolated=False)
    assert (info.precision, info.text_precision) == ("int8", "fp32")
    assert [one.precision for one in info.measurements] == ["fp32", "int8"]
    ours, original = open_encoder(registry, info), open_encoder(registry, replace(info, runtime="torch"))
    pixels = probe_pixels(info.preprocess, 8)
    assert (ours.encode_images(pixels) * original.encode_images(pixels)).sum(axis=1).min() > 0.97
    assert np.allclose(ours.encode_texts(probe_texts()), original.encode_texts(probe_texts()), atol=1e-2)
    ours.close()
    original.close()


def test_int8_is_left_where_it_gains_little(tiny: ModelInfo, places: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.models.convert.preparation, "precisions", lambda: ["fp32"])
    monkeypatch.setattr(app.models.convert.preparation, "_INT8_GAIN", 1e9)
    registry = ModelRegistry(places, tiny.source)
    assert prepare(registry, registry.current(), isolated=False).precision == "fp32"
