"""The next step for somebody who has just begun: every command that finds an empty library names it, and only it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.library import open_library
from app.core.paths import AppDirs

if TYPE_CHECKING:
    from app.query.library_api import LibraryStatus

NO_FOLDERS = "No folders yet: semblance add ~/Pictures ~/Documents"


def next_step(status: LibraryStatus) -> str:
    """One sentence; empty where something is indexed."""
    if status.photos or status.documents:
        return ""
    if not status.folders:
        return NO_FOLDERS
    if status.failed:
        return "No file could be read: “semblance failures” tells why."
    if status.index_bytes:
        return "The watched folders held no photos or documents when they were last looked at."
    return "Nothing is indexed yet: semblance index --once"


def next_step_for(dirs: AppDirs) -> str:
    """The same, where the library is not open."""
    with open_library(dirs) as library:
        return next_step(library.status())
