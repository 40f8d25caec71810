"""What was dropped or pasted: pictures, files, folders, web addresses or words, however the other program packed them.

Browsers, file managers and screenshot tools disagree on how a picture travels: as files, as encoded bytes under an
image type, under `application/octet-stream` (Chromium), as a decoded picture, as a data address inside HTML, or only
as a web address. Local data is preferred in that order; a web address is only reported, never fetched here.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage

from app.core.paths import to_stored
from app.files.types import PHOTO_SUFFIXES
from app.query.queries import ImagePart
from ui.results.model import UNIT_FORMAT

LIMIT = 64 << 20
PICTURES = PHOTO_SUFFIXES | {"ico"}  # an icon may be an example, and is no photo of a library
_IMAGE_TYPES = re.compile(
    r"^image/(?!x-icon|vnd\.microsoft\.icon)[\w.+-]+$|FileContents|^application/octet-stream$", re.IGNORECASE
)
_SOURCE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s>]+))""", re.IGNORECASE | re.DOTALL)
_ENTITIES = {"&amp;": "&", "&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">"}


@dataclass(frozen=True, slots=True)
class DroppedData:
    """What there was of use.

    Attributes:
        pictures: query parts ready to use; raw: decoded pictures still to be encoded (`encode`, off the GUI thread).
        folders, files: local paths that are no pictures; web: addresses not fetched; text: plain words.
    """

    pictures: tuple[ImagePart, ...] = ()
    raw: tuple[QImage, ...] = ()
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    web: tuple[str, ...] = ()
    text: str = ""
    thumbnails: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.pictures, self.raw, self.folders, self.files, self.web, self.text))


def is_picture(data: bytes) -> bool:
    """Whether bytes begin like a picture of a known kind."""
    if data.startswith(
        (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\0\x0cJXL ", b"\xff\x0a")
    ):
        return len(data) > 24
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return True
    return data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif", b"avis"}


def encode_png(image: QImage) -> bytes:
    """A decoded picture as PNG bytes; takes a while."""
    out = QByteArray()
    buffer = QBuffer(out)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(out.data())


def read(data: QMimeData) -> DroppedData:
    """Make sense of a drop or of the clipboard."""
    if data.hasFormat(UNIT_FORMAT):
        lines = [line.split("\t") for line in _bytes(data, UNIT_FORMAT).decode().splitlines()]
        return DroppedData(
            pictures=tuple(ImagePart(unit_id=line[0]) for line in lines), thumbnails=tuple(line[-1] for line in lines)
        )
    urls = _urls(data)
    local = _local([url for url in urls if url.isLocalFile()])
    if local:
        return local
    encoded = _encoded(data)
    if encoded is not None:
        return DroppedData(pictures=(ImagePart(data=encoded),))
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return DroppedData(raw=(image,))
    in_html = _from_html(data.html()) if data.hasHtml() else DroppedData()
    if in_html.pictures or in_html.files:
        return in_html
    web = tuple(dict.fromkeys([*in_html.web, *(url.toString() for url in urls if _is_web(url.toString()))]))
    if web:
        return DroppedData(web=web[:4])
    return _from_text(data.text() if data.hasText() else "")


def _bytes(data: QMimeData, kind: str) -> bytes:
    return bytes(data.data(kind).data())


def _urls(data: QMimeData) -> list[QUrl]:
    urls = list(data.urls())
    if not urls and data.hasFormat("x-special/gnome-copied-files"):
        lines = _bytes(data, "x-special/gnome-copied-files").decode("utf-8", "replace").splitlines()
        urls = [QUrl(line) for line in lines[1:] if line]
    if not urls and data.hasFormat("text/x-moz-url"):
        raw = _bytes(data, "text/x-moz-url")
        text = raw.decode("utf-16-le" if b"\0" in raw[:4] else "utf-8", "replace")
        urls = [QUrl(line) for line in text.splitlines()[:1] if line]
    return urls


def _local(urls: list[QUrl]) -> DroppedData:
    pictures, folders, files = [], [], []
    for url in urls:
        path = Path(url.toLocalFile())
        if path.is_dir():
            folders.append(str(path))
        elif not path.is_file():
            continue
        elif path.suffix.lower().lstrip(".") in PICTURES or _begins_like_picture(path):
            pictures.append(ImagePart(path=to_stored(path)))
        else:
            files.append(str(path))
    return DroppedData(pictures=tuple(pictures), folders=tuple(folders), files=tuple(files))


def _begins_like_picture(path: Path) -> bool:
    if path.suffix:
        return False
    try:
        with path.open("rb") as file:
            return is_picture(file.read(64))
    except OSError:
        return False


def _encoded(data: QMimeData) -> bytes | None:
    # `hasImage` knows only decoded pictures: bytes under an image type, or under none, are told by their beginning.
    ranked = sorted((f for f in data.formats() if _IMAGE_TYPES.search(f)), key=lambda f: not f.startswith("image/"))
    for kind in ranked:
        found = _bytes(data, kind)
        if len(found) <= LIMIT and is_picture(found):
            return found
    return None


def _from_html(html: str) -> DroppedData:
    web: list[str] = []
    for match in _SOURCE.finditer(html):
        source = next(group for group in match.groups() if group)
        for entity, char in _ENTITIES.items():
            source = source.replace(entity, char)
        found = _from_address(source)
        if found.pictures:
            return found
        web.extend(found.web)
    return DroppedData(web=tuple(web))


def _from_address(address: str) -> DroppedData:
    if address.startswith("data:image/"):
        head, _, body = address.partition(",")
        try:
            data = base64.b64decode(body.strip()) if head.endswith(";base64") else unquote_to_bytes(body)
        except (binascii.Error, ValueError):
            return DroppedData()
        return DroppedData(pictures=(ImagePart(data=data),)) if is_picture(data) else DroppedData()
    if address.startswith("file:"):
        return _local([QUrl(address)])
    return DroppedData(web=(address,)) if _is_web(address) else DroppedData()


def _from_text(text: str) -> DroppedData:
    text = text.strip()
    if not text:
        return DroppedData()
    if text.startswith(("data:image/", "file:", "http://", "https://")) and not re.search(r"\s", text):
        found = _from_address(text)
        if found:
            return found
    if text.startswith(("/", "~", "\\\\")) or re.match(r"^[A-Za-z]:[\\/]", text):
        lines = [Path(line.strip()).expanduser() for line in text.splitlines()[:50]]
        found = _local([QUrl.fromLocalFile(str(path)) for path in lines])
        if found:
            return found
    return DroppedData(text=" ".join(text.split())[:500])


def _is_web(address: str) -> bool:
    try:
        return urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        return False


def is_own(data: QMimeData) -> bool:
    """Whether it was dragged out of our own results."""
    return data.hasFormat(UNIT_FORMAT)


def is_folder(data: QMimeData) -> bool:
    """Whether what is dragged is a folder, as far as the first address tells."""
    urls = data.urls() if data.hasUrls() else []
    return bool(urls) and urls[0].isLocalFile() and Path(urls[0].toLocalFile()).is_dir()


def accepts(data: QMimeData) -> bool:
    """Whether a drag is worth accepting; looks at formats only, since the data may not be there yet."""
    formats = data.formats()
    return (
        data.hasUrls()
        or data.hasImage()
        or data.hasHtml()
        or data.hasText()
        or any(_IMAGE_TYPES.search(kind) for kind in formats)
        or UNIT_FORMAT in formats
    )
