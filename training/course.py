"""One course of learning: how batches are drawn, and what is asked of the heads in each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training import losses
from training.backbone import Classifier
from training.heads import Heads
from training.texts import Sentences
from training.views import SHARP, SMALL, VIEWS

Rows = npt.NDArray[np.int64]
_SHARPNESS = 20.0


@dataclass(frozen=True)
class Weights:
    """How much each aim counts, and how many of what a step sees.

    Attributes:
        labels: a photo with a label against one with captions.
        classes: the body's opinion on its thousand classes, which the vectors reach through the classes' names.
        agree: sentences about the same photo, in any two languages.
        turn: how hard the English branch is held where it is.
        views: a photo, sharp and shrunk. `translations`: a sentence and its translation.
        passages: neighbourhoods among passages. `imitation`: passages through the multilingual branch alone.
        closed: share of English texts that are shown with the English branch shut.
        always: bounds of the multilingual branch's weight in English texts, drawn anew in each step.
    """

    labels: float = 0.5
    classes: float = 0.5
    agree: float = 0.2
    turn: float = 1.0
    views: float = 0.5
    translations: float = 0.3
    passages: float = 2.0
    imitation: float = 0.1
    closed: float = 0.25
    always: tuple[float, float] = (0.1, 0.5)
    captioned_batch: int = 320
    labelled_batch: int = 224
    moved_batch: int = 128
    classes_batch: int = 224
    views_batch: int = 96
    translations_batch: int = 160
    passages_batch: int = 192


@dataclass(frozen=True)
class Lessons:
    """Everything that a course draws from. Photos are rows of the features.

    Attributes:
        features: (photos, 1280) by kind of view.
        captioned: photos with captions; `captions[i]` are the sentences of `captioned[i]`, of any language, and
            `english_captions[i]` those in English.
        labelled: photos with a label; `label_of[i]` is its number.
        prompts: (labels, prompts) sentences of the labels; `class_prompts` of the classes.
        sentences: all of them.
        translations: two equally long lists of sentences that mean the same.
        passages: longer English texts.
        classifier: of the body.
    """

    features: dict[str, Tensor]
    captioned: Rows
    captions: list[Rows]
    english_captions: list[Rows]
    labelled: Rows
    label_of: Rows
    prompts: Rows
    class_prompts: Rows
    sentences: Sentences
    translations: tuple[Sentences, Sentences]
    passages: Sentences
    classifier: Classifier


class Course:
    """Gives the losses of each step (`training.loop.run`)."""

    def __init__(self, heads: Heads, lessons: Lessons, weights: Weights) -> None:
        self.heads, self._lessons, self._weights = heads, lessons, weights
        counts = np.bincount(lessons.label_of)
        rarity = 1 / np.sqrt(counts[lessons.label_of])
        self._rarity = rarity / rarity.sum()
        sharp = lessons.features[SHARP].numpy()
        self._directions = torch.from_numpy(class_directions(lessons.classifier, sharp))
        self._class_weight = torch.from_numpy(lessons.classifier.weight)
        self._class_bias = torch.from_numpy(lessons.classifier.bias)

    def losses(self, _step: int, random: np.random.Generator) -> dict[str, Tensor]:
        """Weighted losses by name. All randomness is the generator's."""
        always = float(random.uniform(*self._weights.always))
        return {**self._photos(random, always), **self._views(random), **self._languages(random, always)}

    def _photos(self, random: np.random.Generator, always: float) -> dict[str, Tensor]:
        lessons, weights = self._lessons, self._weights
        chosen = _draw(random, len(lessons.captioned), weights.captioned_batch)
        labelled = random.choice(len(lessons.labelled), weights.labelled_batch, p=self._rarity)
        photos = np.concatenate([lessons.captioned[chosen], lessons.labelled[labelled]])
        names = lessons.label_of[labelled]
        sentences = [_one(random, lessons.captions[i]) for i in chosen]
        sentences += [_one(random, lessons.prompts[k]) for k in names]
        classes = np.sort(_draw(random, len(lessons.class_prompts), weights.classes_batch))
        features = torch.cat([self._seen(random, photos), self._moved(random, classes)])
        images = self.heads.images(features)
        texts = self.heads.texts(self._closed_at_times(random, lessons.sentences.at(sentences)), always)
        groups = np.concatenate([-1 - np.arange(len(chosen)), names])
        positives = torch.from_numpy(groups[:, None] == groups[None, :])
        share = torch.ones(len(photos))
        share[len(chosen) :] = weights.labels
        class_rows = [_one(random, lessons.class_prompts[k]) for k in classes]
        prototypes = self.heads.texts(self._closed_at_times(random, lessons.sentences.at(class_rows)), always)
        opinion = (features @ self._class_weight.T + self._class_bias)[:, torch.from_numpy(classes)]
        english = lessons.sentences.at([_one(random, lessons.english_captions[i]) for i in chosen])
        again = self.heads.texts(english, always)
        scale = self.heads.pairs_scale.exp().clamp(max=60)
        return {
            "pairs": losses.contrastive(images[: len(photos)], texts, positives, scale, share),
            "classes": weights.classes
            * losses.classification(images, prototypes, opinion, self.heads.classes_scale.exp().clamp(max=80)),
            "agree": weights.agree * losses.matching(texts[: len(chosen)], again, _SHARPNESS),
            "turn": weights.turn * self.heads.turned_away(),
        }

    def _views(self, random: np.random.Generator) -> dict[str, Tensor]:
        lessons = self._lessons
        photos = lessons.captioned[_draw(random, len(lessons.captioned), self._weights.views_batch)]
        both = self.heads.images(torch.cat([lessons.features[SHARP][photos], lessons.features[SMALL][photos]]))
        return {"views": self._weights.views * losses.imitation(both[: len(photos)], both[len(photos) :])}

    def _languages(self, random: np.random.Generator, always: float) -> dict[str, Tensor]:
        lessons, weights = self._lessons, self._weights
        rows = _draw(random, len(lessons.translations[0]), weights.translations_batch)
        here = self.heads.texts(lessons.translations[0].at(rows), always)
        there = self.heads.texts(lessons.translations[1].at(rows).without_english(), always)
        passages = lessons.passages.at(_draw(random, len(lessons.passages), weights.passages_batch))
        alone = self.heads.texts(passages.without_english(), always)
        same = losses.matching(here, there, _SHARPNESS) + 2 * losses.imitation(here, there)
        near = losses.geometry(self.heads.texts(passages, always), passages.english, _SHARPNESS)
        return {
            "translations": weights.translations * same,
            "passages": weights.passages * near,
            "imitation": weights.imitation * losses.matching(alone, passages.english, _SHARPNESS),
        }

    def _seen(self, random: np.random.Generator, photos: Rows) -> Tensor:
        """A view of each photo, (n, 1280)."""
        kinds = [kind for kind in VIEWS if kind in self._lessons.features]
        odds = np.array([VIEWS[kind] for kind in kinds])
        which = random.choice(len(kinds), len(photos), p=odds / odds.sum())
        features = torch.empty(len(photos), self._lessons.features[SHARP].shape[1])
        for number, kind in enumerate(kinds):
            rows = torch.from_numpy(which == number)
            features[rows] = self._lessons.features[kind][photos[which == number]]
        return features

    def _moved(self, random: np.random.Generator, classes: Rows) -> Tensor:
        """Features of real photos moved from the class they show towards another one.

        There are no photos of most of the thousand classes to learn from; the body knows where they would lie.
        """
        sharp = self._lessons.features[SHARP]
        source = sharp[random.integers(len(sharp), size=self._weights.moved_batch)]
        logits = source @ self._class_weight.T + self._class_bias
        old = logits.argmax(1)
        new = torch.from_numpy(classes[random.integers(len(classes), size=len(source))])
        gap = (logits.gather(1, old[:, None]) - logits.gather(1, new[:, None])).clamp(min=0)
        far = torch.from_numpy(random.uniform(0.8, 1.6, (len(source), 1)).astype(np.float32))
        step = (self._directions[new] - 0.5 * self._directions[old]) * (0.7 * gap * far + 2)
        return (source + step).clamp(min=0)

    def _closed_at_times(self, random: np.random.Generator, sentences: Sentences) -> Sentences:
        """Some sentences with the English branch shut, so that the other one learns of photos from them too."""
        shut = torch.from_numpy(random.random((len(sentences), 1)) < self._weights.closed)
        return Sentences(sentences.meaning, sentences.english, sentences.share.masked_fill(shut, 0.0))


def class_directions(classifier: Classifier, features: Any) -> npt.NDArray[np.float32]:
    """(classes, 1280): the change of features, along those that photos have, that raises a class's logit by one.

    A linear classifier's weights are the inverse covariance times the classes' means, so the covariance times the
    weights points back at the means.
    """
    centred = features - features.mean(0)
    weight = classifier.weight - classifier.weight.mean(0)
    towards = weight @ (centred.T @ centred / len(centred))
    directions: npt.NDArray[np.float32] = (towards / (weight * towards).sum(1, keepdims=True)).astype(np.float32)
    return directions


def _draw(random: np.random.Generator, count: int, size: int) -> Rows:
    """Different numbers below `count`."""
    chosen: Rows = random.choice(count, min(size, count), replace=False)
    return chosen


def _one(random: np.random.Generator, rows: Rows) -> int:
    return int(rows[random.integers(len(rows))])
