"""`semblance`: the command line, and the only place where window, indexer and the rest are put together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from app.cli.parser import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, parse, parse_arguments
from app.cli.process_tuning import tune_process
from app.core.errors import UserError

if TYPE_CHECKING:
    from app.core.indexer_protocol import Notice, Progress
    from app.core.paths import AppDirs
    from app.core.settings import Settings
    from app.files.not_indexed import NotIndexed
    from app.models import Encoder
    from app.query.library_api import Library
    from app.table import IndexReader, IndexWriter
    from app.tags.review_session import ReviewSession


def main(argv: list[str] | None = None) -> int:
    """Run one command; the process's exit status.

    Args:
        argv: None for those of the process, which ends with the command.
    """
    if argv is not None:
        return _status_of(lambda: _run(argv, own_process=False), as_json="--json" in argv)
    from app.cli.output import Output

    output, given = Output(), sys.argv[1:]
    try:
        status = _status_of(lambda: _run(given, own_process=True), as_json="--json" in given, fault=output.fault_of)
        return _status_of(lambda: output.check(status))
    except BrokenPipeError:  # `semblance search … | head`
        output.discard()
        return EXIT_OK


def _status_of(
    run: Callable[[], int], *, as_json: bool = False, fault: Callable[[OSError], UserError | None] = lambda _: None
) -> int:
    """The exit status of a run whose faults, if they are the world's, are reported.

    Args:
        fault: tells whether an error was the output's.
    """
    try:
        return run()
    except UserError as error:
        reported = error
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        reported_fault = fault(error) or _fault_of_our_files(error)
        if reported_fault is None:
            raise
        reported = reported_fault
    from app.cli.console import print_error

    print_error(reported, as_json=as_json)
    return EXIT_USAGE


def _fault_of_our_files(error: OSError) -> UserError | None:
    """What to say of a file or folder of ours that cannot be used; None where the error is about something else."""
    from app.core.paths import app_dirs
    from app.core.system_errors import os_error_reason

    dirs = app_dirs()
    ours = tuple(str(folder) for folder in (dirs.config, dirs.data, dirs.cache))
    if error.filename is None or not str(error.filename).startswith(ours):
        return None
    return UserError(f"{error.filename} cannot be used ({os_error_reason(error)}).", "Check its permissions.")


def _run(given: list[str], *, own_process: bool) -> int:
    command, general = parse(given)
    if general.version:
        print(f"semblance {_version()}")
        return EXIT_OK
    tune_process(command.startup, own_process=own_process)
    arguments = parse_arguments(command, general)
    from app.cli.console import print_restore_notice
    from app.core import log
    from app.core.paths import app_dirs

    dirs = app_dirs()
    dirs.create()
    log.configure(dirs, verbose=arguments.verbose)
    status = command.run(arguments, dirs, _Composition())
    if command.prints_notices and not arguments.json:  # programs do not read what people should know
        print_restore_notice(dirs)
    return status


class _Composition:
    """`app.cli.commands.Services`, from the indexer and the window."""

    def index(
        self,
        dirs: AppDirs,
        *,
        watch: bool,
        reread: tuple[str, ...],
        progress: Callable[[Progress], None],
        notice: Callable[[Notice], None],
    ) -> tuple[Mapping[str, Any], bool]:
        import threading

        from indexer.foreground import run_once, run_watch, stop_on_signals

        stop = threading.Event()
        run = run_watch if watch else run_once
        with stop_on_signals(stop):
            counts = run(dirs, progress=progress, notice=notice, stop=stop, reread=reread).as_json()
        return counts, stop.is_set()

    def pending(self, dirs: AppDirs, settings: Settings) -> tuple[Mapping[str, int], NotIndexed]:
        from indexer.pending_count import count_pending

        return count_pending(dirs, settings)

    def open_writer(self, dirs: AppDirs, encoder: Encoder, stack: ExitStack) -> IndexWriter:
        from app.models.passages.registry import embedding_space_of
        from app.table import open_for_writing
        from indexer.lock import IndexLock

        lock = IndexLock(dirs.index)
        lock.acquire()
        stack.callback(lock.release)
        writer = open_for_writing(dirs, embedding_space_of(encoder))
        stack.callback(writer.close)
        return writer

    def open_window(self, dirs: AppDirs, *, background: bool, quick: bool, query: str | None) -> int:
        from ui.shell.display_check import check

        check()
        from ui.shell import application

        reader: list[IndexReader] = []

        def opened() -> IndexReader | None:
            """The index as it is now; it may not be there yet when the window opens."""
            from app.table import open_for_reading

            if reader:
                reader[0].refresh()
            elif (found := open_for_reading(dirs)) is not None:
                reader.append(found)
            return reader[0] if reader else None

        def tagger() -> ReviewSession:
            from app.tags.review_session import ReviewSession

            return ReviewSession(dirs, opened)

        def library() -> Library:
            from app.core.settings import SettingsFile
            from app.search import LocalLibrary

            return LocalLibrary(dirs, SettingsFile(dirs.settings_file).load, wait_for_model=False)

        return application.run(dirs, background=background, quick=quick, query=query, library=library, tagger=tagger)


def _version() -> str:
    from importlib.metadata import version

    return version("semblance")


if __name__ == "__main__":
    sys.exit(main())
