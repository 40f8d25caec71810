"""A library that exists only in memory: what the window's tests and pictures are made with."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from app.core.records import Failure, Kind
from app.query.language import QueryParser
from app.query.library_api import FailedFile, FilterChoices, FolderStatus, LibraryStatus
from app.query.queries import Band, Filters, Hit, Month, Query, Reason, Results, Sort

START = datetime(2026, 5, 1, 12, 0)


def photo(number: int, *, score: float = 0.0, band: Band = Band.STRONG, folder: str = "/home/ada/Pictures") -> Hit:
    taken = START - timedelta(hours=7 * number)
    return Hit(
        path=f"{folder}/{taken:%Y}/IMG_{number:05d}.jpg",
        kind=Kind.PHOTO,
        score=score,
        band=band,
        thumbnail=f"photo-{number}",
        unit_id=f"u{number}",
        why=(Reason("picture", "looks like it"),),
        tags=("beach", "dog"),
        taken_at=taken,
        modified_ns=int(taken.timestamp() * 1e9),
        size=3_400_000 + number,
        width=4032,
        height=3024,
        camera="Fujifilm X-T5",
        lens="XF 23 mm F2",
        latitude=46.5,
        longitude=11.35,
    )


def document(number: int, *, score: float = 0.0, band: Band = Band.STRONG) -> Hit:
    words = "The invoice for the bicycle repair is due on the first of June; please transfer the amount in time."
    at = words.index("bicycle")
    return Hit(
        path=f"/home/ada/Documents/Letter {number}.pdf",
        kind=Kind.DOCUMENT,
        score=score,
        band=band,
        thumbnail=f"page-{number}",
        unit_id=f"d{number}",
        page=1 + number % 7,
        snippet=words,
        marks=((at, at + 7), (at + 8, at + 14)),
        why=(Reason("words", "bicycle"), Reason("passage", "")),
        title=f"Letter about the bicycle {number}",
        modified_ns=int((START - timedelta(days=number)).timestamp() * 1e9),
        size=120_000,
        own_tags=("bills",),
    )


@lru_cache(maxsize=64)
def _jpeg(shade: int, wide: bool) -> bytes:
    from PIL import Image

    size = (256, 192) if wide else (192, 256)
    picture = Image.new("RGB", size, (90 + shade * 2 % 120, 120 + shade % 100, 180 - shade % 90))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


class FakeLibrary:
    """Implements `app.query.library_api.Library` over a list that is made up on demand.

    Attributes:
        count: how many files it holds; every fifth is a document.
        delay: seconds each call takes, to stand for a slow disk.
        calls: names of the methods called, in order.
        threads: names of the threads that called.
        error: raised by every call while set.
    """

    def __init__(self, count: int = 40, *, delay: float = 0.0, hits: Sequence[Hit] | None = None) -> None:
        self.count = count if hits is None else len(hits)
        self.delay = delay
        self.calls: list[str] = []
        self.threads: set[str] = set()
        self.error: Exception | None = None
        self.pending = 0
        self.failed: list[FailedFile] = []
        self.folders: tuple[FolderStatus, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.did_you_mean = ""
        self.months: tuple[Month, ...] = ()
        self.last_query: Query | None = None
        self.pictures: dict[str, bytes] = {}
        self.texts: dict[str, str] = {}
        self._hits = hits
        self.closed = False

    def _enter(self, name: str) -> None:
        self.calls.append(name)
        self.threads.add(threading.current_thread().name)
        if self.delay:
            time.sleep(self.delay)
        if self.error is not None:
            raise self.error

    def item(self, row: int) -> Hit:
        if self._hits is not None:
            return self._hits[row]
        return document(row) if row % 5 == 4 else photo(row)

    def search(
        self,
        query: Query,
        *,
        limit: int = 200,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,  # noqa: ARG002
        strictness: int | None = None,
        all_hits: bool = False,
    ) -> Results:
        self._enter("search")
        self.last_query = query
        if "nothing" in query.text or "unicorn" in query.text:
            weak = [replace(photo(row), band=Band.WEAK) for row in range(14)] if all_hits else []
            return Results(weak, 0, 14, 1.0, "fake")
        kind, total = query.filters.kind, self.count
        rows: Sequence[int] = range(total)
        if kind is not None:
            rows = [row for row in rows if self.item(row).kind is kind]
        if query.parts:
            rows = rows[: max(1, len(rows) // 2 + (100 - (strictness if strictness is not None else 50)) // 25)]
        hits = []
        for position, row in enumerate(rows[offset : offset + limit], offset):
            hit = self.item(row)
            if query.parts:
                strong = position < len(rows) * 0.6
                hit = replace(hit, score=0.34 - 0.2 * position / max(1, len(rows)), band=_band(strong))
            hits.append(hit)
        months = () if query.parts else self.months
        return Results(
            hits, len(rows), 3 if query.parts else 0, 2.0, "fake", self.notes, months, did_you_mean=self.did_you_mean
        )

    def parse(self, text: str) -> Query:
        self._enter("parse")
        return QueryParser(picture=lambda _name: None, folders=lambda _name: ()).parse(text)

    def similar(
        self,
        unit_id: str,  # noqa: ARG002
        *,
        limit: int = 200,
        filters: Filters | None = None,  # noqa: ARG002
    ) -> Results:
        self._enter("similar")
        return Results([self.item(row) for row in range(min(self.count, limit))], self.count, 0, 1.0, "fake")

    def hit(self, path: str) -> Hit | None:
        self._enter("hit")
        return next((self.item(r) for r in range(min(self.count, 2000)) if self.item(r).path == path), None)

    def text(self, path: str) -> str:
        self._enter("text")
        return self.texts.get(path, "")

    def thumbnails(self, keys: Sequence[str]) -> dict[str, bytes]:
        self.threads.add(threading.current_thread().name)
        if self.delay:
            time.sleep(self.delay)
        return {key: self.pictures.get(key) or _jpeg(sum(map(ord, key)) % 60, len(key) % 2 == 0) for key in keys}

    def status(self) -> LibraryStatus:
        self._enter("status")
        documents = self.count // 5
        return LibraryStatus(
            self.folders, self.count - documents, documents, self.count, len(self.failed), self.pending, "Starter",
            48_000_000,
        )  # fmt: skip

    def failures(self) -> Sequence[FailedFile]:
        self._enter("failures")
        return self.failed

    def choices(self) -> FilterChoices:
        self._enter("choices")
        return FilterChoices(
            cameras=(("Fujifilm X-T5", 812), ("iPhone 15", 301)),
            folders=(("/home/ada/Pictures", 1113), ("/home/ada/Documents", 96)),
            tags=(("beach", 84), ("dog", 41), ("bills", 12)),
            years=((2026, 410), (2025, 702)),
        )

    def warm_up(self) -> None:
        self._enter("warm_up")

    def close(self) -> None:
        self.closed = True


def _band(strong: bool) -> Band:
    return Band.STRONG if strong else Band.MAYBE


def failed_file(path: str, failure: Failure = Failure.TRUNCATED) -> FailedFile:
    return FailedFile(path, failure, "The file ends too early.", "Copy it again from the camera.", 2, None)


@dataclass(frozen=True)
class FakeProposal:
    path: str
    thumbnail: str
    label: str
    certainty: float


@dataclass(frozen=True)
class FakeLabel:
    label: str
    proposed: int
    confirmed: int
    group: str = "Scenes"


@dataclass(frozen=True)
class FakeEntry:
    label: str
    group: str = "Scenes"
    descriptions: tuple[str, ...] = ()
    enabled: bool = True
    own: bool = False


@dataclass
class FakeTagger:
    """Implements `ui.runtime.tagger_api.TaggerApi` in memory and keeps a journal of what was asked."""

    waiting: dict[str, list[FakeProposal]] = field(default_factory=dict)
    confirmed: dict[str, set[str]] = field(default_factory=dict)
    entries: dict[str, FakeEntry] = field(default_factory=dict)
    journal: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    @classmethod
    def filled(cls) -> FakeTagger:
        labels = {"beach": 24, "dog": 9, "mountain": 31, "invoice": 5, "birthday party": 7}
        waiting = {
            label: [FakeProposal(photo(i).path, f"photo-{i}", label, 0.97 - i * 0.02) for i in range(count)]
            for label, count in labels.items()
        }
        entries = {
            label: FakeEntry(label, "Documents" if label == "invoice" else "Scenes", (f"a photo of a {label}",))
            for label in labels
        }
        return cls(waiting, {"dog": {"x", "y"}}, entries)

    def labels(self) -> Sequence[FakeLabel]:
        return [
            FakeLabel(label, len(self.waiting.get(label, ())), len(self.confirmed.get(label, ())), entry.group)
            for label, entry in self.entries.items()
        ]

    def proposals(self, label: str | None, *, limit: int = 60, offset: int = 0) -> Sequence[FakeProposal]:
        chosen = self.waiting.get(label, []) if label else [p for group in self.waiting.values() for p in group]
        return sorted(chosen, key=lambda p: -p.certainty)[offset : offset + limit]

    def _take(self, verb: str, label: str, paths: Sequence[str]) -> None:
        self.journal.append((verb, label, tuple(paths)))
        self.waiting[label] = [p for p in self.waiting.get(label, ()) if p.path not in paths]

    def confirm(self, label: str, paths: Sequence[str]) -> None:
        self._take("confirm", label, paths)
        self.confirmed.setdefault(label, set()).update(paths)

    def reject(self, label: str, paths: Sequence[str]) -> None:
        self._take("reject", label, paths)

    def undo(self) -> str | None:
        if not self.journal:
            return None
        verb, label, paths = self.journal.pop()
        self.confirmed.get(label, set()).difference_update(paths)
        self.waiting.setdefault(label, []).extend(FakeProposal(path, "photo-1", label, 0.9) for path in paths)
        return f"{verb} {label}"

    def add(self, label: str, paths: Sequence[str]) -> None:
        self.journal.append(("add", label, tuple(paths)))
        self.confirmed.setdefault(label, set()).update(paths)

    def remove(self, label: str, paths: Sequence[str]) -> None:
        self.journal.append(("remove", label, tuple(paths)))
        self.confirmed.get(label, set()).difference_update(paths)

    def rename_tag(self, old: str, new: str) -> None:
        self.journal.append(("rename", old, (new,)))
        self.confirmed.setdefault(new, set()).update(self.confirmed.pop(old, set()))
        self.entries.setdefault(new, FakeEntry(new))

    def delete_tag(self, label: str) -> None:
        self.journal.append(("delete", label, ()))
        self.confirmed.pop(label, None)

    def proposed_for(self, path: str) -> Sequence[FakeProposal]:
        return [p for group in self.waiting.values() for p in group if p.path == path]

    def vocabulary(self) -> Sequence[FakeEntry]:
        return list(self.entries.values())

    def change_entry(self, label: str, *, group: str, descriptions: Sequence[str], enabled: bool) -> None:
        self.entries[label] = FakeEntry(label, group, tuple(descriptions), enabled, True)

    def remove_entry(self, label: str) -> None:
        self.entries.pop(label, None)
