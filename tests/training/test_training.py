"""The course of training: steps that help, runs that resume, the whole pipeline on a tiny set."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.conftest import TINY, ToyTeacher
from training import corpus, joint_stage, losses, reading_stage
from training.card import BOUND, CARD
from training.image_teacher import Layer
from training.loop import Plan, parameter_groups, rate, run
from training.material import Sources
from training.pipeline import STAGES, Course, Pipeline, Stage
from training.splits import SplitRule

RECIPE = joint_stage.Recipe(batch=16, extra=4, refresh=2, noise=0.0)
SHORT = Plan(steps=4, warmup=1, save_every=2, report_every=2)
STAGE = Stage(SHORT, RECIPE)
COURSE = Course(
    shape=TINY, text=SHORT, text_batch=16, head=STAGE, words=STAGE, tail=STAGE, joint=STAGE, reading=STAGE, threads=1
)


def make(data: Path, work: Path, layers: list[Layer], course: Course = COURSE, reads: bool = True) -> Pipeline:
    sources = Sources(
        data=data,
        work=work,
        rule=SplitRule(captioned=6, labels=4, share=0.4, most=2),
        amounts=corpus.Amounts(passages=0, fragments=20, bags=20),
        full_views=1,
        captioned_views=1,
        reading=data / "reading" if reads else None,
    )
    return Pipeline(sources, course, layers, ToyTeacher(), say=lambda _: None)


def test_the_rate_rises_then_falls() -> None:
    plan = Plan(steps=100, warmup=10)
    rates = [rate(step, plan) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == pytest.approx(1.0)
    assert rates[99] < 0.01
    assert all(a >= b for a, b in pairwise(rates[10:]))


def test_effort_makes_every_stage_longer() -> None:
    course = Course().scaled(2.0)
    assert course.text.steps == 2 * Course().text.steps
    assert course.tail.plan.steps == 2 * Course().tail.plan.steps
    assert course.joint.plan.steps == 0


def test_the_contrastive_loss_takes_equal_labels_for_right() -> None:
    vectors = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), dim=-1)
    alone = torch.eye(3, dtype=torch.bool)
    groups = losses.positives_of(torch.tensor([0, 0, 1]), torch.eye(3), alike=0.9)
    assert groups.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    scale = torch.tensor(20.0)
    assert losses.contrastive(vectors, vectors, groups, scale) <= losses.contrastive(vectors, vectors, alone, scale)
    assert losses.positives_of(torch.arange(3), torch.ones(3, 1), alike=0.9).all()


def test_a_perfect_imitation_costs_nothing() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(6, 8), dim=-1)
    assert float(losses.imitation(vectors, vectors)) == pytest.approx(0.0, abs=1e-6)
    assert float(losses.geometry(vectors, vectors, 10.0)) == pytest.approx(0.0, abs=1e-5)
    logits = 5.0 * vectors @ vectors.T
    assert float(losses.classification(vectors, vectors, logits, torch.tensor(5.0))) == pytest.approx(0, abs=1e-5)


def test_a_few_steps_reduce_the_loss(data: Path, tmp_path: Path, layers: list[Layer]) -> None:
    pipeline = make(data, tmp_path / "work", layers)
    prepared = pipeline.prepared
    material = joint_stage.Material(prepared.photos, prepared.split.train, pipeline._views, prepared.sentences)
    step = joint_stage.step_losses(pipeline.student, material, prepared.language, prepared.classes, RECIPE)
    optimizer = joint_stage.optimizer(pipeline.student, RECIPE)
    seen: list[float] = []
    run(
        pipeline.student,
        optimizer,
        step,
        Plan(steps=30, warmup=2, report_every=5, save_every=1000),
        tmp_path / "checkpoint",
        lambda _, values: seen.append(sum(values.values())),
    )
    assert seen[-1] < 0.9 * seen[0]


def test_what_is_read_together_means_alike() -> None:
    random = np.random.default_rng(0)
    centres = random.normal(size=(3, 16))
    subject = np.repeat([0, 1, 2], 300)
    vectors = centres[subject] + 0.1 * random.normal(size=(900, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = reading_stage.neighbourhoods(vectors.astype(np.float16))
    assert sorted(groups.order) == list(range(900))
    drawn = groups.draw(reading_stage.TOGETHER, random)
    assert len(set(drawn)) == reading_stage.TOGETHER
    assert len(set(subject[drawn])) == 1


def test_reading_brings_the_tower_nearer_to_the_teacher(data: Path, tmp_path: Path, layers: list[Layer]) -> None:
    pipeline = make(data, tmp_path / "work", layers)
    prepared, student = pipeline.prepared, pipeline.student
    material = joint_stage.Material(prepared.photos, prepared.split.train, pipeline._views, prepared.sentences)
    language = prepared.wide_language
    assert len(language.tokens) > len(prepared.language.tokens)
    groups = reading_stage.neighbourhoods(language.vectors)
    target = reading_stage.bridge(student, prepared.language)
    step = reading_stage.step_losses(student, material, language, prepared.classes, groups, target, RECIPE)
    seen: list[dict[str, float]] = []
    plan = Plan(steps=40, warmup=2, report_every=5, save_every=1000)
    optimizer = joint_stage.optimizer(student, replace(RECIPE, text_rate=2e-3))
    run(student, optimizer, step, plan, tmp_path / "checkpoint", lambda _, values: seen.append(values))
    assert seen[-1]["geometry"] < 0.8 * seen[0]["geometry"]
    assert seen[-1]["imitation"] < seen[0]["imitation"]


def test_a_resumed_run_ends_with_the_same_weights(tmp_path: Path) -> None:
    def train(name: str, pauses: tuple[int, ...]) -> torch.Tensor:
        path = tmp_path / name
        for stop in (*pauses, None):
            torch.manual_seed(0)
            model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
            optimizer = torch.optim.AdamW(parameter_groups(dict(model.named_parameters()), 0.01, 0.1))

            def loss(
                _step: int, random: np.random.Generator, model: torch.nn.Module = model
            ) -> dict[str, torch.Tensor]:
                x = torch.from_numpy(random.normal(size=(16, 4)).astype(np.float32))
                return {"loss": (model(x)[:, 0] - x.sum(1)).pow(2).mean()}

            run(model, optimizer, loss, Plan(steps=20, warmup=3, save_every=5), path, stop_after=stop)
        return torch.cat([p.detach().flatten() for p in model.parameters()])

    assert torch.equal(train("whole", ()), train("paused", (4, 11)))


def test_without_anything_to_read_the_last_stage_is_left_out(data: Path, tmp_path: Path, layers: list[Layer]) -> None:
    none = Stage(replace(SHORT, steps=0), RECIPE)
    course = replace(COURSE, words=none, tail=none, joint=none)
    make(data, tmp_path / "work", layers, course, reads=False).run()
    assert not (tmp_path / "work" / "reading.done.pt").exists()


def test_the_pipeline_runs_resumes_and_exports(data: Path, tmp_path: Path, layers: list[Layer]) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    pipeline = make(data, work, layers)
    held_out = {pipeline.prepared.photos[i].digest for i in pipeline.prepared.split.captioned}
    figures = pipeline.run()
    pipeline.export(out)
    lines = [json.loads(line) for line in (work / "figures.jsonl").read_text().splitlines()]
    assert [line["stage"] for line in lines if line["stage"] != BOUND] == [*STAGES, "export"]
    assert 0 <= figures.text_to_image.at_1 <= figures.text_to_image.at_10 <= 100
    assert {p.name for p in out.iterdir()} == {CARD, "open_clip_config.json", "open_clip_model.safetensors"}
    assert "[[" not in (out / CARD).read_text()
    stages = [line for line in lines if line["stage"] != BOUND]
    assert stages[-2]["text_to_image"] == figures.as_json()["text_to_image"]
    for line in stages:
        assert f"| {line['stage']} | {line['text_to_image']['r@1']:.1f} /" in (out / CARD).read_text()
    assert (
        f"Zero-shot over the 4 commonest labels, 8 photos: top-1 {lines[-1]['top1']:.1f} %" in (out / CARD).read_text()
    )
    # Nothing is trained again, and the same photos are held out.
    again = make(data, work, layers, replace(COURSE, joint=Stage(replace(SHORT, steps=10_000), RECIPE)))
    assert {again.prepared.photos[i].digest for i in again.prepared.split.captioned} == held_out
    assert again.run() == figures
    trained_on = again.prepared.split.train
    assert not held_out & {again.prepared.photos[i].digest for i in trained_on}
    captions = {c for i in again.prepared.split.captioned for c in again.prepared.photos[i].captions}
    assert not captions & set(again.prepared.texts)
