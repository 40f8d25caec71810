"""XMP sidecars: which photo each belongs to, and which photos another one is beside now.

The table keeps, with each photo that has one, a stamp of the sidecar its facts were read with. Comparing stamps costs
a look at every sidecar and nothing for libraries without any.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.core.paths import from_stored, to_stored
from app.core.records import FileState, Kind, RefreshedPhoto
from app.files.types import kind_of
from app.metadata import read_facts
from app.metadata.sidecars import SidecarState, by_key, is_sidecar, photo_keys, sidecar_key, stamp_beside, stamp_of
from indexer.scan import FileStat, state_of


def photos_with_changed_sidecars(
    files: Iterable[FileStat],
    there: Mapping[str, SidecarState],
    known: Mapping[str, int],
    *,
    skip: Collection[str] = (),
) -> list[FileStat]:
    """Photos whose sidecars are not those that their facts were read with, deleted ones included.

    Args:
        files: on the disk.
        there: sidecars on the disk, by path.
        known: photo -> stamp, as the table has it, of photos with a sidecar.
        skip: files that are read anyway.
    """
    if not there and not known:
        return []
    keyed = by_key(there)
    return [
        seen
        for seen in files
        if seen[0] not in skip and kind_of(seen[0]) is Kind.PHOTO
        if stamp_beside(seen[0], keyed, there) != known.get(seen[0], 0)
    ]


def photos_for_sidecars(paths: Sequence[str]) -> list[str]:
    """These stored paths with photos in the place of sidecars: an event on a sidecar is one on its photo."""
    found: dict[str, None] = {}
    listings: dict[str, list[str]] = {}
    for path in paths:
        if not is_sidecar(path):
            found[path] = None
            continue
        folder, _, name = path.rpartition("/")
        if folder not in listings:
            listings[folder] = _photos_in(folder)
        key = sidecar_key(name)
        for photo in listings[folder]:
            if key in photo_keys(photo):
                found[f"{folder}/{photo}"] = None
    return list(found)


def _photos_in(folder: str) -> list[str]:
    try:
        names = os.listdir(from_stored(folder or "/"))
    except OSError:
        return []  # whoever looks at the folder itself says so
    return [to_stored(name) for name in names if kind_of(name) is Kind.PHOTO]


def reread_facts(state: FileState) -> RefreshedPhoto | None:
    """The facts of a photo as it and its sidecars tell them now, without decoding it; None when it changed, too."""
    path = from_stored(state.path)
    number = stamp_of(path)  # before they are read: a later change is seen as one
    facts = read_facts(path)
    return RefreshedPhoto(state, facts, number) if state_of(state.path) == state else None
