"""What is asked of the heads, and that a course of a few steps does what it is for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.conftest import FEW, TINY, sentences
from training import losses
from training.course import Course, Lessons, class_directions
from training.heads import Heads, HeadShape
from training.loop import Plan, rate, run
from training.texts import PairedTokenizer, read_sentences


def heads_of(lessons: Lessons) -> Heads:
    torch.manual_seed(2)
    sharp = lessons.features["sharp"]
    shape = HeadShape(embed_dim=TINY.embed_dim, features=sharp.shape[1], hidden=TINY.hidden)
    return Heads(shape, sharp.mean(0), sharp.std(0) + 1e-3)


def learn(lessons: Lessons, checkpoint: Path, stop_after: int | None = None) -> tuple[Heads, list[dict[str, float]]]:
    heads = heads_of(lessons)
    reports: list[dict[str, float]] = []
    run(
        heads,
        torch.optim.AdamW(heads.parameters(), lr=3e-3),
        Course(heads, lessons, FEW).losses,
        Plan(steps=24, warmup=2, save_every=10, report_every=6),
        checkpoint,
        lambda _step, values: reports.append(values),
        stop_after,
    )
    return heads, reports


def test_the_rate_rises_then_falls() -> None:
    plan = Plan(steps=100, warmup=10)
    rates = [rate(step, plan) for step in range(100)]
    assert rates[0] < rates[9] == 1.0
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.01


def test_the_contrastive_loss_takes_equal_labels_for_right() -> None:
    images = torch.eye(3)
    texts = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 1, 0]])
    positives = torch.tensor([[1, 0, 0], [0, 1, 1], [0, 1, 1]], dtype=torch.bool)
    share, scale = torch.ones(3), torch.tensor(10.0)
    kind = losses.contrastive(images, texts, positives, scale, share)
    assert kind < losses.contrastive(images, texts, torch.eye(3, dtype=torch.bool), scale, share)


def test_a_row_without_weight_costs_nothing() -> None:
    images, texts = torch.eye(3), torch.eye(3)[[0, 2, 1]]
    only_first = torch.tensor([1.0, 0.0, 0.0])
    cost = losses.contrastive(images, texts, torch.eye(3, dtype=torch.bool), torch.tensor(50.0), only_first)
    assert cost < 1e-6


def test_rows_that_match_cost_nothing() -> None:
    vectors = torch.eye(4)
    assert losses.matching(vectors, vectors, 50.0) < 1e-6 < 1 < losses.matching(vectors, vectors.flip(0), 50.0)
    assert losses.imitation(vectors, vectors) == 0
    assert losses.geometry(vectors, vectors, 5.0) == pytest.approx(0, abs=1e-6)


def test_directions_raise_their_own_class(lessons: Lessons) -> None:
    sharp = lessons.features["sharp"].numpy()
    directions = class_directions(lessons.classifier, sharp)
    change = directions @ (lessons.classifier.weight - lessons.classifier.weight.mean(0)).T
    assert np.allclose(np.diag(change), 1, atol=1e-4)
    assert (change.argmax(1) == np.arange(3)).all()


def test_an_english_text_is_the_english_branch_and_a_foreign_one_the_other(lessons: Lessons) -> None:
    heads = heads_of(lessons).eval()
    found = sentences(8)
    english = (found.share == 1)[:, 0]
    with torch.no_grad():
        vectors = heads.texts(found, always=0.0)
        assert torch.allclose(vectors[english], found.english[english], atol=1e-5)
        assert torch.allclose(vectors[~english], heads.texts(found.without_english(), 0.0)[~english], atol=1e-5)


def test_folding_the_standardisation_changes_nothing(lessons: Lessons) -> None:
    heads = heads_of(lessons).eval()
    weight, bias, last = heads.folded_image()
    features = lessons.features["sharp"]
    with torch.no_grad():
        ours = torch.nn.functional.gelu(features @ weight.T + bias) @ last.T
        assert torch.allclose(torch.nn.functional.normalize(ours, dim=-1), heads.images(features), atol=1e-4)


def test_a_few_steps_reduce_every_loss_that_matters(lessons: Lessons, tmp_path: Path) -> None:
    _, reports = learn(lessons, tmp_path / "heads.pt")
    assert len(reports) == 4
    for name in ("pairs", "views", "translations", "imitation"):
        assert reports[-1][name] < reports[0][name], name


def test_a_resumed_course_ends_with_the_same_weights(lessons: Lessons, tmp_path: Path) -> None:
    whole, _ = learn(lessons, tmp_path / "whole.pt")
    learn(lessons, tmp_path / "parts.pt", stop_after=13)
    resumed, _ = learn(lessons, tmp_path / "parts.pt")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_sentences_are_read_once_and_in_order(tower: object, tokenizer: PairedTokenizer, tmp_path: Path) -> None:
    said: list[str] = []
    written = ["dog " * 9, "hund", "dog", ""]
    first = read_sentences(written, tower, tokenizer, tmp_path / "texts", said.append)  # type: ignore[arg-type]
    again = read_sentences(written, tower, tokenizer, tmp_path / "texts", said.append)  # type: ignore[arg-type]
    assert len(said) == 1
    assert torch.equal(first.meaning, again.meaning)
    alone = read_sentences(["dog"], tower, tokenizer, tmp_path / "texts", said.append)  # type: ignore[arg-type]
    assert torch.allclose(first.english[2], alone.english[0], atol=2e-3)
    assert torch.allclose(first.meaning[2], alone.meaning[0], atol=2e-3)
    assert first.share[2] > 0.9 > 0.3 > first.share[1]
