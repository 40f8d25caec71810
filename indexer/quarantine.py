"""Files that were in flight when the process died, again and again: the next start must not die of them too.

A leftover of the journal is only a suspect: whoever pulls the plug leaves some. Suspects are read one at a time when
nothing else is going on, so that the second crash knows its culprit. A file that a process crashed on twice, or was
killed on three times, is left alone until it changes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.atomic_write import write_atomically
from app.core.records import FileState
from indexer.scan import state_of

log = logging.getLogger(__name__)

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
