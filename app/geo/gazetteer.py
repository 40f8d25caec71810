"""Cities by name and by place, from GeoNames (CC BY 4.0); `resources.places_of_geonames` makes the list.

The list is read when it is first asked, and stays the bytes it is: a name is looked for in them. That takes a
millisecond or, where there is none, seven; a dictionary of all names would take longer to build than many searches.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any, Final

from app.geo.circle import EARTH_RADIUS_KM, GeoCircle
from app.text.analysis import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_DISTANCE_KM: Final = 40.0
"""From the edge of a city: what lies farther from all is not near to any."""
_KM_OF_LATITUDE = 111.2
# A city of a million is taken to be a circle of 6 km: 8,800 people on a square kilometre.
_RADIUS_PER_ROOT_INHABITANT = 0.006
_MAX_CITY_RADIUS_KM = 20.0
_NEAR_MARGIN_KM = 10.0
_SUBURBS_KM = 2.0
_COUNTRY_KM = 250.0
_COUNTRY_MARGIN_KM = 40.0
# Where people say the state with the city.
_WITH_REGION = frozenset({"AU", "CA", "US"})
_NUMBERS = re.compile(rb"\t(-?\d+\.\d+)\t(-?\d+\.\d+)\t(\d+)\t\|")
_REGION = re.compile(rb"\t([A-Z]{2}\t[^\t]*)\t-?\d+\.\d+\t-?\d")
_APOSTROPHES = re.compile("['`´‘’ʻʼʹ]")
_SEPARATORS = re.compile(r"[\s!-/:-@\[-`{-~\u2010-\u2015·・、，]+")


@dataclass(frozen=True, slots=True)
class City:
    """A city of the list.

    Attributes:
        name: in English, or as it is there; `german`: where that is another, else "".
        country: code of two letters; `region`: a state or province, "" where they are not named.
    """

    name: str
    german: str
    country: str
    region: str
    latitude: float
    longitude: float
    population: int

    @property
    def city_radius_km(self) -> float:
        """About how far from its centre it ends."""
        return min(_MAX_CITY_RADIUS_KM, _RADIUS_PER_ROOT_INHABITANT * sqrt(self.population))

    def distance_km(self, latitude: float, longitude: float) -> float:
        """How far a point is from its centre."""
        height = sin(radians(latitude - self.latitude) / 2) ** 2
        width = sin(radians(longitude - self.longitude) / 2) ** 2
        chord = height + cos(radians(latitude)) * cos(radians(self.latitude)) * width
        return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether a point is in it, rather than only near."""
        return self.distance_km(latitude, longitude) <= self.city_radius_km + _SUBURBS_KM

    def near(self, radius_km: float | None = None) -> GeoCircle:
        """What "near" it means: without a radius, up to 10 km beyond its edge."""
        radius = radius_km if radius_km is not None else float(round(self.city_radius_km + _NEAR_MARGIN_KM))
        return GeoCircle(self.latitude, self.longitude, radius, self.display_name())

    def display_name(self, language: str = "en") -> str:
        """With its country: "Munich, Germany", "München, Deutschland"; `find` finds it by either."""
        german = language == "de"
        english_country, german_country = _city_list().countries[self.country][:2]
        region = (self.region,) if self.country in _WITH_REGION and self.region else ()
        name = (german and self.german) or self.name
        return ", ".join((name, *region, german_country if german else english_country))


def place_names_at(latitude: float, longitude: float) -> tuple[str, ...]:
    """What a photo taken there may be looked for by: city, region and country in English and German.

    The nearest city and the largest of its country lend their names as far as "near" them goes. Farther off the country
    alone is told, and only where it is beyond doubt: Sylt is nearer to Danish towns than to German ones.
    """
    nearest_one, largest = _city_list().around(latitude, longitude)
    if nearest_one is None:
        return _city_list().country_at(latitude, longitude)
    if nearest_one.distance_km(latitude, longitude) > nearest_one.near().radius_km:
        return _city_list().country_at(latitude, longitude)
    cities = [nearest_one, largest] if largest is not None else [nearest_one]
    names = [name for city in cities for name in (city.name, city.german)]
    names += [nearest_one.region, *_city_list().countries[nearest_one.country]]
    return tuple(dict.fromkeys(name for name in names if name))


