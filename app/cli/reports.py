"""`status` and `failures`: what is indexed, and what could not be."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.console import bytes_for_people, console, print_json
from app.cli.opened import opened_library
from app.cli.parser import DONE
from app.paths import Places, for_display, from_stored, to_stored
from app.settings import Settings, SettingsFile

if TYPE_CHECKING:
    from app.records import LibraryStatus


Waiting = Callable[[Settings], Mapping[str, int]]
"""Walks the watched folders: files that are to be indexed, by the folder (in stored form) that they are in."""


def status(arguments: argparse.Namespace, places: Places, waiting: Waiting) -> int:
    with opened_library(places) as library:
        found = library.status()
    found = _with_pending(found, waiting(SettingsFile(places.settings_file).load()))
    if arguments.json:
        print_json(asdict(found))
    else:
        _show(found)
    return DONE


def _with_pending(found: LibraryStatus, waiting: Mapping[str, int]) -> LibraryStatus:
    folders = tuple(replace(one, pending=waiting.get(to_stored(Path(one.path)), 0)) for one in found.folders)
    return replace(found, folders=folders, pending=sum(waiting.values()))


def _show(found: LibraryStatus) -> None:
    from rich.markup import escape

    page = console()
    for folder in found.folders:
        state = "" if folder.online else "  [dim](offline)[/]"
        page.print(
            f"{escape(for_display(folder.path))}{state}\n"
            f"  {folder.photos:,} photos, {folder.documents:,} documents, "
            f"{folder.pending:,} to do, {folder.failed:,} failed"
        )
    if not found.folders:
        page.print("No folders yet: semblance add ~/Pictures ~/Documents")
    page.print(
        f"{found.photos:,} photos and {found.documents:,} documents as {found.units:,} searchable units, "
        f"{found.pending:,} to do, {found.failed:,} failed"
    )
    passages = f" · passages {found.passages}" if found.passages else ""
    size = bytes_for_people(found.index_bytes)
    page.print(f"model {found.model or 'none'}{passages} · index {size}", style="dim")


def failures(arguments: argparse.Namespace, places: Places) -> int:
    from rich.markup import escape

    with opened_library(places) as library:
        found = library.failures()
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
        return DONE
    page = console()
    for file in found:
        page.print(
            f"{escape(for_display(from_stored(file.path)))}\n  {escape(file.reason)} [dim]{escape(file.advice)}[/]"
        )
    files = "1 file" if len(found) == 1 else f"{len(found):,} files"
    page.print(f"{files} could not be read, or only in part." if found else "Every file could be read.", style="dim")
    return DONE
