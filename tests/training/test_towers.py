"""The finished model: packed numbers close to what they stand for, the body folded, the export equal to the heads."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest
import torch

from app.models.checkpoint import PACKED_PIECES_FILE
from app.models.multilingual_text import EnglishTransformer, MultilingualText, PackedEmbedding, PackedLinear
from tests.app.models.test_multilingual_text import fill, pieces_json
from tests.training.conftest import TINY, tiny_config
from training import export
from training.backbone import fold_norms
from training.encoder import ReferenceEncoder
from training.frozen_text import _sentencepiece, fill_english
from training.heads import Heads, HeadShape
from training.measure import measure
from training.packing import levels_of, pack_embedding, pack_linear, unpacked
from training.records import read_photos
from training.texts import PairedTokenizer, read_sentences


def test_a_packed_matrix_is_close_to_what_it_stands_for() -> None:
    torch.manual_seed(1)
    layer, weight = PackedLinear(40, 30), torch.randn(30, 40)
    pack_linear(layer, weight, torch.ones(30))
    assert (unpacked(layer) - weight).abs().max() < 0.02
    assert layer.bias.tolist() == [1.0] * 30


def test_a_packed_table_keeps_the_directions_of_its_rows() -> None:
    rows = np.random.default_rng(1).normal(0, 1, (300, 64)).astype(np.float32) * np.linspace(0.01, 5, 300)[:, None]
    table = PackedEmbedding(300, 64)
    pack_embedding(table, rows.astype(np.float32))
    found = unpacked(table).numpy()
    cosines = (found * rows).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(rows, axis=1)
    assert cosines.min() > 0.98


def test_empty_rows_and_empty_outputs_stay_finite() -> None:
    table, layer = PackedEmbedding(3, 4), PackedLinear(4, 2)
    pack_embedding(table, np.array([[0, 0, 0, 0], [1, -1, 1, -1], [0, 0, 0, 0]], np.float32))
    pack_linear(layer, torch.zeros(2, 4))
    assert torch.isfinite(unpacked(table)).all()
    assert torch.equal(unpacked(layer), torch.zeros(2, 4))


def test_levels_lie_where_the_numbers_are() -> None:
    levels = levels_of(np.repeat(np.arange(16, dtype=np.float32), 50))
    assert np.allclose(np.sort(levels), np.arange(16), atol=0.6)


def test_folding_the_norms_changes_nothing() -> None:
    import timm

    torch.manual_seed(2)
    trunk = timm.create_model("mobilenetv2_035", num_classes=0).eval()
    for module in trunk.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)  # type: ignore[union-attr]
            module.running_var.uniform_(0.5, 2)  # type: ignore[union-attr]
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
    pixels = torch.randn(2, 3, 33, 33)
    with torch.inference_mode():
        before = trunk(pixels)
    fold_norms(trunk)
    with torch.inference_mode():
        assert torch.allclose(before, trunk(pixels), atol=1e-4)


def test_the_english_transformer_of_the_first_edition_is_taken_over() -> None:
    import open_clip

    sizes = {"context_length": TINY.context_length, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
    torch.manual_seed(3)
    first = open_clip.CLIP(
        TINY.embed_dim, {"image_size": 32, "layers": 1, "width": 16, "patch_size": 16, "head_width": 8}, sizes
    ).eval()
    english = EnglishTransformer(TINY).eval()
    weights = {name: value for name, value in first.state_dict().items() if not name.startswith("visual")}
    with torch.inference_mode():
        fill_english(english, weights)
        tokens = open_clip.SimpleTokenizer()(["a dog on the beach", ""], context_length=TINY.context_length)
        expected = first.encode_text(tokens, normalize=True)
        assert ((english(tokens) * expected).sum(1) > 0.98).all()


def test_the_english_transformer_of_a_later_edition_is_taken_over(tower: MultilingualText) -> None:
    again = EnglishTransformer(TINY)
    fill_english(again, {f"text.{name}": value for name, value in tower.state_dict().items()})
    assert torch.equal(again.embedding.packed, tower.english.embedding.packed)


def test_a_sentencepiece_model_is_read() -> None:
    def message(field: int, data: bytes) -> bytes:
        return bytes([field << 3 | 2, len(data)]) + data

    score = bytes([2 << 3 | 5]) + np.float32(-1.5).tobytes()
    data = message(1, message(1, b"<unk>")) + message(1, message(1, "▁dog".encode()) + score)
    data += message(2, b"ignored") + message(3, message(1, b"nmt") + message(2, b"table"))
    assert _sentencepiece(data) == ([("<unk>", 0.0), ("▁dog", -1.5)], b"table")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, Heads]:
    torch.manual_seed(5)
    config = tiny_config()
    model = export.new_model(config)
    fill(model.text)
    heads = Heads(HeadShape(TINY.embed_dim, 1280, 512, TINY.hidden), torch.randn(1280), torch.rand(1280) + 0.5).eval()
    export.put_heads(model, heads, 0.2)
    export.export(model, config, pieces_json(), tmp_path / "out")
    return tmp_path / "out", heads


def test_the_export_says_what_the_heads_say(
    exported: tuple[Path, Heads], tokenizer: PairedTokenizer, tmp_path: Path
) -> None:
    folder, heads = exported
    assert sorted(p.name for p in folder.iterdir()) == sorted([export.CONFIG, export.WEIGHTS, PACKED_PIECES_FILE])
    assert lzma.decompress((folder / PACKED_PIECES_FILE).read_bytes()).decode() == pieces_json()
    model = export.load(folder)
    written = ["dog", "a hund", "", "dog dog dog"]
    pixels = torch.randn(2, 3, 33, 33)
    with torch.inference_mode():
        texts = model.encode_text(torch.from_numpy(tokenizer.encode(written)), normalize=True)
        expected = heads.texts(read_sentences(written, model.text, tokenizer, tmp_path / "texts"), 0.2)
        assert ((texts * expected).sum(1) > 0.999).all()
        images = model.encode_image(pixels, normalize=True)
        assert ((images * heads.images(model.visual.trunk(pixels))).sum(1) > 0.999).all()


def test_a_finished_model_is_measured_by_language(exported: tuple[Path, Heads], data: Path) -> None:
    photos = read_photos(data, "held_out")
    figures = measure(ReferenceEncoder(exported[0]), photos, lambda text: "hund" not in text)
    assert (figures["captioned"], figures["labelled"]) == (8, 8)
    assert set(figures["english"]) == set(figures["others_shrunk"]) == {"r@1", "r@5", "r@10"}
    assert figures["others"]["r@10"] == 100.0
    assert figures["labels"]["number"] == 4
