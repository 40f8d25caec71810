"""Tags that the person gave are words like any other: found, also by beginnings and typos, subtracted, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.annotations.store import AnnotationStore
from app.core.records import Facts
from app.core.settings import Settings
from app.search import LocalLibrary
from tests.app.miniature import ConceptTower, ask, document, name_of, photo, places_in, write


@pytest.fixture
def said(tmp_path: Path) -> Iterator[AnnotationStore]:
    with AnnotationStore(places_in(tmp_path).annotations_file) as decisions:
        yield decisions


@pytest.fixture
def library(tmp_path: Path, said: AnnotationStore) -> Iterator[LocalLibrary]:
    places = places_in(tmp_path)
    files = [
        photo(f"/home/me/Pictures/{name}.jpg", things, content=name * 8, facts=facts)
        for name, things, facts in (
            ("a", "beach sunset", Facts()),
            ("b", "beach dog", Facts()),
            ("c", "mountain snow", Facts(keywords=("Waldi",))),
            ("d", "city night", Facts()),
        )
    ]
    files.append(document("/home/me/Documents/e.txt", ["the budget of the year"]))
    write(places, files)
    made = LocalLibrary(places, Settings, open_tower=lambda _space, _tower: ConceptTower())
    assert said.count() == 0
    yield made
    made.close()


def found(library: LocalLibrary, text: str) -> set[str]:
    """Names of the files that have the words, by why they were found."""
    return {
        name_of(hit.path)
        for hit in ask(library, text).hits
        if any(reason.kind in ("tag", "words", "name") for reason in hit.why)
    }


def content_of(library: LocalLibrary, path: str) -> str:
    hit = library.hit(path)
    assert hit is not None
    return hit.thumbnail


@pytest.mark.parametrize(
    "query", ["Grandma", "grandma's kitchen", "kitchen", "kitch", "kitchne", '"grandma\'s kitchen"']
)
def test_a_tag_is_found_in_the_moment_it_is_given(library: LocalLibrary, said: AnnotationStore, query: str) -> None:
    assert found(library, query) == set()
    said.add_own(["d" * 8], "Grandma's kitchen")
    assert found(library, query) == {"d.jpg"}
    hit = ask(library, query).hits[0]
    assert ("tag", "Grandma's kitchen") in {(reason.kind, reason.detail) for reason in hit.why}
    said.undo()
    assert found(library, query) == set()


def test_a_confirmed_proposal_counts_and_a_document_can_have_one(library: LocalLibrary, said: AnnotationStore) -> None:
    said.confirm([content_of(library, "/home/me/Documents/e.txt"), "a" * 8], "Ostsee")
    assert found(library, "ostsee") == {"a.jpg", "e.txt"}


def test_filters_hold_for_tags_too(library: LocalLibrary, said: AnnotationStore) -> None:
    said.confirm([content_of(library, "/home/me/Documents/e.txt"), "a" * 8], "Ostsee")
    assert found(library, "ostsee kind:photo") == {"a.jpg"}


def test_a_rejected_keyword_of_the_file_is_not_found_any_more(library: LocalLibrary, said: AnnotationStore) -> None:
    assert found(library, "Waldi") == {"c.jpg"}
    said.remove(["c" * 8], "Waldi")
    assert found(library, "Waldi") == set()


def test_words_and_tags_add_up(library: LocalLibrary, said: AnnotationStore) -> None:
    said.add_own(["c" * 8], "Christmas 2023")
    assert name_of(ask(library, "Waldi Christmas 2023").hits[0].path) == "c.jpg"


def test_a_subtracted_word_takes_tagged_files_away(library: LocalLibrary, said: AnnotationStore) -> None:
    said.add_own(["b" * 8], "Rocky")
    said.add_own(["a" * 8, "b" * 8], "Sylt")
    names = [name_of(hit.path) for hit in ask(library, "sylt -rocky").hits]
    assert names[0] == "a.jpg"
    assert "b.jpg" not in names


def test_a_tag_of_very_many_files_is_found(library: LocalLibrary, said: AnnotationStore) -> None:
    said.add_own([f"{number:032x}" for number in range(5000)] + ["a" * 8], "Everything")
    assert found(library, "everything") == {"a.jpg"}
