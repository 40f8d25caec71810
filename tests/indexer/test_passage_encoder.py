"""Indexing with an encoder of passages beside the model, and without one that cannot be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.indexer_protocol import Notice
from app.core.paths import AppDirs, to_stored
from app.core.records import UnitType
from app.core.settings import SettingsFile
from app.models.passages.catalog import find_passage_entry
from app.models.passages.manifest import PassageEncoderInfo, write_passage_manifest
from app.table import open_for_reading
from indexer.foreground import run_once
from tests.indexer.fakes import DIMENSION, HashEncoder, fake_encoder, model_info, vector_of
from tests.indexer.running import index_once, make_places

NAME = "all-MiniLM-L6-v2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "note.txt").write_text("A note that says something of its own.")
    Image.new("RGB", (40, 30), "red").save(folder / "red.png")
    return folder


@pytest.fixture
def places(tmp_path: Path, folder: Path) -> AppDirs:
    return make_places(tmp_path / "home", [folder])


def paired() -> HashEncoder:
    encoder = HashEncoder()
    encoder.passages = HashEncoder(replace(model_info(fingerprint="5" * 16), name="sentences"))
    return encoder


def vector_in_table(places: AppDirs, path: Path, unit: UnitType) -> np.ndarray:
    reader = open_for_reading(places)
    assert reader is not None
    (row,) = [row for row in reader.file_units(to_stored(path)) if row.unit is unit]
    return np.asarray(reader.vectors([row.id])[0])


def test_passages_go_to_their_encoder_and_pictures_to_the_model(places: AppDirs, folder: Path) -> None:
    encoder = paired()
    assert encoder.passages is not None
    assert index_once(places, encoder=encoder).embedded == 2
    assert (encoder.images, encoder.texts) == (1, 0)
    assert (encoder.passages.images, encoder.passages.texts) == (0, 1)
    expected = vector_of((folder / "note.txt").read_bytes())
    assert np.allclose(vector_in_table(places, folder / "note.txt", UnitType.PASSAGE), expected, atol=1e-6)


def test_switching_it_on_and_off_indexes_anew_beside(places: AppDirs) -> None:
    assert index_once(places).embedded == 2
    reader = open_for_reading(places)
    assert reader is not None
    assert reader.space.passages == ""
    assert index_once(places, encoder=paired()).embedded == 2
    assert reader.refresh()
    assert (reader.space.passages, reader.space.passage_fingerprint) == ("sentences", "5" * 16)
    assert index_once(places, encoder=paired()).embedded == 0
    assert index_once(places).embedded == 2
    assert reader.refresh()
    assert reader.space.passages == ""


def notices_of_a_run(places: AppDirs, monkeypatch: pytest.MonkeyPatch) -> list[Notice]:
    """With the encoder as the settings name it, beside a model that is faked."""
    monkeypatch.setattr("indexer.engine.lazy_encoder", fake_encoder)
    SettingsFile(places.settings_file).change(passages=NAME, tags=False)
    said: list[Notice] = []
    assert run_once(places, notice=said.append, workers=1).embedded == 2
    reader = open_for_reading(places)
    assert reader is not None
    assert reader.space.passages == ""
    return said


def test_a_missing_package_is_told_and_stops_nothing(places: AppDirs, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = find_passage_entry(NAME)
    assert entry is not None
    missing = replace(entry, module="no_such_package")
    monkeypatch.setattr("app.models.passages.catalog.PASSAGE_CATALOG", (missing,))
    (notice,) = notices_of_a_run(places, monkeypatch)
    assert "not installed" in notice.what
    assert entry.command in notice.remedy


def test_an_encoder_that_does_not_fit_the_model_is_told_and_stops_nothing(
    places: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = places.models / f"passages-{NAME}"
    folder.mkdir(parents=True)
    write_passage_manifest(PassageEncoderInfo(NAME, "5" * 16, 384, 384, 256, folder))
    (notice,) = notices_of_a_run(places, monkeypatch)
    assert f"those of this model have {DIMENSION}" in notice.what
