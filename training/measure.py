"""Measures a finished starter on photos that were never learnt from, with the functions of `semblance evaluate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from app.models import evaluation
from app.models.evaluation import Vectors
from training.material import IsEnglish
from training.records import Photo
from training.views import shrink

THUMBNAIL = 120
Figures = dict[str, Any]


def measure(encoder: Any, photos: Sequence[Photo], is_english: IsEnglish) -> Figures:
    """Recall of captions, of sharp and of shrunk photos, English and others apart; zero-shot accuracy of labels."""
    captioned = [photo for photo in photos if photo.captions]
    labelled = [photo for photo in photos if photo.label and not photo.captions]
    figures: Figures = {"captioned": len(captioned), "labelled": len(labelled)}
    if captioned:
        sharp, small = _images(encoder, captioned, None), _images(encoder, captioned, THUMBNAIL)
        pairs = [(row, text) for row, photo in enumerate(captioned) for text in photo.captions]
        for name, wanted in (("english", True), ("others", False)):
            chosen = [(row, text) for row, text in pairs if is_english(text) is wanted]
            if chosen:
                figures[name] = _recall(encoder, chosen, sharp)
                figures[f"{name}_shrunk"] = _recall(encoder, chosen, small)
    if labelled:
        labels = sorted({photo.label for photo in labelled})
        truth = np.array([labels.index(photo.label) for photo in labelled])
        prototypes = evaluation.label_prototypes(encoder, labels)
        top1, top5 = evaluation.accuracy(_images(encoder, labelled, None), prototypes, truth)
        figures["labels"] = {"number": len(labels), "top1": top1, "top5": top5}
    return figures


def _recall(encoder: Any, pairs: Sequence[tuple[int, str]], images: Vectors) -> dict[str, float]:
    texts = evaluation.encode_texts(encoder, [text for _, text in pairs])
    forward, _ = evaluation.recall(images, texts, np.array([row for row, _ in pairs], dtype=np.int64))
    found: dict[str, float] = forward.as_json()
    return found


def _images(encoder: Any, photos: Sequence[Photo], side: int | None) -> Vectors:
    parts = []
    for start in range(0, len(photos), evaluation.BATCH):
        pictures: list[Image.Image] = [photo.open() for photo in photos[start : start + evaluation.BATCH]]
        if side is not None:
            pictures = [shrink(picture, side) for picture in pictures]
        parts.append(encoder.encode_images(np.stack([encoder.preprocess.apply(picture) for picture in pictures])))
    return np.concatenate(parts)
