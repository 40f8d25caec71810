"""What speaks for each file: its units with their scores, and the words of the query it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from app.core.records import Kind, UnitRow, UnitType, VectorHit
from app.query.queries import Band
from app.ranking.fusion import FULL_NAME_BONUS, fuse, interleaving_score, keyword_score, pool_units, rarity_score
from app.ranking.probability import WORDS_MAYBE, WORDS_STRONG, probability, relevance_model
from app.ranking.thresholds import BAND_ORDER, Thresholds, best_band, keyword_band
from app.search.keyword_search import KeywordMatches
from app.search.match_levels import MatchLevel, MatchLevels, best_levels
from app.table import FulltextHit, IndexReader

_MAX_PENALTY_FOR_KEYWORDS = 0.5  # with so much taken off by subtracted parts, words prove nothing any more


@dataclass(slots=True)
class Candidate:
    """A file that may be a hit.

    Attributes:
        units: its units that were found, by id; `rows`: those of them that were read.
        semantic: evidence of each of them that has a vector; `prominence`: what orders the two kinds in one list.
        logits: of photos, the log odds that they are what is asked for.
        penalty: what parts that are subtracted take off, at its best unit.
        matches: how well the text of each unit has the query's words, where it has any.
        names: the same of its names (file, folders, title, keywords); `whole_name` when the query is its name,
            `named` when its name or title holds the query.
        kind: what file it is.
        bm25: the best of its rows.
        words: what its words prove, for the band; `rarity`: what they are worth in the order, where having all of them
            counts no more than it is rare.
        evidence: meaning and words together, for the order.
        exact: it is what was named: by its name, or a number.
        probability: 0-1, how often a file with this evidence is right; None where only thresholds judge it.
        standing: how far it stands above the rest of its kind. `score`: where it stands in the list of both kinds.
    """

    path: str
    kind: Kind
    units: dict[str, UnitType] = field(default_factory=dict)
    rows: dict[str, UnitRow] = field(default_factory=dict)
    semantic: dict[str, float] = field(default_factory=dict)
    z_scores: dict[str, float] = field(default_factory=dict)
    logits: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0
    matches: dict[str, MatchLevels] = field(default_factory=dict)
    names: MatchLevels | None = None
    whole_name: bool = False
    named: bool = False
    bm25: float = 0.0
    words: float = 0.0
    rarity: float = 0.0
    calibrated_score: float = 0.0
    interleaving_score: float = 0.0
    exact: bool = False
    band: Band = Band.WEAK
    probability: float | None = None
    score: float = 0.0

    @property
    def row(self) -> UnitRow:
        """Any row that was read: the facts of the file are in each."""
        return next(iter(self.rows.values()))

    @property
    def best_semantic_unit(self) -> str | None:
        """The unit that means the query most."""
        return max(self.semantic, key=self.semantic.__getitem__) if self.semantic else None

    @property
    def best_unit(self) -> str:
        """What is shown: the passage with the most of the words, else the unit that means it most."""
        by_words = {unit: sum(levels) for unit, levels in self.matches.items()}
        if by_words:
            most = max(by_words.values())
            units = [unit for unit, total in by_words.items() if total == most]
            return max(units, key=lambda unit: self.semantic.get(unit, 0.0))
        return self.best_semantic_unit or next(iter(self.units))

    @property
    def shown(self) -> frozenset[str]:
        """The units that a hit tells of."""
        return frozenset((self.best_unit, self.best_semantic_unit or self.best_unit))

    @property
    def all_matches(self) -> list[MatchLevels]:
        return [*self.matches.values(), *((self.names,) if self.names else ())]


def group_by_file(found: Iterable[FulltextHit | VectorHit]) -> dict[str, Candidate]:
    """What was found by file, each unit once."""
    candidates: dict[str, Candidate] = {}
    for one in found:
        candidate = candidates.get(one.path)
        if candidate is None:
            candidate = candidates[one.path] = Candidate(one.path, one.kind)
        candidate.units.setdefault(one.id, one.unit)
    return candidates


def fetch_rows(reader: IndexReader, units: Mapping[str, Candidate]) -> None:
    """Read the rows of some units of candidates, as far as they are not known. One may have gone meanwhile."""
    for row in reader.units([unit for unit, candidate in units.items() if unit not in candidate.rows]):
        units[row.id].rows[row.id] = row


def one_unit_without_row(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """One unit of each candidate of which no row was read."""
    return {next(iter(candidate.units)): candidate for candidate in candidates if not candidate.rows}


def shown_units(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """The units that candidates are shown by."""
    return {unit: candidate for candidate in candidates for unit in candidate.shown}


def attach_keyword_matches(candidate: Candidate, words: KeywordMatches) -> None:
    """Fill in which words the candidate's units and names have, as far as the word search returned them."""
    for unit in candidate.units:
        score = words.bm25.get(unit)
        if score is None:
            continue
        candidate.bm25 = max(candidate.bm25, score)
        if any(levels := words.texts.get(unit, ())):
            candidate.matches[unit] = levels
        if any(levels := words.names.get(unit, ())):
            candidate.names = levels
            candidate.whole_name = unit in words.whole_names
            candidate.named = unit in words.named


