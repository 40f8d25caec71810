"""`semblance`: the command line, and the only place where window, indexer and the rest are put together."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from app.cli.parser import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, build_parser

if TYPE_CHECKING:
    import argparse
    from contextlib import ExitStack

    from app.core.paths import AppDirs
    from app.models import Encoder
    from app.query.library_api import Library
    from app.table import IndexReader, IndexWriter
    from app.tags.review_session import ReviewSession

_ABOUT_TAGS = ("search", "status", "tag", "index")


def main(argv: list[str] | None = None) -> int:
    """Run one command; the process's exit status.

    Args:
        argv: None for those of the process, which ends with the command.
    """
    arguments = build_parser().parse_args(argv)
    if arguments.version:
        print(f"semblance {_version()}")
        return EXIT_OK
    from app.cli import process_tuning

    process_tuning.tune_process(arguments.command, own_process=argv is None)
    from app.cli.console import print_error, print_restore_notice
    from app.core import log
    from app.core.errors import UserError
    from app.core.paths import app_dirs
    from app.core.system_errors import os_error_reason

    dirs = app_dirs()
    try:
        dirs.create()
        log.configure(dirs, verbose=arguments.verbose)
        status = _run(arguments, dirs)
        if arguments.command in _ABOUT_TAGS and not arguments.json:  # programs do not read what people should know
            print_restore_notice(dirs)
        return status
    except UserError as error:
        print_error(error)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # `semblance search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unsaid at exit goes there
        return EXIT_OK
    except OSError as error:
        if error.filename is None or not str(error.filename).startswith(tuple(map(str, (dirs.config, dirs.data)))):
            raise
        print_error(UserError(f"{error.filename} cannot be used ({os_error_reason(error)}).", "Check its permissions."))
        return EXIT_USAGE


def _run(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    command = arguments.command
    if command is None or command == "quick":
        return _window(arguments, dirs)
    if command == "index":
        return _index(arguments, dirs)
    if command in ("add", "remove", "folders"):
        from app.cli import folders

        return {"add": folders.add, "remove": folders.remove, "folders": folders.show}[command](arguments, dirs)
    if command in ("status", "failures"):
        from app.cli import status as reports

        return reports.failures(arguments, dirs) if command == "failures" else _status(arguments, dirs)
    if command == "search":
        from app.cli import search

        return search.run(arguments, dirs)
    if command == "model":
        from app.cli import model

        return model.run(arguments, dirs)
    if command == "tag":
        from app.cli import tag

        return tag.run(arguments, dirs, lambda stack, encoder: _locked_writer(dirs, stack, encoder))
    from app.cli import evaluate

    return evaluate.run(arguments, dirs)


def _status(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.cli import status as reports
    from indexer.pending_count import count_pending

    return reports.status(arguments, dirs, lambda settings: count_pending(dirs, settings))


def _index(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    import threading

    from app.cli import index as indexing
    from indexer.foreground import run_once, run_watch, stop_on_signals

    stop = threading.Event()
    run = run_watch if arguments.watch else run_once
    reread = indexing.reread_paths(arguments.reread, dirs)
    with stop_on_signals(stop):
        counts = indexing.run(
            arguments,
            dirs,
            lambda progress, notice: run(dirs, progress=progress, notice=notice, stop=stop, reread=reread).as_json(),
        )
    del counts
    return EXIT_INTERRUPTED if stop.is_set() and not arguments.watch else EXIT_OK


def _locked_writer(dirs: AppDirs, stack: ExitStack, encoder: Encoder) -> IndexWriter:
    """The index's writer, with the lock that keeps every other writer out."""
    from app.models.passages.registry import embedding_space_of
    from app.table import open_for_writing
    from indexer.lock import IndexLock

    lock = IndexLock(dirs.index)
    lock.acquire()
    stack.callback(lock.release)
    writer = open_for_writing(dirs, embedding_space_of(encoder))
    stack.callback(writer.close)
    return writer


def _window(arguments: argparse.Namespace, dirs: AppDirs) -> int:
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

    return application.run(
        dirs,
        background=arguments.background,
        quick=arguments.command == "quick",
        query=" ".join(getattr(arguments, "text", [])) or None,
        library=library,
        tagger=tagger,
    )


def _version() -> str:
    from importlib.metadata import version

    return version("semblance")


if __name__ == "__main__":
    sys.exit(main())
