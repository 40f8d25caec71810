"""What names in a query mean in this library: folders after `in:`, pictures in an expression."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from app.core.paths import to_stored
from app.query.filter_input import folder_by_path
from app.query.queries import ImagePart
from app.search.library_reports import count_by_folder
from app.table import IndexReader, where


class NameResolver:
    """Looks names up; the index is opened only when there is one to look up."""

    def __init__(self, reader: Callable[[], IndexReader | None]) -> None:
        self._reader = reader

    def picture(self, name: str) -> ImagePart | None:
        """A picture of an expression: a file by its path, or else the first of that name in the library."""
        if path := _file_by_path(name):
            return ImagePart(path=to_stored(path))
        reader = self._reader()
        if reader is None:
            return None
        wanted = PurePosixPath(to_stored(name)).name
        rows = reader.columns(
            ["id", "path"], f"part = 0 AND ends_with(path, {where.sql_literal('/' + wanted)})"
        ).to_pylist()
        found = sorted(rows, key=lambda row: str(row["path"]))
        return ImagePart(unit_id=found[0]["id"]) if found else None

    def folders(self, name: str) -> tuple[str, ...]:
        """Stored paths of the folders meant: by path, or those named so, or ending so ("Italy/Rome"), in any case."""
        if name.startswith(("~", "/", ".")) or Path(name).is_absolute():
            return folder_by_path(name)
        reader = self._reader()
        wanted = tuple(part.lower() for part in PurePosixPath(to_stored(name)).parts)
        if reader is None or not wanted:
            return ()
        rows = reader.columns(["path", "root"], "part = 0")
        folders = count_by_folder(rows.column("path").to_pylist(), rows.column("root").to_pylist())
        parts = {folder: tuple(part.lower() for part in PurePosixPath(folder).parts) for folder in folders}
        found = tuple(sorted(folder for folder in folders if parts[folder][-len(wanted) :] == wanted))
        return found or (folder_by_path(name) if _is_folder(name) else ())


def _file_by_path(name: str) -> Path | None:
    """The file at a path; None where there is none, or the path cannot be one ("~nobody", an impossible character)."""
    try:
        path = Path(name).expanduser()
        return path.absolute() if path.is_file() else None
    except (RuntimeError, ValueError, OSError):
        return None


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (ValueError, OSError):
        return False
