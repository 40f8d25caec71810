"""How a model comes to be installed: from the hub after a yes, or from a file, and never from a program in disguise."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import app.models.install
import app.models.registry
from app.core.errors import UserError
from app.core.paths import AppDirs
from app.models.catalog import CATALOG, DEFAULT, entry
from app.models.install import DownloadOffer, download, find_offer, list_models, use
from app.models.registry import ModelRegistry
from tests.app.models.hub import Hub

# Converting imports torch and traces; a machine with other work may need minutes for it.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(autouse=True)
def _starter(tiny_source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.models.registry, "starter_folder", lambda: tiny_source)


@pytest.fixture
def hub(tiny_source: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub(**{DEFAULT.repository.replace("/", "__"): tiny_source}) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        yield server


def yes(_offer: DownloadOffer) -> bool:
    return True


def test_the_catalogue_names_what_open_clip_publishes() -> None:
    import open_clip

    assert DEFAULT.name == "ViT-B-32-256/datacomp_s34b_b86k"
    assert len({one.name for one in CATALOG}) == len(CATALOG)
    for one in CATALOG:
        published = open_clip.get_pretrained_cfg(one.architecture, one.pretrained)
        assert published["hf_hub"].rstrip("/") == one.repository
        assert open_clip.get_model_config(one.architecture)["embed_dim"] == one.dimension
        assert one.licence in ("MIT", "Apache-2.0")
        assert entry(one.name.upper()) == entry(one.architecture) == one


def test_nothing_is_asked_of_the_network_before_the_yes(hub: Hub, places: AppDirs) -> None:
    offers: list[DownloadOffer] = []

    def no(offer: DownloadOffer) -> bool:
        offers.append(offer)
        return False

    with pytest.raises(UserError, match="Nothing was downloaded"):
        download(places, "vit-b-32-256", consent=no)
    assert hub.asked == []
    assert offers == [DownloadOffer(DEFAULT.name, DEFAULT.repository, "MIT", DEFAULT.download_bytes)]


def test_a_download_becomes_the_current_model(hub: Hub, places: AppDirs, tiny_source: Path) -> None:
    said: list[str] = []
    info = download(places, DEFAULT.name, consent=yes, progress=lambda what, _share: said.append(what))
    assert info.name == DEFAULT.name
    assert info.prepared
    assert info.licence == "MIT"
    assert ModelRegistry(places).current() == info
    assert "Downloading open_clip_model.safetensors" in said
    assert (info.folder / "open_clip_model.safetensors").read_bytes() == (
        tiny_source / "open_clip_model.safetensors"
    ).read_bytes()
    hub.asked.clear()
    assert download(places, "ViT-B-32-256", consent=yes) == info
    assert hub.asked == [], "what is installed is not fetched again"
    lines = {line.name: line for line in list_models(places)}
    assert lines[DEFAULT.name].chosen
    assert not lines["starter"].chosen
    assert {one.name for one in CATALOG} <= lines.keys()
    assert use(places, "starter").name == ModelRegistry(places).current().name == "starter"
    assert use(places, "ViT-B-32-256") == info


def test_half_a_download_is_not_an_installed_model(hub: Hub, places: AppDirs) -> None:
    hub.lie.add("open_clip_model.safetensors")
    with pytest.raises(UserError, match="damaged"):
        download(places, DEFAULT.name, consent=yes)
    assert [info.name for info in ModelRegistry(places).installed()] == ["starter"]


def test_names_nobody_knows(places: AppDirs) -> None:
    for name in ("ViT-Z-99", "ViT-B-32/no_such_tag", "../../no such/model"):
        with pytest.raises(UserError, match="no model called"):
            find_offer(name)
        with pytest.raises(UserError, match="no installed model and no file") as error:
            use(places, name)
        assert "model list" in error.value.remedy, "there is nothing to download by this name"
    with pytest.raises(UserError) as error:
        use(places, DEFAULT.name)
    assert f"model download {DEFAULT.name}" in error.value.remedy
    assert find_offer("ViT-B-16-SigLIP/webli").repository == "timm/ViT-B-16-SigLIP"


def test_a_folder_with_a_checkpoint_is_installed_as_a_copy(places: AppDirs, tiny_source: Path, tmp_path: Path) -> None:
    mine = shutil.copytree(tiny_source, tmp_path / "my model")
    info = use(places, str(mine))
    assert info.name == "local/my model"
    shutil.rmtree(mine)
    assert ModelRegistry(places).current() == info
    starter = ModelRegistry(places).starter()
    assert starter is not None
    assert info.fingerprint == starter.fingerprint, "the same weights give comparable vectors"


def test_a_single_file_needs_its_architecture(
    places: AppDirs, tiny_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shutil.copy(tiny_source / "open_clip_model.safetensors", tmp_path / "mine.safetensors")
    with pytest.raises(UserError, match="which architecture"):
        use(places, str(file))
    with pytest.raises(UserError, match="no architecture called ViT-Z-99"):
        use(places, str(file), architecture="ViT-Z-99")
    with pytest.raises(UserError, match="cannot be loaded into this architecture"):
        use(places, str(file), architecture="RN50")
    assert [info.name for info in ModelRegistry(places).installed()] == ["starter"], (
        "what cannot be loaded is not installed"
    )
    config = json.loads((tiny_source / "open_clip_config.json").read_text())
    monkeypatch.setattr(app.models.install, "_built_in_config", lambda _architecture: config)
    assert use(places, str(file), architecture="tiny").name == "local/mine"


def test_a_state_dict_is_welcome_and_a_program_in_disguise_is_not(
    places: AppDirs, tiny_source: Path, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "older"
    folder.mkdir()
    shutil.copy(tiny_source / "open_clip_config.json", folder)
    weights = folder / "open_clip_pytorch_model.bin"
    torch.save(load_file(tiny_source / "open_clip_model.safetensors"), weights)
    assert use(places, str(folder)).runtime == "openvino"

    class Program:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "it ran"),)

    weights.write_bytes(pickle.dumps({"state_dict": Program()}))
    evil = folder.rename(tmp_path / "evil")
    with pytest.raises(UserError, match="could run a program hidden in it"):
        use(places, str(evil))
    assert not (tmp_path / "it ran").exists()


def test_a_file_of_another_kind(places: AppDirs, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(UserError, match="is not a checkpoint"):
        use(places, str(tmp_path / "holiday.jpg"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no readable open_clip configuration"):
        use(places, str(tmp_path / "empty"))


def test_a_tokenizer_that_is_not_beside_the_checkpoint(places: AppDirs, tiny_source: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_source, tmp_path / "siglip")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "timm/ViT-B-32-SigLIP2-256"
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match="needs the tokenizer of timm/ViT-B-32-SigLIP2-256"):
        use(places, str(folder))


def test_a_chosen_model_that_is_gone_gives_way_to_the_starter(places: AppDirs, registry: ModelRegistry) -> None:
    own = ModelRegistry(places, registry.starter_source)
    starter = own.starter()
    assert starter is not None
    assert own.choose("starter") == starter
    with pytest.raises(UserError, match="not installed"):
        own.choose("ViT-B-32/openai")
    (own.folder / "chosen.json").write_text('{"name": "ViT-B-32/openai"}')
    assert own.current() == starter
    (own.folder / "chosen.json").write_text("not JSON")
    assert own.current() == replace(starter)
