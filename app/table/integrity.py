"""Whether the files of a table are still what was written.

LanceDB's files never change once they are written, and most have no checksum: flipped bytes of an index or of a data
file are a panic, an error, or a wrong answer. So the indexer records size, time and CRC-32 of each file when a table
has come to rest. Whoever opens the table compares sizes and times, and the content where they differ. A reader that
meets damage, here or in an answer, leaves a mark beside the table; the indexer then makes the indexes anew, or, where
rows are damaged, the table (`app.table.maintenance.repair`).
"""

from __future__ import annotations

import contextlib
import json
import zlib
from pathlib import Path
from typing import TypeAlias

from app.core.atomic_write import write_atomically
from app.core.errors import IndexUnusable

_RECORDED_FOLDERS = ("data", "_deletions", "_indices")
_BLOCK = 1 << 20
_NO_DAMAGE = ("does not exist", "No field named", "No such column", "conflict", "Too many open files", "No space left")
"""What errors of LanceDB's say that are about a question, or about the system, not about a table."""

_Record: TypeAlias = dict[str, list[int]]


def index_damaged() -> IndexUnusable:
    return IndexUnusable(
        "The index is damaged and could not be repaired.",
        "It is rebuilt from your files the next time they are indexed (run “semblance index --once”).",
    )


def looks_damaged(error: Exception) -> bool:
    """Whether an error of LanceDB's is about files that are not what they should be."""
    return isinstance(error, RuntimeError | OSError) and not any(sign in str(error) for sign in _NO_DAMAGE)


# ---- the mark


def _mark(index: Path, name: str) -> Path:
    return index / f"{name}.damaged"


def mark_damaged(index: Path, name: str) -> None:
    """Have the indexer look at the table; nothing happens where the index is read-only."""
    with contextlib.suppress(OSError):
        _mark(index, name).touch()


def is_marked(index: Path, name: str) -> bool:
    return _mark(index, name).exists()


def clear_mark(index: Path, name: str) -> None:
    _mark(index, name).unlink(missing_ok=True)


# ---- the record


def record_path(index: Path, name: str) -> Path:
    return index / f"{name}.files.json"


def record_files(index: Path, name: str) -> None:
    """Record the files of a table that are new since the last time; its deleted ones are left out."""
    known, now = _read(index, name), _files(index, name)
    record: _Record = {}
    for path, file in now.items():
        with contextlib.suppress(OSError):  # a clean-up was faster
            stat = file.stat()
            stamp = [stat.st_size, stat.st_mtime_ns]
            entry = known.get(path)
            record[path] = entry if entry is not None and entry[:2] == stamp else [*stamp, _crc(file)]
    if record != known:
        write_atomically(record_path(index, name), json.dumps(record).encode())


def damaged_files(index: Path, name: str, *, thorough: bool = False) -> list[str]:
    """Recorded files, relative to the table's folder, that are not what was written.

    Args:
        thorough: compare the content of all files, also where size and time are as recorded.
    """
    folder, damaged = index / f"{name}.lance", []
    for path, (size, mtime_ns, crc) in _read(index, name).items():
        file = folder / path
        try:
            stat = file.stat()
            same = (stat.st_size, stat.st_mtime_ns) == (size, mtime_ns)
            if (thorough or not same) and (stat.st_size != size or _crc(file) != crc):
                damaged.append(path)
        except FileNotFoundError:  # cleaned up; where it is needed, opening the table tells
            continue
        except OSError:
            damaged.append(path)
    return damaged


def concerns_indexes_only(damaged: list[str]) -> bool:
    """Whether no row is damaged: indexes are made anew from rows."""
    return all(path.startswith("_indices/") for path in damaged)


def _files(index: Path, name: str) -> dict[str, Path]:
    folder = index / f"{name}.lance"
    return {
        file.relative_to(folder).as_posix(): file
        for below in _RECORDED_FOLDERS
        for file in sorted((folder / below).rglob("*"))
        if file.is_file() and not file.name.startswith(".tmp")
    }


def _read(index: Path, name: str) -> _Record:
    try:
        record = json.loads(record_path(index, name).read_text(encoding="utf-8"))
        return {str(path): [int(size), int(time), int(crc)] for path, (size, time, crc) in record.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # it is written anew
        return {}


def _crc(file: Path) -> int:
    crc = 0
    with open(file, "rb", buffering=0) as source:
        while block := source.read(_BLOCK):
            crc = zlib.crc32(block, crc)
    return crc
