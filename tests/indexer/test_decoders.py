"""The pool: what hangs, crashes or eats memory costs one file; the others go on; nothing is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.core.failures import DecodeError
from app.core.records import DecodedFile, Failure
from indexer.decode import DecodeJob, FileVanished, NeedsLonger
from indexer.decoders import DecoderPool
from tests import samples
from tests.indexer.test_decode import job_of

ROOT = Path(__file__).parents[2]


def hang(_: DecodeJob) -> None:
    time.sleep(600)


def spin(_: DecodeJob) -> None:
    while True:
        pass


def segfault(_: DecodeJob) -> None:
    ctypes.string_at(0)


def leave(_: DecodeJob) -> None:
    os._exit(7)


def shot(_: DecodeJob) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def gorge(_: DecodeJob) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(b"x" * (16 << 20)))
        time.sleep(0.01)


def fail(_: DecodeJob) -> None:
    raise DecodeError(Failure.CORRUPT, "It is broken.")


def chatter(_: DecodeJob) -> int:
    os.write(1, b"decoders print what they like\n")
    os.write(2, b"and complain as they like\n")
    return os.getpid()


def priority(_: DecodeJob) -> int:
    return int(psutil.Process().nice())


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(2, worker_bytes=400 << 20)
    yield made
    made.close()


@pytest.fixture
def job(tmp_path: Path) -> DecodeJob:
    return job_of(samples.save(samples.photo(size=(90, 60)), tmp_path / "a.jpg"), seconds=20)


def test_many_files_at_once(tmp_path: Path, pool: DecoderPool) -> None:
    paths = samples.photos_in_formats(tmp_path)
    decoded = [future.result() for future in [pool.submit(job_of(path)) for path in paths]]
    assert [Path(file.state.path) for file in decoded] == paths
    assert all(file.failure is None and len(file.units) == 1 for file in decoded)


def test_a_hanging_file_gets_another_turn(pool: DecoderPool, job: DecodeJob) -> None:
    first = replace(job_of(Path(job.path), seconds=0.3), first_turn=True)
    with pytest.raises(NeedsLonger):
        pool.run(hang, first).result()


FAULTS: dict[str, tuple[Callable[[DecodeJob], None], float, Failure]] = {
    "hangs": (hang, 0.3, Failure.TIMEOUT),
    "turns in circles": (spin, 1.0, Failure.TIMEOUT),
    "crashes": (segfault, 30, Failure.CRASH),
    "ends its process": (leave, 30, Failure.CRASH),
    "is shot by the system": (shot, 30, Failure.MEMORY),
    "eats the memory": (gorge, 60, Failure.MEMORY),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_file_that_kills_its_decoder_fails_alone(
    pool: DecoderPool, job: DecodeJob, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    function, seconds, failure = FAULTS[fault]
    bad = job_of(Path(job.path), seconds=seconds)
    before = pool.submit(job)
    faulty = pool.run(function, bad)
    after = [pool.submit(job) for _ in range(4)]
    with pytest.raises(DecodeError) as caught:
        faulty.result()
    assert caught.value.failure is failure
    assert all(future.result().failure is None for future in [before, *after])
    assert [record.name for record in caplog.records] == ["indexer.decoders"]


def test_the_row_of_a_killer_has_a_reason(
    pool: DecoderPool, job: DecodeJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("indexer.decoders.decode", leave)
    decoded = pool.submit(job).result()
    assert isinstance(decoded, DecodedFile)
    assert (decoded.state, decoded.failure) == (job.state, Failure.CRASH)
    assert decoded.failure_text.endswith(".")
    assert job.path in caplog.text


def test_a_machine_that_can_start_nothing_more(
    pool: DecoderPool, job: DecodeJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr("indexer.decoders.DecoderProcess", refuse)
        assert pool.submit(job).result().failure is Failure.MEMORY
    assert "temporarily unavailable" in caplog.text
    assert pool.submit(job).result().failure is None


def test_what_a_function_raises_arrives_and_the_worker_lives_on(job: DecodeJob) -> None:
    pool = DecoderPool(1)
    first = pool.run(chatter, job).result()
    with pytest.raises(DecodeError, match=r"It is broken\."):
        pool.run(fail, job).result()
    assert pool.run(chatter, job).result() == first
    Path(job.path).unlink()
    with pytest.raises(FileVanished):
        pool.submit(job).result()
    assert pool.processes == 1
    pool.close()


def test_the_journal_hears_of_every_file_before_and_after(job: DecodeJob, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[tuple[str, str]] = []
    pool = DecoderPool(
        1, on_start=lambda job: heard.append(("start", job.path)), on_finish=lambda job: heard.append(("end", job.path))
    )
    with pool:
        pool.submit(job).result()
        with pytest.raises(DecodeError):
            pool.run(leave, job).result()
    assert heard == [("start", job.path), ("end", job.path)] * 2
    assert "exit code 7" in caplog.text


def test_a_journal_that_fails_stops_nothing(job: DecodeJob, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: DecodeJob) -> None:
        raise OSError("disk full")

    with DecoderPool(1, on_start=broken, on_finish=broken) as pool:
        assert pool.submit(job).result().failure is None
    assert "disk full" in caplog.text


def test_idle_workers_go_and_come_back(job: DecodeJob) -> None:
    with DecoderPool(1, idle_seconds=0.05) as pool:
        pool.submit(job).result()
        _until(lambda: pool.processes == 0)
        assert pool.submit(job).result().failure is None


def test_nothing_runs_before_there_is_work() -> None:
    with DecoderPool(4) as pool:
        assert pool.processes == 0


def test_closing_drops_what_runs_and_cancels_what_waits(job: DecodeJob) -> None:
    running = threading.Event()
    pool = DecoderPool(1, on_start=lambda _: running.set())
    slow, waiting = pool.run(hang, job), pool.submit(job)
    running.wait()
    pool.close()
    pool.close()
    with pytest.raises(CancelledError):
        slow.result(timeout=10)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        pool.submit(job)


def test_waiting_work_can_be_taken_back(job: DecodeJob, caplog: pytest.LogCaptureFixture) -> None:
    with DecoderPool(1) as pool:
        slow = pool.run(hang, job_of(Path(job.path), seconds=0.5))
        waiting = [pool.submit(job) for _ in range(3)]
        assert waiting[0].cancel()
        with pytest.raises(DecodeError):
            slow.result()
        assert waiting[2].result().failure is None
    assert "more than" in caplog.text


@pytest.mark.skipif(os.name == "nt", reason="niceness")
def test_workers_are_polite_and_silent(pool: DecoderPool, job: DecodeJob, capfd: pytest.CaptureFixture[str]) -> None:
    assert pool.run(priority, job).result() == 19
    pool.run(chatter, job).result()
    shown = capfd.readouterr()
    assert "they like" not in shown.out + shown.err


PARENT = """
import os, sys
from pathlib import Path
from tests.indexer.test_decoders import DecoderPool, chatter, spin, job_of

if __name__ == "__main__":
    pool = DecoderPool(1)
    job = job_of(Path(sys.argv[1]))
    print(pool.run(chatter, job).result(), flush=True)
    pool.run(spin, job).result()
"""


def test_workers_die_with_a_killed_parent_even_while_busy(tmp_path: Path, job: DecodeJob) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script), job.path],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    with parent.stdout:
        worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    _until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def _until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens on its own; the test's own time limit ends it."""
    while not condition():
        time.sleep(0.02)
