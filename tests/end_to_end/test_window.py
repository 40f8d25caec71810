"""The whole program under Xvfb: the real indexer, the real table, the model that ships, real keys and clicks.

For trying things out, `SEMBLANCE_PICTURES` sets how many pictures are made and `SEMBLANCE_PATIENCE` for how many
seconds each state is waited for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.end_to_end.household import furnish

PICTURES = int(os.environ.get("SEMBLANCE_PICTURES", "300"))
DOCUMENTS = 20
NEEDED = ("Xvfb", "xdotool", "openbox")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
READY_S = 30.0

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (`make system` as root does it)"),
    pytest.mark.timeout(1500),
]


@pytest.fixture
def screen() -> Iterator[str]:
    """A display of the test's own, with the window manager that keyboard focus needs."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1360x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    running = [server]
    try:
        assert number, "Xvfb did not start"
        environment = {**os.environ, "DISPLAY": f":{number}"}
        quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running.append(subprocess.Popen(["openbox"], **quiet))
        deadline = time.monotonic() + READY_S
        while subprocess.run(["xdotool", "get_num_desktops"], **quiet, check=False).returncode:
            assert time.monotonic() < deadline, "the window manager did not start"
            time.sleep(0.05)
        yield f":{number}"
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(10)


@pytest.fixture
def household(tmp_path: Path) -> Path:
    home = tmp_path / "ada"
    furnish(home, PICTURES, DOCUMENTS)
    return home


def play(which: str, household: Path, display: str, **more: str) -> dict[str, dict[str, object]]:
    """Run a scenario; what each of its steps found."""
    own = household.parent
    desktop = ("XDG_", "WAYLAND_", "QT_", "DBUS_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(desktop)},
        **{f"XDG_{name}_HOME": str(own / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")},
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(household),
        "SEMBLANCE_HOME": str(own / "semblance"),
        "SEMBLANCE_PICTURES": str(PICTURES),
        "SEMBLANCE_DOCUMENTS": str(DOCUMENTS),
        "SEMBLANCE_EXAMPLE": str(household / "Pictures" / "chelsea_000.jpg"),
        "LC_ALL": "C.UTF-8",
        # At the lowest priority the indexer would wait for as long as anything else runs on this machine.
        "SEMBLANCE_PRIORITY": "normal",
        **more,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.window_scenario", which],
        env=environment, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    steps = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0, f"{steps[-2:]}\n{done.stderr[-4000:]}\npictures of it in {own / 'semblance'}"
    assert "Traceback" not in done.stderr
    return {step["step"]: step for step in steps}


def left_running(household: Path) -> list[str]:
    """Command lines of processes that belong to this test's program."""
    mark, found = f"SEMBLANCE_HOME={household.parent / 'semblance'}\0".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def stamps(household: Path) -> Mapping[Path, tuple[int, int]]:
    files = [path for folder in ("Pictures", "Documents") for path in (household / folder).iterdir()]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def test_from_the_first_run_to_the_second_start(household, screen):
    before = stamps(household)
    assert len(before) == PICTURES + DOCUMENTS
    steps = play("first", household, screen)
    assert steps["first run"]["folders"] == 2
    assert steps["indexed"]["total"] == PICTURES + DOCUMENTS
    assert str(steps["text"]["found"][0]).startswith("chelsea")
    assert "bicycle insurance" in str(steps["document"]["found"][0])
    assert steps["picture"]["found"][0] == steps["picture"]["example"] == "chelsea_000.jpg"
    assert all(name.startswith("chelsea") for name in steps["more like this"]["found"][:3])
    assert steps["filter"] | {"total": DOCUMENTS, "kinds": ["document"]} == steps["filter"]
    assert steps["preview"]["width"] >= 256
    assert steps["quit"]["status"] == 0
    assert left_running(household) == []

    tag = steps["tag"]
    steps = play("again", household, screen, SEMBLANCE_LABEL=str(tag["label"]))
    assert steps["again"]["total"] == PICTURES + DOCUMENTS
    assert steps["tagged"]["paths"] == [tag["path"]]
    assert left_running(household) == []
    assert stamps(household) == before
