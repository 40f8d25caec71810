"""From vectors to proposals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.records import FloatArray, UnitType
from app.tags.calibration import background_of, calibrate, size_stage
from app.tags.label_space import open_label_space
from app.tags.prototypes import PrototypeCache, captions_of, weighted_prototype
from app.tags.scoring import TEMPERATURE, WITH_LIBRARY, Background, certainties
from app.tags.tagger import MAX_STORED, NO_SAMPLES, LinearProbe, Proposal, Tagger
from app.tags.vocabulary import Group, Label, Vocabulary
from app.tags.vocabulary_files import load_vocabulary
from tests.app.tags.concepts import DIMENSION, WordEncoder, direction, picture, pictures
from tests.app.tags.conftest import Library

PHOTO = UnitType.PHOTO


def labels_of(proposals: tuple[Proposal, ...]) -> list[str]:
    return [proposal.label for proposal in proposals]


class TestPrototypes:
    def test_captions_are_the_phrase_in_templates_descriptions_and_synonyms(self) -> None:
        label = Label("dog", "g", None, "a dog", ("a dog runs",), ("hound",))
        group = Group("g", "G", ("a photo of {}", "{} outside"))
        assert captions_of(label, group) == (
            ("a photo of a dog", "a dog outside"),
            ("a dog runs",),
            ("a photo of hound",),
        )

    def test_a_prototype_is_the_normalised_mean(self) -> None:
        one, two = direction("one"), direction("two")
        none = np.zeros((0, DIMENSION), np.float32)
        made = weighted_prototype([np.stack([one, two]), none, none])
        np.testing.assert_allclose(made, (one + two) / np.linalg.norm(one + two), atol=1e-6)

    def test_only_what_is_new_is_encoded(self, tmp_path: Path) -> None:
        captions = [(("a photo of a dog",), ("a dog runs",), ()), (("a photo of a cat",), (), ())]
        encoder = WordEncoder()
        first = PrototypeCache(tmp_path, "model").vectors(encoder, captions)
        assert len(encoder.asked) == 3
        again = PrototypeCache(tmp_path, "model").vectors(encoder, [*captions, (("a photo of a cow",), (), ())])
        assert encoder.asked[3:] == ["a photo of a cow"]
        np.testing.assert_allclose(again[:2], first, atol=1e-6)

    def test_another_model_encodes_anew(self, tmp_path: Path) -> None:
        captions = [(("a photo of a dog",), (), ())]
        encoder = WordEncoder()
        PrototypeCache(tmp_path, "model").vectors(encoder, captions)
        PrototypeCache(tmp_path, "other model").vectors(encoder, captions)
        assert len(encoder.asked) == 2

    def test_a_broken_cache_is_made_anew(self, tmp_path: Path) -> None:
        captions = [(("a photo of a dog",), (), ())]
        cache = PrototypeCache(tmp_path, "model")
        cache.vectors(WordEncoder(), captions)
        cache.path.write_bytes(b"broken")
        assert cache.vectors(WordEncoder(), captions).shape == (1, DIMENSION)


class TestScores:
    def test_certainties_are_the_formula(self, tagger: Tagger, library: Library) -> None:
        """Against the definition, one picture and label at a time."""
        space = tagger.space
        vectors = library.samples["image"][:3]
        centre, spread = background_of(library.samples["image"], space.directions)
        found = certainties(vectors, space, Background(centre, spread, 1.0))
        names = [label.name for label in space.labels]
        labels = [names.index(name) for name in ("person", "child", "football", "dog")] + [len(names) - 1]
        groups = [label.group for label in space.labels]
        people = [n for n, name in enumerate(names) if "person" in load_vocabulary().ancestors(name)]
        active = [n for n, group in enumerate(groups) if group == "activities"]
        for row, vector in enumerate(vectors.astype(np.float64)):
            scores = space.directions.astype(np.float64) @ vector
            fixed = scores[: space.reference_count]
            scaled = TEMPERATURE * scores / fixed.std()
            relative = (scores - centre) / spread
            for label in labels:
                at = space.rows[label]
                mates = [space.rows[other] for other in range(len(groups)) if groups[other] == groups[label]]
                share = np.exp(scaled) / np.exp(scaled[: space.reference_count]).sum()
                chance = 2.0 / space.reference_count
                person = np.maximum(share[space.rows[[names.index("person"), *people, *active]]] - chance, 0.0).sum()
                mass = share[at]
                if label in people:
                    mass = share[at] + person * share[at] / share[space.rows[people]].sum()
                among = np.log(max(person, mass) if names[label] == "person" else mass)
                inside = relative[at] - np.log(np.exp(relative[mates]).sum())
                logit = WITH_LIBRARY.among_all * among + WITH_LIBRARY.in_group * inside + WITH_LIBRARY.bias
                assert found[row, label] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-4)

    @pytest.mark.parametrize("subject", ["dog", "receipt", "pizza", "beach", "football"])
    def test_what_a_picture_shows_is_proposed_first(self, tagger: Tagger, subject: str) -> None:
        vectors = np.stack([picture(subject, 1000 + n) for n in range(20)])
        firsts = [labels_of(found)[:1] for found in tagger.propose(vectors, [PHOTO] * 20)]
        assert firsts.count([subject]) >= 17

    def test_who_plays_football_is_a_person_too(self, tagger: Tagger) -> None:
        found = tagger.propose(np.stack([picture("football", 2000 + n) for n in range(20)]), [PHOTO] * 20)
        assert sum("person" in labels_of(proposals) for proposals in found) >= 15
        found = tagger.propose(np.stack([picture("pizza", 2000 + n) for n in range(20)]), [PHOTO] * 20)
        assert sum("person" in labels_of(proposals) for proposals in found) <= 2

    def test_what_no_label_names_gets_few_proposals(self, tagger: Tagger) -> None:
        strange = np.stack([picture(f"foo{n} bar{n}", n) for n in range(40)])
        found = tagger.propose(strange, [PHOTO] * 40)
        assert sum(map(len, found)) <= 24

    def test_a_picture_of_two_things_gets_both(self, tagger: Tagger) -> None:
        found = tagger.propose(np.stack([picture("dog beach", n, noise=0.2) for n in range(10)]), [PHOTO] * 10)
        both = [proposals for proposals in found if {"dog", "beach"} <= set(labels_of(proposals))]
        assert len(both) >= 6

    def test_the_wider_label_comes_with_the_narrower(self, tagger: Tagger) -> None:
        (found,) = tagger.propose(picture("dalmatian", 5, noise=0.1)[None], [PHOTO])
        certain = {proposal.label: proposal.certainty for proposal in found}
        assert certain["animal"] >= certain["dog"] >= certain["dalmatian"] > 0.5

    def test_proposals_are_ordered_and_at_most_fifteen(self, tagger: Tagger) -> None:
        vectors = pictures(["dog cat beach pizza car snow baby chart mountain"] * 5)
        for proposals in tagger.propose(vectors, [PHOTO] * 5):
            assert len(proposals) <= MAX_STORED
            values = [proposal.certainty for proposal in proposals]
            assert values == sorted(values, reverse=True)
            for proposal in proposals:
                assert proposal.certainty >= min(tagger.thresholds.values())
                assert proposal.group == tagger.group_of(proposal.label)

    def test_pages_get_no_weather_and_no_style(self, tagger: Tagger) -> None:
        vectors = np.stack([picture("snow", n, noise=0.1) for n in range(10)])
        assert all("snow" in labels_of(found) for found in tagger.propose(vectors, [PHOTO] * 10))
        assert not any("snow" in labels_of(found) for found in tagger.propose(vectors, [UnitType.PAGE] * 10))

    def test_kinds_may_be_mixed_and_batches_of_any_size(self, tagger: Tagger) -> None:
        vectors = pictures(["dog", "snow", "receipt"])
        units = [PHOTO, UnitType.PAGE, UnitType.PASSAGE]
        together = tagger.propose(vectors, units)
        alone = [tagger.propose(vectors[n : n + 1], units[n : n + 1])[0] for n in range(3)]
        assert [labels_of(found) for found in together] == [labels_of(found) for found in alone]
        assert tagger.propose(np.zeros((0, DIMENSION), np.float32), []) == []

    def test_blocks_give_what_one_product_gives(self, tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
        vectors = pictures(["dog", "cat", "car"] * 5)
        whole = [labels_of(found) for found in tagger.propose(vectors, [PHOTO] * 15)]
        monkeypatch.setattr("app.tags.tagger.BLOCK", 4)
        assert [labels_of(found) for found in tagger.propose(vectors, [PHOTO] * 15)] == whole

    def test_without_a_library_it_works_too(self, vocabulary: Vocabulary, cache: Path) -> None:
        bare = Tagger.open(WordEncoder(), vocabulary, NO_SAMPLES, cache)
        (found,) = bare.propose(picture("dog", 3, noise=0.2)[None], [PHOTO])
        assert labels_of(found)[0] in ("dog", "animal")


class TestVocabularyChanges:
    def test_another_label_moves_no_other(
        self, vocabulary: Vocabulary, library: Library, cache: Path, tagger: Tagger
    ) -> None:
        """Adding, editing and switching off labels leaves the certainty of all others exactly as it was."""
        labels = dict(vocabulary.labels)
        labels["zeppelin"] = Label("zeppelin", "own", None, "", ("a big zeppelin",), own=True)
        labels["cat"] = replace(labels["cat"], descriptions=("our cat",), own=True)
        labels["dog"] = replace(labels["dog"], enabled=False)
        changed = Tagger.open(WordEncoder(), replace(vocabulary, labels=labels), library, cache)
        assert changed.fingerprint != tagger.fingerprint
        vectors = library.samples["image"][:50]
        before = certainties(vectors, tagger.space, tagger._calibrations["image"].background)
        after = certainties(vectors, changed.space, changed._calibrations["image"].background)
        kept = [name for name in changed.names if name not in ("zeppelin", "cat")]
        np.testing.assert_allclose(
            after[:, [changed.names.index(name) for name in kept]],
            before[:, [tagger.names.index(name) for name in kept]],
            atol=1e-5,
        )

    @pytest.mark.usefixtures("tagger")
    def test_only_the_changed_label_is_encoded(self, vocabulary: Vocabulary, library: Library, cache: Path) -> None:
        labels = {**vocabulary.labels, "airship": Label("airship", "own", None, "", ("a silver airship",), own=True)}
        encoder = WordEncoder()
        Tagger.open(encoder, replace(vocabulary, labels=labels), library, cache)
        assert set(encoder.asked) == {"a photo of airship", "airship", "a silver airship"}

    def test_an_own_label_is_found(self, vocabulary: Vocabulary, library: Library, cache: Path) -> None:
        labels = {**vocabulary.labels, "zeppelin": Label("zeppelin", "own", None, "", ("a big zeppelin",), own=True)}
        mine = Tagger.open(WordEncoder(), replace(vocabulary, labels=labels), library, cache)
        found = mine.propose(np.stack([picture("zeppelin", n, noise=0.3) for n in range(10)]), [PHOTO] * 10)
        assert sum("zeppelin" in labels_of(proposals) for proposals in found) >= 9
        none = mine.propose(library.samples["image"][:100], [PHOTO] * 100)
        assert sum("zeppelin" in labels_of(proposals) for proposals in none) <= 2

    def test_few_labels_are_judged_by_the_same_yardstick(
        self, library: Library, cache: Path, vocabulary: Vocabulary
    ) -> None:
        few = replace(vocabulary, labels={"dog": vocabulary.labels["dog"]})
        small = Tagger.open(WordEncoder(), few, library, cache)
        assert small.names == ("dog",)
        vectors = pictures(["dog", "pizza", "beach"])
        found = small.propose(vectors, [PHOTO] * 3)
        assert [labels_of(proposals) for proposals in found] == [["dog"], [], []]

    def test_another_model_has_another_fingerprint(
        self, vocabulary: Vocabulary, library: Library, tmp_path: Path, tagger: Tagger
    ) -> None:
        other = Tagger.open(WordEncoder("another model"), vocabulary, library, tmp_path)
        assert other.fingerprint != tagger.fingerprint


class TestCalibration:
    def test_stages_are_fourfold(self) -> None:
        assert [size_stage(n) for n in (0, 15, 16, 63, 64, 256, 1024, 4096)] == [0, 0, 1, 1, 2, 3, 4, 5]

    def test_a_growing_library_moves_nothing_within_a_stage(
        self, cache: Path, vocabulary: Vocabulary, tmp_path: Path, library: Library
    ) -> None:
        space = open_label_space(WordEncoder(), vocabulary, cache)
        sample = library.samples["image"]
        store = tmp_path / "background.npz"
        first = calibrate(sample[:100], space, store)
        again = calibrate(sample[:140], space, store)
        np.testing.assert_array_equal(first.background.centre, again.background.centre)
        assert first.fingerprint == again.fingerprint
        grown = calibrate(sample, space, store)
        assert grown.fingerprint != first.fingerprint
        assert grown.background.trust > first.background.trust

    def test_thresholds_stay_within_reason(self, tagger: Tagger) -> None:
        assert all(0.25 <= value <= 0.7 for value in tagger.thresholds.values())

    def test_a_broken_store_is_measured_anew(
        self, cache: Path, vocabulary: Vocabulary, tmp_path: Path, library: Library
    ) -> None:
        store = tmp_path / "background.npz"
        store.write_bytes(b"nonsense")
        space = open_label_space(WordEncoder(), vocabulary, cache)
        assert calibrate(library.samples["image"], space, store).stage == 3


class TestTaughtTags:
    def test_a_detector_is_asked_like_a_label(self, tagger: Tagger) -> None:
        rocky: FloatArray = direction("rocky") * 20
        taught = Tagger(tagger.space, tagger._calibrations, [LinearProbe("Rocky", rocky, -6.0, fingerprint="1")])
        found = taught.propose(np.stack([picture("rocky dog", 1, 0.2), picture("dog", 2, 0.2)]), [PHOTO] * 2)
        assert "Rocky" in labels_of(found[0])
        assert found[0][labels_of(found[0]).index("Rocky")].group == "taught"
        assert "Rocky" not in labels_of(found[1])
        assert taught.fingerprint != tagger.fingerprint

    def test_a_taught_tag_stands_for_the_label_of_its_name(self, tagger: Tagger) -> None:
        never = LinearProbe("dog", np.zeros(DIMENSION, np.float32), -20.0, fingerprint="1")
        taught = Tagger(tagger.space, tagger._calibrations, [never])
        (found,) = taught.propose(picture("dog", 3, 0.2)[None], [PHOTO])
        assert "dog" not in labels_of(found)

    def test_passages_are_not_asked_for_taught_tags(self, tagger: Tagger) -> None:
        always = LinearProbe("Rocky", np.zeros(DIMENSION, np.float32), 20.0, fingerprint="1")
        taught = Tagger(tagger.space, tagger._calibrations, [always])
        photo, passage = taught.propose(pictures(["dog", "dog"]), [PHOTO, UnitType.PASSAGE])
        assert "Rocky" in labels_of(photo)
        assert "Rocky" not in labels_of(passage)


def test_reading_the_vocabulary_again_gives_the_same_fingerprint(tagger: Tagger, library: Library, cache: Path) -> None:
    encoder = WordEncoder()
    assert Tagger.open(encoder, load_vocabulary(), library, cache).fingerprint == tagger.fingerprint
    assert encoder.asked == []
