"""Proposes tags for units from their vectors: fast enough to be called for every batch that is indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.core.records import FloatArray, Kind, UnitType
from app.tags.calibration import Calibration, calibrate
from app.tags.label_space import LabelSpace, open_label_space
from app.tags.prototypes import CaptionEncoder
from app.tags.scoring import BLOCK, certainties, sigmoid
from app.tags.vocabulary import Vocabulary, digest

MAX_STORED, MAX_SHOWN = 15, 5
"""Proposals kept with a unit, and shown with it."""
TAUGHT_GROUP = "taught"
IMAGE, TEXT = "image", "text"
_MIN_TEXT_CERTAINTY = 0.8
"""Passages must be surer: what a text is about is less certain than what a picture shows, and is not calibrated."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tag that the model would give. `certainty` 0-1: of proposals at 0.8, about 80 in 100 are right."""

    label: str
    certainty: float
    group: str

    def as_json(self) -> dict[str, object]:
        return {"label": self.label, "certainty": round(self.certainty, 3), "group": self.group}


@dataclass(frozen=True)
class LinearProbe:
    """A taught tag ready for use: certainty = sigmoid(x . direction + bias)."""

    name: str
    direction: FloatArray
    bias: float
    threshold: float = 0.5
    fingerprint: str = ""


class SupportsSamples(Protocol):
    """What tagging needs of `app.table.Statistics`."""

    @property
    def samples(self) -> Mapping[str, FloatArray]:
        """ "image" and "text" -> (n, d) vectors of the library; either may be absent."""
        ...


@dataclass(frozen=True)
class LibrarySamples:
    """Some of a library's samples, or none for a library that has nothing yet."""

    samples: Mapping[str, FloatArray]


NO_SAMPLES = LibrarySamples({})


@dataclass(frozen=True, slots=True)
class RankedProposals:
    """Proposals of n units as arrays, best first within a unit.

    Attributes:
        starts: (n + 1,) where each unit's proposals begin in the other two.
        labels: (k,) positions in `Tagger.names`. `certainties`: (k,) float32.
    """

    starts: npt.NDArray[np.intp]
    labels: npt.NDArray[np.intp]
    certainties: FloatArray


