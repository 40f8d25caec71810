"""What a query's words are: known or not, and the tag that they name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from app.query.queries import Query, QueryPart, TextPart
from app.ranking.probability import QueryWords
from app.search.did_you_mean import KnownWords, did_you_mean
from app.search.language_note import language_note, unread_language
from app.tags.vocabulary import Label, Vocabulary, fold
from app.tags.vocabulary_files import load_vocabulary
from app.text.analysis import tokens
from app.text.language import script_language
from app.text.lexicon import content_words, is_understood

_MOST_WORDS_OF_A_TAG = 4
_ARTICLES = frozenset(
    ("a", "an", "the", "der", "die", "das", "ein", "eine", "le", "la", "les", "un", "une", "el", "los", "las", "una")
)


class QueryReader:
    """Reads queries with the person's vocabulary of tags, which is read anew when its file has changed."""

    def __init__(self, vocabulary_file: Path) -> None:
        self._file = vocabulary_file

    @property
    def stamp(self) -> int:
        """Changes with the person's vocabulary file."""
        return _modified(self._file)

    @property
    def vocabulary(self) -> Vocabulary:
        return _vocabulary(self._file, _modified(self._file))

    def read(self, query: Query) -> QueryWords | None:
        """What is known of a query's words, or None where it has none: a query by example."""
        wanted = [part.text for part in query.parts if isinstance(part, TextPart) and part.weight > 0]
        if not wanted:
            return None
        label = self.label(wanted[0]) if len(wanted) == 1 else None
        words = content_words(query.text)
        number = all(token.word.isdigit() for token in words)  # only words prove a number
        understood = label is not None or (not number and is_understood(query.text, self.in_vocabulary))
        return QueryWords(len(words), label.name if label is not None else "", understood)

    def label(self, text: str) -> Label | None:
        """The tag that a text names, by a name or synonym of it: with or without an article, singular or plural."""
        plain = fold(text)
        words = plain.split()
        if words and words[0] in _ARTICLES:
            plain = " ".join(words[1:])
        if not plain or len(words) > _MOST_WORDS_OF_A_TAG:
            return None
        known = self.vocabulary
        for name in dict.fromkeys((plain, plain.removesuffix("s"), plain.removesuffix("es"))):
            found = known.find(name)
            if found is not None and found.enabled:
                return found
        return None

    def for_model(self, query: Query) -> Query:
        """The query with the English name of a tag in place of its name in another language: every model reads that."""
        if not any(isinstance(part, TextPart) for part in query.parts):
            return query
        return replace(query, parts=tuple(map(self._in_english, query.parts)))

    def _in_english(self, part: QueryPart) -> QueryPart:
        label = self.label(part.text) if isinstance(part, TextPart) else None
        if label is None or not isinstance(part, TextPart):
            return part
        english = frozenset(word for name in (label.name, *label.synonyms) for word in fold(name).split())
        return part if english.intersection(fold(part.text).split()) else replace(part, text=label.name)

    def read_for(
        self, query: Query, model: str, languages: Collection[str]
    ) -> tuple[QueryWords | None, tuple[str, ...]]:
        """The same for a model that reads some languages, and a note where the query's is not among them.

        Letters that the model does not read mean nothing to it: what it finds for them stands out by chance.
        """
        words = self.read(query)
        if words is None or words.tag:
            return words, ()
        language = unread_language(query.text, languages)
        if not language:
            return words, ()
        if script_language(query.text):
            words = replace(words, understood=False)
        return words, (language_note(model, language),)

    def did_you_mean(self, query: Query, in_library: Collection[str]) -> str:
        """The query without its typing errors, or "".

        Args:
            in_library: its words that some file has as they are written.
        """
        return did_you_mean(query, KnownWords(in_library.__contains__, self.in_vocabulary))

    def in_vocabulary(self, word: str) -> bool:
        """Whether a tag, or a synonym of one, has a folded word."""
        return word in _words_of(self._file, _modified(self._file))


def _modified(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _vocabulary(file: Path, modified_ns: int) -> Vocabulary:  # noqa: ARG001 - a key of the cache
    return load_vocabulary(file)


@lru_cache(maxsize=1)
def _words_of(file: Path, modified_ns: int) -> frozenset[str]:
    """The folded words of all names and synonyms."""
    vocabulary = _vocabulary(file, modified_ns)
    names = [name for label in vocabulary.labels.values() for name in (label.name, *label.synonyms)]
    names += [name for known in vocabulary.translations.values() for given in known.values() for name in given]
    return frozenset(token.word for name in names for token in tokens(name))
