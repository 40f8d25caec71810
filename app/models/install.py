"""`semblance model`: what there is, what is installed, and how a model comes to be installed."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.models.allow_list import checked_model_config, read_json
from app.models.catalog import CATALOG, CatalogEntry, entry
from app.models.checkpoint import (
    CONFIG_FILE,
    TEXT_TOWER_FOLDER,
    TOKENIZER_CONFIG_FILES,
    VOCABULARY_FILES,
    WEIGHT_FILES,
    WEIGHT_SUFFIXES,
    load_error,
    read_checkpoint,
    unreadable,
)
from app.models.convert.preparation import prepare
from app.models.download import Progress, fetch_file, list_repository
from app.models.manifest import ModelInfo
from app.models.registry import INSTALLING, ModelRegistry, folder_name, save_model, unprepared_model

Consent = Callable[["DownloadOffer"], bool]
"""Asked before the first byte; only True goes on."""


@dataclass(frozen=True)
class DownloadOffer:
    """What a yes would fetch. `download_bytes` is None where the catalogue does not know the model."""

    name: str
    repository: str
    licence: str
    download_bytes: int | None


@dataclass(frozen=True)
class ModelListing:
    """A line of `semblance model list`: in the catalogue, installed, or both; `info` is None where not installed."""

    name: str
    entry: CatalogEntry | None
    info: ModelInfo | None
    chosen: bool


def list_models(dirs: AppDirs) -> list[ModelListing]:
    """Everything in the catalogue and everything installed, installed ones first."""
    registry = ModelRegistry(dirs)
    installed = {info.name: info for info in registry.installed()}
    chosen = registry.current().name if installed else None
    lines = [ModelListing(name, entry(name), info, name == chosen) for name, info in installed.items()]
    return lines + [ModelListing(one.name, one, None, False) for one in CATALOG if one.name not in installed]


def use(
    dirs: AppDirs,
    name: str,
    *,
    architecture: str | None = None,
    progress: Progress = lambda _what, _share: None,
) -> ModelInfo:
    """Make a model the current one: an installed one by name, or a checkpoint by path (a file, or a folder of one).

    Raises:
        UserError: it is neither, or cannot be loaded.
    """
    registry = ModelRegistry(dirs)
    resolved = _full_name(registry, name)
    info = registry.find(resolved)
    if info is not None:
        return registry.choose(prepare(registry, info, progress).name)
    path = Path(name).expanduser()
    if not path.exists():
        known = entry(name)
        remedy = "Please run `semblance model list` to see which are, and which can be downloaded."
        if known is not None:
            remedy = f"Please run `semblance model download {known.name}` first."
        raise UserError(f"There is no installed model and no file called {name}.", remedy)
    return registry.choose(_install_and_prepare(registry, path, architecture, progress).name)


def _install_and_prepare(
    registry: ModelRegistry, path: Path, architecture: str | None, progress: Progress
) -> ModelInfo:
    """Install a checkpoint of the user's: in a folder beside the others, which is given its name once it is usable.

    Raises:
        UserError: it cannot be loaded; nothing of it is left, and a model of that name that was there before still is.
    """
    _remove_abandoned(registry)
    folder = registry.folder / f"{INSTALLING}{os.getpid()}-{threading.get_ident()}"
    try:
        staged = _copy_checkpoint(path, folder, architecture)
        ready = prepare(registry, staged, progress)
        if ready.folder != folder:  # the same weights were installed before
            return ready
        return _publish(registry, ready)
    except UserError:
        raise
    except Exception as error:
        raise load_error(path.name, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(registry: ModelRegistry, info: ModelInfo) -> ModelInfo:
    final = registry.folder / folder_name(info.name)
    with registry.preparing():
        shutil.rmtree(final, ignore_errors=True)
        info.folder.replace(final)
        published = replace(info, folder=final, source=final)
        save_model(published)
    return published


def _remove_abandoned(registry: ModelRegistry) -> None:
    """What a process that was killed left of an installation."""
    import psutil

    for folder in registry.folder.glob(f"{INSTALLING}*"):
        number = folder.name.removeprefix(INSTALLING).split("-")[0]
        if not (number.isdigit() and psutil.pid_exists(int(number))):
            shutil.rmtree(folder, ignore_errors=True)


def download(
    dirs: AppDirs,
    name: str,
    *,
    consent: Consent,
    progress: Progress = lambda _what, _share: None,
) -> ModelInfo:
    """Fetch a model, prepare it for this machine and make it the current one.

    Raises:
        UserError: the answer was no, there is no such model, or it could not be fetched.
    """
    registry = ModelRegistry(dirs)
    offer = find_offer(name)
    installed = registry.find(offer.name)
    if installed is None:
        if not consent(offer):
            raise UserError("Nothing was downloaded.", "Say yes, or pass --yes, to fetch the model.")
        with registry.preparing():  # another process may be downloading it, too
            installed = registry.find(offer.name) or _download_model(registry, offer, progress)
    ready = prepare(registry, installed, progress)
    return registry.choose(ready.name)


def find_offer(name: str) -> DownloadOffer:
    """What `name` would fetch: from the catalogue, or any other model that open_clip knows. No network."""
    known = entry(name)
    if known is not None:
        return DownloadOffer(known.name, known.repository, known.licence, known.download_bytes)
    architecture, _, tag = name.partition("/")
    repository = _open_clip_repository(architecture, tag)
    if repository is None:
        raise UserError(f"There is no model called {name}.", "Please choose one that `semblance model list` shows.")
    return DownloadOffer(f"{architecture}/{tag}", repository, "see its page on the model hub", None)


def _open_clip_repository(architecture: str, tag: str) -> str | None:
    import open_clip

    config = open_clip.get_pretrained_cfg(architecture, tag) if tag else None
    repository = (config or {}).get("hf_hub", "")
    return str(repository).rstrip("/") if str(repository).endswith("/") else None


def _full_name(registry: ModelRegistry, name: str) -> str:
    """The installed model's full name, where only its architecture was given."""
    known = entry(name)
    if known is not None:
        return known.name
    return next((info.name for info in registry.installed() if name in (info.name, info.architecture)), name)


