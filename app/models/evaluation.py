"""How well a model finds a person's own pictures: recall from captions, accuracy from labels.

`recall` and `accuracy` are pure functions of vectors. `evaluate_captions` and `evaluate_labels` read a list of files,
encode them and give the numbers of `semblance evaluate --json`, in percent.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.core.errors import UserError
from app.core.failures import DecodeError
from app.core.system_errors import os_error_reason
from app.models.encoding import ImageTextEncoder
from app.pictures import open_picture

if TYPE_CHECKING:
    from PIL import Image

Vectors = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]  # done, total

RANKS = (1, 5, 10)
BATCH = 32
_PROMPTS_FILE = Path(__file__).parents[2] / "resources" / "prompts" / "zero_shot.toml"


@dataclass(frozen=True)
class Recall:
    """Percent of queries with a right answer among the first 1, 5 and 10."""

    at_1: float
    at_5: float
    at_10: float

    def as_json(self) -> dict[str, float]:
        return {"r@1": self.at_1, "r@5": self.at_5, "r@10": self.at_10}


@dataclass(frozen=True)
class CaptionResult:
    """Retrieval both ways over one set of captioned pictures."""

    text_to_image: Recall
    image_to_text: Recall
    images: int
    captions: int

    def as_json(self) -> dict[str, object]:
        return {
            "text_to_image": self.text_to_image.as_json(),
            "image_to_text": self.image_to_text.as_json(),
            "images": self.images,
            "captions": self.captions,
        }


@dataclass(frozen=True)
class LabelResult:
    """Zero-shot classification of one set of labelled pictures: percent right at once, and among the first five."""

    top1: float
    top5: float
    images: int
    labels: int

    def as_json(self) -> dict[str, object]:
        return {"top1": self.top1, "top5": self.top5, "images": self.images, "labels": self.labels}


def _no_progress(_done: int, _total: int) -> None:
    """Tells nobody how far the evaluation is."""


def recall(images: Vectors, captions: Vectors, owner: Indices) -> tuple[Recall, Recall]:
    """Recall text-to-image and image-to-text.

    Args:
        images: unit vectors (n, d).
        captions: unit vectors (m, d).
        owner: (m,) which image each caption describes; every image has at least one.

    Returns:
        Text-to-image, where each caption has one right image, and image-to-text, where each image has several right
        captions and the best-placed one counts.
    """
    scores = captions @ images.T
    own = scores[np.arange(len(captions)), owner]
    # An answer that scores the same as the right one counts as placed before it: ties are no merit.
    image_ranks = (scores >= own[:, None]).sum(1) - 1
    best = np.full(len(images), -np.inf, dtype=scores.dtype)
    np.maximum.at(best, owner, own)
    foreign = owner[:, None] != np.arange(len(images))[None, :]
    caption_ranks = ((scores >= best[None, :]) & foreign).sum(0)
    return _recall(image_ranks), _recall(caption_ranks)


def _recall(ranks: npt.NDArray[np.int64]) -> Recall:
    return Recall(*(percent(float((ranks < k).mean())) for k in RANKS))


def accuracy(images: Vectors, prototypes: Vectors, truth: Indices) -> tuple[float, float]:
    """Zero-shot top-1 and top-5 in percent.

    Args:
        images: unit vectors (n, d).
        prototypes: one unit vector a label (k, d).
        truth: (n,) the right label of each image.
    """
    scores = images @ prototypes.T
    own = scores[np.arange(len(images)), truth]
    ranks = (scores >= own[:, None]).sum(1) - 1
    return percent(float((ranks < 1).mean())), percent(float((ranks < 5).mean()))


def percent(share: float) -> float:
    return round(100.0 * share, 2)


@cache
def zero_shot_prompts() -> tuple[str, ...]:
    """The project's sentences for labels; `{}` is the label, `{a}` the label with its article."""
    with _PROMPTS_FILE.open("rb") as file:
        return tuple(tomllib.load(file)["prompts"])


def with_article(label: str) -> str:
    """`a dog`, `an owl`; plurals and activities (`boxing`) stay bare, as far as their form tells."""
    last = label.split(" ")[-1]
    if (last.endswith("s") and not last.endswith("ss")) or last.endswith("ing"):
        return label
    return f"{'an' if label[:1].lower() in 'aeiou' else 'a'} {label}"


