"""One vector per label: what its captions have in common, encoded once per model and wording.

Prompt ensembling as in CLIP (Radford et al. 2021, arXiv 2103.00020, section 3.1.4): the embeddings of several
captions are averaged and normalised again. The phrase in its group's templates counts most; descriptions and
synonyms add to it with the weights below (measured in tests/benchmarks/bench_tagging.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from app.core.arrays import read_arrays, write_arrays
from app.core.records import FloatArray
from app.models.encoding import TextEncoder
from app.tags.vocabulary import Group, Label, digest

DESCRIPTIONS_WEIGHT = 0.5
SYNONYMS_WEIGHT = 0.25
_BATCH = 128
_MAX_CACHED = 4000
"""Prototypes kept in the cache file: several vocabularies' worth."""


class HasFingerprint(Protocol):
    @property
    def fingerprint(self) -> str: ...


class CaptionEncoder(TextEncoder, Protocol):
    """What tagging needs of a model's encoder: vectors of captions, and a fingerprint to keep them by."""

    @property
    def info(self) -> HasFingerprint: ...


Captions = tuple[tuple[str, ...], ...]
"""Weighted parts of a prototype: templates, descriptions, synonyms."""


def captions_of(label: Label, group: Group) -> Captions:
    """The three parts of a label's prototype."""
    phrase = label.phrase or label.name
    templates = group.templates or ("{}",)
    return (
        tuple(template.replace("{}", phrase) for template in templates),
        label.descriptions,
        tuple(templates[0].replace("{}", synonym) for synonym in label.synonyms),
    )


def weighted_prototype(parts: Sequence[FloatArray]) -> FloatArray:
    """(d,) unit vector of the parts' embeddings, each (k, d); empty parts count nothing."""
    total = np.zeros(parts[0].shape[1], dtype=np.float32)
    for weight, vectors in zip((1.0, DESCRIPTIONS_WEIGHT, SYNONYMS_WEIGHT), parts, strict=True):
        if len(vectors):
            total += weight * normalise(vectors.mean(axis=0))
    return normalise(total)


def normalise(vectors: FloatArray) -> FloatArray:
    """Vectors along the last axis at length 1; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: FloatArray = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return result


class PrototypeCache:
    """Prototypes of one model on disk, by digest of their captions.

    Attributes:
        path: an npz file under the cache folder; it can be deleted at any time.
    """

    def __init__(self, folder: Path, model_fingerprint: str) -> None:
        self.path = folder / "tags" / f"prototypes-{model_fingerprint[:16]}.npz"
        self._weights = f"{DESCRIPTIONS_WEIGHT}/{SYNONYMS_WEIGHT}"

    def vectors(
        self,
        encoder: CaptionEncoder,
        wanted: Sequence[Captions],
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> FloatArray:
        """(n, d) prototypes of these captions; only what the file lacks is encoded."""
        keys = [digest([self._weights, *("\n".join(part) for part in captions)]) for captions in wanted]
        known = self._load()
        missing = {key: captions for key, captions in zip(keys, wanted, strict=True) if key not in known}
        if missing:
            made = _encode_captions(encoder, missing, progress)
            known.update(made)
            self._save({key: known[key] for key in [*(k for k in known if k not in made), *made]}, keys)
        return np.stack([known[key] for key in keys])

    def _load(self) -> dict[str, FloatArray]:
        data = read_arrays(self.path)
        try:
            return dict(zip(data["keys"].tolist(), data["vectors"].astype(np.float32), strict=True)) if data else {}
        except (ValueError, KeyError):
            return {}

    def _save(self, vectors: Mapping[str, FloatArray], in_use: Sequence[str]) -> None:
        used = set(in_use)
        spare = [key for key in vectors if key not in used]
        kept = [*spare[max(0, len(spare) - (_MAX_CACHED - len(used))) :], *dict.fromkeys(in_use)]
        write_arrays(self.path, keys=np.array(kept), vectors=np.stack([vectors[key] for key in kept]))


def _encode_captions(
    encoder: CaptionEncoder, missing: Mapping[str, Captions], progress: Callable[[int, int], None]
) -> dict[str, FloatArray]:
    texts = list(dict.fromkeys(text for captions in missing.values() for part in captions for text in part))
    # Sorted by length, so that an encoder that pads to the longest of a batch wastes little.
    texts.sort(key=len)
    blocks = []
    for start in range(0, len(texts), _BATCH):
        blocks.append(encoder.encode_texts(texts[start : start + _BATCH]))
        progress(min(start + _BATCH, len(texts)), len(texts))
    vectors = np.concatenate(blocks)
    row = {text: number for number, text in enumerate(texts)}
    return {
        key: weighted_prototype([vectors[[row[text] for text in part]] for part in captions])
        for key, captions in missing.items()
    }
