"""Towers to OpenVINO's own format, once, so that nothing imports torch afterwards.

Each tower is traced by itself and written apart: a search by words never reads the image tower.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from app.models.backends.telemetry import import_openvino
from app.models.checkpoint import suppress_output
from app.models.convert.towers import image_tower_module, text_tower_module
from app.models.manifest import CONVERSION_VERSION
from app.models.preprocess import ImagePreprocess
from app.models.tokenizer.tokenizer import TokenArray, trim_padding

# The number is in the name, so that a newer program never overwrites what an older one has mapped into memory.
IMAGE_TOWER = f"image-{CONVERSION_VERSION}.xml"
TEXT_TOWER = f"text-{CONVERSION_VERSION}.xml"
# A trimmed text may differ from the padded one by rounding only.
_TRIM_TOLERANCE = 1e-4


class NotConvertible(Exception):
    """This architecture cannot be converted; it runs on PyTorch."""


@contextmanager
def traceable_attention() -> Iterator[None]:
    """Trace the attention as written: torch's fused fast path is an operation converters do not know."""
    import torch

    enabled = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(enabled)


def can_trim(model: Any, tokens: TokenArray, pad: int) -> bool:
    """Whether the text tower gives the same vector without the padding: tried, not deduced from the architecture."""
    import torch

    tower = text_tower_module(model)
    with torch.inference_mode():
        for row in tokens:
            short = trim_padding(row[None], pad)
            try:
                difference = tower(torch.from_numpy(row[None])) - tower(torch.from_numpy(short))
            except (RuntimeError, ValueError, IndexError):
                return False
            if float(difference.abs().max()) > _TRIM_TOLERANCE:
                return False
    return True


def convert_image_tower(model: Any, preprocess: ImagePreprocess, folder: Path) -> None:
    """Write the image tower, for any number of pictures of the model's size."""
    import torch

    size = preprocess.size
    example = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8))
    convert(image_tower_module(model, preprocess), example, [-1, size, size, 3], folder / IMAGE_TOWER)


def convert_text_tower(model: Any, tokens: TokenArray, trim: bool, folder: Path) -> None:
    """Write the text tower, for any number of texts and, if `trim`, any length up to the context's."""
    import torch

    example = torch.from_numpy(tokens[:2])
    convert(text_tower_module(model), example, [-1, -1 if trim else tokens.shape[1]], folder / TEXT_TOWER)


def convert(tower: Any, example: Any, shape: list[int], target: Path) -> None:
    """Write a tower.

    Raises:
        NotConvertible: its architecture cannot be converted.
    """
    openvino = import_openvino()
    with suppress_output(), traceable_attention():
        try:
            converted = openvino.convert_model(tower, example_input=example, input=[openvino.PartialShape(shape)])
            # Never written into: another process may have the old file mapped into its memory.
            for old in (target, target.with_suffix(".bin")):
                old.unlink(missing_ok=True)
            # Half the bytes on disk and in the page cache; agreement with the reference is checked afterwards.
            openvino.save_model(converted, target, compress_to_fp16=True)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            raise NotConvertible(f"{type(error).__name__}: {error}") from error
