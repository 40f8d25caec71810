"""The catalogue of bad input: each file ends as a row with a reason, and nothing is ever raised."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.failures import advice
from app.core.records import Failure
from app.pictures import Limits
from indexer.decode import decode
from tests import samples
from tests.indexer.test_decode import job_of


def _bytes(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def _photo(path: Path) -> Path:
    return samples.save(samples.photo("coffee"), path)


CATALOGUE: dict[tuple[str, Failure], Callable[[Path], Path]] = {
    ("zero bytes.jpg", Failure.EMPTY): _bytes(b""),
    ("zero bytes.pdf", Failure.EMPTY): _bytes(b""),
    ("nothing but zeros.jpg", Failure.CORRUPT): _bytes(bytes(4000)),
    ("cut.jpg", Failure.TRUNCATED): lambda path: samples.cut(_photo(path), 0.2),
    ("cut.heic", Failure.TRUNCATED): lambda path: samples.cut(_photo(path), 0.5),
    ("cut.dng", Failure.TRUNCATED): lambda path: samples.cut(samples.dng(path), 0.5),
    ("cut.pdf", Failure.TRUNCATED): lambda path: samples.cut(samples.pdf(path, ["x"] * 9)),
    ("header only.jpg", Failure.CORRUPT): _bytes(b"\xff\xd8\xff\xd9"),
    ("text.jpg", Failure.WRONG_TYPE): _bytes(b"Dear Anna, here are the photos."),
    ("film.jpg", Failure.WRONG_TYPE): _bytes(b"\0\0\0\x18ftypmp42" + bytes(range(200))),
    ("document.png", Failure.WRONG_TYPE): lambda path: samples.pdf(path),
    ("picture.pdf", Failure.WRONG_TYPE): lambda path: _photo(path.with_suffix(".jpg")).rename(path),
    ("noise.gif", Failure.WRONG_TYPE): _bytes(bytes(random.Random(1).randrange(256) for _ in range(3000))),
    ("from the future.png", Failure.CORRUPT): _bytes(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100)),
    ("bomb.png", Failure.BOMB): samples.png_bomb,
    ("bomb.docx", Failure.BOMB): samples.zip_bomb,
    ("locked.pdf", Failure.ENCRYPTED): lambda path: samples.pdf(path, password="x"),
    ("locked.docx", Failure.ENCRYPTED): lambda path: samples.ole(path, {"EncryptedPackage": bytes(5000)}),
}


@pytest.mark.parametrize(("name", "failure"), CATALOGUE)
def test_bad_file_becomes_a_row_with_a_reason(tmp_path: Path, name: str, failure: Failure) -> None:
    decoded = decode(job_of(CATALOGUE[name, failure](tmp_path / name)))
    assert decoded.failure is failure
    assert decoded.units == ()
    assert decoded.thumbnail is None
    # For people: one sentence, no class names, no paths.
    assert re.fullmatch(r"[A-Z][^\n]*\.", decoded.failure_text)
    assert not re.search(r"Error|Exception|0x|/tmp|None", decoded.failure_text)
    assert advice(decoded.failure)
    if failure is not Failure.EMPTY:
        assert decoded.content_hash  # so that a copy of it is known at once


def test_a_picture_of_300_megapixels(tmp_path: Path) -> None:
    path = samples.png_bomb(tmp_path / "a.png", 17_400)
    with open(path, "ab") as file:
        file.write(bytes(1 << 20))  # large enough to be honest
    decoded = decode(job_of(path))
    assert decoded.failure is Failure.TOO_LARGE
    assert "17,400 x 17,400" in decoded.failure_text


SOUND: dict[str, Callable[[Path], Path]] = {
    "print.jpg": lambda path: samples.save(samples.photo().convert("CMYK"), path),
    "moving.gif": lambda path: samples.save(
        samples.photo(size=(60, 40)), path, save_all=True, append_images=[samples.photo("coffee", (60, 40))]
    ),
    "really a png.jpg": lambda path: samples.save(samples.photo(), path.with_suffix(".png")).rename(path),
    "corrupt exif.jpg": lambda path: samples.save(samples.photo(), path, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff rubbish"),
    "most of it.jpg": lambda path: samples.cut(_photo(path), 0.8),
    "unfinished.jpg": lambda path: samples.cut(samples.save(samples.photo("coffee"), path, progressive=True), 0.4),
}


@pytest.mark.parametrize("name", SOUND)
def test_odd_but_readable(tmp_path: Path, name: str) -> None:
    decoded = decode(job_of(SOUND[name](tmp_path / name)))
    assert (decoded.failure, len(decoded.units)) == (None, 1)


VICTIMS: dict[str, Callable[[Path], Path]] = {
    "a.jpg": lambda path: samples.save(samples.photo(size=(90, 60)), path, exif=samples.exif(model="x", taken="2024")),
    "p.jpg": lambda path: samples.save(samples.photo(size=(90, 60)), path, progressive=True),
    "a.png": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.webp": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.gif": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.tif": lambda path: samples.save(samples.photo(size=(90, 60)), path, compression="tiff_lzw"),
    "a.bmp": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.avif": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.heic": lambda path: samples.save(samples.photo(size=(90, 60)), path),
    "a.dng": lambda path: samples.dng(path, preview=samples.photo(size=(90, 60)), size=(96, 64)),
    "a.pdf": lambda path: samples.pdf(path, ["some text"] * 3, title="t"),
    "a.docx": samples.docx,
    "a.pptx": samples.pptx,
    "a.xlsx": samples.xlsx,
    "a.odt": samples.odt,
    "a.epub": samples.epub,
    "a.eml": samples.eml,
    "a.msg": samples.msg,
    "a.txt": _bytes("Grüße aus Köln.\n".encode() * 20),
    "a.html": _bytes(b"<html><body><p>text</p><table><tr><td>x</table>" * 5),
    "a.rtf": _bytes(rb"{\rtf1\ansi Hello {\b bold}\par}" * 5),
}


@pytest.mark.parametrize("name", VICTIMS)
def test_no_damage_whatever_makes_decoding_raise(tmp_path: Path, name: str) -> None:
    path = VICTIMS[name](tmp_path / name)
    whole = path.read_bytes()
    rng = random.Random(name)
    limits = Limits(picture_bytes=64 << 20, archive_bytes=64 << 20)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 5, 40))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)) :]
        path.write_bytes(data)
        decoded = decode(job_of(path, limits=limits))
        assert bool(decoded.failure) == bool(decoded.failure_text)
        assert decoded.failure_text != "The file could not be read for a reason that is not known."
