"""What is imported before the first paint, and how the program starts and ends."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("torch", "lancedb", "openvino", "open_clip", "pyarrow", "PIL", "pypdfium2", "kreuzberg", "tomlkit", "sklearn")

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.core.paths import AppDirs
from tests.fakes import FakeLibrary
import ui.shell.application
from ui.shell.window import Window
base = Path(sys.argv[1])
places = AppDirs(base / "c", base / "d", base / "k")
places.create()
places.settings_file.parent.mkdir(exist_ok=True)
heavy = sys.argv[2].split(",")
def first(window):
    print("first", [name for name in heavy if name in sys.modules], flush=True)
    QTimer.singleShot(300, ui.shell.application.QApplication.instance().quit)
Window.show_first_run = lambda self: None
shown = Window.__init__
def init(self, *args):
    shown(self, *args)
    self.shown_first.connect(lambda: first(self))
Window.__init__ = init
sys.exit(ui.shell.application.run(places, library=FakeLibrary))
"""


def test_nothing_heavy_is_imported_before_the_first_paint_and_it_ends_cleanly(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path), ",".join(HEAVY)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "first []", done.stderr
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
