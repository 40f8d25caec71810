"""Open a picture of any format: by its content first, never by its ending alone."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from app.core.failures import DecodeError
from app.core.records import Failure
from app.files.signatures import HEAD_BYTES, unreadable_error
from app.files.types import RAW_SUFFIXES, suffix_of
from app.metadata.tags import UPRIGHT_FORMATS, Tags, read_raw_tags, read_tags, upright_size
from app.pictures.colour import to_rgb
from app.pictures.jpeg_xl import is_jpeg_xl, read_jpeg_xl
from app.pictures.limits import Limits, check_size
from app.pictures.photoshop import PHOTOSHOP, read_photoshop
from app.pictures.raw import raw_preview
from app.pictures.readers import identify
from app.pictures.salvage import load_or_salvage, truncation_error
from app.pictures.svg import is_svg, read_svg
from app.pictures.tiff import TIFF_HEADS, pillow_misreads, read_tiff

if TYPE_CHECKING:
    from PIL import Image, ImageFile

_SCALED_JPEG = ("JPEG", "MPO")
_AVERAGED = frozenset({"L", "RGB", "CMYK", "RGBA", "LA"})  # modes in which neighbouring pixels may be averaged
_RAW_PREVIEW_SIDE = 1024  # an embedded preview of this shorter side will do where the caller wants all there is
_DNG_VERSION = 50706
# Pillow feeds decoders 64 KB at a time and joins what they leave: in one piece JPEG takes 5 % less.
_LARGEST_BLOCK = 64 << 20


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened picture and what its file says of itself.

    Attributes:
        image: RGB, upright; perhaps smaller than the original.
        size: width and height of the original, upright.
        tags: EXIF, XMP and IPTC, as they stand in the file.
    """

    image: Image.Image
    size: tuple[int, int]
    tags: Tags = field(default_factory=Tags)


@dataclass(frozen=True, slots=True)
class _SizeRequest:
    """How the picture is wanted: see `load_picture`."""

    max_side: int | None
    min_side: int | None
    limits: Limits

    def least(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """The smallest size of this shape that still serves; None for all there is."""
        if self.min_side is not None:
            factor = min(size) / self.min_side
        elif self.max_side is not None:
            factor = max(size) / self.max_side
        else:
            return None
        return (max(1, int(size[0] / factor)), max(1, int(size[1] / factor))) if factor > 1 else None


def open_picture(
    source: str | os.PathLike[str] | bytes,
    *,
    max_side: int | None = None,
    min_side: int | None = None,
    limits: Limits | None = None,
) -> Image.Image:
    """The picture alone, RGB and upright. See `load_picture`."""
    return load_picture(source, max_side=max_side, min_side=min_side, limits=limits).image


def load_picture(
    source: str | os.PathLike[str] | bytes,
    *,
    name: str = "",
    max_side: int | None = None,
    min_side: int | None = None,
    limits: Limits | None = None,
) -> Picture:
    """Open, turn upright and convert to RGB; the first frame of what moves.

    Args:
        source: a path, or the bytes of a file.
        name: the file's name where `source` is bytes: camera RAW is told from TIFF by it.
        max_side: shrink so that neither side is longer than this.
        min_side: the picture may come smaller than it is, as long as its shorter side is not below this: JPEG is
            then decoded at reduced scale, other formats are averaged down. Without both: full size.

    Raises:
        DecodeError: whatever is wrong with the file.
        FileNotFoundError: it is gone.
    """
    wish = _SizeRequest(max_side, min_side, limits or Limits())
    if isinstance(source, bytes):
        return _load(io.BytesIO(source), len(source), suffix_of(name), wish)
    try:
        with open(source, "rb") as file:
            return _load(file, os.fstat(file.fileno()).st_size, suffix_of(PurePath(source).name), wish)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise DecodeError(Failure.PERMISSION, "This user has no right to read the file.") from error
    except OSError as error:
        raise DecodeError(Failure.IO, "The file could not be read from its drive.") from error


def jpeg_bytes(image: Image.Image, side: int, quality: int = 82) -> bytes:
    """A thumbnail: JPEG that fits a square of `side` pixels, never enlarged."""
    from PIL import Image

    factor = side / max(image.size)
    small = image
    if factor < 1:
        size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
        small = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.5)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _load(file: IO[bytes], size: int, suffix: str, wish: _SizeRequest) -> Picture:
    if suffix in RAW_SUFFIXES:
        try:
            return _load_raw(file, size, wish)
        except DecodeError as error:
            # Named like RAW, but perhaps an ordinary picture. If not, what the RAW reader said is the better reason.
            try:
                return _load_ordinary(file, size, "", wish)
            except DecodeError as other:
                if other.failure in (Failure.EMPTY, Failure.WRONG_TYPE):
                    raise other from None
                raise (truncation_error(file) or error) from None
    return _load_ordinary(file, size, suffix, wish)


def _load_ordinary(file: IO[bytes], size: int, suffix: str, wish: _SizeRequest) -> Picture:
    image = identify(file, suffix)
    if image is None:
        file.seek(0)
        head = file.read(HEAD_BYTES)
        if head[4:11] == b"ftypcrx" or head.startswith(b"FUJIFILMCCD-RAW"):
            return _load_raw(file, size, wish)
        return _load_foreign(file, head, size, suffix, wish)
    if pillow_misreads(image):
        return _shown(*read_tiff(file, wish.limits), wish)
    if image.format == "TIFF" and _DNG_VERSION in getattr(image, "tag_v2", ()):
        return _load_raw(file, size, wish)
    return _load_pixels(image, file, size, wish)


