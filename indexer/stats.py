"""How much was done, how fast, and how long it will take."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WINDOW_S = 30.0


@dataclass(slots=True)
class RunCounts:
    """What one run did. `seen` are files on the disk; all others are files that something was done for.

    Attributes:
        embedded: files that went through the encoder (or, empty ones, needed no vector).
        reused: copies and touched files whose vectors were kept; moved: the same under another path.
        photos: how many of `embedded` are photos.
        postponed: files left for the next run because they would not stop changing.
    """

    seen: int = 0
    embedded: int = 0
    reused: int = 0
    moved: int = 0
    removed: int = 0
    failed: int = 0
    photos: int = 0
    postponed: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def done(self) -> int:
        """Files that are finished with, one way or another."""
        return self.embedded + self.reused + self.moved + self.removed + self.failed

    def as_json(self) -> Mapping[str, Any]:
        """The command line's contract."""
        rate = self.photos / self.seconds if self.seconds > 0 else 0.0
        return {
            "seen": self.seen,
            "embedded": self.embedded,
            "reused": self.reused,
            "moved": self.moved,
            "removed": self.removed,
            "failed": self.failed,
            "seconds": round(self.seconds, 3),
            "photos_per_second": round(rate, 2),
        }


@dataclass(slots=True)
class FileRate:
    """Files a second over the last half minute, from samples of (time, files done)."""

    window: float = WINDOW_S
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    def sample(self, now: float, done: int) -> None:
        if self._samples and done < self._samples[-1][1]:
            self._samples.clear()
        self._samples.append((now, done))
        while len(self._samples) > 2 and self._samples[1][0] <= now - self.window:
            self._samples.popleft()

    def per_second(self) -> float:
        if len(self._samples) < 2:
            return 0.0
        (first, before), (last, after) = self._samples[0], self._samples[-1]
        return (after - before) / (last - first) if last > first else 0.0

    def seconds_for(self, left: int) -> float | None:
        """How long `left` more files take; None while that cannot be said."""
        rate = self.per_second()
        return left / rate if rate > 0 and left > 0 else None
