"""What a photograph may look like in a library: sharp, mirrored, cropped, or small and compressed.

A model that learnt from small pictures alone fails on sharp ones, and the other way round; so each photo is seen in
four ways, and the head learns that they mean the same.
"""

from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image

from app.core.records import PixelArray

SHARP, SMALL = "sharp", "small"
VIEWS = {SHARP: 0.35, SMALL: 0.35, "mirrored": 0.15, "cropped": 0.15}
"""How often each is shown in training."""
_SMALLEST, _LARGEST = 90, 150
_WORST, _BEST = 55, 88
_KEPT = {"mirrored": 0.8, "cropped": 0.6}


def view(image: Image.Image, kind: str, size: int, dice: Random) -> PixelArray:
    """(size, size, 3) uint8 of an RGB picture: a view of it, squashed to a square as the program does."""
    if kind == SMALL:
        image = shrink(image, dice.randint(_SMALLEST, _LARGEST), dice.randint(_WORST, _BEST))
    elif kind != SHARP:
        image = _crop(image, _KEPT[kind], dice)
    if kind == "mirrored" or (kind != SHARP and dice.random() < 0.5):
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if image.size != (size, size):
        image = image.resize((size, size), Image.Resampling.BICUBIC)
    return np.array(image, dtype=np.uint8)


def shrink(image: Image.Image, side: int, quality: int | None = None) -> Image.Image:
    """The picture with a shorter side of at most `side` pixels and, given a quality, the traces of JPEG."""
    ratio = side / min(image.size)
    if ratio < 1:
        width, height = (max(1, round(length * ratio)) for length in image.size)
        image = image.resize((width, height), Image.Resampling.BICUBIC)
    if quality is None:
        return image
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    with Image.open(file) as reopened:
        return reopened.convert("RGB")


def _crop(image: Image.Image, least: float, dice: Random) -> Image.Image:
    """A rectangle of the same shape somewhere in the picture, with at least this share of its area."""
    side = dice.uniform(least, 1.0) ** 0.5
    width, height = (max(1, int(length * side)) for length in image.size)
    left, top = dice.randint(0, image.width - width), dice.randint(0, image.height - height)
    return image.crop((left, top, left + width, top + height))
