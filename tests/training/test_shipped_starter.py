"""The starter that ships, on real photographs: if its ranking breaks, the first impression of the program does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from app.models import evaluation
from training import export
from training.tower import PREPROCESS, Shape

FOLDER = Path(__file__).parent.parent.parent / "resources" / "starter"
LIMIT_BYTES = 40_000_000

# The photographs that scikit-image and scikit-learn carry, and how people would ask for them.
QUERIES = {
    "chelsea.png": ("a cat", "a close-up of a kitten's face"),
    "coffee.png": ("a cup of coffee", "a hot drink on a table"),
    "rocket.jpg": ("a rocket launch", "a rocket taking off"),
    "camera.png": ("a man taking a photo with a camera", "a photographer with a tripod"),
    "horse.png": ("a horse",),
    "china.jpg": ("a building", "an old palace"),
}


class Starter:
    """The shipped model as an encoder of `app.models.evaluation`, by way of open_clip itself."""

    def __init__(self) -> None:
        import open_clip

        self._model: Any = export.load(FOLDER)
        self._tokenizer: Any = open_clip.get_tokenizer(f"local-dir:{FOLDER}")
        self._size = Shape().image_size

    @torch.inference_mode()
    def encode_texts(self, texts: Sequence[str], /) -> evaluation.Vectors:
        vectors: evaluation.Vectors = self._model.encode_text(self._tokenizer(list(texts)), normalize=True).numpy()
        return vectors

    @torch.inference_mode()
    def encode_images(self, images: Sequence[Image.Image]) -> evaluation.Vectors:
        size = (self._size, self._size)
        pixels = np.stack([np.asarray(i.convert("RGB").resize(size, Image.Resampling.BICUBIC)) for i in images])
        values = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 127.5 - 1
        vectors: evaluation.Vectors = self._model.encode_image(values, normalize=True).numpy()
        return vectors


@pytest.fixture(scope="module")
def starter() -> Starter:
    return Starter()


def photographs() -> dict[str, Image.Image]:
    import skimage
    import sklearn

    found = {}
    for name in QUERIES:
        folder = "datasets/images" if name == "china.jpg" else "data"
        package = sklearn if name == "china.jpg" else skimage
        with Image.open(Path(package.__file__).parent / folder / name) as image:
            found[name] = image.convert("RGB")
    return found


def test_it_is_small_and_described() -> None:
    files = {path.name: path for path in FOLDER.iterdir()}
    assert {export.CONFIG, export.WEIGHTS, export.LICENCE, "README.md"} <= set(files)
    assert files[export.CONFIG].stat().st_size + files[export.WEIGHTS].stat().st_size <= LIMIT_BYTES
    config = json.loads(files[export.CONFIG].read_text(encoding="utf-8"))
    assert config == {"model_cfg": Shape().config(), "preprocess_cfg": PREPROCESS}


def test_vectors_are_unit_and_words_have_their_neighbours(starter: Starter) -> None:
    words = ("dog", "puppy", "car", "automobile", "invoice", "bill to pay")
    vectors = starter.encode_texts(words)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    nearest = (vectors @ vectors.T - 2 * np.eye(len(words))).argmax(1)
    assert nearest.tolist() == [1, 0, 3, 2, 5, 4]


def test_real_photographs_are_found_first(starter: Starter) -> None:
    images = photographs()
    names = list(images)
    pictures = starter.encode_images(list(images.values()))
    asked = [(name, query) for name, queries in QUERIES.items() for query in queries]
    scores = starter.encode_texts([query for _, query in asked]) @ pictures.T
    wrong = [
        (query, names[int(row.argmax())])
        for (name, query), row in zip(asked, scores, strict=True)
        if names[int(row.argmax())] != name
    ]
    assert not wrong


def test_labels_are_told_apart(starter: Starter) -> None:
    images = photographs()
    labels = ["cat", "coffee", "rocket", "dog", "car", "bicycle", "pizza", "beach"]
    prototypes = evaluation.label_prototypes(starter, labels)  # type: ignore[arg-type]  # it needs encode_texts only
    pictures = starter.encode_images([images[n] for n in ("chelsea.png", "coffee.png", "rocket.jpg")])
    assert (pictures @ prototypes.T).argmax(1).tolist() == [0, 1, 2]
