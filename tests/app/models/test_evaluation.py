"""Recall and accuracy, and the files they are read from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import UserError
from app.models import evaluation

COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


class ColourPreprocess:
    """Shrinks a picture to 2 x 2."""

    def apply(self, image: Image.Image, /) -> evaluation.Pixels:
        return np.asarray(image.convert("RGB").resize((2, 2)), dtype=np.uint8)


class ColourEncoder:
    """An encoder that sees and reads colours and nothing else."""

    preprocess = ColourPreprocess()

    def encode_texts(self, texts: Sequence[str], /) -> evaluation.Vectors:
        rows = [[float(name in text) + 0.01 for name in COLOURS] for text in texts]
        return _unit(np.array(rows, dtype=np.float32))

    def encode_images(self, pixels: evaluation.Pixels, /) -> evaluation.Vectors:
        return _unit(pixels.astype(np.float32).mean((1, 2)) + 1e-3)


def _unit(rows: evaluation.Vectors) -> evaluation.Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name, colour in COLOURS.items():
        Image.new("RGB", (20, 10), colour).save(tmp_path / f"{name}.png")
    return tmp_path


def test_recall_counts_right_answers_among_the_first() -> None:
    images = np.eye(12, dtype=np.float32)
    # Caption i prefers images 0, 1, 2 ... i-1 to its own: its own image is in place i.
    captions = np.array([[1.0 if j == i else 2.0 + j * 0.01 if j < i else 0.0 for j in range(12)] for i in range(12)])
    forward, _ = evaluation.recall(images, captions.astype(np.float32), np.arange(12))
    assert forward.at_1 == pytest.approx(100 / 12, abs=0.01)
    assert forward.at_5 == pytest.approx(500 / 12, abs=0.01)
    assert forward.as_json() == {"r@1": forward.at_1, "r@5": forward.at_5, "r@10": forward.at_10}


def test_an_image_is_found_by_the_best_of_its_captions() -> None:
    images = np.eye(2, dtype=np.float32)
    captions = np.array([[1, 0], [0, 1], [0.1, 0.9], [0.8, 0.2]], dtype=np.float32)
    _, backward = evaluation.recall(images, captions, np.array([0, 0, 1, 1]))
    assert backward.at_1 == 50.0  # image 0 has a perfect caption; image 1's best loses to a caption of image 0
    assert backward.at_5 == 100.0


def test_ties_are_no_merit() -> None:
    same = np.ones((20, 1), dtype=np.float32)
    forward, backward = evaluation.recall(same, same, np.arange(20))
    assert forward.at_10 == backward.at_10 == 0.0
    assert evaluation.accuracy(same, same, np.arange(20)) == (0.0, 0.0)


def test_accuracy_top1_and_top5() -> None:
    prototypes = np.eye(7, dtype=np.float32)
    images = np.zeros((2, 7), dtype=np.float32)
    images[0, 3] = 1.0
    images[1] = [0.9, 0.8, 0.7, 0.6, 0.0, 0.0, 0.0]
    assert evaluation.accuracy(images, prototypes, np.array([3, 3])) == (50.0, 100.0)


def test_captions_from_a_file(pictures: Path) -> None:
    table = pictures / "captions.csv"
    lines = [f"{name}.png,{n},all {name} {n}" for name in COLOURS for n in range(2)]
    table.write_text("\ufefffile,caption_no,caption\n" + "\n".join(lines), encoding="utf-8")
    told: list[tuple[int, int]] = []
    result = evaluation.evaluate_captions(
        ColourEncoder(), pictures, table, lambda done, total: told.append((done, total))
    )
    assert result.as_json() == {
        "text_to_image": {"r@1": 100.0, "r@5": 100.0, "r@10": 100.0},
        "image_to_text": {"r@1": 100.0, "r@5": 100.0, "r@10": 100.0},
        "images": 3,
        "captions": 6,
    }
    assert told == [(3, 3)]


def test_labels_from_a_file(pictures: Path) -> None:
    table = pictures / "labels.csv"
    table.write_text("file,label\nred.png,red\ngreen.png,green\nblue.png,green\n", encoding="utf-8")
    result = evaluation.evaluate_labels(ColourEncoder(), pictures, table)
    assert result.labels == 2
    assert result.images == 3
    assert result.top1 == pytest.approx(66.67)
    assert result.as_json()["top5"] == 100.0


def test_labels_are_said_in_the_projects_prompts() -> None:
    sentences = evaluation.label_sentences("owl")
    assert len(sentences) == len(evaluation.zero_shot_prompts()) >= 10
    assert "a photo of an owl" in sentences
    assert "owl" in sentences
    assert evaluation.with_article("ice_skates") == "ice_skates"
    assert evaluation.with_article("boxing") == "boxing"
    assert not any("{" in s for s in sentences)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("name,label\nred.png,red\n", "no heading"),
        ("file,label\nred.png,\n", "incomplete"),
        ("file,label\n", "lists no files"),
        ("", "no heading"),
    ],
)
def test_bad_tables_are_explained(pictures: Path, content: str, complaint: str) -> None:
    table = pictures / "labels.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=complaint):
        evaluation.read_labels(table)


def test_missing_and_broken_files_are_explained(pictures: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        evaluation.read_captions(pictures / "nowhere.csv")
    table = pictures / "labels.csv"
    table.write_text("file,label\ngone.png,red\n", encoding="utf-8")
    with pytest.raises(UserError, match="does not exist"):
        evaluation.evaluate_labels(ColourEncoder(), pictures, table)
    (pictures / "gone.png").write_bytes(b"not a picture")
    with pytest.raises(UserError, match="cannot be read as a picture"):
        evaluation.evaluate_labels(ColourEncoder(), pictures, table)
    table.write_bytes(b"file,label\n\xff\xfe,x\n")
    with pytest.raises(UserError, match="cannot be read"):
        evaluation.read_labels(table)
