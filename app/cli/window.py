"""The window, and `quick`, which opens its small search palette."""

from __future__ import annotations

import argparse

from app.cli.commands import Services
from app.core.paths import AppDirs


def configure(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "quick":
        parser.add_argument("text", nargs="*", metavar="TEXT", help="what to search for at once")


def run(arguments: argparse.Namespace, dirs: AppDirs, services: Services) -> int:
    query = " ".join(getattr(arguments, "text", [])) or None
    return services.open_window(dirs, background=arguments.background, quick=arguments.command == "quick", query=query)
