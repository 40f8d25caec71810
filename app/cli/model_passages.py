"""`model passages`: which encoder reads the text of documents."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from app.cli.console import console, format_bytes, print_json
from app.cli.parser import EXIT_OK
from app.core.paths import AppDirs
from app.core.settings import SettingsFile

if TYPE_CHECKING:
    from app.models.passages.registry import PassageEncoderListing

ProgressBar = Callable[[argparse.Namespace], AbstractContextManager[Callable[[str, float], None]]]


def run(arguments: argparse.Namespace, dirs: AppDirs, progress_shown: ProgressBar) -> int:
    action = arguments.passages_action or "list"
    if action == "use":
        return _use(arguments, dirs, progress_shown)
    return {"list": _list, "off": _off, "info": _info}[action](arguments, dirs)


def described_setting(dirs: AppDirs) -> dict[str, Any] | None:
    """The encoder that the settings name, and whether it is ready; None where they name none."""
    from app.models.passages.registry import find_passage_encoder

    name = SettingsFile(dirs.settings_file).load().passages
    if not name:
        return None
    info = find_passage_encoder(dirs, name)
    return {**(info.as_json() if info is not None else {"name": name}), "ready": info is not None}


def _list(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    from app.models.passages.registry import list_passage_encoders

    listed = list_passage_encoders(dirs, SettingsFile(dirs.settings_file).load().passages)
    if arguments.json:
        print_json({"passages": [_as_json(listing) for listing in listed]})
        return EXIT_OK
    page = console()
    for listing in listed:
        page.print(_described(listing))
    page.print("● in use  ○ installed   “semblance model passages use NAME” chooses one, “off” none", style="dim")
    return EXIT_OK


def _as_json(listing: PassageEncoderListing) -> dict[str, Any]:
    from dataclasses import asdict

    entry = asdict(listing.entry)
    return {**entry, "installed": listing.available, "ready": listing.info is not None, "in_use": listing.chosen}


def _described(listing: PassageEncoderListing) -> str:
    """Three lines: what it is called and costs, what it is good for, and how to get it."""
    entry = listing.entry
    mark = "●" if listing.chosen else "○" if listing.available else " "
    facts = [
        entry.licence,
        format_bytes(entry.download_bytes),
        f"{entry.parameters:g} M parameters",
        f"{entry.dimension}-d",
        ", ".join(entry.languages),
    ]
    install = "" if listing.available else f"\n  [dim]install it with: {entry.command}[/]"
    return f"{mark} [bold]{entry.name}[/]\n  [dim]{' · '.join(facts)}[/]\n  {entry.good_for}{install}"


def _use(arguments: argparse.Namespace, dirs: AppDirs, progress_shown: ProgressBar) -> int:
    from app.models import current
    from app.models.passages.registry import prepare_passage_encoder

    with progress_shown(arguments) as progress:
        info = prepare_passage_encoder(dirs, arguments.name, progress)
    info.fitted(current(dirs).dimension)  # says so where it does not fit
    return _choose(arguments, dirs, info.name)


def _off(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    return _choose(arguments, dirs, "")


def _choose(arguments: argparse.Namespace, dirs: AppDirs, name: str) -> int:
    file = SettingsFile(dirs.settings_file)
    changed = file.load().passages != name
    file.change(passages=name)
    _info(arguments, dirs)
    if changed and not arguments.json:
        print("The index for it is built at the next indexing; search goes on with the present one until then.")
    return EXIT_OK


def _info(arguments: argparse.Namespace, dirs: AppDirs) -> int:
    found = described_setting(dirs)
    if arguments.json:
        print_json({"passages": found})
        return EXIT_OK
    page = console()
    if found is None:
        page.print("Passages of documents are read by the model itself.")
    elif not found["ready"]:
        page.print(f"{found['name']} is chosen and not ready on this machine.")
    else:
        page.print(
            f"{found['name']}  [dim]{found['width']}-d, licence {found['licence']}[/]\n"
            f"● openvino {found['precision']}  {found['texts_per_second']:.1f} texts/s"
            f"[dim]  agrees {found['cosine_mean']:.4f} (worst {found['cosine_worst']:.4f})[/]"
        )
    return EXIT_OK
