"""How indexing looks in a terminal: a progress bar with a rate and the time left, then one line of what was done."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from app.cli.commands import Services
from app.cli.console import count_of, print_json
from app.cli.onboarding import NO_FOLDERS
from app.cli.parser import EXIT_INTERRUPTED, EXIT_OK
from app.core.errors import UserError
from app.core.indexer_protocol import Notice, Progress
from app.core.paths import AppDirs, for_display, to_stored
from app.core.settings import SettingsFile

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="stop when everything is indexed (the default)")
    how.add_argument("--watch", action="store_true", help="go on watching for changes until interrupted")
    parser.add_argument(
        "--reread", nargs="*", metavar="PATH", help="read all files again, or those in PATH, changed or not"
    )


def run(arguments: argparse.Namespace, dirs: AppDirs, services: Services) -> int:
    """Index with a bar where there is a terminal, and print what was done."""
    index = partial(services.index, dirs, watch=arguments.watch, reread=reread_paths(arguments.reread, dirs))
    if arguments.json or not sys.stderr.isatty():
        counts, stopped = index(progress=lambda _: None, notice=_print_notice)
    else:
        with _bar() as bar:
            counts, stopped = index(
                progress=_ProgressBar(bar), notice=lambda notice: bar.console.print(_notice_text(notice))
            )
    if arguments.json:
        print_json(counts)
    else:
        print(_summary(counts))
        if not SettingsFile(dirs.settings_file).load().folders:
            print(NO_FOLDERS)
    return EXIT_INTERRUPTED if stopped and not arguments.watch else EXIT_OK


def reread_paths(given: Sequence[str] | None, dirs: AppDirs) -> tuple[str, ...]:
    """The files and folders of `--reread` in stored form; "" stands for all, nothing for none.

    Raises:
        UserError: one is in no watched folder.
    """
    if given is None:
        return ()
    roots = [to_stored(folder).rstrip("/") for folder in SettingsFile(dirs.settings_file).load().folders]
    paths = [to_stored(os.path.abspath(os.path.expanduser(path))) for path in given]  # noqa: PTH100, PTH111
    for path in paths:
        if not any(path == root or path.startswith(f"{root}/") for root in roots):
            raise UserError(
                f"{for_display(path)} is in no watched folder.", "“semblance folders” lists those that are watched."
            )
    return tuple(paths) or ("",)


class _ProgressBar:
    """Moves the bar; called from the pipeline's threads."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("Starting", total=None, rate="", eta="")
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            self._bar.update(
                self._task,
                description=progress.state.capitalize(),
                completed=progress.done,
                total=progress.total or None,
                rate=f"{progress.rate:.1f} files/s" if progress.rate else "",
                eta=_duration(progress.eta_s),
            )


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("[dim]{task.fields[rate]}[/]"),
        TextColumn("[dim]{task.fields[eta]}[/]"),
        console=Console(stderr=True),
        transient=True,
    )


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{seconds:.0f} s left"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min left"
    return f"{seconds / 3600:.1f} h left"


def _notice_text(notice: Notice) -> str:
    return f"{notice.what} {notice.remedy}".strip()


def _print_notice(notice: Notice) -> None:
    sys.stderr.write(_notice_text(notice) + "\n")


def _summary(counts: Mapping[str, Any]) -> str:
    told = [f"{count_of(counts['seen'], 'file')} seen", f"{counts['embedded']:,} embedded"]
    for name, words in (("reused", "reused"), ("moved", "moved"), ("removed", "removed"), ("failed", "failed")):
        if counts[name]:
            told.append(f"{counts[name]:,} {words}")
    rate = f" ({counts['photos_per_second']:.1f} photos/s)" if counts["photos_per_second"] else ""
    advice = " “semblance failures” tells why." if counts["failed"] else ""
    return f"{', '.join(told)} in {counts['seconds']:.1f} s{rate}.{advice}"