def score_candidate(
    candidate: Candidate,
    words: KeywordMatches,
    limits: Mapping[UnitType, Thresholds],
    strictness: int,
    keyword_weight: float = 1.0,
) -> None:
    """Set a candidate's evidence and band.

    Args:
        limits: of each unit type, as the whole library gives them.
        words_weight: what words count beside a meaning.
    """
    share, found = 0.0, 0
    if candidate.matches or candidate.names:
        # The most that one row has: words close together say more than words strewn over a book.
        worth = [words.worth(levels) for levels in candidate.all_matches]
        share, found = max(share for share, _ in worth), max(found for _, found in worth)
        named = FULL_NAME_BONUS if candidate.whole_name else 0.0
        candidate.words = keyword_score(candidate.bm25, share) + named
        candidate.rarity = rarity_score(candidate.bm25) + named
        candidate.exact = candidate.whole_name or candidate.named or (share >= 1.0 and words.has_digit)
    elif len(candidate.semantic) == 1 and not words.quoted:
        # Most of them: one picture or passage, and nothing but what it means.
        ((unit, alone),) = candidate.semantic.items()
        candidate.calibrated_score = alone - candidate.penalty
        candidate.interleaving_score = interleaving_score(candidate.z_scores[unit], candidate.bm25, candidate.penalty)
        candidate.band = _semantic_band(candidate, unit, alone, limits, strictness)
        return
    meaning = pool_units(list(candidate.semantic.values())) if candidate.semantic else None
    candidate.calibrated_score = fuse(meaning, candidate.rarity, keyword_weight) - candidate.penalty
    candidate.interleaving_score = interleaving_score(
        max(candidate.z_scores.values(), default=0.0), candidate.bm25, candidate.penalty
    )
    candidate.band = _band(candidate, words, limits, (share, found), strictness)


def _band(
    candidate: Candidate,
    words: KeywordMatches,
    limits: Mapping[UnitType, Thresholds],
    worth: tuple[float, int],
    strictness: int,
) -> Band:
    """The surest of what its units and its words tell.

    Args:
        worth: of its words: their coverage of the query, and how many words of weight one row has.
    """
    if words.quoted and _lacks_phrase(candidate, words):
        return Band.WEAK  # a phrase is meant as written: a file without it is only shown when more is asked for
    bands = []
    for unit, calibrated_score in candidate.semantic.items():
        bands.append(_semantic_band(candidate, unit, calibrated_score, limits, strictness))
    share, found = worth
    if share > 0 and candidate.penalty < _MAX_PENALTY_FOR_KEYWORDS:
        meaning = max(candidate.semantic.values(), default=0.0)
        beyond_chance = candidate.bm25 - log(max(words.units, 1))
        by_words = keyword_band(share, found, meaning, beyond_chance, strictness)
        candidate.probability = max(candidate.probability or 0.0, _STATED_OF_WORDS[by_words]) or None
        bands.append(by_words)
    return bands[0] if len(bands) == 1 else best_band(bands)


_STATED_OF_WORDS = {Band.STRONG: WORDS_STRONG, Band.MAYBE: WORDS_MAYBE, Band.WEAK: 0.0}


def _semantic_band(
    candidate: Candidate, unit: str, calibrated_score: float, limits: Mapping[UnitType, Thresholds], strictness: int
) -> Band:
    """The band that the meaning of a unit gives its file, with the words that it has besides."""
    logit = candidate.logits.get(unit)
    if logit is None:
        needed = limits[candidate.units[unit]]
        # Where something stands out at all, words and meaning together say how much.
        return needed.band(calibrated_score + (candidate.words if needed.open else 0.0) - candidate.penalty)
    model = relevance_model()
    logit += model.slope * (candidate.words - candidate.penalty)
    candidate.probability = max(candidate.probability or 0.0, probability(logit))
    return model.band(logit, strictness)


def _lacks_phrase(candidate: Candidate, words: KeywordMatches) -> bool:
    """Whether there is a quoted phrase that no text and no name of the file has."""
    levels: MatchLevels = tuple(MatchLevel.NONE for _ in words.keywords)
    for one in candidate.all_matches:
        levels = best_levels(levels, one)
    return any(k.quoted and level is MatchLevel.NONE for k, level in zip(words.keywords, levels, strict=True))


_BAND_RANK = {band: place for place, band in enumerate(BAND_ORDER)}


def order_candidates(candidates: Iterable[Candidate], *, interleave: bool = True) -> list[Candidate]:
    """Best first, band by band, and in each what was named exactly first.

    Args:
        side_by_side: put photos and documents side by side within a band; otherwise by evidence, wherever it leads.
    """
    result: list[Candidate] = []
    tiers: dict[tuple[bool, int], list[Candidate]] = {}
    for candidate in candidates:
        tiers.setdefault((not candidate.exact, _BAND_RANK[candidate.band]), []).append(candidate)
    for key in sorted(tiers, key=lambda tier: (tier[1], tier[0])):
        result += _interleave_kinds(tiers[key]) if interleave else _by_score(tiers[key])
    lowest = float("inf")
    for candidate in result:
        lowest = min(lowest, candidate.score)
        candidate.score = lowest
    return result


def _by_score(tier: list[Candidate]) -> list[Candidate]:
    tier.sort(key=lambda candidate: (-candidate.calibrated_score, candidate.path))
    for candidate in tier:
        candidate.score = candidate.calibrated_score
    return tier


def _interleave_kinds(tier: list[Candidate]) -> list[Candidate]:
    """Each kind keeps its own order, by evidence; where in the common list, their standings tell, the best first."""
    _by_score(tier)
    for kind in Kind:
        mine = [candidate for candidate in tier if candidate.kind is kind]
        heights = sorted((candidate.interleaving_score for candidate in mine), reverse=True)
        for candidate, height in zip(mine, heights, strict=True):
            candidate.score = height
    return sorted(tier, key=lambda candidate: (-candidate.score, -candidate.calibrated_score, candidate.path))
