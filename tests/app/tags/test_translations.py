"""The shipped tags have German names, which find them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.tags.vocabulary import Vocabulary, fold
from app.tags.vocabulary_files import load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_every_shipped_label_has_a_german_name(vocabulary: Vocabulary) -> None:
    german = vocabulary.translations["de"]
    assert german.keys() == vocabulary.shipped.keys()
    assert all(names and all(name.strip() == name != "" for name in names) for names in german.values())


def test_a_german_name_means_one_label(vocabulary: Vocabulary) -> None:
    names = [fold(name) for given in vocabulary.translations["de"].values() for name in given]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("german", "label"),
    [
        ("Hund", "dog"),
        ("hund", "dog"),
        ("Leuchtturm", None),
        ("Handy", "phone"),
        ("Kirche", "church"),
        ("Regen", "rain"),
    ],
)
def test_german_names_find_labels(vocabulary: Vocabulary, german: str, label: str | None) -> None:
    found = vocabulary.find(german)
    assert (found.name if found else None) == label


def test_english_names_come_first(vocabulary: Vocabulary) -> None:
    assert all((found := vocabulary.find(name)) is not None and found.name == name for name in vocabulary.labels)


def test_names_change_no_fingerprint(vocabulary: Vocabulary) -> None:
    bare = Vocabulary(vocabulary.groups, vocabulary.labels, vocabulary.shipped)
    assert bare.fingerprint == vocabulary.fingerprint


def test_a_persons_file_of_before_is_read_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.toml"
    file.write_text('[labels]\ndinghy = { synonyms = ["tender"] }\ndog = { enabled = false }\n', encoding="utf-8")
    own = load_vocabulary(file)
    assert own.problems == ()
    assert own.find("tender") is own.labels["dinghy"]
    assert own.find("Hund") is own.labels["dog"]
