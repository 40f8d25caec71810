"""What speaks for each file: its units with their scores, and the words of the query it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import PurePosixPath

from app.keywords import Keyword
from app.matches import HEAVY, Level, Match, best_levels, coverage, is_named, is_whole_name
from app.queries import Band
from app.ranking.cutoff import ORDER, Thresholds, best_band, word_band
from app.ranking.fusion import WHOLE_NAME, combined, pooled, standing, word_evidence
from app.records import Kind, NearUnit, UnitRow, UnitType
from app.search.word_search import WordsFound
from app.table import IndexReader

_DOUBT = 0.5  # with so much taken off by subtracted parts, words prove nothing any more


@dataclass(slots=True)
class Candidate:
    """A file that may be a hit.

    Attributes:
        units: its units that were found, by id; `rows`: those of them that were read.
        semantic: evidence of each of them that has a vector; `prominence`: what orders the two kinds in one list.
        penalty: what parts that are subtracted take off, at its best unit.
        matches: the query's words in each row that was looked into.
        names: the same for its names (file, folders, title, keywords); `whole_name` when the query is its name,
            `named` when its name or title holds the query.
        bm25: the best of its rows.
        words: what its words are worth.
        evidence: meaning and words together, for the order.
        exact: it is what was named: by its name, or a number.
        standing: how far it stands above the rest of its kind. `score`: where it stands in the list of both kinds.
    """

    path: str
    units: dict[str, UnitType] = field(default_factory=dict)
    rows: dict[str, UnitRow] = field(default_factory=dict)
    semantic: dict[str, float] = field(default_factory=dict)
    prominence: dict[str, float] = field(default_factory=dict)
    penalty: float = 0.0
    matches: dict[str, Match] = field(default_factory=dict)
    names: Match | None = None
    whole_name: bool = False
    named: bool = False
    bm25: float = 0.0
    words: float = 0.0
    evidence: float = 0.0
    standing: float = 0.0
    exact: bool = False
    band: Band = Band.WEAK
    score: float = 0.0

    @property
    def row(self) -> UnitRow:
        """Any row that was read: the facts of the file are in each."""
        return next(iter(self.rows.values()))

    @property
    def kind(self) -> Kind:
        if self.rows:
            return self.row.kind
        return Kind.PHOTO if UnitType.PHOTO in self.units.values() else Kind.DOCUMENT

    @property
    def most_meaning(self) -> str | None:
        """The unit that means the query most."""
        return max(self.semantic, key=self.semantic.__getitem__) if self.semantic else None

    @property
    def best_unit(self) -> str:
        """What is shown: the passage with the most of the words, else the unit that means it most."""
        by_words = {unit: sum(match.levels) for unit, match in self.matches.items() if match}
        if by_words:
            most = max(by_words.values())
            units = [unit for unit, total in by_words.items() if total == most]
            return max(units, key=lambda unit: self.semantic.get(unit, 0.0))
        return self.most_meaning or next(iter(self.units))

    @property
    def shown(self) -> frozenset[str]:
        """The units that a hit tells of."""
        return frozenset((self.best_unit, self.most_meaning or self.best_unit))

    def _all_matches(self) -> list[Match]:
        return [*self.matches.values(), *((self.names,) if self.names else ())]

    def levels(self, keywords: Sequence[Keyword]) -> tuple[Level, ...]:
        """The best level of each keyword anywhere in the file."""
        found: tuple[Level, ...] = tuple(Level.NONE for _ in keywords)
        for match in self._all_matches():
            found = best_levels(found, match.levels)
        return found

    def found(self, keywords: Sequence[Keyword]) -> int:
        """How many keywords of weight one row has, the row that has most."""
        matches = self._all_matches()
        heavy = [keyword.weight >= HEAVY for keyword in keywords]
        counts = (sum(bool(level) for level, counts in zip(m.levels, heavy, strict=True) if counts) for m in matches)
        return max(counts, default=0)

    def best_row_coverage(self, keywords: Sequence[Keyword]) -> float:
        """The most that one row has: words close together say more than words strewn over a book."""
        matches = self._all_matches()
        return max((coverage(keywords, match.levels) for match in matches), default=0.0)


def gathered(found: Iterable[UnitRow | NearUnit]) -> dict[str, Candidate]:
    """What was found by file, each unit once."""
    candidates: dict[str, Candidate] = {}
    for one in found:
        candidate = candidates.get(one.path)
        if candidate is None:
            candidate = candidates[one.path] = Candidate(one.path)
        candidate.units.setdefault(one.id, one.unit)
        if isinstance(one, UnitRow):
            candidate.rows.setdefault(one.id, one)
    return candidates


def read_rows(reader: IndexReader, units: Mapping[str, Candidate]) -> None:
    """Read the rows of some units of candidates, as far as they are not known. One may have gone meanwhile."""
    for row in reader.units([unit for unit, candidate in units.items() if unit not in candidate.rows]):
        units[row.id].rows[row.id] = row


def of_any_row(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """One unit of each candidate of which no row was read."""
    return {next(iter(candidate.units)): candidate for candidate in candidates if not candidate.rows}


def that_show(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """The units that candidates are shown by."""
    return {unit: candidate for candidate in candidates for unit in candidate.shown}


def look_into(candidate: Candidate, words: WordsFound) -> None:
    """Fill in which words the candidate's rows and names have, as far as the word search returned them."""
    for unit, row in candidate.rows.items():
        if unit not in words.bm25:
            continue
        candidate.bm25 = max(candidate.bm25, words.bm25[unit])
        if words.texts.get(unit):
            candidate.matches[unit] = words.texts[unit]
        if words.names.get(unit):
            candidate.names = words.names[unit]
            name = PurePosixPath(row.path).name
            candidate.whole_name = is_whole_name(words.keywords, name)
            candidate.named = any(is_named(words.keywords, one) for one in (name, row.facts.title) if one)


