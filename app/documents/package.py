"""ZIP files that are documents: checked for bombs and passwords before a part is read."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents.xml_text import UnsafeXml, XmlText
from app.pictures import Limits

DAMAGED = "The document is damaged and cannot be read."
ENCRYPTED = "The document is protected by a password."
_ALWAYS_UNPACKED = 64 << 20
_COVERS = (
    "docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png", "Thumbnails/thumbnail.png",
    "QuickLook/Thumbnail.jpg", "preview.jpg", "preview-web.jpg",
)  # fmt: skip
_LARGEST_XML_TREE = 16 << 20


class Package:
    """An opened ZIP file.

    Attributes:
        names: of its parts.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        """
        Raises:
            DecodeError: broken, encrypted, or unpacking to far more than its size.
        """
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except Exception as error:  # zipfile and zlib raise what broken bytes provoke
            # A ZIP file's directory stands at its end: without it, the end is missing.
            if b"PK\x05\x06" not in data[-66_000:]:
                raise DecodeError(Failure.TRUNCATED, "The document breaks off: the file is incomplete.") from error
            raise DecodeError(Failure.CORRUPT, DAMAGED) from error
        _check_unpacked(entries, len(data), limits)
        self.names = tuple(entry.filename for entry in entries)
        self._present = frozenset(self.names)
        self._folded = {name.lower(): name for name in reversed(self.names)}
        if "EncryptedPackage" in self._present or any(entry.flag_bits & 1 for entry in entries) or self._sealed():
            raise DecodeError(Failure.ENCRYPTED, ENCRYPTED)

    def __contains__(self, name: str) -> bool:
        return name in self._present

    def read(self, name: str) -> bytes:
        """A part whole.

        Raises:
            DecodeError: it is missing or broken.
        """
        with self.open(name) as stream:
            try:
                return stream.read()
            except Exception as error:
                raise DecodeError(Failure.CORRUPT, DAMAGED) from error

    def open(self, name: str) -> IO[bytes]:
        """A part to be read piece by piece; names are looked up without case where the exact one is missing.

        Raises:
            DecodeError: it is missing.
        """
        try:
            return self._zip.open(name if name in self._present else self._folded[name.lower()])
        except Exception as error:
            raise DecodeError(Failure.CORRUPT, DAMAGED) from error

    def tree(self, name: str) -> ElementTree.Element | None:
        """A small part as an XML tree; None where it is missing, broken or unsafe."""
        with suppress(DecodeError, ElementTree.ParseError, ValueError, LookupError):
            data = self.read(name)
            if len(data) <= _LARGEST_XML_TREE and b"<!DOCTYPE" not in data and b"<!ENTITY" not in data:
                return ElementTree.fromstring(data)
        return None

    def texts(self, name: str, reader: Callable[[], XmlText]) -> Iterator[str]:
        """The text of a part, piece by piece.

        Raises:
            DecodeError: it is missing, broken or unsafe.
        """
        with self.open(name) as stream:
            try:
                yield from reader().read(stream)
            except DecodeError:
                raise
            except (expat.ExpatError, UnsafeXml, zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
                raise DecodeError(Failure.CORRUPT, DAMAGED) from error
            except Exception as error:  # zlib.error and whatever else broken bytes provoke
                raise DecodeError(Failure.CORRUPT, DAMAGED) from error

    def text(self, name: str, reader: Callable[[], XmlText]) -> str:
        """The text of a part that the document can do without: empty where it is missing or broken."""
        pieces: list[str] = []
        with suppress(DecodeError):
            pieces.extend(self.texts(name, reader))
        return "".join(pieces)

    def related(self, part: str) -> list[tuple[str, str]]:
        """The parts that an Open Packaging part refers to: (last word of the relationship's type, part), in order."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: list[tuple[str, str]] = []
        for relation in () if root is None else root:
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External" and target:
                kind = (relation.get("Type") or "").rpartition("/")[2]
                found.append((kind, resolve(folder, target)))
        return found

    def relation_targets(self, part: str) -> dict[str, str]:
        """Relationship id -> part, of an Open Packaging part."""
        folder, name = posixpath.split(part)
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {r.get("Id") or "": resolve(folder, r.get("Target") or "") for r in (() if root is None else root)}

    def cover(self) -> bytes | None:
        """The picture that the document carries of itself, JPEG or PNG."""
        with suppress(DecodeError):
            return next((self.read(name) for name in _COVERS if name in self._present), None)
        return None  # a document is no worse for a broken picture of it

    def _sealed(self) -> bool:
        """ODF with a password, e-books with copy protection (fonts are obfuscated in free ones too)."""
        with suppress(DecodeError):
            if "META-INF/manifest.xml" in self and b"encryption-data" in self.read("META-INF/manifest.xml"):
                return True
            if "META-INF/encryption.xml" in self:
                sealed = self.read("META-INF/encryption.xml")
                return re.search(rb"URI=[\"'][^\"']+\.x?html?[\"']", sealed) is not None
        return False


def resolve(folder: str, target: str) -> str:
    """The name of a part that another one in `folder` refers to; addresses are percent-encoded."""
    target = unquote(target.partition("#")[0])
    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(joined)


def natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts "slide2" before "slide10"."""
    return [(int(part), "") if part.isdigit() else (0, part.lower()) for part in re.split(r"(\d+)", name)]


def _check_unpacked(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes or total > max(_ALWAYS_UNPACKED, size * limits.archive_ratio):
        raise DecodeError(
            Failure.BOMB, f"The document unpacks to {total >> 20:,} MB, far more than a document of its size can hold."
        )
