"""Moving files to the desktop's trash, and taking them back where the desktop lets us."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigError
from pathlib import Path
from urllib.parse import unquote

from app.core.errors import UserError
from app.core.paths import for_display
from app.core.system_errors import os_error_reason

CAN_RESTORE = sys.platform.startswith("linux")
"""The freedesktop.org specification says where a file lies in the trash; other systems keep it to themselves."""


def move_to_trash(paths: Sequence[str]) -> int:
    """Move files to the trash; how many.

    Raises:
        UserError: one of them could not be moved; those before it were.
    """
    from send2trash import send2trash

    for count, path in enumerate(paths):
        try:
            send2trash(path)
        except OSError as error:
            raise UserError(
                f"{for_display(Path(path).name)} could not be moved to the trash ({os_error_reason(error)}); "
                f"{count} of {len(paths)} were moved.",
                "Check whether the file is in use or its drive is read-only.",
            ) from error
    return len(paths)


def restore(paths: Sequence[str]) -> int:
    """Bring files back from the trash, the newest of each name; how many came. What stands in the way stays."""
    return sum(_restore(Path(path)) for path in paths)


def _restore(path: Path) -> bool:
    if path.exists():
        return False
    known = [(info.stat().st_mtime, info) for folder in _trash_folders(path) for info in _infos(folder, path)]
    if not known:
        return False
    _, info = max(known)
    trashed = info.parent.parent / "files" / info.stem
    if not trashed.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(trashed, path)
    info.unlink()
    return True


def _trash_folders(path: Path) -> Iterator[Path]:
    """The home trash, and those at the top of the drive that the file was on."""
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    yield Path(data).expanduser() / "Trash"
    for folder in path.parents:
        if os.path.ismount(folder):
            yield folder / f".Trash-{os.getuid()}"
            yield folder / ".Trash" / str(os.getuid())
            return


def _infos(trash: Path, path: Path) -> Iterator[Path]:
    """The notes in a trash folder that are about this path."""
    top = trash.parent if trash.name.startswith(".Trash-") else trash.parent.parent
    for info in (trash / "info").glob("*.trashinfo"):
        note = ConfigParser(interpolation=None)
        try:
            note.read(info, encoding="utf-8")
            written = Path(unquote(note["Trash Info"]["Path"]))
        except (OSError, KeyError, ConfigError, UnicodeDecodeError):
            continue
        if (written if written.is_absolute() else top / written) == path:
            yield info
