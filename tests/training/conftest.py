"""A tiny training set made on the fly: coloured squares and discs, with teachers that know nothing but colours."""

from __future__ import annotations

import io
import lzma
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageDraw

from training.image_teacher import Layer
from training.tower import Shape

COLOURS = {"red": (200, 30, 30), "green": (30, 180, 40), "blue": (30, 50, 210), "yellow": (220, 210, 40)}
TINY = Shape(
    embed_dim=384, image_size=65, training_size=33, trunk="mobilenetv2_035", context=24, width=32, heads=2, layers=1
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


def rows(count: int) -> list[dict[str, object]]:
    """Half of the photos captioned, half labelled."""
    made: list[dict[str, object]] = []
    for i in range(count):
        colour, shape = list(COLOURS)[i % 4], ("disc", "square")[i // 4 % 2]
        captions = [f"A {colour} {shape} number {i} .", f"There is a {shape} that is {colour}, item {i}."]
        captioned = i % 2 == 0
        made.append(
            {
                "source": "flickr8k" if captioned else "shapes",
                "label": "" if captioned else f"{colour} {shape}",
                "captions": captions if captioned else [],
                "jpeg": photo(colour, shape, i),
            }
        )
    return made


class ToyTeacher:
    """A text teacher whose vectors are sums of fixed random vectors, one a word."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> np.typing.NDArray[np.float16]:
        vectors = np.stack([sum(map(self._word, text.lower().split()), np.full(384, 1e-3)) for text in texts])
        progress(len(texts))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)

    def words(self) -> list[str]:
        return [*COLOURS, "disc", "square", "picture"]

    @staticmethod
    @cache
    def _word(word: str) -> np.typing.NDArray[np.float64]:
        return np.random.default_rng(list(word.encode())).normal(size=384)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of the same form as the real one."""
    folder = tmp_path / "data"
    folder.mkdir()
    table = pa.Table.from_pylist(rows(64))
    pq.write_table(table.slice(0, 40), folder / "photos-0.parquet")
    pq.write_table(table.slice(40), folder / "photos-1.parquet")
    captions = [c for row in rows(64) for c in row["captions"]] + ["A cat sleeps."]  # type: ignore[attr-defined]
    with lzma.open(folder / "captions.txt.xz", "wt", encoding="utf-8") as file:
        file.write("\n".join(captions))
    (folder / "imagenet_labels.txt").write_text("background\nred disc, ball\ngreen square\nblue thing\n")
    (folder / "reading").mkdir()
    (folder / "reading" / "colours.txt").write_text(
        "\n".join(f"The {a} one lies beside the {b} one on registry {i}." for i, (a, b) in enumerate(pairs()))
    )
    return folder


def pairs() -> list[tuple[str, str]]:
    return [(a, b) for a in COLOURS for b in COLOURS] * 4


@pytest.fixture(scope="session")
def layers() -> list[Layer]:
    """A stand-in for the image teacher: the tiny trunk with random weights, and a classifier of four classes."""
    import timm
    import torch

    torch.manual_seed(3)
    trunk = timm.create_model(TINY.trunk, num_classes=0)
    random = np.random.default_rng(3)
    made = []
    for module in trunk.modules():
        if isinstance(module, torch.nn.Conv2d):
            weight = module.weight.detach().numpy().copy()
            made.append(Layer(weight, random.normal(0.1, 0.3, len(weight)).astype(np.float32)))
    made.append(Layer(random.normal(0, 0.05, (4, 1280, 1, 1)).astype(np.float32), np.zeros(4, np.float32)))
    return made
