"""One file never stops the others: wild times, sizes, inodes, facts and texts through the whole path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.core.paths import to_stored
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    Facts,
    Failure,
    FileState,
    Kind,
    Status,
    UnitType,
)
from app.models import ModelInfo
from app.table import IndexWriter, open_for_writing
from app.table.column_limits import storable
from indexer.scan import file_stat
from tests.indexer.fakes import DIMENSION, HashEncoder, model_info, vector_of
from tests.indexer.running import index_once, make_places, names_in, table_of

DAY_NS = 86_400 * 10**9


def ns(year: int) -> int:
    return (datetime(year, 1, 1) - datetime(1970, 1, 1)).days * DAY_NS


@pytest.mark.parametrize("year", [1677, 1900, 1969, 1970, 2038, 2106, 2262, 2300, 2440])
def test_a_file_of_any_year_is_indexed_beside_the_others(tmp_path: Path, year: int) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.txt").write_text("a note about pineapples")
    (folder / "b.txt").write_text("a second note")
    try:
        os.utime(folder / "b.txt", ns=(ns(year), ns(year)))
    except (OverflowError, OSError):
        pytest.skip("the file system keeps no such time")
    places = make_places(tmp_path / "home", [folder])
    assert index_once(places).embedded == 2
    assert names_in(places, folder) == {"a.txt", "b.txt"}
    again = index_once(places)
    assert (again.seen, again.done) == (2, 0), "a time that does not fit its column is no change at the next look"


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("st_mtime_ns", 1 << 70, (1 << 63) - 1),
        ("st_mtime_ns", -(1 << 70), -(1 << 63)),
        ("st_size", 1 << 64, (1 << 63) - 1),
        ("st_ino", (1 << 127) + 5, 5),
    ],
)
def test_numbers_beyond_their_columns_are_brought_into_range(
    field: str, value: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stat:
        st_mtime_ns, st_size, st_ino, st_ctime_ns = 1, 2, 3, 4

    monkeypatch.setattr(Stat, field, value)
    assert kept in file_stat("/x", Stat())  # type: ignore[arg-type]


# ---- rows

texts = st.text(st.characters(categories=None, exclude_categories=()), max_size=30)
numbers = st.none() | st.integers(-(1 << 70), 1 << 70)
degrees = st.none() | st.floats(width=64)
facts = st.builds(
    Facts,
    taken_at=st.none() | st.datetimes(),
    taken_offset=numbers,
    camera=st.none() | texts,
    lens=st.none() | texts,
    latitude=degrees,
    longitude=degrees,
    width=numbers,
    height=numbers,
    title=st.none() | texts,
    pages=numbers,
    keywords=st.lists(texts, max_size=3).map(tuple),
)
int64 = st.integers(-(1 << 63), (1 << 63) - 1)
states = st.builds(
    FileState, path=st.just(""), size=int64, mtime_ns=int64, inode=st.integers(0, (1 << 64) - 1), ctime_ns=int64
)


@st.composite
def wild_files(draw: st.DrawFn, number: int) -> EmbeddedFile:
    state = draw(states)
    name = draw(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0/"), min_size=1, max_size=20))
    state = FileState(f"/lib/{number} {name}.jpg", state.size, state.mtime_ns, state.inode, state.ctime_ns)
    kind = draw(st.sampled_from(Kind))
    unit = UnitType.PHOTO if kind is Kind.PHOTO else UnitType.PASSAGE
    unit_texts = draw(st.lists(texts, min_size=1, max_size=1 if kind is Kind.PHOTO else 3))
    units = tuple(DecodedUnit(unit, draw(st.none() | int64), text=text) for text in unit_texts)
    decoded = DecodedFile(state, kind, f"{number:032x}", draw(facts), units, failure_text=draw(texts))
    vectors = np.stack([vector_of(text.encode("utf-8", "surrogatepass")) for text in unit_texts])
    return EmbeddedFile(decoded, vectors, "/lib", attempts=draw(st.integers(0, 9)), retry_at_ns=draw(int64))


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[IndexWriter]:
    places = make_places(tmp_path / "home", [])
    writer = open_for_writing(places, EmbeddingSpace("fake", "0" * 16, DIMENSION))
    yield writer
    writer.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_whatever_a_file_says_of_itself_it_becomes_a_row(
    data: st.DataObject, writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    files = [data.draw(wild_files(number)) for number in range(3)]
    plain = DecodedFile(FileState("/lib/plain.txt", 1, 1, 1), Kind.DOCUMENT, "f" * 32)
    refused = writer.write([*files, EmbeddedFile(plain, None, "/lib")])
    caplog.clear()
    known = writer.indexed([file.decoded.state.path for file in files] + ["/lib/plain.txt"])
    assert {path: file.state for path, file in known.items()} == {
        **{file.decoded.state.path: file.decoded.state for file in files},
        "/lib/plain.txt": plain.state,
    }
    assert known["/lib/plain.txt"].status is Status.OK
    bad = {file.decoded.state.path for file in refused}
    assert {path for path, file in known.items() if file.status is Status.FAILED} == bad
    writer.remove(list(known))


def test_facts_that_fit_stay_as_they_are() -> None:
    good = Facts(datetime(2020, 1, 1), 60, "Canon", "50 mm", 52.5, 13.4, 4000, 3000, "Grüße", 3, ("Harz", "海"))
    assert storable(good) == good


def test_a_type_that_arrow_cannot_hold_costs_this_file_alone(
    writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    odd = DecodedFile(FileState("/lib/odd.jpg", 1, 1, 1), Kind.PHOTO, "a" * 32, Facts(camera=b"Canon"))  # type: ignore[arg-type]
    good = DecodedFile(FileState("/lib/good.jpg", 1, 1, 1), Kind.PHOTO, "b" * 32)
    (refused,) = writer.write([EmbeddedFile(odd, None, "/lib"), EmbeddedFile(good, None, "/lib")])
    assert refused.decoded.failure is Failure.CORRUPT
    caplog.clear()
    assert [(file.state.path, file.status) for file in writer.listing()] == [
        ("/lib/good.jpg", Status.OK),
        ("/lib/odd.jpg", Status.FAILED),
    ]


# ---- the whole path


class WildDecoders:
    """Decoders that find in each file what the test put there under its name.

    Attributes:
        found: by file name.
    """

    found: dict[str, DecodedFile]
    workers = 2

    def __init__(self, _info: ModelInfo, _workers: int) -> None:
        pass

    def submit(self, state: FileState, *, first_turn: bool) -> Future[DecodedFile]:
        assert first_turn
        future: Future[DecodedFile] = Future()
        wild = self.found[state.path.rpartition("/")[2]]
        future.set_result(
            DecodedFile(state, wild.kind, wild.content_hash, wild.facts, wild.units, failure_text=wild.failure_text)
        )
        return future

    def close(self) -> None:
        pass


class StumblingEncoder(HashEncoder):
    """Cannot encode texts with an odd number of characters, but everything else."""

    def encode_texts(self, texts: list[str]) -> np.ndarray:  # type: ignore[override,type-arg]
        if any(len(text) % 2 == 0 for text in texts):
            raise ValueError("no such text")
        return super().encode_texts(texts)


@settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
@given(data=st.data())
def test_through_the_whole_path_every_file_is_a_row_or_a_failure(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path_factory.mktemp("wild")
    folder = home / "files"
    folder.mkdir()
    times = st.integers(ns(1902), ns(2446))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.engine.ModelDecoders", WildDecoders)
        patch.setattr(WildDecoders, "found", {}, raising=False)
        for number in range(4):
            wild = data.draw(wild_files(number)).decoded
            name = f"{number}.txt"
            WildDecoders.found[name] = wild
            (folder / name).write_text(str(number))
            when = data.draw(times)
            os.utime(folder / name, ns=(when, when))
        (folder / "plain.txt").write_text("plain")
        unit = DecodedUnit(UnitType.PASSAGE, text="one")
        WildDecoders.found["plain.txt"] = DecodedFile(FileState("", 0, 0, 0), Kind.DOCUMENT, "f" * 32, Facts(), (unit,))
        places = make_places(home / "home", [folder])
        counts = index_once(places, encoder=StumblingEncoder(model_info()))
    caplog.clear()
    assert counts.embedded + counts.failed == 5
    table = table_of(places)
    assert {path.rpartition("/")[2] for path in table} == {"0.txt", "1.txt", "2.txt", "3.txt", "plain.txt"}
    assert table[to_stored(folder / "plain.txt")].status is Status.OK


def test_many_units_that_cannot_be_encoded_do_not_stop_the_encoder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in [*((f"{number}.txt", f"{number:04}") for number in range(12)), ("good.txt", "odd")]:
        (folder / name).write_text(text)
        os.utime(folder / name, ns=(ns(2020), ns(2020)))
    places = make_places(tmp_path / "home", [folder])
    counts = index_once(places, encoder=StumblingEncoder(model_info()))
    caplog.clear()
    assert (counts.embedded, counts.failed) == (1, 12)
