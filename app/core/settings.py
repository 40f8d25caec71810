"""The person's settings: declared once, kept in a TOML file that people may edit by hand.

The declaration below feeds the defaults, the checks, the settings dialog and the README. The file keeps the
person's comments and unknown keys (tomlkit), is replaced atomically, and a value that makes no sense is reported
in one sentence and falls back to its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.file_lock import file_lock
from app.core.system_errors import os_error_reason


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is shown and checked.

    Attributes:
        group: heading in the dialog.
        label, help: one phrase and one sentence for people; no help where the label says it all.
        choices: allowed values with their names, for a fixed list.
        minimum, maximum: inclusive bounds for numbers.
    """

    group: str
    label: str
    help: str
    choices: Mapping[str, str] | None = None
    minimum: float | None = None
    maximum: float | None = None


def _setting(default: Any, setting: Setting) -> Any:
    return field(default=default, metadata={"setting": setting})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults; immutable, so that threads may share one."""

    folders: tuple[str, ...] = _setting((), Setting("Folders", "Folders", "The folders whose files are searched."))
    ignore: tuple[str, ...] = _setting(
        (),
        Setting(
            "Folders",
            "Exclude",
            "Names or patterns of files and folders that are not searched, as in a .gitignore file.",
        ),
    )
    device: str = _setting(
        "auto",
        Setting(
            "Model",
            "Device",
            "Where embeddings are computed.",
            choices={
                "auto": "Automatic",
                "cpu": "Processor",
                "cuda": "NVIDIA GPU",
                "mps": "Apple GPU",
                "gpu": "Intel GPU",
                "npu": "Intel NPU",
                "coreml": "Apple Core ML",
                "directml": "DirectML",
            },
        ),
    )
    model_idle_minutes: int = _setting(
        5,
        Setting(
            "Model",
            "Release memory after",
            "Minutes without use after which the model leaves memory.",
            None,
            1,
            240,
        ),
    )
    passages: str = _setting(
        "",
        Setting(
            "Model",
            "Passages of documents",
            "Which encoder reads the text of documents. One made for text finds documents much better, but only in "
            "English; the index is rebuilt meanwhile.",
            choices={"": "The model itself", "all-MiniLM-L6-v2": "all-MiniLM-L6-v2"},
        ),
    )
    strictness: int = _setting(
        50,
        Setting(
            "Search",
            "Strictness",
            "How certain a result must be to be shown: 0 shows nearly everything, 100 only the most certain ones.",
            None,
            0,
            100,
        ),
    )
    language: str = _setting(
        "",
        Setting(
            "Appearance",
            "Language",
            "",
            choices={"": "System", "en": "English", "de": "Deutsch"},
        ),
    )
    theme: str = _setting(
        "system",
        Setting(
            "Appearance",
            "Theme",
            "",
            choices={"system": "System", "light": "Light", "dark": "Dark"},
        ),
    )
    thumbnail_size: int = _setting(
        176, Setting("Appearance", "Thumbnail size", "Side of a thumbnail in the grid, in pixels.", None, 96, 320)
    )
    pause_on_battery: bool = _setting(
        True, Setting("Background", "Pause on battery", "Index only while the computer is plugged in.")
    )
    courtesy: bool = _setting(
        True,
        Setting("Background", "Use fewer cores while I work", "Indexing takes longer; the computer stays fast."),
    )
    autostart: bool = _setting(
        False,
        Setting("Background", "Start when I log in", "Watch the folders in the background."),
    )
    keep_in_tray: bool | None = _setting(
        None, Setting("Background", "Keep watching when closed", "Stay in the tray when the window is closed.")
    )
    tags: bool = _setting(True, Setting("Tags", "Propose tags", "Nothing is written until you confirm."))
    tag_write: str = _setting(
        "sidecar",
        Setting(
            "Tags",
            "Write confirmed tags to",
            "Where confirmed tags go when you ask for them to be written.",
            choices={"sidecar": "XMP sidecar files", "file": "The pictures themselves"},
        ),
    )


def declarations() -> dict[str, Setting]:
    """Setting name -> how it is shown and checked, in order of declaration."""
    return {f.name: f.metadata["setting"] for f in fields(Settings)}


def _checked(name: str, value: Any, default: Any, setting: Setting) -> Any:
    """`value` as the setting's type, or a ValueError with a phrase for people."""
    if isinstance(default, tuple):
        if isinstance(value, str) or not all(isinstance(v, str) for v in value):
            raise ValueError("a list of texts")
        return tuple(str(v) for v in value)
    if isinstance(default, bool) or name == "keep_in_tray":
        if not isinstance(value, bool):
            raise ValueError("true or false")
        return bool(value)
    if isinstance(default, int):
        low, high = setting.minimum or 0, setting.maximum or 0
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low:g} to {high:g}")
        return int(value)
    if setting.choices is not None and value not in setting.choices:
        raise ValueError("one of " + ", ".join(repr(choice) for choice in setting.choices))
    return str(value)


