"""Another program writes a file again: what the person said of it must go with it, and with nothing else."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.annotations.store import AnnotationStore
from app.annotations.user_tags import UserTags
from app.core.paths import AppDirs
from app.core.records import (
    DecodedFile,
    DecodedUnit,
    EmbeddedFile,
    EmbeddingSpace,
    FileState,
    FloatArray,
    Kind,
    UnitRow,
    UnitType,
)
from indexer.annotation_transfer import AnnotationTransfer, is_rotated_copy, shared_word_trigrams
from indexer.content_snapshots import KEPT_S, ContentSnapshot, SnapshotStore
from indexer.dedup import content_hash
from tests.indexer.fakes import DIMENSION, vector_of
from tests.indexer.running import Running, index_once, make_places
from tests.samples import photos

LETTER = "Dear neighbours, on Saturday the summer party is in the yard. Please bring cake and a chair for yourselves. "
SPEECH = (
    "Four score and seven years ago our fathers brought forth upon this continent a new nation, conceived in liberty."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def tagged(tmp_path: Path, folder: Path, file: Path) -> AppDirs:
    """Index the folder and have the person tag the file by hand and reject a label."""
    places = make_places(tmp_path / "home", [folder])
    index_once(places)
    digest = content_hash(str(file))
    assert digest
    with AnnotationStore(places.annotations_file) as said:
        said.add_own([digest], "Grandma")
        said.reject([digest], "cat")
    return places


def said_of(places: AppDirs, file: Path) -> UserTags | None:
    with AnnotationStore(places.annotations_file) as said:
        return said.of([content_hash(str(file)) or ""]).get(content_hash(str(file)) or "")


def edit_metadata(file: Path) -> None:
    photos.save(photos.photo("chelsea", (300, 200)), file, exif=photos.exif(make="Edited", more={0x010E: "A cat"}))


def rotate(file: Path) -> None:
    with Image.open(file) as image:
        turned = image.transpose(Image.Transpose.ROTATE_90)
    photos.save(turned, file)


def save_again(file: Path) -> None:
    with Image.open(file) as image:
        photos.save(image.copy(), file, quality=60)


def flag_as_turned(file: Path) -> None:
    photos.save(photos.photo("chelsea", (300, 200)), file, exif=photos.exif(orientation=6))


@pytest.mark.parametrize("rewrite", [edit_metadata, rotate, save_again, flag_as_turned])
def test_a_photo_that_is_written_again_keeps_its_tags(
    tmp_path: Path, folder: Path, rewrite: Callable[[Path], None]
) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    before = content_hash(str(file))
    rewrite(file)
    assert content_hash(str(file)) != before
    assert index_once(places).embedded == 1
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def test_another_picture_under_the_same_name_inherits_nothing(tmp_path: Path, folder: Path) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    photos.save(photos.photo("rocket", (300, 200)), file)
    assert index_once(places).embedded == 1
    assert said_of(places, file) is None


def test_a_text_that_grows_keeps_its_tags(tmp_path: Path, folder: Path) -> None:
    file = folder / "party.txt"
    file.write_text(LETTER)
    places = tagged(tmp_path, folder, file)
    file.write_text(LETTER + "If it rains we meet in the hall instead, see you there, your Ada.")
    index_once(places)
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def test_another_text_under_the_same_name_inherits_nothing(tmp_path: Path, folder: Path) -> None:
    file = folder / "note.txt"
    file.write_text(LETTER)
    places = tagged(tmp_path, folder, file)
    file.write_text(SPEECH)
    index_once(places)
    assert said_of(places, file) is None


def test_broken_and_mended_again_by_its_old_bytes_it_is_what_it_was(tmp_path: Path, folder: Path) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    whole = file.read_bytes()
    file.write_bytes(b"")
    os.utime(file, ns=(10**18, 10**18))
    assert index_once(places).failed == 1
    file.write_bytes(whole)
    index_once(places)
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def half_written(file: Path, state: str, whole: bytes) -> None:
    """What stands under a name while another program writes it, long enough ago to be taken for all there will be."""
    if state == "empty":
        file.write_bytes(b"")
    elif state == "cut":
        file.write_bytes(whole[: len(whole) // 5])
    elif state == "half grey":
        file.write_bytes(whole[: 3 * len(whole) // 5])
    else:
        photos.save(photos.photo("rocket", (300, 200)), file)
    os.utime(file, ns=(10**18, 10**18))


STATES = ["empty", "cut", "half grey", "placeholder"]


@pytest.mark.parametrize("states", [[state] for state in STATES] + [STATES], ids=", ".join)
def test_a_photo_that_is_written_in_pieces_keeps_its_tags(tmp_path: Path, folder: Path, states: list[str]) -> None:
    """A sync client loads the edited picture over a slow line; each piece is seen by a watching indexer."""
    file = photos.save(photos.photo("chelsea", (600, 400)), folder / "IMG_1.jpg", quality=92)
    places = tagged(tmp_path, folder, file)
    edited = photos.save(photos.photo("chelsea", (600, 400)), tmp_path / "edited.jpg", quality=85).read_bytes()
    with Running(places) as running:
        seen = running.wait_for("idle")
        for state in states:
            half_written(file, state, edited)
            seen = running.wait_committed(1, after=seen)
        file.write_bytes(edited)
        running.wait_committed(1, after=seen)
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def test_pieces_and_the_whole_may_be_seen_by_different_runs(tmp_path: Path, folder: Path) -> None:
    file = photos.save(photos.photo("chelsea", (600, 400)), folder / "IMG_1.jpg", quality=92)
    places = tagged(tmp_path, folder, file)
    half_written(file, "cut", file.read_bytes())
    assert index_once(places).failed == 1
    edit_metadata(file)
    index_once(places)
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def test_a_letter_that_is_written_in_pieces_keeps_its_tags(tmp_path: Path, folder: Path) -> None:
    file = folder / "party.txt"
    file.write_text(LETTER)
    places = tagged(tmp_path, folder, file)
    for text in ("", SPEECH, LETTER + "If it rains we meet in the hall."):
        file.write_text(text)
        os.utime(file, ns=(10**18, 10**18))
        index_once(places)
    assert said_of(places, file) == UserTags(own=("Grandma",), rejected=("cat",))


def test_what_comes_after_the_pieces_may_be_another_picture(tmp_path: Path, folder: Path) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    half_written(file, "cut", file.read_bytes())
    index_once(places)
    photos.save(photos.photo("rocket", (300, 200)), file)
    index_once(places)
    assert said_of(places, file) is None


def test_looks_are_kept_for_a_month_and_no_longer_than_needed(tmp_path: Path) -> None:
    now = [0.0]
    first, second = (
        ContentSnapshot(f"/p/{n}.jpg", n, Kind.PHOTO, "m", np.ones((1, 3), np.float32), "", b"jpeg") for n in "ab"
    )
    looks = SnapshotStore(tmp_path / "looks.sqlite", clock=lambda: now[0])
    looks.keep(first)
    now[0] = KEPT_S - 1
    looks.keep(second)
    assert [look.content_hash for look in looks.of("/p/a.jpg")] == ["a"]
    now[0] = KEPT_S + 1
    again = SnapshotStore(tmp_path / "looks.sqlite", clock=lambda: now[0])
    assert again.waiting == {"/p/b.jpg"}
    (kept,) = again.of("/p/b.jpg")
    assert (kept.kind, kept.thumbnail, kept.vectors.tolist()) == (Kind.PHOTO, b"jpeg", [[1.0, 1.0, 1.0]])
    again.forget(kept)
    assert again.waiting == frozenset()
    assert not SnapshotStore(tmp_path / "looks.sqlite").of("/p/b.jpg")


def test_undo_reaches_the_picture_as_it_is_now(tmp_path: Path, folder: Path) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    edit_metadata(file)
    index_once(places)
    with AnnotationStore(places.annotations_file) as said:
        said.undo()
        said.undo()
    assert said_of(places, file) is None


def test_a_photo_nobody_spoke_of_costs_no_look_at_the_table(tmp_path: Path) -> None:
    AnnotationStore(tmp_path / "decisions.sqlite").close()

    class Untouchable:
        def reading(self) -> None:
            raise AssertionError("the table was read")

    annotations = AnnotationTransfer(
        tmp_path / "decisions.sqlite", NoThumbnails(), SnapshotStore(tmp_path / "looks.sqlite")
    )
    annotations.carry(Untouchable(), [changed(vector_of(b"x"))])
    assert not (tmp_path / "looks.sqlite").exists()


@pytest.mark.parametrize(("cosine", "carried"), [(0.99, True), (0.97, False)])
def test_pictures_are_the_same_when_their_vectors_agree(tmp_path: Path, cosine: float, carried: bool) -> None:
    """Without small pictures to compare (they were dropped, say) the vectors decide alone."""
    old = np.eye(1, DIMENSION, dtype=np.float32)[0]
    new = cosine * old + np.float32(np.sqrt(1 - cosine**2)) * np.eye(2, DIMENSION, dtype=np.float32)[1]
    with AnnotationStore(tmp_path / "decisions.sqlite") as said:
        said.confirm(["old"], "dog")
    annotations = AnnotationTransfer(
        tmp_path / "decisions.sqlite", NoThumbnails(), SnapshotStore(tmp_path / "looks.sqlite")
    )
    annotations.carry(Table(old), [changed(new)])
    with AnnotationStore(tmp_path / "decisions.sqlite") as said:
        assert ("new" in said.of(["new"])) is carried


def test_a_store_that_cannot_be_written_does_not_stop_indexing(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = photos.save(photos.photo("chelsea", (300, 200)), folder / "IMG_1.jpg")
    places = tagged(tmp_path, folder, file)
    edit_metadata(file)
    monkeypatch.setattr("app.annotations.database._BUSY_MS", 50)
    with closing(sqlite3.connect(places.annotations_file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert index_once(places).embedded == 1
        other.execute("ROLLBACK")
    assert "could not be carried on" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LETTER, LETTER.replace("Saturday", "Sunday"), True),
        (LETTER, "PS. " + LETTER, True),
        (LETTER, SPEECH, False),
        ("milk", "milk and eggs", True),
        ("milk", "bread", False),
        ("…", LETTER, False),
    ],
)
def test_texts_are_the_same_by_what_they_say(one: str, other: str, same: bool) -> None:
    assert (shared_word_trigrams(one, other) >= 0.4) is same


def test_a_plain_surface_is_not_taken_for_another_one() -> None:
    wall, sky = (jpeg(Image.new("RGB", (256, 192), colour)) for colour in ((200, 200, 200), (202, 201, 200)))
    assert not is_rotated_copy(wall, sky)
    assert is_rotated_copy(*(jpeg(photos.photo("coffee", (256, 192)).rotate(angle, expand=True)) for angle in (0, 270)))
    assert not is_rotated_copy(b"no picture", wall)


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def changed(vector: FloatArray) -> EmbeddedFile:
    state = FileState("/p/1.jpg", 1, 1, 1)
    decoded = DecodedFile(state, Kind.PHOTO, "new", units=(DecodedUnit(UnitType.PHOTO),))
    return EmbeddedFile(decoded, vector[None], "/p", replaces="old")


class NoThumbnails:
    def get_many(self, _keys: object) -> dict[str, bytes]:
        return {}


class Table:
    """A table with one photo, and its reader."""

    space = EmbeddingSpace("fake", "f" * 32, DIMENSION)

    def __init__(self, vector: FloatArray) -> None:
        self._vector = vector

    def reading(self) -> Table:
        return self

    def vectors(self, _ids: object) -> FloatArray:
        return self._vector[None]

    def file_units(self, path: str) -> list[UnitRow]:
        from datetime import datetime

        from app.core.records import Facts

        row = UnitRow(
            "1", path, "/p", Kind.PHOTO, UnitType.PHOTO, 0, None, None, "old", 1, 1, datetime(2024, 1, 1), Facts()
        )
        return [row]