def judge(
    candidate: Candidate,
    words: WordsFound,
    limits: Mapping[UnitType, Thresholds],
    strictness: int,
    words_weight: float = 1.0,
) -> None:
    """Set a candidate's evidence and band.

    Args:
        limits: of each unit type, as the whole library gives them.
        words_weight: what words count beside a meaning.
    """
    keywords = words.keywords
    share = candidate.best_row_coverage(keywords) if candidate.matches or candidate.names else 0.0
    candidate.words = word_evidence(candidate.bm25, share)
    number = share >= 1.0 and any(keyword.has_digit for keyword in keywords)
    candidate.exact = candidate.whole_name or candidate.named or number
    if candidate.whole_name:
        candidate.words += WHOLE_NAME
    meaning = pooled(list(candidate.semantic.values())) if candidate.semantic else None
    candidate.evidence = combined(meaning, candidate.words, words_weight) - candidate.penalty
    candidate.standing = standing(max(candidate.prominence.values(), default=0.0), candidate.bm25, candidate.penalty)
    candidate.band = _band(candidate, words, limits, share, strictness)


def _band(
    candidate: Candidate,
    words: WordsFound,
    limits: Mapping[UnitType, Thresholds],
    share: float,
    strictness: int,
) -> Band:
    """The surest of what its units and its words tell."""
    keywords = words.keywords
    quoted = any(keyword.quoted for keyword in keywords)
    levels = candidate.levels(keywords) if quoted else ()
    if quoted and any(k.quoted and level is Level.NONE for k, level in zip(keywords, levels, strict=True)):
        return Band.WEAK  # a phrase is meant as written: a file without it is only shown when more is asked for
    bands = []
    for unit, evidence in candidate.semantic.items():
        needed = limits[candidate.units[unit]]
        # Where something stands out at all, words and meaning together say how much.
        bands.append(needed.band(evidence + (candidate.words if needed.open else 0.0) - candidate.penalty))
    if share > 0 and candidate.penalty < _DOUBT:
        meaning = max(candidate.semantic.values(), default=0.0)
        rarity = candidate.bm25 - log(max(words.units, 1))
        bands.append(word_band(share, candidate.found(keywords), meaning, rarity, strictness))
    return best_band(bands)


def ordered(candidates: Iterable[Candidate], *, side_by_side: bool = True) -> list[Candidate]:
    """Best first, band by band, and in each what was named exactly first.

    Args:
        side_by_side: put photos and documents side by side within a band; otherwise by evidence, wherever it leads.
    """
    result: list[Candidate] = []
    tiers: dict[tuple[bool, int], list[Candidate]] = {}
    for candidate in candidates:
        tiers.setdefault((not candidate.exact, ORDER.index(candidate.band)), []).append(candidate)
    for key in sorted(tiers, key=lambda tier: (tier[1], tier[0])):
        result += _side_by_side(tiers[key]) if side_by_side else _by_evidence(tiers[key])
    lowest = float("inf")
    for candidate in result:
        lowest = min(lowest, candidate.score)
        candidate.score = lowest
    return result


def _by_evidence(tier: list[Candidate]) -> list[Candidate]:
    tier.sort(key=lambda candidate: (-candidate.evidence, candidate.path))
    for candidate in tier:
        candidate.score = candidate.evidence
    return tier


def _side_by_side(tier: list[Candidate]) -> list[Candidate]:
    """Each kind keeps its own order, by evidence; where in the common list, their standings tell, the best first."""
    _by_evidence(tier)
    for kind in Kind:
        mine = [candidate for candidate in tier if candidate.kind is kind]
        heights = sorted((candidate.standing for candidate in mine), reverse=True)
        for candidate, height in zip(mine, heights, strict=True):
            candidate.score = height
    return sorted(tier, key=lambda candidate: (-candidate.score, -candidate.evidence, candidate.path))
