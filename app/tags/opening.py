"""The tagger of one library: vocabulary, taught tags and calibration put together for the model in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.decisions import Decisions
from app.paths import Places
from app.tags.lessons import Lessons
from app.tags.own_vocabulary import FILE_NAME, OwnVocabulary
from app.tags.tagger import NO_SAMPLES, TEXT, GivenSamples, Samples, Tagger
from app.tags.vocabulary import Vocabulary

if TYPE_CHECKING:
    from app.model import Encoder
    from app.table import IndexReader


def open_tagger(
    places: Places,
    encoder: Encoder,
    reader: IndexReader | None,
    decisions: Decisions,
    *,
    vocabulary: Vocabulary | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Tagger:
    """A tagger for what the index knows now.

    Args:
        encoder: with its text tower; used only for labels the cache lacks.
        reader: of a table of the same model; None, or another model's, means: not calibrated on this library.
        vocabulary: instead of the person's own.
    """
    fits = reader is not None and reader.space.model_fingerprint == encoder.info.fingerprint
    passages = encoder.passages
    statistics = _fitting(reader, (passages or encoder).info.fingerprint) if reader is not None and fits else NO_SAMPLES
    chosen = vocabulary or OwnVocabulary(places.config / FILE_NAME).load()
    lessons = Lessons(decisions, encoder.info.fingerprint, places.cache, reader if fits else None).all(statistics)
    detectors = [lesson.detector for lesson in lessons.values()]
    return Tagger.open(encoder, chosen, statistics, places.cache, detectors, progress, passages)


def _fitting(reader: IndexReader, passages: str) -> Samples:
    """The library's samples; without those of passages where they were made by something else."""
    known = reader.statistics()
    if reader.space.passage_fingerprint == passages:
        return known
    return GivenSamples({modality: sample for modality, sample in known.samples.items() if modality != TEXT})
