"""What belongs to the library, judged by names and directory entries alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.core.records import Kind
from app.files.ignore import IgnoreRules, parse_patterns
from app.files.types import is_hidden, is_placeholder, kind_of, suffix_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("IMG_0001.JPG", Kind.PHOTO),
        ("photo.jpeg", Kind.PHOTO),
        ("Screenshot 2024-05-01 at 10.00.00.png", Kind.PHOTO),
        ("IMG_1234.HEIC", Kind.PHOTO),
        ("_DSC0001.ARW", Kind.PHOTO),
        ("old.scan.tif", Kind.PHOTO),
        ("Letter.docx", Kind.DOCUMENT),
        ("taxes 2023.PDF", Kind.DOCUMENT),
        ("notes.md", Kind.DOCUMENT),
        ("Re hello.eml", Kind.DOCUMENT),
        ("clip.mp4", None),
        ("program.py", None),
        ("README", None),
        (".png", None),
        ("...jpg", None),
        ("photo.jpg.part", None),
        ('strange "name"\n\N{CAT FACE}.jpg', Kind.PHOTO),
        ("caf\udce9.jpg", Kind.PHOTO),
    ],
)
def test_kind_is_told_by_the_name(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


def test_suffix_is_lower_case_and_without_its_dot() -> None:
    assert (suffix_of("A.TIFF"), suffix_of("a."), suffix_of("tar.gz")) == ("tiff", "", "gz")


@pytest.mark.parametrize(
    ("name", "is_dir"),
    [
        ("node_modules", True),
        ("Node_Modules", True),
        ("__pycache__", True),
        (".git", True),
        (".thumbnails", True),
        ("$RECYCLE.BIN", True),
        ("@eaDir", True),
        ("Photos.photoslibrary", True),
        ("~$Letter.docx", False),
        (".~lock.Letter.odt#", False),
        ("upload.tmp", False),
        ("film.crdownload", False),
        ("._IMG_0001.jpg", False),
        ("letter.docx~", False),
    ],
)
def test_ignored_by_default(name: str, is_dir: bool) -> None:
    assert IgnoreRules().ignores(name, is_dir)


@pytest.mark.parametrize(
    ("name", "is_dir"),
    [
        ("Holiday 2024", True),
        ("Icons", True),
        ("Library", True),
        ("venv notes.md", False),
        ("node_modules", False),  # only the folder is meant
        ("a[1].jpg", False),
        ("café~1.jpg", False),
    ],
)
def test_kept_by_default(name: str, is_dir: bool) -> None:
    assert not IgnoreRules().ignores(name, is_dir)


def test_own_patterns_come_last_and_can_take_back() -> None:
    rules = IgnoreRules(["private/", "*.webp", "draft-??.md", "!node_modules/"])
    assert rules.ignores("Private", True)
    assert not rules.ignores("private", False)
    assert rules.ignores("meme.webp", False)
    assert rules.ignores("draft-01.md", False)
    assert not rules.ignores("draft-001.md", False)
    assert not rules.ignores("node_modules", True)


def test_hidden_names_are_looked_at_when_asked() -> None:
    assert not IgnoreRules(hidden=True).ignores(".private photos", True)
    assert IgnoreRules(hidden=True).ignores("__pycache__", True)


def test_broken_patterns_are_taken_literally() -> None:
    rules = IgnoreRules(["[abc", "", "/", "(*"], defaults=False)
    assert rules.ignores("[abc", True)
    assert rules.ignores("(x", False)
    assert not rules.ignores("a", False)


def test_comments_and_blank_lines_are_no_patterns() -> None:
    assert parse_patterns("# a comment\n\n  *.tmp  \r\n#also\n!x\n") == ["*.tmp", "!x"]


def _stat(**fields: int) -> os.stat_result:
    values = {"st_size": 5_000_000, "st_blocks": 9768, "st_file_attributes": 0, "st_flags": 0, **fields}
    return cast(os.stat_result, SimpleNamespace(**values))


@pytest.mark.parametrize(
    "fields",
    [
        {"st_file_attributes": 0x00400000},  # OneDrive, files on demand
        {"st_file_attributes": 0x00040000},
        {"st_file_attributes": stat.FILE_ATTRIBUTE_OFFLINE},
        {"st_flags": 0x40000000},  # iCloud, dataless
    ],
)
def test_what_is_only_in_the_cloud_is_a_placeholder(fields: dict[str, int]) -> None:
    assert is_placeholder(_stat(**fields), "/home/anna/photo.jpg")


def test_nextcloud_virtual_files_are_placeholders() -> None:
    assert is_placeholder(_stat(st_size=1), "/home/anna/photo.jpg.nextcloud")


@pytest.mark.parametrize("fields", [{}, {"st_blocks": 0, "st_size": 900}, {"st_file_attributes": 32}])
def test_ordinary_and_inline_files_are_here(fields: dict[str, int]) -> None:
    assert not is_placeholder(_stat(**fields), "/home/anna/photo.jpg")


def test_sparse_files_are_here(tmp_path: Path) -> None:
    path = tmp_path / "sparse.bin"
    with open(path, "wb") as file:
        file.truncate(1 << 20)
    assert not is_placeholder(path.stat(), path)


def test_large_files_without_blocks_are_away_when_they_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    attributes: list[str] = []

    def listed(_path: Any) -> list[str]:
        return attributes

    monkeypatch.setattr(os, "listxattr", listed, raising=False)
    away = _stat(st_blocks=0)
    assert not is_placeholder(away, "/cloud/photo.jpg")
    attributes.append("user.cloud.placeholder")
    assert is_placeholder(away, "/cloud/photo.jpg")


@pytest.mark.parametrize(
    ("name", "fields", "hidden"),
    [
        (".photo.jpg", {}, True),
        ("photo.jpg", {}, False),
        ("photo.jpg", {"st_file_attributes": stat.FILE_ATTRIBUTE_HIDDEN}, True),
        ("photo.jpg", {"st_flags": stat.UF_HIDDEN}, True),
    ],
)
def test_hidden_by_dot_or_attribute(name: str, fields: dict[str, int], hidden: bool) -> None:
    assert is_hidden(name, _stat(**fields)) is hidden
