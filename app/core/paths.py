"""Where things are kept, and how a path is written down.

`SEMBLANCE_HOME` moves everything under one folder; without it the platform's own places are used (platformdirs:
XDG on Linux, Application Support on macOS, AppData on Windows).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UserError
from app.core.private_folder import close_to_others, make_private_folder
from app.core.system_errors import os_error_reason

APP_NAME = "Semblance"
HOME_VARIABLE = "SEMBLANCE_HOME"
DEMO_VARIABLE = "SEMBLANCE_DEMO"
"""Set where a window shows the sample files of `semblance demo`."""

# File names on Linux are bytes. Python carries undecodable ones as lone surrogates U+DC80..U+DCFF, which neither
# UTF-8 nor Arrow can hold; they are stored as private-use characters U+10DC80..U+10DCFF and mapped back on reading.
# On Windows a name may hold any half of a surrogate pair.
_SURROGATE_FIRST, _SURROGATE_LAST = (0xD800, 0xDFFF) if os.name == "nt" else (0xDC80, 0xDCFF)
_PRIVATE_OFFSET = 0x100000
_TO_STORED = {code: code + _PRIVATE_OFFSET for code in range(_SURROGATE_FIRST, _SURROGATE_LAST + 1)}
_FROM_STORED = {stored: code for code, stored in _TO_STORED.items()}


@dataclass(frozen=True)
class AppDirs:
    """The folders the program owns; nothing outside them is ever written without being asked."""

    config: Path
    data: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """What the user set, as TOML."""
        return self.config / "settings.toml"

    @property
    def annotations_file(self) -> Path:
        """What the user said (tags confirmed, rejected, taught): SQLite, never rebuilt."""
        return self.data / "decisions.sqlite"

    @property
    def index(self) -> Path:
        """The LanceDB folder and its lock: a cache that can be rebuilt."""
        return self.data / "index"

    @property
    def thumbnails_file(self) -> Path:
        return self.cache / "thumbnails.sqlite"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def state(self) -> Path:
        """Journal, quarantine, window geometry, logs."""
        return self.data / "state"

    @property
    def not_indexed_file(self) -> Path:
        """What the last walk over the watched folders passed by."""
        return self.state / "not_indexed.json"

    @property
    def log_file(self) -> Path:
        return self.state / "semblance.log"

    def create(self) -> None:
        """Make the folders that are missing; other users of this computer cannot look into them.

        Raises:
            UserError: there is no place for them. An index that is there already can be searched without.
        """
        for folder in (self.config, self.data, self.cache, self.index, self.models, self.state):
            try:
                make_private_folder(folder)
            except OSError as error:
                if self.index.is_dir():
                    continue  # a read-only copy of it all
                raise UserError(
                    f"The folder {folder} for Semblance's own files cannot be made ({os_error_reason(error)}).",
                    f"Set {HOME_VARIABLE} to a folder that can be written.",
                ) from error
        for folder in (self.config, self.data, self.cache):
            close_to_others(folder)


def app_dirs() -> AppDirs:
    """The places of this run: under `SEMBLANCE_HOME` when set, else the platform's own.

    Raises:
        UserError: `SEMBLANCE_HOME` cannot be a folder's name.
    """
    home = os.environ.get(HOME_VARIABLE)
    if home:
        base = _base(home)
        return AppDirs(config=base / "config", data=base / "data", cache=base / "cache")
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP_NAME.lower(), appauthor=False)
    return AppDirs(config=Path(dirs.user_config_dir), data=Path(dirs.user_data_dir), cache=Path(dirs.user_cache_dir))


def _base(home: str) -> Path:
    try:
        base = Path(home).expanduser().absolute()
        str(base).encode("utf-8")  # LanceDB opens no other names
    except (RuntimeError, ValueError) as error:
        raise UserError(
            f"{HOME_VARIABLE} names no folder that can be used: {for_display(home)}.",
            "Give the path of a folder, in UTF-8.",
        ) from error
    return base


def to_stored(path: str | os.PathLike[str]) -> str:
    """A file system path as the text kept in the table: forward slashes, always valid UTF-8, reversible."""
    text = os.fspath(path)
    if os.sep != "/":
        text = text.replace(os.sep, "/")
    return text.translate(_TO_STORED)


def from_stored(stored: str) -> str:
    """The file system path behind `to_stored`, fit for `open`."""
    text = stored.translate(_FROM_STORED)
    return text.replace("/", os.sep) if os.sep != "/" else text


# Invisible, but words of Persian and Indic scripts, families and flags are made with them.
_JOINERS = frozenset((0x200C, 0x200D, *range(0xE0020, 0xE0080)))


def for_display(path: str) -> str:
    """A path that any terminal or widget can show: undecodable bytes become U+FFFD, control characters are escaped."""
    return "".join(map(_displayed, path))


def _displayed(character: str) -> str:
    code = ord(character)
    if code in _FROM_STORED or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if character.isprintable() or code in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")
