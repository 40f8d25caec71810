"""Tags taught by examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample
from app.core.records import FloatArray
from app.tags.few_shot import ProbeQuality, train_probe
from app.tags.few_shot_cache import FewShotCache
from tests.app.tags.concepts import DIMENSION, picture
from tests.app.tags.conftest import Library


def shots(shows: str, count: int, start: int = 0, noise: float = 0.6) -> FloatArray:
    return np.stack([picture(shows, start + n, noise) for n in range(count)])


NONE = np.zeros((0, DIMENSION), np.float32)


def certainty(lesson: object, vectors: FloatArray) -> FloatArray:
    probe = lesson.probe  # type: ignore[attr-defined]
    return np.asarray(1 / (1 + np.exp(-(vectors @ probe.direction + probe.bias))))


@pytest.mark.parametrize(("positives", "negatives"), [(1, 0), (3, 0), (5, 2), (6, 4), (12, 0), (30, 20)])
def test_a_pet_is_found_and_other_dogs_are_not(library: Library, positives: int, negatives: int) -> None:
    lesson = train_probe(
        "Rocky",
        shots("rocky dog", positives),
        shots("dog", negatives, 500) if negatives else NONE,
        library.samples["image"],
    )
    found = certainty(lesson, shots("rocky dog", 40, 100))
    strangers = certainty(lesson, library.samples["image"])
    assert (found >= 0.5).mean() >= (0.6 if positives == 1 else 0.8)
    assert (strangers >= 0.5).mean() <= 0.07


def test_counter_examples_help_where_it_is_hard(library: Library) -> None:
    hard, other = shots("rocky dog", 40, 100, 0.3), shots("dog lead", 40, 300, 0.3)
    plain = train_probe("Rocky", shots("rocky dog", 8, 0, 0.3), NONE, library.samples["image"])
    told = train_probe("Rocky", shots("rocky dog", 8, 0, 0.3), shots("dog lead", 12, 50, 0.3), library.samples["image"])

    def apart(lesson: object) -> float:
        return float(certainty(lesson, hard).mean() - certainty(lesson, other).mean())

    assert apart(told) > apart(plain)
    assert (certainty(told, other) >= 0.5).mean() <= 0.1


def test_quality_is_measured_by_leaving_out(library: Library) -> None:
    good = train_probe("Rocky", shots("rocky dog", 12, noise=0.3), shots("cat", 6), library.samples["image"]).quality
    assert (good.positives, good.negatives) == (12, 6)
    assert good.found >= 0.9
    assert good.kept_out >= 0.8
    assert good.proposed <= 0.1, "other dogs are seven in a hundred, and nobody said they are wrong"
    chaos = np.stack([picture(f"aa{n} bb{n}", n) for n in range(12)])
    assert train_probe("chaos", chaos, NONE, library.samples["image"]).quality.found < good.found


def test_the_taught_thing_may_be_common_in_the_library() -> None:
    library = np.concatenate([shots("rocky dog", 60, 900), shots("beach", 60), shots("pizza", 80)])
    lesson = train_probe("Rocky", shots("rocky dog", 10), NONE, library)
    assert (certainty(lesson, shots("rocky dog", 30, 100)) >= 0.5).mean() >= 0.8
    assert (certainty(lesson, shots("beach", 30, 100)) >= 0.5).mean() <= 0.05


def test_an_empty_library_will_do() -> None:
    lesson = train_probe("Rocky", shots("rocky dog", 10), shots("cat", 5), NONE)
    assert (certainty(lesson, shots("rocky dog", 30, 100)) >= 0.5).mean() >= 0.8
    assert (certainty(lesson, shots("cat", 30, 100)) >= 0.5).mean() <= 0.1


@pytest.mark.parametrize(
    ("quality", "sentence"),
    [
        (ProbeQuality(1, 0, 0.0, 1.0, 0.0), "One example only: add more to make it reliable."),
        (ProbeQuality(10, 0, 0.9, 1.0, 0.0), "Finds 9 of 10 examples when they are left out."),
        (
            ProbeQuality(10, 4, 0.8, 0.75, 0.0),
            "Finds 8 of 10 examples when they are left out, takes 1 of 4 counter-examples for it.",
        ),
    ],
)
def test_quality_in_a_sentence(quality: ProbeQuality, sentence: str) -> None:
    assert quality.sentence == sentence


class FakeRows:
    """An index of pictures: content hash -> vector."""

    def __init__(self, vectors: dict[str, FloatArray]) -> None:
        self.known = vectors

    def columns(self, _names: Sequence[str], condition: str | None = None) -> pa.Table:
        found = [hash_ for hash_ in self.known if condition and f"'{hash_}'" in condition]
        return pa.table({"id": [f"id-{h}" for h in found], "part": [0] * len(found), "content_hash": found})

    def embeddings(self, ids: Sequence[str]) -> tuple[list[str], FloatArray]:
        return list(ids), np.stack([self.known[unit.removeprefix("id-")] for unit in ids]) if ids else NONE


class TestLessons:
    @pytest.fixture
    def decisions(self, tmp_path: Path) -> Iterator[AnnotationStore]:
        with AnnotationStore(tmp_path / "decisions.sqlite") as said:
            yield said

    def test_examples_come_from_the_index_or_are_embedded(
        self, decisions: AnnotationStore, library: Library, tmp_path: Path
    ) -> None:
        decisions.teach("Rocky", [TagExample(f"h{n}", True, f"/{n}.jpg") for n in range(6)])
        indexed = FakeRows({f"h{n}": picture("rocky dog", n) for n in range(4)})
        asked: list[str] = []

        def embed(path: str) -> FloatArray | None:
            asked.append(path)
            return picture("rocky dog", 50) if path == "/4.jpg" else None

        lesson = FewShotCache(decisions, "model", tmp_path, indexed, embed).lesson("Rocky", library)
        assert lesson is not None
        assert lesson.quality.positives == 5, "one example is gone"
        assert asked == ["/4.jpg", "/5.jpg"]
        decisions.reject(["h0"], "Rocky")
        later = FewShotCache(decisions, "model", tmp_path, indexed).lesson("Rocky", library)
        assert later is not None
        assert (later.quality.positives, later.quality.negatives) == (4, 1), "the vector of /4.jpg was kept"

    def test_nothing_is_learnt_again_until_something_is_said(
        self, decisions: AnnotationStore, library: Library, tmp_path: Path
    ) -> None:
        decisions.teach("Rocky", [TagExample(f"h{n}", True, "") for n in range(5)])
        indexed = FakeRows({f"h{n}": picture("rocky dog", n) for n in range(9)})
        first = FewShotCache(decisions, "model", tmp_path, indexed).all(library)["Rocky"]
        kept = FewShotCache(decisions, "model", tmp_path, FakeRows({})).all(library)["Rocky"]
        np.testing.assert_array_equal(kept.probe.direction, first.probe.direction)
        assert kept.quality == first.quality
        decisions.confirm(["h5", "h6"], "Rocky")
        decisions.reject(["h7"], "Rocky")
        taught = FewShotCache(decisions, "model", tmp_path, indexed).all(library)["Rocky"]
        assert (taught.quality.positives, taught.quality.negatives) == (7, 1)
        assert taught.probe.fingerprint != first.probe.fingerprint

    def test_another_model_learns_for_itself(
        self, decisions: AnnotationStore, library: Library, tmp_path: Path
    ) -> None:
        decisions.teach("Rocky", [TagExample("h0", True, "")])
        indexed = FakeRows({"h0": picture("rocky dog", 0)})
        one = FewShotCache(decisions, "model", tmp_path, indexed).all(library)["Rocky"]
        two = FewShotCache(decisions, "other", tmp_path, indexed).all(library)["Rocky"]
        assert one.probe.fingerprint != two.probe.fingerprint

    def test_a_tag_without_a_readable_example_is_left_out(
        self, decisions: AnnotationStore, library: Library, tmp_path: Path
    ) -> None:
        decisions.teach("Rocky", [TagExample("gone", True, "/gone.jpg")])
        assert FewShotCache(decisions, "model", tmp_path, None, lambda _: None).all(library) == {}
