"""What the towers are taught by, as pure functions of unit vectors. All shapes are (n, d) float32."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor


def contrastive(images: Tensor, texts: Tensor, positives: Tensor, scale: Tensor) -> Tensor:
    """CLIP's symmetric loss (Radford et al. 2021, arXiv 2103.00020) with several right answers a row.

    Args:
        images, texts: unit vectors (n, d); row i of both belongs together.
        positives: (n, n) bool; equal labels and equal sentences are right answers too (as in Khosla et al.,
            "Supervised Contrastive Learning", 2020): the target is spread evenly over them.
        scale: the inverse temperature.
    """
    logits = scale * images @ texts.T
    target = positives.float()
    rows = -(target / target.sum(1, keepdim=True) * logits.log_softmax(1)).sum(1).mean()
    columns = -(target / target.sum(0, keepdim=True) * logits.log_softmax(0)).sum(0).mean()
    return (rows + columns) / 2


def positives_of(groups: Tensor, teacher: Tensor, alike: float) -> Tensor:
    """Which pairs count as right (n, n) bool: the same group, or sentences the text teacher finds equal.

    Args:
        groups: (n,) int64; photos with the same label share a group, captioned photos have their own.
        teacher: the text teacher's unit vectors (n, d).
        alike: from this cosine on two sentences say the same.
    """
    return (groups[:, None] == groups[None, :]) | (teacher @ teacher.T > alike)


def imitation(student: Tensor, teacher: Tensor) -> Tensor:
    """One minus the mean cosine to the text teacher's vectors; keeps passages and unseen words in their places."""
    return 1.0 - (student * teacher).sum(1).mean()


def geometry(student: Tensor, teacher: Tensor, sharpness: float) -> Tensor:
    """Divergence between the two towers' opinions of which sentences in the batch resemble which.

    Only neighbourhoods count, not the places themselves (as in Park et al., "Relational Knowledge Distillation",
    2019): the joint space may bend towards the photos and still rank sentences as the teacher does.
    """
    apart = torch.eye(len(student), dtype=torch.bool, device=student.device)
    mine = (sharpness * student @ student.T).masked_fill(apart, -1e4)
    theirs = (sharpness * teacher @ teacher.T).masked_fill(apart, -1e4)
    return functional.kl_div(mine.log_softmax(1), theirs.log_softmax(1), reduction="batchmean", log_target=True)


def classification(images: Tensor, prototypes: Tensor, teacher_logits: Tensor, scale: Tensor) -> Tensor:
    """Divergence from the image teacher's opinion on its classes, which the student reaches through words.

    (Hinton et al., "Distilling the Knowledge in a Neural Network", 2015, arXiv 1503.02531.) A photo of none of
    the classes still teaches: the teacher's small probabilities say what it resembles.

    Args:
        images: (n, d) unit vectors.
        prototypes: (classes, d) unit vectors of the class names, from the text tower.
        teacher_logits: (n, classes).
        scale: the student's inverse temperature.
    """
    student = (scale * images @ prototypes.T).log_softmax(1)
    return functional.kl_div(student, teacher_logits.log_softmax(1), reduction="batchmean", log_target=True)
