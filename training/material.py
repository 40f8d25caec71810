"""The folder that a course learns from, read into `training.course.Lessons`.

photos-*.parquet      photographs to learn from, at their own sharpness (`training.records`)
held_out-*.parquet    photographs to measure on, with captions, and with labels
translations.tsv      an English sentence and its translation, a pair a line
passages.txt          longer English texts, one a line
languages/xx-*.txt    texts or words of a language, one a line (`training.language`)
imagenet_labels.txt   the names of the body's thousand classes, synonyms separated by commas, in their order
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from app.models.evaluation import label_sentences
from training.backbone import Classifier
from training.course import Lessons, Rows
from training.records import Photo, read_photos
from training.texts import Sentences

PHOTOS, HELD_OUT = "photos", "held_out"
Read = Callable[[Sequence[str]], Sentences]
Features = Callable[[Sequence[Photo]], dict[str, torch.Tensor]]
IsEnglish = Callable[[str], bool]


@dataclass(frozen=True)
class Folder:
    """The files of a folder, read.

    Attributes:
        photos: to learn from. `held_out`: to measure on.
        translations: pairs of sentences. `passages`: longer texts. `classes`: names of the body's classes.
    """

    photos: list[Photo]
    held_out: list[Photo]
    translations: list[tuple[str, str]]
    passages: list[str]
    classes: list[str]


def read_folder(path: Path) -> Folder:
    """Everything but the languages. No photo that is measured on is learnt from, and no caption of one."""
    held_out = read_photos(path, HELD_OUT)
    taken = {photo.digest for photo in held_out}
    captions = {caption for photo in held_out for caption in photo.captions}
    pairs = (line.split("\t") for line in _lines(path / "translations.tsv"))
    return Folder(
        photos=[photo for photo in read_photos(path, PHOTOS) if photo.digest not in taken],
        held_out=held_out,
        translations=[(first, second) for first, second in pairs if first not in captions],
        passages=_lines(path / "passages.txt"),
        classes=class_names(path / "imagenet_labels.txt"),
    )


def class_names(file: Path) -> list[str]:
    """One name a class: its first, or its second where two classes share the first ("crane")."""
    synonyms = [[name.strip() for name in line.split(",")] for line in _lines(file)]
    if synonyms and synonyms[0] == ["background"]:
        del synonyms[0]
    first = [names[0] for names in synonyms]
    return [names[1] if first.count(names[0]) > 1 and len(names) > 1 else names[0] for names in synonyms]


def lessons_of(
    folder: Folder, classifier: Classifier, features: Features, read: Read, is_english: IsEnglish
) -> Lessons:
    """The folder as it is drawn from. `features` and `read` are asked once each for all they are needed for."""
    captioned = [number for number, photo in enumerate(folder.photos) if photo.captions]
    labelled = [number for number, photo in enumerate(folder.photos) if photo.label and not photo.captions]
    labels = sorted({folder.photos[number].label for number in labelled})
    number_of = {label: number for number, label in enumerate(labels)}
    texts = _Texts()
    captions = [texts.rows(folder.photos[number].captions) for number in captioned]
    prompts = np.stack([texts.rows(label_sentences(label)) for label in labels])
    class_prompts = np.stack([texts.rows(label_sentences(name)) for name in folder.classes])
    every = texts.all()
    english = [np.array([row for row in rows if is_english(every[row])] or rows) for rows in captions]
    return Lessons(
        features=features(folder.photos),
        captioned=np.array(captioned),
        captions=captions,
        english_captions=english,
        labelled=np.array(labelled),
        label_of=np.array([number_of[folder.photos[number].label] for number in labelled]),
        prompts=prompts,
        class_prompts=class_prompts,
        sentences=read(every),
        translations=(read([a for a, _ in folder.translations]), read([b for _, b in folder.translations])),
        passages=read(folder.passages),
        classifier=classifier,
    )


class _Texts:
    """Texts without repetition, and the rows they got."""

    def __init__(self) -> None:
        self._row: dict[str, int] = {}

    def all(self) -> list[str]:
        return list(self._row)

    def rows(self, texts: Sequence[str]) -> Rows:
        return np.array([self._row.setdefault(text, len(self._row)) for text in texts])


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