def _download_model(registry: ModelRegistry, offer: DownloadOffer, progress: Progress) -> ModelInfo:
    """Download into the model's folder; `model.json` comes last, so a half-fetched model is not an installed one."""
    architecture = offer.name.split("/")[0]
    progress("Asking the model hub", 0.0)
    files = list_repository(offer.repository, architecture)
    weights = next((name for name in WEIGHT_FILES if name in files), None)
    if weights is None or CONFIG_FILE not in files:
        raise UserError(
            f"{offer.repository} holds no open_clip weights.", "Please choose one that `semblance model list` shows."
        )
    folder = registry.folder / folder_name(offer.name)
    folder.mkdir(parents=True, exist_ok=True)
    fetch_file(files[CONFIG_FILE], folder / CONFIG_FILE, architecture, progress)
    text = _text_config(folder)
    if text.get("hf_tokenizer_name"):
        there = files if "tokenizer.json" in files else list_repository(text["hf_tokenizer_name"], architecture)
        for name in (*VOCABULARY_FILES, *TOKENIZER_CONFIG_FILES):
            if name in there:
                fetch_file(there[name], folder / name, architecture, progress)
    if text.get("hf_model_name"):
        (folder / TEXT_TOWER_FOLDER).mkdir(exist_ok=True)
        tower = list_repository(text["hf_model_name"], architecture)
        if "config.json" in tower:
            fetch_file(tower["config.json"], folder / TEXT_TOWER_FOLDER / "config.json", architecture, progress)
    fetch_file(files[weights], folder / weights, architecture, progress)
    known = entry(offer.name)
    return _register(folder, offer.name, architecture, offer.licence, known.languages if known else (), weights)


