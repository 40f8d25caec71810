"""`status` and `failures`: what is indexed, and what could not be."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from app.cli.console import bytes_for_people, console, print_json
from app.cli.opened import opened_library
from app.cli.parser import DONE
from app.paths import Places, for_display, from_stored


def status(arguments: argparse.Namespace, places: Places) -> int:
    with opened_library(places) as library:
        found = library.status()
    if arguments.json:
        print_json(asdict(found))
        return DONE
    page = console()
    for folder in found.folders:
        state = "" if folder.online else "  [dim](offline)[/]"
        page.print(
            f"{for_display(folder.path)}{state}\n"
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
    return DONE


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
