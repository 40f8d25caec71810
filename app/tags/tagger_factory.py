"""The tagger of one library: vocabulary, taught tags and calibration put together for the model in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.annotations.store import AnnotationStore
from app.core.paths import AppDirs
from app.tags.few_shot_cache import FewShotCache
from app.tags.tagger import NO_SAMPLES, TEXT, LibrarySamples, SupportsSamples, Tagger
from app.tags.user_vocabulary import FILE_NAME, UserVocabulary
from app.tags.vocabulary import Vocabulary

if TYPE_CHECKING:
    from app.models import Encoder
    from app.table import IndexReader


def open_tagger(
    dirs: AppDirs,
    encoder: Encoder,
    reader: IndexReader | None,
    decisions: AnnotationStore,
    *,
    vocabulary: Vocabulary | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Tagger:
    """A tagger for what the index knows now.

    Args:
        encoder: with its text tower; used only for labels the cache lacks.
        reader: of a table of the same model; None, or another model's, means: not calibrated on this library.
        vocabulary: instead of the user's own.
    """
    fits = reader is not None and reader.space.model_fingerprint == encoder.info.fingerprint
    passages = encoder.passages
    statistics = (
        _matching_samples(reader, (passages or encoder).info.fingerprint) if reader is not None and fits else NO_SAMPLES
    )
    chosen = vocabulary or UserVocabulary(dirs.config / FILE_NAME).load()
    lessons = FewShotCache(decisions, encoder.info.fingerprint, dirs.cache, reader if fits else None).all(statistics)
    detectors = [lesson.probe for lesson in lessons.values()]
    return Tagger.open(encoder, chosen, statistics, dirs.cache, detectors, progress, passages)


def _matching_samples(reader: IndexReader, passages: str) -> SupportsSamples:
    """The library's samples; without those of passages where they were made by something else."""
    known = reader.statistics()
    if reader.space.passage_fingerprint == passages:
        return known
    return LibrarySamples({modality: sample for modality, sample in known.samples.items() if modality != TEXT})
