"""What people wrote about their photos, wherever programs put it: captions, people, places, keywords; sidecars."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from app.metadata import Tags, facts_of, read_facts, stamp_of
from app.metadata.sidecars import is_sidecar, photo_keys, sidecar_key
from app.metadata.xmp import parse_xmp
from tests import samples

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "core": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "mwg": "http://www.metadataworkinggroup.com/schemas/regions/",
    "mp": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def packet(body: str, attributes: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in _SPACES.items())
    return f"<rdf:RDF {spaces}><rdf:Description {attributes}>{body}</rdf:Description></rdf:RDF>".encode()


def alternatives(name: str, **texts: str) -> str:
    items = "".join(f'<rdf:li xml:lang="{key.replace("_", "-")}">{text}</rdf:li>' for key, text in texts.items())
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


@pytest.mark.parametrize(
    ("tags", "caption"),
    [
        ({"xmp": packet(alternatives("dc:description", de="Onkel im Garten", x_default="Uncle in the garden"))},
         "Uncle in the garden\n\nOnkel im Garten"),
        ({"xmp": packet("", 'photoshop:Headline="Uncle in the garden"')}, "Uncle in the garden"),
        ({"xmp": packet(alternatives("exif:UserComment", x_default="Uncle"))}, "Uncle"),
        ({"xmp": packet(alternatives("core:AltTextAccessibility", x_default="A man prunes"))}, "A man prunes"),
        ({"iptc": {(2, 120): ["Onkel Jürgen".encode()]}}, "Onkel Jürgen"),
        ({"iptc": {(2, 120): ["Onkel Jürgen".encode("cp1252")]}}, "Onkel Jürgen"),
        ({"exif": {0x9286: b"ASCII\0\0\0Uncle in the garden"}}, "Uncle in the garden"),
        ({"exif": {0x9286: b"UNICODE\0" + "Onkel Jürgen".encode("utf-16-le")}}, "Onkel Jürgen"),
        ({"exif": {0x9286: b"UNICODE\0" + "Onkel Jürgen".encode("utf-16-be")}}, "Onkel Jürgen"),
        ({"exif": {0x9286: b"JIS\0\0\0\0\0" + "東京".encode("iso2022_jp")}}, "東京"),
        ({"exif": {0x9286: b"\0" * 8 + "Onkel Jürgen".encode()}}, "Onkel Jürgen"),
        ({"exif": {0x9286: b"\0" * 8 + bytes(range(1, 30)) * 3}}, ""),
        ({"exif": {0x9286: b"ASCII\0\0\0" + b" " * 40}}, ""),
        ({"main": {0x9C9C: "Onkel Jürgen\0".encode("utf-16-le")}}, "Onkel Jürgen"),
        ({"comment": b"Uncle in the garden"}, "Uncle in the garden"),
        ({"comment": b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 80"}, ""),
        ({"comment": b"Created with GIMP"}, ""),
        ({"texts": {"description": "Uncle in the garden"}}, "Uncle in the garden"),
        ({"main": {0x010E: "Uncle"}, "xmp": packet(alternatives("dc:title", x_default="Garden"))}, "Uncle"),
        ({"comment": b"Uncle", "iptc": {(2, 120): [b"uncle"]}}, "uncle"),
    ],
)  # fmt: skip
def test_captions(tags: dict[str, Any], caption: str) -> None:
    assert facts_of(Tags(**tags), None).caption == caption


@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("Grüße aus Köln".encode().decode("latin-1"), "Grüße aus Köln"),
        ("東京タワーの夜景".encode().decode("latin-1"), "東京タワーの夜景"),
        ("Grüße aus Köln", "Grüße aus Köln"),
        ("OLYMPUS DIGITAL CAMERA", None),
        ('{"shape": [96, 128]}', None),
        ("DSC0001.JPG", None),
    ],
)
def test_the_description_of_exif_in_utf_8_and_latin_1(description: str, title: str | None) -> None:
    assert facts_of(Tags(main={0x010E: description}), None).title == title


def test_titles_in_other_languages_are_found_too() -> None:
    facts = facts_of(Tags(xmp=packet(alternatives("dc:title", de="Weihnachtsmarkt", x_default="Christmas"))), None)
    assert (facts.title, facts.caption) == ("Christmas", "Weihnachtsmarkt")


_FACE = "<rdf:li rdf:parseType='Resource'><mwg:Name>{}</mwg:Name><mwg:Type>{}</mwg:Type></rdf:li>"


@pytest.mark.parametrize(
    ("xmp", "people"),
    [
        (packet(_FACE.format("Ottilie", "Face") + _FACE.format("Rex", "Pet")), ("Ottilie", "Rex")),
        (packet("<rdf:li><rdf:Description mwg:Name='Ottilie' mwg:Type='Face'/></rdf:li>"), ("Ottilie",)),
        (packet(_FACE.format("4006381333931", "BarCode") + _FACE.format("", "Focus")), ()),
        (packet("<rdf:li rdf:parseType='Resource'><mp:PersonDisplayName>Ed</mp:PersonDisplayName></rdf:li>"), ("Ed",)),
        (packet("<rdf:li mp:Rectangle='0, 0, 1, 1' mp:PersonDisplayName='Kuni'/>"), ("Kuni",)),
        (packet("<ext:PersonInImage><rdf:Bag><rdf:li>Adelheid</rdf:li><rdf:li>Kurt</rdf:li></rdf:Bag></ext:PersonInImage>"),
         ("Adelheid", "Kurt")),
    ],
)  # fmt: skip
def test_people_are_keywords(xmp: bytes, people: tuple[str, ...]) -> None:
    assert facts_of(Tags(xmp=xmp), None).keywords == people


@pytest.mark.parametrize(
    ("subject", "keywords"),
    [
        ("Orte|Harz|Thale", ("Thale", "Harz", "Orte")),
        ("Orte/Harz/Thale", ("Thale", "Harz", "Orte")),
        ("Orte.Harz.Thale", ("Thale", "Harz", "Orte")),
        ("Orte > Harz > Thale", ("Thale", "Harz", "Orte")),
        ("apricot; wheelbarrow;  tree", ("apricot", "wheelbarrow", "tree")),
        ("apricot, wheelbarrow", ("apricot", "wheelbarrow")),
        ("AC/DC", ("AC/DC",)),
        ("St. Moritz", ("St. Moritz",)),
        ("example.org", ("example.org",)),
        ("v1.2", ("v1.2",)),
        ("two words", ("two words",)),
        ("; ;", ()),
    ],
)
def test_keywords_with_any_separator(subject: str, keywords: tuple[str, ...]) -> None:
    assert facts_of(Tags(iptc={(2, 25): [subject.encode()]}), None).keywords == keywords
    assert facts_of(Tags(xmp=samples.xmp([subject.replace(">", "&gt;")])), None).keywords == keywords


@pytest.mark.parametrize(
    ("tags", "places"),
    [
        ({"iptc": {(2, 90): [b"Quedlinburg"], (2, 92): [b"Schlossberg"], (2, 101): [b"Germany"]}},
         ("Schlossberg", "Quedlinburg", "Germany")),
        ({"xmp": packet("<core:Location>Brockenbahn</core:Location>", 'photoshop:City="Wernigerode"')},
         ("Brockenbahn", "Wernigerode")),
        ({"xmp": packet("<ext:LocationShown><rdf:Bag><rdf:li rdf:parseType='Resource'><ext:City>Goslar</ext:City>"
                        "<ext:CountryName>Germany</ext:CountryName></rdf:li></rdf:Bag></ext:LocationShown>")},
         ("Goslar", "Germany")),
    ],
)  # fmt: skip
def test_cities_and_countries_are_places(tags: dict[str, Any], places: tuple[str, ...]) -> None:
    assert facts_of(Tags(**tags), None).place_names == places


@pytest.mark.parametrize(
    ("latitude", "expected"),
    [
        ((48.0, 51.0, float("nan")), 48.85),
        ((48.0, 51.0), 48.85),
        (48.85, 48.85),
        ((48.85,), 48.85),
        ((float("nan"), 51.0, 0.0), None),
        ("north", None),
    ],
)
def test_positions_with_odd_rationals(latitude: Any, expected: float | None) -> None:
    facts = facts_of(Tags(gps={1: "N", 2: latitude, 3: "E", 4: (2.0, 21.0, 0.0)}), None)
    assert facts.latitude == (pytest.approx(expected) if expected is not None else None)


def _photo(path: Path, **options: Any) -> Path:
    return samples.save(samples.photo(size=(30, 20)), path, **options)


@pytest.mark.parametrize(
    ("photo", "sidecar"),
    [
        ("a.jpg", "a.XMP"), ("A.JPG", "A.JPG.XMP"), ("a.JPG", "a.jpg.xmp"), ("a.jpg", "A.jpg.Xmp"), ("Ä.JPG", "ä.xmp"),
        ("a.b.jpg", "a.b.xmp"),
    ],
)  # fmt: skip
def test_sidecars_in_any_case(tmp_path: Path, photo: str, sidecar: str) -> None:
    path = _photo(tmp_path / photo)
    assert stamp_of(path) == 0
    (tmp_path / sidecar).write_bytes(samples.xmp(["traktor"]))
    assert read_facts(path).keywords == ("traktor",)
    assert stamp_of(path) != 0
    assert sidecar_key(sidecar) in photo_keys(photo)


def test_two_sidecars_are_merged_and_the_first_goes_before(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg", xmp=samples.xmp(["inside"], title="Inside"))
    (tmp_path / "a.jpg.xmp").write_bytes(samples.xmp([], title=""))
    (tmp_path / "a.xmp").write_bytes(samples.xmp(["heuballen"], title="Lightroom"))
    assert (read_facts(path).keywords, read_facts(path).title) == (("heuballen", "inside"), "Lightroom")
    (tmp_path / "a.jpg.xmp").write_bytes(samples.xmp(["stroh"], title="digiKam"))
    assert (read_facts(path).keywords, read_facts(path).title) == (("stroh", "heuballen", "inside"), "digiKam")


def test_the_position_of_a_sidecar_goes_before_the_camera(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg", exif=samples.exif(place=(48.85, 2.35)))
    tokyo = packet("", 'exif:GPSLatitude="35,40.5N" exif:GPSLongitude="139,41.5E"')
    (tmp_path / "a.jpg.xmp").write_bytes(tokyo)
    facts = read_facts(path)
    assert (facts.latitude, facts.longitude) == (pytest.approx(35.675), pytest.approx(139.6917, abs=1e-3))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_sidecars_in_other_encodings(encoding: str) -> None:
    text = '<?xml version="1.0"?>' + samples.xmp(["windrad"]).decode().partition("?>")[2]
    data = text.encode(encoding)
    assert parse_xmp(data).keywords == ("windrad",)
    assert parse_xmp(data + b"\0\0").keywords == ("windrad",)


TAKEOUT = {
    "title": "a.jpg",
    "description": "Uncle in the garden",
    "photoTakenTime": {"timestamp": "1402135872", "formatted": "Jun 7, 2014"},
    "geoData": {"latitude": 48.85, "longitude": 2.35, "altitude": 0.0},
    "people": [{"name": "Ottilie"}, {"name": "Kurt"}],
}


@pytest.mark.parametrize(
    ("photo", "beside"),
    [
        ("a.jpg", "a.jpg.json"),
        ("a.jpg", "a.jpg.supplemental-metadata.json"),
        ("a.jpg", "a.jpg.supplemental-me.json"),
        ("a(1).jpg", "a.jpg(1).json"),
        ("a(1).jpg", "a.jpg.supplemental-metadata(1).json"),
        ("A.JPG", "A.JPG.json"),
    ],
)
def test_what_google_takeout_puts_beside_photos(tmp_path: Path, photo: str, beside: str) -> None:
    path = _photo(tmp_path / photo)
    (tmp_path / beside).write_text(json.dumps(TAKEOUT))
    facts = read_facts(path)
    assert is_sidecar(beside)
    assert (facts.caption, facts.keywords) == ("Uncle in the garden", ("Ottilie", "Kurt"))
    assert str(facts.taken_at) == "2014-06-07 10:11:12"
    assert (facts.latitude, facts.longitude) == (48.85, 2.35)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "{", '{"title": 5}', '{"photoTakenTime": {"timestamp": "soon"}}',
     '{"geoData": {"latitude": 0.0, "longitude": 0.0}}', '{"people": 3, "geoData": 1}'],
)  # fmt: skip
def test_other_json_beside_a_photo_tells_nothing(tmp_path: Path, content: str) -> None:
    path = _photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.json").write_text(content)
    facts = read_facts(path)
    assert (facts.caption, facts.keywords, facts.taken_at, facts.latitude) == ("", (), None, None)


@pytest.mark.parametrize("name", ["package.json", "notes.json", "a.txt.json", "a.xmpx", "xmp"])
def test_what_is_no_sidecar(name: str) -> None:
    assert not is_sidecar(name)


def test_texts_of_a_png(tmp_path: Path) -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Title", "Garden")
    told.add_itxt("Description", "Onkel Jürgen")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=told)
    facts = read_facts(tmp_path / "a.png")
    assert (facts.title, facts.caption) == ("Garden", "Onkel Jürgen")
