"""The paths in flight, on disk: what a process was reading when it died.

Lines are appended without fsync: they must survive the process, not a power cut. A line is "+path" when work on a
file begins and "-path" when it ends; the file is emptied whenever nothing is in flight.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from app.core.private_folder import make_private_folder

_LARGEST = 1 << 20


class Journal:
    """Notes what is in flight. Used from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._in_flight: set[str] = set()
        make_private_folder(path.parent)
        self._file = path.open("ab", buffering=0)

    @staticmethod
    def leftovers(path: Path) -> tuple[str, ...]:
        """What an earlier process left in flight; a torn last line does not count."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return ()
        open_paths: dict[str, None] = {}
        for line in data.split(b"\n")[:-1]:
            try:
                stored = json.loads(line[1:])
            except ValueError:
                continue
            if line[:1] == b"+":
                open_paths[stored] = None
            else:
                open_paths.pop(stored, None)
        return tuple(open_paths)

    def begin(self, paths: Iterable[str]) -> None:
        """Work on these files begins."""
        fresh = [path for path in paths if path not in self._in_flight]
        self._in_flight.update(fresh)
        self._append("+", fresh)

    def end(self, paths: Iterable[str]) -> None:
        """Work on these files is over, well or not."""
        known = [path for path in paths if path in self._in_flight]
        self._in_flight.difference_update(known)
        if self._in_flight and self._file.tell() < _LARGEST:
            self._append("-", known)
            return
        self._file.truncate(0)
        self._append("+", sorted(self._in_flight))

    def close(self) -> None:
        """Idempotent; what is in flight stays noted."""
        self._file.close()

    def _append(self, sign: str, paths: list[str]) -> None:
        if paths:
            # JSON keeps names with newlines on one line.
            data = "".join(f"{sign}{json.dumps(path)}\n" for path in paths).encode("ascii")
            os.write(self._file.fileno(), data)
