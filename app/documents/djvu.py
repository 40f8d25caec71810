"""DjVu through djvu-rs: the text layer of each page, and its picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.document import Document, DocumentPart, joined, tidy_title
from app.pictures import Limits

_LONGEST = 8  # times the shorter side
_DAMAGED = "The DjVu document is damaged and cannot be read."


def read_djvu(data: bytes, picture_side: int, limits: Limits) -> Document:
    """Open a DjVu document; its pages are read one by one while `Document.parts` is walked.

    Args:
        picture_side: shorter side in pixels of the pages' pictures.

    Raises:
        DecodeError: damaged.
    """
    import djvu_rs

    try:
        document = djvu_rs.Document.from_bytes(data)
        count = int(document.page_count())
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of its Rust core is not even an Exception
        raise DecodeError(Failure.CORRUPT, _DAMAGED) from error
    metadata: dict[str, Any] = {}
    with suppress(djvu_rs.Error, TypeError, ValueError):
        metadata = {str(key).lower(): value for key, value in dict(document.metadata() or {}).items()}
    title = tidy_title(metadata.pop("title", None))
    return Document(title, count, _pages(document, count, picture_side, limits), described=joined(metadata.values()))


def _pages(document: Any, count: int, picture_side: int, limits: Limits) -> Iterator[DocumentPart]:
    broken = 0
    for index in range(count):
        try:
            page = document.page(index)
            text = page.text() or ""
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # one broken page must not cost the others; see `read_djvu`
            broken += 1
            continue
        picture = _picture(page, picture_side, limits) if index < limits.page_pictures else None
        yield DocumentPart(index + 1, text, picture)
    if broken == count:
        raise DecodeError(Failure.CORRUPT, _DAMAGED)


def _picture(page: Any, picture_side: int, limits: Limits) -> Any:
    """The page as RGB; None where it cannot be drawn, or its scan is too large."""
    import djvu_rs

    width, height = int(page.width), int(page.height)
    if not width or not height or width * height * 8 > limits.picture_bytes:
        return None
    scale = min(1.0, picture_side / min(width, height), picture_side * _LONGEST / max(width, height))
    with suppress(djvu_rs.Error, ValueError, MemoryError):
        picture = page.render(size=(max(1, round(width * scale)), max(1, round(height * scale))))
        return picture.to_pil().convert("RGB")
    return None
