"""The student's towers: equal to the teacher where they must be, and exported as open_clip expects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from tests.training.conftest import TINY
from training import export, text_stage
from training.image_teacher import Layer
from training.joint_stage import Student
from training.tower import FastTail, Stem, Tail, build, encode_tokens, load_teacher


def test_the_trunk_computes_convolution_and_bias_of_the_teacher(layers: list[Layer]) -> None:
    model = build(TINY).eval()
    load_teacher(model.visual.trunk, layers)
    pixels = torch.randn(2, 3, 33, 33)
    first = layers[0]
    expected = torch.nn.functional.conv2d(
        pixels, torch.from_numpy(first.weight), torch.from_numpy(first.bias), stride=2, padding=1
    ).clamp(0, 6)
    trunk = model.visual.trunk
    assert torch.allclose(trunk.bn1(trunk.conv_stem(pixels)), expected, atol=1e-5)


def test_stem_and_tail_together_are_the_trunk(layers: list[Layer]) -> None:
    model = build(TINY).eval()
    load_teacher(model.visual.trunk, layers)
    pixels = torch.randint(0, 256, (3, 33, 33, 3)).float()
    with torch.no_grad():
        maps, pooled = Stem(model.visual.trunk)(pixels)
        whole = model.visual.trunk(pixels.permute(0, 3, 1, 2) / 127.5 - 1)
    assert maps.shape[2:] == (2, 2)
    assert torch.allclose(pooled, whole, atol=1e-5)


def test_the_fast_tail_is_the_tail_and_gives_back_what_it_learnt(layers: list[Layer]) -> None:
    model = build(TINY).eval()
    load_teacher(model.visual.trunk, layers)
    tail = Tail(model.visual.trunk)
    fast = FastTail(tail, side=3)
    maps = torch.randn(4, model.visual.trunk.blocks[5][0].conv_pwl.out_channels, 3, 3)
    with torch.no_grad():
        assert torch.allclose(tail(maps), fast(maps), atol=1e-5)
        for parameter in fast.parameters():
            parameter.mul_(1.1)
        assert not torch.allclose(tail(maps), fast(maps), atol=1e-5)
        fast.write_back()
        assert torch.allclose(tail(maps), fast(maps), atol=1e-5)


def test_cutting_a_batch_to_its_longest_text_changes_nothing() -> None:
    model = build(TINY).eval()
    tokens = text_stage.tokenize(["a dog", "two dogs run on a beach"], TINY.context)
    with torch.no_grad():
        expected = model.encode_text(torch.from_numpy(tokens.astype(np.int64)))
        assert text_stage.cut(tokens).shape[1] < TINY.context
        assert torch.allclose(encode_tokens(model, text_stage.cut(tokens)), expected, atol=1e-5)


def test_the_export_loads_through_open_clip_and_gives_unit_vectors(layers: list[Layer], tmp_path: Path) -> None:
    import open_clip

    model = build(TINY)
    load_teacher(model.visual.trunk, layers)
    Student(model, 2).finish()
    export.export(model, TINY, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [export.CONFIG, export.WEIGHTS]
    assert json.loads((tmp_path / export.CONFIG).read_text())["preprocess_cfg"]["resize_mode"] == "squash"
    loaded, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{tmp_path}")
    tokens = open_clip.get_tokenizer(f"local-dir:{tmp_path}")(["a dog"])
    with torch.no_grad():
        texts = loaded.encode_text(tokens, normalize=True)
        from PIL import Image

        images = loaded.encode_image(preprocess(Image.new("RGB", (50, 40)))[None], normalize=True)
    assert texts.shape == images.shape == (1, TINY.embed_dim)
    assert torch.allclose(texts.norm(dim=-1), torch.ones(1), atol=1e-4)
    assert torch.allclose(images.norm(dim=-1), torch.ones(1), atol=1e-4)
    again = export.load(tmp_path)
    assert torch.allclose(again.encode_text(tokens, normalize=True), texts, atol=1e-3)
