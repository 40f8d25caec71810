"""The words of names and passages as the full-text index reads them, and word queries against them.

LanceDB has one tokeniser per column, and its own analysis (measured on 0.40: `icu` with stemming and folding) does
not find "été", "brucke" for "Brücke", "ostende" in "d'Ostende", Korean words with particles, or any prefix. So the
analysis is ours (`app.text.analysis`), the column `words` holds its tokens separated by spaces, and LanceDB does what
it does well: splitting at spaces, positions, BM25, edit distance.

What a row is found by is "its terms in order, then its distinct prefixes marked by `^`": terms keep their positions,
so that phrases work, and prefixes are ordinary terms, so that a prefix costs what a word costs. Names stand in a column
of their own: BM25 weighs a text by its length beside the usual length, and among names every passage is a long one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from app.text.analysis import detect_language, name_terms, passage_terms, prefixes_of, tokens

WORDS, NAMES = "words", "names"
"""The columns: of passages, and of files' own rows."""
COLUMNS = (WORDS, NAMES)
FTS_OPTIONS: dict[str, Any] = {
    "base_tokenizer": "whitespace",
    "with_position": True,
    "stem": False,
    "remove_stop_words": False,
    "lower_case": False,
    "ascii_folding": False,
    "max_token_length": 64,
}
"""Keyword arguments of `lancedb.index.FTS` for both columns."""

PREFIX_MARK = "^"
# Prefixes of passages are kept at two lengths only, which doubles the postings instead of multiplying them by six; a
# longer prefix is looked up by the longest kept one and checked against the text.
PASSAGE_PREFIXES = (3, 5)
NAME_PREFIXES = tuple(range(2, 13))


def name_terms_text(
    path: str,
    root: str,
    *,
    title: str | None = None,
    camera: str | None = None,
    keywords: Iterable[str] = (),
    place: str | None = None,
    caption: str = "",
) -> str:
    """The words of a file's own row: name, folders from the watched folder down, title, camera, keywords, place,
    and what people wrote about a photo.

    Args:
        path, root: stored form; `root` is the watched folder, whose parents say nothing about the file.
        place: as `app.geo.place_names` has it. Most photos of a library share a few: their beginnings are few, too.
    """
    pure = PurePosixPath(path)
    base = PurePosixPath(root).parent if root else PurePosixPath("/")
    try:
        folders = pure.parent.relative_to(base).parts
    except ValueError:
        folders = pure.parent.parts
    parts = [pure.name, *folders, title or "", camera or "", *keywords]
    terms = [term for part in parts for term in name_terms(part)]
    taken = [term for text in (place, caption) if text for term in name_terms(text)]
    return " ".join(
        filter(None, (_indexed_text(terms, terms, NAME_PREFIXES), _indexed_text(taken, taken, PASSAGE_PREFIXES)))
    )


def passage_terms_text(text: str) -> str:
    """The words of a passage: its stems by its own language, CJK as pairs of characters."""
    words = [token.word for token in tokens(text)]
    return _indexed_text(passage_terms(text, detect_language(text)), words, PASSAGE_PREFIXES)


def _indexed_text(terms: list[str], words: list[str], lengths: tuple[int, ...]) -> str:
    """The terms in order, then the marked beginnings of the distinct words (as written: a stem may be too short)."""
    beginnings = (PREFIX_MARK + prefix for word in dict.fromkeys(words) for prefix in prefixes_of(word, lengths))
    return " ".join([*terms, *dict.fromkeys(beginnings)])


@dataclass(frozen=True, slots=True)
class FulltextTerm:
    """One thing looked for.

    Attributes:
        forms: alternatives that count alike; each a single term, or a phrase: terms that stand next to each other.
        typos: 1 to accept single terms one edit away.
        required: rows without it are not wanted.
        weight: factor on the BM25 score of single terms.
    """

    forms: tuple[tuple[str, ...], ...]
    typos: int = 0
    required: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class FulltextQuery:
    """What to look for in either column: rows that have any term, and every required one."""

    terms: tuple[FulltextTerm, ...]

    def __bool__(self) -> bool:
        return any(term.forms for term in self.terms)


# LanceDB's extension reads the following by the names of class and fields; LanceDB's own classes of these names are
# the same with Pydantic around them, and take a quarter of a second to import.


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """Any of the terms, which spaces separate."""

    query: str
    column: str
    boost: float = 1.0
    fuzziness: int = 0
    max_expansions: int = 50
    operator: str = "OR"
    prefix_length: int = 0
    document_granularity: None = None


@dataclass(frozen=True, slots=True)
class PhraseQuery:
    """The terms next to each other."""

    query: str
    column: str
    slop: int = 0
    document_granularity: None = None


@dataclass(frozen=True, slots=True)
class BooleanQuery:
    """("MUST" or "SHOULD", query) each."""

    queries: list[tuple[str, LanceQuery]]


LanceQuery: TypeAlias = "MatchQuery | PhraseQuery | BooleanQuery"


def lance_query(query: FulltextQuery, columns: Sequence[str] = COLUMNS) -> LanceQuery:
    """The LanceDB form of a query that holds at least one word.

    Args:
        columns: those that have a full-text index.
    """
    clauses: list[tuple[str, LanceQuery]] = []
    for term in query.terms:
        forms = [form for column in columns for form in _lance_forms(term, column)]
        if term.required:
            clauses.append(("MUST", forms[0] if len(forms) == 1 else BooleanQuery([("SHOULD", f) for f in forms])))
        else:
            clauses.extend(("SHOULD", form) for form in forms)
    return clauses[0][1] if len(clauses) == 1 else BooleanQuery(clauses)


def _lance_forms(term: FulltextTerm, column: str) -> Iterator[LanceQuery]:
    single = " ".join(form[0] for form in term.forms if len(form) == 1)
    if single:
        yield MatchQuery(single, column, boost=term.weight, fuzziness=term.typos, prefix_length=1 if term.typos else 0)
    for form in term.forms:
        if len(form) > 1:
            yield PhraseQuery(" ".join(form), column)
