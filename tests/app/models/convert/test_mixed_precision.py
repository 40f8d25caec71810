"""Where bf16 strays too far, half of the image tower stays in fp32."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

import app.models.convert.preparation
from app.core.paths import AppDirs
from app.core.records import FloatArray
from app.models.backends.openvino import OpenVinoTower
from app.models.convert import parity
from app.models.convert.conversion import IMAGE_TOWER
from app.models.convert.mixed_precision import MIXED_IMAGE_TOWER, write_mixed_precision_tower
from app.models.convert.parity import probe_pixels, probe_texts
from app.models.convert.preparation import prepare
from app.models.encoder import open_encoder
from app.models.manifest import ModelInfo
from app.models.registry import ModelRegistry

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)


def copy_of(info: ModelInfo, folder: Path) -> Path:
    tower = folder / IMAGE_TOWER
    for suffix in (".xml", ".bin"):
        tower.with_suffix(suffix).write_bytes((info.folder / IMAGE_TOWER).with_suffix(suffix).read_bytes())
    return tower


def distance(one: FloatArray, other: FloatArray) -> float:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(1 - ((one * other).sum(axis=1) / lengths).min())


def test_the_first_half_stays_precise(tiny: ModelInfo, tmp_path: Path) -> None:
    mixed = write_mixed_precision_tower(copy_of(tiny, tmp_path))
    layers = ElementTree.parse(mixed).findall("layers/layer")
    products = [layer for layer in layers if layer.get("type") in ("MatMul", "Convolution")]
    precise = [layer for layer in layers if layer.find("rt_info/attribute[@name='precise']") is not None]
    half = len(products) // 2
    assert [layer in precise for layer in products] == [True] * half + [False] * (len(products) - half)
    assert not [layer for layer in precise if layer.get("type") == "Const"]


def test_it_is_closer_to_the_original(tiny: ModelInfo, tmp_path: Path) -> None:
    tower = copy_of(tiny, tmp_path)
    mixed, pixels = write_mixed_precision_tower(tower), probe_pixels(tiny.preprocess, 24)
    exact, coarse = OpenVinoTower(tower, "fp32", None)(pixels), OpenVinoTower(tower, "bf16", None)(pixels)
    # A machine without bf16 computes all of them in fp32.
    assert distance(exact, OpenVinoTower(mixed, "mixed", None)(pixels)) <= distance(exact, coarse) + 1e-6


def test_a_drive_without_links_gets_a_copy(tiny: ModelInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("app.models.convert.mixed_precision.os.link", refuse)
    tower = copy_of(tiny, tmp_path)
    assert write_mixed_precision_tower(tower).with_suffix(".bin").read_bytes() == tower.with_suffix(".bin").read_bytes()


def test_it_is_taken_where_bf16_strays_too_far(
    tiny: ModelInfo, places: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.models.convert.preparation, "precisions", lambda: ["bf16", "fp16", "fp32"])
    monkeypatch.setitem(parity._COSINE_LIMITS, "bf16", (1.1, 1.1))
    registry = ModelRegistry(places, tiny.source)
    info = prepare(registry, registry.current(), isolated=False)
    assert (info.precision, info.text_precision) == ("mixed", "bf16")
    assert [one.precision for one in info.measurements] == ["bf16", "mixed"]
    assert [one.accepted for one in info.measurements] == [False, True]
    assert info.chosen == info.measurements[1]
    encoder = open_encoder(registry, registry.current())
    for count in (1, 3, 16):
        assert encoder.encode_images(probe_pixels(info.preprocess, count)).shape == (count, info.dimension)
    assert np.isfinite(encoder.encode_texts(probe_texts())).all()
    encoder.close()


def test_without_agreement_the_slower_ones_are_tried_and_nothing_is_left_over(
    tiny: ModelInfo, places: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.models.convert.preparation, "precisions", lambda: ["bf16", "fp32"])
    monkeypatch.setattr(app.models.convert.preparation, "_INT8_GAIN", 1e9)
    for precision in ("bf16", "mixed"):
        monkeypatch.setitem(parity._COSINE_LIMITS, precision, (1.1, 1.1))
    registry = ModelRegistry(places, tiny.source)
    info = prepare(registry, registry.current(), isolated=False)
    assert (info.precision, info.text_precision) == ("fp32", "fp32")
    assert [one.precision for one in info.measurements] == ["bf16", "mixed", "fp32", "int8"]
    assert not list(info.folder.glob(f"{Path(MIXED_IMAGE_TOWER).stem}*"))


def test_a_tower_of_one_product_has_no_halves(tmp_path: Path) -> None:
    tower = tmp_path / IMAGE_TOWER
    tower.write_text('<net><layers><layer type="MatMul"/></layers></net>')
    with pytest.raises(ValueError, match="too small"):
        write_mixed_precision_tower(tower)
    assert not (tmp_path / MIXED_IMAGE_TOWER).exists()
