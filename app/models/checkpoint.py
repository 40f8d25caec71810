"""An open_clip checkpoint on disk: a folder with `open_clip_config.json` and weights, read without running its code.

Weights are safetensors, or a state dict that `torch.load(weights_only=True)` accepts: never a pickle that can run code.
open_clip sees a folder of our own with checked copies of the configurations (`app.models.allow_list`) in it.
"""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.models.allow_list import (
    checked_model_config,
    checked_preprocess,
    checked_text_tower,
    checked_tokenizer_config,
    read_json,
)
from app.models.preprocess import CLIP_MEAN, CLIP_STD, ImagePreprocess

CONFIG_FILE = "open_clip_config.json"
# Safetensors first, since nothing in them can run; but a plain "model.safetensors" beside open_clip's own file holds
# the weights as another library names them.
WEIGHT_FILES = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
    "model.safetensors",
    "pytorch_model.bin",
)
WEIGHT_SUFFIXES = (".safetensors", ".bin", ".pt", ".pth")
PACKED_PIECES_FILE = "pieces.json.xz"
"""Beside the starter's weights: the unigram vocabulary of its text tower, as the `tokenizers` library reads it."""
# The `config.json` of a Hugging Face text tower, kept beside the checkpoint so that building it needs no network.
TEXT_TOWER_FOLDER = "text_tower"
# What a Hugging Face tokenizer is made of; only open_clip models with one need them.
VOCABULARY_FILES = ("tokenizer.json", "sentencepiece.bpe.model", "spiece.model")
TOKENIZER_CONFIG_FILES = ("tokenizer_config.json", "special_tokens_map.json")
_INSTALL_AGAIN = "Please install the model again with `semblance model download`."
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Checkpoint:
    """A folder that holds an open_clip model.

    Attributes:
        folder: where `open_clip_config.json` is.
        weights: the file with the weights.
        config: the JSON: `model_cfg` and `preprocess_cfg`.
    """

    folder: Path
    weights: Path
    config: Mapping[str, Any]

    @property
    def model_config(self) -> dict[str, Any]:
        return copy.deepcopy(dict(self.config["model_cfg"]))

    @property
    def dimension(self) -> int:
        return int(self.config["model_cfg"]["embed_dim"])

    @property
    def context_length(self) -> int:
        return int(self.config["model_cfg"]["text_cfg"].get("context_length") or 77)

    @property
    def is_multilingual_starter(self) -> bool:
        """Whether the text tower is the starter's own, which open_clip cannot build."""
        return "multilingual" in self.config["model_cfg"]["text_cfg"]

    @property
    def preprocess(self) -> ImagePreprocess:
        """The transform this model was trained with; the size is the image tower's, as open_clip sets it."""
        facts = checked_preprocess(self.config)
        size = self.config["model_cfg"]["vision_cfg"].get("image_size", 224)
        if isinstance(size, list):
            if size[0] != size[-1]:
                raise UserError("This model wants pictures that are not square.", "Please choose another model.")
            size = size[0]
        return ImagePreprocess(
            size=int(size),
            mode=facts.get("resize_mode") or "shortest",
            interpolation="bilinear" if facts.get("interpolation") == "bilinear" else "bicubic",
            fill=int(facts.get("fill_color") or 0),
            mean=_per_channel(facts.get("mean") or CLIP_MEAN),
            std=_per_channel(facts.get("std") or CLIP_STD),
        )

    def fingerprint(self) -> str:
        """16 hex digits over the weights' bytes, the architecture and the preprocessing. Reads the whole file once."""
        import hashlib

        digest = hashlib.blake2b(digest_size=8)
        with self.weights.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        relevant = {"model_cfg": self.config["model_cfg"], "preprocess": repr(self.preprocess)}
        digest.update(json.dumps(relevant, sort_keys=True).encode())
        return digest.hexdigest()


def _per_channel(values: Any) -> tuple[float, float, float]:
    first, second, third = values if isinstance(values, list | tuple) else (values,) * 3
    return float(first), float(second), float(third)


def read_checkpoint(folder: Path, weights: str | None = None) -> Checkpoint:
    """The checkpoint in a folder.

    Raises:
        UserError: the folder holds no open_clip configuration or no weights.
    """
    try:
        config = read_json(folder / CONFIG_FILE)
        checked_model_config(config)
    except OSError as error:
        raise unreadable(folder, CONFIG_FILE) from error
    except ValueError as error:
        raise unreadable(folder, CONFIG_FILE, str(error)) from error
    for name in [weights] if weights else WEIGHT_FILES:
        if (folder / name).is_file():
            return Checkpoint(folder, folder / name, config)
    raise UserError(f"{folder} holds no weights.", _INSTALL_AGAIN)


def unreadable(folder: Path, file: str, entry: str = "") -> UserError:
    """What to say of a configuration that is not one; `entry` is what is wrong in it."""
    what = f"{file}: {entry}" if entry else file
    return UserError(f"{folder} holds no readable open_clip configuration ({what}).", _INSTALL_AGAIN)


@contextmanager
def suppress_output() -> Iterator[None]:
    """open_clip and what is below it talk while they load; none of it is for people."""
    import logging
    import warnings

    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)


