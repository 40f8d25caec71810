"""The training loop both stages share: schedule, averaging, checkpoints.

All randomness of a step follows from the seed and the step's number, so a run that was stopped and resumed ends
with the same weights as one that was not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

StepLosses = Callable[[int, np.random.Generator], dict[str, Tensor]]
Report = Callable[[int, dict[str, float]], None]


@dataclass(frozen=True)
class Plan:
    """How long and how fast.

    Attributes:
        steps: number of updates.
        warmup: updates with a rising rate before the cosine decay to zero.
        average: decay of the exponential moving average of the weights, which is what is kept in the end.
        clip: largest norm of the gradient.
        save_every: updates between two checkpoints.
        report_every: updates between two reports.
        seed: of everything random.
    """

    steps: int
    warmup: int = 50
    average: float = 0.998
    clip: float = 1.0
    save_every: int = 200
    report_every: int = 50
    seed: int = 1


def rate(step: int, plan: Plan) -> float:
    """The share of the full learning rate at a step: linear warm-up, then half a cosine."""
    if step < plan.warmup:
        return (step + 1) / plan.warmup
    done = (step - plan.warmup) / max(1, plan.steps - plan.warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


class Average:
    """Exponential moving average of a model's trained weights (Polyak), shorter at the start."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self.weights = {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self._decay, (1 + step) / (10 + step))
        current = dict(model.named_parameters())
        names = list(self.weights)
        torch._foreach_lerp_([self.weights[n] for n in names], [current[n].detach() for n in names], 1.0 - decay)

    @torch.no_grad()
    def put_into(self, model: nn.Module) -> None:
        current = dict(model.named_parameters())
        for name, value in self.weights.items():
            current[name].copy_(value)


def run(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    losses: StepLosses,
    plan: Plan,
    checkpoint: Path,
    report: Report | None = None,
    stop_after: int | None = None,
) -> bool:
    """Trains, from the checkpoint if there is one; at the end the model holds the averaged weights.

    Args:
        model: whose trained weights change.
        optimizer: its groups' own rates are the full rates.
        losses: gives a step's weighted losses by name; their sum is minimised.
        plan: how long and how fast.
        checkpoint: the file to resume from and to write.
        report: is told the step and the mean losses now and then.
        stop_after: stops early at this step, for tests and for people in a hurry.

    Returns:
        Whether the plan was completed.
    """
    average = Average(model, plan.average)
    full = [group["lr"] for group in optimizer.param_groups]
    sums: dict[str, float] = {}
    for step in range(_resume(checkpoint, model, optimizer, average), plan.steps):
        if stop_after is not None and step >= stop_after:
            _save(checkpoint, model, optimizer, average, step)
            return False
        for group, lr in zip(optimizer.param_groups, full, strict=True):
            group["lr"] = lr * rate(step, plan)
        _update(optimizer, losses, step, plan, sums)
        average.update(model, step)
        if (step + 1) % plan.report_every == 0:
            _tell(report, step + 1, sums, plan.report_every)
        if (step + 1) % plan.save_every == 0:
            _save(checkpoint, model, optimizer, average, step + 1)
    average.put_into(model)
    return True


def _tell(report: Report | None, step: int, sums: dict[str, float], steps: int) -> None:
    """Reports the mean losses of the last steps, and begins anew."""
    if report:
        report(step, {name: value / steps for name, value in sums.items()})
    sums.clear()


def _update(
    optimizer: torch.optim.Optimizer,
    losses: StepLosses,
    step: int,
    plan: Plan,
    sums: dict[str, float],
) -> None:
    """One step of gradient descent; adds the losses to `sums`."""
    torch.manual_seed(plan.seed * 1_000_003 + step)
    values = losses(step, np.random.default_rng((plan.seed, step)))
    optimizer.zero_grad(set_to_none=True)
    torch.stack(list(values.values())).sum().backward()  # type: ignore[no-untyped-call]
    trained = [p for group in optimizer.param_groups for p in group["params"]]
    nn.utils.clip_grad_norm_(trained, plan.clip)
    optimizer.step()
    for name, value in values.items():
        sums[name] = sums.get(name, 0.0) + float(value.detach())


def _resume(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, average: Average) -> int:
    if not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    device = next(model.parameters()).device
    average.weights = {name: value.to(device) for name, value in state["average"].items()}
    return int(state["step"])


def _save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, average: Average, step: int) -> None:
    """Writes a checkpoint that is whole or not there at all."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "average": average.weights,
        "step": step,
        "time": time.time(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def parameter_groups(named: dict[str, nn.Parameter], lr: float, decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices only: biases, norms, embeddings and temperatures are left alone."""
    plain = [p for n, p in named.items() if p.ndim < 2 or "embedding" in n]
    decayed = [p for n, p in named.items() if not (p.ndim < 2 or "embedding" in n)]
    return [
        {"params": decayed, "lr": lr, "weight_decay": decay},
        {"params": plain, "lr": lr, "weight_decay": 0.0},
    ]
