"""Photos are found by the names of where they were taken, those of earlier indexes too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from app.core.paths import AppDirs
from app.core.records import Facts, RefreshedPhoto
from app.search.query_terms import parse_terms, strict_query
from app.table import IndexReader, IndexWriter, open_for_reading, open_for_writing
from app.table.lance_writing import WritableTable
from tests.app.table.conftest import SPACE, direction, document, in_full, make_layout_1, photo

MUNICH = Facts(latitude=48.16, longitude=11.6)
ROME = Facts(latitude=41.9, longitude=12.5)
OCEAN = Facts(latitude=0.0, longitude=-30.0)


def reader_of(places: AppDirs) -> IndexReader:
    reader = open_for_reading(places)
    assert reader is not None
    return reader


def found(places: AppDirs, text: str, *, partial: bool = False) -> list[str]:
    rows = reader_of(places).ask_words(strict_query(parse_terms(text, partial=partial))).rows()
    return sorted(row.path for row in rows)


@pytest.fixture
def filled(places: AppDirs, writer: IndexWriter) -> AppDirs:
    writer.write(
        [
            photo("/p/a.jpg", 1, facts=MUNICH),
            photo("/p/b.jpg", 2, facts=ROME),
            photo("/p/c.jpg", 3, facts=OCEAN),
            photo("/p/munich.jpg", 4),
            document("/d/trip.txt", ["we went to munich by train"]),
        ]
    )
    return places


@pytest.mark.parametrize("at_rest", [False, True])
@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("munich", ["/d/trip.txt", "/p/a.jpg", "/p/munich.jpg"]),
        ("München", ["/p/a.jpg"]),
        ("bayern", ["/p/a.jpg"]),
        ("germany", ["/p/a.jpg"]),
        ("Italien", ["/p/b.jpg"]),
        ("rom", ["/p/b.jpg"]),
        ("deutsch", []),
    ],
)
def test_photos_are_found_by_city_region_and_country(
    filled: AppDirs, writer: IndexWriter, text: str, paths: Sequence[str], at_rest: bool
) -> None:
    writer.maintain(idle=at_rest)
    assert found(filled, text) == paths


@pytest.mark.parametrize("text", ["münch", "münche", "deu", "deutschl"])
def test_beginnings_are_found_while_they_are_typed(filled: AppDirs, text: str) -> None:
    assert found(filled, text, partial=True) == ["/p/a.jpg"]


@pytest.mark.parametrize("at_rest", [False, True])
def test_the_place_is_told_and_is_no_text(filled: AppDirs, writer: IndexWriter, at_rest: bool) -> None:
    writer.maintain(idle=at_rest)
    reader = reader_of(filled)
    (row,) = reader.file_units("/p/a.jpg")
    assert (row.place.split("\n")[:2], row.text) == (["Munich", "München"], None)
    words = reader.ask_words(strict_query(parse_terms("deutschland", partial=False))).rows()
    assert [(one.place, one.text) for one in words] == [(row.place, None)]
    assert [row.place for path in ("/p/c.jpg", "/p/munich.jpg") for row in reader.file_units(path)] == ["", ""]
    assert [(row.place, row.text) for row in reader.file_units("/d/trip.txt")] == [
        ("", None),
        ("", "we went to munich by train"),
    ]


def test_a_moved_photo_keeps_its_place(filled: AppDirs, writer: IndexWriter) -> None:
    state = photo("/q/new.jpg", 1).decoded.state
    writer.move([("/p/a.jpg", state, "/q")])
    assert found(filled, "bayern") == ["/q/new.jpg"]
    assert found(filled, "new") == ["/q/new.jpg"]


def test_a_sidecar_may_tell_another_place(filled: AppDirs, writer: IndexWriter) -> None:
    state = photo("/p/a.jpg", 1).decoded.state
    writer.refresh([RefreshedPhoto(state, replace(ROME, title="Steps"), sidecar=7)])
    assert found(filled, "germany") == []
    assert found(filled, "rome") == found(filled, "italy") == ["/p/a.jpg", "/p/b.jpg"]


# ---- indexes of earlier programs


@pytest.fixture
def old(filled: AppDirs, writer: IndexWriter) -> AppDirs:
    """Photos without the names of their places."""
    make_layout_1(filled)
    table = in_full(filled)
    table.update(where="part = 0 AND unit = 'photo'", values_sql={"text": "CAST(NULL AS STRING)", "names": "'plain'"})
    writer.close()
    return filled


@pytest.fixture
def layout_1(filled: AppDirs, writer: IndexWriter) -> AppDirs:
    """Places stand in the photos' text."""
    make_layout_1(filled)
    writer.close()
    return filled


