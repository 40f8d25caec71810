"""Two ways to answer: a page for people (rich) and one JSON object for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.annotations.restore_notice import take_notice
from app.core.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from app.core.paths import AppDirs
    from app.core.settings import Settings

_UNLIMITED_WIDTH = 10_000


def console() -> Console:
    """A console on stdout; endlessly wide and plain when it is not a terminal, so that paths stay whole."""
    from rich.console import Console

    on_page = sys.stdout.isatty() or "COLUMNS" in os.environ
    # No emoji: a file may be called "thank you :heart:.txt".
    return Console(highlight=False, emoji=False, soft_wrap=not on_page, width=None if on_page else _UNLIMITED_WIDTH)


def print_json(answer: Mapping[str, Any]) -> None:
    """One object on one line. Where the output's encoding lacks a character, the whole line is escaped."""
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(answer, allow_nan=False)
    sys.stdout.write(text + "\n")


def print_error(error: UserError, *, as_json: bool = False) -> None:
    """What happened and what to do: two sentences on stderr, or one JSON object on stdout."""
    if as_json:
        print_json({"error": error.what, "remedy": error.remedy})
        return
    sys.stderr.write(f"semblance: {error.what}\n{error.remedy}\n" if error.remedy else f"semblance: {error.what}\n")


def load_settings(dirs: AppDirs) -> Settings:
    """The settings; what of their file is not understood is said on stderr.

    Raises:
        UserError: the watched folders, which are asked for, are among that.
    """
    from app.core.settings import SettingsFile

    file = SettingsFile(dirs.settings_file)
    settings = file.load()
    if "folders" in file.unknown:
        raise UserError(" ".join(file.problems), f"Repair {file.path} or move it away, and try again.")
    for problem in file.problems:
        sys.stderr.write(f"semblance: {problem}\n")
    return settings


def print_restore_notice(dirs: AppDirs) -> None:
    """What happened to the user's tags meanwhile, on stderr, once: the window says it where it comes first."""
    if note := take_notice(dirs.annotations_file):
        sys.stderr.write(f"semblance: {note}\n")


def count_of(count: int, one: str) -> str:
    """(1, "photo") -> "1 photo", (2000, "photo") -> "2,000 photos"."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def format_bytes(count: int) -> str:
    """1536 -> "1.5 KB": decimal units, as file managers and disks have them."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
