"""XMP sidecars beside a picture: their names, and a stamp by which a changed one is noticed without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

SUFFIX = ".xmp"
SidecarState: TypeAlias = tuple[int, int]
"""(size, mtime_ns)."""
_BITS = (1 << 61) - 1
_LARGEST = 4 << 20


def names_beside(photo: str) -> tuple[str, str]:
    """`IMG_1.jpg.xmp` (digiKam, darktable), which goes first, and `IMG_1.xmp` (Lightroom); of a path or a name."""
    return photo + SUFFIX, photo.rpartition(".")[0] + SUFFIX


def stamp(sidecars: Iterable[SidecarState | None]) -> int:
    """A number that changes when one of a photo's sidecars does; 0 when there is none. Fits a signed 64-bit column."""
    number = 0
    for place, found in enumerate(sidecars):
        if found is not None:
            number = (number * 1_000_003 + found[1] + 31 * found[0] + place) % _BITS or 1
    return number


def stamp_of(photo: str | os.PathLike[str]) -> int:
    """The stamp of the sidecars that are beside a photo now."""
    return stamp(sidecar_state(name) for name in names_beside(os.fspath(photo)))


def sidecar_state(sidecar: str) -> SidecarState | None:
    """A sidecar as it is now."""
    try:
        found = os.stat(sidecar)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


def read_sidecar(photo: str | os.PathLike[str]) -> bytes:
    """The packet in the sidecar beside a picture; empty if there is none."""
    for name in names_beside(os.fspath(photo)):
        try:
            with open(Path(name), "rb") as file:
                packet = file.read(_LARGEST + 1)
            if packet and len(packet) <= _LARGEST:
                return packet
        except (OSError, ValueError):
            continue
    return b""
