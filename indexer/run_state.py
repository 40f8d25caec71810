"""What the indexer can be doing, and the habits of a run."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from indexer.pending_paths import QUIET_S


class IndexerState(enum.StrEnum):
    STARTING = "starting"
    SCANNING = "scanning"
    INDEXING = "indexing"
    IDLE = "idle"
    PAUSED = "paused"
    BATTERY = "battery"
    NO_MODEL = "no model"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How this run behaves.

    Attributes:
        once: stop when everything is in the table, instead of watching.
        courteous: pause on battery where the person set that; a command given by hand runs all the same.
        quiet_s: how long a path must rest before it is looked at.
        reread: files and folders (stored form) of which every file is decoded anew, changed or not; "" for all.
    """

    once: bool = False
    pause_on_battery_allowed: bool = True
    quiet_s: float = QUIET_S
    reread: tuple[str, ...] = ()
