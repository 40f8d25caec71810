"""What the towers are taught by, as pure functions of unit vectors. All shapes are (n, d) float32."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor


def contrastive(images: Tensor, texts: Tensor, positives: Tensor, scale: Tensor, share: Tensor) -> Tensor:
    """CLIP's symmetric loss (Radford et al. 2021, arXiv 2103.00020) with several right answers a row.

    Args:
        images, texts: unit vectors (n, d); row i of both belongs together.
        positives: (n, n) bool; equal labels are right answers too (as in Khosla et al., "Supervised Contrastive
            Learning", 2020): the target is spread evenly over them.
        scale: the inverse temperature.
        share: (n,) how much each row counts.
    """
    logits = scale * images @ texts.T
    target = positives.float()
    weight = share / share.sum()
    rows = -(target / target.sum(1, keepdim=True) * logits.log_softmax(1)).sum(1)
    columns = -(target / target.sum(0, keepdim=True) * logits.log_softmax(0)).sum(0)
    return ((rows + columns) * weight).sum() / 2


def matching(first: Tensor, second: Tensor, sharpness: float) -> Tensor:
    """Contrastive loss of unit vectors (n, d) whose rows belong together, both ways."""
    logits, own = sharpness * first @ second.T, torch.arange(len(first), device=first.device)
    return (functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)) / 2


def imitation(student: Tensor, teacher: Tensor) -> Tensor:
    """One minus the mean cosine of two sets of unit vectors, row by row."""
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
