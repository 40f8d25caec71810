"""What photos say of themselves; nothing in there may ever cost the photo."""

from __future__ import annotations

import io
import random
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.core.records import Facts
from app.metadata import Tags, facts_of, read_facts, read_raw_tags
from app.metadata.xmp import parse_xmp
from app.pictures import load_picture
from tests import samples

TAKEN = "2024:07:14 18:30:05"


def _facts(tmp_path: Path, ending: str = "jpg", **options: Any) -> Facts:
    return read_facts(samples.save(samples.photo(size=(90, 60)), tmp_path / f"photo.{ending}", **options))


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "avif", "heic"])
def test_facts_of_every_format(tmp_path: Path, ending: str) -> None:
    exif = samples.exif(
        taken=TAKEN,
        offset="+02:00",
        make="Canon",
        model="Canon EOS R5",
        lens="RF 50mm F1.2",
        place=(-33.8568, 151.2153),
    )
    facts = _facts(tmp_path, ending, exif=exif)
    assert (facts.taken_at, facts.taken_offset) == (datetime(2024, 7, 14, 18, 30, 5), 120)
    assert (facts.camera, facts.lens) == ("Canon EOS R5", "RF 50mm F1.2")
    assert (facts.latitude, facts.longitude) == (pytest.approx(-33.8568, abs=1e-5), pytest.approx(151.2153, abs=1e-5))
    assert (facts.width, facts.height) == (90, 60)


def test_facts_are_the_same_with_and_without_decoding(tmp_path: Path) -> None:
    exif = samples.exif(orientation=6, taken=TAKEN, model="X100")
    path = samples.save(samples.photo(size=(90, 60)), tmp_path / "a.jpg", exif=exif, xmp=samples.xmp(["dog"]))
    picture = load_picture(path)
    assert facts_of(picture.tags, picture.size) == read_facts(path)
    assert picture.size == (60, 90)


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("FUJIFILM", "X-T5", "FUJIFILM X-T5"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        (None, "Pixel 8", "Pixel 8"),
        ("Leica\0\0junk", None, "Leica"),
        ("  ", " ", None),
        (None, None, None),
    ],
)
def test_camera_is_named_once(tmp_path: Path, make: str | None, model: str | None, camera: str | None) -> None:
    assert _facts(tmp_path, exif=samples.exif(make=make, model=model)).camera == camera


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2024:07:14 18:30:05", None, (datetime(2024, 7, 14, 18, 30, 5), None)),
        ("2024:07:14 18:30:05", "-03:30", (datetime(2024, 7, 14, 18, 30, 5), -210)),
        ("2024:07:14 18:30:05", "Z", (datetime(2024, 7, 14, 18, 30, 5), 0)),
        ("2024:07:14 18:30:05", "+99:00", (datetime(2024, 7, 14, 18, 30, 5), None)),
        ("2024-07-14T18:30:05+01:00", None, (datetime(2024, 7, 14, 18, 30, 5), 60)),
        ("2024:07:14", None, (datetime(2024, 7, 14), None)),
        ("0000:00:00 00:00:00", None, (None, None)),
        ("    :  :     :  :  ", None, (None, None)),
        ("2024:13:45 99:99:99", None, (None, None)),
        ("yesterday", None, (None, None)),
    ],
)
def test_taken_time(tmp_path: Path, taken: str, offset: str | None, expected: tuple[Any, Any]) -> None:
    facts = _facts(tmp_path, exif=samples.exif(taken=taken, offset=offset))
    assert (facts.taken_at, facts.taken_offset) == expected


def test_the_zone_follows_from_the_satellites_clock() -> None:
    gps = {7: (13.0, 30.0, 2.0), 29: "2024:07:14"}
    facts = facts_of(Tags(exif={0x9003: "2024:07:14 19:00:05"}, gps=gps), None)
    assert facts.taken_offset == 330  # India
    gps[29] = "2024:07:20"
    assert facts_of(Tags(exif={0x9003: "2024:07:14 19:00:05"}, gps=gps), None).taken_offset is None


def test_last_change_counts_as_taken_only_for_a_camera(tmp_path: Path) -> None:
    changed = {0x0132: TAKEN}
    assert _facts(tmp_path, exif=samples.exif(more=changed)).taken_at is None
    assert _facts(tmp_path, exif=samples.exif(more=changed, model="D70")).taken_at == datetime(2024, 7, 14, 18, 30, 5)


@pytest.mark.parametrize(
    "gps",
    [
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (91.0, 0.0, 0.0), 4: (10.0, 0.0, 0.0)},
        {2: (float("nan"), 0.0, 0.0), 4: (10.0, 0.0, 0.0)},
        {2: "north", 4: None},
        {2: (), 4: ()},
        {1: "N", 3: "E"},
    ],
)
def test_no_place_rather_than_a_wrong_one(gps: dict[int, Any]) -> None:
    facts = facts_of(Tags(gps=gps), None)
    assert (facts.latitude, facts.longitude) == (None, None)


