"""The starter that ships, on real photographs: if its ranking breaks, the first impression of the program does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.models import evaluation
from app.models.bundled import BUNDLE_FOLDER
from app.models.checkpoint import PACKED_PIECES_FILE
from training import export
from training.encoder import ReferenceEncoder

FOLDER = Path(__file__).parent.parent.parent / "resources" / "starter"
LIMIT_BYTES = 60_000_000

LICENCES = ("LICENSE-efficientnet-lite", "LICENSE-universal-sentence-encoder")

# The photographs that scikit-image and scikit-learn carry, and how people would ask for them.
QUERIES = {
    "chelsea.png": ("a cat", "a close-up of a kitten's face"),
    "coffee.png": ("a cup of coffee", "a hot drink on a table"),
    "rocket.jpg": ("a rocket launch", "a rocket taking off"),
    "camera.png": ("a man taking a photo with a camera", "a photographer with a tripod"),
    "horse.png": ("a horse",),
    "china.jpg": ("a building", "an old palace"),
}


class Starter(ReferenceEncoder):
    """The shipped model without any conversion."""

    def encode_pictures(self, images: Sequence[Image.Image]) -> evaluation.Vectors:
        return self.encode_images(np.stack([self.preprocess.apply(image) for image in images]))


@pytest.fixture(scope="module")
def starter() -> Starter:
    return Starter(FOLDER)


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
    files = {path.name for path in FOLDER.iterdir()}
    assert {export.CONFIG, export.WEIGHTS, PACKED_PIECES_FILE, BUNDLE_FOLDER, "README.md", *LICENCES} <= files
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= LIMIT_BYTES
    config = json.loads((FOLDER / export.CONFIG).read_text(encoding="utf-8"))
    assert config == {"model_cfg": export.model_config(), "preprocess_cfg": export.PREPROCESS}


def test_vectors_are_unit_and_words_have_their_neighbours(starter: Starter) -> None:
    words = ("dog", "puppy", "car", "automobile", "invoice", "bill to pay")
    vectors = starter.encode_texts(words)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-4)
    nearest = (vectors @ vectors.T - 2 * np.eye(len(words))).argmax(1)
    assert nearest.tolist() == [1, 0, 3, 2, 5, 4]


def test_real_photographs_are_found_first(starter: Starter) -> None:
    images = photographs()
    names = list(images)
    pictures = starter.encode_pictures(list(images.values()))
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
    pictures = starter.encode_pictures([images[n] for n in ("chelsea.png", "coffee.png", "rocket.jpg")])
    assert (pictures @ prototypes.T).argmax(1).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "words",
    [
        ("eine Katze", "eine Tasse Kaffee", "ein Pferd"),
        ("un gato", "una taza de café", "un caballo"),
        ("un chat", "une tasse de café", "un cheval"),
        ("猫", "一杯のコーヒー", "馬"),
        ("кошка", "чашка кофе", "лошадь"),
    ],
    ids=["German", "Spanish", "French", "Japanese", "Russian"],
)
def test_photographs_are_found_in_other_languages(starter: Starter, words: tuple[str, ...]) -> None:
    images = photographs()
    pictures = starter.encode_pictures([images[name] for name in ("chelsea.png", "coffee.png", "horse.png")])
    assert (starter.encode_texts(words) @ pictures.T).argmax(1).tolist() == [0, 1, 2]


def test_a_sentence_and_its_translation_are_neighbours(starter: Starter) -> None:
    english = starter.encode_texts(["two dogs run on the beach", "a receipt from a restaurant", "snowy mountains"])
    german = starter.encode_texts(
        ["zwei Hunde laufen am Strand", "eine Quittung aus einem Restaurant", "verschneite Berge"]
    )
    assert (german @ english.T).argmax(1).tolist() == [0, 1, 2]
