"""Prepares everything the stages learn from, and keeps it in the work folder: sentences, vectors, tokens, views."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

import numpy as np
import torch

from training import corpus, views
from training.image_teacher import Layer
from training.joint_stage import Classes, Language
from training.records import Photo, read_photos
from training.splits import Split, SplitRule, split, without_held_out
from training.text_stage import tokenize
from training.text_teacher import TextTeacher
from training.tower import Pooled, Shape, Stem

CAPTIONS = "captions.txt.xz"
CLASS_NAMES = "imagenet_labels.txt"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Sources:
    """Where things come from.

    Attributes:
        data: the folder with photos-*.parquet, captions.txt.xz and the teacher's class names.
        work: the folder for everything intermediate; a run that is started again continues from it.
        rule: what is held out.
        amounts: how much generated text.
        full_views, captioned_views: renderings of all photos, and further ones of the captioned photos.
        reading: a folder of running text (`.txt`, a paragraph a line) for the last stage, or None to leave it out.
        paragraphs: of one of its files at most.
    """

    data: Path
    work: Path
    rule: SplitRule = field(default_factory=SplitRule)
    amounts: corpus.Amounts = field(default_factory=corpus.Amounts)
    full_views: int = 2
    captioned_views: int = 6
    reading: Path | None = None
    paragraphs: int = 20_000


class Prepared:
    """The prepared material; each part is made when it is first asked for, or read where an earlier run left it."""

    def __init__(self, sources: Sources, shape: Shape, layers: Sequence[Layer], teacher: TextTeacher, say: Say) -> None:
        self.sources, self.shape, self._layers, self.teacher, self._say = sources, shape, layers, teacher, say
        sources.work.mkdir(parents=True, exist_ok=True)

    @cached_property
    def photos(self) -> list[Photo]:
        return read_photos(self.sources.data)

    @cached_property
    def split(self) -> Split:
        return split(self.photos, self.sources.rule)

    @cached_property
    def class_names(self) -> list[tuple[str, ...]]:
        """The image teacher's classes without the background."""
        return corpus.imagenet_names(self.sources.data / CLASS_NAMES)[1:]

    @cached_property
    def texts(self) -> list[str]:
        """All sentences to learn from; none is a caption of a held-out photo."""
        path = self.sources.work / "texts.json"
        if not path.exists():
            self._say("collecting sentences")
            path.write_text(json.dumps(self._collect()), encoding="utf-8")
        texts: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return texts

    def _collect(self) -> list[str]:
        with lzma.open(self.sources.data / CAPTIONS, "rt", encoding="utf-8") as file:
            given = [line.strip() for line in file if line.strip()]
        own = [caption for i in self.split.train for caption in self.photos[i].captions]
        captions = without_held_out(list(dict.fromkeys([*own, *given])), self.photos, self.split)
        labels = sorted({photo.label for photo in self.photos if photo.label})
        names = list(dict.fromkeys([*labels, *(name for names in self.class_names for name in names)]))
        return corpus.build(captions, names, self.teacher.words(), self.sources.amounts)

    @cached_property
    def language(self) -> Language:
        """Tokens and teacher's vectors of all sentences."""
        return self._taught("texts", self.texts)

    @cached_property
    def wide_language(self) -> Language:
        """The same sentences, in the same rows, and behind them what is read in the last stage."""
        assert self.sources.reading is not None
        path = self.sources.work / "reading.json"
        if not path.exists():
            self._say("collecting what to read")
            known = set(self.texts)
            texts = corpus.running_text(self.sources.reading, Random(3), self.sources.paragraphs)
            path.write_text(json.dumps([text for text in texts if text not in known]), encoding="utf-8")
        read = self._taught("reading", json.loads(path.read_text(encoding="utf-8")))
        return Language(
            np.concatenate([self.language.tokens, read.tokens]), np.concatenate([self.language.vectors, read.vectors])
        )

    def _taught(self, name: str, texts: Sequence[str]) -> Language:
        vectors = self.sources.work / f"{name}.vectors.npy"
        tokens = self.sources.work / f"{name}.tokens.npy"
        if not vectors.exists():
            self._say(f"asking the text teacher about {len(texts)} sentences")
            np.save(vectors, self.teacher.encode(texts))
        if not tokens.exists():
            np.save(tokens, tokenize(texts, self.shape.context))
        return Language(np.load(tokens), np.load(vectors))

    @cached_property
    def sentences(self) -> list[list[int]]:
        """For each photo the rows of its captions or, without captions, of the prompts of its label."""
        row = {text: i for i, text in enumerate(self.texts)}
        prompts = {p.label: [row[s] for s in corpus.prompts(p.label) if s in row] for p in self.photos if p.label}

        def of(photo: Photo) -> list[int]:
            captions = [row[c] for c in photo.captions if c in row]
            return captions or prompts.get(photo.label, [])

        return [of(photo) for photo in self.photos]

    @cached_property
    def classes(self) -> Classes:
        """The image teacher's classifier with eight prompts a class, drawn from its first two names."""
        row = {text: i for i, text in enumerate(self.texts)}
        random = Random(5)
        prompts = []
        for names in self.class_names:
            known = [row[s] for name in names[:2] for s in corpus.prompts(name) if s in row]
            prompts.append([random.choice(known) for _ in range(8)])
        last = self._layers[-1]
        weight = torch.from_numpy(last.weight.reshape(len(last.weight), -1)[1:].copy())
        return Classes(np.array(prompts), weight, torch.from_numpy(last.bias[1:].copy()))

    def finished_views(self, trunk: object) -> list[views.Views]:
        """Renderings at the finished size, of which only the finished tower's pooled features are kept."""
        folder = self.sources.work / "finished"
        total = self.sources.full_views + self.sources.captioned_views // 3
        if len(list(folder.glob("view-*.done"))) < total:
            tower = views.openvino_features(Pooled(trunk), self.shape.image_size)
            for number in range(total):
                self._say(f"rendering finished view {number + 1} of {total}")
                views.render_features(self.photos, self._chosen(number), number, self.shape.image_size, tower, folder)
        return views.open_views(folder)

    def views(self, trunk: object) -> list[views.Views]:
        """All renderings; the trunk must still be the teacher's."""
        folder = self.sources.work / "views"
        total = self.sources.full_views + self.sources.captioned_views
        if len(list(folder.glob("view-*.done"))) < total:
            stem = views.openvino_stem(Stem(trunk), self.shape.training_size)
            for number in range(total):
                self._say(f"rendering view {number + 1} of {total}")
                chosen = self._chosen(number)
                views.render(self.photos, chosen, number, self.shape.training_size, stem, folder)
        return views.open_views(folder)

    def _chosen(self, number: int) -> Sequence[int]:
        """The photos of a view: all in the first, then what is learnt from, then the captioned ones among them."""
        if number == 0:
            return range(len(self.photos))
        if number < self.sources.full_views:
            return self.split.train
        return [i for i in self.split.train if self.photos[i].captions]
