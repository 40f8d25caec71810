"""Passages whose vectors an encoder of their own made are read along that encoder's directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.annotations.store import AnnotationStore
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace, FloatArray, UnitType
from app.table import Statistics
from app.tags.file_tagging import tag_files
from app.tags.tagger import NO_SAMPLES, Tagger
from app.tags.tagger_factory import open_tagger
from app.tags.vocabulary import Vocabulary
from tests.app.tags.concepts import DIMENSION, Info, WordEncoder, picture, pictures
from tests.app.tags.conftest import SUBJECTS, Library
from tests.app.tags.test_file_tagging import Eye

_TURN = np.linalg.qr(np.random.default_rng(7).standard_normal((DIMENSION, DIMENSION)))[0].astype(np.float32)


class SentenceEncoder(WordEncoder):
    """The same meanings in another space."""

    def __init__(self) -> None:
        super().__init__("sentences" * 2)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return np.asarray(super().encode_texts(texts) @ _TURN, dtype=np.float32)


class Pair(Eye):
    """A model with an encoder of passages beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.passages = SentenceEncoder()  # type: ignore[assignment]


@pytest.fixture(scope="module")
def paired(vocabulary: Vocabulary, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    cache = tmp_path_factory.mktemp("cache")
    return Tagger.open(WordEncoder(), vocabulary, library, cache, passages=SentenceEncoder())


def surest(tagger: Tagger, vector: FloatArray, unit: UnitType) -> str:
    (proposals,) = tagger.propose(vector[np.newaxis], [unit])
    return proposals[0].label if proposals else ""


def test_a_passage_is_read_by_the_encoder_that_made_its_vector(paired: Tagger, tagger: Tagger) -> None:
    receipt = SentenceEncoder().encode_texts(["a receipt"])[0]
    assert surest(paired, receipt, UnitType.PASSAGE) == "receipt"
    assert surest(tagger, receipt, UnitType.PASSAGE) != "receipt"


def test_pictures_are_read_as_before(paired: Tagger, tagger: Tagger) -> None:
    vectors, units = pictures(SUBJECTS), [UnitType.PHOTO] * len(SUBJECTS)
    assert paired.propose(vectors, units) == tagger.propose(vectors, units)
    assert surest(paired, picture("dog"), UnitType.PHOTO) == "dog"


def test_the_encoder_is_part_of_the_fingerprint_and_has_caches_of_its_own(
    vocabulary: Vocabulary, library: Library, tmp_path: Path
) -> None:
    texts = SentenceEncoder().encode_texts([f"{subject} {n}" for n in range(10) for subject in SUBJECTS])
    samples = Library({**library.samples, "text": texts})
    encoder = SentenceEncoder()
    first = Tagger.open(WordEncoder(), vocabulary, samples, tmp_path, passages=encoder)
    assert first.fingerprint != Tagger.open(WordEncoder(), vocabulary, library, tmp_path).fingerprint
    asked = len(encoder.asked)
    assert Tagger.open(WordEncoder(), vocabulary, samples, tmp_path, passages=encoder).fingerprint == first.fingerprint
    assert len(encoder.asked) == asked > 0
    names = {file.name for file in (tmp_path / "tags").iterdir()}
    assert {"background-conceptsconcepts-image.npz", "background-sentencessentenc-text.npz"} <= names
    assert {"prototypes-conceptsconcepts.npz", "prototypes-sentencessentenc.npz"} <= names


def test_a_document_named_on_the_command_line_is_read_by_its_encoder(paired: Tagger, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("receipt")
    (tags,) = tag_files([str(file)], Pair(), paired)
    assert tags.tags[0].label == "receipt"


@dataclass(frozen=True)
class Shelfmark:
    """A reader of a table in some space, as far as opening a tagger needs one."""

    space: EmbeddingSpace

    def statistics(self) -> Statistics:
        texts = SentenceEncoder().encode_texts([f"{subject} {n}" for n in range(10) for subject in SUBJECTS])
        images = pictures(SUBJECTS * 10)
        samples = {"image": images, "text": texts}
        return Statistics({m: s.mean(axis=0) for m, s in samples.items()}, dict.fromkeys(samples, 120), samples)


@pytest.mark.parametrize("fits", [True, False])
def test_only_samples_of_the_same_encoder_calibrate(vocabulary: Vocabulary, tmp_path: Path, fits: bool) -> None:
    places = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    places.create()
    model = EmbeddingSpace("concepts", Info().fingerprint, DIMENSION)
    space = model.beside("sentences", SentenceEncoder().info.fingerprint if fits else "another")
    decisions = AnnotationStore(places.annotations_file)
    try:
        made = open_tagger(places, Pair(), Shelfmark(space), decisions, vocabulary=vocabulary)  # type: ignore[arg-type]
    finally:
        decisions.close()
    files = {file.name for file in (places.cache / "tags").glob("background-*")}
    assert ("background-sentencessentenc-text.npz" in files) is fits
    assert "background-conceptsconcepts-image.npz" in files
    assert made.fingerprint != Tagger.open(WordEncoder(), vocabulary, NO_SAMPLES, places.cache).fingerprint
