"""Whether converted towers say the same as the reference: cosines and a small retrieval, on a probe set."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.core.records import FloatArray, PixelArray
from app.models.manifest import ParityReport
from app.models.preprocess import ImagePreprocess

if TYPE_CHECKING:
    from PIL import Image

# Mean and worst cosine to the reference that a precision must reach, and the share of equal top-10 lists.
_HALF = (0.999, 0.999)
_COSINE_LIMITS = {"fp32": (0.9999, 0.999), "fp16": _HALF, "bf16": _HALF, "mixed": _HALF, "int8": (0.99, 0.97)}
_MIN_TOP10_OVERLAP = 0.95

_SUBJECTS = (
    "a dog", "two children", "a red car", "the sea at sunset", "snowy mountains", "a birthday cake", "an old church",
    "a plate of pasta", "a receipt", "a cat on a sofa", "a crowd at a concert", "my passport", "a bicycle", "tulips",
    "an airplane", "a handwritten letter", "a whiteboard with diagrams", "a screenshot of a chat", "a baby", "a bridge",
)  # fmt: skip
_PHRASINGS = ("{}", "a photo of {}", "{} in the rain, black and white, seen from far away", "where did I put {}?")


def probe_texts() -> list[str]:
    """80 short texts as people type them."""
    return [form.format(thing) for thing in _SUBJECTS for form in _PHRASINGS]


def probe_pixels(preprocess: ImagePreprocess, count: int = 48) -> PixelArray:
    """(count, S, S, 3) uint8: crops of the photographs that come with scikit-learn, and drawings; always the same."""
    random = np.random.default_rng(20)
    photographs = _photographs()
    pictures = []
    for number in range(count):
        if photographs and number % 3:
            pictures.append(_crop(photographs[number % len(photographs)], random))
        else:
            pictures.append(_drawing(random))
    return np.stack([preprocess.apply(picture) for picture in pictures])


def _photographs() -> list[Image.Image]:
    from PIL import Image

    spec = importlib.util.find_spec("sklearn")  # finds it without importing it
    if spec is None or spec.origin is None:
        return []
    files = sorted((Path(spec.origin).parent / "datasets" / "images").glob("*.jpg"))
    return [Image.open(file).convert("RGB") for file in files]


def _crop(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    from PIL import Image, ImageOps

    width, height = (int(side * random.uniform(0.25, 1)) for side in picture.size)
    left, top = int(random.uniform(0, picture.width - width)), int(random.uniform(0, picture.height - height))
    part = picture.crop((left, top, left + width, top + height))
    if random.random() < 0.3:
        part = part.transpose(Image.Transpose.ROTATE_90)
    return ImageOps.invert(part) if random.random() < 0.1 else part


def _drawing(random: np.random.Generator) -> Image.Image:
    from PIL import Image, ImageDraw

    def colour() -> tuple[int, int, int]:
        red, green, blue = random.integers(0, 256, 3)
        return int(red), int(green), int(blue)

    picture = Image.linear_gradient("L").resize((320, 240)).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", picture.size, colour()), 0.7)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(2, 12))):
        x, y, width, height = (int(value) for value in random.integers(0, 200, 4))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + width, y + height), fill=colour())
        draw.text((y, x), "Semblance 1234", fill=colour())
    return picture


def compare_vectors(
    images: FloatArray, texts: FloatArray, true_images: FloatArray, true_texts: FloatArray
) -> ParityReport:
    """All (n, d), unit length: the candidate's vectors of the probe set and the reference's."""
    image_cosines = (images * true_images).sum(axis=1)
    text_cosines = (texts * true_texts).sum(axis=1)
    return ParityReport(
        image_mean=float(image_cosines.mean()),
        image_worst=float(image_cosines.min()),
        text_mean=float(text_cosines.mean()),
        text_worst=float(text_cosines.min()),
        top10=_top10_overlap(texts @ images.T, true_texts @ true_images.T),
    )


def _top10_overlap(scores: FloatArray, true_scores: FloatArray) -> float:
    """Share of the reference's ten best pictures that are among the candidate's ten best, over all texts."""
    count = min(10, scores.shape[1])
    best, true_best = (np.argpartition(-matrix, count - 1, axis=1)[:, :count] for matrix in (scores, true_scores))
    shared = [len(set(row) & set(true_row)) for row, true_row in zip(best.tolist(), true_best.tolist(), strict=True)]
    return float(np.mean(shared) / count)


def acceptable(precision: str, agreement: ParityReport) -> bool:
    """Whether vectors of this precision may stand in for the reference's, for both towers."""
    towers = (images_acceptable(precision, agreement), texts_acceptable(precision, agreement))
    return all(towers) and same_retrieval(agreement)


def images_acceptable(precision: str, agreement: ParityReport) -> bool:
    """Whether the image tower's vectors are close enough."""
    mean, worst = _COSINE_LIMITS[precision]
    return agreement.image_mean >= mean and agreement.image_worst >= worst


def texts_acceptable(precision: str, agreement: ParityReport) -> bool:
    """Whether the text tower's vectors are close enough."""
    mean, worst = _COSINE_LIMITS[precision]
    return agreement.text_mean >= mean and agreement.text_worst >= worst


def passes_spot_check(precision: str, images: FloatArray, true_images: FloatArray) -> bool:
    """Whether each of a few pictures' vectors, both (n, d) of unit length, is as close as the precision must be."""
    _mean, worst = _COSINE_LIMITS[precision]
    return float((images * true_images).sum(axis=1).min()) >= worst


def same_retrieval(agreement: ParityReport) -> bool:
    """Whether the retrieval probe finds the same."""
    return agreement.top10 >= _MIN_TOP10_OVERLAP
