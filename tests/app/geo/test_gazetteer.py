"""Cities by name and by place."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest

from app.geo.gazetteer import City, find_city, fold_name, nearest_city, place_names_at
from resources.places_of_geonames import compressed, made_of


@pytest.mark.parametrize(
    ("typed", "display_name"),
    [
        ("paris", "Paris, France"),
        ("PARIS", "Paris, France"),
        ("  Paris ,  US ", "Paris, Texas, United States"),
        ("Paris, United States", "Paris, Texas, United States"),
        ("paris, texas", "Paris, Texas, United States"),
        ("paris texas", "Paris, Texas, United States"),
        ("Paris, Frankreich", "Paris, France"),
        ("springfield, illinois", "Springfield, Illinois, United States"),
        ("Springfield, IL", "Springfield, Illinois, United States"),
        ("springfield,us", "Springfield, Missouri, United States"),
        ("London, Ontario", "London, Ontario, Canada"),
        ("london, uk", "London, United Kingdom"),
        ("Frankfurt", "Frankfurt am Main, Germany"),
        ("frankfurt, brandenburg", "Frankfurt (Oder), Germany"),
        ("halle", "Halle (Saale), Germany"),
        ("München", "Munich, Germany"),
        ("muenchen", "Munich, Germany"),
        ("Köln", "Köln, Germany"),
        ("Cologne", "Köln, Germany"),
        ("Wien", "Vienna, Austria"),
        ("Mailand", "Milan, Italy"),
        ("san josé, costa rica", "San José, Costa Rica"),
        ("biel", "Biel/Bienne, Switzerland"),
        ("mexico city", "Mexico City, Mexico"),
        ("san sebastián", "Donostia / San Sebastián, Spain"),
        ("new york", "New York City, New York, United States"),
        ("new-york", "New York City, New York, United States"),
        ("NYC", "New York City, New York, United States"),
        ("muc", "Munich, Germany"),
        ("s-hertogenbosch", "'s-Hertogenbosch, The Netherlands"),
        ("St. Gallen", "Sankt Gallen, Switzerland"),
        ("Москва", "Moscow, Russia"),
        ("東京", "Tokyo, Japan"),
        ("서울", "Seoul, South Korea"),
        ("Αθήνα", "Athens, Greece"),
        ("القاهرة", "Cairo, Egypt"),
        ("İzmir", "İzmir, Turkey"),
    ],
)
def test_a_city_by_name(typed: str, display_name: str) -> None:
    found = find_city(typed)
    assert found is not None
    assert found.display_name() == display_name


@pytest.mark.parametrize(
    "typed",
    ["", " ", ",", "|", "\t", "\n", "nowhere at all", "paris, atlantis", "france", ", us", "\0"],
)
def test_what_is_no_city(typed: str) -> None:
    assert find_city(typed) is None


@pytest.mark.parametrize(
    ("typed", "display_name"),
    [("munich", "München, Deutschland"), ("rome", "Rom, Italien"), ("oslo", "Oslo, Norwegen"),
     ("portland", "Portland, Oregon, Vereinigte Staaten")],
)  # fmt: skip
def test_in_german(typed: str, display_name: str) -> None:
    found = find_city(typed)
    assert found is not None
    assert found.display_name("de") == display_name


@pytest.mark.parametrize(
    "typed", ["paris", "Frankfurt (Oder)", "springfield, illinois", "the hague", "tripoli", "la paz"]
)
def test_as_it_is_said_it_is_found_again(typed: str) -> None:
    found = find_city(typed)
    assert found is not None
    assert find_city(found.display_name("en")) == find_city(found.display_name("de")) == found


@pytest.mark.parametrize(
    ("what", "latitude", "longitude", "display_name"),
    [
        ("the cathedral of Munich", 48.138, 11.573, "Munich, Germany"),
        ("Schwabing, a quarter of it", 48.163, 11.586, "Munich, Germany"),
        ("Bogenhausen, a quarter with a line of its own", 48.155, 11.635, "Munich, Germany"),
        ("Dachau, a town before it", 48.26, 11.434, "Dachau, Germany"),
        ("the Eiffel Tower", 48.8584, 2.2945, "Paris, France"),
        ("Versailles", 48.804, 2.12, "Versailles, France"),
        ("Croydon, 15 km from the centre", 51.376, -0.098, "London, United Kingdom"),
        ("Jersey City, in another state", 40.728, -74.077, "Jersey City, New Jersey, United States"),
        ("Windsor, across a river and a border", 42.30, -83.02, "Windsor, Ontario, Canada"),
        ("Oerlikon", 47.41, 8.54, "Zürich, Switzerland"),
        ("Sydney, south of the equator", -33.8, 151.28, "Sydney, New South Wales, Australia"),
        ("the foot of the Zugspitze", 47.42, 10.985, "Garmisch-Partenkirchen, Germany"),
        ("Labasa in Fiji, three degrees from the date line", -16.43, 179.37, "Labasa, Fiji"),
    ],
)  # fmt: skip
def test_a_city_by_place(what: str, latitude: float, longitude: float, display_name: str) -> None:
    found = nearest_city(latitude, longitude)
    assert found is not None, what
    assert found.display_name() == display_name


@pytest.mark.parametrize(
    ("latitude", "longitude", "names"),
    [
        (48.137, 11.575, ("Munich", "München", "Bayern", "Germany", "Deutschland")),
        (48.26, 11.434, ("Dachau", "Munich", "München", "Bayern", "Germany", "Deutschland")),
        (59.913, 10.752, ("Oslo", "Norway", "Norwegen")),
        (
            45.52,
            -122.68,
            ("Portland", "Oregon", "United States", "Vereinigte Staaten", "America", "Amerika", "USA"),
        ),
        (47.42, 10.985, ()),  # the Zugspitze, 12 km from Garmisch-Partenkirchen, 20 from Austrian towns
        (54.9, 8.31, ()),  # Sylt
        (0.0, -30.0, ()),
        (36.42, 25.43, ("Greece", "Griechenland")),  # Santorini, 120 km from the next city
        (36.06, -112.14, ("United States", "Vereinigte Staaten", "America", "Amerika", "USA")),  # the Grand Canyon
        (64.42, -16.8, ("Iceland", "Island")),  # the glacier in its middle
        (47.0, 160.0, ()),
        (47.56, 13.65, ()),  # Hallstatt
    ],
)
def test_the_names_of_a_place(latitude: float, longitude: float, names: tuple[str, ...]) -> None:
    assert place_names_at(latitude, longitude) == names


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, -30.0), (90.0, 0.0), (-90.0, 180.0), (78.0, -40.0)])
def test_far_from_all(latitude: float, longitude: float) -> None:
    assert nearest_city(latitude, longitude) is None


def test_how_far_and_how_large() -> None:
    munich = find_city("munich")
    assert munich is not None
    assert munich.distance_km(munich.latitude, munich.longitude) == 0
    assert munich.distance_km(52.52, 13.405) == pytest.approx(504, abs=1)
    assert munich.contains(48.137, 11.69)
    assert not munich.contains(48.137, 11.71)
    assert munich.city_radius_km == pytest.approx(7.4, abs=0.1)
    assert City("Large", "", "DE", "", 0, 0, 10**9).city_radius_km == 20


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Saint-Étienne", "saint etienne"), ("L'Aquila", "laquila"), ("Łódź", "lodz"), ("Biel/Bienne", "biel bienne"),
     ("  St.  Gallen ", "st gallen"), ("|\t", "")],
)  # fmt: skip
def test_names_are_compared_folded(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def test_nothing_is_read_before_it_is_asked() -> None:
    """Neither at the start nor by a search without a place."""
    program = (
        "import sys; from app.query.language import parse; parse('dog kind:photo near:48.86,2.35,5km'); "
        "assert 'app.geo.gazetteer' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# ---- how the list is made


def _city(
    name: str, country: str, people: int, *others: str, at: tuple[float, float] = (10.0, 20.0)
) -> dict[str, object]:
    return {"geonameid": people, "name": name, "countrycode": country, "admin1code": "01", "latitude": at[0],
            "longitude": at[1], "population": people, "alternatenames": list(others)}  # fmt: skip


CITIES = {
    "1": _city("Ozerki", "RU", 20_000, "Озерки", "ozerki", "OZK", "Озеро Большое", "Ozérki", "オゼルキ"),
    "2": _city("Ozerki 2 North", "RU", 15_000),
    "4": _city("Ozerki (Kreis 2)", "RU", 500, at=(10.012, 20.0)),
    "5": _city("Ozerki Beach", "RU", 400, at=(10.012, 20.0)),
    "3": _city("Rome", "IT", 2_000_000, "Rom", "Roma", "ROM", "Ρώμη", at=(41.9, 12.5)),
}
COUNTRIES = {
    "IT": {"name": "Italy", "iso3": "ITA", "languages": "it-IT,de-IT"},
    "RU": {"name": "Russia", "iso3": "RUS", "languages": "ru,tt"},
    "AN": {"name": "Netherlands Antilles", "iso3": "ANT", "languages": "nl-AN"},
}
EXTRA = {
    "regions": {"IT": {"07": "Lazio"}},
    "other_names": {"RU": ["Russian Federation"]},
    "german": {"countries": {"IT": "Italien", "RU": "Russland"}, "cities": {"IT": {"Rome": "Rom"}}},
}


def test_the_list_of_a_few_cities() -> None:
    head, *parts = made_of(CITIES, COUNTRIES, {"IL": {"name": "Illinois"}}, EXTRA).split("\n\n")
    assert "GeoNames" in head
    assert "CC BY 4.0" in head
    assert parts == [
        "IT\tItaly\tItalien\t\t|italy|italien|it|ita|\n"
        "RU\tRussia\tRussland\tRussian Federation\t|russia|russland|ru|rus|russian federation|",
        "IT\t07\tLazio\nUS\tIL\tIllinois",
        "Rome\tRom\tIT\t01\t41.900\t12.500\t2000000\t|=rome|rom|roma|ROM|\n"
        "Ozerki\t\tRU\t01\t10.000\t20.000\t20000\t|=ozerki|озерки|озеро большое|OZK|\n"
        "Ozerki Beach\t\tRU\t01\t10.012\t20.000\t400\t|=ozerki beach|\n",
    ]


@pytest.mark.parametrize("german", [{"IT": {"Rome": "Mailand"}}, {"IT": {"Atlantis": "Atlantis"}}])
def test_german_names_that_geonames_does_not_know_are_told(german: dict[str, dict[str, str]]) -> None:
    extra = EXTRA | {"german": EXTRA["german"] | {"cities": german}}
    with pytest.raises(SystemExit, match="GeoNames does not know"):
        made_of(CITIES, COUNTRIES, {}, extra)


def test_the_same_list_makes_the_same_file() -> None:
    assert compressed(b"list") == compressed(b"list")
    assert gzip.decompress(compressed(b"list")) == b"list"
