"""An indexer that runs in a thread of the test, with the real table and watchdog and a fake encoder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from app.core.indexer_protocol import Command, Committed, Event, Progress
from app.core.paths import AppDirs, to_stored
from app.core.records import EmbeddingSpace, IndexedFile
from app.core.settings import SettingsFile
from indexer.foreground import run_once
from indexer.run_state import RunOptions
from indexer.scheduler import Scheduler
from indexer.stats import RunCounts
from tests.indexer.fakes import HashEncoder, model_info

PATIENCE_S = 90.0


def make_places(home: Path, folders: Sequence[Path]) -> AppDirs:
    places = AppDirs(home / "config", home / "data", home / "cache")
    places.create()
    SettingsFile(places.settings_file).change(folders=tuple(map(str, folders)))
    return places


def index_once(places: AppDirs, *, encoder: HashEncoder | None = None) -> RunCounts:
    chosen = encoder or HashEncoder()
    return run_once(places, encoder_for=lambda _places, _settings: chosen, workers=1)


def table_of(places: AppDirs) -> dict[str, IndexedFile]:
    """What the table knows, by stored path; only while no indexer runs."""
    from app.table import open_for_writing

    info = model_info()
    writer = open_for_writing(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    listing = writer.listing()
    writer.close()
    assert len({file.state.path for file in listing}) == len(listing), "a file is there twice"
    return {file.state.path: file for file in listing}


def names_in(places: AppDirs, folder: Path) -> set[str]:
    """Paths in the table, relative to a folder."""
    prefix = to_stored(folder) + "/"
    return {path.removeprefix(prefix) for path in table_of(places)}


class Running:
    """Watches until the end of the `with` block.

    Attributes:
        events: everything that was sent.
        counts: after the end.
    """

    def __init__(self, places: AppDirs, *, quiet_s: float = 0.2, battery: Callable[[], bool] = lambda: False) -> None:
        self.events: list[Event] = []
        self.encoder = HashEncoder()
        self.counts = RunCounts()
        self.error: BaseException | None = None
        self._changed = threading.Condition()
        self.scheduler = Scheduler(
            places,
            self._take,
            RunOptions(quiet_s=quiet_s),
            encoder_for=lambda _places, _settings: self.encoder,
            workers=1,
            battery=battery,
        )
        self._thread = threading.Thread(target=self._run, name="scheduler")

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.encoder.go.set()
        self.scheduler.stop()
        self._thread.join()
        if self.error is not None and error is None:
            raise self.error

    def command(self, command: Command) -> None:
        self.scheduler.command(command)

    def wait_for(self, state: str, *, after: int = 0) -> int:
        """Wait until the state was told after so many events; the number of events until then."""
        return self.wait(lambda event: isinstance(event, Progress) and event.state == state, after=after)

    def wait_committed(self, files: int, *, after: int = 0) -> int:
        """Wait until so many files were committed since."""
        with self._changed:
            done = self._changed.wait_for(lambda: self.committed(after) >= files or self.error, PATIENCE_S)
        assert done, f"{self.committed(after)} of {files} files were committed: {self.events[-5:]}"
        return len(self.events)

    def committed(self, after: int = 0) -> int:
        return sum(event.files for event in self.events[after:] if isinstance(event, Committed))

    def removed(self, after: int = 0) -> int:
        return sum(event.removed for event in self.events[after:] if isinstance(event, Committed))

    def wait(self, wanted: Callable[[Event], bool], *, after: int = 0) -> int:
        with self._changed:
            done = self._changed.wait_for(lambda: any(map(wanted, self.events[after:])) or self.error, PATIENCE_S)
        assert done, f"did not happen; last events: {self.events[-5:]}"
        return next((after + n + 1 for n, event in enumerate(self.events[after:]) if wanted(event)), len(self.events))

    def _take(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            self.counts = self.scheduler.run()
        except BaseException as error:
            self.error = error
            with self._changed:
                self._changed.notify_all()
