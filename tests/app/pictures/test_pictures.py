"""Pictures of every format come out the same way: RGB, upright, first frame, opaque. Bad ones say why not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata import facts_of
from app.pictures import Limits, jpeg_bytes, load_picture, open_picture
from tests import samples

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours near the four corners, row by row, from each channel only whether it is high."""
    width, height = image.size
    places = [(x, y) for y in (height // 8, height * 7 // 8) for x in (width // 8, width * 7 // 8)]
    return [tuple(255 if part > 127 else 0 for part in np.asarray(image)[y, x]) for x, y in places]


def difference(image: Image.Image, other: Image.Image) -> float:
    return float(abs(np.asarray(image, dtype=np.int16) - np.asarray(other, dtype=np.int16)).mean())


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "tif", "bmp", "avif", "heic", "jp2"])
def test_every_format_gives_the_photograph(tmp_path: Path, ending: str) -> None:
    photo = samples.photo("coffee", (320, 240))
    image = open_picture(samples.save(photo, tmp_path / f"photo.{ending}"))
    assert (image.mode, image.size) == ("RGB", (320, 240))
    assert difference(image, photo) < 8


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "heic"])
def test_a_turned_photo_comes_upright(tmp_path: Path, ending: str, orientation: int) -> None:
    upright = samples.quadrants((320, 240))
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    path = samples.save(stored, tmp_path / f"turned.{ending}", exif=samples.exif(orientation=orientation))
    picture = load_picture(path, min_side=100)
    assert corners(picture.image) == [RED, GREEN, BLUE, WHITE]
    assert picture.size == (320, 240)
    assert picture.image.width > picture.image.height


def test_large_jpeg_is_decoded_at_reduced_scale_and_never_below_what_is_asked(tmp_path: Path) -> None:
    path = samples.save(samples.photo("retina", (2000, 1500)), tmp_path / "large.jpg")
    assert open_picture(path, min_side=300).size == (500, 375)
    assert open_picture(path, min_side=380).size == (1000, 750)
    assert open_picture(path, min_side=1500).size == (2000, 1500)
    assert open_picture(path, min_side=5000).size == (2000, 1500)


def test_other_large_formats_are_averaged_down(tmp_path: Path) -> None:
    path = samples.save(samples.photo("retina", (2000, 1500)), tmp_path / "large.png")
    image = open_picture(path, min_side=300)
    assert image.size == (400, 300)
    assert difference(image, samples.photo("retina", (2000, 1500)).resize((400, 300), Image.Resampling.BOX)) < 1


def test_a_preview_fits_its_window(tmp_path: Path) -> None:
    path = samples.save(samples.photo("coffee", (1200, 900)), tmp_path / "a.jpg", exif=samples.exif(orientation=6))
    assert open_picture(path, max_side=400).size == (300, 400)
    assert open_picture(path, max_side=4000).size == (900, 1200)


def test_a_strip_a_pixel_high(tmp_path: Path) -> None:
    path = samples.save(Image.new("RGB", (3000, 1), RED), tmp_path / "strip.png")
    assert open_picture(path, min_side=300).size == (3000, 1)
    assert open_picture(path, max_side=300).size == (300, 1)


def test_pasted_bytes_and_a_wrong_ending_are_no_trouble(tmp_path: Path) -> None:
    out = io.BytesIO()
    samples.quadrants().save(out, "PNG")
    assert corners(open_picture(out.getvalue())) == [RED, GREEN, BLUE, WHITE]
    path = tmp_path / "really a png.jpg"
    path.write_bytes(out.getvalue())
    assert corners(open_picture(path)) == [RED, GREEN, BLUE, WHITE]


def test_cmyk_from_a_print_shop(tmp_path: Path) -> None:
    image = open_picture(samples.save(samples.quadrants().convert("CMYK"), tmp_path / "print.jpg"))
    assert corners(image) == [RED, GREEN, BLUE, WHITE]


def test_first_frame_of_what_moves(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, GREEN, BLUE)]
    for ending in ("gif", "webp", "png", "tif", "avif"):
        path = samples.save(frames[0], tmp_path / f"moving.{ending}", save_all=True, append_images=frames[1:])
        assert corners(open_picture(path)) == [RED] * 4, ending


