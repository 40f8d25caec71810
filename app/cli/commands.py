"""The table of commands: one row and one module each.

A module has `configure(parser, name)`, which declares the arguments, and the function that its row names:
`run(arguments, dirs, services) -> exit status`. It is imported after its process is tuned by the row's startup profile.
docs/how-to/add-a-command.md shows it step by step.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from app.cli.process_tuning import DEFAULT, Startup

if TYPE_CHECKING:
    from app.core.indexer_protocol import Notice, Progress
    from app.core.paths import AppDirs
    from app.core.settings import Settings
    from app.files.not_indexed import NotIndexed
    from app.models import Encoder
    from app.table import IndexWriter


class Services(Protocol):
    """What commands need of the indexer and the window, which `app` does not import: `app.__main__` hands it in."""

    def open_window(self, dirs: AppDirs, *, background: bool, quick: bool, query: str | None) -> int:
        """Run the window until it closes; its exit status."""
        ...

    def index(
        self,
        dirs: AppDirs,
        *,
        watch: bool,
        reread: tuple[str, ...],
        progress: Callable[[Progress], None],
        notice: Callable[[Notice], None],
    ) -> tuple[Mapping[str, Any], bool]:
        """Index in the foreground; what was done, and whether the user stopped it.

        Args:
            reread: files and folders (stored form) that are read again, changed or not; "" stands for all.
        """
        ...

    def pending(self, dirs: AppDirs, settings: Settings) -> tuple[Mapping[str, int], NotIndexed]:
        """How many files are still to be indexed, by the watched folder (in stored form) that they are in; and what
        will not be."""
        ...

    def open_writer(self, dirs: AppDirs, encoder: Encoder, stack: ExitStack) -> IndexWriter:
        """The index's writer, with the lock that keeps every other writer out; both are released with the stack."""
        ...


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table.

    Attributes:
        module: in `app.cli`; `function`: the one that runs the command.
        startup: how its process is tuned.
        free_words: its arguments are words, of which one that begins with a minus is no option.
        prints_notices: whether it says what happened to the annotations meanwhile.
    """

    name: str
    help: str
    module: str
    function: str = "run"
    startup: Startup = DEFAULT
    free_words: bool = False
    prints_notices: bool = False

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        import_module(f"app.cli.{self.module}").configure(parser, self.name)

    def run(self, arguments: argparse.Namespace, dirs: AppDirs, services: Services) -> int:
        """Run the command; the exit status."""
        run: Callable[[argparse.Namespace, AppDirs, Services], int] = getattr(
            import_module(f"app.cli.{self.module}"), self.function
        )
        return run(arguments, dirs, services)


_WINDOW = Startup(one_thread=True)
_ONE_ANSWER = Startup(short_lived=True)

COMMANDS: tuple[Command, ...] = (
    Command("add", "watch folders", "folders", "add", _ONE_ANSWER),
    Command("remove", "stop watching a folder and forget its files", "folders", "remove", _ONE_ANSWER),
    Command("folders", "list the watched folders", "folders", "show", _ONE_ANSWER),
    Command("index", "index the watched folders in the foreground", "index", prints_notices=True),
    Command(
        name="search",
        help="search by words, by example picture, or both",
        module="search",
        startup=Startup(one_thread=True, short_lived=True),
        free_words=True,
        prints_notices=True,
    ),
    Command("tag", "propose tags for files, or tag the whole library", "tag", prints_notices=True),
    Command("status", "show what is indexed", "status", "status", _ONE_ANSWER, prints_notices=True),
    Command("failures", "show which files could not be read, why, and what to do", "status", "failures", _ONE_ANSWER),
    Command("model", "show, choose, fetch and compare models", "model"),
    Command("evaluate", "measure the current model on your own labelled pictures", "evaluate"),
    Command("demo", "try the program on sample files, without a trace", "demo", startup=_ONE_ANSWER),
    Command("quick", "open the small search palette", "window", startup=_WINDOW, free_words=True),
)
BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
OPEN_WINDOW = Command("", "open the window", "window", startup=_WINDOW)
"""What runs where no command is given."""
