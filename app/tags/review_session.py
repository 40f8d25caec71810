"""Tagging as the window sees it: the review queue, own tags, undo, the vocabulary, taught tags.

It reads the index and the decisions and writes decisions and the user's vocabulary file; proposals themselves are
made by the indexer. One thread at a time; every method blocks for milliseconds, `labels` for up to half a second
while it reads the proposals of a large index.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample, UndoEntry, normalise_label
from app.core.errors import UserError
from app.core.paths import AppDirs
from app.core.system_errors import os_error_reason
from app.table import where
from app.tags.review import NO_PROPOSALS, PROPOSAL_COLUMNS, LabelCount, PendingProposal, ReviewQueue, proposal_table
from app.tags.tagger import TAUGHT_GROUP
from app.tags.user_vocabulary import FILE_NAME, UserVocabulary
from app.tags.vocabulary import Vocabulary

_REFRESH_S = 5.0
_SQL_BATCH = 500
_REFRESH_COST_FACTOR = 20.0
"""The proposals are read again at most every `_FRESH_S`, and at most 5 % of the time goes into it."""


class ColumnReader(Protocol):
    """What is needed of `app.table.IndexReader`."""

    def columns(self, names: Sequence[str], condition: str | None = None) -> Any: ...


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """A label of the vocabulary as it is edited."""

    label: str
    group: str
    descriptions: tuple[str, ...]
    enabled: bool
    own: bool
    parent: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VocabularyGroup:
    """A group of the vocabulary; `title` is for people."""

    group: str
    title: str
    labels: int
    enabled: bool


class ReviewSession:
    """The window's side of tagging.

    Args:
        reader: gives the index as it is now, or None before anything was indexed.
        changed: called when the indexer should tag anew (the vocabulary or a taught tag changed).
    """

    def __init__(
        self,
        dirs: AppDirs,
        reader: Callable[[], ColumnReader | None],
        *,
        decisions: AnnotationStore | None = None,
        changed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.decisions = decisions or AnnotationStore(dirs.annotations_file)
        self._own = UserVocabulary(dirs.config / FILE_NAME)
        self._reader = reader
        self._changed = changed
        self._clock = clock
        self._vocabulary: Vocabulary | None = None
        self._review: ReviewQueue | None = None
        self._read_at = self._cost = 0.0

    # ---- the queue

    def labels(self) -> list[LabelCount]:
        """Labels that wait or are confirmed, the most proposed first."""
        return self._fresh_review().counts()

    def proposals(self, label: str | None, *, limit: int = 60, offset: int = 0) -> list[PendingProposal]:
        """Undecided proposals, surest first; of all labels when `label` is None."""
        return self._kept_review().page(label, limit=limit, offset=offset)

    def proposed_for(self, path: str) -> list[PendingProposal]:
        """Undecided proposals of one file, surest first."""
        return self._kept_review().of_file(path)

    def confirm(self, label: str, paths: Sequence[str]) -> None:
        hashes = self._hashes(paths)
        self.decisions.confirm(hashes, label)
        self._kept_review().settle(label, hashes)

    def reject(self, label: str, paths: Sequence[str]) -> None:
        hashes = self._hashes(paths)
        self.decisions.reject(hashes, label)
        self._kept_review().settle(label, hashes)

    def undo(self) -> str | None:
        """Take the last decision back; a phrase that says which, None when there is none."""
        return _description(self.decisions.undo())

    def redo(self) -> str | None:
        return _description(self.decisions.redo())

    def add(self, label: str, paths: Sequence[str]) -> None:
        """A tag by hand."""
        self.decisions.add_own(self._hashes(paths), label)

    def remove(self, label: str, paths: Sequence[str]) -> None:
        """Take a tag off; it is not proposed for these files again."""
        self.decisions.remove(self._hashes(paths), label)

    def rename_tag(self, old: str, new: str) -> None:
        """Give all files that have a tag by the user's word another one instead; two steps to undo."""
        if normalise_label(old) == normalise_label(new):
            return
        hashes, _ = self.decisions.hashes_by_label(old)
        self.decisions.add_own(sorted(hashes), new)
        self.decisions.remove(sorted(hashes), old)

    def delete_tag(self, label: str) -> None:
        """Take a tag off all files; it is not proposed for them again."""
        hashes, _ = self.decisions.hashes_by_label(label)
        self.decisions.remove(sorted(hashes), label)

    # ---- the vocabulary

    def vocabulary(self) -> list[VocabularyEntry]:
        """All labels, switched off ones too, group by group."""
        known = self._known_vocabulary()
        order = {name: position for position, name in enumerate(known.groups)}
        labels = sorted(known.labels.values(), key=lambda label: order[label.group])
        return [
            VocabularyEntry(
                label.name,
                label.group,
                label.descriptions,
                label.enabled and known.groups[label.group].enabled,
                label.own,
                label.parent or "",
                label.synonyms,
            )
            for label in labels
        ]

    def groups(self) -> list[VocabularyGroup]:
        known = self._known_vocabulary()
        counts = [label.group for label in known.labels.values()]
        return [VocabularyGroup(g.name, g.title, counts.count(g.name), g.enabled) for g in known.groups.values()]

    def problems(self) -> tuple[str, ...]:
        """Sentences on what in the user's vocabulary file was not understood."""
        return self._known_vocabulary().problems

    def change_entry(self, label: str, *, group: str, descriptions: Sequence[str], enabled: bool) -> None:
        """Add or replace an entry."""
        made = self._own.change_label(label, group=group or None, descriptions=descriptions, enabled=enabled)
        self._vocabulary_is(made)

    def remove_entry(self, label: str) -> None:
        self._vocabulary_is(self._own.remove_label(label))

    def switch_group(self, group: str, enabled: bool) -> None:
        self._vocabulary_is(self._own.switch_group(group, enabled))

    def import_list(self, file: str) -> int:
        """Add the keywords of a plain list (see `app.tags.keyword_list`); how many were new."""
        try:
            text = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            what = f"The list {file} could not be read ({os_error_reason(error)})."
            raise UserError(what, "Save it as a UTF-8 text file.") from error
        vocabulary, added = self._own.import_list(text)
        self._vocabulary_is(vocabulary)
        return added

    # ---- taught tags

    def teach(self, label: str, paths: Sequence[str], nots: Sequence[str] = ()) -> None:
        """Make a tag from examples, or give it more; the indexer learns it and proposes it."""
        examples = [TagExample(hash_, True, path) for path, hash_ in self._known_hashes(paths).items()]
        examples += [TagExample(hash_, False, path) for path, hash_ in self._known_hashes(nots).items()]
        self.decisions.teach(label, examples)
        self._changed()

    def forget_taught(self, label: str) -> None:
        self.decisions.forget_taught(label)
        self._changed()

    def taught(self) -> tuple[str, ...]:
        return self.decisions.taught()

    def close(self) -> None:
        self.decisions.close()

    # ---- inside

    def _known_vocabulary(self) -> Vocabulary:
        if self._vocabulary is None:
            self._vocabulary = self._own.load()
        return self._vocabulary

    def _vocabulary_is(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._changed()

    def _fresh_review(self) -> ReviewQueue:
        age = self._clock() - self._read_at
        if self._review is None or age > max(_REFRESH_S, _REFRESH_COST_FACTOR * self._cost):
            started = self._clock()
            reader = self._reader()
            # Not "vector IS NOT NULL": it would read all vectors.
            rows = reader.columns(PROPOSAL_COLUMNS, "array_length(tags) > 0") if reader is not None else None
            proposed = proposal_table(rows) if rows is not None and rows.num_rows else NO_PROPOSALS
            self._review = ReviewQueue(proposed, self.decisions, self._group_of)
            self._read_at = self._clock()
            self._cost = self._read_at - started
        return self._review

    def _kept_review(self) -> ReviewQueue:
        """The queue as it was read last: paging through it must not shuffle it."""
        return self._review if self._review is not None else self._fresh_review()

    def _group_of(self, label: str) -> str:
        if label in self.taught_names:
            return TAUGHT_GROUP
        known = self._known_vocabulary().labels.get(label)
        return known.group if known is not None else ""

    @property
    def taught_names(self) -> frozenset[str]:
        version = self.decisions.version()
        if self._taught_at != version:
            self._taught_names, self._taught_at = frozenset(self.decisions.taught()), version
        return self._taught_names

    _taught_at = -1
    _taught_names: frozenset[str] = frozenset()

    def _hashes(self, paths: Sequence[str]) -> list[str]:
        return list(self._known_hashes(paths).values())

    def _known_hashes(self, paths: Sequence[str]) -> dict[str, str]:
        """Path -> content hash; files the queue does not know are asked of the index."""
        found = self._kept_review().hashes(paths)
        missing = sorted(set(paths) - found.keys())
        reader = self._reader() if missing else None
        for start in range(0, len(missing) if reader is not None else 0, _SQL_BATCH):
            assert reader is not None
            condition = where.all_of("part = 0", where.value_in("path", missing[start : start + _SQL_BATCH]))
            rows = reader.columns(["path", "content_hash"], condition)
            pairs = zip(rows.column("path").to_pylist(), rows.column("content_hash").to_pylist(), strict=True)
            found.update((path, content) for path, content in pairs if content)
        return found


def _description(step: UndoEntry | None) -> str | None:
    return step.what if step is not None else None