def _load_foreign(file: IO[bytes], head: bytes, size: int, suffix: str, wish: _SizeRequest) -> Picture:
    """What Pillow does not read: TIFF of rare kinds, JPEG XL, drawings, layers of Photoshop without a picture."""
    if head.startswith(TIFF_HEADS):
        if (error := truncation_error(file)) is not None:
            raise error
        return _shown(*read_tiff(file, wish.limits), wish)
    is_other = is_jpeg_xl(head) or head.startswith(PHOTOSHOP) or is_svg(head, suffix)
    if not is_other or size > wish.limits.read_bytes:
        raise _not_identified(file, head, size)
    file.seek(0)
    data = file.read()
    if is_jpeg_xl(head):
        return _shown(*read_jpeg_xl(data, wish.limits), wish)
    if head.startswith(PHOTOSHOP):
        preview, own_size, tags = read_photoshop(data)
        return replace(_load_ordinary(io.BytesIO(preview), len(preview), "", wish), size=own_size, tags=tags)
    drawing, own_size, tags = read_svg(data, wish.min_side or wish.max_side, wish.limits)
    return replace(_shown(drawing, tags, wish), size=own_size)


def _shown(image: Image.Image, tags: Tags, wish: _SizeRequest) -> Picture:
    """Decoded pixels as wanted."""
    size = image.size if tags.orientation < 5 else (image.height, image.width)
    return Picture(_to_requested_size(image, wish.least(image.size), tags.orientation, wish), size, tags)


def _not_identified(file: IO[bytes], head: bytes, size: int) -> DecodeError:
    error = unreadable_error(head, size, "a picture")
    return truncation_error(file) or error if error.failure is Failure.CORRUPT else error


def _load_pixels(image: ImageFile.ImageFile, file: IO[bytes], size: int, wish: _SizeRequest) -> Picture:
    least = wish.least(image.size)
    scale = _jpeg_scale(image, least)
    check_size(image, scale=scale, file_size=size, limits=wish.limits)
    tags = read_tags(image)
    upright = upright_size(image, tags)
    if least:
        image.draft(None, least)
    image.decodermaxblock = max(image.decodermaxblock, min(size, _LARGEST_BLOCK))
    pixels = load_or_salvage(image, file, least)
    orientation = 1 if image.format in UPRIGHT_FORMATS else tags.orientation
    return Picture(_to_requested_size(pixels, least, orientation, wish), upright, tags)


def _jpeg_scale(image: ImageFile.ImageFile, least: tuple[int, int] | None) -> int:
    """The reduction `draft` will choose: the largest of 8, 4, 2 that leaves `least`."""
    if least is None or image.format not in _SCALED_JPEG:
        return 1
    ratio = min(image.width // least[0], image.height // least[1])
    return next((scale for scale in (8, 4, 2) if ratio >= scale), 1)


def _to_requested_size(
    image: Image.Image, least: tuple[int, int] | None, orientation: int, wish: _SizeRequest
) -> Image.Image:
    """Loaded pixels as wanted: averaged down early, since every later step costs by the pixel."""
    from PIL import Image

    if image.mode == "1":
        image = image.convert("L")
    if image.mode in _AVERAGED and "transparency" not in image.info:
        rgb = to_rgb(_reduced(image, least))
    else:
        rgb = _reduced(to_rgb(image), least)
    if wish.max_side is not None and max(rgb.size) > wish.max_side:
        rgb.thumbnail((wish.max_side, wish.max_side), Image.Resampling.LANCZOS, reducing_gap=None)
    return apply_orientation(rgb, orientation)


def _reduced(image: Image.Image, least: tuple[int, int] | None) -> Image.Image:
    if least is None:
        return image
    factor = min(image.width // least[0], image.height // least[1])
    return image.reduce(factor) if factor >= 2 else image


def apply_orientation(image: Image.Image, orientation: int) -> Image.Image:
    """Upright, by EXIF orientation 1-8."""
    from PIL import Image

    method = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    return image if method is None else image.transpose(method)


def _load_raw(file: IO[bytes], size: int, wish: _SizeRequest) -> Picture:
    if size > wish.limits.read_bytes * 4:
        raise DecodeError(Failure.TOO_LARGE, "The camera RAW file is too large to be read.")
    file.seek(0)
    data = file.read()
    wanted = wish.min_side or _RAW_PREVIEW_SIDE
    preview, orientation, upright = raw_preview(data, min_side=wanted, limits=wish.limits)
    tags = read_raw_tags(data)
    if isinstance(preview, bytes):
        opened = _load_ordinary(io.BytesIO(preview), len(preview), "", wish)
        if not tags:
            tags = opened.tags
        # Previews carry no orientation of their own, or the same as the RAW file and were turned by it just now.
        image = opened.image if opened.tags.orientation != 1 else apply_orientation(opened.image, orientation)
        return Picture(image, upright, tags)
    return Picture(_to_requested_size(preview, wish.least(preview.size), orientation, wish), upright, tags)
