"""What the library says of itself: status, failures, and what filters can be set to."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path, PurePosixPath

from app.failures import advice
from app.files import IgnoreRules, kind_of
from app.library import FilterChoices
from app.paths import to_stored
from app.records import FailedFile, FolderStatus, Kind, LibraryStatus, Status
from app.settings import Settings
from app.table import IndexReader

_CHOICES = 200


def status(reader: IndexReader | None, settings: Settings, model: str | None, index_bytes: int) -> LibraryStatus:
    """Counts of each watched folder and of all. Walks the folders to tell what is not indexed yet."""
    folders = tuple(_folder(reader, folder, settings) for folder in settings.folders)
    counts = reader.counts() if reader is not None else {}
    return LibraryStatus(
        folders=folders,
        photos=counts.get(Kind.PHOTO, 0),
        documents=counts.get(Kind.DOCUMENT, 0),
        units=reader.count_units() if reader is not None else 0,
        failed=counts.get(Status.FAILED, 0),
        pending=sum(folder.pending for folder in folders),
        model=model,
        index_bytes=index_bytes,
        passages=reader.space.passages if reader is not None else "",
    )


def _folder(reader: IndexReader | None, folder: str, settings: Settings) -> FolderStatus:
    counts = reader.counts(to_stored(folder)) if reader is not None else {}
    photos, documents = counts.get(Kind.PHOTO, 0), counts.get(Kind.DOCUMENT, 0)
    failed = counts.get(Status.FAILED, 0)
    online = is_online(folder)
    there = _files_below(folder, IgnoreRules(settings.ignore)) if online else 0
    return FolderStatus(folder, online, photos, documents, max(0, there - photos - documents - failed), failed)


def is_online(folder: str) -> bool:
    """Whether a watched folder is there: its drive plugged in, its share mounted."""
    return Path(folder).is_dir()


def _files_below(folder: str, rules: IgnoreRules) -> int:
    """How many files of ours there are, by their names alone."""
    count = 0
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not rules.ignores(name, True)]
        count += sum(kind_of(name) is not None and not rules.ignores(name, False) for name in names)
    return count


def failures(reader: IndexReader) -> tuple[FailedFile, ...]:
    """The files that could not be read, why, what to do, and when they are tried again."""
    return tuple(
        FailedFile(
            path=path,
            failure=failure,
            reason=reason,
            advice=advice(failure),
            attempts=attempts,
            retry_at=datetime.fromtimestamp(retry_at_ns / 1e9) if retry_at_ns else None,
        )
        for path, failure, reason, attempts, retry_at_ns in reader.failures()
    )


def choices(reader: IndexReader, decided: Iterable[tuple[str, int]] = ()) -> FilterChoices:
    """What filters can be set to, the most frequent first.

    Args:
        decided: (tag, files) by the person's word.
    """
    table = reader.columns(["path", "root", "camera", "at", "keywords"], f"part = 0 AND status = '{Status.OK.value}'")
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    tags = Counter(tag for keywords in columns["keywords"] for tag in set(keywords or ()))
    tags.update(tag for _, tag in _proposed(reader))
    for tag, files in decided:
        tags[tag] = max(tags[tag], files)
    return FilterChoices(
        cameras=tuple(Counter(camera for camera in columns["camera"] if camera).most_common(_CHOICES)),
        folders=tuple(folder_counts(columns["path"], columns["root"]).most_common(_CHOICES)),
        tags=tuple(tags.most_common(_CHOICES)),
        years=tuple(Counter(at.year for at in columns["at"]).most_common(_CHOICES)),
    )


def _proposed(reader: IndexReader) -> set[tuple[str, str]]:
    """(path, proposed tag) of all files: `tag:` finds proposals too, so they count."""
    table = reader.columns(["path", "tags"], "array_length(tags) > 0")
    paths, tags = table.column("path").to_pylist(), table.column("tags").to_pylist()
    return {(path, tag) for path, proposed in zip(paths, tags, strict=True) for tag in proposed}


def folder_counts(paths: Iterable[str], roots: Iterable[str]) -> Counter[str]:
    """Files in each folder and all folders below it, from the watched folders down."""
    direct = Counter((str(PurePosixPath(path).parent), root) for path, root in zip(paths, roots, strict=True))
    total: Counter[str] = Counter()
    for (folder, root), files in direct.items():
        here = PurePosixPath(folder)
        for parent in (here, *here.parents):
            total[str(parent)] += files
            if str(parent) == root.rstrip("/") or not root:
                break
    return total
