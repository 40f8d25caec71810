"""The query language: what a text means, and where it does not."""

import json
import pickle
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import UserError
from app.core.paths import to_stored
from app.core.records import Kind
from app.geo.circle import GeoCircle
from app.query.completion import completions
from app.query.filter_edits import as_json, from_json, merge_filters, set_values, toggled, without
from app.query.filter_input import QueryError
from app.query.filters import FIELDS, FILTERS, Filter
from app.query.language import QueryParser, parse
from app.query.queries import Filters, ImagePart, Query, TextPart
from app.search.query_terms import parse_terms
from app.table.where import filter_condition

TODAY = date(2026, 11, 21)


def parts(text: str) -> list[tuple[str, float]]:
    language = QueryParser(today=lambda: TODAY, picture=lambda name: ImagePart(path=name))
    return [
        (part.written if isinstance(part, TextPart) else f"<{part.path}>", part.weight)
        for part in language.parse(text).parts
    ]


def filters(text: str) -> Filters:
    query = QueryParser(today=lambda: TODAY).parse(text)
    return query.filters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog on a beach", [("dog on a beach", 1.0)]),
        ('"blue suitcase" rome', [('"blue suitcase" rome', 1.0)]),
        ("dog -cat", [("dog", 1.0), ("cat", -1.0)]),
        ('dog -"old car" park', [("dog park", 1.0), ('"old car"', -1.0)]),
        ("beach without people at sunset", [("beach at sunset", 1.0), ("people", -1.0)]),
        ("street without cars and any people", [("street", 1.0), ("cars", -1.0), ("people", -1.0)]),
        ("beach sunset^2", [("beach", 1.0), ("sunset", 2.0)]),
        ('"red car"^0.5 street', [('"red car"', 0.5), ("street", 1.0)]),
        ("beach rain^-1", [("beach", 1.0), ("rain", -1.0)]),
        ("beach.jpg + night - people", [("<beach.jpg>", 1.0), ("night", 1.0), ("people", -1.0)]),
        ("/photos/beach.jpg sunset", [("</photos/beach.jpg>", 1.0), ("sunset", 1.0)]),
        ("beach.jpg^2 sunset", [("<beach.jpg>", 2.0), ("sunset", 1.0)]),
        ("beach.jpg", [("beach.jpg", 1.0)]),
        ("foo:bar http://example.org", [("foo:bar http://example.org", 1.0)]),
        ('"after:2023"', [('"after:2023"', 1.0)]),
        ('a "phrase that goes on', [('a "phrase that goes on"', 1.0)]),
        ("without", [("without", 1.0)]),
        ('"without" people', [('"without" people', 1.0)]),
        ("dog -", [("dog", 1.0)]),
        ("c++ x^y", [("c++ x^y", 1.0)]),
        ("", []),
        ("- +", []),
    ],
)
def test_parts(text: str, expected: list[tuple[str, float]]) -> None:
    assert parts(text) == expected


def test_filters_of_every_kind() -> None:
    query = QueryParser(today=lambda: TODAY).parse(
        'dog kind:photo in:/home/me/Rome after:June 2024 before:last summer camera:"X100 V" near:48.86,2.35,5km '
        'tag:holiday tag:"birthday party" size:>2MB'
    )
    assert query.parts == (TextPart("dog"),)
    assert query.filters == Filters(
        kind=Kind.PHOTO,
        folders=(to_stored(Path("/home/me/Rome").absolute()),),
        after=datetime(2024, 6, 1),
        before=datetime(2026, 6, 1),
        camera="X100 V",
        near=GeoCircle(48.86, 2.35, 5.0),
        tags=("holiday", "birthday party"),
        size_min=2_000_001,
    )


