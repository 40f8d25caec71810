"""The shipped vocabulary is well made, and the person's file changes it without ever breaking it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.core.records import Kind
from app.tags.keyword_list import ListedKeyword, parse_keyword_list
from app.tags.user_vocabulary import UserVocabulary
from app.tags.vocabulary import Group, Label, fold, label_fingerprint, prompts_of
from app.tags.vocabulary_files import load_vocabulary, vocabulary_from


def test_the_shipped_labels_are_many_and_described() -> None:
    vocabulary = load_vocabulary()
    assert 500 <= len(vocabulary.active) <= 700
    for label in vocabulary.active:
        assert 2 <= len(label.descriptions) <= 4, label.name
        assert all(len(text.split()) >= 2 for text in label.descriptions), label.name
        assert label.phrase, label.name


def test_names_and_synonyms_of_one_label_do_not_clash() -> None:
    vocabulary = load_vocabulary()
    assert len({fold(label.name) for label in vocabulary.active}) == len(vocabulary.active)
    for label in vocabulary.active:
        assert label.name not in label.synonyms


def test_every_group_has_templates() -> None:
    vocabulary = load_vocabulary()
    used = {label.group for label in vocabulary.active}
    assert {"documents", "animals", "events", "weather", "style", "food", "places", "people", "activities"} <= used
    for name in used:
        group = vocabulary.groups[name]
        assert len(group.templates) >= 3
        assert all("{}" in template for template in group.templates)
    assert vocabulary.groups["weather"].kinds == {Kind.PHOTO}


@pytest.mark.parametrize(
    "label", ["Diwali", "Lunar New Year", "Eid", "Nowruz", "Songkran", "receipt", "whiteboard", "handwriting", "ticket"]
)
def test_what_people_asked_for_is_there(label: str) -> None:
    assert label in load_vocabulary().labels


def test_hierarchies_run_from_the_outside_in() -> None:
    vocabulary = load_vocabulary()
    assert vocabulary.path_of("duck") == ("animal", "bird", "duck")
    assert vocabulary.ancestors("duck") == ("bird", "animal")
    assert vocabulary.path_of("car") == ("vehicle", "car")
    assert vocabulary.ancestors("car") == (), "a mere category is no label"
    assert vocabulary.path_of("unknown") == ("unknown",)
    assert vocabulary.path_of("my pets/Rocky") == ("my pets", "Rocky")


def test_no_parent_goes_round_in_circles(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[labels]\na = { parent = "b" }\nb = { parent = "a" }\n', encoding="utf-8")
    assert load_vocabulary(file).path_of("a") == ("b", "a")


def test_synonyms_find_their_label() -> None:
    vocabulary = load_vocabulary()
    for name in ("Puppy", "春节", "chinese new year"):
        assert vocabulary.find(name) is not None
    assert vocabulary.find("puppy") is vocabulary.labels["dog"]
    assert vocabulary.find("no such thing") is None


def test_a_fingerprint_changes_with_the_wording_only() -> None:
    group = Group("g", "G", ("a photo of {}",))
    plain = Label("dog", "g", None, "a dog", ("a dog runs",))
    assert label_fingerprint(plain, group) == label_fingerprint(
        Label("dog", "g", None, "a dog", ("a dog runs",)), group
    )
    for other in (
        Label("dog", "g", "animal", "a dog", ("a dog runs",)),
        Label("dog", "g", None, "the dog", ("a dog runs",)),
        Label("dog", "g", None, "a dog", ("a dog sits",)),
    ):
        assert label_fingerprint(other, group) != label_fingerprint(plain, group)
    assert prompts_of(plain, group) == ("a photo of a dog", "a dog runs")


def test_the_persons_file_adds_changes_and_switches_off(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.toml"
    file.write_text(
        '[groups.boats]\ntitle = "Boats"\ntemplates = ["a photo of {}"]\n[groups.weather]\nenabled = false\n[labels]\n'
        'dinghy = { group = "boats", parent = "boat", descriptions = ["a rubber boat"] }\n'
        'dog = { enabled = false }\ncat = { descriptions = ["our cat Mimi"] }\n"犬" = { }\n',
        encoding="utf-8",
    )
    vocabulary = load_vocabulary(file)
    names = {label.name for label in vocabulary.active}
    assert {"dinghy", "犬", "cat"} <= names
    assert "dog" not in names
    assert "sunny" not in names
    assert vocabulary.labels["cat"].descriptions == ("our cat Mimi",)
    assert vocabulary.labels["cat"].own
    assert vocabulary.labels["dinghy"].own
    assert not vocabulary.labels["dog"].own
    assert vocabulary.path_of("dinghy") == ("vehicle", "boat", "dinghy")
    assert vocabulary.problems == ()
    assert vocabulary.shipped == load_vocabulary().labels


@pytest.mark.parametrize(
    "text",
    [
        "not toml at all [",
        "[labels]\ndog = 5\n",
        "[labels]\ndog = { enabled = 3 }\n",
        '[labels]\ndog = { colour = "red" }\n',
        "[labels]\ndog = { descriptions = [1, 2] }\n",
        '[groups.animals]\ntemplates = ["without a place"]\n',
        '[groups.animals]\nkinds = ["video"]\n',
        'labels = "dog"\n',
    ],
)
def test_a_mistake_in_the_file_costs_that_entry_and_a_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vocabulary.toml"
    file.write_text(text, encoding="utf-8")
    vocabulary = load_vocabulary(file)
    assert len(vocabulary.problems) == 1
    assert len(vocabulary.active) >= 500


class TestOwnVocabulary:
    @pytest.fixture
    def own(self, tmp_path: Path) -> UserVocabulary:
        return UserVocabulary(tmp_path / "config" / "vocabulary.toml")

    def test_labels_come_change_and_go(self, own: UserVocabulary) -> None:
        made = own.change_label("Großmutters  Garten", descriptions=["our garden with roses"])
        assert made.labels["Großmutters Garten"].own
        made = own.change_label("Großmutters Garten", descriptions=["another"], enabled=False)
        assert made.labels["Großmutters Garten"].descriptions == ("another",)
        assert not made.labels["Großmutters Garten"].enabled
        assert "Großmutters Garten" not in own.remove_label("Großmutters Garten").labels

    def test_removing_a_shipped_label_switches_it_off(self, own: UserVocabulary) -> None:
        own.change_label("dog", descriptions=["mine"])
        vocabulary = own.remove_label("dog")
        assert not vocabulary.labels["dog"].enabled
        assert vocabulary.labels["dog"].descriptions == load_vocabulary().labels["dog"].descriptions
        assert own.change_label("dog", enabled=True).labels["dog"].enabled

    def test_saving_a_shipped_label_unchanged_writes_nothing_of_it(self, own: UserVocabulary) -> None:
        dog = own.load().labels["dog"]
        own.change_label("dog", group=dog.group, descriptions=dog.descriptions, enabled=True)
        assert "\ndog =" not in own.path.read_text(encoding="utf-8")
        assert not own.load().labels["dog"].own

    def test_groups_are_switched_as_one(self, own: UserVocabulary) -> None:
        assert not any(label.group == "weather" for label in own.switch_group("weather", False).active)
        assert any(label.group == "weather" for label in own.switch_group("weather", True).active)

    def test_comments_and_unknown_things_stay(self, own: UserVocabulary) -> None:
        own.path.parent.mkdir()
        own.path.write_text('# mine\nnote = "keep me"\n[labels]\n# the boat\ndinghy = { }\n', encoding="utf-8")
        own.change_label("oar")
        text = own.path.read_text(encoding="utf-8")
        assert "# mine" in text
        assert "keep me" in text
        assert "# the boat" in text

    def test_a_list_is_imported_once(self, own: UserVocabulary) -> None:
        text = "boats\n\tdinghy\n\t\t{rubber boat}\npuppy\n犬\n"
        vocabulary, added = own.import_list(text)
        assert added == 3, "puppy is a dog, which is known"
        assert vocabulary.path_of("dinghy") == ("boats", "dinghy")
        assert vocabulary.find("rubber boat") is vocabulary.labels["dinghy"]
        assert own.import_list(text)[1] == 0

    def test_a_name_is_needed(self, own: UserVocabulary) -> None:
        with pytest.raises(UserError, match="needs a name"):
            own.change_label(" \n")

    def test_a_broken_file_is_not_overwritten(self, own: UserVocabulary) -> None:
        own.path.parent.mkdir()
        own.path.write_text("[[[", encoding="utf-8")
        with pytest.raises(UserError, match="cannot be read"):
            own.change_label("dog")
        assert own.path.read_text(encoding="utf-8") == "[[["


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dog\ncat\ndog\n", [ListedKeyword("dog"), ListedKeyword("cat")]),
        ("\ufeff# mine\n\ndog; puppy ;hound # x\n", [ListedKeyword("dog", None, ("puppy", "hound"))]),
        ("animal/bird/wren", [ListedKeyword("wren", "animal/bird")]),
        ("animal|dog", [ListedKeyword("dog", "animal")]),
        ("[animal]\n\tdog\n\t\t{puppy}\n\t\tpug\ntree", [
            ListedKeyword("dog", "animal", ("puppy",)), ListedKeyword("pug", "animal/dog"), ListedKeyword("tree")]),
        ("{lost}\n/|\n", []),
        ("собака\r\n犬\r\n", [ListedKeyword("собака"), ListedKeyword("犬")]),
    ],
)  # fmt: skip
def test_plain_lists_of_other_programs(text: str, expected: list[ListedKeyword]) -> None:
    assert parse_keyword_list(text) == expected


class TestChosenVocabulary:
    def test_a_plain_list_takes_captions_from_the_shipped_labels(self, tmp_path: Path) -> None:
        file = tmp_path / "list.txt"
        file.write_text("dog\nour boat\n", encoding="utf-8")
        chosen = vocabulary_from(file)
        assert [label.name for label in chosen.active] == ["dog", "our boat"]
        assert chosen.labels["dog"].descriptions

    def test_a_toml_file_names_its_labels(self, tmp_path: Path) -> None:
        file = tmp_path / "some.toml"
        file.write_text('[labels]\ndog = { }\ntent = { descriptions = ["a green tent"] }\n', encoding="utf-8")
        assert {label.name for label in vocabulary_from(file).active} == {"dog", "tent"}

    @pytest.mark.parametrize(
        ("name", "text"), [("a.txt", "# nothing\n"), ("a.toml", "[["), ("a.toml", "[labels]\nx=1\n")]
    )
    def test_what_cannot_be_used_is_one_sentence(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UserError):
            vocabulary_from(tmp_path / name)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="could not be read"):
            vocabulary_from(tmp_path / "none.txt")
