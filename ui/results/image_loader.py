"""Large pictures for the preview: originals through the same decoder as the indexer's. Runs off the GUI thread only."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtGui import QImage

from app.core.errors import UserError
from app.core.paths import for_display, from_stored
from app.core.records import Kind
from app.query.queries import Hit, ImagePart

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 3200
FETCH_LIMIT = 32 << 20
LONGEST_TEXT = 1_000_000
"""Characters: what follows is not shown. Laying out more holds the window up."""
Box = tuple[float, float, float, float]


class NoPages(Exception):
    """A document that flows and is not read here (mail, office): its indexed text is what can be shown."""


@dataclass(frozen=True, slots=True)
class Original:
    """A picture ready to show, or the text of a document that has no pages.

    Attributes:
        marks: boxes in fractions of the picture where the words found stand.
    """

    image: QImage
    text: str = ""
    marks: Sequence[Box] = ()
    pages: int = 1


def load_original(hit: Hit, page: int | None = None, max_side: int = LARGEST) -> Original:
    """The file as a large picture; of a document the page asked for, else the one that was found."""
    path = from_stored(hit.path)
    if not Path(path).exists():
        raise UserError(
            f"{for_display(Path(path).name)} cannot be reached.", "Connect its drive, or look whether it was moved."
        )
    if hit.kind is Kind.PHOTO:
        return Original(to_qimage(open_picture(path, max_side)))
    wanted = page or hit.page or 1
    # The passage stands on the page that was found; elsewhere its words would be marked by chance.
    return _page(path, wanted, phrases(hit) if wanted == hit.page else [], min(max_side, 2400))


def phrases(hit: Hit, length: int = 4) -> list[str]:
    """The passage as overlapping short runs of words: lines break where they like on a page, short runs survive it."""
    words = (hit.snippet or "").split()
    if len(words) <= length:
        return [" ".join(words)] if words else []
    return [" ".join(words[at : at + length]) for at in range(len(words) - length + 1)]


def _page(path: str, page: int, words: Sequence[str], max_side: int) -> Original:
    from app.documents import find_on_page, is_truncatable, read_document, render_page

    if is_truncatable(path):
        return Original(QImage(), text="\n\n".join(part.text for part in read_document(path).parts)[:LONGEST_TEXT])
    if Path(path).suffix.lower() != ".pdf":
        # Office files and mail are read in the indexer's child processes, which may die of them; this one may not.
        raise NoPages(path)
    image = to_qimage(render_page(path, page, max_side))
    pages = read_document(path).pages or 1
    return Original(image, marks=tuple(find_on_page(path, page, words)), pages=pages)


def open_picture(path: str, max_side: int) -> Image:
    """The upright RGB picture behind a path, not larger than it has to be."""
    from app import pictures

    return pictures.open_picture(path, max_side=max_side)


def to_qimage(picture: Image) -> QImage:
    """A Pillow picture as a QImage that owns its pixels."""
    plain = picture.convert("RGB")
    data = plain.tobytes()
    return QImage(data, plain.width, plain.height, plain.width * 3, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def chip_thumbnail(part: ImagePart, side: int = 96) -> bytes:
    """A little JPEG of a query picture for its chip."""

    if part.data is not None:
        picture = _from_bytes(part.data, 1024)
    elif part.path is not None:
        picture = open_picture(from_stored(part.path), 512)
    else:
        return b""
    if part.crop is not None:
        left, top, right, bottom = part.crop
        width, height = picture.size
        picture = picture.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
    picture.thumbnail((side, side))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def _from_bytes(data: bytes, max_side: int) -> Image:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(data))
        picture.draft("RGB", (max_side, max_side))
        picture.load()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as error:
        raise UserError("The pasted picture could not be read.", "Save it to a file and drop that file.") from error
    return ImageOps.exif_transpose(picture)


def fetch(address: str) -> bytes:
    """The bytes of a picture on the web: only ever called after a yes to this address."""
    import urllib.request

    from ui.results.dropped_data import is_picture

    if urlsplit(address).scheme not in ("http", "https"):
        raise UserError("The address is not one of the web.", "Save the picture to a file and drop that file.")
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (Semblance)"})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            data: bytes = answer.read(FETCH_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise UserError(
            f"The picture could not be fetched ({error}).", "Save it to a file and drop that file."
        ) from error
    if len(data) > FETCH_LIMIT or not is_picture(data):
        raise UserError("What the address holds is not a picture.", "Save the picture to a file and drop that file.")
    return data
