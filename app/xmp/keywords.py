"""Tags as XMP keywords, in the three properties that other programs read, merged with what is there.

`dc:subject` is the flat list that everything reads, `lr:hierarchicalSubject` ("animal|dog") is Lightroom's,
`digiKam:TagsList` ("animal/dog") digiKam's. Nothing is ever taken out of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SUBJECT = "Xmp.dc.subject"
HIERARCHICAL = "Xmp.lr.hierarchicalSubject"
TAGS_LIST = "Xmp.digiKam.TagsList"
PROPERTIES = (SUBJECT, HIERARCHICAL, TAGS_LIST)


@dataclass(frozen=True, slots=True)
class XmpKeywords:
    """What the three properties hold, in file order."""

    subject: tuple[str, ...] = ()
    hierarchical: tuple[str, ...] = ()
    tags_list: tuple[str, ...] = ()

    def as_properties(self) -> dict[str, list[str]]:
        """Exiv2's keys and values."""
        values = (self.subject, self.hierarchical, self.tags_list)
        return {key: list(value) for key, value in zip(PROPERTIES, values, strict=True)}

    def without(self, other: XmpKeywords) -> XmpKeywords:
        """What is here and not there: what a change adds."""
        return XmpKeywords(
            tuple(word for word in self.subject if word not in other.subject),
            tuple(word for word in self.hierarchical if word not in other.hierarchical),
            tuple(word for word in self.tags_list if word not in other.tags_list),
        )

    def __bool__(self) -> bool:
        return bool(self.subject or self.hierarchical or self.tags_list)


def keywords_of(properties: Mapping[str, object]) -> XmpKeywords:
    """The three properties of a packet as Exiv2 reads them: a list, or a lone text."""
    return XmpKeywords(*(_texts(properties.get(key)) for key in PROPERTIES))


def merge_keywords(have: XmpKeywords, paths: Iterable[Sequence[str]], keywords: Iterable[str] = ()) -> XmpKeywords:
    """`have` with the tags added that are not there yet.

    Args:
        paths: each tag's hierarchy, outermost first; a tag without parents is a path of one.
        keywords: what the file itself says in other places (IPTC), for the flat list only.

    A tag that the user already keeps somewhere else in a hierarchy of their own gets no second place.
    """
    tags = [tuple(_step(step) for step in path if step.strip()) for path in paths]
    tags = [path for path in tags if path]
    return XmpKeywords(
        _add_words(have.subject, [*keywords, *(path[-1] for path in tags)]),
        _add_paths(have.hierarchical, tags, "|"),
        _add_paths(have.tags_list, tags, "/"),
    )


def _add_words(have: Sequence[str], new: Iterable[str]) -> tuple[str, ...]:
    known = {_fold(word) for word in have}
    result = list(have)
    for word in new:
        if word and _fold(word) not in known:
            known.add(_fold(word))
            result.append(word)
    return tuple(result)


def _add_paths(have: Sequence[str], paths: Iterable[Sequence[str]], separator: str) -> tuple[str, ...]:
    known = {_fold(entry.split(separator)[-1]) for entry in have}
    result = list(have)
    for path in paths:
        if _fold(path[-1]) not in known:
            known.add(_fold(path[-1]))
            result.append(separator.join(path))
    return tuple(result)


def _step(step: str) -> str:
    """A step must not hold what separates steps."""
    return step.strip().replace("|", "¦").replace("/", "∕")


def _fold(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().strip()


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return (str(value),) if value else ()
