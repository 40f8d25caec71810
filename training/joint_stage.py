"""Stage two: photos and words meet. The image tower's tail, its head and the text tower learn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training import losses
from training.loop import StepLosses, parameter_groups
from training.records import Photo
from training.text_stage import GEOMETRY_SHARPNESS, Vectors, cut
from training.tower import FastTail, Tail, encode_tokens
from training.views import MAP_LIMIT, Views

Tokens = npt.NDArray[np.int32]
# Captioned photos say the most; shelves and tools are many and look alike.
CAPTIONED_SHARE = 0.4
DAMPED = {"grocery": 0.3, "fod_tools": 0.3, "faces_emotion": 0.5}


@dataclass(frozen=True)
class Recipe:
    """The joint stage's rates and weights.

    Attributes:
        batch: photos, each with one sentence.
        extra: further sentences a step without a photo, that keep the language wide.
        head_rate, tail_rate, text_rate: full learning rates.
        contrastive, classification, imitation, geometry: weights of the losses.
        alike: cosine from which the text teacher takes two sentences for the same.
        noise: dropout on the pooled features.
        refresh: steps after which the class names are encoded anew.
    """

    batch: int = 384
    extra: int = 96
    head_rate: float = 1e-3
    tail_rate: float = 1.5e-4
    text_rate: float = 3e-4
    decay: float = 0.05
    contrastive: float = 1.0
    classification: float = 0.5
    imitation: float = 2.0
    geometry: float = 0.25
    alike: float = 0.93
    noise: float = 0.2
    refresh: int = 50


class Student(nn.Module):
    """The open_clip model with its tail in the quick form; call `finish` before the model itself is used."""

    def __init__(self, model: Any, side: int) -> None:
        super().__init__()
        for parameter in model.visual.trunk.parameters():
            parameter.requires_grad = False
        self.model = model
        self.tail = FastTail(Tail(model.visual.trunk), side)
        self.width: int = model.text_projection.shape[1]

    def images(self, maps: Tensor, noise: float = 0.0) -> Tensor:
        """Maps (n, 160, h, w) of the stem -> unit vectors (n, d) float32."""
        with torch.autocast(maps.device.type, torch.bfloat16):
            return self.head(self.tail(maps), noise)

    def head(self, pooled: Tensor, noise: float = 0.0) -> Tensor:
        """Pooled features (n, 1280) -> unit vectors (n, d) float32."""
        with torch.autocast(pooled.device.type, torch.bfloat16):
            pooled = functional.dropout(pooled, noise, self.training)
            return functional.normalize(self.model.visual.head(pooled).float(), dim=-1)

    def texts(self, tokens: Tensor) -> Tensor:
        """Tokens (n, length) -> unit vectors (n, d) float32."""
        with torch.autocast(tokens.device.type, torch.bfloat16):
            return functional.normalize(encode_tokens(self.model, tokens).float(), dim=-1)

    def finish(self) -> None:
        self.tail.write_back()


@dataclass(frozen=True)
class Language:
    """All sentences with their tokens (n, context) and the text teacher's vectors (n, 384)."""

    tokens: Tokens
    vectors: Vectors


@dataclass(frozen=True)
class Classes:
    """What the image teacher knows.

    Attributes:
        prompts: (classes, prompts) sentences of each class, as rows of the language.
        weight, bias: the teacher's classifier (classes, 1280), (classes,).
    """

    prompts: npt.NDArray[np.int64]
    weight: Tensor
    bias: Tensor


class Material:
    """Everything a step draws from: views of photos, and which sentences belong to which photo."""

    def __init__(
        self,
        photos: Sequence[Photo],
        train: Sequence[int],
        views: Sequence[Views],
        sentences: Sequence[Sequence[int]],
    ) -> None:
        """
        Args:
            photos: all of them.
            train: the ones to learn from.
            views: the renderings.
            sentences: for each photo its sentences, as rows of the language.
        """
        self._views = views
        self._sentences = sentences
        rows = [dict(zip(v.photos.tolist(), range(len(v.photos)), strict=True)) for v in views]
        self._places = {i: [(v, row[i]) for v, row in enumerate(rows) if i in row] for i in train}
        self._train = np.array([i for i in train if sentences[i] and self._places[i]])
        self._chances = _chances([photos[i] for i in self._train])
        groups: dict[str, int] = {}
        self._groups = np.array([groups.setdefault(p.label or f"photo {i}", len(groups)) for i, p in enumerate(photos)])

    def draw(self, count: int, random: np.random.Generator, maps: bool = True) -> _Drawn:
        """A batch: distinct photos, one view and one sentence of each; the maps only if wanted."""
        photos = random.choice(self._train, size=min(count, len(self._train)), replace=False, p=self._chances)
        pictures, features, sentences = [], [], []
        for i in photos:
            places = self._places[i]
            view, row = places[int(random.integers(len(places)))]
            if maps:
                pictures.append(self._views[view].maps[row])
            features.append(self._views[view].features[row])
            sentences.append(self._sentences[i][int(random.integers(len(self._sentences[i])))])
        return _Drawn(
            maps=torch.from_numpy(np.stack(pictures)).float() * (MAP_LIMIT / 127) if maps else torch.empty(0),
            features=torch.from_numpy(np.stack(features)).float(),
            sentences=np.array(sentences),
            groups=torch.from_numpy(self._groups[photos]),
        )