def _text_config(folder: Path) -> dict[str, Any]:
    """The text tower of a configuration that was just fetched."""
    try:
        text: dict[str, Any] = checked_model_config(read_json(folder / CONFIG_FILE))["text_cfg"]
    except (OSError, ValueError) as error:
        raise unreadable(folder, CONFIG_FILE, str(error)) from error
    return text


def _copy_checkpoint(path: Path, folder: Path, architecture: str | None) -> ModelInfo:
    """Copy a checkpoint into a folder of its own: the original stays the user's, and may be deleted."""
    if path.is_dir():
        checkpoint = read_checkpoint(path)
        config, weights, beside = dict(checkpoint.config), checkpoint.weights, path
    else:
        if path.suffix not in WEIGHT_SUFFIXES:
            raise UserError(
                f"{path} is not a checkpoint.", f"Please give a file ending in {', '.join(WEIGHT_SUFFIXES)}."
            )
        config, weights, beside = _built_in_config(architecture), path, path.parent
    name = f"local/{path.stem if path.is_file() else path.resolve().name}"
    folder.mkdir(parents=True, exist_ok=True)
    target = "open_clip_model.safetensors" if weights.suffix == ".safetensors" else "open_clip_pytorch_model.bin"
    shutil.copyfile(weights, folder / target)
    (folder / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
    _copy_tokenizer(config, beside, folder)
    return _register(folder, name, architecture or path.stem, "as you received it", (), target)


def _copy_tokenizer(config: dict[str, Any], beside: Path, folder: Path) -> None:
    text = config["model_cfg"]["text_cfg"]
    for name in (*VOCABULARY_FILES, *TOKENIZER_CONFIG_FILES):
        if (beside / name).is_file():
            shutil.copyfile(beside / name, folder / name)
    tower = Path(TEXT_TOWER_FOLDER) / "config.json"
    if (beside / tower).is_file():
        (folder / TEXT_TOWER_FOLDER).mkdir()
        shutil.copyfile(beside / tower, folder / tower)
    if text.get("hf_tokenizer_name") and not (folder / "tokenizer.json").is_file():
        where = text["hf_tokenizer_name"]
        raise UserError(
            f"This model needs the tokenizer of {where}, and there is none beside the checkpoint.",
            "Please put tokenizer.json and tokenizer_config.json of that repository beside it.",
        )


def _built_in_config(architecture: str | None) -> dict[str, Any]:
    """open_clip's own configuration of an architecture, with the preprocessing its published weights use."""
    choose = "Please add --architecture, for example `--architecture ViT-B-32-256`."
    if architecture is None:
        raise UserError("A checkpoint alone does not say which architecture it is of.", choose)
    spec = importlib.util.find_spec("open_clip")
    folder = Path(spec.origin).parent / "model_configs" if spec and spec.origin else Path()
    file = folder / f"{Path(architecture).name}.json"
    if not file.is_file():
        raise UserError(f"open_clip knows no architecture called {architecture}.", choose)
    import open_clip

    tags = open_clip.list_pretrained_tags_by_model(architecture)
    published = open_clip.get_pretrained_cfg(architecture, tags[0]) if tags else {}
    wanted = ("mean", "std", "interpolation", "resize_mode", "fill_color")
    preprocess = {key: published[key] for key in wanted if published.get(key) is not None}
    return {"model_cfg": json.loads(file.read_text(encoding="utf-8")), "preprocess_cfg": preprocess}


def _register(
    folder: Path, name: str, architecture: str, licence: str, languages: tuple[str, ...], weights: str
) -> ModelInfo:
    checkpoint = read_checkpoint(folder, weights)
    info = unprepared_model(checkpoint, folder, name, architecture, checkpoint.fingerprint(), licence, languages)
    save_model(info)
    return info
