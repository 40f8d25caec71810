"""A tiny training set made on the fly: coloured squares and discs, and a starter as small as one can be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image, ImageDraw
from torch import nn

from app.models.multilingual_text import MultilingualText, Shape
from tests.app.models.test_multilingual_text import fill, pieces_json
from training import export, texts
from training.backbone import WIDTH, Classifier
from training.course import Lessons, Weights
from training.texts import Sentences

COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 50, 210), "yellow": (220, 210, 40)}
GERMAN = {"red": "rot", "green": "gruen", "blue": "blau", "yellow": "gelb"}
TINY = Shape(embed_dim=16, context_length=24, width=16, heads=2, layers=1, pieces=40, channels=8, hidden=24)
FEW = Weights(
    captioned_batch=8,
    labelled_batch=8,
    moved_batch=4,
    classes_batch=3,
    views_batch=4,
    translations_batch=4,
    passages_batch=4,
)


def photo(colour: str, shape: str, seed: int) -> bytes:
    """A JPEG of a coloured square or disc somewhere on grey."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (48, 40), (int(random.integers(90, 150)),) * 3)
    x, y = int(random.integers(2, 20)), int(random.integers(2, 14))
    draw = ImageDraw.Draw(image)
    (draw.ellipse if shape == "disc" else draw.rectangle)((x, y, x + 20, y + 20), fill=COLOURS[colour])
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def rows(count: int, first: int = 0) -> list[dict[str, object]]:
    """Half of the photos captioned, in two languages, half labelled."""
    made: list[dict[str, object]] = []
    for i in range(first, first + count):
        colour, shape = list(COLOURS)[i % 4], ("disc", "square")[i // 4 % 2]
        captioned = i % 2 == 0
        made.append(
            {
                "source": "flickr8k" if captioned else "shapes",
                "label": "" if captioned else f"{colour} {shape}",
                "captions": [f"a {colour} {shape} dog {i}", f"{GERMAN[colour]} hund {i}"] if captioned else [],
                "jpeg": photo(colour, shape, i),
            }
        )
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of the same form as the real one."""
    folder = tmp_path / "data"
    (folder / "languages").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows(24)), folder / "photos-0.parquet")
    pq.write_table(pa.Table.from_pylist(rows(20, 24)), folder / "photos-1.parquet")
    pq.write_table(pa.Table.from_pylist(rows(16, 40)), folder / "held_out-0.parquet")
    (folder / "translations.tsv").write_text("".join(f"a {a} dog\t{b} hund\n" for a, b in GERMAN.items()))
    (folder / "passages.txt").write_text(
        "".join(f"the {a} one lies beside the {b} one\n" for a in COLOURS for b in COLOURS)
    )
    (folder / "imagenet_labels.txt").write_text("background\nred disc, ball\ncrane, heron\ncrane, hoist\n")
    (folder / "languages" / "en-words.txt").write_text("dog\nred\ngreen\nblue\nyellow\ndisc\nsquare\na\n")
    (folder / "languages" / "de-words.txt").write_text("hund\nrot\ngruen\nblau\ngelb\n")
    return folder


class Means(nn.Module):
    """A body that knows nothing but the mean colours of sixteen fields of a picture."""

    def features(self, pixels: Any) -> Any:
        n, side = len(pixels), pixels.shape[1] // 4
        fields = pixels.reshape(n, 4, side, 4, side, 3).mean(axis=(2, 4)).reshape(n, -1) / 255
        return np.tile(fields, (1, -(-WIDTH // fields.shape[1])))[:, :WIDTH].astype(np.float32)


@pytest.fixture
def tower() -> MultilingualText:
    torch.manual_seed(4)
    made = MultilingualText(TINY).eval().requires_grad_(False)
    fill(made)
    made.evidence[4] = 100
    made.evidence[5] = -100
    return made


@pytest.fixture
def tokenizer(tmp_path: Path) -> texts.PairedTokenizer:
    return texts.starter_tokenizer(pieces_json(), tmp_path, TINY.context_length)


@pytest.fixture
def classifier() -> Classifier:
    random = np.random.default_rng(3)
    return Classifier(random.normal(0, 0.05, (3, WIDTH)).astype(np.float32), np.zeros(3, np.float32))


def sentences(count: int, seed: int = 0) -> Sentences:
    """Random unit vectors; every other sentence is English."""
    random = torch.Generator().manual_seed(seed)
    unit = nn.functional.normalize
    share = (torch.arange(count) % 2).float()[:, None]
    return Sentences(
        unit(torch.randn(count, 512, generator=random), dim=-1),
        unit(torch.randn(count, TINY.embed_dim, generator=random), dim=-1),
        share,
    )


@pytest.fixture
def lessons(classifier: Classifier) -> Lessons:
    """Twelve photos, half captioned and half labelled, and sentences about them."""
    random = np.random.default_rng(6)
    features = {kind: torch.from_numpy(random.random((12, WIDTH)).astype(np.float32)) for kind in ("sharp", "small")}
    return Lessons(
        features=features,
        captioned=np.arange(6),
        captions=[np.array([2 * i, 2 * i + 1]) for i in range(6)],
        english_captions=[np.array([2 * i + 1]) for i in range(6)],
        labelled=np.arange(6, 12),
        label_of=np.array([0, 0, 1, 1, 2, 2]),
        prompts=np.arange(12, 18).reshape(3, 2),
        class_prompts=np.arange(18, 24).reshape(3, 2),
        sentences=sentences(24),
        translations=(sentences(5, 1), sentences(5, 2)),
        passages=sentences(8, 3),
        classifier=classifier,
    )


def tiny_config() -> dict[str, Any]:
    return export.model_config(TINY, trunk="mobilenetv2_035", size=33)
