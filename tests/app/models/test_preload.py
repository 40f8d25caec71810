"""The text tower of a search, loaded while the rest of the program is imported."""

from __future__ import annotations

import locale
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import app.models.preload
import app.models.registry
from app.core.paths import AppDirs
from app.core.records import EmbeddingSpace
from app.core.settings import Settings
from app.models import current
from app.models.manifest import ModelInfo
from app.models.preload import preload_text_tower
from app.models.registry import ModelRegistry
from app.search.query_towers import installed_towers

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def prepared(registry: ModelRegistry, tiny: ModelInfo, tiny_source: Path, monkeypatch: pytest.MonkeyPatch) -> AppDirs:
    """A home whose starter is the tiny model, prepared."""
    monkeypatch.setattr(app.models.registry, "starter_folder", lambda: tiny_source)
    assert tiny.prepared
    return AppDirs(config=registry.folder, data=registry.folder.parent, cache=registry.folder)


def test_a_search_takes_the_tower_that_is_being_loaded(prepared: AppDirs, tiny: ModelInfo) -> None:
    locale_before = locale.setlocale(locale.LC_ALL)
    ahead = preload_text_tower(prepared, tiny.fingerprint)
    assert ahead is not None
    try:
        open_tower = installed_towers(prepared, Settings, ahead)
        space = EmbeddingSpace(tiny.name, tiny.fingerprint, tiny.dimension)
        assert open_tower(space, "text") is ahead
        picture = open_tower(space, "image")
        assert picture is not ahead
        picture.close()
        again = installed_towers(prepared, Settings)(space, "text")
        np.testing.assert_array_equal(again.encode_texts(["a dog"]), ahead.encode_texts(["a dog"]))
        again.close()
    finally:
        ahead.close()
    assert not ahead.loaded
    # The runtime changes it while it reads a graph; two at a time left it changed for good.
    assert locale.setlocale(locale.LC_ALL) == locale_before


def test_a_model_that_the_index_was_not_made_with_is_not_loaded(prepared: AppDirs) -> None:
    assert preload_text_tower(prepared, "another") is None


def test_another_model_is_loaded_by_itself(prepared: AppDirs, tiny: ModelInfo) -> None:
    ahead = preload_text_tower(prepared, tiny.fingerprint)
    assert ahead is not None
    try:
        ahead.info = replace(ahead.info, fingerprint="another")
        space = EmbeddingSpace(tiny.name, tiny.fingerprint, tiny.dimension)
        tower = installed_towers(prepared, Settings, ahead)(space, "text")
        assert tower is not ahead
        tower.close()
    finally:
        ahead.close()


def test_nothing_is_converted_ahead(tiny_source: Path, places: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.models.registry, "starter_folder", lambda: tiny_source)
    assert preload_text_tower(places, current(places).fingerprint) is None


def test_without_a_model_nothing_is_loaded(places: AppDirs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.models.registry, "starter_folder", lambda: tmp_path / "nothing")
    assert preload_text_tower(places, "any") is None


def test_a_tower_that_does_not_load_is_met_by_its_user(
    prepared: AppDirs, tiny: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_arguments: object, **_options: object) -> None:
        raise OSError("torn")

    monkeypatch.setattr(app.models.preload, "load", torn)
    ahead = preload_text_tower(prepared, tiny.fingerprint)
    assert ahead is not None
    with pytest.raises(OSError, match="torn"):
        ahead.encode_texts(["a dog"])
    ahead.close()
