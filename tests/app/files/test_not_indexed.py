"""What the walk passed by is told, and survives a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.files.not_indexed import LeftOutFolder, NotIndexed, kinds_sentence


def test_it_is_kept_in_a_file(tmp_path: Path) -> None:
    found = NotIndexed((LeftOutFolder("/p/Great.app", "*.app/"), LeftOutFolder("/p/\udbff usb")), {".mp4": 2, "": 1})
    found.save(tmp_path / "x.json")
    assert NotIndexed.load(tmp_path / "x.json") == found
    assert [folder.is_mount for folder in found.folders] == [False, True]


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b'{"folders": [3], "kinds": {}}', b"\xff", b"[" * 100_000]
)
def test_a_damaged_file_is_as_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    assert NotIndexed.load(tmp_path / "x.json") == NotIndexed()
    assert NotIndexed.load(tmp_path / "missing.json") == NotIndexed()


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        ({}, ""),
        ({".mp4": 1}, "1 file of 1 kind is not read: .mp4 1"),
        ({".mp4": 210}, "210 files of 1 kind are not read: .mp4 210"),
        ({".mov": 2, ".mp4": 1210, "": 3}, "1,215 files of 3 kinds are not read: .mp4 1,210, without ending 3, .mov 2"),
        (
            {f".{letter}": 1 for letter in "abcdefghij"},
            "10 files of 10 kinds are not read: .a 1, .b 1, .c 1, .d 1, .e 1, .f 1, .g 1, .h 1, …",
        ),
    ],
)
def test_the_sentence(kinds: dict[str, int], sentence: str) -> None:
    assert kinds_sentence(kinds) == sentence