def test_an_earlier_index_answers_before_the_indexer_has_opened_it(old: AppDirs) -> None:
    assert found(old, "plain") == ["/p/a.jpg", "/p/b.jpg", "/p/c.jpg", "/p/munich.jpg"]
    assert found(old, "germany") == []
    assert [row.place for row in reader_of(old).file_units("/p/a.jpg")] == [""]


def test_places_are_looked_up_without_anything_being_embedded(old: AppDirs) -> None:
    before = reader_of(old)
    open_for_writing(old, SPACE).close()
    assert found(old, "germany") == ["/p/a.jpg"]
    assert found(old, "rom") == ["/p/b.jpg"]
    assert found(old, "plain") == ["/p/munich.jpg"]  # what has no place is left as it is
    for reader in (before, reader_of(old)):
        assert reader.count_units() == 5
        (row,) = reader.file_units("/p/a.jpg")
        assert np.allclose(reader.vectors([row.id])[0], direction(1), atol=1e-6)


def test_places_are_looked_up_once(old: AppDirs) -> None:
    open_for_writing(old, SPACE).close()
    version = in_full(old).version
    open_for_writing(old, SPACE).close()
    assert in_full(old).version == version


def test_places_that_stood_in_the_text_move_to_a_column_of_their_own(layout_1: AppDirs) -> None:
    before = reader_of(layout_1)
    expected = [(row.place, row.text) for row in before.file_units("/p/a.jpg")]
    assert expected[0][0].startswith("Munich")
    assert expected[0][1] is None
    open_for_writing(layout_1, SPACE).close()
    for reader in (before, reader_of(layout_1)):
        assert [(row.place, row.text) for row in reader.file_units("/p/a.jpg")] == expected
        assert [row.place for row in reader.file_units("/p/munich.jpg")] == [""]
    (row,) = in_full(layout_1).search().where("path = '/p/a.jpg'").select(["text", "place"]).to_list()
    assert (row["text"], row["place"]) == (None, expected[0][0])


def test_the_move_of_places_goes_on_where_it_was_interrupted(
    layout_1: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    expected = [row.place for row in reader_of(layout_1).file_units("/p/a.jpg")]
    update = WritableTable.update

    def killed(self: WritableTable, *, where: str, values_sql: dict[str, str]) -> None:
        if "text" in values_sql:
            raise Killed
        update(self, where=where, values_sql=values_sql)

    with monkeypatch.context() as patched:
        patched.setattr(WritableTable, "update", killed)
        with pytest.raises(Killed):
            open_for_writing(layout_1, SPACE)
    assert [row.place for row in reader_of(layout_1).file_units("/p/a.jpg")] == expected
    open_for_writing(layout_1, SPACE).close()
    (row,) = reader_of(layout_1).file_units("/p/a.jpg")
    assert ([row.place], row.text) == (expected, None)


def test_a_photo_has_a_text_of_its_own_beside_its_place(filled: AppDirs, writer: IndexWriter) -> None:
    made = photo("/p/sign.jpg", 9, facts=MUNICH)
    unit = replace(made.decoded.units[0], text="Zum Goldenen Hirschen")
    writer.write([replace(made, decoded=replace(made.decoded, units=(unit,)))])
    writer.maintain(idle=True)
    (row,) = reader_of(filled).file_units("/p/sign.jpg")
    assert row.facts.caption == "Zum Goldenen Hirschen"
    assert row.place.startswith("Munich")
    open_for_writing(filled, SPACE).close()  # not taken for a place
    assert reader_of(filled).file_units("/p/sign.jpg") == [row]


def test_looking_up_goes_on_where_it_was_interrupted(old: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        pass

    monkeypatch.setattr("app.table.migration._BATCH_ROWS", 1)
    update, done = WritableTable.update_by, []

    def killed(self: WritableTable, key: str, rows: object) -> None:
        if done:
            raise Killed
        done.append(key)
        update(self, key, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(WritableTable, "update_by", killed)
        with pytest.raises(Killed):
            open_for_writing(old, SPACE)
    assert len(found(old, "germany") + found(old, "italy")) <= 1
    open_for_writing(old, SPACE).close()
    assert found(old, "germany") + found(old, "italy") == ["/p/a.jpg", "/p/b.jpg"]
