"""The list is never falsely empty, says when nothing stands out, and does not jump when a file goes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.records import EmbeddedFile, Kind
from app.core.settings import Settings
from app.query.queries import Band, Results, Sort
from app.ranking.thresholds import BAND_ORDER
from app.search import LocalLibrary
from app.search.keyword_search import KeywordSearch
from app.search.ranker import RankedFiles, Ranker, SearchRequest
from tests.app.miniature import ConceptTower, ask, document, name_of, names, photo, places_in, write

_THINGS = ("dog", "beach", "forest", "car", "guitar", "church", "snow", "train", "bird", "kitchen", "lamp", "market")


def files() -> list[EmbeddedFile]:
    dice = random.Random(3)
    made = [photo(f"/home/me/Pictures/IMG_{i:04d}.jpg", " ".join(dice.sample(_THINGS, 2))) for i in range(120)]
    made += [photo(f"/home/me/Pictures/zebra {i}.jpg", "zebra savanna", content=f"{i:032x}") for i in range(3)]
    made += [document(f"/home/me/Documents/note {i}.txt", [f"tax budget minutes {i}"]) for i in range(30)]
    made += [document("/home/me/Documents/scan.txt", ["Invoice 4711 of the locksmith"])]
    return made


def opened(folder: Path, content: list[EmbeddedFile]) -> LocalLibrary:
    where = places_in(folder)
    write(where, content)
    return LocalLibrary(where, Settings, open_tower=lambda _space, _tower: ConceptTower())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalLibrary]:
    made = opened(tmp_path_factory.mktemp("library"), files())
    yield made
    made.close()


@pytest.mark.parametrize("query", ["umbrella", "a wedding", "dog grass^2", "Regenschirm", "umbrella kind:photo"])
def test_real_words_show_at_least_what_is_closest(library: LocalLibrary, query: str) -> None:
    assert ask(library, query).hits


def test_what_is_merely_closest_is_said_to_be(library: LocalLibrary) -> None:
    found = ask(library, "umbrella")
    assert found.closest == found.total == len(found.hits)
    assert 12 <= found.total <= 24
    assert {hit.band for hit in found.hits} == {Band.WEAK}
    assert found.notes == ("Nothing stands out for “umbrella”.",)
    assert found.more > 0


@pytest.mark.parametrize("query", ["qwxzv", "sxjvkm blorf", "küngeworgan"])
def test_letters_in_a_row_find_nothing(library: LocalLibrary, query: str) -> None:
    found = ask(library, query)
    assert not found.hits
    assert found.closest == 0


def test_a_number_lists_what_has_it_and_no_neighbours(library: LocalLibrary) -> None:
    assert names(ask(library, "4711")) == ["scan.txt"]


def test_what_stands_out_is_not_followed_by_what_does_not(library: LocalLibrary) -> None:
    found = ask(library, "zebra savanna")
    assert {"zebra 0.jpg", "zebra 1.jpg", "zebra 2.jpg"} <= set(names(found))
    assert found.closest == 0


def test_documents_with_the_word_do_not_hide_the_closest_photos(library: LocalLibrary) -> None:
    found = ask(library, "locksmith")
    assert name_of(found.hits[0].path) == "scan.txt"
    assert [hit.kind for hit in found.hits[-found.closest :]] == [Kind.PHOTO] * 20
    assert found.notes == ()


def test_pages_of_the_closest_join(library: LocalLibrary) -> None:
    whole = names(ask(library, "umbrella"))
    assert names(ask(library, "umbrella", limit=10)) + names(ask(library, "umbrella", limit=20, offset=10)) == whole


def bands(found: Results) -> dict[str, Band]:
    return {name_of(hit.path): hit.band for hit in found.hits}


@pytest.mark.parametrize("query", ["zebra savanna", "guitar", "dog beach"])
def test_when_one_file_goes_no_other_jumps(tmp_path: Path, library: LocalLibrary, query: str) -> None:
    before = bands(ask(library, query, limit=500, all_hits=True))
    ranked = list(before)
    for gone in (ranked[0], ranked[1], ranked[len(ranked) // 2]):
        rest = opened(tmp_path / gone, [file for file in files() if name_of(file.decoded.state.path) != gone])
        after = bands(ask(rest, query, limit=500, all_hits=True))
        rest.close()
        steps = {name: abs(BAND_ORDER.index(band) - BAND_ORDER.index(before[name])) for name, band in after.items()}
        assert max(steps.values()) <= 1


def test_hits_state_how_often_such_are_right(library: LocalLibrary) -> None:
    found = ask(library, "zebra savanna", all_hits=True)
    stated = [hit.probability for hit in found.hits if hit.kind is Kind.PHOTO]
    assert all(one is not None and 0 <= one <= 1 for one in stated)
    assert stated[0] == max(one for one in stated if one is not None)


def test_a_german_name_of_a_tag_is_understood_by_every_model(library: LocalLibrary) -> None:
    german, english = ask(library, "Kirche", limit=8), ask(library, "church", limit=8)
    assert names(german) == names(english)
    assert german.notes == english.notes == ()


def test_a_ranking_is_computed_once_for_a_question_and_a_table(
    library: LocalLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked: list[str] = []
    rank = Ranker.rank

    def counted(self: Ranker, request: SearchRequest, search: KeywordSearch | None = None) -> RankedFiles:
        ranked.append(request.text)
        return rank(self, request, search)

    monkeypatch.setattr(Ranker, "rank", counted)
    first, second = (ask(library, "guitar forest", limit=5, offset=offset) for offset in (0, 5))
    assert not set(names(first)) & set(names(second))
    ask(library, "guitar forest", limit=5, sort=Sort.NEWEST)
    assert ranked == ["guitar forest"]
    ask(library, "guitar forest", strictness=80)
    ask(library, "guitar")
    assert ranked == ["guitar forest", "guitar forest", "guitar"]


def test_a_ranking_is_made_anew_when_the_table_changes(tmp_path: Path) -> None:
    changing = opened(tmp_path, files())
    before = ask(changing, "4711")
    write(places_in(tmp_path), [document("/home/me/Documents/second.txt", ["Reminder for invoice 4711"])])
    after = ask(changing, "4711")
    changing.close()
    assert (names(before), sorted(names(after))) == (["scan.txt"], ["scan.txt", "second.txt"])
