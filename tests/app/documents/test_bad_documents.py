"""Documents that cannot be read say why: passwords, damage, wrong content, bombs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.failures import DecodeError
from app.core.records import Failure
from app.documents import read_document
from tests import samples


def failure_of(path: Path) -> Failure:
    with pytest.raises(DecodeError) as caught:
        list(read_document(path).parts)
    assert caught.value.text.endswith(".")
    return caught.value.failure


def _locked_word(path: Path) -> Path:
    flags = b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x01"  # FibBase with fEncrypted
    return samples.ole(path, {"WordDocument": flags + bytes(600)})


def _locked_excel(path: Path) -> Path:
    begin = b"\x09\x08\x10\x00" + bytes(16)
    return samples.ole(path, {"Workbook": begin + b"\x2f\x00\x36\x00" + bytes(60)})


LOCKED: dict[str, Callable[[Path], Path]] = {
    "a.pdf": lambda path: samples.pdf(path, ["secret"], password="x"),
    "a.docx": lambda path: samples.ole(path, {"EncryptedPackage": bytes(5000), "EncryptionInfo": b"x"}),
    "a.odt": lambda path: samples.odt(path, locked=True),
    "a.doc": _locked_word,
    "a.xls": _locked_excel,
    "a.epub": lambda path: samples.archive(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/encryption.xml": '<CipherReference URI="OEBPS/chapter1.xhtml"/>',
        },
    ),
}


@pytest.mark.parametrize("name", LOCKED)
def test_passwords_are_named_as_the_reason(tmp_path: Path, name: str) -> None:
    assert failure_of(LOCKED[name](tmp_path / name)) is Failure.ENCRYPTED


def _write(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


def _scratched(path: Path) -> Path:
    """With its first half lost, as on a bad sector."""
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xff" * (len(data) // 2) + data[100 + len(data) // 2 :])
    return path


BROKEN: dict[tuple[str, Failure], Callable[[Path], Path]] = {
    ("empty.pdf", Failure.EMPTY): _write(b""),
    ("empty.txt", Failure.EMPTY): _write(b""),
    ("zeros.docx", Failure.CORRUPT): _write(bytes(9000)),
    ("cut.pdf", Failure.TRUNCATED): lambda path: samples.cut(samples.pdf(path, ["x"] * 9)),
    ("cut.docx", Failure.TRUNCATED): lambda path: samples.cut(samples.docx(path), 0.5),
    ("damaged.pdf", Failure.CORRUPT): _write(b"%PDF-1.4\nnothing here\n%%EOF\n"),
    ("damaged.docx", Failure.CORRUPT): lambda path: _scratched(samples.docx(path, ["word"] * 50)),
    ("picture.pdf", Failure.WRONG_TYPE): lambda path: samples.save(
        samples.photo(size=(60, 40)), path.with_suffix(".jpg")
    ).rename(path),
    ("archive.docx", Failure.WRONG_TYPE): lambda path: samples.archive(path, {"holiday/notes.txt": "x"}),
    ("words.docx", Failure.WRONG_TYPE): _write(b"just words"),
    ("program.txt", Failure.WRONG_TYPE): _write(b"\x7fELF\2\1\1" + bytes(100)),
    ("bomb.docx", Failure.BOMB): samples.zip_bomb,
    ("odd.doc", Failure.UNSUPPORTED): lambda path: samples.ole(path, {"Contents": b"MS Works"}),
}


@pytest.mark.parametrize(("name", "failure"), BROKEN)
def test_bad_documents_say_why(tmp_path: Path, name: str, failure: Failure) -> None:
    assert failure_of(BROKEN[name, failure](tmp_path / name)) is failure
