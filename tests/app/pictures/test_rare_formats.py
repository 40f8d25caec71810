"""Formats that Pillow does not read, or gets wrong: shown right, or called what they are; never "damaged"."""

from __future__ import annotations

import gzip
import io
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata import read_facts
from app.pictures import Limits, load_picture, open_picture
from app.pictures.jpeg_xl import pixel_size
from tests import samples

GREY = np.linspace(0, 1, 64 * 48, dtype=np.float64).reshape(48, 64)
"""Black at the top left, white at the bottom right."""
RGB = np.stack([GREY, GREY[::-1], np.full_like(GREY, 0.5)], axis=2)


def _close(image: Image.Image, expected: np.ndarray[Any, Any], tolerance: int = 4) -> bool:
    values = np.asarray(image.convert("RGB"), dtype=float)
    wanted = np.repeat(expected[:, :, None], 3, axis=2) if expected.ndim == 2 else expected
    return bool(np.abs(values - 255 * wanted).max() <= tolerance)


@pytest.mark.parametrize(
    ("pixels", "options", "expected"),
    [
        pytest.param(RGB.astype("float32"), {"photometric": "rgb"}, RGB, id="floating point"),
        pytest.param(RGB.astype("float16"), {"photometric": "rgb"}, RGB, id="half precision"),
        pytest.param(RGB, {"photometric": "rgb"}, RGB, id="double precision"),
        pytest.param((65535 * RGB).astype("uint16"), {"photometric": "rgb", "compression": "zlib"}, RGB, id="packed"),
        pytest.param(
            np.moveaxis((65535 * RGB).astype("uint16"), 2, 0), {"photometric": "rgb", "planarconfig": "separate"}, RGB,
            id="planes of 16 bits",
        ),
        pytest.param((65535 * GREY).astype("uint16"), {"photometric": "miniswhite"}, 1 - GREY, id="white is zero, 16"),
        pytest.param((255 * GREY).astype("uint8"), {"photometric": "miniswhite"}, 1 - GREY, id="white is zero, 8"),
        pytest.param((65535 * GREY).astype("uint16"), {"photometric": "minisblack"}, GREY, id="grey, 16"),
        pytest.param(GREY.astype("float32"), {"photometric": "minisblack"}, GREY, id="grey, floating point"),
        pytest.param((255 * RGB).astype("uint8"), {"photometric": "rgb", "bigtiff": True}, RGB, id="BigTIFF"),
        pytest.param(
            (255 * RGB).astype("uint8"), {"photometric": "rgb", "bigtiff": True, "byteorder": ">"}, RGB, id="BigTIFF MM"
        ),
        pytest.param(
            (65535 * RGB).astype("uint16"), {"photometric": "rgb", "bigtiff": True, "byteorder": ">"}, RGB,
            id="BigTIFF MM, 16",
        ),
        pytest.param((65535 * RGB).astype("uint16"), {"photometric": "rgb", "byteorder": ">"}, RGB, id="16 bits, MM"),
    ],
)  # fmt: skip
def test_tiff_of_every_kind(tmp_path: Path, pixels: np.ndarray[Any, Any], options: Any, expected: Any) -> None:
    path = tmp_path / "a.tif"
    options = dict(options)
    whole = {name: options.pop(name) for name in ("bigtiff", "byteorder") if name in options}
    tifffile.imwrite(path, pixels, **whole, **options)
    picture = load_picture(path)
    assert picture.size == (64, 48)
    assert _close(picture.image, expected)
    assert min(open_picture(path, min_side=20).size) >= 20


def test_tiff_that_nobody_reads_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, (RGB * 255).astype("complex64"), photometric="rgb")
    with pytest.raises(DecodeError) as caught:
        load_picture(path)
    assert caught.value.failure is Failure.UNSUPPORTED


def test_a_large_claim_is_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, RGB.astype("float32"), photometric="rgb")
    with pytest.raises(DecodeError) as caught:
        load_picture(path, limits=Limits(picture_bytes=10_000))
    assert caught.value.failure in (Failure.TOO_LARGE, Failure.BOMB)


def test_tags_of_a_floating_point_tiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tags = [(270, "s", 0, "Uncle in the garden", True), (271, "s", 0, "Canon", True), (274, "H", 1, 6, True)]
    tifffile.imwrite(path, RGB.astype("float32"), photometric="rgb", extratags=tags, metadata=None)
    facts = read_facts(path)
    assert (facts.title, facts.camera, facts.width, facts.height) == ("Uncle in the garden", "Canon", 48, 64)
    assert load_picture(path).image.size == (48, 64)


@pytest.mark.parametrize("size", [(8, 8), (64, 48), (1, 1), (300, 7), (16, 9), (4000, 2), (640, 480), (2048, 1024)])
def test_jpeg_xl_tells_its_size(size: tuple[int, int]) -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    assert pixel_size(pylibjxl.encode(pixels)) == size


@pytest.mark.parametrize("channels", [3, 4])
def test_jpeg_xl(tmp_path: Path, channels: int) -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    pixels = np.full((48, 64, channels), 255, dtype=np.uint8)
    pixels[:, :, :3] = (255 * RGB).round().astype(np.uint8)
    path = tmp_path / "a.jxl"
    path.write_bytes(pylibjxl.encode(pixels))
    picture = load_picture(path)
    assert (picture.size, picture.image.mode) == ((64, 48), "RGB")
    assert _close(picture.image, RGB, tolerance=40)


