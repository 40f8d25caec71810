"""Whatever runs below, the encoder says what open_clip says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import app.models.registry
from app.core.errors import ModelMissing, UserError
from app.core.paths import AppDirs
from app.models import current, load, load_named
from app.models.backends.openvino import cpu_image_tower
from app.models.backends.targets import open_image_tower
from app.models.convert.parity import probe_pixels, probe_texts
from app.models.convert.preparation import benchmark, prepare
from app.models.encoder import open_encoder
from app.models.manifest import ExecutionTarget, ModelInfo, read_manifest
from app.models.registry import ModelRegistry
from tests.app.models.checkpoints import TINY_RESNET, TINY_SIGLIP, TINY_TIMM, make_checkpoint, make_text_tower

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)

TEXTS = [*probe_texts()[:12], "", "word " * 200, "寿司 & crème brûlée"]


def open_clip_vectors(folder: Path, info: ModelInfo, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and `TEXTS` through open_clip as anyone would use it: plain model, own tokenizer, own normalisation."""
    import open_clip
    import torch

    model = open_clip.create_model(f"local-dir:{folder}").eval()
    tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(TEXTS)
    mean, std = (torch.tensor(values).reshape(3, 1, 1) for values in (info.preprocess.mean, info.preprocess.std))
    scaled = (torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255 - mean) / std
    with torch.inference_mode():
        images = model.encode_image(scaled, normalize=True)
        return images.numpy(), model.encode_text(tokens, normalize=True).numpy()


def check_against_open_clip(registry: ModelRegistry, info: ModelInfo, folder: Path, worst: float) -> None:
    pixels = probe_pixels(info.preprocess, 5)
    images, texts = open_clip_vectors(folder, info, pixels)
    encoder = open_encoder(registry, info)
    try:
        assert (encoder.encode_images(pixels) * images).sum(axis=1).min() >= worst
        assert (encoder.encode_texts(TEXTS) * texts).sum(axis=1).min() >= worst
    finally:
        encoder.close()


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_tiny_model_agrees(registry: ModelRegistry, tiny: ModelInfo, precision: str) -> None:
    assert tiny.runtime == "openvino"
    assert tiny.text_input.trim
    worst = {"fp32": 0.99999, "bf16": 0.999}[precision]
    check_against_open_clip(registry, replace(tiny, precision=precision, text_precision=precision), tiny.source, worst)


def test_pytorch_says_the_same(registry: ModelRegistry, tiny: ModelInfo) -> None:
    check_against_open_clip(registry, replace(tiny, runtime="torch"), tiny.source, 0.99999)


SIGLIP_LOOK = {"resize_mode": "squash", "mean": (0.5,) * 3, "std": (0.5,) * 3}
FAMILIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "resnet": (TINY_RESNET, {}),
    "timm": (TINY_TIMM, {"interpolation": "bilinear"}),
    "siglip": (TINY_SIGLIP, SIGLIP_LOOK),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_families_are_converted_and_agree(family: str, tmp_path: Path, places: AppDirs) -> None:
    config, preprocess = FAMILIES[family]
    folder = make_checkpoint(tmp_path / "checkpoint", config, **preprocess)
    registry = ModelRegistry(places, folder)
    info = prepare(registry, registry.current(), isolated=False)
    assert info.runtime == "openvino"
    assert info.text_input.trim == (family != "siglip")
    exact = replace(info, precision="fp32", text_precision="fp32")
    check_against_open_clip(registry, exact, folder, 0.9999)
    # Also in the fixed shape that other devices ask for.
    pixels = probe_pixels(info.preprocess, 3)
    fixed = open_image_tower(exact, ExecutionTarget("openvino", "hetero:cpu", "fp32"))
    assert np.allclose(fixed(pixels), cpu_image_tower(exact, None)(pixels), atol=1e-4)


