"""What the last run was doing when it died, and what this one leaves behind should it die."""

from __future__ import annotations

import faulthandler
import logging
from pathlib import Path
from typing import IO

from indexer.journal import Journal
from indexer.quarantine import Quarantine

log = logging.getLogger(__name__)


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
