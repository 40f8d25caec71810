"""Stage two: the image tower learns to meet the text teacher's vectors, before our own text tower is involved.

The teacher's vectors are known beforehand, so a step costs only the image side: first the head alone on the frozen
teacher's pooled features (milliseconds a step), then the tail with it. A linear bridge, the identity at first, lets
the sentences' space bend towards the photos; in the end it becomes part of the text tower's own projection.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training import losses
from training.joint_stage import Classes, Language, Material, Recipe, Student
from training.loop import StepLosses, parameter_groups


class Bridged(nn.Module):
    """A student with a bridge (d, d) from the text teacher's space to the joint one."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student
        self.bridge = nn.Parameter(torch.eye(student.width))
        for name, parameter in student.model.named_parameters():
            if not name.startswith("visual.") and name != "logit_scale":
                parameter.requires_grad = False

    def texts(self, vectors: Tensor) -> Tensor:
        """The text teacher's vectors (n, d) as unit vectors of the joint space."""
        return functional.normalize(vectors @ self.bridge.T, dim=-1)

    @torch.no_grad()
    def finish(self, before: Tensor) -> None:
        """Moves the bridge into the text tower's projection and lets the text tower learn again.

        Args:
            before: the part of the bridge (d, d) that an earlier stage has moved there already.
        """
        model = self.student.model
        model.text_projection.copy_(model.text_projection @ torch.linalg.solve(before.T, self.bridge.T))
        for name, parameter in model.named_parameters():
            if not name.startswith("visual."):
                parameter.requires_grad = True


def optimizer(bridged: Bridged, recipe: Recipe, head_only: bool) -> torch.optim.Optimizer:
    model = bridged.student.model
    groups = [
        *parameter_groups(dict(model.visual.head.named_parameters()), recipe.head_rate, recipe.decay),
        {"params": [model.logit_scale], "lr": recipe.head_rate, "weight_decay": 0.0},
        {"params": [bridged.bridge], "lr": recipe.head_rate / 3, "weight_decay": 0.0},
    ]
    if not head_only:
        groups += parameter_groups(dict(bridged.student.tail.named_parameters()), recipe.tail_rate, recipe.decay)
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)


def step_losses(
    bridged: Bridged, material: Material, language: Language, classes: Classes, recipe: Recipe, head_only: bool
) -> StepLosses:
    """The losses of one step: contrastive, and the image teacher's classes reached through their names."""
    student = bridged.student
    device = student.model.logit_scale.device

    def losses_of(_step: int, random: np.random.Generator) -> dict[str, Tensor]:
        student.train()
        drawn = material.draw(recipe.batch, random, maps=not head_only)
        if head_only:
            images = student.head(drawn.features.to(device), recipe.noise)
        else:
            images = student.images(drawn.maps.to(device), recipe.noise)
        teacher = _vectors(language, drawn.sentences).to(device)
        prompt = random.integers(classes.prompts.shape[1])
        names = bridged.texts(_vectors(language, classes.prompts[:, prompt]).to(device))
        right = losses.positives_of(drawn.groups.to(device), teacher, recipe.alike)
        scale = student.model.logit_scale.exp().clamp(max=100.0)
        opinion = drawn.features.to(device) @ classes.weight.T + classes.bias
        return {
            "contrastive": recipe.contrastive * losses.contrastive(images, bridged.texts(teacher), right, scale),
            "classification": recipe.classification * losses.classification(images, names, opinion, scale),
        }

    return losses_of


def _vectors(language: Language, rows: np.typing.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(language.vectors[rows].astype(np.float32))
