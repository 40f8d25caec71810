"""Puts the program into the person's application menu: `python -m ui.shell.desktop_entry [--remove]`, no Qt needed."""

from __future__ import annotations

import os
import shlex
import sys
from importlib.resources import files
from pathlib import Path

SIZES = (16, 32, 48, 64, 128, 256)


def data_home() -> Path:
    """Where a person's own desktop entries and icons live (XDG)."""
    given = os.environ.get("XDG_DATA_HOME")
    return Path(given) if given else Path("~/.local/share").expanduser()


def entry(command: list[str]) -> str:
    """The desktop entry with the command that starts this very installation."""
    text = (files("resources") / "semblance.desktop").read_text(encoding="utf-8")
    quoted = " ".join(shlex.quote(word) for word in command).replace("%", "%%")
    lines = [
        line.replace("Exec=semblance", f"Exec={quoted}", 1) if line.startswith("Exec=semblance") else line
        for line in text.splitlines()
    ]
    return "\n".join(lines) + "\n"


def contents(home: Path, command: list[str]) -> dict[Path, bytes]:
    """Every file that belongs into the person's folders."""
    icons = files("resources") / "icons"
    made = {home / "applications" / "semblance.desktop": entry(command).encode()}
    made[home / "metainfo" / "semblance.metainfo.xml"] = (files("resources") / "semblance.metainfo.xml").read_bytes()
    theme = home / "icons" / "hicolor"
    made[theme / "scalable" / "apps" / "semblance.svg"] = (icons / "semblance.svg").read_bytes()
    for side in SIZES:
        picture = (icons / f"semblance-{side}.png").read_bytes()
        made[theme / f"{side}x{side}" / "apps" / "semblance.png"] = picture
    return made


def install(home: Path, command: list[str]) -> list[Path]:
    """Write the files; those of an earlier installation are replaced."""
    made = contents(home, command)
    for path, data in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(made)


def remove(home: Path) -> None:
    """Take them away again."""
    for path in contents(home, []):
        path.unlink(missing_ok=True)


def main(arguments: list[str]) -> int:
    if "--remove" in arguments:
        remove(data_home())
        return 0
    for path in install(data_home(), [sys.executable, "-m", "app"]):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
