"""One query's scores, read by the library's yardsticks: evidence for units, and where it ends."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.core.records import FloatArray, UnitType
from app.ranking.calibration import top_k_mean
from app.ranking.fusion import PHOTO_Z_FACTOR, keyword_weight
from app.ranking.probability import QueryWords, photo_features
from app.ranking.thresholds import NOTHING_BY_MEANING, Thresholds, example_thresholds, query_thresholds
from app.search.query_embedding import QueryEmbedding
from app.table import IMAGE, MODALITIES, PRIOR_CORRELATION, TEXT

EMBEDDED_UNITS = (UnitType.PHOTO, UnitType.PAGE, UnitType.PASSAGE)
"""Unit types that have vectors."""
_SAME_PICTURE_COSINE = 0.95
"""Cosine from which two pictures are one, perhaps in another size or format: found however small the library is."""
_SAME_PICTURE_SCORE = 2.0
_MIN_SUBTRACTED = 0.4  # a subtracted meaning counts from here on


def modality_of(unit: UnitType) -> str:
    """Which tower the vectors of a unit type came from; "" for none."""
    return _MODALITY_OF.get(unit, "")


_MODALITY_OF = {unit: modality for modality, units in MODALITIES.items() for unit in units}


class Scorer:
    """Evidence for units against one query.

    Within a modality the order is by centred cosine, which ranks best; how high it reaches is what both readings of
    the yardstick say of the best of the library.

    Attributes:
        limits: the thresholds of each unit type: pages of documents may tell what photos do not.
        words_weight: what words count beside meaning.
    """

    def __init__(
        self,
        query: QueryEmbedding,
        nearest: Mapping[UnitType, FloatArray],
        strictness: int,
        wanted: Scorer | None = None,
        agreement: float | None = None,
        words: QueryWords | None = None,
    ) -> None:
        """
        Args:
            nearest: (k, d) vectors of the best of each unit type in the whole library, before filters.
            wanted: of the same query without what it subtracts, where it does. Whether there is what it asks for, and
                where the list ends, is told by that; subtracting only ever takes off.
            agreement: how far the vectors of the library's passages agree with their words, where that is known.
            words: what is known of the query's words; None for a query by example.
        """
        self._query = query
        self._wanted = wanted
        self._words = words
        self._best_photos = self._mean_of_best(nearest)
        self._factors = {}
        for modality, units in MODALITIES.items():
            if modality in query.calibrators:
                best = [nearest[unit] for unit in units if len(nearest.get(unit, ()))]
                top_k = np.concatenate(best) if best else np.zeros((0, len(query.vectors[modality])), dtype=np.float32)
                self._factors[modality] = query.calibrators[modality].factor(query.vectors[modality], top_k)
        self.keyword_weight = self._beside_meaning(PRIOR_CORRELATION if agreement is None else agreement)
        self.limits: dict[UnitType, Thresholds] = {} if wanted is None else wanted.limits
        if wanted is None:
            self._find_limits(nearest, strictness)

    def _find_limits(self, nearest: Mapping[UnitType, FloatArray], strictness: int) -> None:
        query = self._query
        for unit in EMBEDDED_UNITS:
            vectors = nearest.get(unit)
            calibrated_score = []
            if vectors is not None and len(vectors):
                modality = modality_of(unit)
                calibrated_score = sorted(self._reading(vectors, modality).tolist(), reverse=True)
            if self._words is not None and not self._words.understood:
                self.limits[unit] = NOTHING_BY_MEANING
            elif query.examples:
                self.limits[unit] = example_thresholds(strictness, calibrated_score)
            else:
                several = query.calibrators[modality_of(unit)].top_k if calibrated_score else 1
                self.limits[unit] = query_thresholds(strictness, calibrated_score, several)

    def _beside_meaning(self, agreement: float) -> float:
        """What words count beside the meaning of passages, where the library has some and the query means something."""
        if TEXT not in self._factors:
            return 1.0
        spreads = self._query.calibrators[TEXT].spreads(self._query.vectors[TEXT]) / self._factors[TEXT]
        return keyword_weight(agreement, spreads)

    @property
    def modalities(self) -> frozenset[str]:
        """Those the library has and the query means something in."""
        return frozenset(self._factors)

    @property
    def subtracts(self) -> bool:
        """Whether there is a meaning that is taken off."""
        return any(self._query.minus.values())

    def calibrated_score(self, vectors: FloatArray, modality: str) -> FloatArray:
        """(n,) evidence for (n, d) vectors of one modality; the example picture itself is beyond doubt."""
        found = self._reading(vectors, modality)
        if modality == IMAGE:
            for example in self._query.examples:
                alike = vectors @ example
                found = np.where(alike >= _SAME_PICTURE_COSINE, np.maximum(found, _SAME_PICTURE_SCORE + alike), found)
        return found

    def z_score(self, vectors: FloatArray, modality: str) -> FloatArray:
        """(n,) what orders photos and documents in one list: see `Yardstick.prominence`."""
        scale = PHOTO_Z_FACTOR if modality == IMAGE else 1.0
        return scale * self._query.calibrators[modality].z_score(self._query.vectors[modality], vectors)

    def _reading(self, vectors: FloatArray, modality: str) -> FloatArray:
        yardstick = self._query.calibrators[modality]
        result: FloatArray = self._factors[modality] * yardstick.cosines(self._query.vectors[modality], vectors)
        return result if self._wanted is None else np.minimum(result, self._wanted._reading(vectors, modality))

    @property
    def words(self) -> QueryWords | None:
        """What is known of the query's words; None where photos are judged by thresholds: queries by example."""
        return None if self._query.examples or IMAGE not in self._factors else self._words

    def photo_features(self, vectors: FloatArray, tagged: FloatArray) -> FloatArray:
        """(n, features) evidence that (n, d) vectors of photos are what the query asks for, subtracted parts aside.

        Args:
            tagged: (n,) 1 for photos with the tag that the query names.
        """
        if self._wanted is not None:
            return self._wanted.photo_features(vectors, tagged)
        calibrator, query = self._query.calibrators[IMAGE], self._query.vectors[IMAGE]
        readings = calibrator.cosines(query, vectors), calibrator.standardised(query, vectors)
        return photo_features(*readings, self._best_photos, tagged, self._words or QueryWords())

    def _mean_of_best(self, nearest: Mapping[UnitType, FloatArray]) -> float:
        """Of the library's photos: how far the best few stand out together."""
        best = nearest.get(UnitType.PHOTO)
        if best is None or not len(best) or IMAGE not in self._query.calibrators:
            return 0.0
        calibrator = self._query.calibrators[IMAGE]
        return float(top_k_mean(calibrator.cosines(self._query.vectors[IMAGE], best), calibrator.top_k))

    def penalties(self, vectors: FloatArray, modality: str) -> FloatArray:
        """(n,) what the meanings that are subtracted take off."""
        total = np.zeros(len(vectors), dtype=np.float32)
        for minus in self._query.minus.get(modality, ()):
            total += np.maximum(
                0.0, self._query.calibrators[modality].calibrated_score(minus, vectors) - _MIN_SUBTRACTED
            )
        return total