def test_keywords_of_lightroom_digikam_and_explorer_come_together_once(tmp_path: Path) -> None:
    packet = samples.xmp(["dog", "beach"], ["Places|France|Paris"], "Holiday at the sea", ["People/Anna", "Dog"])
    exif = samples.exif(more={0x9C9E: "Beach;Summer\0".encode("utf-16-le")})
    facts = _facts(tmp_path, exif=exif, xmp=packet)
    assert facts.keywords == ("dog", "beach", "Paris", "France", "Places", "Anna", "People", "Summer")
    assert facts.title == "Holiday at the sea"


def test_iptc_keywords_of_old_archives(tmp_path: Path) -> None:
    records = [(1, 90, b"\x1b%G"), (2, 25, "Zürich".encode()), (2, 25, b"lake"), (2, 5, b"Sunset")]
    block = b"".join(b"\x1c" + bytes([r, d]) + struct.pack(">H", len(v)) + v for r, d, v in records)
    resource = (
        b"8BIM" + struct.pack(">HH", 0x0404, 0) + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    )
    body = b"Photoshop 3.0\0" + resource
    out = io.BytesIO()
    samples.photo(size=(90, 60)).save(out, "JPEG")
    data = out.getvalue()
    path = tmp_path / "a.jpg"
    path.write_bytes(data[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + data[2:])
    facts = read_facts(path)
    assert (facts.keywords, facts.title) == (("Zürich", "lake"), "Sunset")


@pytest.mark.parametrize("name", ["photo.jpg.xmp", "photo.xmp"])
def test_a_sidecar_beside_the_photo_goes_first(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples.xmp(["mountain"], title="From the sidecar"))
    facts = _facts(tmp_path, xmp=samples.xmp(["inside"], title="From inside"))
    assert (facts.keywords, facts.title) == (("mountain", "inside"), "From the sidecar")


@pytest.mark.parametrize("description", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "  ", "DSC0001.JPG", "---"])
def test_what_cameras_write_by_themselves_is_no_title(tmp_path: Path, description: str) -> None:
    assert _facts(tmp_path, exif=samples.exif(more={0x010E: description})).title is None


def test_xmp_places_and_dates() -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,51.4934N" '
        b'exif:GPSLongitude="2,17,40W" exif:DateTimeOriginal="2019-12-24T17:00:00+01:00"/></rdf:RDF></x:xmpmeta>'
    )
    facts = facts_of(Tags(xmp=packet), None)
    assert (facts.latitude, facts.longitude) == (pytest.approx(48.85822, abs=1e-4), pytest.approx(-2.29444, abs=1e-4))
    assert (facts.taken_at, facts.taken_offset) == (datetime(2019, 12, 24, 17), 60)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"not xml",
        b"<x:xmpmeta",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        b"\xff\xfe<\0x\0>\0",
        b"<a>" * 50_000,
    ],
)
def test_broken_or_malicious_xmp_is_as_good_as_none(packet: bytes) -> None:
    assert parse_xmp(packet).keywords == ()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_corrupt_exif_never_costs_the_photo(tmp_path: Path) -> None:
    exif = samples.exif(taken=TAKEN, make="a", model="b", place=(1.0, 2.0)).tobytes()
    source = samples.save(samples.photo(size=(90, 60)), tmp_path / "a.jpg", exif=exif).read_bytes()
    start, end = source.index(exif), source.index(exif) + len(exif)
    rng = random.Random(7)
    for number in range(60):
        data = bytearray(source)
        for _ in range(rng.randrange(1, 12)):
            data[rng.randrange(start + 6, end)] = rng.randrange(256)
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        picture = load_picture(path)
        assert sorted(picture.size) == [60, 90]
        facts_of(picture.tags, picture.size)


def test_raw_of_olympus_and_canon(tmp_path: Path) -> None:
    tiff = samples.dng(tmp_path / "a.dng").read_bytes()
    assert read_raw_tags(b"IIRO" + tiff[4:]).main[0x0110] == "Test Camera"

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + kind + body

    exif = Image.Exif()
    exif[0x9003] = TAKEN
    inner = exif.tobytes()[6:]  # behind "Exif\0\0"
    uuid = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    canon = box(b"uuid", uuid + box(b"CMT1", tiff) + box(b"CMT2", inner))
    facts = facts_of(read_raw_tags(box(b"ftyp", b"crx \0\0\0\1") + box(b"moov", canon)), None)
    assert (facts.camera, facts.taken_at) == ("Semblance Test Camera", datetime(2024, 7, 14, 18, 30, 5))


def test_a_file_that_is_no_picture_has_no_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("hello")
    assert read_facts(path) == Facts()
    assert read_facts(tmp_path / "gone.jpg") == Facts()


@pytest.mark.parametrize(
    ("sidecar", "inside", "exif", "rating"),
    [
        ("5", "1", 1, 5),
        (None, "4", 2, 4),
        (None, None, 3, 3),
        (None, "4.0", None, 4),
        ("0", "3", None, 3),
        ("-1", None, None, None),
        (None, "many", 9, None),
        (None, None, None, None),
    ],
)
def test_ratings(sidecar: str | None, inside: str | None, exif: int | None, rating: int | None) -> None:
    def packet(stars: str | None) -> bytes:
        return b"" if stars is None else samples.xmp(["x"], rating=stars)

    tags = Tags(main={} if exif is None else {0x4746: exif}, xmp=packet(inside))
    assert facts_of(tags, (1, 1), [packet(sidecar)]).rating == rating
