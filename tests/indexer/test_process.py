"""`python -m indexer`: JSON lines in and out, and an end with its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import indexer_protocol
from app.core.indexer_protocol import Committed, Pause, Progress, Quit
from indexer.lock import IndexLock
from tests.indexer.running import make_places
from tests.indexer.test_indexer import write

# The model is a fake one; everything else is as the window starts it.
CODE = """
import indexer.engine, indexer.__main__ as program
from tests.indexer.fakes import fake_encoder
indexer.engine.lazy_encoder = fake_encoder
if __name__ == "__main__":
    raise SystemExit(program.main())
"""


@pytest.fixture
def child(tmp_path: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "files").mkdir()
    write(tmp_path / "files", "a.txt")
    make_places_in(home, tmp_path / "files")
    script = tmp_path / "child.py"
    script.write_text(CODE)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in ["", *sys.path] if path != "")}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path.cwd()), environment["PYTHONPATH"]])
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        yield process
        process.kill()


def make_places_in(home: Path, folder: Path) -> None:
    make_places(home, [folder])


def until(child: subprocess.Popen[str], wanted: type[object], **fields: object) -> None:
    """Read events until one fits; every line must be one."""
    assert child.stdout is not None
    for line in child.stdout:
        event = indexer_protocol.decode_message(line)
        assert event is not None, line
        if isinstance(event, wanted) and all(getattr(event, name) == value for name, value in fields.items()):
            return
    assert child.stderr is not None
    raise AssertionError(f"the child ended: {child.stderr.read()}")


def say(child: subprocess.Popen[str], command: indexer_protocol.Command) -> None:
    assert child.stdin is not None
    child.stdin.write(indexer_protocol.encode_message(command) + "\n")
    child.stdin.flush()


def test_it_works_obeys_and_stops_quietly_when_its_parent_is_gone(child: subprocess.Popen[str]) -> None:
    until(child, Progress, state="starting")
    until(child, Committed, files=1)
    assert child.stdin is not None
    child.stdin.write("garbage\n" + json.dumps({"type": "FromTheFuture"}) + "\n")
    say(child, Pause())
    until(child, Progress, state="paused")
    child.stdin.close()
    assert child.wait(60) == 0
    assert child.stderr is not None
    assert child.stderr.read() == ""


def test_quit(child: subprocess.Popen[str]) -> None:
    say(child, Quit())
    until(child, Progress, state="stopping")
    assert child.wait(60) == 0


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_a_polite_kill_leaves_a_sound_index(child: subprocess.Popen[str]) -> None:
    until(child, Progress, state="scanning")
    child.send_signal(signal.SIGTERM)
    assert child.wait(60) == 0


def test_when_another_one_has_the_index_it_says_so_and_leaves(home: Path) -> None:
    places = make_places(home, [])
    with IndexLock(places.index):
        command = [sys.executable, "-m", "indexer"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert "already indexing" in process.stdout.read()
            assert process.wait() == 3
