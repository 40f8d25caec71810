"""Reading the folder: photos, what is held out, the names of the classes, the views, the languages."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from tests.training.conftest import Means
from training.features import view_features
from training.language import evidence, read_languages
from training.material import class_names, read_folder
from training.records import digest_of, read_photos
from training.views import SHARP, SMALL, VIEWS, shrink, view


def test_photos_are_read_in_order_and_without_repetition(data: Path) -> None:
    photos = read_photos(data)
    assert len(photos) == len({p.digest for p in photos}) == 44
    assert photos[0].captions == ("a red disc dog 0", "rot hund 0")
    assert photos[1].label == "green disc"
    assert photos[0].open().size == (48, 40)
    (data / "photos-2.parquet").write_bytes((data / "photos-0.parquet").read_bytes())
    assert len(read_photos(data)) == 44


def test_a_photo_that_is_measured_on_is_not_learnt_from(data: Path) -> None:
    folder = read_folder(data)
    assert len(folder.held_out) == 16
    assert len(folder.photos) == 40  # four of the forty-four are held out
    assert not {p.digest for p in folder.photos} & {p.digest for p in folder.held_out}


def test_a_caption_of_a_held_out_photo_is_not_learnt_as_a_translation(data: Path) -> None:
    with (data / "translations.tsv").open("a") as file:
        file.write("a red disc dog 40\trot hund\n")
    assert all(first != "a red disc dog 40" for first, _ in read_folder(data).translations)


def test_classes_that_share_a_name_take_their_second(data: Path) -> None:
    assert class_names(data / "imagenet_labels.txt") == ["red disc", "heron", "hoist"]


def test_digests_are_stable() -> None:
    assert digest_of(b"semblance") == digest_of(b"semblance") != digest_of(b"other")
    assert 0 <= digest_of(b"") < 2**64


@pytest.mark.parametrize("kind", list(VIEWS))
@pytest.mark.parametrize("size", [(300, 200), (1, 1), (40, 500)])
def test_every_view_of_every_shape_is_a_square(kind: str, size: tuple[int, int]) -> None:
    pixels = view(Image.new("RGB", size, (9, 99, 200)), kind, 32, Random(1))
    assert pixels.shape == (32, 32, 3)
    assert np.abs(pixels.astype(int) - (9, 99, 200)).max() < 8


def test_a_small_view_has_lost_its_detail() -> None:
    stripes = Image.fromarray((np.indices((400, 400))[1] % 2 * 255).astype(np.uint8)).convert("RGB")
    assert view(stripes, SHARP, 400, Random(1)).std() > 100
    assert view(stripes, SMALL, 400, Random(1)).std() < 30


def test_a_picture_is_never_enlarged_to_be_shrunk() -> None:
    assert shrink(Image.new("RGB", (50, 80)), 120).size == (50, 80)
    assert shrink(Image.new("RGB", (400, 200)), 100).size == (200, 100)


def test_features_are_computed_once(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    photos = read_photos(data)
    first = view_features(photos, SMALL, Means(), tmp_path / "features", said.append)  # type: ignore[arg-type]
    again = view_features(photos, SMALL, None, tmp_path / "features", said.append)  # type: ignore[arg-type]
    assert first.shape == (44, 1280)
    assert np.array_equal(first, again)
    assert len(said) == 1


def test_words_of_one_language_speak_for_it(data: Path) -> None:
    pieces = ["dog", "hund", "a", "寿司", "42"]

    def split(texts: object) -> list[list[int]]:
        return [[pieces.index(text)] for text in texts if text in pieces]  # type: ignore[attr-defined]

    odds = dict(zip(pieces, evidence(read_languages(data / "languages"), pieces, split).tolist(), strict=True))
    assert min(odds["dog"], odds["a"]) > 2
    assert odds["hund"] < -2
    assert odds["寿司"] == -3
    assert odds["42"] == 0
