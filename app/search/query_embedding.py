"""A query's parts as one vector a modality, and what generic queries look like in the same space."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.core.errors import UserError
from app.core.paths import from_stored
from app.core.records import EmbeddingSpace, FloatArray, UnitType
from app.query.queries import ImagePart, QueryPart, TextPart
from app.ranking.calibration import PRIOR_COUNT, ScoreCalibrator, fit_calibrator
from app.ranking.query_composition import WeightedVector, centred, compose, rejection_norm
from app.search.calibration_cache import cached_calibrator
from app.search.example_image import load_example_image
from app.search.language_probe import kept_languages
from app.search.query_bank import QueryBank, load_query_bank
from app.search.query_towers import PASSAGE, QueryTower, QueryTowers
from app.table import IMAGE, MODALITIES, TEXT, IndexReader, Statistics

_MAX_CACHED_VECTORS = 256
_EXAMPLE_SAMPLE = 256  # units of the library that stand for all, for queries by example


@dataclass(frozen=True)
class QueryEmbedding:
    """What a query means, in each modality it means something in.

    Attributes:
        vectors: (d,) unit length by modality, as `QueryBank.as_query` makes them; where something is subtracted, longer
            by `rejection_norm`. They differ where passages have an encoder of their own; an example picture then has
            none for passages.
        yardsticks: how its scores are read, by modality that the library has too.
        minus: the same of each text that is subtracted.
        own: units of the library that the query starts from; they are not hits.
        examples: (d,) unit length, as the tower gave them, of each example picture of a query without words.
        wanted: the query without what it subtracts, where it does: what it is about.
    """

    vectors: Mapping[str, FloatArray]
    calibrators: Mapping[str, ScoreCalibrator]
    minus: Mapping[str, tuple[FloatArray, ...]] = field(default_factory=dict)
    own: frozenset[str] = field(default_factory=frozenset)
    examples: tuple[FloatArray, ...] = ()
    wanted: QueryEmbedding | None = None


class QueryEncoder:
    """Makes query vectors; remembers the last texts and pictures."""

    def __init__(self, encoders: QueryTowers, cache: Path) -> None:
        self._encoders = encoders
        self._cache_folder = cache
        self._known: OrderedDict[Any, FloatArray] = OrderedDict()
        self._pending: dict[Any, Future[FloatArray]] = {}
        self._banks: dict[tuple[str, str], QueryBank] = {}
        self._languages: dict[str, frozenset[str]] = {}
        self._made: tuple[Any, Mapping[str, ScoreCalibrator], Statistics, Mapping[str, QueryBank]] | None = None

    def ready(self, space: EmbeddingSpace, parts: Sequence[QueryPart], *, wait: bool) -> bool:
        """Whether the parts can be encoded now; begins to load what is missing where it must not be waited for."""
        waiting: list[QueryTower] = []
        for name in _towers_needed(space, parts):
            tower = self._encoders.tower(space, name)
            if tower is None:
                return False  # before another one is asked for: the encoders know the last problem only
            if not tower.loaded:
                waiting.append(tower)
        if waiting and not wait:
            self._encoders.load_in_background(*waiting)
            return False
        return True

    def languages(self, space: EmbeddingSpace) -> frozenset[str]:
        """ISO 639-1 codes of the languages that the model's text tower reads."""
        fingerprint = space.model_fingerprint
        if fingerprint not in self._languages:
            file = self._cache_folder / f"languages-{fingerprint[:16]}.json"
            self._languages[fingerprint] = kept_languages(file, self._tower(space, TEXT).encode_texts)
        return self._languages[fingerprint]

    def prefetch(self, space: EmbeddingSpace, parts: Sequence[QueryPart]) -> None:
        """Begin to encode the texts among the parts in another thread; `encode`, soon after, takes them from there."""
        pending: dict[Any, tuple[QueryTower, Future[FloatArray]]] = {}
        for text in (part.text for part in parts if isinstance(part, TextPart)):
            for name in text_towers(space):
                key, tower = _key(space, name, text), self._encoders.tower(space, name)
                if tower is not None and key not in self._known:
                    pending[key] = tower, Future()

        def encode() -> None:
            for key, (tower, future) in pending.items():
                try:
                    future.set_result(tower.encode_texts([key[-1]])[0])
                except Exception as error:
                    future.set_exception(error)  # for whoever asks for the text

        if pending and self._encoders.begin(encode):
            self._pending.update({key: future for key, (_, future) in pending.items()})

    def encode(self, reader: IndexReader, parts: Sequence[QueryPart], statistics: Statistics) -> QueryEmbedding | None:
        """The vectors of all parts, or None where nothing is asked for or the parts cancel out."""
        space = reader.space
        with_text = any(isinstance(part, TextPart) for part in parts)
        weighted: dict[str, list[WeightedVector]] = {modality: [] for modality in MODALITIES}
        minus: dict[str, list[FloatArray]] = {modality: [] for modality in MODALITIES}
        examples: list[FloatArray] = []
        for part in parts:
            if isinstance(part, TextPart):
                means = self._meanings(space, part.text)
            else:
                means, modality = self._example(reader, part, statistics)
                if modality == IMAGE and part.weight > 0 and not with_text:
                    examples.append(means[IMAGE][0])
            for modality, (vector, mean) in means.items():
                weighted[modality].append(WeightedVector(vector, mean, part.weight))
                if isinstance(part, TextPart) and part.weight < 0:
                    minus[modality].append(centred(vector, mean))
        meant = {modality: mine for modality, mine in weighted.items() if compose(mine) is not None}
        if not meant:
            return None
        banks = {modality: self._bank(space, text_tower(space, modality)) for modality in meant} if with_text else {}
        known = self._yardsticks(statistics, banks)
        whole = QueryEmbedding(
            _compose_by_modality(meant, banks),
            {modality: known[modality] for modality in meant if modality in known},
            {
                modality: tuple(_query_form(banks, modality, vector) for vector in mine)
                for modality, mine in minus.items()
            },
            _example_units(parts),
            tuple(examples),
        )
        if all(part.weight > 0 for part in parts):
            return whole
        added = {modality: [part for part in mine if part.weight > 0] for modality, mine in meant.items()}
        return replace(whole, wanted=replace(whole, vectors=_compose_by_modality(added, banks), minus={}))

    def _tower(self, space: EmbeddingSpace, name: str) -> QueryTower:
        tower = self._encoders.tower(space, name)
        if tower is None:
            raise UserError("There is no model to search with.", self._encoders.problem or "Install one.")
        return tower

    def _meanings(self, space: EmbeddingSpace, text: str) -> dict[str, tuple[FloatArray, FloatArray]]:
        """A text's vector and the mean it is centred by, by modality."""
        towers = {modality: text_tower(space, modality) for modality in MODALITIES}
        return {
            modality: (self._text(space, text, name), self._bank(space, name).mean) for modality, name in towers.items()
        }

    def _text(self, space: EmbeddingSpace, text: str, tower: str) -> FloatArray:
        key = _key(space, tower, text)
        if key not in self._known:
            pending = self._pending.pop(key, None)
            self._remember(key, pending.result() if pending else self._tower(space, tower).encode_texts([key[-1]])[0])
        return self._known[key]

    def _example(
        self, reader: IndexReader, part: ImagePart, statistics: Statistics
    ) -> tuple[dict[str, tuple[FloatArray, FloatArray]], str]:
        """An example's vector and the mean it is centred by, by modality, and the modality it comes from.

        One space holds everything, unless passages have an encoder of their own: a picture then means nothing among
        them, and a passage is put to the model's text tower to mean something among pictures.
        """
        space = reader.space
        vector, modality, text = self._image(reader, part)
        own = (vector, shrunken_mean(statistics, modality, space.dimension))
        if not space.passages:
            return dict.fromkeys(MODALITIES, own), modality
        if modality == TEXT and text:
            seen = self._text(space, text, TEXT), self._bank(space, TEXT).mean
            return {TEXT: own, IMAGE: seen}, modality
        return {modality: own}, modality

    def _image(self, reader: IndexReader, part: ImagePart) -> tuple[FloatArray, str, str]:
        """The vector of an example, its modality (a passage of the library may be one too), and its text."""
        if part.unit_id is not None:
            rows = reader.units([part.unit_id])
            vectors = reader.vectors([part.unit_id])
            if rows and not len(vectors):  # a document's own row: any of its units stands for it
                rows = [row for row in reader.file_units(rows[0].path) if row.unit is not UnitType.FILE][:1]
                vectors = reader.vectors([row.id for row in rows])
            if rows and len(vectors):
                return vectors[0], TEXT if rows[0].unit is UnitType.PASSAGE else IMAGE, rows[0].text or ""
            if rows:
                what = "The model has not seen this example yet, because its drive was not there."
                raise UserError(what, "Connect the drive, or choose another one.")
            raise UserError("The example is not in the library any more.", "Choose another one.")
        key = (reader.space.fingerprint, part.path and (part.path, _mtime_ns(part.path)), part.data, part.crop)
        if key not in self._known:
            tower = self._tower(reader.space, IMAGE)
            picture = load_example_image(part)
            self._remember(key, tower.encode_images(tower.preprocess.apply(picture)[None])[0])
        return self._known[key], IMAGE, ""

    def _remember(self, key: Any, vector: FloatArray) -> None:
        self._known[key] = np.asarray(vector, dtype=np.float32)
        while len(self._known) > _MAX_CACHED_VECTORS:
            self._known.popitem(last=False)

    def _bank(self, space: EmbeddingSpace, tower: str) -> QueryBank:
        """The bank of a text tower: "text", or the encoder of passages."""
        fingerprint = space.passage_fingerprint if tower == PASSAGE else space.model_fingerprint
        key = (fingerprint, tower)
        if key not in self._banks:
            file = self._cache_folder / f"generic-queries-{fingerprint[:16]}.npy"
            encode = self._tower(space, tower).encode_texts
            self._banks[key] = load_query_bank(file, space.dimension, encode)
        return self._banks[key]

    def _yardsticks(self, statistics: Statistics, banks: Mapping[str, QueryBank]) -> Mapping[str, ScoreCalibrator]:
        """The yardstick of each modality: against generic queries, or for queries by example against the library."""
        key = (id(statistics), tuple((modality, id(bank)) for modality, bank in banks.items()))
        if self._made is None or self._made[0] != key:
            weighted = {}
            for modality, sample in statistics.samples.items():
                count = statistics.counts[modality]
                if bank := banks.get(modality):
                    file = self._cache_folder / f"yardstick-{modality}.npz"
                    weighted[modality] = cached_calibrator(file, bank.generic, sample, count, bank.nonsense)
                else:
                    others = centred(sample[:_EXAMPLE_SAMPLE], shrunken_mean(statistics, modality, sample.shape[1]))
                    weighted[modality] = fit_calibrator(others, sample, count, None)
            # The references keep the ids from being used again.
            self._made = (key, weighted, statistics, banks)
        return self._made[1]


