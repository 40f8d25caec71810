"""Last stage: the text tower reads widely, and stays with the photos while it does.

Before it the tower knows captions and little else. Here it imitates the text teacher on running text of all kinds,
neighbours in meaning side by side in a batch, since telling those apart is what searching needs. The head of the image
tower learns along; what is below it is finished, so what it makes of the photos is computed once.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor

from training import losses
from training.joint_stage import Classes, Language, Material, Prototypes, Recipe, Student, encode_rows
from training.loop import StepLosses

TOGETHER = 32
SHARPNESS = 15.0
# So much that the map is settled by the sentences, so little that it does not shrink.
RIDGE = 5.0


@dataclass(frozen=True)
class Neighbourhoods:
    """Texts in groups of like meaning.

    Attributes:
        order: (n,) int64, rows of the language, group after group.
        bounds: (groups + 1,) int64, where each group begins in it.
    """

    order: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]

    def draw(self, count: int, random: np.random.Generator) -> npt.NDArray[np.int64]:
        """About `count` texts, `TOGETHER` of a group; large groups are drawn as often as they are large."""
        sizes = np.diff(self.bounds)
        large = np.flatnonzero(sizes >= min(TOGETHER, sizes.max()))
        wanted = min(len(large), max(1, count // TOGETHER))
        groups = random.choice(large, wanted, replace=False, p=sizes[large] / sizes[large].sum())
        members = [self.order[self.bounds[g] : self.bounds[g + 1]] for g in groups]
        return np.concatenate([random.choice(m, min(TOGETHER, len(m)), replace=False) for m in members])


def neighbourhoods(vectors: npt.NDArray[np.float16], rounds: int = 6, sample: int = 120_000) -> Neighbourhoods:
    """Spherical k-means over the teacher's vectors (n, d), about 200 texts a group."""
    random = np.random.default_rng(0)
    count = max(1, len(vectors) // 200)
    centres = vectors[random.choice(len(vectors), count, replace=False)].astype(np.float32)
    some = vectors[random.choice(len(vectors), min(sample, len(vectors)), replace=False)].astype(np.float32)
    for _ in range(rounds):
        sums = np.zeros_like(centres)
        np.add.at(sums, _nearest(some, centres), some)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-6), centres)
    groups = _nearest(vectors, centres)
    order = np.argsort(groups, kind="stable")
    return Neighbourhoods(order, np.searchsorted(groups[order], np.arange(count + 1)))


def _nearest(
    vectors: npt.NDArray[np.float16] | npt.NDArray[np.float32], centres: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    parts = [(vectors[i : i + 8192].astype(np.float32) @ centres.T).argmax(1) for i in range(0, len(vectors), 8192)]
    return np.concatenate(parts)


@torch.no_grad()
def bridge(student: Student, language: Language, most: int = 20_000) -> Tensor:
    """The linear map (d, d) from the text teacher's vectors to the joint space as it is, by ridge regression.

    Args:
        language: sentences like those the student knows.
        most: of them are enough.
    """
    random = np.random.default_rng(0)
    rows = random.choice(len(language.tokens), min(most, len(language.tokens)), replace=False)
    student.eval()
    here = torch.cat(
        [encode_rows(student, language.tokens, part) for part in np.array_split(rows, -(-len(rows) // 512))]
    )
    there = torch.from_numpy(language.vectors[rows].astype(np.float32)).to(here.device)
    square = there.T @ there + RIDGE * torch.eye(there.shape[1], device=here.device)
    found: Tensor = torch.linalg.solve(square, there.T @ here)
    return found


def step_losses(
    student: Student,
    material: Material,
    language: Language,
    classes: Classes,
    groups: Neighbourhoods,
    target: Tensor,
    recipe: Recipe,
) -> StepLosses:
    """The losses of one step: as in the joint stage on the photos, and imitation and geometry on what is read.

    Texts are drawn to where `target`, a `bridge`, puts the teacher's vectors, so that the joint space stays in place.
    The image teacher's opinion is not at hand at the finished size, so the student's own from before stands in for it:
    reading must not change what the photos show.
    """
    device = student.model.logit_scale.device
    before = copy.deepcopy(student).eval()
    sharpness = before.model.logit_scale.exp().detach()
    old, new = (Prototypes(s, language, classes, recipe.refresh) for s in (before, student))

    def losses_of(step: int, random: np.random.Generator) -> dict[str, Tensor]:
        student.train()
        drawn = material.draw(recipe.batch, random, maps=False)
        read = groups.draw(recipe.extra, random)
        chosen = np.concatenate([drawn.sentences, read])
        teacher = torch.from_numpy(language.vectors[chosen].astype(np.float32)).to(device)
        texts = encode_rows(student, language.tokens, chosen)
        features = drawn.features.to(device)
        images = student.head(features, recipe.noise)
        with torch.no_grad():
            opinion = sharpness * before.head(features) @ old.at(step).T
        count = len(images)
        right = losses.positives_of(drawn.groups.to(device), teacher[:count], recipe.alike)
        scale = student.model.logit_scale.exp().clamp(max=100.0)
        return {
            "contrastive": recipe.contrastive * losses.contrastive(images, texts[:count], right, scale),
            "classification": recipe.classification * losses.classification(images, new.at(step), opinion, scale),
            "imitation": recipe.imitation * losses.imitation(texts, functional.normalize(teacher @ target, dim=-1)),
            "geometry": recipe.geometry * losses.geometry(texts[count:], teacher[count:], SHARPNESS),
        }

    return losses_of