def test_a_hugging_face_text_tower_needs_no_network(tmp_path: Path, places: AppDirs) -> None:
    folder = make_text_tower(tmp_path / "checkpoint")
    registry = ModelRegistry(places, folder)
    info = prepare(registry, registry.current(), isolated=False)
    assert (info.runtime, info.text_input.kind, info.text_input.trim) == ("openvino", "json", True)
    check_against_open_clip(registry, replace(info, precision="fp32", text_precision="fp32"), folder, 0.9999)


def test_vectors_are_float32_of_unit_length_in_order(registry: ModelRegistry, tiny: ModelInfo) -> None:
    encoder = open_encoder(registry, tiny)
    texts = probe_texts()[:37]
    vectors = encoder.encode_texts(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (37, tiny.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts])
    assert (vectors * alone).sum(axis=1).min() > 0.999
    picture = Image.new("RGB", (30, 50), (200, 10, 10))
    assert encoder.encode_images(encoder.preprocess.apply(picture)[None]).shape == (1, tiny.dimension)
    assert encoder.encode_texts([]).shape == (0, tiny.dimension)
    size = tiny.preprocess.size
    assert encoder.encode_images(np.empty((0, size, size, 3), np.uint8)).shape == (0, tiny.dimension)
    encoder.close()
    encoder.close()
    with pytest.raises(ValueError, match="not loaded"):
        encoder.encode_texts(["a"])


def test_a_text_only_load_does_not_read_the_image_tower(registry: ModelRegistry, tiny: ModelInfo) -> None:
    encoder = open_encoder(registry, tiny, towers=("text",))
    assert encoder.encode_texts(["a dog"]).shape == (1, tiny.dimension)
    with pytest.raises(ValueError, match="image tower is not loaded"):
        encoder.encode_images(np.zeros((1, 64, 64, 3), np.uint8))
    encoder.close()


def test_limited_threads_say_the_same(registry: ModelRegistry, tiny: ModelInfo) -> None:
    one, all_ = open_encoder(registry, tiny, threads=1), open_encoder(registry, tiny)
    pixels = probe_pixels(tiny.preprocess, 3)
    assert np.allclose(one.encode_images(pixels), all_.encode_images(pixels), atol=1e-3)
    one.close()
    all_.close()


def test_the_current_model_is_loaded_by_place(
    registry: ModelRegistry, tiny: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.models.registry, "starter_folder", lambda: tiny.source)
    places = AppDirs(config=registry.folder, data=registry.folder.parent, cache=registry.folder)
    assert current(places) == tiny
    for encoder in (load(places, towers=("text",)), load_named(places, "starter", towers=("text",))):
        assert encoder.info.fingerprint == tiny.fingerprint
        encoder.close()
    with pytest.raises(UserError, match="not installed"):
        load_named(places, "ViT-B-32-256")
    with pytest.raises(UserError, match="no device called abacus"):
        load(places, device="abacus")


def test_nothing_installed_and_no_starter(places: AppDirs, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="No model is installed"):
        ModelRegistry(places, tmp_path / "nothing").current()


def test_a_missing_accelerator_is_an_error_only_when_asked_for(registry: ModelRegistry, tiny: ModelInfo) -> None:
    with pytest.raises(UserError, match="no usable mps device"):
        open_encoder(registry, tiny, device="mps")
    encoder = open_encoder(registry, replace(tiny, device="mps"))
    assert encoder.info.device == "cpu"
    encoder.close()


def test_what_is_known_is_read_back(tiny: ModelInfo) -> None:
    assert read_manifest(tiny.folder) == tiny
    json.dumps(tiny.as_json())
    assert tiny.chosen is not None
    assert tiny.chosen.accepted


def test_a_benchmark_keeps_the_fastest_that_agrees(registry: ModelRegistry, tiny: ModelInfo) -> None:
    said: list[str] = []
    info = benchmark(registry, tiny, lambda what, _share: said.append(what), isolated=False)
    assert {"torch", "openvino", "onnxruntime"} == {one.runtime for one in info.measurements}
    assert said[-1] == "Ready"
    assert read_manifest(info.folder) == info
    for one in info.measurements:
        assert one.images_per_second > 0
        assert one.texts_per_second > 0
