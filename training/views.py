"""Renders every photo several times and keeps what the frozen stem of the image tower makes of it.

The stem is nine tenths of the image tower's work and does not learn, so its maps are computed once a view, by
OpenVINO, and kept as 8-bit integers (the teacher itself was quantised to 8 bits). Every epoch of the training then
costs only the tail. A view is a crop, a flip, a change of light and of sharpness: the training photos have
120 pixels, people's photos have thousands, so some views are sharpened and others blurred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from training.records import Photo

BATCH = 16
FEATURES = 1280
MAP_CHANNELS = 160
# The maps' range: beyond it the stem's outputs hardly ever go, see the teacher's own quantisation (-17.5 .. 16.3).
MAP_LIMIT = 17.5


def whole(photo: Image.Image, size: int) -> npt.NDArray[np.uint8]:
    """The view the finished model sees: the whole photo, squashed to a square, (size, size, 3)."""
    return np.asarray(photo.resize((size, size), Image.Resampling.BICUBIC))


def random_view(photo: Image.Image, size: int, random: Random, least: float) -> npt.NDArray[np.uint8]:
    """A random view of at least the share `least` of the photo's area, (size, size, 3)."""
    photo = photo.crop(_random_box(photo.size, random, least))
    if random.random() < 0.15:  # as if the photo had been smaller still
        share = random.uniform(0.5, 0.9)
        photo = photo.resize((max(8, int(photo.width * share)), max(8, int(photo.height * share))), _BILINEAR)
    photo = photo.resize((size, size), _BICUBIC)
    if random.random() < 0.5:
        photo = ImageOps.mirror(photo)
    if random.random() < 0.3:
        photo = photo.filter(ImageFilter.UnsharpMask(random.uniform(1, 2), random.randint(40, 140), 0))
    if random.random() < 0.8:
        photo = ImageEnhance.Brightness(photo).enhance(random.uniform(0.75, 1.25))
        photo = ImageEnhance.Contrast(photo).enhance(random.uniform(0.75, 1.25))
        photo = ImageEnhance.Color(photo).enhance(random.uniform(0.6, 1.4))
    return np.asarray(photo)


_BICUBIC, _BILINEAR = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR


def _random_box(size: tuple[int, int], random: Random, least: float) -> tuple[int, int, int, int]:
    """A box of random area, place and shape within a photo of this size."""
    width, height = size
    area = random.uniform(least, 1.0)
    stretch = random.uniform(0.8, 1.25)
    w = min(width, round(width * (area * stretch) ** 0.5))
    h = min(height, round(height * (area / stretch) ** 0.5))
    left, top = random.randint(0, width - w), random.randint(0, height - h)
    return left, top, left + w, top + h


@dataclass(frozen=True)
class Views:
    """What is kept of one rendering of all photos, as memory-mapped arrays in the order of the photos.

    Attributes:
        photos: (n,) int64, which photos were rendered.
        maps: (n, 160, h, w) int8, to be multiplied by MAP_LIMIT / 127; (n, 0) where only features were kept.
        features: (n, 1280) float16, the pooled features: the teacher's, or the finished tower's.
    """

    photos: npt.NDArray[np.int64]
    maps: npt.NDArray[np.int8]
    features: npt.NDArray[np.float16]


def open_views(folder: Path) -> list[Views]:
    """Every finished rendering in a folder; the first is the whole photo without any change."""
    found = []
    for done in sorted(folder.glob("view-*.done")):
        stem = done.with_suffix("")
        photos = np.load(stem.with_suffix(".photos.npy"))
        kept = stem.with_suffix(".maps.npy")
        maps = np.load(kept, mmap_mode="r") if kept.exists() else np.zeros((len(photos), 0), dtype=np.int8)
        found.append(Views(photos, maps, np.load(stem.with_suffix(".features.npy"), mmap_mode="r")))
    return found


