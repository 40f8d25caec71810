"""What the ranking benchmarks share: measures, held-out photos, an index of given vectors, a tower that is loaded."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.core.paths import AppDirs, to_stored
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    FileState,
    FloatArray,
    Kind,
    UnitType,
)


def ndcg(ranked: Sequence[Any], relevant: Mapping[Any, float], k: int = 10) -> float:
    """NDCG@k (Järvelin and Kekäläinen, 2002) of a ranked list, with graded relevance."""
    gained = sum(relevant.get(item, 0.0) / np.log2(i + 2) for i, item in enumerate(ranked[:k]))
    ideal = sum(value / np.log2(i + 2) for i, value in enumerate(sorted(relevant.values(), reverse=True)[:k]))
    return float(gained / ideal) if ideal else 0.0


def ranks(scores: FloatArray, answers: Sequence[int]) -> np.ndarray[Any, Any]:
    """0-based rank of each query's one answer; (q, n) scores. Ties count half against it."""
    own = scores[np.arange(len(scores)), answers][:, None]
    return (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2


def ndcg_of_ranks(found: np.ndarray[Any, Any], k: int = 10) -> np.ndarray[Any, Any]:
    """NDCG@k of queries with one answer each."""
    return np.where(found < k, 1 / np.log2(found + 2), 0.0)


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Markdown table, as it goes into the README."""
    print(f"\n{title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + "|".join("---" if i == 0 else "--:" for i in range(len(header))) + "|")
    for row in rows:
        print("| " + " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    sys.stdout.flush()


class LoadedTower:
    """An encoder as search wants it; texts and pictures come from one that is loaded already."""

    loaded = True

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    def warm(self) -> None:
        """It is loaded."""

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        result: FloatArray = self._encoder.encode_texts(list(texts))
        return result

    def encode_images(self, pixels: Any) -> FloatArray:
        result: FloatArray = self._encoder.encode_images(pixels)
        return result

    @property
    def preprocess(self) -> Any:
        return self._encoder.preprocess

    def close(self) -> None:
        """The encoder belongs to the benchmark."""


def encode_texts(encoder: Any, texts: Sequence[str], batch: int = 64) -> FloatArray:
    """(n, d) vectors of texts."""
    blocks = [encoder.encode_texts(list(texts[i : i + batch])) for i in range(0, len(texts), batch)]
    result: FloatArray = np.concatenate(blocks)
    return result


def encode_photos(encoder: Any, photos: Sequence[Any], batch: int = 32) -> FloatArray:
    """(n, d) vectors of `training.records.Photo`s."""
    blocks = []
    for i in range(0, len(photos), batch):
        pixels = np.stack([encoder.preprocess.apply(photo.open()) for photo in photos[i : i + batch]])
        blocks.append(encoder.encode_images(pixels))
    result: FloatArray = np.concatenate(blocks)
    return result


def held_out(data: Path) -> tuple[list[Any], list[Any]]:
    """(captioned, labelled) photos that the starter model was not trained on."""
    from training.material import HELD_OUT
    from training.records import read_photos

    photos = read_photos(data, HELD_OUT)
    return [photo for photo in photos if photo.captions], [photo for photo in photos if not photo.captions]


def photo_file(path: str, vector: FloatArray) -> EmbeddedFile:
    """A photo of a given vector."""
    return _file(path, Kind.PHOTO, (DecodedUnit(UnitType.PHOTO),), vector[None])


def document_file(path: str, passages: Sequence[str], vectors: FloatArray) -> EmbeddedFile:
    """A document of passages with given vectors."""
    return _file(path, Kind.DOCUMENT, tuple(DecodedUnit(UnitType.PASSAGE, text=text) for text in passages), vectors)


def _file(path: str, kind: Kind, units: tuple[DecodedUnit, ...], vectors: FloatArray) -> EmbeddedFile:
    state = FileState(to_stored(path), 1000, 1_700_000_000_000_000_000, 1)
    return EmbeddedFile(DecodedFile(state=state, kind=kind, content_hash=path, units=units), vectors, "/library")


def write_index(places: AppDirs, space: EmbeddingSpace, files: Sequence[EmbeddedFile], batch: int = 2000) -> None:
    """Put files into a new index."""
    from app.table import open_for_writing

    places.create()
    writer = open_for_writing(places, space)
    for i in range(0, len(files), batch):
        writer.write(files[i : i + batch])
    writer.maintain(idle=True)
    writer.close()


def places_in(folder: Path) -> AppDirs:
    return AppDirs(config=folder / "config", data=folder / "data", cache=folder / "cache")


def percent(values: Collection[bool] | np.ndarray[Any, Any]) -> float:
    return 100.0 * float(np.mean(np.asarray(list(values), dtype=float))) if len(values) else 0.0