def _checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    declared, defaults = declarations(), Settings()
    return {
        name: value if value is None else _checked(name, value, getattr(defaults, name), declared[name])
        for name, value in changes.items()
    }


class SettingsFile:
    """Reads and writes `settings.toml`.

    Attributes:
        problems: one sentence for each value of the file that was not understood at the last `load`.
        unknown: names of the settings that the file may say but could not be understood; `load` gave their defaults.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: tuple[str, ...] = ()
        self.unknown: frozenset[str] = frozenset()

    def load(self) -> Settings:
        """The settings of the file; defaults where it is silent, missing or wrong."""
        self.problems, self.unknown = (), frozenset()
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Settings()
        except (OSError, UnicodeDecodeError) as error:
            self.problems = (f"The settings file could not be read ({os_error_reason(error)}).",)
            self.unknown = frozenset(declarations())
            return Settings()
        import tomllib

        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems = (f"The settings file is not valid TOML: {error}.",)
            self.unknown = frozenset(declarations())
            return Settings()
        return self._from_table(table)

    def _from_table(self, table: Mapping[str, Any]) -> Settings:
        settings, problems, unknown = Settings(), [], set()
        for name, setting in declarations().items():
            if name not in table:
                continue
            try:
                value = _checked(name, table[name], getattr(Settings(), name), setting)
            except (ValueError, TypeError) as error:
                problems.append(f"“{name}” in the settings file must be {error}; the default is used.")
                unknown.add(name)
                continue
            settings = replace(settings, **{name: value})
        self.problems, self.unknown = tuple(problems), frozenset(unknown)
        return settings

    def change(self, **changes: Any) -> Settings:
        """Write the given settings, leaving everything else in the file as it is, and return all of them.

        Raises:
            UserError: the file cannot be read or written; it is as it was.
        """
        return self.update(lambda _: changes)

    def update(self, changes: Callable[[Settings], Mapping[str, Any]]) -> Settings:
        """Write what `changes` makes of the present settings; see `change`.

        Read and written under a lock, so that updates by several threads or processes (window, command line) all last.
        """
        try:
            with file_lock(self.path.with_name(f".{self.path.name}.lock")):
                checked = _checked_changes(changes(self.load()))
                if self.unknown & checked.keys() & {"folders", "ignore"}:  # lists that would be lost
                    raise UserError(" ".join(self.problems), "Repair the file or move it away, and try again.")
                self._write(checked)
        except OSError as error:  # of the lock: the folder cannot be written
            raise UserError(
                f"{self.path} could not be written ({os_error_reason(error)}).",
                "Make room on the disk or check its permissions, and try again.",
            ) from error
        return self.load()

    def _write(self, changes: Mapping[str, Any]) -> None:
        import tomlkit
        import tomlkit.exceptions

        try:
            document = tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
            document.add(tomlkit.comment("Semblance settings. Changes take effect at once."))
        except (OSError, UnicodeDecodeError, tomlkit.exceptions.ParseError) as error:
            raise UserError(
                f"The settings could not be saved, because {self.path} cannot be read ({os_error_reason(error)}).",
                "Repair the file or move it away, and try again.",
            ) from error
        for name, value in changes.items():
            if value is None:
                document.pop(name, None)
            else:
                document[name] = list(value) if isinstance(value, tuple) else value
        write_atomically(self.path, tomlkit.dumps(document).encode("utf-8"))
