"""Writes the model card: the template beside this module with the measured figures filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.export import WEIGHTS
from training.tower import Shape

CARD = "README.md"
TEMPLATE = Path(__file__).parent / "model_card.md"
FIGURES = "figures.jsonl"
BOUND = "bound"


def read_figures(work: Path) -> list[dict[str, Any]]:
    """What the stages recorded, oldest first."""
    return [json.loads(line) for line in (work / FIGURES).read_text(encoding="utf-8").splitlines()]


def record(work: Path, figures: Mapping[str, Any]) -> None:
    """Adds one line to the record."""
    with (work / FIGURES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(figures) + "\n")


def write_card(figures: Sequence[Mapping[str, Any]], shape: Shape, counts: Mapping[str, int], folder: Path) -> None:
    """The card of the model in `folder`, which is described by the last line of the record.

    Args:
        figures: the record; one line has the stage "bound" and only text_to_image.
        shape: of the model.
        counts: captioned, captions, labelled, labels (held out) and parameters.
        folder: where the finished model is.
    """
    bound = next(line for line in figures if line["stage"] == BOUND)
    last = figures[-1]
    values = {
        "dimensions": str(shape.embed_dim),
        "image_size": str(shape.image_size),
        "width": str(shape.width),
        "layers": str(shape.layers),
        "context": str(shape.context),
        "megabytes": f"{(folder / WEIGHTS).stat().st_size / 1e6:.1f}",
        "parameters": f"{counts['parameters'] / 1e6:.1f}",
        **{name: f"{counts[name]:,}" for name in ("captioned", "captions", "labelled", "labels")},
        **_ranks("t2i", last["text_to_image"]),
        **_ranks("i2t", last["image_to_text"]),
        **_ranks("bound", bound["text_to_image"]),
        "top1": f"{last['top1']:.1f}",
        "top5": f"{last['top5']:.1f}",
        "growth": _growth([line for line in figures if line["stage"] != BOUND]),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    card = re.sub(r"\[\[(\w+)\]\]", lambda match: values[match[1]], text)
    partial = folder / f"{CARD}.partial"
    partial.write_text(card, encoding="utf-8")
    partial.replace(folder / CARD)


def _ranks(name: str, recall: Mapping[str, float]) -> dict[str, str]:
    return {f"{name}_{k}": f"{recall[f'r@{k}']:.1f}" for k in (1, 5, 10)}


def _growth(figures: Sequence[Mapping[str, Any]]) -> str:
    """A table of the stages in Markdown."""
    lines = [
        "| after | text to image R@1 / R@5 / R@10 | zero-shot top-1 / top-5 |",
        "|---|---|---|",
    ]
    for line in figures:
        ranks = " / ".join(f"{line['text_to_image'][f'r@{k}']:.1f}" for k in (1, 5, 10))
        lines.append(f"| {line['stage']} | {ranks} | {line['top1']:.1f} / {line['top5']:.1f} |")
    return "\n".join(lines)
