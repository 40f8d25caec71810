"""From the data folder to the finished model, stage by stage; every stage resumes where it was stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from training import card, export, image_stage, joint_stage, reading_stage, text_stage
from training.image_teacher import Layer
from training.loop import Plan, Report, run
from training.material import Prepared, Sources
from training.text_teacher import TextTeacher
from training.tower import Shape, build, load_teacher
from training.validation import Check, Figures

STAGES = ("text", "head", "words", "tail", "joint", "reading")


@dataclass(frozen=True)
class Stage:
    """How long a stage takes, and its rates and weights; with no steps it is passed over."""

    plan: Plan
    recipe: joint_stage.Recipe


def _stage(steps: int, **recipe: float) -> Stage:
    return Stage(Plan(steps=steps), replace(joint_stage.Recipe(), **recipe))  # type: ignore[arg-type]


# The rates of the first stage again: there is far more to read than was read before.
READING = {"batch": 224, "extra": 224, "head_rate": 2e-4, "text_rate": 8e-4, "imitation": 4.0, "geometry": 1.0}


@dataclass(frozen=True)
class Course:
    """The whole course of training.

    The defaults are close to what made the shipped model, whose stages were run one by one on fewer sentences and
    views (its tail began at the head's end, beside the words). `joint` is for those who have the time: the shipped
    model did without. `reading` needs running text and is left out without it; the shipped model's was planned for
    3,600 steps and brought to its end sooner, and read more of the dictionaries than of the rest.

    Attributes:
        shape: of the student.
        text: how long the text tower learns from sentences alone.
        text_batch: sentences a step of that stage.
        head, words, tail, joint, reading: the further stages.
        device: "cpu" or "cuda".
        threads: of PyTorch on the CPU; 0 leaves the choice to it.
    """

    shape: Shape = field(default_factory=Shape)
    text: Plan = field(default_factory=lambda: Plan(steps=1050))
    text_batch: int = 256
    head: Stage = field(default_factory=lambda: _stage(600, batch=1024, noise=0.4))
    words: Stage = field(default_factory=lambda: _stage(300, extra=128, text_rate=4e-4))
    tail: Stage = field(default_factory=lambda: _stage(600, noise=0.3, head_rate=4e-4, tail_rate=3e-4))
    joint: Stage = field(default_factory=lambda: _stage(0, head_rate=1e-4, tail_rate=1e-4, text_rate=1e-4))
    reading: Stage = field(default_factory=lambda: _stage(2850, **READING))
    device: str = "cpu"
    threads: int = 0

    def scaled(self, effort: float) -> Course:
        """The course with every stage made longer or shorter."""
        stages = {name: getattr(self, name) for name in STAGES[1:]}
        longer = {name: replace(stage, plan=_longer(stage.plan, effort)) for name, stage in stages.items()}
        return replace(self, text=_longer(self.text, effort), **longer)


def _longer(plan: Plan, effort: float) -> Plan:
    return replace(plan, steps=round(plan.steps * effort))


class Pipeline:
    """One training of the starter."""

    def __init__(
        self,
        sources: Sources,
        course: Course,
        layers: Sequence[Layer],
        teacher: TextTeacher,
        say: Callable[[str], None] = print,
    ) -> None:
        self.course, self._say, self._work = course, say, sources.work
        self.prepared = Prepared(sources, course.shape, layers, teacher, say)
        if course.threads:
            torch.set_num_threads(course.threads)
        torch.manual_seed(course.text.seed)
        self.model: Any = build(course.shape)
        load_teacher(self.model.visual.trunk, layers)
        self._views = self.prepared.views(self.model.visual.trunk)
        self.student = joint_stage.Student(self.model, course.shape.side).to(course.device)
        self._check = Check(self.prepared.photos, self.prepared.split, self._views[0], course.shape.context)

    def run(self) -> Figures:
        """All stages; returns what the finished student reaches on the held-out photos."""
        stages = (self._text, self._head, self._words, self._tail, self._joint, self._reading)
        for name, stage in zip(STAGES, stages, strict=True):
            done = self._work / f"{name}.done.pt"
            if done.exists():
                self.student.load_state_dict(torch.load(done, weights_only=True))
                continue
            plan = getattr(self.course, name)
            if not (plan.steps if isinstance(plan, Plan) else plan.plan.steps):
                continue
            if name == "reading" and self.prepared.sources.reading is None:
                continue
            self._say(f"stage {name}")
            stage()
            torch.save(self.student.state_dict(), done)
            self._record(name, self._check.measure(self.student))
        return self._check.measure(self.student)

    def export(self, folder: Path) -> None:
        """Writes the finished model and its card, with the figures of the very files it wrote."""
        self.student.finish()
        export.export(self.model, self.course.shape, folder)
        self._record("export", self._check.measure_finished(export.load(folder), self.course.shape.image_size))
        counts = {**self._check.counts(), "parameters": sum(p.numel() for p in self.model.parameters())}
        card.write_card(card.read_figures(self._work), self.course.shape, counts, folder)

    def _text(self) -> None:
        language = self.prepared.language
        text_stage.start_embedding(self.model, self.prepared.teacher)
        losses = text_stage.step_losses(self.model, language.tokens, language.vectors, self.course.text_batch)
        optimizer = text_stage.optimizer(self.model)
        run(self.student, optimizer, losses, self.course.text, self._checkpoint("text"), self._report("text"))

    def _head(self) -> None:
        self._images("head", self.course.head, head_only=True)

    def _tail(self) -> None:
        self._images("tail", self.course.tail, head_only=False)

    def _images(self, name: str, stage: Stage, head_only: bool) -> None:
        """The image tower against the text teacher's vectors; the bridge ends in the text tower's projection."""
        bridged = image_stage.Bridged(self.student).to(self.course.device)
        path = self._work / "bridge.pt"
        if path.exists():
            with torch.no_grad():
                bridged.bridge.copy_(torch.load(path, weights_only=True))
        before = bridged.bridge.detach().clone()
        losses = image_stage.step_losses(
            bridged, self._material(), self.prepared.language, self._classes(), stage.recipe, head_only
        )
        optimizer = image_stage.optimizer(bridged, stage.recipe, head_only)
        run(bridged, optimizer, losses, stage.plan, self._checkpoint(name), self._report(name))
        torch.save(bridged.bridge.detach().cpu(), path)
        if head_only:
            bound = self._check.bound(bridged, self.prepared.teacher)
            card.record(self._work, {"stage": card.BOUND, "text_to_image": bound.as_json()})
        bridged.finish(before)

    def _words(self) -> None:
        self._both("words", self.course.words, words_only=True)

    def _joint(self) -> None:
        self._both("joint", self.course.joint, words_only=False)

    def _reading(self) -> None:
        """The text tower and the head, with the image tower below it as it will be shipped."""
        prepared, stage = self.prepared, self.course.reading
        self.student.finish()
        finished = prepared.finished_views(self.model.visual.trunk)
        material = joint_stage.Material(prepared.photos, prepared.split.train, finished, prepared.sentences)
        language = prepared.wide_language
        groups = reading_stage.neighbourhoods(language.vectors)
        target = reading_stage.bridge(self.student, prepared.language)
        losses = reading_stage.step_losses(
            self.student, material, language, self._classes(), groups, target, stage.recipe
        )
        optimizer = joint_stage.optimizer(self.student, stage.recipe)
        run(self.student, optimizer, losses, stage.plan, self._checkpoint("reading"), self._report("reading"))

    def _both(self, name: str, stage: Stage, words_only: bool) -> None:
        """Our own text tower with the photos."""
        losses = joint_stage.step_losses(
            self.student, self._material(), self.prepared.language, self._classes(), stage.recipe, words_only
        )
        optimizer = joint_stage.optimizer(self.student, stage.recipe)
        run(self.student, optimizer, losses, stage.plan, self._checkpoint(name), self._report(name))

    def _material(self) -> joint_stage.Material:
        prepared = self.prepared
        return joint_stage.Material(prepared.photos, prepared.split.train, self._views, prepared.sentences)

    def _classes(self) -> joint_stage.Classes:
        classes, device = self.prepared.classes, self.course.device
        return replace(classes, weight=classes.weight.to(device), bias=classes.bias.to(device))

    def _checkpoint(self, stage: str) -> Path:
        return self._work / f"{stage}.checkpoint"

    def _report(self, stage: str) -> Report:
        started = time.monotonic()

        def report(step: int, values: dict[str, float]) -> None:
            losses = ", ".join(f"{name} {value:.3f}" for name, value in values.items())
            self._say(f"{stage} step {step}: {losses} ({time.monotonic() - started:.0f} s)")

        return report

    def _record(self, stage: str, figures: Figures) -> None:
        """Keeps the held-out figures: how the model grew."""
        self._say(f"{stage}: {figures.as_json()}")
        card.record(self._work, {"stage": stage, **figures.as_json()})