def label_sentences(label: str) -> list[str]:
    """All prompts filled in with one label."""
    words = label.replace("_", " ").strip()
    return [p.replace("{a}", with_article(words)).replace("{}", words) for p in zero_shot_prompts()]


def label_prototypes(encoder: ImageTextEncoder, labels: Sequence[str]) -> Vectors:
    """One unit vector a label (k, d): the mean over the prompts."""
    prompts = len(zero_shot_prompts())
    vectors = encode_texts(encoder, [sentence for label in labels for sentence in label_sentences(label)])
    means = vectors.reshape(len(labels), prompts, -1).mean(1)
    prototypes: Vectors = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    return prototypes


def encode_texts(encoder: ImageTextEncoder, texts: Sequence[str]) -> Vectors:
    """Unit vectors of many texts, in batches of bounded size."""
    parts = [encoder.encode_texts(list(texts[i : i + 256])) for i in range(0, len(texts), 256)]
    return np.concatenate(parts)


def evaluate_captions(
    encoder: ImageTextEncoder, images: Path, table: Path, progress: Progress = _no_progress
) -> CaptionResult:
    """Recall of an encoder over captioned pictures; `table` is a CSV with the columns file, caption_no, caption."""
    rows = read_captions(table)
    files = list(dict.fromkeys(file for file, _ in rows))
    number = {file: i for i, file in enumerate(files)}
    vectors = _encode_files(encoder, images, files, progress)
    captions = encode_texts(encoder, [caption for _, caption in rows])
    owner = np.array([number[file] for file, _ in rows], dtype=np.int64)
    forward, backward = recall(vectors, captions, owner)
    return CaptionResult(forward, backward, len(files), len(rows))


def evaluate_labels(
    encoder: ImageTextEncoder, images: Path, table: Path, progress: Progress = _no_progress
) -> LabelResult:
    """Zero-shot accuracy of an encoder over labelled pictures; `table` is a CSV with the columns file, label."""
    rows = read_labels(table)
    labels = sorted({label for _, label in rows})
    number = {label: i for i, label in enumerate(labels)}
    vectors = _encode_files(encoder, images, [file for file, _ in rows], progress)
    truth = np.array([number[label] for _, label in rows], dtype=np.int64)
    top1, top5 = accuracy(vectors, label_prototypes(encoder, labels), truth)
    return LabelResult(top1, top5, len(rows), len(labels))


def read_captions(table: Path) -> list[tuple[str, str]]:
    """(file, caption) for each line of a captions CSV."""
    return [(row["file"], row["caption"]) for row in _rows(table, ("file", "caption_no", "caption"))]


def read_labels(table: Path) -> list[tuple[str, str]]:
    """(file, label) for each line of a labels CSV."""
    return [(row["file"], row["label"]) for row in _rows(table, ("file", "label"))]


def _rows(table: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The lines of a CSV that has these columns and something in each of them."""
    header = ",".join(columns)
    found = False
    try:
        # utf-8-sig: spreadsheets write a byte order mark before the first column's name.
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise UserError(f"{table} has no heading {header}.", f"Begin the file with the line {header}.")
            for row in reader:
                values = {name: (row[name] or "").strip() for name in columns}
                if not all(values.values()):
                    raise UserError(f"Line {reader.line_num} of {table} is incomplete.", f"Give it all of {header}.")
                found = True
                yield values
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{table} cannot be read ({os_error_reason(error)}).", "Give a CSV file in UTF-8.") from error
    if not found:
        raise UserError(f"{table} lists no files.", f"Add lines of the form {header}.")


def _encode_files(encoder: ImageTextEncoder, folder: Path, files: Sequence[str], progress: Progress) -> Vectors:
    """Unit vectors (n, d) of pictures, in the order of the list."""
    parts: list[Vectors] = []
    for start in range(0, len(files), BATCH):
        chosen = files[start : start + BATCH]
        pixels = np.stack([encoder.preprocess.apply(_open(folder / name)) for name in chosen])
        parts.append(encoder.encode_images(pixels))
        progress(start + len(chosen), len(files))
    return np.concatenate(parts)


def _open(path: Path) -> Image.Image:
    """A picture as the indexer would open it."""
    try:
        return open_picture(str(path))
    except FileNotFoundError as error:
        raise UserError(f"{path} does not exist.", "Check the folder given with --images.") from error
    except (OSError, DecodeError) as error:
        raise UserError(f"{path} cannot be read as a picture.", "Take it out of the list.") from error
