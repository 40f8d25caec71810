"""`semblance demo`: the window on sample files, in a home of its own that goes away with it.

Nothing of the user's is read or written: the window runs as a child process whose home is a temporary folder, with a
copy of the sample files inside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from types import FrameType

from app.cli.commands import Services
from app.core.paths import DEMO_VARIABLE, HOME_VARIABLE, AppDirs
from app.core.settings import SettingsFile

PREFIX = "semblance-demo-"
SAMPLES = "Sample files"


def configure(parser: argparse.ArgumentParser, _name: str) -> None:
    """It takes no arguments."""
    parser.description = "Shows the program on two dozen photographs and a few documents that come with it."


def run(_arguments: argparse.Namespace, dirs: AppDirs, _services: Services) -> int:
    remove_leftovers(Path(tempfile.gettempdir()))
    signal.signal(signal.SIGTERM, _end)
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        return subprocess.run([sys.executable, "-m", "app"], env=prepare(home, dirs), check=False).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepare(home: Path, dirs: AppDirs) -> Mapping[str, str]:
    """Lay out the demo's home; the environment in which a window uses it. Language and theme are the user's own."""
    samples = home / SAMPLES
    with as_file(files("resources") / "demo") as source:
        for kind in ("photos", "documents"):
            shutil.copytree(source / kind, samples / kind)
    own = SettingsFile(dirs.settings_file).load()
    settings = home / "config" / "settings.toml"
    settings.parent.mkdir(mode=0o700)
    SettingsFile(settings).change(folders=(str(samples),), language=own.language, theme=own.theme, keep_in_tray=False)
    # Somebody is waiting for it: it is not indexed at the lowest priority, as a library in the background is.
    return {**os.environ, HOME_VARIABLE: str(home), DEMO_VARIABLE: "1", "SEMBLANCE_PRIORITY": "normal"}


def remove_leftovers(folder: Path) -> None:
    """Take away the homes of demos that were killed."""
    import psutil

    for home in folder.glob(f"{PREFIX}*"):
        pid = home.name.removeprefix(PREFIX).partition("-")[0]
        with suppress(OSError):
            if pid.isdigit() and not psutil.pid_exists(int(pid)) and _is_own(home):
                shutil.rmtree(home, ignore_errors=True)


def _is_own(home: Path) -> bool:
    return not home.is_symlink() and (sys.platform == "win32" or home.stat().st_uid == os.getuid())


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Ended from outside: the window goes with us, and so does the folder."""
    raise KeyboardInterrupt
