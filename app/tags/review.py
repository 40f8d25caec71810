"""What waits for the user's word: proposals by label, the surest first, held as arrays.

100,000 files with five proposals each are half a million entries: 8 MB, and a page of any label is a slice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.annotations.store import AnnotationStore
from app.core.records import FloatArray

PROPOSAL_COLUMNS = ("path", "content_hash", "tags", "tag_scores", "keywords")
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PendingProposal:
    """One undecided proposal. `thumbnail` is the key into the thumbnail store, `path` in stored form."""

    path: str
    thumbnail: str
    label: str
    certainty: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """A label with the number of files it is proposed for and confirmed on."""

    label: str
    proposed: int
    confirmed: int
    group: str


@dataclass(frozen=True)
class ProposalTable:
    """All proposals of the index: n files, k entries, sorted by label, then the surest first.

    Attributes:
        paths, hashes: (n,) files. `keywords`: what those that say something of themselves say.
        names: labels. `labels`, `files`, `certainties`: (k,) entries, a label and a file at most once.
    """

    paths: Sequence[str]
    hashes: Sequence[str]
    keywords: Mapping[int, frozenset[str]]
    names: Sequence[str]
    labels: IntArray
    files: IntArray
    certainties: FloatArray


def proposal_table(rows: Any) -> ProposalTable:
    """The proposals of Arrow rows with the columns `COLUMNS`; column by column, since 100,000 rows one by one take
    seconds."""
    import pyarrow.compute as pc

    path = rows.column("path").combine_chunks().dictionary_encode()
    file_of = path.indices.to_numpy()
    first_row = np.zeros(len(path.dictionary), dtype=np.intp)
    first_row[file_of[::-1]] = np.arange(len(file_of))[::-1]
    tags = rows.column("tags").combine_chunks()
    name = tags.flatten().dictionary_encode()
    labels = name.indices.to_numpy().astype(np.intp)
    files = np.repeat(file_of, pc.list_value_length(tags).to_numpy(zero_copy_only=False)).astype(np.intp)
    certainties = rows.column("tag_scores").combine_chunks().flatten().to_numpy().astype(np.float32)
    surest = np.argsort(-certainties, kind="stable")
    order = surest[np.argsort(_as_uint16(labels[surest]), kind="stable")]
    labels, files, certainties = labels[order], files[order], certainties[order]
    if len(first_row) < len(file_of):
        # The pages of a document are one file: its best page, which stands first, speaks for it.
        _, kept = np.unique(labels * len(first_row) + files, return_index=True)
        kept.sort()
        labels, files, certainties = labels[kept], files[kept], certainties[kept]
    own = rows.column("keywords").combine_chunks()
    rows_with_keywords = np.flatnonzero(pc.fill_null(pc.list_value_length(own), 0).to_numpy(zero_copy_only=False))
    return ProposalTable(
        paths=path.dictionary.to_pylist(),
        hashes=rows.column("content_hash").take(first_row).to_pylist(),
        keywords={int(file_of[row]): frozenset(own[int(row)].as_py()) for row in rows_with_keywords},
        names=name.dictionary.to_pylist(),
        labels=labels,
        files=files,
        certainties=certainties,
    )


def _as_uint16(labels: IntArray) -> npt.NDArray[np.uint16] | IntArray:
    """Numbers of 16 bits are sorted in a tenth of the time."""
    return labels.astype(np.uint16) if labels.max(initial=0) < 1 << 16 else labels


NO_PROPOSALS = ProposalTable((), (), {}, (), np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.float32))


class ReviewQueue:
    """A picture of the index's proposals at one moment, kept up to date with what the user decides.

    Not thread-safe: it belongs to one thread, like everything that pages through one list.
    """

    def __init__(
        self, proposed: ProposalTable, decisions: AnnotationStore, group_of: Callable[[str], str] = lambda _: ""
    ) -> None:
        self._decisions = decisions
        self._group_of = group_of
        self._paths, self._hashes, self._names = proposed.paths, proposed.hashes, proposed.names
        self._labels, self._files, self._certainties = proposed.labels, proposed.files, proposed.certainties
        self._keywords = proposed.keywords
        self._file = {path: number for number, path in enumerate(self._paths)}
        self._number = {name: number for number, name in enumerate(self._names)}
        bounds = np.searchsorted(self._labels, np.arange(len(self._names) + 1))
        self._span = {name: (int(bounds[n]), int(bounds[n + 1])) for name, n in self._number.items()}
        self._surest = np.argsort(-self._certainties, kind="stable")
        self._by_hash: dict[str, list[int]] = {}
        for number, content_hash in enumerate(self._hashes):
            self._by_hash.setdefault(content_hash, []).append(number)
        # What a file says of itself already waits for nobody.
        self._free = ~self._entries_of((name, n) for n, words in self._keywords.items() for name in words)
        self._open = self._free.copy()
        self._version = -1
        self._follow()

    def settle(self, label: str, hashes: Iterable[str]) -> None:
        """`label` was just decided for these contents, by one call of `Decisions.decide`: no need to read them all."""
        if self._decisions.version() == self._version + 1:
            files = ((label, number) for content_hash in hashes for number in self._by_hash.get(content_hash, ()))
            self._open &= ~self._entries_of(files)
            self._version += 1

    def counts(self) -> list[LabelCount]:
        """Labels with waiting proposals or confirmed files, the most proposed first."""
        self._follow()
        proposed = np.bincount(self._labels[self._open], minlength=len(self._names))
        confirmed = self._decisions.labels()
        found = [
            LabelCount(name, int(proposed[number]), confirmed.pop(name, 0), self._group_of(name))
            for name, number in self._number.items()
        ]
        found += [LabelCount(name, 0, files, self._group_of(name)) for name, files in confirmed.items()]
        kept = [count for count in found if count.proposed or count.confirmed]
        return sorted(kept, key=lambda count: (-count.proposed, -count.confirmed, count.label))

    def page(self, label: str | None = None, *, limit: int = 60, offset: int = 0) -> list[PendingProposal]:
        """Waiting proposals of a label, or of all, the surest first."""
        self._follow()
        entries = self._waiting(label)[offset : offset + limit]
        return [self._entry(int(entry)) for entry in entries]

    def of_file(self, path: str) -> list[PendingProposal]:
        """Waiting proposals of one file, the surest first."""
        self._follow()
        number = self._file.get(path)
        if number is None:
            return []
        entries = np.flatnonzero((self._files == number) & self._open)
        return [self._entry(int(entry)) for entry in entries[np.argsort(-self._certainties[entries], kind="stable")]]

    def hashes(self, paths: Collection[str]) -> dict[str, str]:
        """Path -> content hash of those files that are known here."""
        return {path: self._hashes[self._file[path]] for path in paths if path in self._file}

    def keywords(self, path: str) -> frozenset[str]:
        """What a file says of itself."""
        return self._keywords.get(self._file.get(path, -1), frozenset())

    # ---- inside

    def _waiting(self, label: str | None) -> IntArray:
        if label is None:
            waiting: IntArray = self._surest[self._open[self._surest]]
            return waiting
        first_row, last = self._span.get(label, (0, 0))
        return first_row + np.flatnonzero(self._open[first_row:last])

    def _entry(self, entry: int) -> PendingProposal:
        file, name = int(self._files[entry]), self._names[int(self._labels[entry])]
        certainty = float(self._certainties[entry])
        return PendingProposal(self._paths[file], self._hashes[file], name, certainty, self._group_of(name))

    def _follow(self) -> None:
        """Take in what was decided since, here or in another process."""
        version = self._decisions.version()
        if version == self._version:
            return
        decided = self._decisions.all_user_tags().items()
        said = ((name, hash_) for hash_, file in decided for name in (*file.confirmed, *file.rejected, *file.own))
        files = ((name, number) for name, hash_ in said for number in self._by_hash.get(hash_, ()))
        self._open = self._free & ~self._entries_of(files)
        self._version = version

    def _entries_of(self, pairs: Iterable[tuple[str, int]]) -> BoolArray:
        """A mask of the entries that belong to these labels and files."""
        mask = np.zeros(len(self._labels), dtype=bool)
        wanted: dict[str, set[int]] = {}
        for name, number in pairs:
            if name in self._span:
                wanted.setdefault(name, set()).add(number)
        for name, files in wanted.items():
            first_row, last = self._span[name]
            mask[first_row:last] = np.isin(self._files[first_row:last], list(files))
        return mask
