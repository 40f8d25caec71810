"""Why a file cannot be used, in words that people and the German window understand."""

from __future__ import annotations

import errno
import os

import pytest

from app.core.system_errors import os_error_reason
from tests.app.miniature import ConceptTower


def failed(name: str, *, windows: int | None = None) -> OSError:
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), "/some/file")
    if windows is not None:
        error.winerror = windows  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (failed("EACCES"), "no permission"),
        (failed("EPERM"), "no permission"),
        (failed("ENOENT"), "it is not there"),
        (failed("ENOSPC"), "the drive is full"),
        (failed("EROFS"), "the drive is read-only"),
        (failed("EIO"), "the drive reports a fault"),
        (failed("ENAMETOOLONG"), "the name is too long"),
        (failed("EMFILE"), "too many files are open"),
        (failed("ELOOP"), "its links lead in a circle"),
        (failed("ETIMEDOUT"), "the drive does not answer"),
        (failed("ENOTCONN"), "the network drive is not connected"),
        (failed("ESTALE"), "the network drive is not connected"),
        (failed("EBUSY"), "another program is using it"),
        (failed("EISDIR"), "it is a folder"),
        (failed("EACCES", windows=32), "another program is using it"),
        (failed("EACCES", windows=19), "the drive is read-only"),
        (failed("EACCES", windows=5), "no permission"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "it is no text in UTF-8"),
        (failed("EDOM"), os.strerror(errno.EDOM)),
        (OSError("something of its own"), "something of its own"),
        (ValueError("Expected '=' (line 2)"), "Expected '=' (line 2)"),
    ],
)
def test_the_common_reasons_have_words_of_our_own(error: Exception, told: str) -> None:
    assert os_error_reason(error) == told


def test_tagging_says_what_is_wrong_with_a_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    from app.tags.file_tagging import tag_files

    folder = tmp_path_factory.mktemp("Pictures.jpg")
    names = [str(folder), str(folder / "nothing.jpg"), str(folder / "nothing")]
    told = [tags.failure for tags in tag_files(names, ConceptTower(), tagger=None)]  # type: ignore[arg-type]
    assert told == ["It is a folder.", "It is not there.", "It is not there."]