def fold_name(name: str) -> str:
    """A name as it is compared: without case, accents and punctuation."""
    return _SEPARATORS.sub(" ", _APOSTROPHES.sub("", fold(name))).strip()


@lru_cache(maxsize=1000)
def find_city(name: str) -> City | None:
    """The city meant: "paris", "München", "Paris, Texas", "springfield, us".

    A city's own name goes before its other ones, those before codes ("MUC"), and of namesakes the largest first.
    """
    own, *narrower = (fold_name(part) for part in name.split(","))
    found = _city_list().first(own, [part for part in narrower if part])
    if found is None and not narrower:  # "paris texas"
        words = own.split(" ")
        for count in range(len(words) - 1, 0, -1):
            found = found or _city_list().first(" ".join(words[:count]), [" ".join(words[count:])])
    return found


def nearest_city(latitude: float, longitude: float) -> City | None:
    """The city that a point is in or near, None where there is none for 40 km.

    That is the one whose edge is nearest or which it is deepest in, so that a suburb bears the name of its city; but
    a neighbour in the next country or state keeps its own.
    """
    return _city_list().around(latitude, longitude)[0]


class _CityList:
    """The list."""

    def __init__(self, text: bytes) -> None:
        _, countries, regions, self._cities = text.split(b"\n\n")
        rows = [line.split("\t") for line in countries.decode().split("\n")]
        self.countries: Mapping[str, tuple[str, ...]] = {
            row[0]: (row[1], row[2], *filter(None, row[3].split("|"))) for row in rows
        }
        """By code: the English name, the German one, others."""
        self._within: dict[str, set[tuple[str, str]]] = {}
        """What narrows: folded names of countries (code, "") and regions (code, code)."""
        for row in rows:
            for name in row[4].strip("|").split("|"):
                self._within.setdefault(name, set()).add((row[0], ""))
        self._regions: dict[tuple[str, str], str] = {}
        for line in regions.decode().split("\n"):
            country, code, name = line.split("\t")
            self._regions[country, code] = name
            for told in (name, code):
                self._within.setdefault(fold_name(told), set()).add((country, code))
        self._map: _CityMap | None = None

    def first(self, name: str, narrower: list[str]) -> City | None:
        if not name:
            return None
        allowed = [self._within.get(part, set()) for part in narrower]
        folded = name.encode()
        for wanted in (b"|=%b|" % folded, b"|%b|" % folded, b"|%b|" % folded.upper()):
            for start in self._lines_with(wanted):
                row = self._row(start)
                if all((row[2], "") in places or (row[2], row[3]) in places for places in allowed):
                    return self._city(row)
        return None

    def _lines_with(self, wanted: bytes) -> Iterator[int]:
        at = self._cities.find(wanted)
        while at >= 0:
            yield self._cities.rfind(b"\n", 0, at) + 1
            at = self._cities.find(wanted, at + 1)

    def _row(self, start: int) -> list[str]:
        end = self._cities.index(b"\t|", start)
        return self._cities[start:end].decode().split("\t")

    def _city(self, row: list[str]) -> City:
        name, german, country, region, latitude, longitude, population = row
        region = self._regions.get((country, region), "")
        return City(name, german, country, region, float(latitude), float(longitude), int(population))

    def around(self, latitude: float, longitude: float) -> tuple[City | None, City | None]:
        """The nearest city, and the largest of the same country that the point is "near"."""
        if self._map is None:
            self._map = _CityMap(self._cities)
        starts = self._map.around(latitude, longitude)
        nearest_one, largest = (None if start is None else self._city(self._row(start)) for start in starts)
        return nearest_one, largest

    def country_at(self, latitude: float, longitude: float) -> tuple[str, ...]:
        """The names of a country from whose cities a point is far."""
        start = self._map.of_one_country(latitude, longitude) if self._map is not None else None
        return () if start is None else tuple(dict.fromkeys(self.countries[self._row(start)[2]]))


