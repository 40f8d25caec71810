"""Every kind of file of the index, damaged in every way: answered right, or one sentence; and whole after indexing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from app.core.errors import UserError
from app.core.paths import AppDirs
from app.core.records import EmbeddedFile, Facts
from app.core.settings import Settings
from app.search import LocalLibrary
from app.table import open_for_reading, open_for_writing
from app.table.integrity import damaged_files, is_marked
from tests.app.miniature import SPACE, ConceptTower, ask, document, photo, places_in

_Answer = TypeVar("_Answer")

FILES: dict[str, str] = {
    "full-text postings": "units-*.lance/_indices/*/part_*_invert.lance",
    "full-text words": "units-*.lance/_indices/*/part_*_tokens.lance",
    "full-text lengths": "units-*.lance/_indices/*/part_*_docs.lance",
    "full-text metadata": "units-*.lance/_indices/*/metadata.lance",
    "index of paths": "units-*.lance/_indices/*/page_data.lance",
    "rows": "units-*.lance/data/*.lance",
    "deleted rows": "units-*.lance/_deletions/*",
    "newest manifest": "units-*.lance/_versions/*.manifest",
    "vectors": "units-*.vectors",
    "statistics": "units-*.statistics.npz",
    "record of files": "units-*.files.json",
    "index.json": "index.json",
}
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda whole: whole[: len(whole) * 2 // 3],
    "zeros": lambda whole: bytes(len(whole)),
    "flipped": lambda whole: bytes(
        byte ^ 0xFF if len(whole) // 3 <= at < len(whole) // 3 + 64 else byte for at, byte in enumerate(whole)
    ),
}
QUERIES = ("dog", "rental agreement", "munich", "IMG_0007", "whale kind:document", "snow kind:photo")


def library_files() -> list[EmbeddedFile]:
    munich = Facts(latitude=48.16, longitude=11.6)
    shows = ("dog beach", "cat kitchen", "whale ship", "snow mountain")
    made = [
        photo(f"/home/me/Pictures/Rome/IMG_{i:04d}.jpg", shows[i % 4], facts=munich if i == 3 else None)
        for i in range(12)
    ]
    texts = ("the rental agreement of the flat", "a whale in the sea", "budget and tax forms")
    return made + [document(f"/home/me/Documents/d{i}.txt", [text]) for i, text in enumerate(texts)]


@pytest.fixture
def dirs(tmp_path: Path) -> AppDirs:
    made = places_in(tmp_path)
    made.create()
    index(made)
    writer = open_for_writing(made, SPACE)
    writer.write(library_files()[:2])  # some rows are deleted rows
    writer.maintain(idle=True)
    writer.close()
    return made


def index(dirs: AppDirs) -> None:
    """What the indexer does: what the table lacks is written, then upkeep."""
    writer = open_for_writing(dirs, SPACE)
    known = {file.state.path for file in writer.listing()}
    if missing := [file for file in library_files() if file.decoded.state.path not in known]:
        writer.write(missing)
    writer.maintain(idle=True)
    writer.close()


def answers(dirs: AppDirs) -> dict[str, dict[str, float]]:
    library = LocalLibrary(dirs, Settings, open_tower=lambda _space, _tower: ConceptTower())
    try:
        return {query: {hit.path: hit.score for hit in ask(library, query).hits} for query in QUERIES}
    finally:
        library.close()


def tag(dirs: AppDirs) -> int:
    """What tagging reads."""
    reader = open_for_reading(dirs)
    return 0 if reader is None else sum(len(rows) for rows in reader.tag_rows())


def unless_told(use: Callable[[AppDirs], _Answer], dirs: AppDirs) -> _Answer | None:
    """What is answered, or None where one sentence says that the index is damaged."""
    try:
        return use(dirs)
    except UserError as error:
        if "damaged" not in error.what:
            raise
        return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("kind", FILES)
def test_damage_is_answered_right_or_told_and_mended_by_indexing(
    dirs: AppDirs, kind: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    expected = answers(dirs)
    assert all(expected.values())
    found = sorted(dirs.index.glob(FILES[kind]))
    assert found, kind
    for file in found[:1] if kind == "newest manifest" else found:
        whole = file.read_bytes()
        file.unlink()
        file.write_bytes(DAMAGE[damage](whole))
    # Without `index.json` nothing is known to be indexed; a lost manifest costs the last commit.
    unknown = kind in ("index.json", "newest manifest")
    got = unless_told(answers, dirs)
    assert got is None or unknown or set(got) == set(expected)
    if got is not None and not unknown:
        for query, scores in expected.items():
            assert got[query] == pytest.approx(scores, abs=0.05), query
    unless_told(tag, dirs)
    index(dirs)
    assert {query: set(scores) for query, scores in answers(dirs).items()} == {
        query: set(scores) for query, scores in expected.items()
    }
    (table,) = dirs.index.glob("units-*.lance")
    assert not damaged_files(dirs.index, table.stem, thorough=True)
    assert not is_marked(dirs.index, table.stem)
    assert tag(dirs) == 15
    assert "Traceback" not in caplog.text
