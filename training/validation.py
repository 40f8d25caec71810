"""Measures a student on the held-out photos, with the same functions as `semblance evaluate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional

from app.models import evaluation
from training.image_stage import Bridged
from training.joint_stage import Student
from training.records import Photo
from training.splits import Split
from training.text_stage import cut, tokenize
from training.text_teacher import TextTeacher
from training.tower import encode_tokens
from training.views import MAP_LIMIT, Views, whole

Vectors = npt.NDArray[np.float32]
BATCH = 256


@dataclass(frozen=True)
class Figures:
    """What a student reaches on photos it never learnt from, in percent."""

    text_to_image: evaluation.Recall
    image_to_text: evaluation.Recall
    top1: float
    top5: float

    def as_json(self) -> dict[str, Any]:
        return {
            "text_to_image": self.text_to_image.as_json(),
            "image_to_text": self.image_to_text.as_json(),
            "top1": self.top1,
            "top5": self.top5,
        }


class Check:
    """The held-out photos and their sentences, ready to be encoded again and again."""

    def __init__(self, photos: Sequence[Photo], held_out: Split, view: Views, context: int) -> None:
        self._photos, self._held_out = photos, held_out
        rows = dict(zip(view.photos.tolist(), range(len(view.photos)), strict=True))
        self._captioned = view.maps[[rows[i] for i in held_out.captioned]]
        self._labelled = view.maps[[rows[i] for i in held_out.labelled]]
        captions = [(n, c) for n, i in enumerate(held_out.captioned) for c in photos[i].captions]
        self._owner = np.array([n for n, _ in captions], dtype=np.int64)
        self._written = [c for _, c in captions]
        self._captions = tokenize(self._written, context)
        sentences = [s for label in held_out.labels for s in evaluation.label_sentences(label)]
        self._sentences = tokenize(sentences, context)
        self._labels = len(held_out.labels)
        number = {label: n for n, label in enumerate(held_out.labels)}
        self._truth = np.array([number[photos[i].label] for i in held_out.labelled], dtype=np.int64)

    def measure(self, student: Student) -> Figures:
        """The figures of a student as it is, without dropout."""
        student.eval()
        return self._figures(
            encode_maps(student, self._captioned),
            encode_maps(student, self._labelled),
            encode_texts(student, self._captions),
            encode_texts(student, self._sentences),
        )

    @torch.no_grad()
    def measure_finished(self, model: Any, size: int) -> Figures:
        """The figures of a finished open_clip model on the photos themselves, at its own size."""

        def images(indices: Sequence[int]) -> Vectors:
            parts = []
            for start in range(0, len(indices), 32):
                pixels = np.stack([whole(self._photos[i].open(), size) for i in indices[start : start + 32]])
                values = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 127.5 - 1.0
                parts.append(model.encode_image(values, normalize=True).numpy())
            return np.concatenate(parts)

        def texts(tokens: npt.NDArray[np.int32]) -> Vectors:
            parts = [
                functional.normalize(encode_tokens(model, cut(tokens[i : i + BATCH])), dim=-1).numpy()
                for i in range(0, len(tokens), BATCH)
            ]
            return np.concatenate(parts)

        return self._figures(
            images(self._held_out.captioned),
            images(self._held_out.labelled),
            texts(self._captions),
            texts(self._sentences),
        )

    def _figures(self, captioned: Vectors, labelled: Vectors, captions: Vectors, sentences: Vectors) -> Figures:
        prototypes = sentences.reshape(self._labels, -1, sentences.shape[1]).mean(1)
        prototypes /= np.linalg.norm(prototypes, axis=1, keepdims=True)
        forward, backward = evaluation.recall(captioned, captions, self._owner)
        top1, top5 = evaluation.accuracy(labelled, prototypes, self._truth)
        return Figures(forward, backward, top1, top5)

    @torch.no_grad()
    def bound(self, bridged: Bridged, teacher: TextTeacher) -> evaluation.Recall:
        """Text-to-image with the text teacher's own vectors: what our text tower could reach at most."""
        bridged.student.eval()
        vectors = torch.from_numpy(teacher.encode(self._written).astype(np.float32)).to(bridged.bridge.device)
        images = encode_maps(bridged.student, self._captioned)
        forward, _ = evaluation.recall(images, bridged.texts(vectors).cpu().numpy(), self._owner)
        return forward

    def counts(self) -> dict[str, int]:
        """How much is held out."""
        return {
            "captioned": len(self._captioned),
            "captions": len(self._captions),
            "labelled": len(self._labelled),
            "labels": self._labels,
        }


@torch.no_grad()
def encode_maps(student: Student, maps: npt.NDArray[np.int8]) -> Vectors:
    """Unit vectors (n, d) of photos given as quantised maps."""
    device = student.model.logit_scale.device
    parts = []
    for start in range(0, len(maps), BATCH):
        values = torch.from_numpy(maps[start : start + BATCH].astype(np.float32)) * (MAP_LIMIT / 127)
        parts.append(student.images(values.to(device)).cpu().numpy())
    return np.concatenate(parts)


@torch.no_grad()
def encode_texts(student: Student, tokens: npt.NDArray[np.int32]) -> Vectors:
    """Unit vectors (n, d) of tokenised texts."""
    device = student.model.logit_scale.device
    order = np.argsort((tokens != 0).sum(1), kind="stable")
    vectors = np.zeros((len(tokens), student.width), dtype=np.float32)
    for start in range(0, len(tokens), BATCH):
        chosen = order[start : start + BATCH]
        vectors[chosen] = student.texts(cut(tokens[chosen]).to(device)).cpu().numpy()
    return vectors
