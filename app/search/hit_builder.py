"""Candidates as hits: the best page and passage, the words marked, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.annotations.user_tags import UserTags
from app.core.records import Kind, UnitRow, UnitType
from app.query.queries import Band, Hit, Reason
from app.search.candidates import Candidate
from app.search.match_levels import MatchLevel, match_name, match_text
from app.search.query_terms import QueryTerm

_SNIPPET_CHARACTERS = 320  # characters of a passage that are shown
_CONTEXT_CHARACTERS = 80  # of them before the first word found
_MAX_PROPOSED_TAGS = 5
_MIN_EXPLAINING_SCORE = 0.8  # evidence of a meaning that carries a hit


def build_hit(
    candidate: Candidate,
    keywords: Sequence[QueryTerm],
    *,
    typos: Collection[QueryTerm] = (),
    online: bool = True,
    decisions: UserTags | None = None,
) -> Hit:
    """The hit that a candidate is, whose shown units were read."""
    unit = candidate.rows[candidate.best_unit]
    marked = unit.text is not None and unit.id in candidate.matches
    spans = match_text(keywords, unit.text or "", typos=typos).spans if marked else ()
    snippet, marks = excerpt(unit.text, spans)
    own, proposed = tags_of(unit, decisions)
    return _with_facts(
        unit,
        Hit(
            path=candidate.path,
            kind=unit.kind,
            score=candidate.score,
            band=candidate.band,
            thumbnail=unit.content_hash,
            unit_id=_embedded_unit(candidate, unit),
            page=unit.page if unit.kind is Kind.DOCUMENT else None,
            snippet=snippet,
            marks=marks,
            why=reasons(candidate, keywords, own, unit.place),
            tags=proposed,
            own_tags=own,
            online=online,
            probability=candidate.probability,
        ),
    )


def build_browse_hit(row: UnitRow, *, online: bool = True, decisions: UserTags | None = None) -> Hit:
    """A file that was browsed to, not searched for."""
    own, proposed = tags_of(row, decisions)
    return _with_facts(
        row,
        Hit(
            path=row.path,
            kind=row.kind,
            score=0.0,
            band=Band.STRONG,
            thumbnail=row.content_hash,
            unit_id=row.id,
            tags=proposed,
            own_tags=own,
            online=online,
        ),
    )


def reasons(
    candidate: Candidate, keywords: Sequence[QueryTerm], own_tags: Sequence[str] = (), place: str = ""
) -> tuple[Reason, ...]:
    """What carried a hit, the strongest first: words (which), name, tag, place; picture, page or passage by meaning."""
    found: list[Reason] = []
    if candidate.names:
        named = _matched_words(keywords, candidate.names)
        typos = [k for k, level in zip(keywords, candidate.names, strict=True) if level is MatchLevel.TYPO]
        tagged = [tag for tag in own_tags if match_name(keywords, tag, typos=typos)]
        if tagged:
            found.append(Reason("tag", ", ".join(tagged)))
        by_tags = {k.text for k in keywords if match_name([k], " ".join(tagged), typos=typos)}
        taken = [k.text for k in keywords if k.text in named and match_name([k], place, typos=typos)] if place else []
        if taken:
            found.append(Reason("place", ", ".join(taken)))
        named = [word for word in named if word not in taken]
        if named and not set(named) <= by_tags:
            found.append(Reason("name", ", ".join(named)))
    words = dict.fromkeys(word for levels in candidate.matches.values() for word in _matched_words(keywords, levels))
    if words:
        found.append(Reason("words", ", ".join(k.text for k in keywords if k.text in words)))
    if candidate.semantic:
        best = candidate.best_semantic_unit or candidate.best_unit
        if candidate.semantic[best] >= _MIN_EXPLAINING_SCORE or not found:
            reason = _semantic_reason(candidate.rows[best])
            if candidate.semantic[best] > candidate.words:
                found.insert(0, reason)
            else:
                found.append(reason)
    return tuple(found)


def tags_of(row: UnitRow, decisions: UserTags | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the person's tags, proposed ones): what the person rejected is neither, not even a keyword of the file."""
    said = decisions.tags if decisions else ()
    rejected = decisions.rejected if decisions else ()
    own = tuple(dict.fromkeys((*(word for word in row.facts.keywords if word not in rejected), *said)))
    proposed = tuple(tag for tag in row.tags if tag not in own and tag not in rejected)
    return own, proposed[:_MAX_PROPOSED_TAGS]


def _semantic_reason(row: UnitRow) -> Reason:
    if row.unit is UnitType.PHOTO:
        return Reason("picture", "")
    where = f"page {row.page}" if row.page is not None else ""
    return Reason("page" if row.unit is UnitType.PAGE else "passage", where)


def _matched_words(keywords: Sequence[QueryTerm], levels: Sequence[MatchLevel]) -> list[str]:
    return [
        k.text for k, level in zip(keywords, levels, strict=True) if level is not MatchLevel.NONE and k.weight >= 0.5
    ]


def excerpt(text: str | None, spans: Sequence[tuple[int, int]]) -> tuple[str | None, tuple[tuple[int, int], ...]]:
    """A passage, cut around the first words found where it is long, with the spans moved along."""
    if text is None:
        return None, ()
    if len(text) <= _SNIPPET_CHARACTERS:
        return text, tuple(spans)
    first = spans[0][0] if spans else 0
    start = 0
    if first > _CONTEXT_CHARACTERS:
        blank = text.find(" ", first - _CONTEXT_CHARACTERS, first)
        start = blank + 1 if blank >= 0 else first
    end = min(len(text), start + _SNIPPET_CHARACTERS)
    if end < len(text):
        blank = text.rfind(" ", start + _SNIPPET_CHARACTERS // 2, end)
        end = blank if blank > 0 else end
    head, tail = ("… " if start else ""), (" …" if end < len(text) else "")
    shift = len(head) - start
    moved = tuple((s + shift, e + shift) for s, e in spans if s >= start and e <= end)
    return head + text[start:end] + tail, moved


def _embedded_unit(candidate: Candidate, unit: UnitRow) -> str:
    """The unit itself, or where it has no vector the unit of the file that means the query most."""
    return unit.id if unit.unit is not UnitType.FILE else candidate.best_semantic_unit or unit.id


def _with_facts(row: UnitRow, hit: Hit) -> Hit:
    facts = row.facts
    return replace(
        hit,
        title=facts.title,
        taken_at=facts.taken_at,
        modified_ns=row.mtime_ns,
        size=row.size,
        width=facts.width,
        height=facts.height,
        camera=facts.camera,
        lens=facts.lens,
        latitude=facts.latitude,
        longitude=facts.longitude,
        place=row.place,
    )
