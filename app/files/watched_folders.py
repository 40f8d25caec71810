"""The list of watched folders: absolute, none inside another, each of them there when it is added."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.core.errors import UserError


def add_folders(folders: Sequence[str], new: Sequence[Path]) -> tuple[str, ...]:
    """`folders` with `new` ones. A folder inside a watched one adds nothing; one around watched ones replaces them. A
    drive mounted inside a folder is no part of it: what watches the folder does not look into it.

    Raises:
        UserError: a new folder is not there, or is a file.
    """
    result = list(folders)
    for given in new:
        path = _expanded(given)
        if path is None:
            raise UserError(f"The folder {given} does not exist.", "Check its name and try again.")
        if not path.is_dir():
            raise UserError(f"{given} is a file, not a folder.", "Add the folder it is in.")
        folder = path.resolve()
        if any(folder == Path(known) or _is_part_of(folder, Path(known)) for known in result):
            continue
        result = [known for known in result if not _is_part_of(Path(known), folder)]
        result.append(str(folder))
    return tuple(result)


def _is_part_of(folder: Path, other: Path) -> bool:
    """Whether a folder lies below another one, on the same drive."""
    if other not in folder.parents:
        return False
    try:
        return folder.stat().st_dev == other.stat().st_dev
    except OSError:
        return True  # one of them is away; nothing says that they are apart


def _expanded(folder: Path) -> Path | None:
    """The folder with its ~ expanded; None where there is none."""
    try:
        path = folder.expanduser()
        return path if path.exists() else None
    except (RuntimeError, ValueError, OSError):
        return None


def remove_folder(folders: Sequence[str], folder: Path) -> tuple[str, ...]:
    """`folders` without one; it need not exist any more.

    Raises:
        UserError: it is not watched.
    """
    names = {str(folder)}
    with suppress(RuntimeError, ValueError, OSError):  # "~nobody", or no path at all
        names |= {str(folder.expanduser().absolute()), str(folder.expanduser().resolve())}
    names |= {name.rstrip("/") for name in names}
    if not names & set(folders):
        raise UserError(f"{folder} is not watched.", "“semblance folders” lists those that are.")
    return tuple(known for known in folders if known not in names)


def merge_folders(mine: Sequence[str], before: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """What two changes of the same list come to: `mine` and `theirs` were both made of `before`."""
    kept = [folder for folder in theirs if folder in mine or folder not in before]
    both = [*kept, *(folder for folder in mine if folder not in kept and folder not in before)]
    return tuple(folder for folder in both if not any(Path(other) in Path(folder).parents for other in both))
