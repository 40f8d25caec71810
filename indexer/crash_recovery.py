"""What the last run was doing when it died, and which files the next one must be careful with.

The **journal** holds the paths in flight. A leftover of it is only a suspect: a power cut leaves some, too. Suspects
are read one at a time when nothing else is going on, so that the second crash knows its culprit. A file that a process
crashed on twice, or was killed on three times, is in **quarantine**: left alone until it changes.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from app.core.atomic_write import write_atomically
from app.core.private_folder import make_private_folder
from app.core.records import FileState
from indexer.scan import state_of

log = logging.getLogger(__name__)

_LARGEST_JOURNAL = 1 << 20


class Journal:
    """Notes what is in flight. Used from one thread at a time.

    Lines are appended without fsync: they must survive the process, not a power cut. A line is "+path" when work on a
    file begins and "-path" when it ends; the file is emptied whenever nothing is in flight.
    """

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
        if self._in_flight and self._file.tell() < _LARGEST_JOURNAL:
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


CRASH_WEIGHT, KILL_WEIGHT, LIMIT = 3, 2, 6


@dataclass(slots=True)
class _Suspect:
    size: int
    mtime_ns: int
    weight: int = 0


class Quarantine:
    """Suspects and their weight, in a small file that is written when it changes. Used from one thread."""

    def __init__(self, path: Path, *, look: Callable[[str], FileState | None] = state_of) -> None:
        self._path = path
        self._look = look
        self._suspects = self._load()

    def mark_suspect(self, paths: Iterable[str], *, crashed: bool) -> None:
        """An earlier process died with these in flight; `crashed` if by its own fault, not by a kill or power cut."""
        for path in paths:
            state = self._look(path)
            if state is None:
                continue
            suspect = self._suspects.get(path)
            if suspect is None or (suspect.size, suspect.mtime_ns) != (state.size, state.mtime_ns):
                suspect = self._suspects[path] = _Suspect(state.size, state.mtime_ns)
            suspect.weight += CRASH_WEIGHT if crashed else KILL_WEIGHT
        self._save()

    def is_suspect(self, state: FileState) -> bool:
        """Whether this file is to be read alone."""
        suspect = self._suspects.get(state.path)
        return suspect is not None and (suspect.size, suspect.mtime_ns) == (state.size, state.mtime_ns)

    def is_quarantined(self, state: FileState) -> bool:
        """Whether this file is not to be read at all."""
        return self.is_suspect(state) and self._suspects[state.path].weight >= LIMIT

    def clear_suspect(self, path: str) -> None:
        """The file was read without harm, or the person wants it tried again."""
        if self._suspects.pop(path, None) is not None:
            self._save()

    def clear_suspects(self) -> None:
        if self._suspects:
            self._suspects.clear()
            self._save()

    def __len__(self) -> int:
        return len(self._suspects)

    def _load(self) -> dict[str, _Suspect]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return {path: _Suspect(**suspect) for path, suspect in data.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("the quarantine list could not be read and is begun anew: %s", error)
            return {}

    def _save(self) -> None:
        data = {path: asdict(suspect) for path, suspect in self._suspects.items()}
        write_atomically(self._path, json.dumps(data).encode("utf-8"))


class CrashRecorder:
    """Journal, quarantine and the trace of a native crash, in the program's state folder.

    Attributes:
        quarantine: knows about the last run once `start` has been called.
        journal: of this run, between `start` and `stop`.
    """

    def __init__(self, folder: Path) -> None:
        self._journal_file = folder / "in_flight"
        self._trace_file = folder / "crash.txt"
        self._trace: IO[bytes] | None = None
        self.quarantine = Quarantine(folder / "quarantine.json")
        self.journal: Journal | None = None

    def start(self) -> Journal:
        """Hold the last run to account, then begin to record this one."""
        left = Journal.leftovers(self._journal_file)
        crashed = self._trace_file.is_file() and self._trace_file.stat().st_size > 0
        if left:
            log.warning("the last run %s while it read %d files", "crashed" if crashed else "was killed", len(left))
            self.quarantine.mark_suspect(left, crashed=crashed)
        self._journal_file.unlink(missing_ok=True)
        # A debugger or test run that has its own trace keeps it.
        if not faulthandler.is_enabled():
            self._trace = self._trace_file.open("wb")
            faulthandler.enable(self._trace)
        self.journal = Journal(self._journal_file)
        return self.journal

    def stop(self) -> None:
        """Idempotent."""
        if self.journal is not None:
            self.journal.close()
            self.journal = None
        if self._trace is not None:
            faulthandler.disable()
            self._trace.close()
            self._trace = None
