"""The whole library is tagged anew from its vectors, and only what changed is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.paths import AppDirs
from app.core.records import DecodedFile, DecodedUnit, EmbeddedFile, EmbeddingSpace, FileState, Kind, TagRow, UnitType
from app.table import IndexReader, IndexWriter, open_for_reading, open_for_writing
from app.tags.retagging import EquivalentFingerprints, RetaggingResult, retag_library
from app.tags.tagger import Tagger
from app.tags.vocabulary import Label, Vocabulary
from tests.app.tags.concepts import DIMENSION, WordEncoder, picture
from tests.app.tags.conftest import SUBJECTS, Library

SPACE = EmbeddingSpace("concepts", "concepts" * 2, DIMENSION)


def photo(number: int) -> EmbeddedFile:
    path = f"/photos/{number}.jpg"
    state = FileState(path, 100, 1, number)
    decoded = DecodedFile(state, Kind.PHOTO, f"hash{number}", units=(DecodedUnit(UnitType.PHOTO),))
    return EmbeddedFile(decoded, picture(SUBJECTS[number % len(SUBJECTS)], number, 0.3)[None], "/photos")


@pytest.fixture
def table(places: AppDirs) -> tuple[IndexReader, IndexWriter]:
    writer = open_for_writing(places, SPACE)
    writer.write([photo(number) for number in range(48)])
    reader = open_for_reading(places)
    assert reader is not None
    return reader, writer


class Recorder:
    """Passes on to a real writer and remembers the ids."""

    def __init__(self, writer: IndexWriter) -> None:
        self._writer = writer
        self.written: list[str] = []

    def set_tags(self, rows: list[tuple[str, list[str], list[float]]], fingerprint: str) -> None:
        self.written += [unit for unit, _, _ in rows]
        self._writer.set_tags(rows, fingerprint)


def rows_of(places: AppDirs) -> dict[str, TagRow]:
    reader = open_for_reading(places)
    assert reader is not None
    return {row.path: row for block in reader.tag_rows() for row in block}


def test_every_row_is_tagged_once(places: AppDirs, table: tuple[IndexReader, IndexWriter], tagger: Tagger) -> None:
    reader, writer = table
    seen: list[tuple[int, int]] = []
    done = retag_library(reader, writer, tagger, places.cache, progress=lambda a, b: seen.append((a, b)))
    assert done == RetaggingResult(48, 48)
    assert seen[-1] == (48, 48)
    rows = rows_of(places)
    assert "dog" in rows["/photos/0.jpg"].tags
    assert "receipt" in rows["/photos/3.jpg"].tags
    assert list(rows["/photos/0.jpg"].tag_scores) == sorted(rows["/photos/0.jpg"].tag_scores, reverse=True)
    reader = open_for_reading(places) or reader
    assert retag_library(reader, writer, tagger, places.cache) == RetaggingResult(0, 0)


def test_a_changed_vocabulary_writes_only_what_changed(
    places: AppDirs,
    table: tuple[IndexReader, IndexWriter],
    tagger: Tagger,
    vocabulary: Vocabulary,
    library: Library,
    cache: Path,
) -> None:
    reader, writer = table
    retag_library(reader, writer, tagger, places.cache)
    labels = {**vocabulary.labels, "dog": replace(vocabulary.labels["dog"], enabled=False)}
    changed = Tagger.open(WordEncoder(), replace(vocabulary, labels=labels), library, cache)
    recorder = Recorder(writer)
    done = retag_library(open_for_reading(places) or reader, recorder, changed, places.cache)
    assert done.units == 48
    with_dog = {row.id for path, row in rows_of(places).items() if int(Path(path).stem) % len(SUBJECTS) == 0}
    assert set(recorder.written) == with_dog
    assert not any("dog" in row.tags for row in rows_of(places).values())
    again = Recorder(writer)
    assert retag_library(open_for_reading(places) or reader, again, changed, places.cache) == RetaggingResult(0, 0)
    assert again.written == []


def test_a_second_change_looks_at_all_rows_again(
    places: AppDirs,
    table: tuple[IndexReader, IndexWriter],
    tagger: Tagger,
    vocabulary: Vocabulary,
    library: Library,
    cache: Path,
) -> None:
    """Rows that agreed with one fingerprint need not agree with the next."""
    reader, writer = table
    retag_library(reader, writer, tagger, places.cache)
    without = {**vocabulary.labels, "dog": replace(vocabulary.labels["dog"], enabled=False)}
    one = Tagger.open(WordEncoder(), replace(vocabulary, labels=without), library, cache)
    retag_library(open_for_reading(places) or reader, writer, one, places.cache)
    more = {**without, "moggy": Label("moggy", "own", None, "cat", ("a cat",), own=True)}
    two = Tagger.open(WordEncoder(), replace(vocabulary, labels=more), library, cache)
    assert retag_library(open_for_reading(places) or reader, writer, two, places.cache).units == 48
    assert any("moggy" in row.tags for row in rows_of(places).values())
    back = retag_library(open_for_reading(places) or reader, writer, one, places.cache)
    assert back.units == 44, "the four rows that the first change wrote still say what it said"
    assert not any("moggy" in row.tags for row in rows_of(places).values())


def test_it_can_be_stopped_and_goes_on(places: AppDirs, table: tuple[IndexReader, IndexWriter], tagger: Tagger) -> None:
    reader, writer = table
    stopped = retag_library(reader, writer, tagger, places.cache, stop=lambda: True)
    assert stopped.units > 0
    retag_library(open_for_reading(places) or reader, writer, tagger, places.cache)
    assert all(row.tags for row in rows_of(places).values())


def test_a_broken_note_costs_a_second_look(tmp_path: Path) -> None:
    agreed = EquivalentFingerprints(tmp_path)
    assert agreed.current_and_older("a") == ("a",)
    agreed.note("a", ["b", "a", "", "c"])
    assert agreed.current_and_older("a") == ("a", "b", "c")
    assert agreed.current_and_older("z") == ("z",)
    agreed.path.write_text("nonsense")
    assert agreed.current_and_older("a") == ("a",)
