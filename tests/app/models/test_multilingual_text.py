"""The starter's own text tower, in small: what its parts promise, and that the converted tower says the same."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.models.backends.openvino import OpenVinoTower
from app.models.checkpoint import (
    PACKED_PIECES_FILE,
    load_reference,
    load_reference_tokenizer,
    read_checkpoint,
)
from app.models.convert.conversion import TEXT_TOWER, can_trim, convert_text_tower
from app.models.multilingual_text import (
    CONFIG_KEY,
    ODDS_STEPS,
    MultilingualText,
    PackedEmbedding,
    PackedLinear,
    Shape,
    build_model,
)
from app.models.tokenizer.export import PROBE_TEXTS, export_tokenizer, same_tokens
from app.models.tokenizer.tokenizer import PIECES_FILE, PairedTokenizer, open_tokenizer

LENGTH = 12
# Multiples of 32, as the dimensions of real towers: the runtime crashes on others where there is no AVX-512.
TINY = Shape(embed_dim=64, context_length=LENGTH, width=64, heads=2, layers=2, pieces=40, channels=32, hidden=96)


def pieces_json() -> str:
    """A unigram vocabulary of a few words and all letters of the alphabet, in the form of the `tokenizers` library."""
    words = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), ("▁", -2.0), ("▁dog", -4.0), ("▁hund", -4.0), ("犬", -4.0)]
    letters = [(letter, -6.0) for letter in "abcdefghijklmnopqrstuvwxyz"]
    ends = {name: {"id": name, "ids": [number], "tokens": [name]} for name, number in (("<s>", 1), ("</s>", 2))}
    start, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ends)
    text = {"Sequence": {"id": "A", "type_id": 0}}
    return json.dumps(
        {
            "version": "1.0",
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [start, text, end],
                "pair": [text, {"Sequence": {"id": "B", "type_id": 0}}],
                "special_tokens": ends,
            },
            "model": {"type": "Unigram", "unk_id": 0, "vocab": words + letters, "byte_fallback": False},
        }
    )


def fill(module: torch.nn.Module, seed: int = 3) -> None:
    """Random numbers of a sensible size into every packed layer."""
    random = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, PackedLinear):
            part.packed.copy_(torch.randint(-127, 128, part.packed.shape, generator=random))
            part.scale.fill_(0.3 / part.packed.shape[1] ** 0.5 / 30)
            part.bias.copy_(0.1 * torch.randn(part.bias.shape, generator=random))
        elif isinstance(part, PackedEmbedding):
            part.packed.copy_(torch.randint(0, 256, part.packed.shape, generator=random))
            part.scale.fill_(0.5)
            part.levels.copy_(torch.linspace(-2, 2, 16))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A starter of the second edition, as small as one can be."""
    from safetensors.torch import save_file

    sizes = ("byte_pairs", "width", "heads", "layers", "pieces", "channels", "hidden")
    config = {
        "embed_dim": TINY.embed_dim,
        "vision_cfg": {
            "timm_model_name": "mobilenetv2_035",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "mlp",
            "image_size": 33,
        },
        "text_cfg": {"context_length": LENGTH, CONFIG_KEY: {name: getattr(TINY, name) for name in sizes}},
    }
    torch.manual_seed(5)
    model = build_model(config)
    fill(model.text)
    model.text.evidence[4] = 3 * ODDS_STEPS  # ▁dog
    model.text.evidence[5:7] = -3 * ODDS_STEPS  # ▁hund, 犬
    model.text.always.fill_(0.2)
    source = tmp_path / "source"
    source.mkdir()
    save_file(
        {name: value.contiguous() for name, value in model.state_dict().items()}, source / "open_clip_model.safetensors"
    )
    (source / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": {}}))
    (source / PACKED_PIECES_FILE).write_bytes(lzma.compress(pieces_json().encode()))
    return source


@pytest.fixture
def model(folder: Path) -> Any:
    return load_reference(read_checkpoint(folder))


@pytest.fixture
def tokenizer(folder: Path, tmp_path: Path) -> PairedTokenizer:
    checkpoint = read_checkpoint(folder)
    file = tmp_path / "tokenizer.json"
    text_input = export_tokenizer(checkpoint, load_reference_tokenizer(checkpoint), file)
    assert text_input.kind == "pair"
    assert (tmp_path / PIECES_FILE).is_file()
    opened = open_tokenizer(file, text_input, LENGTH)
    assert isinstance(opened, PairedTokenizer)
    return opened


def test_a_packed_table_gives_level_times_scale() -> None:
    table = PackedEmbedding(2, 4)
    table.packed.copy_(torch.tensor([[0x21, 0x43], [0xFF, 0x00]], dtype=torch.uint8))
    table.scale.copy_(torch.tensor([[1.0], [10.0]]))
    table.levels.copy_(torch.arange(16.0))
    assert table(torch.tensor([[0, 1]])).tolist() == [[[1, 3, 2, 4], [150, 0, 150, 0]]]


def test_a_packed_matrix_is_steps_times_scale() -> None:
    layer = PackedLinear(2, 1)
    layer.packed.copy_(torch.tensor([[2, -4]], dtype=torch.int8))
    layer.scale.fill_(0.5)
    layer.bias.fill_(7.0)
    assert layer(torch.tensor([[1.0, 1.0]])).tolist() == [[6.0]]


def test_the_light_tokenizer_equals_the_reference_on_every_probe(folder: Path, tokenizer: PairedTokenizer) -> None:
    reference = load_reference_tokenizer(read_checkpoint(folder))
    assert same_tokens(reference, tokenizer, PROBE_TEXTS)


def test_byte_pairs_and_pieces_stand_side_by_side(tokenizer: PairedTokenizer) -> None:
    tokens = tokenizer.encode(["dog hund", ""])
    assert tokens.shape == (2, 2 * LENGTH)
    assert tokens[0, 1::2].tolist() == [2, 5, 6, 3] + [0] * (LENGTH - 4)  # pieces plus one: start, dog, hund, end
    assert tokens[0, 0] == tokens[1, 0] == 49406
    assert tokens[1, 1::2].tolist()[:3] == [2, 3, 0]


def test_capitals_alone_are_read_as_small_letters(tokenizer: PairedTokenizer) -> None:
    shouted, said, mixed = tokenizer.encode(["DOG HUND", "dog hund", "Dog hund"])
    assert (shouted == said).all()
    assert (mixed != said).any()


def test_a_long_text_keeps_both_ends(tokenizer: PairedTokenizer) -> None:
    tokens = tokenizer.encode(["dog " * 50])
    assert (tokens[0, -2], tokens[0, -1]) == (49407, 3)


def test_pieces_say_how_english_a_text_is(model: Any, tokenizer: PairedTokenizer) -> None:
    tokens = torch.from_numpy(tokenizer.encode(["dog dog", "hund", "犬", "zzz"]))
    english, german, japanese, neither = model.text.english_share(tokens[:, 1::2])[:, 0].tolist()
    assert english > 0.99
    assert max(german, japanese) < 0.15
    assert neither == pytest.approx(float(torch.sigmoid(torch.tensor(1.0))))


def test_a_foreign_text_is_read_by_the_multilingual_branch_alone(model: Any, tokenizer: PairedTokenizer) -> None:
    tower: MultilingualText = model.text
    tower.evidence[5] = -127
    tokens = torch.from_numpy(tokenizer.encode(["hund hund hund"]))
    before = tower(tokens)
    for block in tower.english.blocks:
        block.qkv.bias.add_(1.0)
    assert torch.allclose(before, tower(tokens), atol=1e-3)


def test_padding_may_be_left_out(model: Any, tokenizer: PairedTokenizer) -> None:
    assert can_trim(model, tokenizer.encode(["dog", "a hund and a dog", "", "犬", "dog hund"]), pad=0)


def test_the_converted_tower_agrees_and_keeps_its_packed_numbers(
    model: Any, tokenizer: PairedTokenizer, tmp_path: Path
) -> None:
    tokens = tokenizer.encode(["dog", "dog hund", "犬", ""])
    convert_text_tower(model, tokens, True, tmp_path)
    tower = OpenVinoTower(tmp_path / TEXT_TOWER, "fp32", threads=None)
    with torch.inference_mode():
        expected = model.encode_text(torch.from_numpy(tokens), normalize=True).numpy()
    for length in (LENGTH, 2 * LENGTH):  # trimmed, and whole
        assert (tower(tokens[:, :length]) * expected).sum(1).min() > 0.999
    packed = model.text.english.embedding.packed.numpy().tobytes()
    assert packed in (tmp_path / TEXT_TOWER).with_suffix(".bin").read_bytes()
    assert np.allclose(np.linalg.norm(expected, axis=1), 1, atol=1e-5)
