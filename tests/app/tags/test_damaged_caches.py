"""Whatever happens to the caches of tagging, the tags are the same and the caches are made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample
from app.core.records import UnitType
from app.tags.few_shot_cache import FewShotCache
from app.tags.tagger import Tagger
from app.tags.vocabulary import Vocabulary
from tests.app.tags.concepts import WordEncoder, picture, pictures
from tests.app.tags.conftest import SUBJECTS, Library


def empty(_data: bytes) -> bytes:
    return b""


def halve(data: bytes) -> bytes:
    return data[: len(data) // 2]


def zero(data: bytes) -> bytes:
    return bytes(len(data))


def flip_a_value(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :]


def flip_the_directory(data: bytes) -> bytes:
    return data[:-30] + bytes(value ^ 0xFF for value in data[-30:-20]) + data[-20:]


def flip_a_header(data: bytes) -> bytes:
    return data[:150] + bytes(value ^ 0x0F for value in data[150:160]) + data[160:]


def something_else(_data: bytes) -> bytes:
    return b"PK\x03\x04 no archive"


DAMAGE = (empty, halve, zero, flip_a_value, flip_the_directory, flip_a_header, something_else)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", ["prototypes", "background"])
def test_proposals_are_the_same(
    kind: str, damage: Callable[[bytes], bytes], vocabulary: Vocabulary, library: Library, tagger: Tagger,
    cache: Path, tmp_path: Path,
) -> None:  # fmt: skip
    mine = tmp_path / "cache"
    shutil.copytree(cache, mine)
    files = sorted((mine / "tags").glob(f"{kind}*.npz"))
    sound = {file: file.read_bytes() for file in files}
    assert sound
    for file, data in sound.items():
        file.write_bytes(damage(data))
    vectors, units = pictures(SUBJECTS), [UnitType.PHOTO] * len(SUBJECTS)
    again = Tagger.open(WordEncoder(), vocabulary, library, mine)
    assert again.propose(vectors, units) == tagger.propose(vectors, units)
    encoder = WordEncoder()
    Tagger.open(encoder, vocabulary, library, mine)
    assert not encoder.asked, "the caches are whole again"


@pytest.mark.parametrize("damage", DAMAGE)
def test_taught_tags_are_learnt_again(damage: Callable[[bytes], bytes], library: Library, tmp_path: Path) -> None:
    vector = {f"/{number}.jpg": picture("dog", number) for number in range(4)}
    embedded: list[str] = []

    def embed(path: str) -> np.ndarray | None:
        embedded.append(path)
        return vector.get(path)

    with AnnotationStore(tmp_path / "decisions.sqlite") as store:
        store.teach("Rocky", [TagExample(f"hash{path}", True, path) for path in vector])

        def trained() -> np.ndarray:
            probe = FewShotCache(store, "model" * 4, tmp_path, None, embed).lesson("Rocky", library)
            assert probe is not None
            return probe.probe.direction

        direction = trained()
        assert len(embedded) == 4
        for file in (tmp_path / "tags").glob("*.npz"):
            file.write_bytes(damage(file.read_bytes()))
        np.testing.assert_allclose(trained(), direction)
        count = len(embedded)
        np.testing.assert_allclose(trained(), direction)
        assert len(embedded) == count, "the caches are whole again"
