"""How large a picture may be, judged by its header before it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.failures import DecodeError
from app.core.records import Failure

if TYPE_CHECKING:
    from PIL import Image

MB = 1 << 20

# Bytes a pixel takes at the worst moment: as Pillow keeps it (RGB is padded to 4) and as what it is converted to
# before it can be averaged down.
_MODE_BYTES = {"1": 2, "L": 1, "P": 5, "PA": 8, "LA": 8, "RGBA": 8, "I;16": 8, "I;16B": 8, "I;16L": 8, "I": 16, "F": 16}
_OTHER_BYTES = 4
# What decoders hold besides the finished picture, in bytes a pixel: whole frames of their own.
_DECODER_BYTES = {"WEBP": 8, "AVIF": 8, "HEIF": 8, "JPEG2000": 12, "GIF": 4}
# Declared pixels per byte of file beyond which a picture that is too large is called a bomb. An empty page scanned
# as bilevel TIFF reaches some hundreds.
_BOMB_RATIO = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost while it is read.

    Attributes:
        picture_bytes: memory for the pixels of one picture. The default lets 250-megapixel pictures through and
            baseline JPEG of any size, since that is decoded at reduced scale.
        read_bytes: files up to this size are read into memory at once; larger ones are read from disk piecewise.
        archive_bytes: what the parts of an Office file, ODF or EPUB may add up to when unpacked.
        archive_ratio: how much larger than the file that may be, beyond the first 64 MB.
        document_bytes: largest document handed to a parser that takes it whole (everything but PDF).
        file_bytes: largest file of any kind; judged before a byte is read, since sparse files may claim any size.
        characters: text kept of one document; more is cut, not refused.
        units: passages and page pictures kept of one document; more are cut. A novel has 2,000, the Bible 15,000.
        page_pictures: pages of a document that are rendered as pictures.
    """

    picture_bytes: int = 1024 * MB
    read_bytes: int = 256 * MB
    archive_bytes: int = 1024 * MB
    archive_ratio: int = 200
    document_bytes: int = 512 * MB
    file_bytes: int = 4096 * MB
    characters: int = 20_000_000
    units: int = 20_000
    page_pictures: int = 200

    @property
    def text_bytes(self) -> int:
        """Bytes of a text or web page that are looked at: enough for `characters` in any script."""
        return 4 * self.characters

    @classmethod
    def for_machine(cls, workers: int = 1) -> Limits:
        """Limits that let `workers` processes meet their worst files at once within half of the memory."""
        import psutil

        share = int(psutil.virtual_memory().total) // (2 * max(workers, 1))
        picture = max(128 * MB, min(2048 * MB, share))
        return cls(picture_bytes=picture, read_bytes=min(256 * MB, picture), archive_bytes=min(1024 * MB, picture))


def check_size(image: Image.Image, *, scale: int, file_size: int, limits: Limits) -> None:
    """Refuse a picture, of which only the header was read, that would take more memory than allowed.

    Args:
        scale: the reduction a JPEG will be decoded with: 1, 2, 4 or 8.
    """
    _check(*image.size, _decoded_bytes(image, image.width * image.height, scale), file_size, limits)


def check_bytes(width: int, height: int, bytes_a_pixel: int, file_size: int, limits: Limits) -> None:
    """The same for a picture that another reader than Pillow decodes."""
    _check(width, height, width * height * bytes_a_pixel, file_size, limits)


def _check(width: int, height: int, needed: int, file_size: int, limits: Limits) -> None:
    if needed <= limits.picture_bytes:
        return
    claim = f"{width:,} x {height:,} pixels"
    if width * height > _BOMB_RATIO * max(file_size, 1):
        raise DecodeError(
            Failure.BOMB, f"The picture claims {claim} in a file of {_readable(file_size)}, which cannot be honest."
        )
    raise DecodeError(Failure.TOO_LARGE, f"The picture is too large for the memory of this computer: {claim}.")


def _decoded_bytes(image: Image.Image, pixels: int, scale: int) -> int:
    finished = pixels // scale**2 * _MODE_BYTES.get(image.mode, _OTHER_BYTES)
    if image.info.get("progressive"):
        # libjpeg keeps the coefficients of a progressive file at full size, 2 bytes each; 3 a pixel without
        # subsampling.
        finished += pixels * 2 * len(image.getbands())
    return finished + pixels * _DECODER_BYTES.get(image.format or "", 0)


def _readable(size: int) -> str:
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:,.0f} {unit}"
        size //= 1024
    return f"{size:,.0f} GB"
