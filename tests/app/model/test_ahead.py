"""The text tower of a search, loaded while the rest of the program is imported."""

from __future__ import annotations

import locale
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import app.model.ahead
import app.model.shelf
from app.model import current
from app.model.ahead import load_ahead
from app.model.info import ModelInfo
from app.model.shelf import Shelf
from app.paths import Places
from app.records import EmbeddingSpace
from app.search.encoders import installed_towers
from app.settings import Settings

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def prepared(shelf: Shelf, tiny: ModelInfo, tiny_source: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A home whose starter is the tiny model, prepared."""
    monkeypatch.setattr(app.model.shelf, "starter_folder", lambda: tiny_source)
    assert tiny.prepared
    return Places(config=shelf.folder, data=shelf.folder.parent, cache=shelf.folder)


def test_a_search_takes_the_tower_that_is_being_loaded(prepared: Places, tiny: ModelInfo) -> None:
    locale_before = locale.setlocale(locale.LC_ALL)
    ahead = load_ahead(prepared, tiny.fingerprint)
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


def test_a_model_that_the_index_was_not_made_with_is_not_loaded(prepared: Places) -> None:
    assert load_ahead(prepared, "another") is None


def test_another_model_is_loaded_by_itself(prepared: Places, tiny: ModelInfo) -> None:
    ahead = load_ahead(prepared, tiny.fingerprint)
    assert ahead is not None
    try:
        ahead.info = replace(ahead.info, fingerprint="another")
        space = EmbeddingSpace(tiny.name, tiny.fingerprint, tiny.dimension)
        tower = installed_towers(prepared, Settings, ahead)(space, "text")
        assert tower is not ahead
        tower.close()
    finally:
        ahead.close()


def test_nothing_is_converted_ahead(tiny_source: Path, places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.model.shelf, "starter_folder", lambda: tiny_source)
    assert load_ahead(places, current(places).fingerprint) is None


def test_without_a_model_nothing_is_loaded(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.model.shelf, "starter_folder", lambda: tmp_path / "nothing")
    assert load_ahead(places, "any") is None


def test_a_tower_that_does_not_load_is_met_by_its_user(
    prepared: Places, tiny: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_arguments: object, **_options: object) -> None:
        raise OSError("torn")

    monkeypatch.setattr(app.model.ahead, "load", torn)
    ahead = load_ahead(prepared, tiny.fingerprint)
    assert ahead is not None
    with pytest.raises(OSError, match="torn"):
        ahead.encode_texts(["a dog"])
    ahead.close()
