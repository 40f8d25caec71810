"""The registry is used by several threads and processes at once, from the first start on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.paths import AppDirs
from app.models.checkpoint import CONFIG_FILE
from app.models.registry import ModelRegistry

THREADS = 8


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """Files as far as the registry reads them; no weights that anything could load."""
    folder = tmp_path / "starter"
    folder.mkdir()
    (folder / CONFIG_FILE).write_text('{"model_cfg": {"embed_dim": 8, "vision_cfg": {}, "text_cfg": {}}}')
    (folder / "open_clip_model.safetensors").write_bytes(bytes(range(256)))
    return folder


def at_once(work: Callable[[], str]) -> list[str]:
    start = threading.Barrier(THREADS)

    def wait_and_work(_number: int) -> str:
        start.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(wait_and_work, range(THREADS)))


def test_eight_threads_start_for_the_first_time(tmp_path: Path, starter: Path) -> None:
    for number in range(50):
        base = tmp_path / f"home-{number}"
        dirs = AppDirs(config=base, data=base, cache=base)
        fingerprints = at_once(lambda dirs=dirs: ModelRegistry(dirs, starter).current().fingerprint)  # type: ignore[misc]
        assert len(set(fingerprints)) == 1
        assert [file.name for file in dirs.models.iterdir()] == ["starter.json"], "no part files are left"


def test_eight_threads_choose_a_model(tmp_path: Path, starter: Path) -> None:
    registry = ModelRegistry(AppDirs(config=tmp_path, data=tmp_path, cache=tmp_path), starter)
    for _ in range(20):
        assert set(at_once(lambda: registry.choose("starter").name)) == {"starter"}
    assert sorted(file.name for file in registry.folder.iterdir()) == ["chosen.json", "starter.json"]
