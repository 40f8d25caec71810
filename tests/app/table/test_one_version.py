"""A search beside a writing indexer answers from one version; sessions and files of LanceDB do not pile up."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.core.paths import AppDirs
from app.core.records import UnitType
from app.core.settings import Settings
from app.search import LocalLibrary
from app.table import IndexReader, IndexWriter, disk, lance_binding, maintenance, open_for_reading, open_for_writing
from tests.app.miniature import SPACE, ConceptTower, ask, document, photo, places_in, vector_of
from tests.app.table import conftest as tiny


def library_in(folder: Path) -> AppDirs:
    dirs = places_in(folder)
    dirs.create()
    writer = open_for_writing(dirs, SPACE)
    writer.write([photo(f"/home/me/Pictures/{i}.jpg", "dog beach" if i % 2 else "cat snow") for i in range(40)])
    writer.write([document(f"/home/me/Documents/{i}.txt", ["a dog runs", "tax budget"]) for i in range(10)])
    writer.maintain(idle=True)
    writer.close()
    return dirs


def write_for_a_while(dirs: AppDirs, rounds: int, failed: list[BaseException]) -> None:
    """Files come, go and change, with upkeep in between."""
    try:
        writer = open_for_writing(dirs, SPACE)
        for number in range(rounds):
            path = f"/home/me/Pictures/{number % 40}.jpg"
            writer.write([photo(path, "cat snow" if number % 3 else "dog beach", size=2000 + number)])
            writer.remove([f"/home/me/Pictures/{(number + 7) % 40}.jpg"])
            if number % 5 == 0:
                writer.maintain(idle=True)
        writer.close()
    except BaseException as error:
        failed.append(error)


def test_every_answer_beside_a_writer_is_that_of_one_version(tmp_path: Path) -> None:
    dirs = library_in(tmp_path)
    failed: list[BaseException] = []
    thread = threading.Thread(target=write_for_a_while, args=(dirs, 20, failed))
    thread.start()
    library = LocalLibrary(dirs, Settings, open_tower=lambda _space, _tower: ConceptTower())
    answered = 0
    while thread.is_alive() or answered < 5:
        results = ask(library, "dog beach", all_hits=True, limit=500)
        reader = library._reader
        assert reader is not None
        # What was answered is what the same version of the table has, now that it is asked again.
        rows = {row.path for row in reader.units([hit.unit_id for hit in results.hits])}
        assert rows == {hit.path for hit in results.hits}
        check_vectors(reader)
        answered += 1
    thread.join()
    library.close()
    assert not failed


def check_vectors(reader: IndexReader) -> None:
    """Each vector is that of its own unit: what LanceDB says of the same version."""
    (found,) = reader.nearest_each(vector_of("dog beach", "text"), [tuple(UnitType)], limit=20)
    ids, vectors = reader.embeddings([hit.id for hit in found])
    assert ids == [hit.id for hit in found]
    scores = vectors @ vector_of("dog beach", "text")
    assert np.allclose(scores, [hit.score for hit in found], atol=1e-4)


# ---- files that stay open


def open_files() -> int:
    process = psutil.Process()
    return process.num_handles() if sys.platform == "win32" else process.num_fds()


def test_open_files_do_not_grow_with_saves(
    places: AppDirs, writer: IndexWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the writer and in a reader: each save had cost them four and two for good."""
    monkeypatch.setattr(maintenance, "_UPKEEPS_PER_SESSION", 2)
    monkeypatch.setattr(lance_binding, "_VERSIONS_PER_SESSION", 8)
    reader = open_for_reading(places, follows=False)
    assert reader is not None
    counts = []
    for number in range(24):
        writer.write([tiny.document("/d/a.txt", [f"draft number {number}", "the same"], seed=number)])
        writer.maintain(idle=True)
        reader.refresh()
        reader.nearest_each(tiny.direction(1), [(UnitType.PASSAGE,)], limit=5)
        counts.append(open_files())
    assert max(counts[12:]) <= max(counts[:12]) + 8


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_limit_of_open_files_is_raised_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: asked.append((what, limits)))
    disk.raise_open_file_limit.cache_clear()
    disk.raise_open_file_limit()
    assert asked == [(resource.RLIMIT_NOFILE, (4096, 4096))]
    disk.raise_open_file_limit.cache_clear()
