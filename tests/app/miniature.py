"""A library of concepts: generated photos and passages whose vectors have a modality gap like CLIP's, in a real table.

Each word has a fixed direction. A text's vector is the sum of its words' directions on a large cone that all texts
share; a picture's is the same sum, noisier, on another cone. So text-to-text cosines are high whatever is meant, and
text-to-image cosines low, as with real models.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from app.core.paths import AppDirs
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    Facts,
    FileState,
    FloatArray,
    Kind,
    UnitType,
)
from app.query.library_api import Library
from app.query.queries import Results
from app.table import IndexReader, open_for_reading, open_for_writing
from app.text.analysis import tokens
from app.text.stemming import STOP_WORDS, stem

DIMENSION = 256
SPACE = EmbeddingSpace("miniature", "f" * 32, DIMENSION)
SENTENCE_SPACE = SPACE.beside("sentences", "5" * 16)
_SENTENCE_WIDTH = 192
_TEXT_CONE, _IMAGE_CONE = 2.0, 2.2
_NOISE = {"text": 0.35, "image": 0.9}


def direction(name: str) -> FloatArray:
    """(d,) fixed random unit vector of a name."""
    vector = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(DIMENSION)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def vector_of(meaning: str, modality: str, seed: str = "") -> FloatArray:
    """(d,) unit vector of what a text says or a picture shows."""
    words = [stem(token.word, "en") for token in tokens(meaning) if token.word not in STOP_WORDS["en"]]
    meant = np.sum([direction(word) for word in words] or [np.zeros(DIMENSION)], axis=0)
    meant = meant / max(1e-6, float(np.linalg.norm(meant)))
    cone = _TEXT_CONE * direction("cone of texts") if modality == "text" else _IMAGE_CONE * direction("cone of images")
    vector = cone + meant + _NOISE[modality] * direction(f"noise {meaning} {seed} {modality}")
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def sentence_vector(text: str) -> FloatArray:
    """(d,) what a sentence encoder says to a text: other directions, filled up with zeros, and it knows synonyms."""
    words = [stem(token.word, "en") for token in tokens(text) if token.word not in STOP_WORDS["en"]]
    vector = 0.3 * direction(f"noise {text}")
    for word in words:
        vector = vector + direction(f"sentence {SYNONYMS.get(word, word)}")
    vector[_SENTENCE_WIDTH:] = 0.0
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


SYNONYMS = {"automobil": "car", "physician": "doctor", "dwell": "house"}


class ConceptTower:
    """A text tower that knows the concepts; satisfies `app.search.query_towers.QueryTower`."""

    def __init__(self, loaded: bool = True) -> None:
        self.loaded = loaded
        self.closed = False
        self.asked: list[str] = []

    def warm(self) -> None:
        self.loaded = True

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        self.warm()
        self.asked += texts
        return np.stack([vector_of(text, "text") for text in texts])

    def encode_images(self, pixels: np.ndarray) -> FloatArray:
        """A picture of one grey value g shows "grey g"."""
        self.warm()
        return np.stack([vector_of(f"grey{int(picture.mean())}", "image") for picture in pixels])

    @property
    def preprocess(self) -> ConceptTower:
        return self

    def apply(self, image: object) -> np.ndarray:
        return np.asarray(image, dtype=np.uint8)

    def close(self) -> None:
        self.closed = True


class SentenceTower(ConceptTower):
    """The encoder of passages in `SENTENCE_SPACE`."""

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        self.warm()
        self.asked += texts
        return np.stack([sentence_vector(text) for text in texts])

    def encode_images(self, pixels: np.ndarray) -> FloatArray:
        raise AssertionError(f"an encoder of passages sees no pictures, not even {len(pixels)}")


def open_sentence_tower(_space: EmbeddingSpace, tower: str) -> ConceptTower:
    """For libraries in `SENTENCE_SPACE`."""
    return SentenceTower() if tower == "passage" else ConceptTower()


def photo(
    path: str,
    shows: str,
    *,
    root: str = "/home/me/Pictures",
    content: str = "",
    facts: Facts | None = None,
    size: int = 1000,
) -> EmbeddedFile:
    """A photo that shows something."""
    decoded = DecodedFile(
        state=FileState(path, size, 1_700_000_000_000_000_000, 1),
        kind=Kind.PHOTO,
        content_hash=content or f"{zlib.crc32(path.encode()):032x}",
        facts=facts or Facts(taken_at=datetime(2024, 6, 15, 12)),
        units=(DecodedUnit(UnitType.PHOTO),),
    )
    return EmbeddedFile(decoded, vector_of(shows, "image", content or path)[None], root)


def document(
    path: str,
    passages: Sequence[str],
    *,
    root: str = "/home/me/Documents",
    facts: Facts | None = None,
    pages: bool = False,
    sentences: bool = False,
) -> EmbeddedFile:
    """A document of passages, each on its own page; with `pages` the pages are pictures too, with `sentences` the
    passages are in `SENTENCE_SPACE`."""
    units = [DecodedUnit(UnitType.PASSAGE, page=i, text=text) for i, text in enumerate(passages, start=1)]
    vectors = [sentence_vector(text) if sentences else vector_of(text, "text") for text in passages]
    if pages:
        units += [DecodedUnit(UnitType.PAGE, page=i) for i in range(1, len(passages) + 1)]
        vectors += [vector_of(f"page {text}", "image", path) for text in passages]
    decoded = DecodedFile(
        state=FileState(path, 5000, 1_700_000_000_000_000_000, 2),
        kind=Kind.DOCUMENT,
        content_hash=f"{zlib.crc32(path.encode()):032x}",
        facts=facts or Facts(),
        units=tuple(units),
    )
    return EmbeddedFile(decoded, np.stack(vectors), root)


def write(places: AppDirs, files: Sequence[EmbeddedFile], space: EmbeddingSpace = SPACE) -> None:
    """Put files into the index, as the indexer does."""
    places.create()
    writer = open_for_writing(places, space)
    writer.write(files)
    writer.maintain(idle=True)
    writer.close()


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def places_in(folder: Path) -> AppDirs:
    return AppDirs(config=folder / "config", data=folder / "data", cache=folder / "cache")


def name_of(path: str) -> str:
    return PurePosixPath(path).name


def ask(library: Library, text: str, **options: Any) -> Results:
    """Search as somebody types."""
    return library.search(library.parse(text), **options)


def names(results: Results) -> list[str]:
    """File names of an answer, best first."""
    return [name_of(hit.path) for hit in results.hits]
