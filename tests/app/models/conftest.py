"""A prepared tiny model for the session: converted once, by the same code as any download."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.paths import AppDirs
from app.models.convert.preparation import prepare
from app.models.manifest import ModelInfo
from app.models.registry import ModelRegistry, save_model
from tests.app.models.checkpoints import TINY_VIT, make_checkpoint


@pytest.fixture
def places(tmp_path: Path) -> AppDirs:
    return AppDirs(config=tmp_path / "config", data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture(scope="session")
def tiny_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint as it ships or arrives: configuration and weights."""
    return make_checkpoint(tmp_path_factory.mktemp("tiny"), TINY_VIT)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory, tiny_source: Path) -> ModelRegistry:
    base = tmp_path_factory.mktemp("home")
    return ModelRegistry(AppDirs(config=base / "config", data=base / "data", cache=base / "cache"), tiny_source)


@pytest.fixture(scope="session")
def tiny(registry: ModelRegistry) -> ModelInfo:
    """The tiny model, prepared."""
    return prepare(registry, registry.current(), isolated=False)


@pytest.fixture
def own_registry(registry: ModelRegistry, tiny: ModelInfo, places: AppDirs) -> ModelRegistry:
    """A registry with the tiny model, prepared, in fp32, that a test may spoil."""
    shutil.copytree(registry.folder, places.models)
    measured = tuple(replace(one, precision="fp32") for one in tiny.measurements[:1])
    fp32 = replace(tiny.on_cpu(), precision="fp32", text_precision="fp32", measurements=measured)
    save_model(replace(fp32, folder=places.models / tiny.folder.name))
    return ModelRegistry(places, tiny.source)
