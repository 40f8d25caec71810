"""A calibrated tagger over the shipped vocabulary and a small library of concepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import FloatArray
from app.tags.tagger import Tagger
from app.tags.vocabulary import Vocabulary
from app.tags.vocabulary_files import load_vocabulary
from tests.app.tags.concepts import WordEncoder, picture, pictures

SUBJECTS = (
    "dog",
    "cat",
    "beach",
    "receipt",
    "pizza",
    "birthday",
    "car",
    "mountain",
    "baby",
    "snow",
    "chart",
    "football",
)


@dataclass(frozen=True)
class Library:
    """Satisfies `app.tags.tagger.SupportsSamples`."""

    samples: Mapping[str, FloatArray]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def library() -> Library:
    """240 pictures of a dozen subjects, and 60 of things no label names."""
    shows = [SUBJECTS[n % len(SUBJECTS)] for n in range(240)]
    strange = [picture(f"zyx{n} qwv{n}", n) for n in range(60)]
    return Library({"image": np.concatenate([pictures(shows), np.stack(strange)])})


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def tagger(vocabulary: Vocabulary, library: Library, cache: Path) -> Tagger:
    return Tagger.open(WordEncoder(), vocabulary, library, cache)


@pytest.fixture
def places(tmp_path: Path) -> AppDirs:
    made = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made.create()
    return made
