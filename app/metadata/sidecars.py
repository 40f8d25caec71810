"""Sidecars beside a picture: their names, and a stamp by which a changed one is noticed without reading it.

XMP as `IMG_1.jpg.xmp` (digiKam, darktable) or `IMG_1.xmp` (Lightroom), in capitals or not; and the JSON files that
Google Takeout puts beside each photo.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

SidecarState: TypeAlias = tuple[int, int]
"""(size, mtime_ns)."""
SIDECAR_SUFFIXES = ("xmp", "json")
_BITS = (1 << 61) - 1
_LARGEST = 4 << 20
# "IMG_1.jpg.json", since 2024 "IMG_1.jpg.supplemental-metadata.json", cut off where the name gets long; a second photo
# of the same name is "IMG_1(1).jpg" and has "IMG_1.jpg(1).json".
_TAKEOUT = re.compile(
    r"^(?P<stem>.+)(?P<suffix>\.(?:jpe?g|png|gif|webp|heic|heif|avif|tiff?|bmp|dng|raw|mp4|mov|3gp|mkv|avi|m4v|mp))"
    r"(?:\.s[a-z-]*)?(?P<number>\(\d+\))?\.json$"
)


def is_sidecar(name: str) -> bool:
    """Whether a file is only there to describe another one, by its name."""
    lowered = name.lower()
    return lowered.endswith(".xmp") or (lowered.endswith(".json") and _TAKEOUT.match(lowered) is not None)


def sidecar_key(path: str) -> str:
    """What sidecars of the same photo and kind have in common: one of `photo_keys` of their photo."""
    folder, slash, name = path.rpartition("/")
    name = name.lower()
    match = _TAKEOUT.match(name)
    if match is not None:
        name = f"{match['stem']}{match['number'] or ''}{match['suffix']}.json"
    return f"{folder}{slash}{name}"


def photo_keys(photo: str) -> tuple[str, str, str]:
    """The keys that sidecars of a photo may have, the one that goes before the others first; of a path or a name."""
    folder, slash, name = photo.rpartition("/")
    name = name.lower()
    start = f"{folder}{slash}"
    return f"{start}{name}.xmp", f"{start}{name.rpartition('.')[0]}.xmp", f"{start}{name}.json"


def by_key(sidecars: Iterable[str]) -> dict[str, str]:
    """Sidecars by their key; of several that differ in case alone the first by name."""
    found: dict[str, str] = {}
    for path in sorted(sidecars):
        found.setdefault(sidecar_key(path), path)
    return found


def stamp(sidecars: Iterable[SidecarState | None]) -> int:
    """A number that changes when one of a photo's sidecars does; 0 when there is none. Fits a signed 64-bit column.

    Args:
        sidecars: as they are, in the order of `photo_keys`.
    """
    number = 0
    for place, found in enumerate(sidecars):
        if found is not None:
            number = (number * 1_000_003 + found[1] + 31 * found[0] + place) % _BITS or 1
    return number


def stamp_beside(photo: str, keyed: Mapping[str, str], states: Mapping[str, SidecarState]) -> int:
    """The stamp of a photo whose sidecars are among those listed.

    Args:
        keyed: `by_key` of the sidecars on the disk.
        states: of the same sidecars, by path.
    """
    return stamp(states.get(keyed.get(key, "")) for key in photo_keys(photo))


def stamp_of(photo: str | os.PathLike[str]) -> int:
    """The stamp of the sidecars that are beside a photo now."""
    return stamp(None if path is None else sidecar_state(path) for path in _paths(os.fspath(photo)))


def sidecars_beside(photo: str | os.PathLike[str]) -> list[str]:
    """The paths of the sidecars that are beside a photo now, in the order of `photo_keys`."""
    return [path for path in _paths(os.fspath(photo)) if path is not None]


def read_sidecars(photo: str | os.PathLike[str]) -> tuple[bytes, ...]:
    """The sidecars beside a picture, in the order of `photo_keys`; unreadable and empty ones are left out."""
    packets: list[bytes] = []
    for path in sidecars_beside(photo):
        try:
            with open(path, "rb") as file:
                packet = file.read(_LARGEST + 1)
        except (OSError, ValueError):
            continue
        if packet and len(packet) <= _LARGEST:
            packets.append(packet)
    return tuple(packets)


def sidecar_state(sidecar: str) -> SidecarState | None:
    """A sidecar as it is now."""
    try:
        found = os.stat(sidecar)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns


def _paths(photo: str) -> list[str | None]:
    folder, _, name = photo.replace(os.sep, "/").rpartition("/") if os.sep != "/" else photo.rpartition("/")
    place = folder or ("/" if photo.startswith("/") else ".")
    try:
        there = _listed(place, os.stat(place).st_mtime_ns)
    except (OSError, ValueError):
        return []
    return [os.fspath(Path(place) / there[key]) if key in there else None for key in photo_keys(name)]


@lru_cache(maxsize=64)
def _listed(folder: str, _mtime_ns: int) -> dict[str, str]:
    """The sidecars in a folder, by key. A folder is listed once and not once for each of its photos."""
    return by_key(name for name in os.listdir(folder) if is_sidecar(name))
