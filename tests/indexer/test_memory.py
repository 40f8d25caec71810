"""Memory that is not used goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from indexer.memory import _clean_file_mappings, limit_arenas, trim_heap

KEPT = """
import psutil
from indexer.memory import limit_arenas, trim_heap
limit_arenas()
rss = lambda: psutil.Process().memory_info().rss >> 20
pieces = [bytes(1000) for _ in range(100_000)]
kept = pieces[-1]  # what lies above freed memory keeps it from going back by itself
del pieces
before = rss()
trim_heap()
print(before - rss())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own way")
def test_freed_memory_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", KEPT], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 50


SMAPS = """\
55d0c0000000-55d0c0100000 r-xp 00002000 fe:00 77  {library}
Size:               1024 kB
Rss:                1024 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me sd
55d0c0100000-55d0c0200000 r--p 00102000 fe:00 77  {library}
Size:               1024 kB
Rss:                1024 kB
Private_Dirty:      {dirty} kB
Anonymous:          {dirty} kB
VmFlags: rd mr mw me ac sd
55d0c0200000-55d0c0300000 rw-p 00202000 fe:00 77  {library}
Rss:                1024 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
7f0000000000-7f0000100000 r-xp 00000000 00:00 0
Rss:                1024 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
7f0000100000-7f0000200000 r--s 00000000 fe:00 78  /home/ada/units.vectors
Rss:                1024 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
7f0000200000-7f0000300000 r-xp 00000000 fe:00 79  /usr/lib/other library.so (deleted)
Rss:                1024 kB
7fff00000000-7fff00020000 r-xp 00000000 00:00 0  [vdso]
Rss:                1024 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
"""


def test_only_what_is_still_as_in_its_file_is_let_go() -> None:
    smaps = SMAPS.format(library="/opt/my library.so", dirty=512)
    assert list(_clean_file_mappings(smaps)) == [(0x55D0C0000000, 1 << 20)]
    assert len(list(_clean_file_mappings(smaps.replace("512 kB", "0 kB")))) == 2


STILL_WORKS = """
import psutil, numpy, pyarrow, sqlite3
import lancedb
from indexer.memory import trim_heap
rss = lambda: psutil.Process().memory_info().rss >> 20
before = rss()
trim_heap()
after = rss()
numbers = numpy.random.default_rng(0).standard_normal((60, 60))
assert numpy.allclose(numbers @ numpy.linalg.inv(numbers), numpy.eye(60))
assert pyarrow.array([1, 2, None]).null_count == 1
assert lancedb.Session(index_cache_size_bytes=1 << 20, metadata_cache_size_bytes=1 << 20) is not None
print(before - after)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's own way")
def test_code_that_was_let_go_runs() -> None:
    done = subprocess.run([sys.executable, "-c", STILL_WORKS], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_nothing_is_called(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    limit_arenas()
    trim_heap()
