"""One pass over a file: hash, facts, thumbnail, pixels and passages."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.core.paths import to_stored
from app.core.records import DecodedFile, Failure, FileState, Kind, UnitType
from app.files.types import kind_of
from app.models.preprocess import ImagePreprocess
from app.pictures import Limits
from indexer.decode import DecodeJob, FileChanged, FileVanished, NeedsLonger, decode, time_limit
from indexer.document_units import length_check
from tests import samples

SIZE = 64


def job_of(path: Path, **options: Any) -> DecodeJob:
    entry = path.stat()
    state = FileState(to_stored(path), entry.st_size, entry.st_mtime_ns, entry.st_ino)
    return DecodeJob(state, kind_of(path.name) or Kind.DOCUMENT, ImagePreprocess(size=SIZE), **options)


def sound(path: Path, *, told: str = "", **options: Any) -> DecodedFile:
    """Decode a file that can be read; `told`: what is said to be missing."""
    decoded = decode(job_of(path, **options))
    assert (decoded.failure, decoded.failure_text) == (None, told)
    assert decoded.content_hash == hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    return decoded


def test_a_photo_gives_everything_at_once(tmp_path: Path) -> None:
    exif = samples.exif(orientation=6, taken="2024:07:14 18:30:05", model="X100", place=(48.85, 2.35))
    path = samples.save(samples.photo("coffee", (1200, 900)), tmp_path / "a.jpg", exif=exif, xmp=samples.xmp(["cup"]))
    decoded = sound(path)
    (unit,) = decoded.units
    assert (unit.unit, unit.page, unit.text) == (UnitType.PHOTO, None, None)
    assert unit.pixels is not None
    assert (unit.pixels.shape, unit.pixels.dtype) == ((SIZE, SIZE, 3), np.uint8)
    facts = decoded.facts
    assert (facts.width, facts.height, facts.taken_at) == (900, 1200, datetime(2024, 7, 14, 18, 30, 5))
    assert facts.keywords == ("cup",)
    assert decoded.thumbnail is not None
    with Image.open(io.BytesIO(decoded.thumbnail)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (192, 256))


def test_reduced_scale_hardly_changes_what_the_model_sees(tmp_path: Path) -> None:
    photo = samples.photo("coffee", (2400, 1600))
    path = samples.save(photo, tmp_path / "a.jpg", quality=92)
    (unit,) = sound(path).units
    with Image.open(path) as full:
        expected = ImagePreprocess(size=SIZE).apply(full.convert("RGB"))
    assert unit.pixels is not None
    assert abs(unit.pixels.astype(int) - expected.astype(int)).mean() < 1


def test_six_formats_of_a_folder(tmp_path: Path) -> None:
    for path in samples.photos_in_formats(tmp_path):
        decoded = sound(path)
        assert [unit.unit for unit in decoded.units] == [UnitType.PHOTO]
        assert (decoded.facts.width, decoded.facts.height) == (300, 225)


def test_a_photo_too_large_to_keep_in_memory_is_read_from_disk(tmp_path: Path) -> None:
    path = samples.save(samples.photo("coffee"), tmp_path / "a.jpg")
    small, large = (sound(path, limits=Limits(read_bytes=size)).units[0].pixels for size in (1000, 10**9))
    assert small is not None
    assert np.array_equal(small, large)


def test_a_pdf_gives_pages_as_pictures_and_passages(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["A sentence about boats.", "", "Two. Sentences."], title="Boats")
    decoded = sound(path)
    assert [(unit.unit, unit.page, unit.text) for unit in decoded.units] == [
        (UnitType.PAGE, 1, None),
        (UnitType.PASSAGE, 1, "A sentence about boats."),
        (UnitType.PAGE, 2, None),
        (UnitType.PAGE, 3, None),
        (UnitType.PASSAGE, 3, "Two. Sentences."),
    ]
    assert all(unit.pixels.shape == (SIZE, SIZE, 3) for unit in decoded.units if unit.pixels is not None)
    assert (decoded.facts.title, decoded.facts.pages) == ("Boats", 3)
    assert decoded.thumbnail is not None


def test_a_word_document_gives_passages(tmp_path: Path) -> None:
    decoded = sound(samples.docx(tmp_path / "a.docx", ["The boat leaves at noon and comes back. " * 20]))
    assert len(decoded.units) > 2
    assert {unit.unit for unit in decoded.units} == {UnitType.PASSAGE}
    assert all(len(unit.text.split()) <= 50 for unit in decoded.units if unit.text)


def test_a_document_without_text_is_sound_and_empty(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text("  \n\n ")
    assert sound(path).units == ()


def test_a_pdf_of_many_pages_keeps_all_text_and_the_first_pages_as_pictures(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "long.pdf", [f"This is page {number}." for number in range(1, 1001)])
    decoded = sound(path, limits=Limits(page_pictures=5))
    kinds = [unit.unit for unit in decoded.units]
    assert (kinds.count(UnitType.PAGE), kinds.count(UnitType.PASSAGE)) == (5, 1000)
    assert decoded.units[-1].page == 1000


def test_a_document_that_takes_too_long_keeps_what_was_read(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "long.pdf", [f"Page {number}." for number in range(300)])
    decoded = sound(path, told="Reading it takes so long that only its beginning is searched.", seconds=1e-6)
    assert 1 <= len(decoded.units) < 300
    assert decoded.facts.pages == 300


def test_text_beyond_the_limit_is_cut_over_all_pages(tmp_path: Path) -> None:
    path = samples.pdf(tmp_path / "a.pdf", ["abcdefgh"] * 5)
    told = "Only the first 20 characters are searched."
    decoded = sound(path, told=told, limits=Limits(characters=20, page_pictures=0))
    assert "".join(unit.text or "" for unit in decoded.units).count("a") == 3


def test_what_the_table_knows_already_is_not_decoded(tmp_path: Path) -> None:
    path = samples.save(samples.photo("coffee"), tmp_path / "a.jpg")
    known = sound(path).content_hash
    decoded = sound(path, known=frozenset({known, "other"}))
    assert (decoded.content_hash, decoded.units, decoded.thumbnail) == (known, (), None)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize(
    "name",
    ['it\'s "quoted".jpg', "two\nlines.jpg", "\N{DOG FACE} at the beach.jpg", "caf\udce9.jpg", "-rf *.jpg", "a;b'.jpg"],
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    decoded = sound(samples.save(samples.photo(size=(90, 60)), tmp_path / name))
    assert decoded.state.path.encode("utf-8")


def test_a_file_that_vanished_or_is_being_written_is_not_a_bad_file(tmp_path: Path) -> None:
    path = samples.save(samples.photo(size=(90, 60)), tmp_path / "a.jpg")
    job = job_of(path)
    with open(path, "ab") as file:
        file.write(b"more")
    with pytest.raises(FileChanged):
        decode(job)
    path.unlink()
    with pytest.raises(FileVanished):
        decode(job)


def test_the_hash_is_of_all_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello\n" * 300_000)
    assert decode(job_of(path)).content_hash == hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


@pytest.mark.parametrize(
    ("name", "size"),
    [("a.jpg", 50 << 30), ("a.pdf", 50 << 30), ("a.txt", 50 << 30), ("a.docx", 5 << 30), ("a.docx", 600 << 20)],
)
def test_size_is_judged_before_a_byte_is_read(
    tmp_path: Path, name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        try:
            file.truncate(size)
        except OSError:
            pytest.skip("the file system keeps no such file")
    monkeypatch.setattr("indexer.decode.open", None, raising=False)
    decoded = decode(job_of(path))
    assert decoded.failure is Failure.TOO_LARGE
    assert "MB" in decoded.failure_text


def test_a_file_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"x" * (size or 1)

        def fileno(self) -> int:
            return handle.fileno()

    path = tmp_path / "a.txt"
    path.write_text("four")
    with path.open("rb") as handle:
        monkeypatch.setattr("indexer.decode.open", lambda *_, **__: Endless(), raising=False)
        decoded = decode(job_of(path))
    assert decoded.failure is Failure.IO


def test_only_so_many_passages_of_a_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join(f"Sentence number {number} says something of its own." for number in range(500)))
    job = replace(job_of(path), limits=Limits(units=40))
    decoded = decode(job)
    assert decoded.failure is None
    assert len(decoded.units) == 40
    assert decoded.failure_text == "Only the first 40 passages are searched."


def test_a_first_turn_ends_when_other_files_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join(f"Sentence number {number} says something of its own." for number in range(500)))
    ticks = itertools.count(0.0, 1.0)
    for module in ("decode", "document_units"):
        monkeypatch.setattr(f"indexer.{module}.time", SimpleNamespace(process_time=lambda: next(ticks)))
    with pytest.raises(NeedsLonger):
        decode(replace(job_of(path), first_turn=True))
    last = decode(job_of(path))
    assert last.failure is None
    assert last.units
    assert last.failure_text == "Reading it takes so long that only its beginning is searched."


def test_time_limits_grow_with_the_file_and_end_somewhere() -> None:
    def limit(kind: Kind, size: int) -> float:
        return time_limit(DecodeJob(FileState("a", size, 0, 0), kind, ImagePreprocess()))

    for kind in Kind:
        assert limit(kind, 0) < limit(kind, 50 << 20) < limit(kind, 1 << 40) <= 300


def test_passages_are_measured_by_the_models_own_tokenizer(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    file = tmp_path / "tokenizer.json"
    tokenizer.save(str(file))
    fits = length_check(file, 5)
    assert fits("one two three four five")
    assert not fits("one two three four five six")
    assert not fits("x" * 10_000)
    path = tmp_path / "a.txt"
    path.write_text("one two three four five six seven. eight nine.")
    units = sound(path, tokenizer_file=file, context_length=5).units
    assert [unit.text for unit in units] == ["one two three four five", "six seven. eight nine."]


def test_a_cover_picture_becomes_the_thumbnail(tmp_path: Path) -> None:
    cover = io.BytesIO()
    samples.photo("coffee").save(cover, "PNG")
    path = samples.archive(
        tmp_path / "a.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>",
            "Thumbnails/thumbnail.png": cover.getvalue(),
        },
    )
    assert sound(path).thumbnail is not None


@pytest.mark.parametrize(
    ("error", "failure"),
    [(PermissionError(13, "denied"), Failure.PERMISSION), (OSError(5, "input/output error"), Failure.IO)],
)
def test_what_the_drive_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, failure: Failure
) -> None:
    job = job_of(samples.save(samples.photo(size=(90, 60)), tmp_path / "a.jpg"))

    def refuse(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr("indexer.decode.open", refuse, raising=False)
    assert decode(job).failure is failure
