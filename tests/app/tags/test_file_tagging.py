"""Tags of any files, indexed or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.annotations.store import AnnotationStore
from app.core.records import FloatArray
from app.tags.file_tagging import FileTags, best_per_label, content_hash, file_embedder, tag_files
from app.tags.tagger import Proposal, Tagger
from tests.app.tags.concepts import WordEncoder, meaning, picture

SHOWS = {255: "dog", 0: "receipt"}


class Eye(WordEncoder):
    """A white picture shows a dog, a black one a receipt; a text says what it says."""

    size = 8

    @property
    def preprocess(self) -> Eye:
        return self

    def apply(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.convert("RGB").resize((self.size, self.size)), dtype=np.uint8)

    def encode_images(self, pixels: np.ndarray) -> FloatArray:
        return np.stack([picture(SHOWS[round(float(one.mean()))], 1, 0.2) for one in pixels])

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([meaning(text) for text in texts])


@pytest.fixture
def white(tmp_path: Path) -> Path:
    Image.new("RGB", (30, 20), "white").save(tmp_path / "white.png")
    return tmp_path / "white.png"


def test_each_file_gets_an_answer_in_order(tagger: Tagger, white: Path, tmp_path: Path) -> None:
    black = tmp_path / "black.png"
    Image.new("RGB", (30, 20), "black").save(black)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"not a picture")
    odd = tmp_path / "program.exe"
    odd.write_bytes(b"MZ")
    paths = [str(black), str(tmp_path / "none.jpg"), str(broken), str(white), str(odd)]
    answers = list(tag_files(paths, Eye(), tagger))
    assert [answer.path for answer in answers] == paths
    assert answers[0].tags[0].label == "receipt"
    assert answers[3].tags[0].label == "dog"
    assert [bool(answer.failure) for answer in answers] == [False, True, True, False, True]
    assert all(answer.failure.endswith(".") for answer in answers if answer.failure)


def test_the_json_form(tagger: Tagger, white: Path) -> None:
    (answer,) = tag_files([str(white)], Eye(), tagger)
    shown = answer.as_json()
    assert list(shown) == ["path", "tags"]
    assert set(shown["tags"][0]) == {"label", "certainty", "group"}
    assert shown["tags"][0]["group"] == "animals"
    assert FileTags("x", failure="No.").as_json() == {"path": "x", "tags": [], "error": "No."}


def test_what_the_person_said_outweighs_the_model(tagger: Tagger, white: Path, tmp_path: Path) -> None:
    with AnnotationStore(tmp_path / "decisions.sqlite") as said:
        said.reject([content_hash(str(white))], "dog")
        said.add_own([content_hash(str(white))], "Rocky")
        (answer,) = tag_files([str(white)], Eye(), tagger, said)
    assert "dog" not in {tag.label for tag in answer.tags}
    assert answer.own == ("Rocky",)
    assert answer.as_json()["own"] == ["Rocky"]


def test_a_text_file_is_read_by_its_passages(tagger: Tagger, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("The receipt of the shop. " * 40, encoding="utf-8")
    (answer,) = tag_files([str(note)], Eye(), tagger)
    assert not answer.failure


def test_the_surest_unit_speaks_for_a_document() -> None:
    one, two = Proposal("dog", 0.6, "animals"), Proposal("dog", 0.9, "animals")
    assert best_per_label([(one,), (two, Proposal("cat", 0.7, "animals"))]) == (two, Proposal("cat", 0.7, "animals"))


def test_examples_outside_the_index_are_embedded(white: Path, tmp_path: Path) -> None:
    embed = file_embedder(Eye())
    assert embed(str(white)) is not None
    assert embed(str(tmp_path / "none.jpg")) is None
    note = tmp_path / "note.txt"
    note.write_text("words", encoding="utf-8")
    assert embed(str(note)) is None