def test_a_date_is_as_long_as_it_reads_as_one() -> None:
    assert parts("after:June 2024 dog") == [("dog", 1.0)]
    assert parts("before:2024 june bug") == [("june bug", 1.0)]
    assert filters("date:last summer").after == datetime(2026, 6, 1)
    assert filters("date:last summer").before == datetime(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("size:>1kB", 1001, None),
        ("size:>=1KiB", 1024, None),
        ("size:<1.5MB", None, 1_499_999),
        ("size:1MB..2MB", 1_000_000, 2_000_000),
        ("size:..3k", None, 3000),
        ("size:5", 5, None),
        ("size:=5", 5, 5),
        ("size:>9TB", 9 * 10**12 + 1, None),
    ],
)
def test_sizes(text: str, low: int | None, high: int | None) -> None:
    assert (filters(text).size_min, filters(text).size_max) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("rating:4", 4, None),
        ("rating:>=4", 4, None),
        ("rating:>3", 4, None),
        ("rating:=3", 3, 3),
        ("rating:<3", 1, 2),
        ("rating:<=2", 1, 2),
        ("rating:2..4", 2, 4),
        ("rating:..5", 1, None),
        ('rating:"3 stars"', 3, None),
        ("rating:<3 rating:4", 4, None),
    ],
)
def test_ratings(text: str, low: int | None, high: int | None) -> None:
    assert (filters(text).rating_min, filters(text).rating_max) == (low, high)


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("type:pdf", ("pdf",)),
        ("type:JPEG type:.png", ("jpeg", "png")),
        ("type:*.docx", ("docx",)),
        ("type:jpeg type:jpeg", ("jpeg",)),
    ],
)
def test_formats(text: str, formats: tuple[str, ...]) -> None:
    assert filters(text).formats == formats


@pytest.mark.parametrize(
    ("text", "near", "words"),
    [
        ("near:paris", ("Paris, France", 19), []),
        ("near:PARIS dinner", ("Paris, France", 19), ["dinner"]),
        ("dinner near:paris,20km wine", ("Paris, France", 20), ["dinner", "wine"]),
        ("near:paris,500m", ("Paris, France", 0.5), []),
        ("near:paris;2.5", ("Paris, France", 2.5), []),
        ('near:"new york" night', ("New York City, New York, United States", 28), ["night"]),
        ("near:new york night", ("New York City, New York, United States", 28), ["night"]),
        ("near:new york,5km night", ("New York City, New York, United States", 5), ["night"]),
        ('near:"new york, 5 km" night', ("New York City, New York, United States", 5), ["night"]),
        ("near:springfield,us", ("Springfield, Missouri, United States", 12), []),
        ("near:springfield, illinois cat", ("Springfield, Illinois, United States", 12), ["cat"]),
        ("near:springfield,us,3", ("Springfield, Missouri, United States", 3), []),
        ("near:münchen kind:photo", ("Munich, Germany", 17), []),
        ("near:garching beer", ("Garching, Germany", 11), ["beer"]),
        ("near:48.86,2.35 dog", ("", 10), ["dog"]),
        ("near:48.86,2.35,300m", ("", 0.3), []),
        ("near:-33.9,151.2,5KM", ("", 5), []),
    ],
)
def test_places(text: str, near: tuple[str, float], words: list[str]) -> None:
    found = filters(text).near
    assert found is not None
    assert (found.place, found.radius_km) == near
    assert [word for word, _ in parts(text)] == words


def test_minus_kind_is_the_other_kind() -> None:
    assert filters("-kind:photo").kind is Kind.DOCUMENT


def test_quoted_values_may_hold_quotes_and_backslashes() -> None:
    assert filters(r'tag:"a \"b\" c"').tags == ('a "b" c',)
    assert filters(r'tag:"C:\Users"').tags == (r"C:\Users",)
    assert filters(r'tag:"C:\\Users\\"').tags == ("C:\\Users\\",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("dog after:20x3", "20x3"),
        ("kind:video cat", "video"),
        ("kind:", "kind:"),
        ("x size:abc", "abc"),
        ("near:48", "48"),
        ("near:95,2", "95,2"),
        ("near:", "near:"),
        ("near:qwxzv dog", "qwxzv"),
        ('dog near:"new yrok"', '"new yrok"'),
        ("near:paris,0km", "paris,0km"),
        ("near:paris,nowhere", "paris,nowhere"),
        ("after:3/4/2023", "3/4/2023"),
        ("word^0", "0"),
        ("-tag:x", "-tag:x"),
        ("size:>9999999999GB", ">9999999999GB"),
        ("rating:6", "6"),
        ("rating:>5", ">5"),
        ("rating:4..2", "4..2"),
        ("type:exe", "exe"),
        ("type:a/b.pdf", "a/b.pdf"),
        ("in:~nobody_of_that_name", "~nobody_of_that_name"),
        ("in:/a\ud800b", "/a\ud800b"),
        ("near:a\udc80b", "a\udc80b"),
    ],
)
def test_errors_point_at_the_place(text: str, place: str) -> None:
    with pytest.raises(QueryError) as caught:
        QueryParser(today=lambda: TODAY).parse(text)
    error = caught.value
    assert text[error.start : error.end] == place
    assert f"at character {error.start + 1}" in error.what
    assert error.remedy.endswith(".")
    again = pickle.loads(pickle.dumps(error))
    assert (again.what, again.start, again.end) == (error.what, error.start, error.end)


