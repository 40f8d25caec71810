"""Proposals come with the rows of new files, and the rest of the library catches up when things are quiet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import DecodedFile, DecodedUnit, EmbeddedFile, EmbeddingSpace, Failure, FileState, Kind, UnitType
from app.table import IndexWriter, open_for_writing
from app.tags.user_vocabulary import FILE_NAME
from indexer.tag_proposals import IndexingTagger
from tests.indexer.fakes import DIMENSION, HashEncoder, model_info


@pytest.fixture
def places(tmp_path: Path) -> AppDirs:
    made = AppDirs(tmp_path / "config", tmp_path / "data", tmp_path / "cache")
    made.create()
    return made


@pytest.fixture
def writer(places: AppDirs) -> IndexWriter:
    info = model_info()
    return open_for_writing(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension))


def photo(number: int) -> EmbeddedFile:
    vector = np.random.default_rng(number).standard_normal((1, DIMENSION)).astype(np.float32)
    decoded = DecodedFile(
        FileState(f"/p/{number}.jpg", 1, 1, number), Kind.PHOTO, str(number), units=(DecodedUnit(UnitType.PHOTO),)
    )
    return EmbeddedFile(decoded, vector / np.linalg.norm(vector), "/p")


def fingerprints(writer: IndexWriter) -> set[str | None]:
    return set(writer.reading().columns(["tag_fingerprint"]).column("tag_fingerprint").to_pylist())


def test_before_the_first_quiet_moment_files_go_untagged(places: AppDirs) -> None:
    assert IndexingTagger(places, HashEncoder()).tagged(photo(1)).tag_fingerprint == ""


def test_the_library_catches_up_and_new_files_come_tagged(places: AppDirs, writer: IndexWriter) -> None:
    tagging = IndexingTagger(places, HashEncoder())
    writer.write([photo(number) for number in range(20)])
    tagging.catch_up(writer)
    (present,) = fingerprints(writer)
    assert present
    fresh = tagging.tagged(photo(99))
    assert fresh.tag_fingerprint == present
    assert len(fresh.tags) == 1
    writer.write([fresh])
    assert fingerprints(writer) == {present}


def test_a_changed_vocabulary_is_another_fingerprint(places: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo(number) for number in range(20)])
    IndexingTagger(places, HashEncoder()).catch_up(writer)
    before = IndexingTagger(places, HashEncoder())
    before.catch_up(writer)
    (places.config / FILE_NAME).write_text('[labels]\nWaldi = { group = "animals", descriptions = ["our dog"] }\n')
    after = IndexingTagger(places, HashEncoder())
    after.catch_up(writer)
    assert after.tagged(photo(1)).tag_fingerprint != before.tagged(photo(1)).tag_fingerprint


def test_a_failed_file_has_nothing_to_tag(places: AppDirs, writer: IndexWriter) -> None:
    tagging = IndexingTagger(places, HashEncoder())
    writer.write([photo(1)])
    tagging.catch_up(writer)
    decoded = DecodedFile(FileState("/p/bad.jpg", 1, 1, 1), Kind.PHOTO, failure=Failure.CORRUPT, failure_text="Broken.")
    failed = EmbeddedFile(decoded, None, "/p")
    assert tagging.tagged(failed) is failed


def test_stopping_leaves_the_library_as_it_is(places: AppDirs, writer: IndexWriter) -> None:
    tagging = IndexingTagger(places, HashEncoder())
    writer.write([photo(1)])
    tagging.stop()
    tagging.catch_up(writer)
    assert fingerprints(writer) == {None}
