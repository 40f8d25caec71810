"""The directions along which a model's vectors are read: one per label, and a fixed yardstick to compare with.

The yardstick is the shipped vocabulary, switched off labels included, as the program ships it. A label's certainty
depends on the picture, on the label and on the yardstick, never on other labels of the user's own: adding,
editing or switching off one label changes no other's score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray, Kind
from app.tags.prototypes import CaptionEncoder, Captions, PrototypeCache, captions_of, normalise
from app.tags.vocabulary import Group, Label, Vocabulary, digest, label_fingerprint
from app.tags.vocabulary_files import load_vocabulary

GROUP_MEAN_SHARE = 0.6
"""How much of its group's mean is taken off a label's prototype: what all animals have in common tells no animal from
another. Measured in tests/benchmarks/bench_tagging.py."""

IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True)
class LabelSpace:
    """Directions of one model and one vocabulary.

    Attributes:
        directions: (r + e, d) float32: the yardstick's r rows, sorted by group, then e rows for labels of the
            person's own wording.
        starts: (g,) first row of each yardstick group.
        group_of: (r + e,) position of the yardstick group that a row is compared with; -1 for all of it.
        labels: the active labels. `rows`: (n,) row of each label's direction.
        shown: (row, rows below it, rows that show it) of labels of the yardstick that other groups show.
        keys: (r + e,) fingerprints of the rows, for cached statistics.
        fingerprint: of model, vocabulary and everything else that decides the directions.
    """

    directions: FloatArray
    starts: IntArray
    group_of: IntArray
    reference_count: int
    labels: tuple[Label, ...]
    rows: IntArray
    shown: tuple[tuple[int, IntArray, IntArray], ...]
    keys: tuple[str, ...]
    groups: Mapping[str, Group]
    fingerprint: str

    @cached_property
    def ancestors(self) -> tuple[tuple[int, int], ...]:
        """(child, ancestor) positions among `labels`, nearest ancestors first."""
        position = {label.name: number for number, label in enumerate(self.labels)}
        vocabulary = Vocabulary(self.groups, {label.name: label for label in self.labels})
        pairs = []
        for number, label in enumerate(self.labels):
            pairs += [(number, position[up]) for up in vocabulary.ancestors(label.name) if up in position]
        return tuple(pairs)

    @cached_property
    def is_identity(self) -> bool:
        """Whether the labels are the yardstick's rows in their order."""
        return np.array_equal(self.rows, np.arange(len(self.directions)))

    def allowed(self, kind: Kind) -> npt.NDArray[np.bool_]:
        """(n,) which labels units of this kind may get."""
        return np.array([kind in self.groups[label.group].kinds for label in self.labels], dtype=bool)


def open_label_space(
    encoder: CaptionEncoder,
    vocabulary: Vocabulary,
    cache: Path,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> LabelSpace:
    """The space of a vocabulary; encodes the captions that the cache lacks."""
    shipped = load_vocabulary(None)
    order = {name: position for position, name in enumerate(shipped.groups)}
    fixed = sorted(shipped.labels.values(), key=lambda label: order[label.group])
    fixed_keys = [label_fingerprint(label, shipped.groups[label.group]) for label in fixed]
    row_of = {key: row for row, key in enumerate(fixed_keys)}
    active = vocabulary.active
    active_keys = [label_fingerprint(label, vocabulary.groups[label.group]) for label in active]
    extra = [number for number, key in enumerate(active_keys) if key not in row_of]
    for number in extra:
        row_of.setdefault(active_keys[number], len(fixed) + extra.index(number))
    captions: list[Captions] = [captions_of(label, shipped.groups[label.group]) for label in fixed]
    captions += [captions_of(active[number], vocabulary.groups[active[number].group]) for number in extra]
    prototypes = PrototypeCache(cache, encoder.info.fingerprint).vectors(encoder, captions, progress)
    groups = [label.group for label in fixed]
    names = list(dict.fromkeys(groups))
    group_of = [names.index(group) for group in groups]
    group_of += [names.index(active[number].group) if active[number].group in names else -1 for number in extra]
    return LabelSpace(
        directions=_directions(prototypes, np.array(group_of), len(fixed)),
        starts=np.array([groups.index(name) for name in names], dtype=np.intp),
        group_of=np.array(group_of, dtype=np.intp),
        reference_count=len(fixed),
        labels=active,
        rows=np.array([row_of[key] for key in active_keys], dtype=np.intp),
        shown=_shown_rows(shipped, fixed),
        keys=(*fixed_keys, *(active_keys[number] for number in extra)),
        groups=vocabulary.groups,
        fingerprint=digest(
            [encoder.info.fingerprint, digest(fixed_keys), vocabulary.fingerprint, str(GROUP_MEAN_SHARE), "shown"]
        ),
    )


def _directions(prototypes: FloatArray, group_of: IntArray, reference_count: int) -> FloatArray:
    """(n, d): prototypes without the share of their yardstick group's mean, at unit length."""
    adjusted = prototypes.copy()
    fixed = prototypes[:reference_count]
    for group in np.unique(group_of):
        members = fixed[group_of[:reference_count] == group] if group >= 0 else fixed
        adjusted[group_of == group] -= GROUP_MEAN_SHARE * members.mean(axis=0)
    return normalise(adjusted)


def _shown_rows(shipped: Vocabulary, fixed: Sequence[Label]) -> tuple[tuple[int, IntArray, IntArray], ...]:
    row = {label.name: number for number, label in enumerate(fixed)}
    relations = []
    for name in dict.fromkeys(group.shows for group in shipped.groups.values() if group.shows):
        below = [row[label.name] for label in fixed if name in shipped.ancestors(label.name)]
        by = [row[label.name] for label in fixed if shipped.groups[label.group].shows == name]
        relations.append((row[name], np.array(below, dtype=np.intp), np.array(by, dtype=np.intp)))
    return tuple(relations)
