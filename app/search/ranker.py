"""From a query vector and keywords to files in order: candidates are fetched, scored exactly, judged and sorted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.core.records import FloatArray, Kind, UnitType, VectorHit
from app.query.queries import Band, Filters, Spans, TextPart
from app.ranking.probability import QueryWords, doubt, relevance_model
from app.search.candidates import (
    Candidate,
    attach_keyword_matches,
    fetch_rows,
    group_by_file,
    one_unit_without_row,
    order_candidates,
    score_candidate,
)
from app.search.keyword_search import KeywordMatches, KeywordSearch, name_text
from app.search.match_levels import MatchLevel, match_name, match_text
from app.search.query_embedding import QueryEmbedding
from app.search.query_terms import QueryTerm, parse_terms
from app.search.scorer import EMBEDDED_UNITS, Scorer, modality_of
from app.search.user_tag_search import UserTagMatcher, UserTagStore
from app.table import IMAGE, MODALITIES, FulltextHit, IndexReader

_INITIAL_FETCH = 256
_MAX_FETCH = 16_384
_TOP_BEFORE_FILTERS = 48  # units of each type that are looked at before filters, to judge the query
_MAX_TAGGED = 2048  # files with a tag that are looked at
_CLOSEST, _CLOSEST_PHOTOS = 24, 20  # files listed where nothing stands out, and photos among them
_SUBTRACTED_WORD_PENALTY = 1.5  # what a subtracted word that is there takes off


@dataclass(frozen=True)
class SearchRequest:
    """What is looked for, in the forms the table understands.

    Attributes:
        text: the words that are looked for; "" for none. `phrases`: where phrases stand in it.
        minus: words that are subtracted.
        wanted: how many files at least, weak ones included.
        words: what is known of the words; None for a query by example.
        side_by_side: as `app.ranking.fusion` lays photos and documents; otherwise evidence decides, wherever it
            leads: more like a photo are photos.
    """

    text: str
    vector: QueryEmbedding | None
    strictness: int
    filters: Filters = field(default_factory=Filters)
    minus: tuple[TextPart, ...] = ()
    wanted: int = 0
    interleave: bool = True
    words: QueryWords | None = None
    phrases: Spans = ()


@dataclass(slots=True)
class RankedFiles:
    """Files in order.

    Attributes:
        files: best first, weak ones included as far as they were fetched.
        complete: whether the filters keep no more files than these.
        typos: keywords of which words one letter away count.
        closest: how many weak files are listed behind the supported ones, because nothing stands out.
    """

    files: list[Candidate]
    keywords: tuple[QueryTerm, ...]
    complete: bool
    typos: frozenset[QueryTerm] = frozenset()
    closest: int = 0

    @property
    def supported(self) -> int:
        """How many of the files the evidence carries; they stand first."""
        return sum(file.band is not Band.WEAK for file in self.files)

    def reaches(self, wanted: int) -> bool:
        """Whether it holds so many files, or all that there are."""
        return self.complete or len(self.files) >= wanted

    @property
    def listed(self) -> int:
        """How many files are listed without being asked for more."""
        return self.supported + self.closest

    @property
    def words_as_written(self) -> frozenset[str]:
        """Those words of the query that some file has, not only with a typo or as a beginning."""
        found = set()
        for file in self.files:
            for levels in file.all_matches:
                found |= {k for k, level in zip(self.keywords, levels, strict=True) if level >= MatchLevel.INFLECTED}
        return frozenset(word for keyword in found for word in keyword.words)

    def without(self, dropped: Iterable[Candidate]) -> RankedFiles:
        """The ranking with some files left out."""
        paths = {file.path for file in dropped}
        return replace(self, files=[file for file in self.files if file.path not in paths])

    def with_facts(self, reader: IndexReader, files: Sequence[Candidate]) -> RankedFiles:
        """The same, with what some of its files say of themselves; those that have gone meanwhile are left out."""
        fetch_rows(reader, one_unit_without_row(files))
        return self.without(file for file in files if not file.rows)


class Ranker:
    """Answers requests over one snapshot of the index."""

    def __init__(self, reader: IndexReader, said: UserTagStore | None = None) -> None:
        """`said`: the person's word on tags."""
        self._reader = reader
        self._said = said

    def rank(self, request: SearchRequest, search: KeywordSearch | None = None) -> RankedFiles:
        """The files that the filters keep, best first.

        Args:
            search: for the request's words, where it was begun before its vector was known.
        """
        if search is None:
            terms = parse_terms(request.text, request.phrases)
            search = KeywordSearch(self._reader, terms, request.filters, self._said)
        scorer = None if request.vector is None else self._scorer(request.vector, request.strictness, request.words)
        fetch = _INITIAL_FETCH
        near, complete = self._near(request, fetch)
        words = search.found()  # which others worked on meanwhile
        tagged = self._tagged(request)
        while True:
            candidates = self._judged(
                request, words, scorer, [*near, *words.rows, *tagged], frozenset(row.id for row in tagged)
            )
            files = order_candidates(candidates, interleave=request.interleave)
            files, closest = _with_closest(files, request, scorer)
            ranking = RankedFiles(files, words.keywords, complete, words.typos, closest)
            enough = len(ranking.files) >= request.wanted and not _still_supported(near, candidates, fetch)
            if complete or enough or fetch >= _MAX_FETCH:
                return ranking
            fetch *= 4
            near, complete = self._near(request, fetch)

    def _scorer(self, query: QueryEmbedding, strictness: int, words: QueryWords | None) -> Scorer:
        """How a query's scores are read, as the whole library before filters tells."""
        nearest = {unit: self._reader.vectors([]) for unit in EMBEDDED_UNITS}
        for vector, modalities in _group_equal_vectors(query.vectors):
            units = [unit for unit in EMBEDDED_UNITS if modality_of(unit) in modalities and _is_searchable(query, unit)]
            # As many as are asked for next: one search through the vectors instead of two.
            found = self._reader.nearest_each(vector, [(unit,) for unit in units], limit=_INITIAL_FETCH)
            for unit, best in zip(units, found, strict=True):
                nearest[unit] = self._reader.vectors(
                    [one.id for one in best[:_TOP_BEFORE_FILTERS] if one.id not in query.own]
                )
        wanted = None if query.wanted is None else self._scorer(query.wanted, strictness, words)
        return Scorer(query, nearest, strictness, wanted, self._reader.statistics().agreement, words)

    def _near(self, request: SearchRequest, fetch: int) -> tuple[list[VectorHit], bool]:
        """The nearest units of each modality, and whether that was all there are."""
        if request.vector is None:
            return [], True
        found: list[list[VectorHit]] = []
        for vector, modalities in _group_equal_vectors(request.vector.vectors):
            groups = [MODALITIES[modality] for modality in modalities]
            found += self._reader.nearest_each(vector, groups, filters=request.filters, limit=fetch)
        return [one for near in found for one in near], all(len(near) < fetch for near in found)

    def _tagged(self, request: SearchRequest) -> list[FulltextHit]:
        """The photos with the tag that the query names, by the person's word or as proposed."""
        if request.words is None or not request.words.tag:
            return []
        return self._reader.with_tag(request.words.tag, filters=request.filters, limit=_MAX_TAGGED)

    def _judged(
        self,
        request: SearchRequest,
        words: KeywordMatches,
        scorer: Scorer | None,
        found: Iterable[FulltextHit | VectorHit],
        tagged: frozenset[str],
    ) -> list[Candidate]:
        own = request.vector.own if request.vector is not None else frozenset()
        candidates = group_by_file(one for one in found if one.id not in own)
        if scorer is not None:
            self._score(scorer, candidates.values(), tagged)
        for path in words.paths & candidates.keys():
            attach_keyword_matches(candidates[path], words)
        if request.minus:
            fetch_rows(self._reader, {unit: one for one in candidates.values() for unit in one.units})
        for part in request.minus:
            minus = parse_terms(part.text, part.phrases, partial=False)
            _penalise_words(candidates.values(), minus, UserTagMatcher(self._said, minus))
        limits, weight = (scorer.limits, scorer.keyword_weight) if scorer is not None else ({}, 1.0)
        for candidate in candidates.values():
            score_candidate(candidate, words, limits, request.strictness, weight)
        return list(candidates.values())

    def _score(self, scorer: Scorer, candidates: Iterable[Candidate], tagged: frozenset[str]) -> None:
        """Evidence of all units that have a vector, computed exactly from the stored vectors."""
        owners: dict[str, list[tuple[Candidate, str]]] = {modality: [] for modality in MODALITIES}
        for candidate in candidates:
            for unit, kind in candidate.units.items():
                if kind is not UnitType.FILE:
                    owners[modality_of(kind)].append((candidate, unit))
        for modality, mine in owners.items():
            if not mine or modality not in scorer.modalities:
                continue
            # Files of a drive that was away when the model changed have none, and some may be gone by now.
            found, vectors = self._reader.embeddings([unit for _, unit in mine])
            if len(found) != len(mine):
                having = set(found)
                mine = [owner for owner in mine if owner[1] in having]
            unit_scores = scorer.calibrated_score(vectors, modality), scorer.z_score(vectors, modality)
            for (candidate, unit), score, place in zip(mine, *(values.tolist() for values in unit_scores), strict=True):
                candidate.semantic[unit] = score
                candidate.z_scores[unit] = place
            if modality == IMAGE and scorer.words is not None:
                _note_probability(scorer, scorer.words, mine, vectors, tagged)
            if scorer.subtracts:
                for (candidate, _), penalty in zip(mine, scorer.penalties(vectors, modality).tolist(), strict=True):
                    candidate.penalty = max(candidate.penalty, penalty)


