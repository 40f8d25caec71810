"""Where a photo was taken is a word like any other: found, ranked with what it shows, told as the reason, taken off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.records import Facts
from app.core.settings import Settings
from app.query.queries import Reason
from app.search import LocalLibrary
from tests.app.miniature import ConceptTower, ask, document, name_of, names, photo, places_in, write

MUNICH = Facts(latitude=48.16, longitude=11.6)
PARIS = Facts(latitude=48.8584, longitude=2.2945)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalLibrary]:
    places = places_in(tmp_path_factory.mktemp("library"))
    taken = [
        ("meal", "dinner table", PARIS),
        ("tower", "tower sky", PARIS),
        ("feast", "dinner table", MUNICH),
        ("beer", "beer garden", MUNICH),
        ("Paris Hilton", "woman hotel", MUNICH),
        ("supper", "dinner table", Facts()),
        *((f"other {i}", thing, Facts()) for i, thing in enumerate(("snow", "car", "ship", "rain", "lake"))),
    ]
    files = [  # those that show the same are the same to the model, too
        photo(f"/home/me/Pictures/{name}.jpg", shows, facts=facts, content=f"{shows:32}")
        for name, shows, facts in taken
    ]
    write(places, [*files, document("/home/me/Documents/guide.txt", ["a walk through paris"])])
    made = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: ConceptTower())
    yield made
    made.close()


def whys(library: LocalLibrary, text: str) -> dict[str, list[Reason]]:
    """Of the files that words speak for."""
    words = ("place", "words", "name")
    return {
        name_of(hit.path): [why for why in hit.why if why.kind in words]
        for hit in ask(library, text).hits
        if any(why.kind in words for why in hit.why)
    }


@pytest.mark.parametrize("query", ["munich", "München", "munch", "germany", "deutschland", "Bayern", "münche"])
def test_a_photo_is_found_by_city_region_and_country(library: LocalLibrary, query: str) -> None:
    found = whys(library, query)
    assert set(found) == {"feast.jpg", "beer.jpg", "Paris Hilton.jpg"}
    assert all(reasons == [Reason("place", query)] for reasons in found.values())


def test_of_what_shows_the_same_what_was_taken_there_comes_first(library: LocalLibrary) -> None:
    assert names(ask(library, "dinner paris kind:photo", all_hits=True))[0] == "meal.jpg"
    assert names(ask(library, "dinner munich kind:photo", all_hits=True))[0] == "feast.jpg"


def test_reasons_tell_place_name_and_words_apart(library: LocalLibrary) -> None:
    found = whys(library, "paris")
    assert found["meal.jpg"] == [Reason("place", "paris")]
    assert found["Paris Hilton.jpg"] == [Reason("name", "paris")]
    assert found["guide.txt"] == [Reason("words", "paris")]
    assert whys(library, "paris munich")["Paris Hilton.jpg"] == [Reason("place", "munich"), Reason("name", "paris")]


def test_a_place_is_no_passage_to_be_shown(library: LocalLibrary) -> None:
    (hit,) = (hit for hit in ask(library, "munich").hits if name_of(hit.path) == "beer.jpg")
    assert hit.snippet is None


def test_a_place_is_subtracted(library: LocalLibrary) -> None:
    order = names(ask(library, "dinner -paris", all_hits=True))
    assert order.index("meal.jpg") > max(order.index("feast.jpg"), order.index("supper.jpg"))


def test_near_and_its_words_mean_the_same_photos(library: LocalLibrary) -> None:
    assert set(names(ask(library, "near:paris"))) == {"meal.jpg", "tower.jpg"}
    assert set(names(ask(library, "near:münchen kind:photo"))) == {"feast.jpg", "beer.jpg", "Paris Hilton.jpg"}


def test_a_photo_says_its_place_wherever_it_lies(tmp_path: Path) -> None:
    """A folder named Munich and the place are one word, found once."""
    places = places_in(tmp_path)
    write(places, [photo("/home/me/Pictures/Munich/a.jpg", "dog", facts=MUNICH), photo("/home/me/b.jpg", "cat")])
    made = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: ConceptTower())
    assert names(ask(made, "munich")) == ["a.jpg"]
    made.close()
