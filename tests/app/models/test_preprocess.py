"""The pixels equal open_clip's own transform within 1/255, on the shapes people's pictures have."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from PIL import Image

from app.models.preprocess import ImagePreprocess

SIZES = [(64, 64), (1, 1), (3, 200), (640, 480), (333, 517), (65, 64), (63, 129), (5000, 40), (37, 2900), (20, 10)]
MODES = ["shortest", "squash", "longest"]


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    random = np.random.default_rng(width * 7919 + height)
    small = random.integers(0, 256, (max(1, height // 3), max(1, width // 3), 3), dtype=np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


def open_clip_pixels(image: Image.Image, preprocess: ImagePreprocess) -> np.ndarray:
    """What open_clip's transform gives, as 0-255 before mean and deviation."""
    from open_clip.transform import PreprocessCfg, image_transform_v2

    config = PreprocessCfg(
        size=preprocess.size,
        mean=(0.0,) * 3,
        std=(1.0,) * 3,
        interpolation=preprocess.interpolation,
        resize_mode=preprocess.mode,
        fill_color=preprocess.fill,
    )
    tensor = image_transform_v2(config, is_train=False)(image)
    return tensor.permute(1, 2, 0).numpy() * 255


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("mode", MODES)
def test_equals_open_clip(mode: str, size: tuple[int, int]) -> None:
    if mode == "longest" and max(size) > 60 * min(size):
        pytest.skip("open_clip resizes to a height of 0 and fails; ours keeps one pixel")
    for interpolation in ("bicubic", "bilinear"):
        preprocess = ImagePreprocess(size=64, mode=mode, interpolation=interpolation, fill=127)
        ours = preprocess.apply(picture(*size)).astype(float)
        assert np.abs(ours - open_clip_pixels(picture(*size), preprocess)).max() <= 1.001


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "LA", "YCbCr"])
def test_other_modes_equal_open_clip(mode: str) -> None:
    image = picture(150, 97, mode)
    preprocess = ImagePreprocess(size=48)
    assert np.abs(preprocess.apply(image).astype(float) - open_clip_pixels(image, preprocess)).max() <= 1.001


@pytest.mark.parametrize("mode", ["P", "1", "I;16", "F"])
def test_any_mode_becomes_rgb(mode: str) -> None:
    image = picture(100, 80, "L").convert("I;16") if mode == "I;16" else picture(100, 80).convert(mode)
    assert ImagePreprocess(size=32).apply(image).shape == (32, 32, 3)


def test_a_long_strip_is_not_resized_whole() -> None:
    """1 x 100,000 would become 64 x 6,400,000."""
    pixels = ImagePreprocess(size=64).apply(Image.new("RGB", (100_000, 1), (10, 20, 30)))
    assert pixels.shape == (64, 64, 3)
    assert (pixels == (10, 20, 30)).all()


def test_travels_between_processes_and_owns_its_pixels() -> None:
    preprocess = ImagePreprocess(size=32, mode="squash")
    assert pickle.loads(pickle.dumps(preprocess)) == preprocess
    pixels = preprocess.apply(picture(32, 32))
    assert pixels.flags.owndata
    assert pixels.flags.c_contiguous
    assert pixels.dtype == np.uint8
