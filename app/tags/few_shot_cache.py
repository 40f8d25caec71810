"""The taught tags of one library: their examples' vectors found, learnt, and kept until an example changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample
from app.core.arrays import read_arrays, write_arrays
from app.core.records import FloatArray
from app.tags.calibration import size_stage
from app.tags.few_shot import ProbeQuality, TrainedProbe, stack_rows, train_probe
from app.tags.tagger import IMAGE, LinearProbe, SupportsSamples
from app.tags.vocabulary import digest

EmbedFile = Callable[[str], FloatArray | None]
"""Stored path -> (d,) vector of a picture, or None when it cannot be read."""
_SQL_BATCH = 400


class SupportsVectors(Protocol):
    """What is needed of `app.table.IndexReader`."""

    def columns(self, names: Sequence[str], condition: str | None = None) -> Any: ...

    def embeddings(self, ids: Sequence[str]) -> tuple[list[str], FloatArray]: ...


class FewShotCache:
    """Learns and remembers taught tags for one model.

    Args:
        reader: where the vectors of indexed examples are; None before anything is indexed.
        embed: for examples that are not in the index.
    """

    def __init__(
        self,
        decisions: AnnotationStore,
        model_fingerprint: str,
        cache: Path,
        reader: SupportsVectors | None,
        embed: EmbedFile | None = None,
    ) -> None:
        self._decisions = decisions
        self._folder = cache / "tags"
        self._model = model_fingerprint[:16]
        self._outside = self._folder / f"examples-{self._model}.npz"
        self._reader = reader
        self._embed = embed

    def all(self, statistics: SupportsSamples) -> dict[str, TrainedProbe]:
        """Every taught tag that has a readable positive example."""
        lessons = {name: self.lesson(name, statistics) for name in self._decisions.taught()}
        return {name: lesson for name, lesson in lessons.items() if lesson is not None}

    def lesson(self, name: str, statistics: SupportsSamples) -> TrainedProbe | None:
        """One taught tag, learnt anew only where its examples, the model or the library's size class changed."""
        examples = self._decisions.examples(name)
        library = statistics.samples.get(IMAGE)
        stage = size_stage(len(library) if library is not None else 0)
        example_keys = sorted(f"{example.content_hash}{'+' if example.positive else '-'}" for example in examples)
        key = digest([name, self._model, str(stage), *example_keys])
        path = self._folder / f"lesson-{digest([name])}-{self._model}.npz"
        cached = _load(path, name, key)
        if cached is not None:
            return cached
        vectors = self._vectors(examples)
        positives = [vectors[e.content_hash] for e in examples if e.positive and e.content_hash in vectors]
        if not positives:
            return None
        negatives = [vectors[e.content_hash] for e in examples if not e.positive and e.content_hash in vectors]
        dimension = len(positives[0])
        sample = library if library is not None else np.zeros((0, dimension), np.float32)
        lesson = train_probe(name, stack_rows(positives, dimension), stack_rows(negatives, dimension), sample, key)
        _save(path, lesson)
        return lesson

    def _vectors(self, examples: Iterable[TagExample]) -> dict[str, FloatArray]:
        example_list = list(examples)
        hashes = [example.content_hash for example in example_list]
        cached_vectors = self._kept_vectors()
        found = {hash_: cached_vectors[hash_] for hash_ in hashes if hash_ in cached_vectors}
        if self._reader is not None:
            found |= vectors_by_hash(self._reader, hashes)
        embedded = {}
        for example in example_list:
            if example.content_hash not in found and example.path and self._embed is not None:
                vector = self._embed(example.path)
                if vector is not None:
                    embedded[example.content_hash] = vector
        if embedded:
            self._keep_vectors(cached_vectors | embedded)
        return found | embedded

    def _kept_vectors(self) -> dict[str, FloatArray]:
        """Vectors of examples outside the index, embedded earlier: the indexer has no picture to embed them from."""
        data = read_arrays(self._outside)
        try:
            return dict(zip(data["hashes"].tolist(), data["vectors"].astype(np.float32), strict=True)) if data else {}
        except (ValueError, KeyError):
            return {}

    def _keep_vectors(self, vectors: Mapping[str, FloatArray]) -> None:
        write_arrays(self._outside, hashes=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))


def vectors_by_hash(reader: SupportsVectors, hashes: Sequence[str]) -> dict[str, FloatArray]:
    """Content hash -> (d,) vector of its first unit that has one and is a picture."""
    first: dict[str, tuple[int, str]] = {}
    for start in range(0, len(hashes), _SQL_BATCH):
        quoted = ", ".join("'" + value.replace("'", "''") + "'" for value in hashes[start : start + _SQL_BATCH])
        condition = f"vector IS NOT NULL AND unit IN ('photo', 'page') AND content_hash IN ({quoted})"
        table = reader.columns(["id", "part", "content_hash"], condition)
        for unit_id, part, content_hash in zip(*(c.to_pylist() for c in table.columns), strict=True):
            first[content_hash] = min(first.get(content_hash, (part, unit_id)), (part, unit_id))
    ids = {unit_id: content_hash for content_hash, (_, unit_id) in first.items()}
    found, vectors = reader.embeddings(list(ids))  # the indexer may have replaced rows between the two questions
    return {ids[unit_id]: vector for unit_id, vector in zip(found, vectors, strict=True)}


def _load(path: Path, name: str, key: str) -> TrainedProbe | None:
    data = read_arrays(path)
    if data is None:
        return None
    try:
        facts: Mapping[str, Any] = json.loads(str(data["facts"]))
        if facts["key"] != key:
            return None
        probe = LinearProbe(name, data["direction"].astype(np.float32), float(facts["bias"]), fingerprint=key)
        return TrainedProbe(probe, ProbeQuality(**facts["quality"]))
    except (ValueError, KeyError, TypeError):
        return None


def _save(path: Path, lesson: TrainedProbe) -> None:
    facts = {"key": lesson.probe.fingerprint, "bias": lesson.probe.bias, "quality": asdict(lesson.quality)}
    write_arrays(path, direction=lesson.probe.direction, facts=np.array(json.dumps(facts)))
