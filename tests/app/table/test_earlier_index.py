"""An index and decisions of version 0.1 go on working, and say what they said."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from app.annotations.store import AnnotationStore
from app.core.paths import AppDirs
from app.core.records import UnitType
from app.core.settings import Settings
from app.search import LocalLibrary
from app.search.query_terms import parse_terms, strict_query
from app.table import connection, open_for_reading, open_for_writing
from app.table.lance_backends import PublicBackend
from tests.app.miniature import SPACE, ConceptTower, places_in, vector_of

DATA = Path(__file__).parents[2] / "data" / "index-0.1"
ROUNDING = 0.005
AFTER_COMPACTION = 0.25
"""BM25 counts rows that were removed until a compaction takes them away."""


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    with gzip.open(DATA / "answers.json.gz") as file:
        read: dict[str, Any] = json.load(file)
        return read


def unpacked(folder: Path) -> AppDirs:
    """A copy of the library, as it was left."""
    with zipfile.ZipFile(DATA / "library.zip") as library:
        library.extractall(folder)
    places = places_in(folder)
    places.create()
    return places


STATES = ("as it was left", "by the public API", "opened by the indexer", "after upkeep")
MIGRATED = STATES[2:]


@pytest.fixture(scope="module", params=STATES)
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppDirs]:
    """The library before and after the indexer of this version has opened it, and read in both ways to LanceDB."""
    made = unpacked(tmp_path_factory.mktemp("library"))
    if request.param in MIGRATED:
        writer = open_for_writing(made, SPACE)
        assert writer.count_files() == 34
        if request.param == "after upkeep":
            writer.maintain(idle=True)
        writer.close()
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "by the public API":
            patched.setattr(connection, "backend", PublicBackend)
        yield made


@pytest.fixture
def library(places: AppDirs) -> Iterator[LocalLibrary]:
    made = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: ConceptTower())
    yield made
    made.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalLibrary]:
    """The library as it was left, read by this version: what its ranking makes of that index."""
    made = LocalLibrary(
        unpacked(tmp_path_factory.mktemp("untouched")), Settings, open_tower=lambda _space, _tower: ConceptTower()
    )
    yield made
    made.close()


def test_every_query_is_answered_as_from_the_untouched_index(
    library: LocalLibrary, untouched: LocalLibrary, answers: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """Whatever ranking does by now: opening, migration and upkeep change no answer, nor the way to LanceDB.

    A part of the queries in each state, since they are many. What 0.1 itself answered is in `searches`; from there on
    ranking may change, what the table says of words, vectors and rows may not.
    """
    state = STATES.index(request.node.callspec.params["places"])
    migrated = STATES[state] in MIGRATED
    queries, differing = answers["searches"][state :: 2 * len(STATES)], {}
    for query, _, _ in queries:
        expected, results = (one.search(one.parse(query), limit=8) for one in (untouched, library))
        pairs = [[(hit.path, hit.score) for hit in one.hits] for one in (results, expected)]
        if results.total != expected.total or not _alike(*pairs, AFTER_COMPACTION if migrated else ROUNDING):
            differing[query] = (expected.total, pairs[1]), (results.total, pairs[0])
    # A compaction moves BM25 a little, which may carry a score over a threshold: 0.8 % when this was written.
    assert len(differing) <= (len(queries) // 50 if migrated else 0), differing


def _alike(found: list[tuple[str, float]], expected: list[tuple[str, float]], tolerance: float = ROUNDING) -> bool:
    """Whether two lists are the same but for the order of what scores alike."""
    if len(found) != len(expected):
        return False
    if any(abs(a - b) > tolerance for (_, a), (_, b) in zip(found, expected, strict=True)):
        return False
    before, last = dict(expected), expected[-1][1] if expected else 0.0
    return all(abs(score - before.get(path, last)) <= tolerance for path, score in found)


def test_the_nearest_units_are_the_same(places: AppDirs, answers: dict[str, Any]) -> None:
    reader = open_for_reading(places)
    assert reader is not None
    for meaning, units, expected in answers["nearest"]:
        (found,) = reader.nearest_each(vector_of(meaning, "text"), [[UnitType(unit) for unit in units]], limit=5)
        assert _alike([(one.id, one.score) for one in found], [(id_, score) for id_, _, score in expected]), meaning


def test_words_are_in_the_same_units(places: AppDirs, answers: dict[str, Any]) -> None:
    reader = open_for_reading(places)
    assert reader is not None
    for word, expected in answers["words"]:
        rows = reader.ask_words(strict_query(parse_terms(word)), limit=20).rows()
        found = sorted((row.id, row.path, row.unit.value, row.text, row.place) for row in rows)
        assert found == sorted((id_, path, unit, text, place) for id_, path, unit, text, place, _ in expected), word


def test_rows_and_failures_are_the_same(places: AppDirs, answers: dict[str, Any]) -> None:
    reader = open_for_reading(places)
    assert reader is not None
    expected = {row["id"]: row for row in answers["units"]}
    found = [json.loads(json.dumps(asdict(row), default=str)) for row in reader.units(list(expected))]
    assert len(found) == len(expected)
    for row in found:
        known = expected[row["id"]]
        row["facts"] = {name: row["facts"][name] for name in known["facts"]}  # which may be more by now
        assert {name: row[name] for name in known} == known
    failures = [[path, kind.value, *rest] for path, kind, *rest in reader.failures()]
    assert failures == answers["failures"]


def test_decisions_are_the_same(places: AppDirs, answers: dict[str, Any]) -> None:
    expected = answers["decisions"]
    with AnnotationStore(places.annotations_file) as decisions:
        assert not decisions.restored
        said = {
            key: [list(one.confirmed), list(one.own), list(one.rejected)]
            for key, one in decisions.all_user_tags().items()
        }
        assert said == expected["everything"]
        assert decisions.labels() == expected["labels"]
        assert list(decisions.taught()) == expected["taught"]
        assert decisions.redo() is not None
