"""The whole program under Xvfb: the real indexer, the real table, the model that ships, real keys and clicks.

`SEMBLANCE_PICTURES` sets how many pictures are made (300 by default); `SEMBLANCE_PREPARED` names the `models` folder
of an earlier run, to spare the minutes that preparing the starter takes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PICTURES = int(os.environ.get("SEMBLANCE_PICTURES", "300"))
DOCUMENTS = 20
LETTERS = ("bicycle insurance", "rental agreement", "electricity bill", "packing list", "minutes of the club")
NEEDED = ("Xvfb", "xdotool")

pytestmark = [
    pytest.mark.skipif(any(shutil.which(name) is None for name in NEEDED), reason="needs Xvfb and xdotool"),
    pytest.mark.timeout(1800),
]


@pytest.fixture
def screen() -> Iterator[str]:
    """A display of the test's own, with a window manager where there is one (keyboard focus needs it)."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1360x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        display = f":{told.readline().strip()}"
    manager = None
    if shutil.which("openbox"):
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(0.5)
    yield display
    for process in (manager, server):
        if process is not None:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's home: photographs (crops of scikit-image's own, and landscapes) and letters."""
    from tests.screenshots import PHOTOGRAPHS, landscape, photograph

    home = tmp_path_factory.mktemp("home")
    pictures, documents = home / "Pictures", home / "Documents"
    pictures.mkdir()
    documents.mkdir()
    originals = {name: photograph(name) for name in PHOTOGRAPHS}
    for number in range(PICTURES):
        name = PHOTOGRAPHS[number % len(PHOTOGRAPHS)]
        if number % 3 == 2:
            name, picture = "landscape", landscape(number, 480, 360)
        else:
            picture = originals[name]
            width, height = picture.size
            step = 1 - (number // len(PHOTOGRAPHS)) % 12 * 0.02
            picture = picture.crop((0, 0, int(width * step), int(height * step)))
        picture.save(pictures / f"{name}_{number:03d}.jpg", quality=88)
    for number in range(DOCUMENTS):
        title = LETTERS[number % len(LETTERS)]
        text = f"{title.title()}\n\nThis is about the {title}, number {number}. Please answer by the first of June.\n"
        (documents / f"letter {number:02d} {title}.txt").write_text(text * 3)
    return home


def run(which: str, files: Path, home: Path, display: str) -> dict[str, dict[str, object]]:
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(files),
        "SEMBLANCE_HOME": str(home),
        "SEMBLANCE_PICTURES": str(PICTURES),
        "SEMBLANCE_DOCUMENTS": str(DOCUMENTS),
        "SEMBLANCE_EXAMPLE": str(files / "Pictures" / "chelsea_000.jpg"),
        "LC_ALL": "C.UTF-8",
    }
    environment.pop("XDG_CONFIG_HOME", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.window_scenario", which],
        env=environment, capture_output=True, text=True, timeout=1700, check=False,
    )  # fmt: skip
    steps = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, f"{steps[-1:]}\n{done.stderr[-4000:]}"
    assert "Traceback" not in done.stderr
    return {step["step"]: step for step in steps}


def left_running(home: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"SEMBLANCE_HOME={home}\0".encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_from_the_first_run_to_the_second_start(files, tmp_path, screen):
    before = {path: path.stat().st_mtime_ns for path in files.rglob("*") if path.is_file()}
    home = tmp_path / "semblance"
    if prepared := os.environ.get("SEMBLANCE_PREPARED"):
        shutil.copytree(prepared, home / "data" / "models")
    steps = run("first", files, home, screen)
    assert steps["first run"]["folders"] == 2
    assert steps["indexed"]["total"] == PICTURES + DOCUMENTS
    assert any(str(name).startswith("chelsea") for name in steps["text"]["found"])
    assert "bicycle insurance" in str(steps["document"]["found"][0])
    assert str(steps["picture"]["found"][0]).startswith("chelsea")
    assert steps["preview"]["width"] >= 256
    assert steps["quit"]["status"] == 0
    assert left_running(home) == []
    steps = run("again", files, home, screen)
    assert steps["again"]["total"] == PICTURES + DOCUMENTS
    assert left_running(home) == []
    assert {path: path.stat().st_mtime_ns for path in files.rglob("*") if path.is_file()} == before
