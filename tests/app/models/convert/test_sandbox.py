"""What the process that converts a model can no longer do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.core.paths import AppDirs
from app.models.convert.preparation import prepare
from app.models.manifest import ModelInfo
from app.models.registry import ModelRegistry

_TRY = """
import os, socket, subprocess, sys, tempfile
from pathlib import Path
from app.models.convert.sandbox import restrict
folder, outside = Path(sys.argv[1]), Path(sys.argv[2])
enforced = restrict(folder, folder / "scratch")
(folder / "inside").write_text("x")
with tempfile.TemporaryFile():
    pass
Path(os.devnull).write_text("x")
tried = {
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=5),
    "resolve": lambda: socket.getaddrinfo("example.invalid", 80),
}
if "network" in enforced:
    tried["socket"] = lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tried["child"] = lambda: subprocess.run(
        [sys.executable, "-c", "import socket; socket.socket()"], check=True, stderr=subprocess.DEVNULL
    )
if "files" in enforced:
    tried["write"] = lambda: (outside / "file").write_text("x")
    tried["append"] = lambda: (outside / "there").open("ab")
    tried["remove"] = (outside / "there").unlink
    tried["rename"] = lambda: (outside / "there").rename(folder / "moved")
    tried["link"] = lambda: (outside / "link").symlink_to(folder)
for name, attempt in tried.items():
    try:
        attempt()
    except PermissionError:
        continue
    except (OSError, subprocess.CalledProcessError) as error:
        assert name in ("child", "rename"), (name, error)
        continue
    raise AssertionError(name)
print(*enforced)
"""


def test_it_writes_into_its_folder_only_and_has_no_network(tmp_path: Path) -> None:
    folder, outside = tmp_path / "model", tmp_path / "outside"
    (folder / "scratch").mkdir(parents=True)
    outside.mkdir()
    (outside / "there").write_text("kept")
    result = subprocess.run(
        [sys.executable, "-c", _TRY, str(folder), str(outside)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert [file.name for file in outside.iterdir()] == ["there"]
    assert (outside / "there").read_text() == "kept"
    assert (folder / "inside").exists()


@pytest.mark.timeout(600)
def test_a_model_is_converted_in_such_a_process(tiny_source: Path, tiny: ModelInfo, places: AppDirs) -> None:
    registry = ModelRegistry(places, tiny_source)
    told: list[str] = []
    info = prepare(registry, registry.current(), lambda what, _share: told.append(what))
    assert info.prepared
    assert info.runtime == tiny.runtime
    assert (info.folder / "tokenizer.json").is_file()
    assert "Converting the text tower" in told
    assert not (info.folder / "scratch").exists()
    assert ModelRegistry(places, tiny_source).current() == info
