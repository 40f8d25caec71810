"""Writing what the person decided to XMP, for the whole library or some files of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from app.decisions import Decisions
from app.paths import from_stored
from app.records import TagRow
from app.tags.vocabulary import Vocabulary
from app.tags.xmp_writing import SIDECAR, TaggedFile, XmpChange, write_xmp
from app.verdicts import FileDecisions


def tagged_files(
    blocks: Iterable[Sequence[TagRow]],
    decisions: Decisions,
    vocabulary: Vocabulary,
    only: Collection[str] | None = None,
) -> Iterator[TaggedFile]:
    """The files of the index that the person gave tags to, with the hierarchy of each tag.

    Args:
        only: stored paths; None for all.
    """
    said = decisions.everything()
    seen: set[str] = set()
    for block in blocks:
        for row in block:
            decision = said.get(row.content_hash)
            if row.path in seen or decision is None or not decision.tags:
                continue
            if only is None or row.path in only:
                seen.add(row.path)
                yield _tagged(from_stored(row.path), decision, vocabulary, row.keywords)


def write_confirmed(
    files: Iterable[TaggedFile], decisions: Decisions, *, into: str = SIDECAR, dry_run: bool = False
) -> Iterator[XmpChange]:
    """Write them (see `app.tags.xmp_writing.write_xmp`).

    A file that was itself written has other bytes now: what the person said of it is carried over.
    """
    for change in write_xmp(files, into=into, dry_run=dry_run):
        if change.hashes is not None:
            decisions.carry(*change.hashes)
        yield change


def _tagged(path: str, decision: FileDecisions, vocabulary: Vocabulary, keywords: tuple[str, ...]) -> TaggedFile:
    kept = tuple(word for word in keywords if word not in decision.rejected)
    return TaggedFile(path, tuple(vocabulary.path_of(label) for label in decision.tags), kept)
