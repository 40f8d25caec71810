"""Very long texts: memory stays bounded, what is left out is told, and an endless word does not hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.paths import to_stored
from app.core.records import DecodedFile, EmbeddedFile, EmbeddingSpace, Failure, Kind
from app.documents import read_document
from app.models import ImagePreprocess
from app.pictures import Limits
from app.table import open_for_writing
from indexer.decode import DecodeJob, decode
from indexer.decoders import DecoderPool
from indexer.scan import state_of
from tests.indexer.fakes import model_info, vector_of
from tests.indexer.running import make_places
from tests.samples.pdf import pdf

SENTENCE = "The river rose in the night and took the old wooden bridge with it. "
SMALL = Limits(characters=100_000)
ONLY = "Only the first 100,000 characters are searched."


def job(path: Path, **options: object) -> DecodeJob:
    state = state_of(to_stored(path))
    assert state is not None
    options.setdefault("limits", SMALL)
    return DecodeJob(state, Kind.DOCUMENT, ImagePreprocess(size=32), **options)  # type: ignore[arg-type]


def huge(path: Path, beginning: str, size: int) -> Path:
    """A file that is mostly a hole: 400 MB that cost no disk."""
    path.write_text(beginning)
    with open(path, "r+b") as file:
        file.truncate(size)
    return path


def kept(decoded: DecodedFile) -> int:
    return sum(len(unit.text or "") for unit in decoded.units)


@pytest.mark.parametrize(("name", "opening"), [("log.txt", ""), ("page.html", "<html><body><p>")])
def test_a_file_larger_than_a_workers_memory_is_read_as_far_as_it_is_kept(
    tmp_path: Path, name: str, opening: str
) -> None:
    path = huge(tmp_path / name, opening + SENTENCE * 8000, 400 << 20)
    pool = DecoderPool(1, worker_bytes=256 << 20)
    try:
        decoded = pool.submit(job(path)).result()
    finally:
        pool.close()
    assert (decoded.failure, decoded.failure_text) == (None, ONLY)
    assert 90_000 < kept(decoded) <= 100_000
    assert decoded.content_hash


def test_a_text_that_is_kept_whole_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE * 1000)
    decoded = decode(job(path))
    assert decoded.failure_text == ""
    assert " ".join(unit.text or "" for unit in decoded.units).count("bridge") == 1000


def test_a_pdf_with_more_text_than_is_kept_says_so(tmp_path: Path) -> None:
    path = pdf(tmp_path / "book.pdf", ["\n".join([SENTENCE] * 10)] * 200)
    decoded = decode(job(path, limits=Limits(characters=100_000, page_pictures=1)))
    assert decoded.failure_text == ONLY
    assert decoded.facts.pages == 200


def test_what_takes_too_long_is_kept_as_far_as_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "endless.txt"
    path.write_bytes(b"word " * (1 << 20))
    decoded = decode(job(path, limits=Limits(), seconds=0.01))
    assert decoded.failure is None
    assert "only its beginning" in decoded.failure_text
    assert decoded.units


def test_long_texts_come_in_pieces_and_lose_nothing(tmp_path: Path) -> None:
    text = "\n\n".join(SENTENCE * 50 + str(number) for number in range(100))
    for content in (text, "word " * 60_000, "\u5b57" * 250_000):
        path = tmp_path / "a.txt"
        path.write_text(content)
        parts = [part.text for part in read_document(path).parts]
        assert len(parts) > 1
        assert max(map(len, parts)) <= 100_000
        assert "".join(parts) == content


def test_a_page_of_very_much_markup_is_read_until_there_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><title>Rivers</title><body>" + f"<p class='x'>{SENTENCE}</p>" * 20_000)
    document = read_document(path, limits=SMALL)
    assert (document.title, document.cut) == ("Rivers", True)


def test_files_read_in_part_are_listed_with_what_is_missing(tmp_path: Path) -> None:
    places = make_places(tmp_path / "home", [tmp_path])
    path = tmp_path / "long.txt"
    path.write_text(SENTENCE * 8000)
    decoded = decode(job(path))
    info = model_info()
    writer = open_for_writing(places, EmbeddingSpace(info.name, info.fingerprint, info.dimension))
    writer.write([EmbeddedFile(decoded, vector_of(b"x")[None].repeat(len(decoded.units), 0), to_stored(tmp_path))])
    reader = writer.reading()
    assert [(failure, text) for _, failure, text, *_ in reader.failures()] == [(Failure.TOO_LARGE, ONLY)]
    assert sorted(reader.counts().values()) == [0, 0, 1], "it is a document that was read, not a failure"
    writer.close()
