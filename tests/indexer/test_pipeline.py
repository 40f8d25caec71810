"""The pipeline: order, reuse, failures, back-pressure; on real files, with a table in memory."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import UserError
from app.core.paths import to_stored
from app.core.records import EmbeddedFile, FloatArray, IndexedFile, Status
from app.files.ignore import IgnoreRules
from indexer.backlog import IndexingTask
from indexer.crash_recovery import Journal, Quarantine
from indexer.pipeline import IndexingPipeline
from indexer.pipeline_types import PipelineCallbacks
from indexer.reconcile import reconcile
from indexer.scan import scan
from indexer.stats import RunCounts
from indexer.writer_thread import WriterThread
from tests.indexer.fakes import HashEncoder, MemoryWriter, TextDecoders, vector_of

LONG_AGO = (10**18, 10**18)


@dataclass
class Bench:
    """A pipeline with everything around it that a test wants to look at."""

    folder: Path
    home: Path
    writer: MemoryWriter = field(default_factory=MemoryWriter)
    encoder: HashEncoder = field(default_factory=HashEncoder)
    decoders: TextDecoders = field(default_factory=TextDecoders)

    def __post_init__(self) -> None:
        self.changed: list[str] = []
        self.trouble: list[BaseException] = []
        self._idle = threading.Event()
        self._tasks = 0
        self.home.mkdir(exist_ok=True)
        self.quarantine = Quarantine(self.home / "quarantine.json")
        self.journal = Journal(self.home / "in_flight")
        self.thread = WriterThread(lambda: self.writer)
        self.pipeline = IndexingPipeline(
            self.thread, self.encoder, self.decoders, self.journal, self.quarantine,
            PipelineCallbacks(self.changed.append, lambda *_: None, self._troubled, self._came_to_rest),
        )  # fmt: skip
        self.thread.start()
        self.pipeline.start()

    @property
    def counts(self) -> RunCounts:
        return self.pipeline.counts

    def write(self, name: str, content: str, *, recent: bool = False) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        if not recent:
            os.utime(path, ns=LONG_AGO)
        return path

    def reconcile(self, *, due: bool = False, urgent: bool = False) -> None:
        found = scan(to_stored(self.folder), IgnoreRules())
        table, _ = self.thread.call(lambda writer: writer.states()).result()
        failed = {path for path, (file, _, _) in self.writer.files.items() if file.status is Status.FAILED}
        diff = reconcile(found.files, table, due=failed if due else ())
        known = {path: file for path, (file, _, _) in self.writer.files.items()}
        self._tasks += 1
        self._idle.clear()
        self.pipeline.add(IndexingTask(diff, known, lambda _: to_stored(self.folder), urgent=urgent), self._tasks)

    def settle(self) -> None:
        """Reconcile and wait until all is done."""
        self.reconcile()
        self.wait()

    def wait(self) -> None:
        assert self._idle.wait(30.0), "the pipeline did not come to rest"

    def table(self) -> dict[str, IndexedFile]:
        return {path.rpartition("/")[2]: file for path, (file, _, _) in sorted(self.writer.files.items())}

    def close(self) -> None:
        self.pipeline.close()
        self.thread.close()
        self.journal.close()

    def _came_to_rest(self, tasks: int) -> None:
        if tasks == self._tasks:
            self._idle.set()

    def _troubled(self, error: BaseException) -> None:
        self.trouble.append(error)
        self._idle.set()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "files").mkdir()
    bench = Bench(tmp_path / "files", tmp_path / "home")
    yield bench
    bench.close()
    assert bench.writer.closed
    assert Journal.leftovers(bench.home / "in_flight") == ()


def test_new_files_are_embedded_with_vectors_that_belong_to_their_units(bench: Bench) -> None:
    for number in range(30):
        bench.write(f"{number:02}.txt", "".join(f"line {number} {line}\n" for line in range(number % 4 + 1)))
    bench.settle()
    assert bench.counts.embedded == 30
    for path, (file, vectors, root) in bench.writer.files.items():
        lines = Path(path).read_text().splitlines()
        assert vectors is not None
        np.testing.assert_allclose(vectors, [vector_of(line.encode()) for line in lines])
        assert (file.status, root) == (Status.OK, to_stored(bench.folder))
    assert bench.decoders.most <= 2 * bench.decoders.workers


def test_the_same_content_is_embedded_once_even_if_it_is_new_twice(bench: Bench) -> None:
    for number in range(10):
        bench.write(f"{number}.txt", "the same words")
    bench.settle()
    assert bench.encoder.texts == 1
    assert (bench.counts.embedded, bench.counts.reused) == (1, 9)
    assert len(bench.table()) == 10


def test_a_copy_made_later_is_not_even_decoded(bench: Bench) -> None:
    bench.write("a.txt", "some words")
    bench.settle()
    bench.decoders.read.clear()
    bench.write("b.txt", "some words")
    bench.write("c.txt", "same size!")
    bench.settle()
    assert [Path(path).name for path in bench.decoders.read] == ["c.txt"]
    assert (bench.counts.embedded, bench.counts.reused) == (2, 1)


def test_content_of_another_kind_of_file_is_not_reused(bench: Bench) -> None:
    bench.write("a.txt", "some words")
    bench.settle()
    bench.write("a.jpg", "some words")
    bench.settle()
    assert (bench.counts.embedded, bench.counts.reused) == (2, 0)


def test_moved_across_two_looks_the_new_side_comes_first(bench: Bench) -> None:
    bench.write("old/a.txt", "some words")
    bench.settle()
    (bench.folder / "new").mkdir()
    os.rename(bench.folder / "old/a.txt", bench.folder / "new/a.txt")  # noqa: PTH104
    os.utime(bench.folder / "new/a.txt", ns=(5, 5))  # as a copy to another drive: no longer the same identity
    bench.writer.commits.clear()
    bench.settle()
    assert bench.writer.commits == ["copy", "remove"]
    assert bench.encoder.texts == 1


def test_touched_files_keep_their_vectors(bench: Bench) -> None:
    path = bench.write("a.txt", "some words")
    bench.settle()
    os.utime(path, ns=(7, 7))
    bench.settle()
    assert bench.encoder.texts == 1
    assert bench.counts.reused == 1
    assert bench.table()["a.txt"].state.mtime_ns == 7


def test_a_failed_file_is_a_row_and_counts_its_attempts(bench: Bench) -> None:
    bench.write("bad.txt", "BAD")
    bench.write("good.txt", "good")
    bench.settle()
    assert bench.table()["bad.txt"].status is Status.FAILED
    assert bench.table()["bad.txt"].attempts == 1
    bench.reconcile(due=True)
    bench.wait()
    assert bench.table()["bad.txt"].attempts == 2
    bench.write("bad.txt", "better now")
    bench.settle()
    assert bench.table()["bad.txt"].status is Status.OK
    assert bench.table()["bad.txt"].attempts == 0


def test_a_file_that_fails_while_it_is_fresh_is_looked_at_again(bench: Bench) -> None:
    path = bench.write("half.txt", "BAD because not complete", recent=True)
    bench.settle()
    assert bench.changed == [to_stored(path)]
    assert bench.table() == {}


def test_a_file_that_needs_longer_waits_for_all_others(bench: Bench) -> None:
    bench.decoders.gate.clear()
    bench.write("0.txt", "SLOW but sound")
    for number in range(1, 40):
        bench.write(f"{number:02}.txt", f"text {number}")
    bench.reconcile()
    bench.decoders.gate.set()
    bench.wait()
    names = [Path(path).name for path in bench.decoders.read]
    assert names.count("0.txt") == 2
    assert names[-1] == "0.txt"
    assert bench.counts.embedded == 40


def test_many_files_that_need_longer_leave_a_decoder_to_the_next(bench: Bench) -> None:
    for number in range(6):
        bench.write(f"{number}.txt", f"SLOW number {number}")
    bench.settle()
    assert bench.counts.embedded == 6
    assert bench.pipeline._steps.load.slow == 0


def test_a_file_of_many_units_does_not_hold_back_the_others(bench: Bench) -> None:
    bench.encoder.go.clear()
    bench.write("a monster.txt", "".join(f"line {number}\n" for number in range(5000)))
    bench.reconcile()
    for number in range(20):
        bench.write(f"{number:02}.txt", f"text {number}")
    bench.reconcile()
    bench.decoders.wait_read(21)
    bench.encoder.go.set()
    bench.wait()
    assert bench.counts.embedded == 21


def test_a_file_that_changed_meanwhile_is_not_committed(bench: Bench) -> None:
    path = bench.write("a.txt", "first words")
    bench.decoders.gate.clear()
    bench.reconcile()
    path.write_text("second words")
    bench.decoders.gate.set()
    bench.wait()
    assert bench.changed == [to_stored(path)]
    assert bench.table() == {}
    bench.settle()
    assert list(bench.table()) == ["a.txt"]


def test_a_file_that_vanished_is_not_committed(bench: Bench) -> None:
    path = bench.write("a.txt", "words")
    bench.decoders.gate.clear()
    bench.reconcile()
    path.unlink()
    bench.decoders.gate.set()
    bench.wait()
    assert bench.table() == {}


def test_work_asked_for_twice_is_done_once_with_the_latest_state(bench: Bench) -> None:
    bench.pipeline.pause(True)
    path = bench.write("a.txt", "first words")
    bench.reconcile()
    path.write_text("second words")
    os.utime(path, ns=LONG_AGO)
    bench.reconcile()
    bench.pipeline.pause(False)
    bench.wait()
    assert bench.counts.embedded == 1
    assert bench.decoders.read == [to_stored(path)]


def test_urgent_work_overtakes(bench: Bench) -> None:
    bench.pipeline.pause(True)
    for number in range(20):
        bench.write(f"{number}.txt", f"words {number}")
    bench.reconcile()
    late = bench.write("late.txt", "urgent words")
    bench.reconcile(urgent=True)
    bench.pipeline.pause(False)
    bench.wait()
    position = bench.decoders.read.index(to_stored(late))
    assert len(bench.decoders.read) == 21
    assert position == 20, "urgent work keeps its own order, and all of it was asked for again"


def test_a_paused_pipeline_begins_nothing(bench: Bench) -> None:
    bench.pipeline.pause(True)
    bench.write("a.txt", "words")
    bench.reconcile()
    bench.thread.call(lambda _: None).result()
    assert bench.decoders.read == []
    bench.pipeline.pause(False)
    bench.wait()
    assert bench.counts.embedded == 1


def test_a_quarantined_file_is_not_opened_and_a_suspect_is_read_alone(bench: Bench) -> None:
    guilty = bench.write("guilty.txt", "a bomb")
    suspect = bench.write("suspect.txt", "perhaps")
    for number in range(5):
        bench.write(f"{number}.txt", f"innocent {number}")
    for _ in range(2):
        bench.quarantine.mark_suspect([to_stored(guilty)], crashed=True)
    bench.quarantine.mark_suspect([to_stored(suspect)], crashed=True)
    bench.settle()
    assert to_stored(guilty) not in bench.decoders.read
    assert bench.decoders.read[-1] == to_stored(suspect)
    assert bench.table()["guilty.txt"].status is Status.FAILED
    assert not bench.quarantine.is_suspect(bench.table()["suspect.txt"].state)


def test_closing_in_the_middle_leaves_whole_files_only(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    bench = Bench(tmp_path / "files", tmp_path / "home")
    for number in range(200):
        bench.write(f"{number}.txt", f"one {number}\ntwo {number}")
    bench.reconcile()
    bench.close()
    assert all(vectors is not None and len(vectors) == 2 for _, vectors, _ in bench.writer.files.values())
    assert bench.counts.embedded == len(bench.writer.files)


@pytest.mark.usefixtures("caplog")
def test_when_the_table_cannot_be_written_it_stops_and_says_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    full = UserError("The disk is full.", "Make room.")

    def fail(_self: MemoryWriter, _files: list[EmbeddedFile]) -> None:
        raise full

    monkeypatch.setattr(MemoryWriter, "write", fail)
    bench.write("a.txt", "words")
    bench.settle()
    assert bench.trouble == [full]
    assert bench.table() == {}


@pytest.mark.usefixtures("caplog")
def test_a_bug_in_the_bookkeeping_is_trouble_and_it_can_still_be_closed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(*_: object, **__: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(bench.pipeline._steps, "begin", bug)
    bench.write("a.txt", "words")
    bench.settle()
    assert isinstance(bench.trouble[0], LookupError)


class MoodyEncoder(HashEncoder):
    """Refuses some texts, and returns nonsense for others."""

    def encode_texts(self, texts: list[str]) -> FloatArray:  # type: ignore[override]
        if any("poison" in text for text in texts):
            raise RuntimeError("I cannot stand this")
        vectors = super().encode_texts(texts)
        for number, text in enumerate(texts):
            if "nothing" in text:
                vectors[number] = np.nan
        return vectors


@pytest.mark.usefixtures("caplog")
def test_a_bad_batch_is_halved_down_to_the_culprit(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    bench = Bench(tmp_path / "files", tmp_path / "home", encoder=MoodyEncoder())
    for number in range(20):
        bench.write(f"{number}.txt", f"words {number}")
    bench.write("poisoned.txt", "fine\npoison")
    bench.write("empty.txt", "nothing")
    bench.settle()
    bench.close()
    failed = [name for name, file in bench.table().items() if file.status is Status.FAILED]
    assert failed == ["empty.txt", "poisoned.txt"]
    assert bench.counts.embedded == 20


class BrokenEncoder(HashEncoder):
    def encode_texts(self, texts: list[str]) -> FloatArray:  # type: ignore[override]
        raise UserError(f"The model is broken, {len(texts)} texts are waiting.", "Install it again.")


@pytest.mark.usefixtures("caplog")
def test_a_broken_encoder_fails_no_file(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    bench = Bench(tmp_path / "files", tmp_path / "home", encoder=BrokenEncoder())
    bench.write("a.txt", "words")
    bench.settle()
    bench.close()
    assert isinstance(bench.trouble[0], UserError)
    assert bench.table() == {}


def test_one_file_that_crashes_its_reader_is_a_failed_file(bench: Bench) -> None:
    for number in range(20):
        bench.write(f"{number}.txt", f"CRASH {number}" if number == 7 else f"words {number}")
    bench.settle()
    assert (bench.counts.embedded, bench.counts.failed) == (19, 1)


def test_when_every_file_crashes_its_reader_it_is_not_the_files(bench: Bench) -> None:
    for number in range(20):
        bench.write(f"{number}.txt", f"CRASH {number}")
    bench.settle()
    assert isinstance(bench.trouble[0], UserError)
    assert bench.table() == {}


def test_a_long_document_does_not_hold_up_small_ones(bench: Bench) -> None:
    bench.write("a book.txt", "\n".join(f"page {number}" for number in range(2000)))
    bench.write("z note.txt", "a note")
    bench.settle()
    assert bench.counts.embedded == 2
    sizes = [len(vectors) for _, vectors, _ in bench.writer.files.values() if vectors is not None]
    assert sorted(sizes) == [1, 2000]


def test_each_folder_knows_what_is_left(bench: Bench) -> None:
    root = to_stored(bench.folder)
    for number in range(40):
        bench.write(f"{number}.txt", f"this is number {number}")
    bench.decoders.gate.clear()
    bench.reconcile()
    bench.pipeline._catch_up()
    assert bench.pipeline.pending_in(root) == 40
    bench.reconcile()  # the same again: nothing counts twice
    bench.pipeline._catch_up()
    assert bench.pipeline.pending_in(root) == 40
    assert bench.pipeline.pending_in("/elsewhere") == 0
    bench.decoders.gate.set()
    bench.wait()
    assert bench.pipeline.pending_in(root) == 0
    assert len(bench.table()) == 40
