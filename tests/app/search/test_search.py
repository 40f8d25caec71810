"""Search end to end over a real small index: the sentences people would complain about if they were not true."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import ModelMissing, UserError
from app.core.paths import AppDirs
from app.core.records import Facts, Kind, UnitRow
from app.core.settings import Settings
from app.files.thumbnails import ThumbnailStore
from app.query.queries import Band, Filters, ImagePart, Query, Sort, TextPart
from app.ranking.query_composition import LESS_LIKE_WEIGHT, MORE_LIKE_WEIGHT
from app.search import LocalLibrary
from app.search.query_bank import nonsense_texts
from app.table import IndexReader
from tests.app.miniature import SPACE, ConceptTower, ask, document, name_of, names, photo, places_in, vector_of, write

THINGS = [
    "dog",
    "cat",
    "beach",
    "forest",
    "mountain",
    "car",
    "bicycle",
    "cake",
    "guitar",
    "piano",
    "church",
    "snow",
    "ship",
    "train",
    "bird",
    "horse",
    "flower",
    "rain",
    "bridge",
    "tower",
    "lake",
    "river",
    "woman",
    "man",
    "kitchen",
    "table",
    "lamp",
    "book",
    "phone",
    "street",
    "market",
    "museum",
    "statue",
    "desert",
    "elephant",
    "tiger",
    "whale",
]
TOPICS = [
    "contract",
    "recipe",
    "minutes",
    "physics",
    "signal",
    "tax",
    "budget",
    "poem",
    "novel",
    "patent",
    "manual",
    "warranty",
    "ticket",
]


def files() -> list:
    dice = random.Random(1)
    made = [
        photo(
            f"/home/me/Pictures/{dice.choice(('Rome', 'Oslo'))}/IMG_{i:04d}.jpg",
            " ".join(dice.sample(THINGS, 2)),
            facts=Facts(taken_at=datetime(2020 + i % 5, 6, 15, 12), camera="X100V" if i % 3 else "Pixel 8"),
        )
        for i in range(260)
    ]
    made += [
        document(f"/home/me/Documents/paper{i:03d}.pdf", [" ".join(dice.sample(TOPICS, 5)) for _ in range(2)])
        for i in range(120)
    ]
    made += [
        document(
            "/home/me/Documents/Rechnung 4711-A.pdf",
            ["Die Rechnungen wurden von Frau Brücke in der Straßenbahn bezahlt", "Vielen Dank für den Auftrag"],
        ),
        document("/home/me/Documents/tokyo.txt", ["東京タワーの写真を撮りました"]),
        document("/home/me/Documents/whales.pdf", ["a whale in the sea", "tax forms", "the whale and the ship"]),
        document("/home/me/Documents/one whale.pdf", ["a whale in the sea", "tax forms", "budget minutes"]),
        document("/home/me/Documents/letter 7 snow bridge.txt", ["tax budget", "warranty"]),
        document("/home/me/Documents/scan 0815.pdf", ["tax budget"], facts=Facts(title="The lamp kitchen")),
        photo("/home/me/Pictures/copy one.jpg", "giraffe savanna", content="c" * 32),
        photo("/home/me/Pictures/copy two.jpg", "giraffe savanna", content="c" * 32),
        photo("/home/me/Pictures/other giraffe.jpg", "giraffe savanna sunset"),
        photo("/home/me/Pictures/other copy.jpg", "giraffe savanna", content="d" * 32),
        photo("/home/me/Pictures/other copy 2.jpg", "giraffe savanna", content="d" * 32),
        photo("/home/me/Pictures/grey.jpg", "grey77", facts=Facts(keywords=("holiday", "Anna"))),
    ]
    return made


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> AppDirs:
    where = places_in(tmp_path_factory.mktemp("library"))
    write(where, files())
    return where


@pytest.fixture(scope="module")
def library(places: AppDirs) -> Iterator[LocalLibrary]:
    made = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: ConceptTower())
    yield made
    made.close()


# ---- one list


def test_no_kind_is_starved(library: LocalLibrary) -> None:
    first = ask(library, "whale", limit=10)
    assert {hit.kind for hit in first.hits[:4]} == {Kind.PHOTO, Kind.DOCUMENT}
    assert min(sum(hit.kind is kind for hit in first.hits) for kind in Kind) >= 2


def test_bands_descend_and_so_do_scores(library: LocalLibrary) -> None:
    results = ask(library, "dog beach", all_hits=True)
    hits, listed = results.hits, ask(library, "dog beach").total
    order = [Band.STRONG, Band.MAYBE, Band.WEAK]
    assert [order.index(hit.band) for hit in hits] == sorted(order.index(hit.band) for hit in hits)
    for section in (hits[:listed], hits[listed:]):  # the closest weak ones are listed, the others are not
        assert [hit.score for hit in section] == sorted((hit.score for hit in section), reverse=True)


def test_a_document_is_one_hit_with_its_best_passage(library: LocalLibrary) -> None:
    results = ask(library, "whale ship", limit=50)
    found = [hit for hit in results.hits if name_of(hit.path) == "whales.pdf"]
    assert len(found) == 1
    hit = found[0]
    assert (hit.page, hit.snippet) == (3, "the whale and the ship")
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["whale", "ship"]
    assert {reason.kind for reason in hit.why} >= {"words", "passage"}


def test_several_strong_passages_count_more(library: LocalLibrary) -> None:
    ranked = names(ask(library, "whale kind:document -ship", limit=50, all_hits=True))
    assert ranked[0] == "one whale.pdf"
    ranked = names(ask(library, "sea whale ship kind:document", limit=50))
    assert ranked.index("whales.pdf") < ranked.index("one whale.pdf")


# ---- words


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("brucke", "Rechnung 4711-A.pdf"),
        ("Bruecke", "Rechnung 4711-A.pdf"),
        ("strassenbahn", "Rechnung 4711-A.pdf"),
        ("Rechnung", "Rechnung 4711-A.pdf"),
        ("rechnug", "Rechnung 4711-A.pdf"),
        ("strassenbhan", "Rechnung 4711-A.pdf"),
        ("4711-A", "Rechnung 4711-A.pdf"),
        ("4711", "Rechnung 4711-A.pdf"),
        ("strass", "Rechnung 4711-A.pdf"),
        ('"frau brücke"', "Rechnung 4711-A.pdf"),
        ("東京", "tokyo.txt"),
        ("写真", "tokyo.txt"),
        ("IMG_0042", "IMG_0042.jpg"),
        ("img_0042.jpg", "IMG_0042.jpg"),
        ("snow bridge", "letter 7 snow bridge.txt"),
        ("lamp kitchen", "scan 0815.pdf"),
    ],
)
def test_exact_words_names_and_numbers_come_first(library: LocalLibrary, query: str, name: str) -> None:
    assert names(ask(library, query))[0] == name


def test_a_phrase_is_meant_as_written(library: LocalLibrary) -> None:
    assert all(hit.band is Band.WEAK for hit in ask(library, '"brücke frau"').hits)
    assert names(ask(library, '"frau brücke"')) == ["Rechnung 4711-A.pdf"]
    assert len(ask(library, '"brücke frau"', all_hits=True).hits) > 5


def test_a_tag_tells_why(library: LocalLibrary) -> None:
    hit = ask(library, "anna").hits[0]
    assert name_of(hit.path) == "grey.jpg"
    assert hit.own_tags == ("holiday", "Anna")
    assert ("tag", "Anna") in {(reason.kind, reason.detail) for reason in hit.why}


def test_small_words_are_no_reason(library: LocalLibrary) -> None:
    hit = ask(library, "die rechnungen").hits[0]
    assert ("words", "rechnungen") in {(reason.kind, reason.detail) for reason in hit.why}


# ---- no result


@pytest.mark.parametrize("query", ["qwxzv blorf", "xyzabcxyz", "asdkjh qwe", *nonsense_texts(8, seed=99)])
def test_nonsense_gives_nothing(library: LocalLibrary, query: str) -> None:
    results = ask(library, query)
    assert (results.total, len(results.hits)) == (0, 0)
    assert results.more > 0
    more = ask(library, query, all_hits=True, limit=20)
    assert len(more.hits) == 20
    assert {hit.band for hit in more.hits} == {Band.WEAK}


@pytest.mark.parametrize("thing", THINGS[:12])
def test_true_queries_keep_their_true_hits(library: LocalLibrary, thing: str) -> None:
    dice = random.Random(1)
    shown = {}
    for i in range(260):
        folder = dice.choice(("Rome", "Oslo"))
        shown[f"/home/me/Pictures/{folder}/IMG_{i:04d}.jpg"] = dice.sample(THINGS, 2)
    true = {path for path, things in shown.items() if thing in things}
    found = {hit.path for hit in ask(library, f"a {thing}").hits if hit.kind is Kind.PHOTO}
    assert len(true & found) >= 0.7 * len(true)
    assert len(found - true) <= len(true)


def test_strictness_takes_away(library: LocalLibrary) -> None:
    totals = [ask(library, "dog snow", strictness=strictness).total for strictness in (0, 50, 100)]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] > totals[2]


@pytest.mark.parametrize("query", ["dog", "whale", "qwxzv blorf", "tax budget", "rechnug"])
@pytest.mark.parametrize("where", ["in:Rome", "in:Documents", "kind:photo", "after:2022", "camera:pixel"])
def test_filters_change_no_band(library: LocalLibrary, query: str, where: str) -> None:
    everything = {hit.path: hit.band for hit in ask(library, query, all_hits=True, limit=1000).hits}
    kept = ask(library, f"{query} {where}", all_hits=True, limit=1000).hits
    assert {hit.path: hit.band for hit in kept} == {hit.path: everything[hit.path] for hit in kept}


@pytest.mark.parametrize("count", [1, 12])
def test_small_libraries_are_honest_too(tmp_path: Path, count: int) -> None:
    where = places_in(tmp_path)
    write(where, [photo(f"/p/{thing}.png", thing, root="/p") for thing in THINGS[:count]])
    small = LocalLibrary(where, Settings, open_tower=lambda _space, _tower: ConceptTower())
    try:
        assert not any(ask(small, text).hits for text in nonsense_texts(6, seed=7))
        assert all(f"{thing}.png" in names(ask(small, f"a {thing}")) for thing in THINGS[: min(6, count)])
    finally:
        small.close()


# ---- arithmetic, feedback, similar


def test_minus_subtracts_and_penalises(library: LocalLibrary) -> None:
    with_ship = ask(library, "whale kind:document")
    assert "whales.pdf" in names(with_ship)
    without = ask(library, "whale -ship kind:document", all_hits=True)
    by_name = {name_of(hit.path): hit for hit in without.hits}
    assert by_name["whales.pdf"].band is Band.WEAK
    assert by_name["one whale.pdf"].band is not Band.WEAK


@pytest.mark.parametrize("query", ["whale", "dog beach", "giraffe"])
def test_subtracting_what_is_not_there_takes_nothing_away(library: LocalLibrary, query: str) -> None:
    alone, less = (ask(library, f"{query} {rest}kind:photo", limit=50) for rest in ("", "-invoice "))
    sure = {name_of(hit.path) for hit in alone.hits if hit.band is not Band.WEAK}
    assert sure
    assert sure <= set(names(less))


def test_subtracting_from_nonsense_finds_nothing(library: LocalLibrary) -> None:
    assert not ask(library, "qwxzv -whale").hits


def test_pictures_and_words_add_up(library: LocalLibrary) -> None:
    data = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), 77, dtype=np.uint8)).save(data, "PNG")
    alone = library.search(Query((ImagePart(data=data.getvalue()),)), limit=5)
    assert names(alone)[0] == "grey.jpg"
    both = library.search(Query((ImagePart(data=data.getvalue()), TextPart("giraffe", 1.0))), limit=10)
    assert "grey.jpg" in names(both)
    assert any("giraffe" in name or "copy" in name for name in names(both))


def test_an_expression_knows_the_librarys_pictures(library: LocalLibrary) -> None:
    query = library.parse("grey.jpg + giraffe - savanna")
    assert [type(part) for part in query.parts] == [ImagePart, TextPart, TextPart]
    assert [part.weight for part in query.parts] == [1.0, 1.0, -1.0]


def test_feedback_is_reversible(library: LocalLibrary) -> None:
    plain = Query((TextPart("whale"),))
    before = library.search(plain, limit=20)
    liked, disliked = before.hits[0], before.hits[-1]
    marked = Query(
        (
            *plain.parts,
            ImagePart(unit_id=liked.unit_id, weight=MORE_LIKE_WEIGHT),
            ImagePart(unit_id=disliked.unit_id, weight=LESS_LIKE_WEIGHT),
        )
    )
    after = library.search(marked, limit=20)
    assert names(after) != names(before)
    assert names(after)[0] in {names(before)[0], names(before)[1]}
    assert names(library.search(plain, limit=20)) == names(before)


def test_similar_leaves_out_the_item_and_copies(library: LocalLibrary) -> None:
    item = library.hit("/home/me/Pictures/copy one.jpg")
    assert item is not None
    found = names(library.similar(item.unit_id, limit=4))
    assert not {"copy one.jpg", "copy two.jpg"} & set(found)
    assert "other giraffe.jpg" in found
    assert len({"other copy.jpg", "other copy 2.jpg"} & set(found)) == 1


def test_similar_to_a_passage(library: LocalLibrary) -> None:
    hit = next(h for h in ask(library, "whale sea", limit=9).hits if name_of(h.path) == "one whale.pdf")
    assert names(library.similar(hit.unit_id, limit=2, filters=Filters(kind=Kind.DOCUMENT)))[0] == "whales.pdf"
    assert library.similar("no such unit").hits == ()


# ---- browsing, paging, reports


def test_pages_join_without_a_cap(library: LocalLibrary) -> None:
    whole = names(ask(library, "dog", all_hits=True, limit=1000))
    pages = [names(ask(library, "dog", all_hits=True, limit=150, offset=offset)) for offset in range(0, 450, 150)]
    assert sum(map(len, pages)) == len(whole) == len(set(whole)) == len(files())
    assert {name for page in pages for name in page} == set(whole)


def test_no_parts_browse(library: LocalLibrary) -> None:
    results = ask(library, "in:rome", limit=10)
    assert results.total > 10
    assert len(results.hits) == 10
    times = [hit.taken_at for hit in results.hits]
    assert times == sorted(times, reverse=True)
    oldest = library.search(Query(), sort=Sort.OLDEST, limit=1).hits[0]
    assert oldest.taken_at is not None
    assert oldest.taken_at.year == 2020


@pytest.mark.parametrize("query", [Query(), Query((TextPart("dog"),))], ids=["browsing", "searching"])
@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_months_are_those_of_the_list_in_its_order(library: LocalLibrary, query: Query, sort: Sort) -> None:
    results = library.search(query, sort=sort, limit=1000)
    dates = (hit.taken_at or datetime.fromtimestamp(hit.modified_ns / 1e9) for hit in results.hits)
    months = groupby(dates, key=lambda at: (at.year, at.month))
    assert [(m.year, m.month, m.files) for m in results.months] == [(*key, len(list(run))) for key, run in months]
    assert sum(month.files for month in results.months) == results.total
    assert library.search(query, sort=sort, limit=10, offset=10).months == ()
    assert library.search(query, sort=Sort.NAME, limit=10).months == ()


def test_sorting_by_date_keeps_what_the_evidence_supports(library: LocalLibrary) -> None:
    relevance, newest = ask(library, "dog"), ask(library, "dog", sort=Sort.NEWEST)
    assert sorted(names(relevance)) == sorted(names(newest))
    assert relevance.total == newest.total


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
def test_a_file_that_goes_while_it_is_found_is_left_out(
    library: LocalLibrary, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    before = names(ask(library, "dog", sort=sort))
    units = IndexReader.units

    def without_one(reader: IndexReader, ids: Sequence[str]) -> list[UnitRow]:
        return [row for row in units(reader, ids) if name_of(row.path) != gone]

    words = ask(library, "dog")
    gone = next(name_of(hit.path) for hit in words.hits if hit.kind is Kind.PHOTO)
    monkeypatch.setattr(library, "_last", None)  # the ranking that is kept knows the rows
    monkeypatch.setattr(IndexReader, "units", without_one)
    assert names(ask(library, "dog", sort=sort)) == [name for name in before if name != gone]


def test_a_hit_is_known_whole(library: LocalLibrary) -> None:
    hit = library.hit("/home/me/Documents/whales.pdf")
    assert hit is not None
    assert (hit.kind, hit.size) == (Kind.DOCUMENT, 5000)
    assert library.hit("/nowhere") is None


def test_reports(library: LocalLibrary, places: AppDirs) -> None:
    status = library.status()
    assert (status.photos, status.documents, status.model) == (266, 126, SPACE.name)
    assert library.failures() == ()
    choices = library.choices()
    assert {camera for camera, _ in choices.cameras} == {"X100V", "Pixel 8"}
    assert ("holiday", 1) in choices.tags
    assert dict(choices.folders)["/home/me/Pictures"] == 266
    with_pictures = ThumbnailStore(places.thumbnails_file)
    with_pictures.put_many({"key": b"jpeg"})
    with_pictures.close()
    assert library.thumbnails(["key", "other"]) == {"key": b"jpeg"}


# ---- without a model, without an index


def test_words_are_found_at_once_while_the_model_loads(places: AppDirs) -> None:
    tower = ConceptTower(loaded=False)
    waiting = LocalLibrary(places, Settings, wait_for_model=False, open_tower=lambda _space, _tower: tower)
    try:
        first = ask(waiting, "Rechnung")
        assert (first.model, names(first)[0]) == (None, "Rechnung 4711-A.pdf")
        assert first.notes
        waiting.warm_up()
        assert ask(waiting, "Rechnung").model == SPACE.name
    finally:
        waiting.close()
    assert tower.closed


def test_without_a_model_words_alone_answer_and_pictures_say_why(places: AppDirs) -> None:
    def missing(_space: object, _tower: str) -> ConceptTower:
        raise ModelMissing("No model is installed.", "Run “semblance model download”.")

    bare = LocalLibrary(places, Settings, open_tower=missing)
    try:
        results = ask(bare, "rechnung")
        assert (results.model, names(results)) == (None, ["Rechnung 4711-A.pdf"])
        assert "No model is installed" in results.notes[0]
        assert ask(bare, "giraffe").hits[0].why[0].kind == "name"
        with pytest.raises(UserError):
            bare.search(Query((ImagePart(data=b"x"),)))
    finally:
        bare.close()


def test_before_anything_is_indexed_everything_is_empty(tmp_path: Path) -> None:
    empty = LocalLibrary(places_in(tmp_path), Settings, open_tower=lambda _space, _tower: ConceptTower())
    assert ask(empty, "dog").hits == ()
    assert ask(empty, "dog").notes
    assert empty.similar("x").hits == ()
    assert empty.hit("/x") is None
    assert empty.failures() == ()
    assert empty.choices().cameras == ()
    assert empty.thumbnails(["x"]) == {}
    empty.close()


def test_a_picture_that_cannot_be_read_is_a_clear_error(library: LocalLibrary) -> None:
    with pytest.raises(UserError, match="could not be read"):
        library.search(Query((ImagePart(data=b"not a picture"),)))
    with pytest.raises(UserError):
        library.search(Query((ImagePart(path="/nowhere.jpg"),)))


def test_the_vectors_of_the_miniature_have_a_gap() -> None:
    texts = vector_of("dog", "text") @ vector_of("piano", "text")
    crossed = vector_of("dog", "text") @ vector_of("dog", "image")
    assert texts > crossed + 0.2


# ---- an index that goes away


def test_an_index_deleted_under_an_open_library_is_an_empty_one_until_there_is_another(tmp_path: Path) -> None:
    where = places_in(tmp_path)
    write(where, files()[:20])
    library = LocalLibrary(where, Settings, open_tower=lambda _space, _tower: ConceptTower())
    try:
        assert ask(library, "whale").model is not None
        path = library.search(Query()).hits[0].path
        shutil.rmtree(where.index)
        answer = library.search(Query())
        assert (answer.total, answer.notes) == (0, ("Nothing is indexed yet: add a folder and let it be indexed.",))
        assert library.hit(path) is None
        assert library.text(path) == ""
        assert library.status().photos == 0
        where.create()
        write(where, files()[:30])
        assert library.search(Query()).total == 30
        assert ask(library, "whale").model is not None
    finally:
        library.close()
