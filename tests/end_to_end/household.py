"""A person's home for the end-to-end tests: real photographs and letters, made of what development depends on anyway.

scikit-image and scikit-learn carry some photographs; crops, mirror images, tints and sizes of them make as many
different ones as are wanted, as a camera's bursts and edits do.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

PHOTOGRAPHS = (
    "chelsea.png", "astronaut.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "moon.png", "china.jpg",
    "hubble_deep_field.jpg", "coins.png", "camera.png", "grass.png", "brick.png", "gravel.png", "flower.jpg",
    "retina.jpg",
)  # fmt: skip
SUBJECTS = ("bicycle insurance", "rental agreement", "electricity bill", "packing list", "minutes of the club")
SIDE = 640


def original(name: str) -> Image.Image:
    """One of the photographs that the packages carry, at the size that the tests use."""
    import skimage.data
    import sklearn.datasets

    folders = (Path(skimage.data.__file__).parent, Path(sklearn.datasets.__file__).parent / "images")
    path = next(path for folder in folders if (path := folder / name).exists())
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return picture


def variant(picture: Image.Image, number: int) -> Image.Image:
    """Another picture of the same: cropped, mirrored, lighter or warmer. Number 0 is the picture itself."""
    if number == 0:
        return picture
    width, height = picture.size
    left, top, share = number % 4 * 0.03, number % 3 * 0.04, 1 - number % 5 * 0.04
    made = picture.crop((int(left * width), int(top * height), int(share * width), int(share * height)))
    if number % 2:
        made = made.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    made = ImageEnhance.Brightness(made).enhance(0.85 + 0.015 * number)
    warmth = 1 + (number % 7 - 3) * 0.02
    return Image.fromarray(np.clip(np.asarray(made) * (warmth, 1.0, 1 / warmth), 0, 255).astype(np.uint8))


def furnish(home: Path, pictures: int, documents: int) -> None:
    """Write `Pictures` and `Documents` below `home`."""
    (home / "Pictures").mkdir(parents=True)
    (home / "Documents").mkdir()
    originals = {name: original(name) for name in PHOTOGRAPHS[:pictures]}
    for number in range(pictures):
        name = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
        made = variant(originals[name], number // len(PHOTOGRAPHS))
        made.save(home / "Pictures" / f"{Path(name).stem}_{number:03d}.jpg", quality=88)
    for number in range(documents):
        subject = SUBJECTS[number % len(SUBJECTS)]
        text = f"This is about the {subject}, number {number}. Please answer by the first of June."
        path = home / "Documents" / f"letter {number:02d} {subject}"
        if number % 4 == 3:
            _office(path.with_suffix(".docx"), subject.title(), text)
        else:
            path.with_suffix(".txt").write_text(f"{subject.title()}\n\n{text}\n", encoding="utf-8")


def _office(path: Path, title: str, text: str) -> None:
    import docx

    document = docx.Document()
    document.add_heading(title)
    document.add_paragraph(text)
    document.save(str(path))
