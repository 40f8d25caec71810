"""Stage one: the text tower learns to imitate the text teacher, on sentences alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor

from training import losses
from training.loop import StepLosses, parameter_groups
from training.text_teacher import TextTeacher
from training.tower import encode_tokens

Vectors = npt.NDArray[np.float16]
GEOMETRY_SHARPNESS = 12.0
RATE = 1e-3
DECAY = 0.05


def tokenize(texts: Sequence[str], context: int) -> npt.NDArray[np.int32]:
    """Tokens (n, context) of open_clip's own tokenizer, zeros after the end token."""
    import open_clip

    tokenizer = open_clip.SimpleTokenizer(context_length=context)
    rows = [tokenizer(list(texts[i : i + 1024])).numpy() for i in range(0, len(texts), 1024)]
    tokens: npt.NDArray[np.int32] = np.concatenate(rows).astype(np.int32)
    return tokens


def cut(tokens: npt.NDArray[np.int32]) -> Tensor:
    """A batch of tokens cut to its longest text, as a tensor."""
    longest = int((tokens != 0).sum(1).max())
    return torch.from_numpy(tokens[:, :longest].astype(np.int64))


def start_embedding(model: Any, teacher: TextTeacher) -> None:
    """Begins each token's embedding at the teacher's vector of the token's letters, in principal components.

    The tower then knows from the start which words are related, also those that no training sentence holds.
    """
    import open_clip

    tokenizer = open_clip.SimpleTokenizer()
    pieces = [tokenizer.decoder[i].replace("</w>", "") for i in range(tokenizer.vocab_size)]
    letters = [bytearray(tokenizer.byte_decoder.get(c, 32) for c in p).decode("utf-8", "replace") for p in pieces]
    vectors = torch.from_numpy(teacher.encode(letters).astype(np.float32))
    vectors = vectors - vectors.mean(0)
    width = model.token_embedding.weight.shape[1]
    spectrum, directions = torch.linalg.eigh(vectors.T @ vectors)
    # Fourth root of the covariance's spectrum: a compromise between keeping distances and using every dimension.
    reduced = (vectors @ directions / spectrum.clamp_min(1e-6) ** 0.25).flip(1)[:, :width]
    with torch.no_grad():
        model.token_embedding.weight[:, : reduced.shape[1]] = reduced / reduced.std() * 0.05


def trained(model: Any) -> dict[str, torch.nn.Parameter]:
    """The parameters of the text tower."""
    return {n: p for n, p in model.named_parameters() if not n.startswith("visual.") and "logit" not in n}


def optimizer(model: Any, lr: float = RATE) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameter_groups(trained(model), lr, DECAY), betas=(0.9, 0.98), fused=True)


def by_length(tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """The texts in order of their length: batches of equal length waste nothing on padding."""
    return np.argsort((tokens != 0).sum(1), kind="stable")


def step_losses(model: Any, tokens: npt.NDArray[np.int32], vectors: Vectors, batch: int) -> StepLosses:
    """Losses of a step: a window of texts of about equal length, against the teacher's vectors (n, 384)."""
    order = by_length(tokens)

    def losses_of(_step: int, random: np.random.Generator) -> dict[str, Tensor]:
        window = min(len(order), 4 * batch)
        start = int(random.integers(0, len(order) - window + 1))
        chosen = random.choice(order[start : start + window], size=min(batch, window), replace=False)
        device = model.token_embedding.weight.device
        with torch.autocast(device.type, torch.bfloat16):
            encoded = encode_tokens(model, cut(tokens[chosen]).to(device))
        student = functional.normalize(encoded.float(), dim=-1)
        teacher = torch.from_numpy(vectors[chosen].astype(np.float32)).to(device)
        return {
            "imitation": 4 * losses.imitation(student, teacher),
            "geometry": 0.5 * losses.geometry(student, teacher, GEOMETRY_SHARPNESS),
        }

    return losses_of