class Tagger:
    """A vocabulary, calibrated for one library and one model. Immutable; any thread may use it.

    Attributes:
        names: all labels, taught tags last; `groups` their groups.
        fingerprint: of everything that decides the proposals; stored with each row.
    """

    def __init__(
        self,
        space: LabelSpace,
        calibrations: Mapping[str, Calibration],
        taught: Sequence[LinearProbe],
        of_texts: LabelSpace | None = None,
    ) -> None:
        self.space = space
        self._spaces = {IMAGE: space, TEXT: of_texts or space}
        self.taught = tuple(taught)
        self._calibrations = calibrations
        self.names = (*(label.name for label in space.labels), *(tag.name for tag in taught))
        self.groups = (*(label.group for label in space.labels), *(TAUGHT_GROUP for _ in taught))
        self.fingerprint = digest(
            [
                *dict.fromkeys(one.fingerprint for one in self._spaces.values()),
                *(f"{modality}:{calibration.fingerprint}" for modality, calibration in sorted(calibrations.items())),
                *(tag.fingerprint for tag in taught),
            ]
        )
        self._limits = {kind: self._limits_for(*kind) for kind in _KINDS}
        by_examples = {tag.name for tag in taught}
        self._hidden = [number for number, label in enumerate(space.labels) if label.name in by_examples]
        self._group_of = dict(zip(self.names, self.groups, strict=True))
        # Of equally certain labels the narrower one goes first.
        self._depth = np.zeros(len(self.names), dtype=np.intp)
        for child, _ in space.ancestors:
            self._depth[child] += 1

    @classmethod
    def open(
        cls,
        encoder: CaptionEncoder,
        vocabulary: Vocabulary,
        statistics: SupportsSamples,
        cache: Path,
        taught: Sequence[LinearProbe] = (),
        progress: Callable[[int, int], None] = lambda *_: None,
        passages: CaptionEncoder | None = None,
    ) -> Tagger:
        """Encodes what the caches lack (a minute for another model, nothing on the next start) and calibrates.

        Args:
            cache: `Places.cache`; everything written there can be deleted.
            passages: what made the vectors of passages, where that is not `encoder`.
        """
        space = of_texts = open_label_space(encoder, vocabulary, cache, progress)
        if passages is not None:  # what an encoder of its own made is read along directions of its own
            of_texts = open_label_space(passages, vocabulary, cache, progress)
        calibrations = {
            modality: calibrate(
                statistics.samples.get(modality, np.zeros((0, read.directions.shape[1]), np.float32)),
                read,
                cache / "tags" / f"background-{made_by.info.fingerprint[:16]}-{modality}.npz",
            )
            for modality, read, made_by in ((IMAGE, space, encoder), (TEXT, of_texts, passages or encoder))
        }
        text = calibrations[TEXT]
        stricter = {group: max(_MIN_TEXT_CERTAINTY, value) for group, value in text.thresholds.items()}
        calibrations[TEXT] = replace(text, thresholds=stricter)
        return cls(space, calibrations, taught, of_texts)

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Group -> lowest certainty proposed for pictures."""
        return self._calibrations[IMAGE].thresholds

    def group_of(self, label: str) -> str:
        """The group of a label, or "" for one that is not looked for (any more)."""
        return self._group_of.get(label, "")

    def propose(self, vectors: FloatArray, units: Sequence[UnitType]) -> list[tuple[Proposal, ...]]:
        """At most `STORED` proposals for each of n units, best first.

        Args:
            vectors: (n, d) float32, unit length; aligned with `units`.
        """
        proposals: list[tuple[Proposal, ...]] = []
        for ranking in self.rank(vectors, units):
            labels, values = ranking.labels.tolist(), ranking.certainties.tolist()
            for first, last in zip(ranking.starts[:-1].tolist(), ranking.starts[1:].tolist(), strict=True):
                proposals.append(
                    tuple(
                        Proposal(self.names[label], value, self.groups[label])
                        for label, value in zip(labels[first:last], values[first:last], strict=True)
                    )
                )
        return proposals

    def rank(self, vectors: FloatArray, units: Sequence[UnitType]) -> Iterator[RankedProposals]:
        """The same as arrays, block by block; memory is one block."""
        kinds = np.array([_KIND_NUMBER[unit] for unit in units], dtype=np.intp)
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        for start in range(0, len(vectors), BLOCK):
            yield self._ranked(*self._certain(vectors[start : start + BLOCK], kinds[start : start + BLOCK]))

    # ---- inside

    def _certain(self, vectors: FloatArray, kinds: npt.NDArray[np.intp]) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
        """(n, labels) certainties, and whether each is proposed."""
        values = np.zeros((len(vectors), len(self.names)), dtype=np.float32)
        proposed = np.zeros(values.shape, dtype=bool)
        for number, (kind, modality) in enumerate(_KINDS):
            of_kind = kinds == number
            if not of_kind.any():
                continue
            whole = bool(of_kind.all())
            scores = self._certainties(vectors if whole else vectors[of_kind], modality)
            above_threshold = scores >= self._limits[kind, modality]
            if whole:
                values, proposed = scores, above_threshold
            else:
                values[of_kind], proposed[of_kind] = scores, above_threshold
        proposed[:, self._hidden] = False  # a label of this name that was taught is known better by its examples
        for child, ancestor in self.space.ancestors:
            # A duck is a bird: what holds for the narrower label holds for the wider one.
            above_threshold = proposed[:, child]
            if above_threshold.any():
                values[above_threshold, ancestor] = np.maximum(
                    values[above_threshold, ancestor], values[above_threshold, child]
                )
                proposed[above_threshold, ancestor] = True
        return values, proposed

    def _certainties(self, vectors: FloatArray, modality: str) -> FloatArray:
        scores = certainties(vectors, self._spaces[modality], self._calibrations[modality].background)
        if not self.taught:
            return scores
        result: FloatArray = np.concatenate([scores, self._taught_certainties(vectors)], axis=1)
        return result

    def _ranked(self, values: FloatArray, proposed: npt.NDArray[np.bool_]) -> RankedProposals:
        rows, labels = np.nonzero(proposed)
        certain = values[rows, labels]
        order = np.lexsort((-self._depth[labels], -certain, rows))
        rows, labels, certain = rows[order], labels[order], certain[order]
        counts = np.bincount(rows, minlength=len(values))
        first = np.concatenate([[0], np.cumsum(counts)])
        kept = np.arange(len(rows)) - first[rows] < MAX_STORED
        starts = np.concatenate([[0], np.cumsum(np.minimum(counts, MAX_STORED))])
        return RankedProposals(starts, labels[kept], certain[kept])

    def _taught_certainties(self, vectors: FloatArray) -> FloatArray:
        directions = np.stack([tag.direction for tag in self.taught])
        bias = np.array([tag.bias for tag in self.taught], dtype=np.float32)
        return sigmoid((vectors @ directions.T + bias).astype(np.float32))

    def _limits_for(self, kind: Kind, modality: str) -> FloatArray:
        """(labels,) the lowest certainty proposed; 2 where a label is not for units of this kind."""
        thresholds = self._calibrations[modality].thresholds
        limits = [thresholds[label.group] for label in self.space.labels]
        # A taught tag learnt from pictures says nothing about texts.
        limits += [tag.threshold if modality == IMAGE else 2.0 for tag in self.taught]
        result = np.array(limits, dtype=np.float32)
        result[: len(self.space.labels)][~self.space.allowed(kind)] = 2.0
        return result


_KINDS = ((Kind.PHOTO, IMAGE), (Kind.DOCUMENT, IMAGE), (Kind.DOCUMENT, TEXT))
_KIND_NUMBER = {UnitType.PHOTO: 0, UnitType.PAGE: 1, UnitType.PASSAGE: 2, UnitType.FILE: 0}
