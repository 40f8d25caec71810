"""The starter is ready at its first start without torch, from a pack a fraction of its size."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.models import bundled
from app.models.convert.parity import probe_pixels, probe_texts
from app.models.convert.preparation import prepare
from app.models.encoder import open_encoder
from app.models.registry import ModelRegistry
from tests.app.models.backends.test_telemetry import AUDIT, NOT_LOADED, run
from tests.app.models.checkpoints import TINY_RESNET, make_checkpoint

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter of the real one's kind: weights in fp16, a convolutional image tower."""
    from safetensors.torch import load_file, save_file

    folder = make_checkpoint(tmp_path_factory.mktemp("starter"), TINY_RESNET)
    weights = folder / "open_clip_model.safetensors"
    halves = {name: value.half() if value.is_floating_point() else value for name, value in load_file(weights).items()}
    save_file(halves, weights)
    assert bundled.main([str(folder)]) == 0
    return folder


def test_the_pack_is_small(packed: Path) -> None:
    pack = sum(file.stat().st_size for file in (packed / bundled.BUNDLE_FOLDER).iterdir())
    weights = (packed / "open_clip_model.safetensors").stat().st_size
    vocabulary = (packed / bundled.BUNDLE_FOLDER / "tokenizer.json.gz").stat().st_size
    # Convolutions change, since normalisation is folded into them; the text tower, the larger one, does not.
    assert pack - vocabulary < 0.6 * weights


def test_the_first_start_imports_no_torch(packed: Path, tmp_path: Path) -> None:
    loaded = f"\nassert not [name for name in {NOT_LOADED!r} if name in sys.modules]"
    run(AUDIT + loaded, tmp_path, packed)


def test_it_says_what_the_checkpoint_says(packed: Path, places: AppDirs) -> None:
    registry = ModelRegistry(places, packed)
    info = prepare(registry, registry.current(), isolated=False)
    assert info.runtime == "openvino"
    ours = open_encoder(registry, replace(info, precision="fp32", text_precision="fp32"))
    original = open_encoder(registry, replace(info, runtime="torch"))
    pixels, texts = probe_pixels(info.preprocess, 6), probe_texts()
    assert (ours.encode_images(pixels) * original.encode_images(pixels)).sum(axis=1).min() > 0.9999
    assert np.allclose(ours.encode_texts(texts), original.encode_texts(texts), atol=2e-3)
    ours.close()
    original.close()


@pytest.mark.parametrize("broken", ["text-1.bin", "image-1.xml", "tokenizer.json"])
def test_towers_that_cannot_be_read_are_made_anew(packed: Path, places: AppDirs, broken: str) -> None:
    registry = ModelRegistry(places, packed)
    info = prepare(registry, registry.current(), isolated=False)
    for cached in info.folder.glob("cache-*/*"):
        cached.unlink()
    (info.folder / broken).write_bytes((info.folder / broken).read_bytes()[:100])
    encoder = open_encoder(registry, registry.current())
    assert np.isfinite(encoder.encode_texts(["a dog"])).all()
    assert encoder.encode_images(probe_pixels(info.preprocess, 2)).shape == (2, info.dimension)
    encoder.close()


@pytest.mark.parametrize("fault", ["fingerprint", "conversion", "constants", "nothing"])
def test_a_pack_that_does_not_fit_is_not_used(packed: Path, places: AppDirs, tmp_path: Path, fault: str) -> None:
    copy = tmp_path / "starter"
    copy.mkdir()
    for file in packed.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(packed)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    pack_file = copy / bundled.BUNDLE_FOLDER / "pack.json"
    if fault == "nothing":
        pack_file.unlink()
    elif fault == "constants":
        (copy / bundled.BUNDLE_FOLDER / "constants.bin").write_bytes(b"")
    else:
        pack_file.write_text(json.dumps({**json.loads(pack_file.read_text()), fault: "another"}))
    info = ModelRegistry(places, copy).current()
    info.folder.mkdir(parents=True)
    assert bundled.unpack_bundle(info) is None
