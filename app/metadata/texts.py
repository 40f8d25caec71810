"""Texts of metadata: which bytes mean what, and what programs write where the owner's words should stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from app.metadata.tags import Tags

_IPTC_CHARSET = (1, 90)
_LINE_LENGTH, _CAPTION_LENGTH = 300, 10_000
_USER_COMMENT_CODES = {
    b"ASCII\0\0\0": "utf-8",
    b"UNICODE\0": "utf-16",
    b"JIS\0\0\0\0\0": "iso2022_jp",
    b"\0" * 8: "utf-8",
}
_PLACEHOLDER = re.compile(
    r"^(olympus digital camera|sony dsc|digital camera|samsung|untitled|default|applemark|minolta digital camera|"
    r"konica minolta.*|kodak.*digital.*camera|exif_jpeg.*|dcim|\S+\.(jpe?g|png|tiff?|heic)|\W*)$",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"^(creator: gd-jpeg|file (written|source)|created (with|by|using)|generated (with|by)|lavc|lead technologies|"
    r"processed by|optimized by|compressed by|intel\(r\)|jpeg encoder|xv version|cs=|\{\"|imagej=|quality|handmade)",
    re.IGNORECASE,
)


def one_line(value: Any) -> str | None:
    """Printable text on one line, or None."""
    text = plain(value)
    if text is None:
        return None
    tidy = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return tidy[:_LINE_LENGTH] or None


def plain(value: Any) -> str | None:
    """Text of a tag up to its end mark. Pillow reads EXIF as Latin-1; most programs write UTF-8."""
    if isinstance(value, bytes):
        return decoded(value).split("\0")[0]
    if not isinstance(value, str):
        return None
    if not value.isascii():
        with suppress(UnicodeEncodeError):
            value = decoded(value.encode("latin-1"))
    text: str = value.split("\0")[0]
    return text


def decoded(value: bytes) -> str:
    """UTF-8 where it is, else the Western code page of Windows."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def user_comment(value: Any) -> str | None:
    """EXIF UserComment: eight bytes name its code, the rest is text."""
    if isinstance(value, str):
        value = value.encode("latin-1", "replace")
    if not isinstance(value, bytes) or len(value) <= 8:
        return None
    code, body = _USER_COMMENT_CODES.get(value[:8]), value[8:]
    if code is None:
        return _readable(decoded(value))
    if code == "utf-16":
        # In the byte order of the file, which nobody keeps to.
        little = body[1::2].count(0) >= body[0::2].count(0)
        return _readable(body.decode("utf-16-le" if little else "utf-16-be", "replace"))
    return _readable(decoded(body) if code == "utf-8" else body.decode(code, "replace"))


def utf16(value: Any) -> str | None:
    """The XP tags of Windows Explorer: UTF-16 in bytes."""
    if isinstance(value, tuple):
        value = bytes(part & 0xFF for part in value if isinstance(part, int))
    return value.decode("utf-16-le", "replace").split("\0")[0] if isinstance(value, bytes) else None


def iptc_texts(tags: Tags, key: tuple[int, int]) -> list[str]:
    """The values of an IPTC dataset: UTF-8 as most programs write whether they declare it or not, else Western."""
    utf8 = tags.iptc.get(_IPTC_CHARSET, [b""])[0] == b"\x1b%G"
    return [value.decode("utf-8", "replace") if utf8 else decoded(value) for value in tags.iptc.get(key, ())]


def is_placeholder(text: str) -> bool:
    """Whether a camera or a program wrote it by itself."""
    return _PLACEHOLDER.match(text) is not None or _PROGRAM.match(text) is not None


def caption_of(texts: Iterable[str | None], title: str | None) -> str:
    """Texts as paragraphs, each once, without the title and what nobody wrote."""
    kept: dict[str, str] = {}
    for text in texts:
        tidy = "\n".join(" ".join(_visible(line).split()) for line in (text or "").splitlines()).strip()
        if tidy and tidy != title and not is_placeholder(tidy):
            kept.setdefault(tidy.casefold(), tidy)
    return "\n\n".join(kept.values())[:_CAPTION_LENGTH]


def _visible(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line)


def _readable(text: str) -> str | None:
    """The text unless it is data of the camera's own."""
    text = text.split("\0")[0].strip()
    odd = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "So") or c == "\ufffd" for c in text if c not in "\r\n\t")
    return text if text and odd * 10 <= len(text) else None
