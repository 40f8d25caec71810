"""Memory that is not used goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from indexer.memory import few_arenas, give_back

KEPT = """
import psutil
from indexer.memory import few_arenas, give_back
few_arenas()
rss = lambda: psutil.Process().memory_info().rss >> 20
pieces = [bytes(1000) for _ in range(100_000)]
kept = pieces[-1]  # what lies above freed memory keeps it from going back by itself
del pieces
before = rss()
give_back()
print(before - rss())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own way")
def test_freed_memory_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_nothing_is_called(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    few_arenas()
    give_back()
