"""What the C library keeps of freed memory, given back: an indexer is at rest nearly all of its life.

glibc gives each thread an arena of its own and keeps what is freed there. With two arenas and one trimming when there
is nothing more to do, an indexer at rest held 179 MB instead of 204 (1,200 documents). Code and constants of libraries,
100 MB of which only the start needs, are let go as well: the system has them in its cache of files and maps them anew
when they are used. Elsewhere all of this does nothing.
"""

from __future__ import annotations

import ctypes
import gc
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_M_ARENA_MAX = -8
_ARENAS = 2
_MADV_DONTNEED = 4
_MIN_MAPPING_KB = 256  # KB
# A mapping of /proc/self/smaps that is of a file, private, and not writable; then what the system tells of it.
_MAPPING = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) r-[-x]p \S+ \S+ \S+ +/.*\n((?:\w+: .*\n)+)", re.MULTILINE)
_KILOBYTES = re.compile(r"^(\w+): +(\d+) kB$", re.MULTILINE)


def limit_arenas() -> None:
    """Call it before threads begin."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_M_ARENA_MAX, _ARENAS)


def trim_heap() -> None:
    """Call it when nothing is left to do: it takes some milliseconds."""
    gc.collect()
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)
        _release_code_pages(library)


def _release_code_pages(library: ctypes.CDLL) -> None:
    for start, size in _clean_file_mappings(Path("/proc/self/smaps").read_text("utf-8", "surrogateescape")):
        library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), _MADV_DONTNEED)


def _clean_file_mappings(smaps: str) -> Iterator[tuple[int, int]]:
    """(address, bytes) of what is mapped from files, cannot be written, and was not changed before that (relocated)."""
    for match in _MAPPING.finditer(smaps):
        fields = {name: int(value) for name, value in _KILOBYTES.findall(match[3])}
        if (
            fields.get("Rss", 0) >= _MIN_MAPPING_KB
            and not fields.get("Anonymous", 1)
            and not fields.get("Private_Dirty", 1)
        ):
            start, end = int(match[1], 16), int(match[2], 16)
            yield start, end - start
