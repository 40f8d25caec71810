"""Whatever happens to files between two looks: one reconcile later the table is the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.paths import to_stored
from app.files.ignore import IgnoreRules
from indexer.dedup import content_hash
from indexer.scan import scan
from tests.indexer.fakes import vector_of
from tests.indexer.test_pipeline import Bench

CONTENTS = ["some words", "same size!", "two\nlines", "BAD"]
PLACES = ["a.txt", "b.txt", "x/a.txt", "x/y/c.md", "z/a.txt"]


def create(folder: Path, name: str, content: str, _other: str) -> None:
    path = folder / name
    if not any(parent.is_file() for parent in path.parents) and not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def replace_it(folder: Path, name: str, content: str, _other: str) -> None:
    if (folder / name).is_file():
        (folder / "new~").write_text(content)
        (folder / "new~").replace(folder / name)


def move(folder: Path, name: str, _content: str, other: str) -> None:
    if (folder / name).is_file() and (folder / other).parent.is_dir():
        (folder / name).replace(folder / other)


def swap(folder: Path, name: str, _content: str, other: str) -> None:
    if (folder / name).is_file() and (folder / other).is_file() and name != other:
        (folder / name).rename(folder / "aside")
        (folder / other).rename(folder / name)
        (folder / "aside").rename(folder / other)


def copy(folder: Path, name: str, _content: str, other: str) -> None:
    if (folder / name).is_file() and (folder / other).parent.is_dir() and name != other:
        shutil.copy2(folder / name, folder / other)


def link(folder: Path, name: str, _content: str, other: str) -> None:
    if (folder / name).is_file() and (folder / other).parent.is_dir() and not (folder / other).exists():
        os.link(folder / name, folder / other)


def delete(folder: Path, name: str, _content: str, _other: str) -> None:
    (folder / name).unlink(missing_ok=True)


def move_folder(folder: Path, name: str, _content: str, other: str) -> None:
    source, target = (folder / name).parent, (folder / other).parent / "moved"
    possible = source != folder and source.is_dir() and target.parent.is_dir() and not target.exists()
    if possible and source not in target.parents:
        source.rename(target)


def delete_folder(folder: Path, name: str, _content: str, _other: str) -> None:
    if (folder / name).parent != folder:
        shutil.rmtree((folder / name).parent, ignore_errors=True)


def touch(folder: Path, name: str, _content: str, _other: str) -> None:
    if (folder / name).is_file():
        os.utime(folder / name)


OPERATIONS: list[Callable[[Path, str, str, str], None]] = [
    create, create, replace_it, move, swap, copy, link, delete, move_folder, delete_folder, touch
]  # fmt: skip
operations = st.tuples(
    st.sampled_from(OPERATIONS), st.sampled_from(PLACES), st.sampled_from(CONTENTS), st.sampled_from(PLACES)
)
rounds = st.lists(st.lists(operations, max_size=8), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(rounds=rounds, interrupted=st.booleans())
def test_after_one_reconcile_the_table_is_the_disk(rounds: list[list[tuple[object, ...]]], interrupted: bool) -> None:
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base, "files")
        folder.mkdir()
        bench = Bench(folder, Path(base, "home"))
        # A clock far ahead: no file counts as still being written.
        bench.pipeline._steps._now_ns = lambda: 2**62
        try:
            for number, some in enumerate(rounds):
                for act, *given_ in some:
                    act(folder, *given_)  # type: ignore[operator]
                bench.reconcile()
                if not (interrupted and number % 2):
                    bench.wait()
            bench.settle()
            bench.settle()  # what changed while it was read was put off, and is looked at again
            compare(bench)
        finally:
            bench.close()


def compare(bench: Bench) -> None:
    disk = {seen[0]: seen for seen in scan(to_stored(bench.folder), IgnoreRules()).files}
    table = {path: file for path, (file, _, _) in bench.writer.files.items()}
    assert set(disk) == set(table)
    for path, (file, vectors, root) in bench.writer.files.items():
        state = file.state
        assert (state.path, state.size, state.mtime_ns, state.inode, state.ctime_ns) == disk[path]
        assert file.content_hash == content_hash(path)
        assert root == to_stored(bench.folder)
        lines = Path(path).read_text().splitlines()
        if lines == ["BAD"]:
            assert vectors is None
        else:
            assert vectors is not None
            np.testing.assert_allclose(vectors, [vector_of(line.encode()) for line in lines])
