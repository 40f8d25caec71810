"""Whether a window can be shown here at all. Imports no Qt, so that it can say what Qt lacks.

Qt aborts the process when its platform plugin lacks a system library; looking first turns that into one sentence.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from pathlib import Path

from app.core.errors import UserError

PACKAGES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def check() -> None:
    """Raise a UserError where no window can be shown: no display, or a system library that Qt lacks."""
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    wayland, x11 = bool(os.environ.get("WAYLAND_DISPLAY")), bool(os.environ.get("DISPLAY"))
    if not (platform or wayland or x11):
        raise UserError(
            "There is no display to show the window on.", "Start it on a desktop, or use `semblance search` here."
        )
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise missing_library(str(error)) from error
    if x11 and not wayland and platform in ("", "xcb"):
        _check_plugin("libqxcb.so")


def _check_plugin(name: str) -> None:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or spec.origin is None:
        return
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / name
    if not plugin.exists():
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise missing_library(str(error)) from error


def missing_library(said: str) -> UserError:
    """The loader's complaint as a sentence and a remedy."""
    found = re.search(r"(lib[\w.+-]+\.so[\d.]*)", said)
    if found is None:
        return UserError(f"The window could not be started ({said}).", "Reinstall PySide6-Essentials.")
    library = found.group(1)
    package = PACKAGES.get(library, library)
    return UserError(
        f"The system library {library} is missing, without which no window can be shown.",
        f"Install it, on Debian and Ubuntu with `sudo apt install {package}`.",
    )