@dataclass(frozen=True)
class _Drawn:
    maps: Tensor
    features: Tensor
    sentences: npt.NDArray[np.int64]
    groups: Tensor


def _chances(photos: Sequence[Photo]) -> npt.NDArray[np.float64]:
    """How likely each photo is drawn."""
    weights = np.array([DAMPED.get(p.source, 1.0) for p in photos])
    captioned = np.array([bool(p.captions) for p in photos])
    if captioned.any() and not captioned.all():
        weights[captioned] *= CAPTIONED_SHARE / weights[captioned].sum()
        weights[~captioned] *= (1 - CAPTIONED_SHARE) / weights[~captioned].sum()
    return np.asarray(weights / weights.sum())


def optimizer(student: Student, recipe: Recipe) -> torch.optim.Optimizer:
    model = student.model
    text = {n: p for n, p in model.named_parameters() if not n.startswith("visual.") and "logit" not in n}
    groups = [
        *parameter_groups(dict(model.visual.head.named_parameters()), recipe.head_rate, recipe.decay),
        *parameter_groups(dict(student.tail.named_parameters()), recipe.tail_rate, recipe.decay),
        *parameter_groups(text, recipe.text_rate, recipe.decay),
        {"params": [model.logit_scale], "lr": recipe.text_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def step_losses(
    student: Student,
    material: Material,
    language: Language,
    classes: Classes,
    recipe: Recipe,
    words_only: bool = False,
) -> StepLosses:
    """The losses of one step; see `Recipe` for their weights.

    With `words_only` the image tower stands still, its tail still being the teacher's, so that the kept pooled
    features will do: the text tower alone moves towards the photos, at a fraction of the work.
    """
    device = student.model.logit_scale.device
    prototypes = Prototypes(student, language, classes, recipe.refresh)

    def losses_of(step: int, random: np.random.Generator) -> dict[str, Tensor]:
        student.train()
        drawn = material.draw(recipe.batch, random, maps=not words_only)
        extra = random.integers(len(language.tokens), size=recipe.extra)
        chosen = np.concatenate([drawn.sentences, extra])
        teacher = torch.from_numpy(language.vectors[chosen].astype(np.float32)).to(device)
        if words_only:
            with torch.no_grad():
                images = student.head(drawn.features.to(device))
        else:
            images = student.images(drawn.maps.to(device), recipe.noise)
        texts = encode_rows(student, language.tokens, chosen)
        right = losses.positives_of(drawn.groups.to(device), teacher[: len(images)], recipe.alike)
        scale = student.model.logit_scale.exp().clamp(max=100.0)
        opinion = drawn.features.to(device) @ classes.weight.T + classes.bias
        return {
            "contrastive": recipe.contrastive * losses.contrastive(images, texts[: len(images)], right, scale),
            "classification": recipe.classification
            * losses.classification(images, prototypes.at(step), opinion, scale),
            "imitation": recipe.imitation * losses.imitation(texts, teacher),
            "geometry": recipe.geometry * losses.geometry(texts, teacher, GEOMETRY_SHARPNESS),
        }

    return losses_of


def encode_rows(student: Student, tokens: Tokens, rows: npt.NDArray[np.int64]) -> Tensor:
    """Unit vectors of some sentences, in three batches: the short ones need not be padded to the longest."""
    lengths = (tokens[rows] != 0).sum(1)
    order = np.argsort(lengths, kind="stable")
    cuts = (0, int(0.7 * len(rows)), int(0.95 * len(rows)), len(rows))
    device = student.model.logit_scale.device
    parts = [student.texts(cut(tokens[rows[order[a:b]]]).to(device)) for a, b in pairwise(cuts) if b > a]
    back = torch.from_numpy(np.argsort(order, kind="stable")).to(device)
    return torch.cat(parts)[back]


class Prototypes:
    """The vectors of the class names, encoded anew every few steps: without gradient they are cheap."""

    def __init__(self, student: Student, language: Language, classes: Classes, refresh: int) -> None:
        self._student, self._language, self._classes, self._refresh = student, language, classes, refresh
        self._kept: dict[int, Tensor] = {}

    @torch.no_grad()
    def at(self, step: int) -> Tensor:
        """The prototypes (classes, d) of a step; one prompt of each class, in turn."""
        turn = step // self._refresh
        if turn not in self._kept:
            column = turn % self._classes.prompts.shape[1]
            rows = self._classes.prompts[:, column]
            parts = np.array_split(rows, -(-len(rows) // 256))
            self._kept = {turn: torch.cat([encode_rows(self._student, self._language.tokens, p) for p in parts])}
        return self._kept[turn]
