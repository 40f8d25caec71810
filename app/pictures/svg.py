"""SVG drawings through resvg, as pictures; nothing outside the file is opened, no script is run."""

from __future__ import annotations

import gzip
import io
import re
from typing import TYPE_CHECKING

from app.core.failures import DecodeError
from app.core.records import Failure
from app.metadata.tags import Tags
from app.pictures.limits import Limits

if TYPE_CHECKING:
    from PIL import Image

_SIDE, _MAX_ASPECT_RATIO = 1024, 8
_MAX_BYTES, _MAX_TEXT = 32 << 20, 20_000
_GZIP = b"\x1f\x8b"
# Pictures and drawings outside the file: by path or address, or by what an entity hides.
_OUTSIDE = re.compile(r"\b(?:xlink:)?href\s*=\s*(\"(?!#|data:)[^\"]*\"|'(?!#|data:)[^']*')", re.IGNORECASE)
_LENGTH = r"\s*=\s*[\"']\s*([\d.]+)\s*(?:px|pt|mm|cm|in|pc)?\s*[\"']"
_WIDTH, _HEIGHT = re.compile(rf"\bwidth{_LENGTH}"), re.compile(rf"\bheight{_LENGTH}")
_VIEW_BOX = re.compile(r"\bviewBox\s*=\s*[\"']\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)")
_ROOT = re.compile(r"<(?:\w+:)?svg\b[^>]*>", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
_WORDS = re.compile(r"<(?:text|tspan|textPath|desc)\b[^>]*>([^<]*)", re.IGNORECASE)
_DAMAGED = "The drawing is damaged and cannot be read."


def is_svg(data: bytes, suffix: str) -> bool:
    """Whether a file is a drawing, by its name or its beginning."""
    return suffix in ("svg", "svgz") or b"<svg" in data[:2048].lower()


def read_svg(data: bytes, side: int | None, limits: Limits) -> tuple[Image.Image, tuple[int, int], Tags]:
    """The drawing as RGBA, its own size in pixels, and its title and words as tags.

    Args:
        side: pixels of the shorter side; None for what serves on a screen.

    Raises:
        DecodeError: damaged, or too large when unpacked.
    """
    import resvg_py
    from PIL import Image

    markup = _OUTSIDE.sub("", _markup(data))
    width, height = _size(markup)
    shorter = min(side or _SIDE, int((limits.picture_bytes / 8) ** 0.5))
    scale = shorter / min(width, height)
    scale = min(scale, shorter * _MAX_ASPECT_RATIO / max(width, height))
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=markup,
            width=max(1, round(width * scale)),
            height=max(1, round(height * scale)),
            skip_system_fonts="<text" not in markup,
        )
        image = Image.open(io.BytesIO(bytes(drawn)), formats=["PNG"])
        image.load()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of its Rust core is not even an Exception
        raise DecodeError(Failure.CORRUPT, _DAMAGED) from error
    return image, (max(1, round(width)), max(1, round(height))), _tags(markup)


def _markup(data: bytes) -> str:
    if data.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(_MAX_BYTES + 1)
        except (OSError, EOFError, ValueError) as error:
            raise DecodeError(Failure.CORRUPT, _DAMAGED) from error
    if len(data) > _MAX_BYTES:
        raise DecodeError(Failure.TOO_LARGE, "The drawing is too large to be read.")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return data.decode(encoding, "replace")


def _size(markup: str) -> tuple[float, float]:
    """Width and height as the root tells them, else its view box."""
    root = _ROOT.search(markup)
    if root is None:
        raise DecodeError(Failure.CORRUPT, _DAMAGED)
    width, height, box = _WIDTH.search(root[0]), _HEIGHT.search(root[0]), _VIEW_BOX.search(root[0])
    try:
        across, down = (float(box[1]), float(box[2])) if box else (_SIDE, _SIDE)
        size = float(width[1]) if width else across, float(height[1]) if height else down
    except ValueError:
        size = (_SIDE, _SIDE)
    return size if min(size) > 0 and max(size) < 1e7 else (_SIDE, _SIDE)


def _tags(markup: str) -> Tags:
    import html

    title = _TITLE.search(markup)
    words = " ".join(html.unescape(word).strip() for word in _WORDS.findall(markup) if word.strip())[:_MAX_TEXT]
    texts = {"title": html.unescape(title[1]).strip() if title else "", "description": words}
    return Tags(texts={name: text for name, text in texts.items() if text})
