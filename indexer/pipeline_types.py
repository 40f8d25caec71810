"""What a file passes through on its way to a row, and what the pipeline keeps of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from app.core.records import DecodedFile, FileState
from indexer.backlog import WorkItem
from indexer.crash_recovery import Journal, Quarantine
from indexer.encoder_thread import LARGE_FILE_UNITS, EncoderThread
from indexer.row_changes import RowChanges
from indexer.writer_thread import WriterThread


class DecoderService(Protocol):
    """What the indexer needs of the decoder pool."""

    @property
    def workers(self) -> int: ...
    def submit(self, state: FileState, *, first_turn: bool) -> Future[DecodedFile]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class PipelineCallbacks:
    """What the pipeline tells, from its own thread.

    Attributes:
        changed: a file is not what it was when it was found; look at it again when it rests.
        committed: so many files reached the table, so many left it.
        trouble: nothing more can be done until the cause is gone; nothing is lost, the next reconcile finds it.
        idle: nothing is left to do; the number of the task that was added last.
    """

    changed: Callable[[str], None]
    committed: Callable[[int, int], None]
    trouble: Callable[[BaseException], None]
    idle: Callable[[int], None]


@dataclass(slots=True)
class InFlightFile:
    """A file under way. `alone`: nothing else may be; `digest`: others may be waiting for it; `units`: its weight."""

    work: WorkItem
    alone: bool
    digest: str = ""
    units: int = 0


@dataclass(slots=True)
class PipelineLoad:
    """How much is under way, for back-pressure: files being read or hashed, units before and after the encoder.

    Attributes:
        slow: files among those being read that had their first turn.
        units_waiting: of small files; large_units_waiting of large ones, which the encoder lets the others overtake.
    """

    reading: int = 0
    slow: int = 0
    hashing: int = 0
    units_waiting: int = 0
    large_units_waiting: int = 0
    units_writing: int = 0

    def count_waiting(self, units: int, sign: int) -> None:
        """A file of so many units came to the encoder (sign 1), or out of it (-1)."""
        if units > LARGE_FILE_UNITS:
            self.large_units_waiting += sign * units
        else:
            self.units_waiting += sign * units


@dataclass(frozen=True, slots=True)
class PipelineParts:
    """What a file passes through."""

    writer: WriterThread
    encoder: EncoderThread
    decoders: DecoderService
    journal: Journal
    quarantine: Quarantine
    changes: RowChanges
    hashers: ThreadPoolExecutor