def test_a_folder_that_is_not_there_is_an_error() -> None:
    with pytest.raises(QueryError, match="no folder of that name"):
        QueryParser(folders=lambda _: ()).parse("in:Nowhere")


@given(st.text(alphabet='ab "-+^:.2kindafter\\', max_size=40))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    query, error = None, None
    try:
        query = parse(text, TODAY)
    except QueryError as raised:
        error = raised
    assert isinstance(query, Query) if error is None else 0 <= error.start <= error.end <= len(text)


PIECES = (
    *(f"{row.key}:" for row in FILTERS), *(example for row in FILTERS for example in row.examples),
    "-", "+", "^", "^2", '"', "\\", "..", ">", "<=", "=", "~", "~foo", "~root", "/", "*", "%", "'", "9" * 30, "1e308",
    "inf", "nan", "-0", "\0", "\n", "\ud800", "\udc80", "\U0001f600", "ﬁ", "İ", "飛行機", "48.86,2.35", "99999,99999",
    "x.jpg", "without ", "and ", "31.6.", "1/1/1", "0000", "GB", "km", ",", ";", "(", "]", "\\ud", "\u200d", "\u202e",
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4) | st.just(" "), max_size=9).map("".join))
def test_any_pieces_are_a_query_or_an_error_for_people(text: str) -> None:
    """Nothing that can be typed is a bug, and what it means can be stored and asked of the table."""
    try:
        query = QueryParser(today=lambda: TODAY, picture=lambda name: ImagePart(path=name)).parse(text)
    except UserError:
        return
    assert from_json(json.loads(json.dumps(as_json(query.filters)))) == query.filters
    (filter_condition(query.filters) or "").encode("utf-8")
    query.text.encode("utf-8")


def test_filters_join_and_part() -> None:
    one, other = filters("kind:photo tag:a in:/x camera:fuji"), filters("tag:b in:/y rating:3")
    both = merge_filters(one, other)
    assert (both.kind, both.tags, both.folders, both.rating_min) == (Kind.PHOTO, ("a", "b"), other.folders, 3)
    assert without(without(both, "tags", "a"), "rating_min").tags == ("b",)
    assert toggled(both, {"tags": ("a",)}) == (without(both, "tags", "a"), True)
    assert toggled(both, {"kind": Kind.DOCUMENT}) == (replace(both, kind=Kind.DOCUMENT), False)
    for field, value in set_values(both):
        both = without(both, field.name, value)
    assert not both


def test_every_filter_is_whole() -> None:
    """A row of the table is all that a filter needs."""
    assert {field.name for field in FIELDS} == {field.name for field in fields(Filters)}
    for row in FILTERS:
        assert row.help[0].islower()
        for example in row.examples:
            assert filters(f"{row.key}:{example}" if row.key != "in" else "in:/x")
        for _, typed in row.choices:
            assert not typed or filters(f"{row.key}:{typed}")


@given(st.text(alphabet='ab "', max_size=20))
def test_words_as_typed_come_back(text: str) -> None:
    part = TextPart.typed(text)
    assert '"' not in part.text
    assert TextPart.typed(part.written) == part
    assert all(part.text[start:end] for start, end in part.phrases)


def test_phrases_stay_where_they_are_when_parts_are_joined() -> None:
    wanted = parse('red "old car" x^2 "blue bike" -"big dog"', TODAY).wanted
    assert [wanted.text[start:end] for start, end in wanted.phrases] == ["old car", "blue bike"]
    terms = parse_terms(wanted.text, wanted.phrases)
    assert [(term.text, term.quoted) for term in terms] == [
        ("red", False), ("old car", True), ("x", False), ("blue bike", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("kind:", ["kind:photo", "kind:document"]),
        ("beach KIND:d", ["beach KIND:document"]),
        ("type:pdf", []),
        ("type:pd", ["type:pdf"]),
        ("-kind:photo", []),
        ("kind", []),
        ("foo:", []),
        ('"kind:', []),
        ("rating:=", ["rating:=5"]),
    ],
)
def test_what_a_filter_may_go_on_with(typed: str, offered: list[str]) -> None:
    assert completions(typed) == offered


@pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.key)
def test_what_is_offered_is_understood(row: Filter) -> None:
    for text in completions(f"{row.key}:"):
        QueryParser(today=lambda: TODAY, folders=lambda _: ("/x",)).parse(text)
