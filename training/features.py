"""Pooled features of every view of every photo, computed once and kept on disk: what the head learns from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np

from app.core.records import FloatArray, PixelArray
from training.backbone import SIZE, Body
from training.records import Photo
from training.views import view

_PART, _BATCH = 1000, 32
Say = Callable[[str], None]


def view_features(photos: Sequence[Photo], kind: str, body: Body, folder: Path, say: Say = print) -> FloatArray:
    """(photos, 1280) float32 of one kind of view. Parts that were computed before are read."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(photos), _PART):
        chosen = photos[start : start + _PART]
        file = folder / f"{kind}-{chosen[0].digest:016x}-{chosen[-1].digest:016x}-{len(chosen)}.npy"
        if not file.is_file():
            pixels = (view(photo.open(), kind, SIZE, Random(photo.digest)) for photo in chosen)
            _write(file, _in_batches(body, pixels))
            say(f"features, {kind}: {start + len(chosen)} of {len(photos)} photos")
        parts.append(np.load(file).astype(np.float32))
    return np.concatenate(parts)


def _in_batches(body: Body, pixels: Iterator[PixelArray]) -> FloatArray:
    parts = []
    while batch := list(islice(pixels, _BATCH)):
        parts.append(body.features(np.stack(batch)))
    return np.concatenate(parts)


def _write(file: Path, features: FloatArray) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("wb") as stream:
        np.save(stream, features.astype(np.float16))
    partial.replace(file)
