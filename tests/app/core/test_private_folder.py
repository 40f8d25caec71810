"""Other users of the computer cannot look into the program's folders."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.core.atomic_write import write_atomically
from app.core.file_lock import file_lock
from app.core.paths import AppDirs
from app.core.private_folder import make_private_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows protects the user's folders itself")


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_is_made_is_private(tmp_path: Path) -> None:
    made = tmp_path / "share" / "semblance"
    make_private_folder(made / "data")
    make_private_folder(made / "data")
    assert {rights(folder) for folder in (made.parent, made, made / "data")} == {0o700}
    write_atomically(made / "config" / "settings.toml", b"x")
    with file_lock(made / "state" / "lock"):
        assert rights(made / "state" / "lock") == 0o600
    assert rights(made / "config" / "settings.toml") == 0o600
    assert rights(made / "config") == rights(made / "state") == 0o700


def test_folders_of_an_earlier_version_are_closed(tmp_path: Path) -> None:
    dirs = AppDirs(config=tmp_path / "config", data=tmp_path / "data", cache=tmp_path / "cache")
    dirs.data.mkdir(mode=0o755)
    dirs.create()
    assert {rights(folder) for folder in (dirs.config, dirs.data, dirs.cache)} == {0o700}


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        make_private_folder(tmp_path / "file")