def test_a_jpeg_in_jpeg_xl_keeps_its_facts_and_is_upright(tmp_path: Path) -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    exif = samples.exif(taken="2024:07:14 18:30:05", make="Canon", model="Canon EOS R5", orientation=6)
    jpeg = samples.save(samples.quadrants((80, 60)), tmp_path / "a.jpg", exif=exif)
    path = tmp_path / "a.jxl"
    path.write_bytes(pylibjxl.jpeg_to_jxl(jpeg.read_bytes()))
    upright = open_picture(jpeg)
    picture = load_picture(path)
    assert picture.size == picture.image.size == upright.size == (60, 80)
    assert np.abs(np.asarray(picture.image, float) - np.asarray(upright, float)).mean() < 5
    facts = read_facts(path)
    assert (facts.camera, str(facts.taken_at)) == ("Canon EOS R5", "2024-07-14 18:30:05")


def test_jpeg_xl_that_claims_too_much_or_is_cut() -> None:
    pylibjxl = pytest.importorskip("pylibjxl")
    data = pylibjxl.encode((255 * RGB).astype(np.uint8))
    with pytest.raises(DecodeError) as caught:
        load_picture(data[: len(data) // 3])
    assert caught.value.failure is Failure.CORRUPT
    with pytest.raises(DecodeError) as caught:
        load_picture(data, limits=Limits(picture_bytes=1000))
    assert caught.value.failure in (Failure.TOO_LARGE, Failure.BOMB)


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><title>Floor plan</title>'
    "<desc>Kitchen &amp; hall</desc>"
    '<rect width="20" height="20" fill="#ff0000"/><rect x="20" width="20" height="20" fill="#0000ff"/></svg>'
)


@pytest.mark.parametrize("name", ["a.svg", "a.svgz", "a.png"])
def test_drawings(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(SVG.encode()) if name.endswith("z") else SVG.encode())
    picture = load_picture(path, min_side=100)
    assert (picture.size, picture.image.size) == ((40, 20), (200, 100))
    assert picture.image.getpixel((50, 50)) == (255, 0, 0)
    assert picture.image.getpixel((150, 50)) == (0, 0, 255)
    facts = read_facts(path)
    assert (facts.title, facts.caption) == ("Floor plan", "Kitchen & hall")


@pytest.mark.parametrize(
    "markup",
    ["<svg", "<svg></svg", "", "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='-1'/>",
     "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>"],
)  # fmt: skip
def test_broken_drawings_have_a_reason_or_a_picture(tmp_path: Path, markup: str) -> None:
    path = tmp_path / "a.svg"
    path.write_text(markup)
    with suppress(DecodeError):
        assert load_picture(path, min_side=50).image.mode == "RGB"


def test_a_drawing_opens_no_other_file(tmp_path: Path) -> None:
    Image.new("RGB", (10, 10), (0, 255, 0)).save(tmp_path / "secret.png")
    for reference in (str(tmp_path / "secret.png"), "secret.png", (tmp_path / "secret.png").as_uri()):
        path = tmp_path / "a.svg"
        path.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">'
            f'<image xlink:href="{reference}" width="10" height="10"/>'
            f'<image href="{reference}" width="9" height="9"/></svg>'
        )
        assert open_picture(path, min_side=10).getpixel((5, 5)) != (0, 255, 0)


def psd(path: Path, *, bits: int = 8, resources: bytes = b"", size: tuple[int, int] = (40, 20)) -> Path:
    """A Photoshop file without layers: red, uncompressed."""
    width, height = size
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, height, width, bits, 3)
    plane = width * height * bits // 8
    pixels = b"\xff" * plane + b"\0" * plane * 2
    path.write_bytes(
        header + struct.pack(">II", 0, len(resources)) + resources + struct.pack(">I", 0) + b"\0\0" + pixels
    )
    return path


def _resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)


def test_photoshop(tmp_path: Path) -> None:
    path = psd(tmp_path / "a.psd", resources=_resource(1060, samples.xmp(["poster"])))
    picture = load_picture(path)
    assert picture.size == (40, 20)
    assert picture.image.getpixel((5, 5)) == (255, 0, 0)
    assert read_facts(path).keywords == ("poster",)


def test_photoshop_of_a_kind_that_only_has_a_preview(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), (255, 0, 0)).save(out, "JPEG")
    found = _resource(1036, b"\0" * 28 + out.getvalue()) + _resource(1060, samples.xmp(["poster"]))
    path = psd(tmp_path / "a.psd", bits=16, resources=found)
    picture = load_picture(path)
    assert (picture.size, picture.image.size) == ((40, 20), (20, 10))
    assert read_facts(path).keywords == ("poster",)
    with pytest.raises(DecodeError) as caught:
        load_picture(psd(tmp_path / "b.psd", bits=16))
    assert caught.value.failure is Failure.UNSUPPORTED


@pytest.mark.parametrize("suffix", ["tga", "ppm", "pgm", "jpf", "mpo"])
def test_formats_of_other_programs(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    image = Image.fromarray((255 * RGB).astype(np.uint8))
    kinds = {"tga": "TGA", "ppm": "PPM", "pgm": "PPM", "jpf": "JPEG2000", "mpo": "MPO"}
    if suffix == "pgm":
        image = image.convert("L")
    image.save(path, kinds[suffix], **({"save_all": True, "append_images": [image]} if suffix == "mpo" else {}))
    assert load_picture(path).size == (64, 48)
