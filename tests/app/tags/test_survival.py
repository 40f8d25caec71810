"""1,000 decisions survive what happens to an index: deletion, moved folders, renamed files, another model."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from app.annotations.store import AnnotationStore
from app.core.paths import AppDirs
from app.core.records import DecodedFile, DecodedUnit, EmbeddedFile, EmbeddingSpace, FileState, Kind, UnitType
from app.query.queries import Filters
from app.table import IndexReader, open_for_reading, open_for_writing
from app.tags.retagging import retag_library
from app.tags.review_session import ReviewSession
from app.tags.tagger import Tagger
from app.tags.vocabulary import Vocabulary
from tests.app.tags.concepts import DIMENSION, WordEncoder, picture
from tests.app.tags.conftest import Library

COUNT = 1000
SPACE = EmbeddingSpace("concepts", "concepts" * 2, DIMENSION)
OTHER = replace(SPACE, name="other", fingerprint="0123456789abcdef")


def photos(folder: str, name: str = "img{}.jpg") -> list[EmbeddedFile]:
    files = []
    for number in range(COUNT):
        state = FileState(f"{folder}/{name.format(number)}", 100, 1, number)
        decoded = DecodedFile(state, Kind.PHOTO, f"hash{number}", units=(DecodedUnit(UnitType.PHOTO),))
        vector = picture(("dog", "cat")[number % 2], number, 0.3)
        files.append(EmbeddedFile(decoded, vector[None], folder))
    return files


def index(places: AppDirs, files: Sequence[EmbeddedFile], tagger: Tagger, space: EmbeddingSpace = SPACE) -> None:
    writer = open_for_writing(places, space)
    writer.write(files)
    writer.complete()
    reader = open_for_reading(places)
    assert reader is not None
    retag_library(reader, writer, tagger, places.cache)
    writer.close()


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def check(places: AppDirs) -> None:
    """The tags are on the files, rejected ones are neither proposed nor found, and the queue does not ask again."""
    reader = reader_of(places)
    with AnnotationStore(places.annotations_file) as said:
        assert said.count() == COUNT
        assert said.labels() == {"dog": COUNT // 2}
        reader.decided = said.hashes_by_label
        found, total = reader.browse(Filters(tags=("dog",)), limit=COUNT)
        assert total == COUNT // 2
        assert {int(row.content_hash.removeprefix("hash")) % 2 for row in found} == {0}
        assert reader.browse(Filters(tags=("cat",)), limit=COUNT)[1] == 0
    desk = ReviewSession(places, lambda: reader)
    assert desk.proposals("dog", limit=10) == []
    assert desk.proposals("cat", limit=10) == []
    assert {count.label: count.confirmed for count in desk.labels()}["dog"] == COUNT // 2
    desk.close()


@pytest.fixture
def decided(places: AppDirs, tagger: Tagger) -> AppDirs:
    """An index of 1,000 photos on which the person said 500 times yes and 500 times no."""
    index(places, photos("/photos"), tagger)
    desk = ReviewSession(places, lambda: reader_of(places))
    counts = {count.label: count.proposed for count in desk.labels()}
    assert counts["dog"] > 300
    assert counts["cat"] > 300
    desk.confirm("dog", [f"/photos/img{number}.jpg" for number in range(0, COUNT, 2)])
    desk.reject("cat", [f"/photos/img{number}.jpg" for number in range(1, COUNT, 2)])
    desk.close()
    return places


def test_they_hold(decided: AppDirs) -> None:
    check(decided)


def test_a_deleted_and_rebuilt_index(decided: AppDirs, tagger: Tagger) -> None:
    shutil.rmtree(decided.index)
    shutil.rmtree(decided.cache)
    decided.create()
    index(decided, photos("/photos"), tagger)
    check(decided)


def test_a_moved_folder_and_renamed_files(decided: AppDirs, tagger: Tagger) -> None:
    writer = open_for_writing(decided, SPACE)
    moved = photos("/elsewhere/2024", "holiday-{}.jpg")
    old = [f"/photos/img{number}.jpg" for number in range(COUNT)]
    writer.move([(path, file.decoded.state, file.root) for path, file in zip(old, moved, strict=True)])
    writer.close()
    assert reader_of(decided).file_units("/photos/img0.jpg") == []
    check(decided)
    shutil.rmtree(decided.index)
    decided.create()
    index(decided, moved, tagger)
    check(decided)


def test_another_model(decided: AppDirs, vocabulary: Vocabulary, library: Library) -> None:
    turned = np.roll(np.eye(DIMENSION, dtype=np.float32), 5, axis=0)

    class Turned(WordEncoder):
        def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
            return super().encode_texts(texts) @ turned

    sample = Library({"image": library.samples["image"] @ turned})
    other = Tagger.open(Turned(OTHER.fingerprint), vocabulary, sample, decided.cache)
    files = [replace(file, vectors=file.vectors @ turned) for file in photos("/photos") if file.vectors is not None]
    index(decided, files, other, OTHER)
    assert reader_of(decided).space == OTHER
    check(decided)
