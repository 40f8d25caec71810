"""An open_clip checkpoint on disk: a folder with `open_clip_config.json` and weights, read without running its code.

Weights are safetensors, or a state dict that `torch.load(weights_only=True)` accepts: never a pickle that can run code.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import UserError
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
# The `config.json` of a Hugging Face text tower, kept beside the checkpoint so that building it needs no network.
TEXT_TOWER_FOLDER = "text_tower"
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
    def preprocess(self) -> ImagePreprocess:
        """The transform this model was trained with; the size is the image tower's, as open_clip sets it."""
        facts = self.config.get("preprocess_cfg") or {}
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
    again = "Please install the model again with `semblance model download`."
    try:
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        sound = {"embed_dim", "vision_cfg", "text_cfg"} <= config["model_cfg"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise UserError(f"{folder} holds no readable open_clip configuration ({CONFIG_FILE}).", again)
    for name in [weights] if weights else WEIGHT_FILES:
        if (folder / name).is_file():
            return Checkpoint(folder, folder / name, config)
    raise UserError(f"{folder} holds no weights.", again)


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
    """open_clip's own model with the checkpoint's weights, fp32, on the CPU, ready for inference. Imports torch.

    Raises:
        UserError: the weights do not fit the architecture, are damaged, or are a pickle that could run code.
    """
    with suppress_output():
        import open_clip

        name = f"local-dir:{checkpoint.folder}"
        overrides: dict[str, Any] = {}
        text = checkpoint.model_config["text_cfg"]
        if "hf_model_name" in text:
            overrides["text_cfg"] = _offline_text_config(checkpoint.folder, text)
        try:
            # Weights apart, because open_clip would take whichever file it prefers in that folder.
            # The text tower as a module of its own (`force_custom_text`) takes texts shorter than the context.
            model = open_clip.create_model(
                name, load_weights=False, pretrained_text=False, force_custom_text=True, **overrides
            )
            open_clip.load_checkpoint(model, str(checkpoint.weights), weights_only=True)
        except Exception as error:
            raise _load_error(checkpoint, error) from error
    model.eval().requires_grad_(False)
    return model.float()


def _offline_text_config(folder: Path, text: dict[str, Any]) -> dict[str, Any]:
    """The text configuration with its Hugging Face model read from disk instead of the hub."""
    local = folder / TEXT_TOWER_FOLDER
    if (local / "config.json").is_file():
        text["hf_model_name"] = str(local)
    text["hf_model_pretrained"] = False
    return text


def _load_error(checkpoint: Checkpoint, error: Exception) -> UserError:
    import pickle

    name = checkpoint.weights.name
    if isinstance(error, pickle.UnpicklingError):
        return UserError(
            f"{name} is not a plain file of weights, and opening it could run a program hidden in it.",
            "Please use a safetensors file, or a checkpoint that holds nothing but weights.",
        )
    first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    return UserError(
        f"The weights in {name} cannot be loaded into this architecture ({first.rstrip('.')}).",
        "Please check --architecture, or install the model again with `semblance model download`.",
    )
