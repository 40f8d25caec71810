"""`semblance`: the command line, and the only place where window, indexer and the rest are put together."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from app.cli.parser import DONE, INTERRUPTED, WRONG_USE, build

if TYPE_CHECKING:
    import argparse
    from contextlib import ExitStack

    from app.library import Library
    from app.model import Encoder
    from app.paths import Places
    from app.table import IndexReader, IndexWriter
    from app.tags.desk import Desk

_ABOUT_TAGS = ("search", "status", "tag", "index")


def main(argv: list[str] | None = None) -> int:
    """Run one command; the process's exit status.

    Args:
        argv: None for those of the process, which ends with the command.
    """
    arguments = build().parse_args(argv)
    if arguments.version:
        print(f"semblance {_version()}")
        return DONE
    from app.cli import brief

    brief.begin(arguments.command, own_process=argv is None)
    from app import log
    from app.cli.console import report, tell_note
    from app.errors import UserError
    from app.paths import places
    from app.system_errors import reason

    here = places()
    try:
        here.create()
        log.configure(here, verbose=arguments.verbose)
        status = _run(arguments, here)
        if arguments.command in _ABOUT_TAGS and not arguments.json:  # programs do not read what people should know
            tell_note(here)
        return status
    except UserError as error:
        report(error)
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `semblance search … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unsaid at exit goes there
        return DONE
    except OSError as error:
        if error.filename is None or not str(error.filename).startswith(tuple(map(str, (here.config, here.data)))):
            raise
        report(UserError(f"{error.filename} cannot be used ({reason(error)}).", "Check its permissions."))
        return WRONG_USE


def _run(arguments: argparse.Namespace, here: Places) -> int:
    command = arguments.command
    if command is None or command == "quick":
        return _window(arguments, here)
    if command == "index":
        return _index(arguments, here)
    if command in ("add", "remove", "folders"):
        from app.cli import folders

        return {"add": folders.add, "remove": folders.remove, "folders": folders.show}[command](arguments, here)
    if command in ("status", "failures"):
        from app.cli import reports

        return reports.failures(arguments, here) if command == "failures" else _status(arguments, here)
    if command == "search":
        from app.cli import search

        return search.run(arguments, here)
    if command == "model":
        from app.cli import model

        return model.run(arguments, here)
    if command == "tag":
        from app.cli import tag

        return tag.run(arguments, here, lambda stack, encoder: _locked_writer(here, stack, encoder))
    from app.cli import evaluate

    return evaluate.run(arguments, here)


def _status(arguments: argparse.Namespace, here: Places) -> int:
    from app.cli import reports
    from indexer.outlook import waiting

    return reports.status(arguments, here, lambda settings: waiting(here, settings))


def _index(arguments: argparse.Namespace, here: Places) -> int:
    import threading

    from app.cli import indexing
    from indexer.foreground import run_once, run_watch, stop_on_signals

    stop = threading.Event()
    run = run_watch if arguments.watch else run_once
    with stop_on_signals(stop):
        counts = indexing.run(
            arguments,
            here,
            lambda progress, notice: run(here, progress=progress, notice=notice, stop=stop).as_json(),
        )
    del counts
    return INTERRUPTED if stop.is_set() and not arguments.watch else DONE


def _locked_writer(here: Places, stack: ExitStack, encoder: Encoder) -> IndexWriter:
    """The index's writer, with the lock that keeps every other writer out."""
    from app.model.passages import space_of
    from app.table import open_for_writing
    from indexer.lock import IndexLock

    lock = IndexLock(here.index)
    lock.acquire()
    stack.callback(lock.release)
    writer = open_for_writing(here, space_of(encoder))
    stack.callback(writer.close)
    return writer


def _window(arguments: argparse.Namespace, here: Places) -> int:
    from ui.display import check

    check()
    from ui import application

    reader: list[IndexReader] = []

    def opened() -> IndexReader | None:
        """The index as it is now; it may not be there yet when the window opens."""
        from app.table import open_for_reading

        if reader:
            reader[0].refresh()
        elif (found := open_for_reading(here)) is not None:
            reader.append(found)
        return reader[0] if reader else None

    def tagger() -> Desk:
        from app.tags.desk import Desk

        return Desk(here, opened)

    def library() -> Library:
        from app.search import LocalLibrary
        from app.settings import SettingsFile

        return LocalLibrary(here, SettingsFile(here.settings_file).load, wait_for_model=False)

    return application.run(
        here,
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