Features = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
Stem = Callable[[npt.NDArray[np.uint8]], tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


def render(
    photos: Sequence[Photo],
    chosen: Sequence[int],
    number: int,
    size: int,
    stem: Stem,
    folder: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Renders view `number` of the chosen photos into `folder`, unless that was done before."""
    name = _begun(folder, number, chosen)
    if name is None:
        return
    photos = [photos[i] for i in chosen]
    maps: Any = None
    features = _create(name.with_suffix(".features.npy"), np.float16, (len(photos), FEATURES))
    for start, pixels in _batches(photos, number, size):
        values, pooled = stem(pixels)
        if maps is None:
            maps = _create(name.with_suffix(".maps.npy"), np.int8, (len(photos), *values.shape[1:]))
        stop = min(start + BATCH, len(photos))
        scaled = np.clip(np.rint(values * (127 / MAP_LIMIT)), -127, 127)
        maps[start:stop] = scaled[: stop - start].astype(np.int8)
        features[start:stop] = pooled[: stop - start].astype(np.float16)
        progress(stop)
    maps.flush()
    features.flush()
    name.with_suffix(".done").touch()


def render_features(
    photos: Sequence[Photo], chosen: Sequence[int], number: int, size: int, tower: Features, folder: Path
) -> None:
    """As `render`, but keeps only what a finished tower makes of the view."""
    name = _begun(folder, number, chosen)
    if name is None:
        return
    features = _create(name.with_suffix(".features.npy"), np.float16, (len(chosen), FEATURES))
    for start, pixels in _batches([photos[i] for i in chosen], number, size):
        stop = min(start + BATCH, len(chosen))
        features[start:stop] = tower(pixels)[: stop - start].astype(np.float16)
    features.flush()
    name.with_suffix(".done").touch()


def _begun(folder: Path, number: int, chosen: Sequence[int]) -> Path | None:
    """What the files of a view are called; None where it was rendered before."""
    name = folder / f"view-{number:02d}"
    if name.with_suffix(".done").exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    np.save(name.with_suffix(".photos.npy"), np.asarray(chosen, dtype=np.int64))
    return name


def _create(path: Path, dtype: Any, shape: tuple[int, ...]) -> Any:
    open_memmap: Any = np.lib.format.open_memmap  # typed in some versions of numpy and not in others
    return open_memmap(path, mode="w+", dtype=dtype, shape=shape)


def _batches(photos: Sequence[Photo], number: int, size: int) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    """The pixels of one view in batches of constant size; the last one is filled up with its first photo."""

    def pixels(index: int) -> npt.NDArray[np.uint8]:
        photo = photos[index]
        if number == 0:
            return whole(photo.open(), size)
        # A caption speaks of the whole photo, a label of what is in most of it.
        least = 0.6 if photo.captions else 0.35
        return random_view(photo.open(), size, Random(photo.digest + number), least)

    def batch(start: int) -> npt.NDArray[np.uint8]:
        indices = range(start, start + BATCH)
        return np.stack([pixels(i if i < len(photos) else start) for i in indices])

    with ThreadPoolExecutor(max_workers=2) as pool:
        starts = list(range(0, len(photos), BATCH))
        waiting = [pool.submit(batch, start) for start in starts[:8]]
        for position, start in enumerate(starts):
            if position + 8 < len(starts):
                waiting.append(pool.submit(batch, starts[position + 8]))
            yield start, waiting[position].result()
            waiting[position] = None  # type: ignore[call-overload]  # lets the pixels go


def openvino_stem(module: Any, size: int) -> Stem:
    """A stem that OpenVINO runs, in bfloat16 where the processor has it."""
    compiled = _compiled(module, size)

    def run(pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        result = compiled([pixels.astype(np.float32)])
        return result[0], result[1]

    return run


def openvino_features(module: Any, size: int) -> Features:
    """A tower up to its pooled features, run as `openvino_stem` runs the stem."""
    compiled = _compiled(module, size)

    def run(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        pooled: npt.NDArray[np.float32] = compiled([pixels.astype(np.float32)])[0]
        return pooled

    return run


def _compiled(module: Any, size: int) -> Any:
    import warnings

    import torch

    from app.models.backends.telemetry import import_openvino

    openvino = import_openvino()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer is deprecated and OpenVINO still uses it
        network = openvino.convert_model(module.eval(), example_input=torch.zeros(1, size, size, 3))
    network.reshape([BATCH, size, size, 3])
    return openvino.Core().compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