@pytest.mark.parametrize("top", [4095, 16383, 65535])
def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path, top: int) -> None:
    ramp = np.linspace(0, top, 256).astype(np.uint16)
    path = samples.save(Image.fromarray(np.tile(ramp, (16, 1))), tmp_path / "scan.png")
    shown = np.asarray(open_picture(path))[0, :, 0].astype(int)
    assert abs(shown - np.arange(256)).max() <= 1


@pytest.mark.parametrize("scale", [1.0, 255.0, 1e6])
def test_floating_point_is_stretched(tmp_path: Path, scale: float) -> None:
    ramp = np.tile(np.linspace(0, scale, 256, dtype=np.float32), (16, 1))
    ramp[3, 3] = np.nan
    shown = np.asarray(open_picture(samples.save(Image.fromarray(ramp), tmp_path / "height.tif")))
    assert abs(shown[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def _transparent(colour: tuple[int, int, int]) -> Image.Image:
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    image.paste((*colour, 255), (20, 20, 60, 60))
    return image


@pytest.mark.parametrize(("logo", "background"), [((200, 30, 30), (255, 255, 255)), ((255, 255, 255), (128, 128, 128))])
def test_transparency_gets_a_background_that_shows_the_logo(
    tmp_path: Path, logo: tuple[int, int, int], background: tuple[int, int, int]
) -> None:
    image = open_picture(samples.save(_transparent(logo), tmp_path / "logo.png"))
    assert (image.getpixel((2, 2)), image.getpixel((40, 40))) == (background, logo)


MODES: dict[str, Callable[[], Image.Image]] = {
    "palette": lambda: samples.quadrants().quantize(8),
    "grey": lambda: samples.quadrants().convert("L"),
    "grey with alpha": lambda: samples.quadrants().convert("LA"),
    "one bit": lambda: samples.quadrants().convert("1"),
    "lab": lambda: (
        ImageCms.profileToProfile(
            samples.quadrants(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        or Image.new("L", (1, 1))
    ),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_pixel_layout(tmp_path: Path, mode: str) -> None:
    ending = "tif" if mode == "lab" else "png"
    image = open_picture(samples.save(MODES[mode](), tmp_path / f"odd.{ending}"))
    assert image.mode == "RGB"
    if mode in ("palette", "lab"):
        assert corners(image) == [RED, GREEN, BLUE, WHITE]


def test_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = samples.quadrants().quantize(4)
    index = image.getpixel((2, 2))
    shown = open_picture(samples.save(image, tmp_path / "old.gif", transparency=index))
    assert corners(shown) == [WHITE, GREEN, BLUE, WHITE]


def test_a_colour_profile_is_followed(tmp_path: Path) -> None:
    # Swapping red and blue in a profile is the easiest wide gamut to make: Lab to see that it is applied at all.
    plain = Image.new("RGB", (64, 64), (200, 100, 50))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = samples.save(plain, tmp_path / "srgb.png", icc_profile=srgb)
    assert open_picture(path).getpixel((5, 5)) == (200, 100, 50)
    broken = samples.save(plain, tmp_path / "broken.png", icc_profile=b"no profile at all" * 20)
    assert open_picture(broken).getpixel((5, 5)) == (200, 100, 50)


@pytest.mark.parametrize(("flip", "expected"), [(1, [RED, GREEN, BLUE, WHITE]), (6, [BLUE, RED, WHITE, GREEN])])
def test_camera_raw_shows_its_embedded_preview(tmp_path: Path, flip: int, expected: list[tuple[int, ...]]) -> None:
    path = samples.dng(tmp_path / "a.dng", preview=samples.quadrants((800, 600)), size=(800, 600), flip=flip)
    picture = load_picture(path, min_side=300)
    assert corners(picture.image) == expected
    assert picture.size == ((800, 600) if flip == 1 else (600, 800))
    assert facts_of(picture.tags, picture.size).camera == "Semblance Test Camera"


@pytest.mark.parametrize("preview", [None, (40, 30)])
def test_camera_raw_without_a_good_preview_is_developed(tmp_path: Path, preview: tuple[int, int] | None) -> None:
    shown = samples.quadrants(preview) if preview else None
    picture = load_picture(samples.dng(tmp_path / "a.dng", preview=shown, size=(320, 240), flip=6), min_side=100)
    assert picture.size == (240, 320)
    red, green, blue = picture.image.resize((1, 1)).getpixel((0, 0))
    assert green > red  # the mosaic is green
    assert green > blue


def test_camera_raw_is_known_by_its_content_too(tmp_path: Path) -> None:
    path = samples.dng(tmp_path / "a.tif", preview=samples.quadrants((800, 600)), size=(800, 600))
    assert corners(open_picture(path, min_side=300)) == [RED, GREEN, BLUE, WHITE]


def test_a_jpeg_named_like_camera_raw(tmp_path: Path) -> None:
    path = samples.save(samples.quadrants(), tmp_path / "a.jpg").rename(tmp_path / "a.nef")
    assert corners(open_picture(path)) == [RED, GREEN, BLUE, WHITE]


def test_more_than_half_of_a_cut_photo_is_enough_and_cropped_to_what_is_there(tmp_path: Path) -> None:
    path = samples.cut(samples.save(samples.photo("coffee"), tmp_path / "a.jpg"), 0.8)
    picture = load_picture(path)
    assert picture.size == (600, 400)
    assert 200 < picture.image.height < 400
    original = samples.photo("coffee").crop((0, 0, 600, picture.image.height))
    assert difference(picture.image, original) < 12


def test_a_cut_progressive_photo_is_coarse_but_whole(tmp_path: Path) -> None:
    path = samples.cut(samples.save(samples.photo("coffee"), tmp_path / "a.jpg", progressive=True), 0.4)
    assert difference(open_picture(path), samples.photo("coffee")) < 25


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "bmp", "avif", "heic"])
def test_a_photo_cut_early_is_called_incomplete(tmp_path: Path, ending: str) -> None:
    path = samples.cut(samples.save(samples.photo("coffee"), tmp_path / f"a.{ending}"), 0.2)
    with pytest.raises(DecodeError) as caught:
        open_picture(path)
    assert caught.value.failure is Failure.TRUNCATED


def test_bombs_are_refused_by_their_header(tmp_path: Path) -> None:
    with pytest.raises(DecodeError) as caught:
        open_picture(samples.png_bomb(tmp_path / "bomb.png"))
    assert caught.value.failure is Failure.BOMB
    assert "50,000 x 50,000" in caught.value.text


def test_limits_follow_from_memory_and_let_scaled_jpeg_through(tmp_path: Path) -> None:
    limits = Limits(picture_bytes=2_000_000)
    photo = samples.photo("coffee", (1200, 900))
    with pytest.raises(DecodeError) as caught:
        open_picture(samples.save(photo, tmp_path / "a.png"), limits=limits)
    assert caught.value.failure is Failure.TOO_LARGE
    jpeg = samples.save(photo, tmp_path / "a.jpg")
    with pytest.raises(DecodeError):
        open_picture(jpeg, limits=limits)
    assert open_picture(jpeg, min_side=300, limits=limits).size == (600, 450)


def test_progressive_jpeg_counts_in_full_since_its_decoder_holds_everything(tmp_path: Path) -> None:
    path = samples.save(samples.photo("coffee", (1200, 900)), tmp_path / "a.jpg", progressive=True)
    with pytest.raises(DecodeError):
        open_picture(path, min_side=300, limits=Limits(picture_bytes=2_000_000))


def test_a_file_that_is_not_there_is_no_bad_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_picture(tmp_path / "gone.jpg")


def test_thumbnails_fit_their_square_and_are_never_enlarged() -> None:
    with Image.open(io.BytesIO(jpeg_bytes(samples.photo("coffee"), 256))) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (256, 171))
    with Image.open(io.BytesIO(jpeg_bytes(Image.new("RGB", (20, 5)), 256))) as small:
        assert small.size == (20, 5)
    with Image.open(io.BytesIO(jpeg_bytes(Image.new("RGB", (5000, 2)), 256))) as strip:
        assert strip.size == (256, 1)
