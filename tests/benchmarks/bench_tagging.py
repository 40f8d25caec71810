"""How good proposed tags are, against the naive way: bare nouns and one threshold.

    python -m tests.benchmarks.bench_tagging DATA [--model NAME]

DATA is the folder that `training.material` describes; only its held-out photos (held_out-*.parquet with source, label,
captions, jpeg) are used. Per group of labels: precision of the five best proposals of each
photo and recall, both over what the photos' labels can tell (tests/benchmarks/tag_truth.py); then the reliability
curve. The naive way gets the best threshold in hindsight, which nobody has in life. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray, UnitType
from app.tags.prototypes import normalise
from app.tags.scoring import BLOCK, certainties
from app.tags.tagger import MAX_SHOWN, Tagger
from app.tags.vocabulary import Vocabulary
from app.tags.vocabulary_files import load_vocabulary
from tests.benchmarks.tag_truth import Truth, truth_of

BoolArray = npt.NDArray[np.bool_]
_BATCH = 64


@dataclass(frozen=True)
class Judged:
    """What is known of n photos and L labels.

    Attributes:
        right, judged: (n, L); a proposal counts only where it is judged.
        groups: (L,) group of each label.
    """

    right: BoolArray
    judged: BoolArray
    groups: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Samples:
    samples: Mapping[str, FloatArray]


def judge(vocabulary: Vocabulary, truths: Sequence[Truth]) -> Judged:
    names = [label.name for label in vocabulary.active]
    groups = np.array([label.group for label in vocabulary.active])
    column = {name: number for number, name in enumerate(names)}
    right = np.zeros((len(truths), len(names)), dtype=bool)
    judged = np.zeros_like(right)
    for row, truth in enumerate(truths):
        judged[row] = np.isin(groups, list(truth.judged))
        judged[row, [column[name] for name in truth.open if name in column]] = False
        right[row, [column[name] for name in truth.right if name in column]] = True
    return Judged(right & judged, judged, groups)


def ours(tagger: Tagger, vectors: FloatArray) -> BoolArray:
    """(n, L) whether a label is among the five best proposals of a photo."""
    shown = np.zeros((len(vectors), len(tagger.names)), dtype=bool)
    column = {name: number for number, name in enumerate(tagger.names)}
    for row, proposals in enumerate(tagger.propose(vectors, [UnitType.PHOTO] * len(vectors))):
        shown[row, [column[proposal.label] for proposal in proposals[:MAX_SHOWN]]] = True
    return shown


def naive(scores: FloatArray, threshold: float) -> BoolArray:
    """(n, L) the five best labels of a photo, where their cosine is above one threshold for all."""
    best = np.zeros(scores.shape, dtype=bool)
    top = np.argpartition(-scores, MAX_SHOWN, axis=1)[:, :MAX_SHOWN]
    np.put_along_axis(best, top, True, axis=1)
    return best & (scores >= threshold)


def best_threshold(scores: FloatArray, known: Judged) -> float:
    """The threshold with the best F1 over everything that is judged."""
    candidates = np.quantile(scores, np.linspace(0.9, 0.9999, 120))
    return float(max(candidates, key=lambda value: f1(naive(scores, value), known)))


def f1(shown: BoolArray, known: Judged) -> float:
    precision, recall = figures(shown, known)
    return 2 * precision * recall / max(1e-9, precision + recall)


def figures(shown: BoolArray, known: Judged, group: str | None = None) -> tuple[float, float]:
    """Precision and recall, of one group or of all."""
    columns = known.groups == group if group else np.ones(len(known.groups), dtype=bool)
    counted = (shown & known.judged)[:, columns]
    hits = int((counted & known.right[:, columns]).sum())
    return hits / max(1, int(counted.sum())), hits / max(1, int(known.right[:, columns].sum()))


def all_certainties(tagger: Tagger, vectors: FloatArray) -> FloatArray:
    background = tagger._calibrations["image"].background
    blocks = [certainties(vectors[i : i + BLOCK], tagger.space, background) for i in range(0, len(vectors), BLOCK)]
    return np.concatenate(blocks)


def reliability(stated: FloatArray, known: Judged) -> tuple[list[tuple[float, float, int]], float]:
    """(mean stated, share right, count) per tenth of certainty, and the expected calibration error from 0.2 up."""
    values, right = stated[known.judged], known.right[known.judged]
    rows = []
    for low in np.arange(0, 1, 0.1):
        inside = (values >= low) & (values < low + 0.1)
        if inside.any():
            rows.append((float(values[inside].mean()), float(right[inside].mean()), int(inside.sum())))
    sure = [row for row in rows if row[0] >= 0.2]
    error = sum(abs(said - true) * count for said, true, count in sure) / max(1, sum(count for *_, count in sure))
    return rows, error


def report(tagger: Tagger, vectors: FloatArray, nouns: FloatArray, known: Judged) -> None:
    """Print everything."""
    scores = vectors @ nouns.T
    threshold = best_threshold(scores, known)
    mine, plain = ours(tagger, vectors), naive(scores, threshold)
    print(f"\n{len(vectors):,} photos, {known.judged.shape[1]} labels, {int(known.right.sum()):,} true pairs")
    print(f"\n{'':14}{'precision@5':>14}{'recall':>9}   | bare nouns, one threshold ({threshold:.3f})")
    for group in [*dict.fromkeys(known.groups.tolist()), None]:
        if group and not known.right[:, known.groups == group].any():
            continue
        (p, r), (q, s) = figures(mine, known, group), figures(plain, known, group)
        print(f"{group or 'all':14}{p:14.2f}{r:9.2f}   | {q:11.2f}{s:9.2f}")
    print(f"{'F1 of all':14}{f1(mine, known):14.2f}{'':9}   | {f1(plain, known):11.2f}")
    print(f"tags shown per photo: {mine.sum() / len(mine):.2f}, naive {plain.sum() / len(plain):.2f}")
    rows, error = reliability(all_certainties(tagger, vectors), known)
    print("\ncertainty stated -> share right (proposals judged)")
    for said, true, count in rows:
        print(f"  {said:.2f} -> {true:.2f}  ({count:,})")
    print(f"expected calibration error from 0.2 up: {error:.3f}")
    print("thresholds:", ", ".join(f"{name} {value:.2f}" for name, value in tagger.thresholds.items()))


def held_out(data: Path) -> tuple[list[Any], list[Truth]]:
    """The photos the starter was not trained on, and what is true of them."""
    from training.material import HELD_OUT
    from training.records import read_photos

    chosen = read_photos(data, HELD_OUT)
    vocabulary = load_vocabulary()
    truths = [truth_of(vocabulary, photo.source, photo.label, photo.captions) for photo in chosen]
    kept = [number for number, truth in enumerate(truths) if truth.judged]
    return [chosen[number] for number in kept], [truths[number] for number in kept]


def encoded(encoder: Any, photos: Sequence[Any]) -> FloatArray:
    blocks = []
    for start in range(0, len(photos), _BATCH):
        pixels = np.stack([encoder.preprocess.apply(photo.open()) for photo in photos[start : start + _BATCH]])
        blocks.append(encoder.encode_images(pixels))
    return np.concatenate(blocks)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path, help="folder with held_out-*.parquet")
    parser.add_argument("--model", help="an installed model; without it the current one, or the starter")
    arguments = parser.parse_args()
    from app.core.paths import app_dirs
    from app.models import load, load_named

    here = app_dirs()
    here.create()
    encoder = load_named(here, arguments.model) if arguments.model else load(here)
    photos, truths = held_out(arguments.data)
    vectors = encoded(encoder, photos)
    vocabulary = load_vocabulary()
    nouns = normalise(encoder.encode_texts([label.name for label in vocabulary.active]))
    with tempfile.TemporaryDirectory() as cache:
        samples = Samples({"image": vectors[np.random.default_rng(0).permutation(len(vectors))[:4096]]})
        tagger = Tagger.open(encoder, vocabulary, samples, Path(cache))
        print(f"model {encoder.info.name}")
        report(tagger, vectors, nouns, judge(vocabulary, truths))
    encoder.close()


if __name__ == "__main__":
    main()
