"""Commands that answer once and end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Registered first, asked last: what the process is like when the interpreter begins to take itself apart.
_REPORTED = """
import atexit, gc, os, sys
atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 0, os.environ.get("OPENBLAS_NUM_THREADS")))
sys.argv = ["semblance", *{command}]
from app.__main__ import main
main({given})
"""


def last_words(command: list[str], *, given: bool = False) -> str:
    script = _REPORTED.format(command=command, given=command if given else None)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("command", "given", "words"),
    [
        (["folders"], False, "False True 1"),
        (["search", "--kind", "photo"], False, "False True 1"),
        (["model"], False, "True False None"),  # may convert a model for minutes
        (["folders"], True, "True False None"),  # called from Python, which goes on
    ],
)
def test_a_process_that_only_answers_leaves_no_garbage_to_look_through(
    command: list[str], given: bool, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert last_words(command, given=given) == words


def test_numpy_of_such_a_process_has_one_thread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.chdir(tmp_path)
    script = """
import sys
from app.cli.process_tuning import Startup, tune_process
tune_process(Startup(short_lived=True), own_process=True)
import numpy
import threadpoolctl
print([pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[1]"