class _CityMap:
    """Where the cities lie, by latitude, so that only those of a narrow band are looked at."""

    def __init__(self, cities: bytes) -> None:
        import numpy as np

        numbers = np.array(_NUMBERS.findall(cities), dtype="S12").astype(np.float64)
        order = np.argsort(numbers[:, 0], kind="stable")
        regions: dict[bytes, int] = {}
        region = np.array([regions.setdefault(one, len(regions)) for one in _REGION.findall(cities)], dtype=np.int32)
        ends = np.flatnonzero(np.frombuffer(cities, dtype=np.uint8) == ord("\n"))
        starts = np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))[: len(numbers)]
        self._latitude: NDArray[np.float64] = numbers[order, 0]
        self._longitude: NDArray[np.float64] = numbers[order, 1]
        self._reach = np.minimum(_MAX_CITY_RADIUS_KM, _RADIUS_PER_ROOT_INHABITANT * np.sqrt(numbers[order, 2]))
        self._region, self._start = region[order], starts[order]
        countries: dict[bytes, int] = {}
        country = np.array([countries.setdefault(one[:2], len(countries)) for one in regions], dtype=np.int32)
        self._country = country[self._region]

    def around(self, latitude: float, longitude: float) -> tuple[int | None, int | None]:
        """Where the lines of the two cities begin."""
        import numpy as np

        band = self._band(latitude, MAX_DISTANCE_KM + _MAX_CITY_RADIUS_KM)
        if band.start == band.stop:
            return None, None
        distance = self._distances(band, latitude, longitude)
        beyond = distance - self._reach[band]
        beyond[self._region[band] != self._region[band][int(distance.argmin())]] = np.inf
        best = int(beyond.argmin())
        if beyond[best] > MAX_DISTANCE_KM:
            return None, None
        start, reach = self._start[band], self._reach[band]
        at_home = self._country[band] == self._country[band][best]
        large = np.where(at_home & (distance <= reach + _NEAR_MARGIN_KM), reach, 0.0)
        largest = int(large.argmax())
        return int(start[best]), int(start[largest]) if large[largest] > 0 else None

    def of_one_country(self, latitude: float, longitude: float) -> int | None:
        """The line of the nearest city, if those that are hardly farther are of the same country."""
        band = self._band(latitude, _COUNTRY_KM)
        if band.start == band.stop:
            return None
        distance, country = self._distances(band, latitude, longitude), self._country[band]
        best = int(distance.argmin())
        rivals = country[distance <= distance[best] + _COUNTRY_MARGIN_KM]
        return int(self._start[band][best]) if distance[best] <= _COUNTRY_KM and (rivals == rivals[0]).all() else None

    def _band(self, latitude: float, kilometres: float) -> slice:
        """The cities that are so far to the north or south at most."""
        far = kilometres / _KM_OF_LATITUDE
        low, high = self._latitude.searchsorted((latitude - far, latitude + far)).tolist()
        return slice(low, high)

    def _distances(self, band: slice, latitude: float, longitude: float) -> NDArray[Any]:
        import numpy as np

        height = np.sin(np.radians(self._latitude[band] - latitude) / 2) ** 2
        width = np.sin(np.radians(self._longitude[band] - longitude) / 2) ** 2
        chord = height + cos(radians(latitude)) * np.cos(np.radians(self._latitude[band])) * width
        kilometres: NDArray[Any] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
        return kilometres


@lru_cache(maxsize=1)
def _city_list() -> _CityList:
    return _CityList(gzip.decompress((resources.files("resources") / "places.tsv.gz").read_bytes()))