def load_reference(checkpoint: Checkpoint) -> Any:
    """open_clip's model with the checkpoint's weights, fp32, on the CPU, ready for inference. Imports torch.

    Raises:
        UserError: the weights do not fit the architecture, are damaged, or are a pickle that could run code.
    """
    if checkpoint.is_multilingual_starter:
        return _load_starter(checkpoint)
    with suppress_output(), checked_copy(checkpoint) as folder:
        try:
            import open_clip

            _refuse_unknown_architecture(checkpoint)
            # Weights apart, because open_clip would take whichever file it prefers in that folder.
            # The text tower as a module of its own (`force_custom_text`) takes texts shorter than the context.
            model = open_clip.create_model(
                f"local-dir:{folder}", load_weights=False, pretrained_text=False, force_custom_text=True
            )
            open_clip.load_checkpoint(model, str(checkpoint.weights), weights_only=True)
        except Exception as error:
            raise load_error(checkpoint.weights.name, error) from error
    model.eval().requires_grad_(False)
    return model.float()


def _load_starter(checkpoint: Checkpoint) -> Any:
    """open_clip's model of the starter's image tower with the starter's own text tower."""
    with suppress_output():
        try:
            from safetensors.torch import load_file

            from app.models.multilingual_text import build_model

            _refuse_unknown_architecture(checkpoint)
            model = build_model(checked_model_config(checkpoint.config))
            model.load_state_dict(load_file(checkpoint.weights))
        except Exception as error:
            raise load_error(checkpoint.weights.name, error) from error
    return model.eval().requires_grad_(False)


def load_reference_tokenizer(checkpoint: Checkpoint) -> Any:
    """open_clip's own tokenizer for a checkpoint, or the starter's pair. Imports torch.

    Raises:
        UserError: it cannot be read, or is of a kind that would run code.
    """
    if checkpoint.is_multilingual_starter:
        from app.models.tokenizer.export import PairedReference

        return PairedReference(checkpoint.folder / PACKED_PIECES_FILE)
    with suppress_output(), checked_copy(checkpoint) as folder:
        try:
            import open_clip

            # A tokenizer of transformers must not be told otherwise by a file; CLIP's own takes no such argument.
            options = {"trust_remote_code": False} if _has_hub_tokenizer(checkpoint) else {}
            return open_clip.get_tokenizer(f"local-dir:{folder}", **options)
        except Exception as error:
            raise load_error(checkpoint.weights.name, error) from error


@contextmanager
def checked_copy(checkpoint: Checkpoint) -> Iterator[Path]:
    """A folder with the checkpoint's configuration and tokenizer as far as they are data, for open_clip to read.

    Nothing in it names code or a model on the network, and there is no other file in it.

    Raises:
        UserError: a configuration has an entry that is not known, or a file is missing.
    """
    with tempfile.TemporaryDirectory(prefix="checkpoint-") as name:
        folder = Path(name)
        model = checked_model_config(checkpoint.config)
        model["vision_cfg"].pop("timm_model_pretrained", None)  # would be fetched
        text = model["text_cfg"]
        text["hf_model_pretrained"] = False
        if text.get("hf_model_name"):
            text["hf_model_name"] = str(_copy_text_tower(checkpoint.folder, folder))
        if text.get("hf_tokenizer_name"):
            text["hf_tokenizer_name"] = "this-folder"
            _copy_tokenizer(checkpoint.folder, folder)
        config = {"model_cfg": model, "preprocess_cfg": checked_preprocess(checkpoint.config)}
        (folder / CONFIG_FILE).write_text(json.dumps(config), encoding="utf-8")
        yield folder


def _copy_text_tower(source: Path, target: Path) -> Path:
    file = f"{TEXT_TOWER_FOLDER}/config.json"
    try:
        facts = checked_text_tower(read_json(source / file))
    except OSError as error:
        raise unreadable(source, file) from error
    except ValueError as error:
        raise unreadable(source, file, str(error)) from error
    (target / TEXT_TOWER_FOLDER).mkdir()
    (target / file).write_text(json.dumps(facts), encoding="utf-8")
    return target / TEXT_TOWER_FOLDER


def _copy_tokenizer(source: Path, target: Path) -> None:
    """The vocabulary as it is, since it is only looked up; its configuration as far as it is known."""
    for name in VOCABULARY_FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    for name in TOKENIZER_CONFIG_FILES:
        with suppress(OSError, ValueError):
            facts = checked_tokenizer_config(read_json(source / name))
            (target / name).write_text(json.dumps(facts), encoding="utf-8")


def _has_hub_tokenizer(checkpoint: Checkpoint) -> bool:
    return bool(checkpoint.model_config["text_cfg"].get("hf_tokenizer_name"))


def _refuse_unknown_architecture(checkpoint: Checkpoint) -> None:
    """timm's own architectures only: a name it does not know may be a place to fetch one from."""
    name = checkpoint.model_config["vision_cfg"].get("timm_model_name")
    if name:
        import timm

        if not timm.is_model(name):
            raise ValueError(f"unknown image tower {name}")


def load_error(weights: str, error: Exception) -> UserError:
    """What to say of a checkpoint that open_clip, or a library below it, could not load."""
    import pickle

    if isinstance(error, UserError):
        return error
    if isinstance(error, pickle.UnpicklingError):
        return UserError(
            f"{weights} is not a plain file of weights, and opening it could run a program hidden in it.",
            "Please use a safetensors file, or a checkpoint that holds nothing but weights.",
        )
    first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    return UserError(
        f"The weights in {weights} cannot be loaded into this architecture ({first.rstrip('.')}).",
        "Please check --architecture, or install the model again with `semblance model download`.",
    )
