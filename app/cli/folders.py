"""`add`, `remove`, `folders`: which folders are watched."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.commands import Services
from app.cli.console import console, load_settings, print_json
from app.cli.onboarding import NO_FOLDERS
from app.cli.parser import EXIT_OK
from app.core.paths import AppDirs
from app.core.settings import Settings, SettingsFile
from app.files.watched_folders import add_folders, remove_folder


def configure(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "add":
        parser.add_argument("folder", nargs="+", metavar="FOLDER", help="with all that is below it")
    elif name == "remove":
        help_ = "as “semblance folders” shows it; its files stay as they are"
        parser.add_argument("folder", metavar="FOLDER", help=help_)


def add(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    file = SettingsFile(dirs.settings_file)
    before: tuple[str, ...] = ()

    def watched_too(settings: Settings) -> dict[str, tuple[str, ...]]:
        nonlocal before
        before = settings.folders
        return {"folders": add_folders(before, [Path(folder) for folder in arguments.folder])}

    now = file.update(watched_too).folders
    new = [folder for folder in now if folder not in before]
    if arguments.json:
        print_json({"added": new, "folders": list(now)})
    else:
        for folder in new:
            print(f"Watching {folder}")
        print("Run “semblance index --once” to index now, or open the window." if new else "Already watched.")
    return EXIT_OK


def remove(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    file = SettingsFile(dirs.settings_file)
    now = file.update(lambda settings: {"folders": remove_folder(settings.folders, Path(arguments.folder))}).folders
    if arguments.json:
        print_json({"folders": list(now)})
    else:
        print(
            f"No longer watching {arguments.folder}. Its files are forgotten at the next indexing; nothing is deleted."
        )
    return EXIT_OK


def show(arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    folders = load_settings(dirs).folders
    if arguments.json:
        print_json({"folders": [{"path": folder, "online": Path(folder).is_dir()} for folder in folders]})
    elif folders:
        from rich.markup import escape

        for folder in folders:
            console().print(escape(folder) if Path(folder).is_dir() else f"{escape(folder)}  [dim](offline)[/dim]")
    else:
        print(NO_FOLDERS)
    return EXIT_OK
