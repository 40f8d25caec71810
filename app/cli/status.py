"""`status` and `failures`: what is indexed, and what could not be."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from app.cli.commands import Services
from app.cli.console import console, count_of, format_bytes, load_settings, print_json
from app.cli.library import open_library
from app.cli.onboarding import NO_FOLDERS, next_step
from app.cli.parser import EXIT_OK
from app.core.paths import AppDirs, for_display, from_stored, to_stored
from app.files.not_indexed import LeftOutFolder, kinds_sentence

if TYPE_CHECKING:
    from rich.console import Console

    from app.query.library_api import LibraryStatus

_SHOWN_FOLDERS = 20


def configure(_parser: argparse.ArgumentParser, _name: str) -> None:
    """Neither command has arguments of its own."""


def status(arguments: argparse.Namespace, dirs: AppDirs, services: Services) -> int:
    settings = load_settings(dirs)
    with open_library(dirs) as library:
        found = library.status()
    pending, not_indexed = services.pending(dirs, settings)
    found = replace(_with_pending(found, pending), not_indexed=not_indexed)
    if arguments.json:
        print_json(asdict(found))
    else:
        _show(found)
    return EXIT_OK


def _with_pending(found: LibraryStatus, pending: Mapping[str, int]) -> LibraryStatus:
    folders = tuple(replace(one, pending=pending.get(to_stored(Path(one.path)), 0)) for one in found.folders)
    return replace(found, folders=folders, pending=sum(pending.values()))


def _show(found: LibraryStatus) -> None:
    from rich.markup import escape

    page = console()
    for folder in found.folders:
        state = "" if folder.online else "  [dim](offline)[/]"
        page.print(
            f"{escape(for_display(folder.path))}{state}\n"
            f"  {count_of(folder.photos, 'photo')}, {count_of(folder.documents, 'document')}, "
            f"{folder.pending:,} to do, {folder.failed:,} failed"
        )
    if not found.folders:
        page.print(NO_FOLDERS)
    if found.folders or found.photos or found.documents or found.failed:
        page.print(
            f"{count_of(found.photos, 'photo')} and {count_of(found.documents, 'document')} "
            f"as {count_of(found.units, 'searchable unit')}, "
            f"{found.pending:,} to do, {found.failed:,} failed"
        )
    if sentence := kinds_sentence(found.not_indexed.kinds):
        page.print(escape(f"{sentence}."))
    _show_left_out(page, found.not_indexed.folders)
    passages = f" · passages {found.passages}" if found.passages else ""
    size = format_bytes(found.index_bytes)
    page.print(f"model {found.model or 'none'}{passages} · index {size}", style="dim")


def _show_left_out(page: Console, folders: Sequence[LeftOutFolder]) -> None:
    from rich.markup import escape

    if not folders:
        return
    page.print(f"{count_of(len(folders), 'folder')} left out:")
    for folder in folders[:_SHOWN_FOLDERS]:
        why = "a drive is mounted there" if folder.is_mount else f"ignored as “{folder.pattern}”"
        page.print(f"  {escape(for_display(folder.path))}  [dim]{escape(why)}[/]")
    if len(folders) > _SHOWN_FOLDERS:
        page.print(f"  [dim]and {len(folders) - _SHOWN_FOLDERS:,} more (--json lists them)[/]")
    names = sorted({PurePosixPath(folder.path).name for folder in folders if not folder.is_mount})
    if names:
        page.print(f"  [dim]To index one, add “!{escape(names[0])}/” to “ignore” in the settings.[/]")
    if any(folder.is_mount for folder in folders):
        page.print("  [dim]To index a drive, add it as a folder of its own: semblance add FOLDER[/]")


def failures(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    from rich.markup import escape

    with open_library(dirs) as library:
        found = library.failures()
        missing = "" if found else next_step(library.status())
    if arguments.json:
        print_json(
            {
                "failures": [
                    {
                        "path": from_stored(file.path),
                        "failure": file.failure.value,
                        "reason": file.reason,
                        "advice": file.advice,
                        "attempts": file.attempts,
                        "retry_at": file.retry_at.isoformat() if file.retry_at else None,
                    }
                    for file in found
                ]
            }
        )
        return EXIT_OK
    page = console()
    for file in found:
        page.print(
            f"{escape(for_display(from_stored(file.path)))}\n  {escape(file.reason)} [dim]{escape(file.advice)}[/]"
        )
    told = f"{count_of(len(found), 'file')} could not be read, or only in part."
    page.print(told if found else missing or "Every file could be read.", style="dim")
    return EXIT_OK
