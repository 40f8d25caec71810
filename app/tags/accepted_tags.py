"""Writing what the user decided to XMP, for the whole library or some files of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import UserTags
from app.core.paths import from_stored
from app.core.records import TagRow
from app.tags.vocabulary import Vocabulary
from app.xmp.writing import SIDECAR, TaggedFile, XmpChange, write_xmp


def files_with_accepted_tags(
    blocks: Iterable[Sequence[TagRow]],
    decisions: AnnotationStore,
    vocabulary: Vocabulary,
    only: Collection[str] | None = None,
) -> Iterator[TaggedFile]:
    """The files of the index that the user gave tags to, with the hierarchy of each tag.

    Args:
        only: stored paths; None for all.
    """
    decisions_by_hash = decisions.all_user_tags()
    seen: set[str] = set()
    for block in blocks:
        for row in block:
            decision = decisions_by_hash.get(row.content_hash)
            if row.path in seen or decision is None or not decision.tags:
                continue
            if only is None or row.path in only:
                seen.add(row.path)
                yield _tagged(from_stored(row.path), decision, vocabulary, row.keywords)


def write_accepted_tags(
    files: Iterable[TaggedFile], decisions: AnnotationStore, *, into: str = SIDECAR, dry_run: bool = False
) -> Iterator[XmpChange]:
    """Write them (see `app.xmp.writing.write_xmp`).

    A file that was itself written has other bytes now: what the user said of it is carried over.
    """
    for change in write_xmp(files, into=into, dry_run=dry_run):
        if change.hashes is not None:
            decisions.carry(*change.hashes)
        yield change


def _tagged(path: str, decision: UserTags, vocabulary: Vocabulary, keywords: tuple[str, ...]) -> TaggedFile:
    kept = tuple(word for word in keywords if word not in decision.rejected)
    return TaggedFile(path, tuple(vocabulary.path_of(label) for label in decision.tags), kept)
