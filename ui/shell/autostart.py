"""Starting with the computer: an XDG autostart entry, a Run key on Windows, a launch agent on macOS."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from app.core.atomic_write import write_atomically
from app.core.errors import UserError
from app.core.system_errors import os_error_reason

NAME = "semblance"


def command() -> list[str]:
    """What is started at log-in: this very Python with the tray only."""
    return [sys.executable, "-m", "app", "--background"]


def entry_file(platform: str = sys.platform) -> Path | None:
    """The file that makes the desktop start us; None on Windows, where it is a registry value."""
    if platform == "darwin":
        return Path("~/Library/LaunchAgents").expanduser() / f"{NAME}.plist"
    if platform == "win32":
        return None
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path("~/.config").expanduser()) / "autostart" / f"{NAME}.desktop"


def content(platform: str = sys.platform) -> str:
    """What stands in the entry file."""
    words = command()
    if platform == "darwin":
        from xml.sax.saxutils import escape

        strings = "".join(f"<string>{escape(word)}</string>" for word in words)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>Label</key>'
            f"<string>{NAME}</string><key>ProgramArguments</key><array>{strings}</array>"
            "<key>RunAtLoad</key><true/></dict></plist>\n"
        )
    quoted = " ".join(shlex.quote(word) for word in words).replace("%", "%%")
    return (
        f"[Desktop Entry]\nType=Application\nName=Semblance\nExec={quoted}\nIcon={NAME}\n"
        "X-GNOME-Autostart-enabled=true\nX-GNOME-Autostart-Delay=10\n"
    )


def set_enabled(enabled: bool) -> None:
    """Put the entry in place or take it away; blocks for a moment."""
    path = entry_file()
    if path is None:
        _set_run_key(enabled)
        return
    if enabled:
        write_atomically(path, content().encode())
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{path} could not be removed ({os_error_reason(error)}).", "Remove it by hand.") from error


def _set_run_key(enabled: bool) -> None:
    import subprocess
    import winreg  # type: ignore[import-not-found, unused-ignore]

    key = r"Software\Microsoft\Windows\CurrentVersion\Run"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as run:  # type: ignore[attr-defined, unused-ignore]
        if enabled:
            value = subprocess.list2cmdline(command())
            winreg.SetValueEx(run, "Semblance", 0, winreg.REG_SZ, value)  # type: ignore[attr-defined, unused-ignore]
        else:
            try:
                winreg.DeleteValue(run, "Semblance")  # type: ignore[attr-defined, unused-ignore]
            except FileNotFoundError:
                return