def _note_probability(
    scorer: Scorer,
    words: QueryWords,
    mine: Sequence[tuple[Candidate, str]],
    vectors: FloatArray,
    tagged: frozenset[str],
) -> None:
    """The log odds of photos, and what a tag is worth in their order.

    Args:
        mine: (candidate, unit) of each of (n, d) vectors; pages of documents are among them and left to thresholds.
    """
    model = relevance_model()
    has_tag = np.array([unit in tagged for _, unit in mine], dtype=np.float32)
    logits = model.logits(scorer.photo_features(vectors, has_tag)) - doubt(words.understood)
    for (candidate, unit), logit, has in zip(mine, logits.tolist(), has_tag.tolist(), strict=True):
        if candidate.units[unit] is UnitType.PHOTO:
            candidate.logits[unit] = logit
            candidate.semantic[unit] += has * model.tag_bonus


def _with_closest(files: list[Candidate], request: SearchRequest, scorer: Scorer | None) -> tuple[list[Candidate], int]:
    """The files with the closest ones right behind those that the evidence supports, and how many are listed of them.

    None where words are unknown, or where something is strong. Documents that have the words say nothing of photos:
    where no photo is supported, a few of the closest photos follow them, unless a file was named.
    """
    words = request.words
    if scorer is None or words is None or not words.understood:
        return files, 0
    supported = sum(file.band is not Band.WEAK for file in files)
    shown, rest = files[:supported], files[supported:]
    documents = 0
    if not any(file.band is Band.STRONG for file in shown):
        documents = _CLOSEST - _CLOSEST_PHOTOS
    elif (
        request.filters.kind is Kind.DOCUMENT
        or request.phrases
        or any(file.kind is Kind.PHOTO or file.exact for file in shown)
    ):
        return files, 0
    if request.filters.kind is Kind.DOCUMENT:
        documents = _CLOSEST
    room = {Kind.PHOTO: _CLOSEST_PHOTOS, Kind.DOCUMENT: documents}
    for file in shown:
        room[file.kind] -= file.kind is Kind.PHOTO or documents > 0
    chosen = []
    for file in rest:
        if room[file.kind] > 0:
            room[file.kind] -= 1
            chosen.append(file)
    paths = {file.path for file in chosen}
    return [*shown, *chosen, *(file for file in rest if file.path not in paths)], len(chosen)


