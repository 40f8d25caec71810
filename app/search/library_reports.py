"""What the library says of itself: status, failures, and what filters can be set to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from app.core.failures import advice
from app.core.paths import to_stored
from app.core.records import Kind, Status
from app.core.settings import Settings
from app.query.library_api import FailedFile, FilterChoices, FolderStatus, LibraryStatus
from app.table import IndexReader

_MAX_CHOICES = 200


def library_status(
    reader: IndexReader | None, settings: Settings, model: str | None, index_bytes: int
) -> LibraryStatus:
    """Counts of each watched folder and of all, by what the table knows; no disk is looked at."""
    paths = tuple(map(Path, settings.folders))
    folders = tuple(_folder_status(reader, folder, paths) for folder in settings.folders)
    counts = reader.counts() if reader is not None else {}
    return LibraryStatus(
        folders=folders,
        photos=counts.get(Kind.PHOTO, 0),
        documents=counts.get(Kind.DOCUMENT, 0),
        units=reader.count_units() if reader is not None else 0,
        failed=counts.get(Status.FAILED, 0),
        pending=None,
        model=model,
        index_bytes=index_bytes,
        passages=reader.space.passages if reader is not None else "",
    )


def _folder_status(reader: IndexReader | None, folder: str, folders: Sequence[Path]) -> FolderStatus:
    counts = Counter(reader.counts(to_stored(Path(folder))) if reader is not None else {})
    for inner in _directly_inside(Path(folder), folders):
        counts.subtract(reader.counts(to_stored(inner)) if reader is not None else {})
    kinds = counts[Kind.PHOTO], counts[Kind.DOCUMENT]
    return FolderStatus(folder, is_folder_online(folder), *kinds, pending=None, failed=counts[Status.FAILED])


def _directly_inside(folder: Path, folders: Sequence[Path]) -> list[Path]:
    """The watched folders inside this one, but for those that are inside another of them. Folders are not nested where
    a face adds them; the settings are a file that people write in, too."""
    inside = {other for other in folders if folder in other.parents}
    return [other for other in inside if inside.isdisjoint(other.parents)]


def is_folder_online(folder: str) -> bool:
    """Whether a watched folder is there: its drive plugged in, its share mounted."""
    return Path(folder).is_dir()


def failed_files(reader: IndexReader) -> tuple[FailedFile, ...]:
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


def filter_choices(reader: IndexReader, decided: Iterable[tuple[str, int]] = ()) -> FilterChoices:
    """What filters can be set to, the most frequent first.

    Args:
        decided: (tag, files) by the person's word.
    """
    table = reader.columns(["path", "root", "camera", "at", "keywords"], f"part = 0 AND status = '{Status.OK.value}'")
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    tags = Counter(tag for keywords in columns["keywords"] for tag in set(keywords or ()))
    tags.update(tag for _, tag in _proposed_tags(reader))
    for tag, files in decided:
        tags[tag] = max(tags[tag], files)
    return FilterChoices(
        cameras=tuple(Counter(camera for camera in columns["camera"] if camera).most_common(_MAX_CHOICES)),
        folders=tuple(count_by_folder(columns["path"], columns["root"]).most_common(_MAX_CHOICES)),
        tags=tuple(tags.most_common(_MAX_CHOICES)),
        years=tuple(Counter(at.year for at in columns["at"]).most_common(_MAX_CHOICES)),
    )


def _proposed_tags(reader: IndexReader) -> set[tuple[str, str]]:
    """(path, proposed tag) of all files: `tag:` finds proposals too, so they count."""
    table = reader.columns(["path", "tags"], "array_length(tags) > 0")
    paths, tags = table.column("path").to_pylist(), table.column("tags").to_pylist()
    return {(path, tag) for path, proposed in zip(paths, tags, strict=True) for tag in proposed}


def count_by_folder(paths: Iterable[str], roots: Iterable[str]) -> Counter[str]:
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