def _compose_by_modality(
    weighted: Mapping[str, Sequence[WeightedVector]], banks: Mapping[str, QueryBank]
) -> dict[str, FloatArray]:
    """The parts of each modality as one vector, as `QueryVector` has it."""
    composition = {modality: compose(parts) for modality, parts in weighted.items()}
    return {
        modality: np.float32(rejection_norm(weighted[modality])) * _query_form(banks, modality, meaning)
        for modality, meaning in composition.items()
        if meaning is not None
    }


def _query_form(banks: Mapping[str, QueryBank], modality: str, meaning: FloatArray) -> FloatArray:
    """A (d,) meaning as it is put to the library; queries by example stay centred."""
    return banks[modality].as_query(meaning) if modality in banks else meaning


def text_tower(space: EmbeddingSpace, modality: str) -> str:
    """Which tower puts texts into the space of a modality's vectors."""
    return PASSAGE if modality == TEXT and space.passages else TEXT


def shrunken_mean(statistics: Statistics, modality: str, dimension: int) -> FloatArray:
    """The mean of a modality, drawn to zero where few items made it: one picture is not the mean of pictures."""
    mean = statistics.means.get(modality)
    if mean is None:
        return np.zeros(dimension, dtype=np.float32)
    count = statistics.counts[modality]
    result: FloatArray = (mean * (count / (count + PRIOR_COUNT))).astype(np.float32)
    return result


def _example_units(parts: Sequence[QueryPart]) -> frozenset[str]:
    """The units that a query by example alone starts from; hits marked to refine a text stay hits."""
    if any(isinstance(part, TextPart) and part.weight > 0 for part in parts):
        return frozenset()
    return frozenset(part.unit_id for part in parts if isinstance(part, ImagePart) and part.unit_id)


def _key(space: EmbeddingSpace, tower: str, text: str) -> tuple[str, str, str]:
    """A text as a tower reads it, last, and what else its vector depends on."""
    return (space.fingerprint, tower, text.strip())


def text_towers(space: EmbeddingSpace) -> tuple[str, ...]:
    """All that words are put to."""
    return tuple(dict.fromkeys(text_tower(space, modality) for modality in MODALITIES))


def _towers_needed(space: EmbeddingSpace, parts: Sequence[QueryPart]) -> set[str]:
    needed = set(text_towers(space)) if any(isinstance(part, TextPart) for part in parts) else set()
    return needed | {IMAGE for part in parts if isinstance(part, ImagePart) and part.unit_id is None}


def _mtime_ns(path: str) -> int:
    try:
        return Path(from_stored(path)).stat().st_mtime_ns
    except OSError:
        return 0
