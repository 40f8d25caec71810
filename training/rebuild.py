"""From the folder of photos and texts to the finished starter, each stage resumed where it was stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer as Backend

from app.models.multilingual_text import ODDS_STEPS, MultilingualText
from training import backbone, export, frozen_text
from training.backbone import Body
from training.course import Course, Lessons, Weights
from training.encoder import ReferenceEncoder
from training.features import view_features
from training.heads import Heads, HeadShape
from training.language import evidence, read_languages
from training.loop import Plan, parameter_groups
from training.loop import run as learn
from training.material import HELD_OUT, lessons_of, read_folder
from training.measure import Figures, measure
from training.records import Photo, read_photos
from training.texts import Sentences, read_sentences, starter_tokenizer
from training.views import SHARP, VIEWS

ALWAYS = 0.15
"""The multilingual branch's weight in an English text: photos gain from it, passages lose."""
LICENCE = "LICENSE-efficientnet-lite"


@dataclass(frozen=True)
class Settings:
    """How long and how fast. `shape` is for tests, which learn on toys."""

    steps: int = 1300
    threads: int = 1
    rate: float = 1.5e-3
    decay: float = 0.05
    weights: Weights = field(default_factory=Weights)
    config: dict[str, Any] = field(default_factory=export.model_config)


class Rebuild:
    """One starter being made. `work` is where every stage leaves what the next run need not repeat."""

    def __init__(self, data: Path, work: Path, settings: Settings, say: Callable[[str], None] = print) -> None:
        self._data, self._work, self._settings, self._say = data, work, settings, say

    def run(self, earlier: Path, out: Path) -> None:
        """Trains, and writes model and vocabulary; the converted form is made by `app.models.bundled`."""
        torch.set_num_threads(self._settings.threads)
        model = export.new_model(self._settings.config)
        classifier = backbone.load_body(model.visual.trunk)
        package = frozen_text.sentence_package()
        pieces = frozen_text.pieces_json(package)
        self._fill_text(model.text, package, pieces, earlier)
        reader = _Reader(model.text, pieces, self._work, self._say)
        body = Body(model.visual.trunk, self._settings.threads)

        def features(photos: Sequence[Photo]) -> dict[str, torch.Tensor]:
            folder = self._work / "features"
            return {kind: torch.from_numpy(view_features(photos, kind, body, folder, self._say)) for kind in VIEWS}

        folder = read_folder(self._data)
        lessons = lessons_of(folder, classifier, features, reader.read, reader.is_english)
        heads = self._learn(lessons)
        export.put_heads(model, heads, ALWAYS)
        export.export(model, self._settings.config, pieces, out)
        licence = next(Path(backbone.weights_file()).parents[2].glob(f"{backbone.PACKAGE}*/LICENSE"), None)
        if licence is not None:
            shutil.copyfile(licence, out / LICENCE)

    def measure(self, out: Path) -> Figures:
        """What the finished model reaches on the photos that were held out."""
        reader = _Reader(export.load(out).text, frozen_text.pieces_json(frozen_text.sentence_package()), self._work)
        return measure(ReferenceEncoder(out), read_photos(self._data, HELD_OUT), reader.is_english)

    def _fill_text(self, text: MultilingualText, package: Path, pieces: str, earlier: Path) -> None:
        """The parts that are taken over, and how English each piece is."""
        from safetensors.torch import load_file

        frozen_text.fill_sentence_encoder(text.sentences, package)
        frozen_text.fill_english(text.english, load_file(earlier / export.WEIGHTS))
        backend: Any = Backend.from_str(pieces)

        def split(texts: Sequence[str]) -> Iterator[Sequence[int]]:
            return (found.ids[1:-1] for found in backend.encode_batch(list(texts)))

        vocabulary = [piece for piece, _ in json.loads(pieces)["model"]["vocab"]]
        odds = evidence(read_languages(self._data / "languages"), vocabulary, split)
        text.evidence.copy_(torch.from_numpy(odds * ODDS_STEPS).round().to(torch.int8)[:, None])

    def _learn(self, lessons: Lessons) -> Heads:
        sharp = lessons.features[SHARP]
        shape = HeadShape(embed_dim=self._settings.config["embed_dim"], features=sharp.shape[1])
        torch.manual_seed(1)
        heads = Heads(shape, sharp.mean(0), sharp.std(0) + 1e-3).train()
        course = Course(heads, lessons, self._settings.weights)
        groups = parameter_groups(dict(heads.named_parameters()), self._settings.rate, self._settings.decay)
        plan = Plan(steps=self._settings.steps, warmup=max(1, self._settings.steps // 10))
        optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
        learn(heads, optimizer, course.losses, plan, self._work / "heads.pt", self._report)
        return heads.eval()

    def _report(self, step: int, losses: dict[str, float]) -> None:
        self._say(f"step {step}: " + ", ".join(f"{name} {value:.3f}" for name, value in losses.items()))


class _Reader:
    """Texts through the frozen parts of a text tower."""

    def __init__(self, tower: MultilingualText, pieces: str, work: Path, say: Callable[[str], None] = print) -> None:
        folder = work / "tokenizer"
        folder.mkdir(parents=True, exist_ok=True)
        self._tower, self._folder, self._say = tower, work / "texts", say
        self._tokenizer = starter_tokenizer(pieces, folder, tower.context_length)

    def read(self, texts: Sequence[str]) -> Sentences:
        return read_sentences(texts, self._tower, self._tokenizer, self._folder, self._say)

    def is_english(self, text: str) -> bool:
        pieces = torch.from_numpy(self._tokenizer.encode([text])[:, 1::2])
        return bool(self._tower.english_share(pieces) > 0.5)
