"""Files are replaced whole, whoever else writes them, and whatever happens meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.atomic_write import replaced, write_atomically
from app.core.errors import UserError
from app.core.file_lock import file_lock


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def crash(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, b"new", sync=crash)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(UserError, match="could not be written"):
        write_atomically(tmp_path / "file", b"new")


def test_many_writers_of_one_file_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    contents = [bytes([n]) * 50_000 for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: write_atomically(target, data, sync=lambda _: None), contents))
    assert target.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def fail() -> None:
        with replaced(target) as part:
            part.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_lock_keeps_others_out_and_is_free_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    with file_lock(path) as first, file_lock(path, timeout_s=0.0) as second:
        assert (first, second) == (True, False)
    with file_lock(path, timeout_s=0.0) as again:
        assert again