def _group_equal_vectors(vectors: Mapping[str, FloatArray]) -> list[tuple[FloatArray, list[str]]]:
    """Vectors with the modalities they are for: often one for all, and one search."""
    shared: dict[bytes, tuple[FloatArray, list[str]]] = {}
    for modality, vector in vectors.items():
        shared.setdefault(vector.tobytes(), (vector, []))[1].append(modality)
    return list(shared.values())


def _is_searchable(query: QueryEmbedding, unit: UnitType) -> bool:
    """Whether the library has units of the type's modality, and the query means something in it."""
    return modality_of(unit) in query.calibrators


def _still_supported(near: Sequence[VectorHit], candidates: Sequence[Candidate], fetch: int) -> bool:
    """Whether the furthest unit fetched of a modality still belongs to a supported file: there may be more."""
    bands = {candidate.path: candidate.band for candidate in candidates}
    for units in MODALITIES.values():
        mine = [one for one in near if one.unit in units]
        if len(mine) >= fetch and any(bands.get(one.path, Band.WEAK) is not Band.WEAK for one in mine[-8:]):
            return True
    return False


def _penalise_words(candidates: Collection[Candidate], keywords: Sequence[QueryTerm], spoken: UserTagMatcher) -> None:
    """Take off what a subtracted word that really stands there is worth."""
    if not keywords:
        return
    candidates = [candidate for candidate in candidates if candidate.rows]
    spoken.load([candidate.row for candidate in candidates])
    for candidate in candidates:
        texts = (row.text for row in candidate.rows.values() if row.text)
        found = any(all(match_text(keywords, text).levels) for text in texts)
        if found or all(match_name(keywords, name_text(candidate.row, spoken.of(candidate.row.content_hash))).levels):
            candidate.penalty += _SUBTRACTED_WORD_PENALTY
