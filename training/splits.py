"""Decides once and for all which photos are trained on and which only measured on.

The choice depends on nothing but the photos' content, so every run, on every machine, holds out the same ones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from training.records import Photo


@dataclass(frozen=True)
class SplitRule:
    """What is held out.

    Attributes:
        captioned_source: the collection whose captions measure retrieval.
        captioned: how many of its photos are held out.
        labels: the zero-shot check asks for this many of the commonest labels.
        share: this part of each such label's photos is held out ...
        most: ... but never more than this many.
    """

    captioned_source: str = "flickr8k"
    captioned: int = 1000
    labels: int = 200
    share: float = 0.1
    most: int = 20


@dataclass(frozen=True)
class Split:
    """Indices into the list of photos; no photo is in two of them.

    Attributes:
        train: the photos to learn from.
        captioned: held out, with all their captions.
        labelled: held out, each with one of `labels`.
        labels: the commonest labels, commonest first.
    """

    train: tuple[int, ...]
    captioned: tuple[int, ...]
    labelled: tuple[int, ...]
    labels: tuple[str, ...]


def split(photos: Sequence[Photo], rule: SplitRule) -> Split:
    """Divides the photos; within each group the ones with the smallest digests are held out."""
    captioned = [i for i, p in enumerate(photos) if p.source == rule.captioned_source and p.captions]
    captioned = sorted(captioned, key=lambda i: photos[i].digest)[: rule.captioned]
    by_label = defaultdict(list)
    for i, photo in enumerate(photos):
        if photo.label and photo.source != rule.captioned_source:
            by_label[photo.label].append(i)
    counts = Counter({label: len(members) for label, members in by_label.items()})
    labels = sorted(counts, key=lambda label: (-counts[label], label))[: rule.labels]
    labelled: list[int] = []
    for label in labels:
        members = sorted(by_label[label], key=lambda i: photos[i].digest)
        labelled += members[: min(rule.most, int(len(members) * rule.share))]
    held_out = {*captioned, *labelled}
    train = tuple(i for i in range(len(photos)) if i not in held_out)
    return Split(train, tuple(captioned), tuple(sorted(labelled)), tuple(labels))


def without_held_out(texts: Sequence[str], photos: Sequence[Photo], held_out: Split) -> list[str]:
    """The texts that do not repeat a caption of a held-out photo, whatever their case and punctuation."""
    taken = {normalised(c) for i in (*held_out.captioned, *held_out.labelled) for c in photos[i].captions}
    return [text for text in texts if normalised(text) not in taken]


def normalised(text: str) -> str:
    """A caption's words alone: the same sentence reaches us with other spacing, case and punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
