"""Which of Pillow's readers are used, and what is made of their complaints."""

from __future__ import annotations

from functools import lru_cache
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFile

# Only what people keep as pictures: Pillow's other readers (PostScript starts a program, for one) are never tried.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "DIB", "AVIF", "HEIF", "JPEG2000", "ICO", "PSD", "PPM")
_TARGA = ("tga",)  # a format without a signature: nearly any bytes would do

# Of one text in a PNG, unpacked. Pillow's own 1 MB fails the whole picture for a long edit history.
_LARGEST_TEXT = 16 << 20


def identify(file: IO[bytes], suffix: str = "") -> ImageFile.ImageFile | None:
    """The picture in a file, with nothing but its header read; None for what is no picture.

    Args:
        suffix: of its name, which matters only where bytes do not tell.

    Raises:
        OSError: the drive failed.
    """
    from PIL import Image, UnidentifiedImageError

    _register_readers()
    try:
        file.seek(0)
        return Image.open(file, formats=("TGA",) if suffix in _TARGA else _FORMATS)
    except UnidentifiedImageError:
        return None
    except OSError as error:
        if error.errno is not None:
            raise  # the drive's fault; plugins raise it without a number for broken headers
        return None
    except Exception:  # a header broken in a way its plugin did not foresee
        return None


@lru_cache(maxsize=1)
def _register_readers() -> None:
    """The readers Pillow does not load by itself, and HEIC, once per process.

    Pillow's own guard against bombs gives way to `check_size`.
    """
    import pillow_heif
    from PIL import (  # noqa: F401  registered by being imported
        AvifImagePlugin,
        IcoImagePlugin,
        Image,
        Jpeg2KImagePlugin,
        PngImagePlugin,
        PpmImagePlugin,
        PsdImagePlugin,
        TgaImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    Image.preinit()
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_CHUNK = _LARGEST_TEXT
