"""Other programs write sidecars: keywords follow them, and no vector is computed again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.paths import AppDirs, to_stored
from app.core.records import UnitRow
from app.metadata.sidecars import stamp
from app.query.filters import Filters
from app.table import open_for_reading
from indexer.scan import FileStat
from indexer.sidecar_changes import photos_with_changed_sidecars
from tests.app.table.conftest import in_full
from tests.indexer.fakes import HashEncoder
from tests.indexer.running import Running, index_once, make_places
from tests.samples import photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def take(folder: Path, name: str = "IMG_1.jpg") -> Path:
    return photos.save(photos.photo("chelsea", (120, 90)), folder / name, exif=photos.exif(make="Canon", model="Canon"))


def row_of(places: AppDirs, file: Path) -> UnitRow:
    reader = open_for_reading(places)
    assert reader is not None
    (row,) = reader.file_units(to_stored(file))
    return row


def keywords_of(places: AppDirs, file: Path) -> tuple[str, ...]:
    return row_of(places, file).facts.keywords


@pytest.mark.parametrize("name", ["IMG_1.jpg.xmp", "IMG_1.xmp"])
def test_a_sidecar_that_comes_changes_and_goes_is_followed_at_the_next_look(
    tmp_path: Path, folder: Path, name: str
) -> None:
    places = make_places(tmp_path / "home", [folder])
    file, sidecar, encoder = take(folder), folder / name, HashEncoder()
    assert index_once(places).embedded == 1
    sidecar.write_bytes(photos.xmp(["Grandma", "garden"], title="Summer"))
    assert index_once(places, encoder=encoder).reused == 1
    row = row_of(places, file)
    assert (row.facts.keywords, row.facts.title, row.facts.camera) == (("Grandma", "garden"), "Summer", "Canon")
    assert (row.facts.width, row.facts.height) == (120, 90)
    assert index_once(places, encoder=encoder).done == 0
    sidecar.write_bytes(photos.xmp(["Grandpa"]))
    assert index_once(places, encoder=encoder).reused == 1
    assert keywords_of(places, file) == ("Grandpa",)
    sidecar.unlink()
    assert index_once(places, encoder=encoder).reused == 1
    assert keywords_of(places, file) == ()
    assert index_once(places, encoder=encoder).done == 0
    assert encoder.images == 0


def test_keywords_of_a_new_sidecar_are_found_as_words(tmp_path: Path, folder: Path) -> None:
    from app.search.query_terms import parse_terms as wanted
    from app.search.query_terms import strict_query

    places = make_places(tmp_path / "home", [folder])
    take(folder)
    index_once(places)
    (folder / "IMG_1.xmp").write_bytes(photos.xmp(["Oleander"]))
    index_once(places)
    reader = open_for_reading(places)
    assert reader is not None
    found = [row.id for row in reader.ask_words(strict_query(wanted("oleander"))).rows()]
    assert [row.facts.keywords for row in reader.units(found)] == [("Oleander",)]


def test_a_photo_indexed_together_with_its_sidecar_is_read_once(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    file = take(folder)
    (folder / "IMG_1.jpg.xmp").write_bytes(photos.xmp(["Grandma"]))
    index_once(places)
    assert keywords_of(places, file) == ("Grandma",)
    assert index_once(places).done == 0


def test_photo_and_sidecar_change_together(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    file = take(folder)
    index_once(places)
    photos.save(photos.photo("rocket", (120, 90)), file)
    (folder / "IMG_1.jpg.xmp").write_bytes(photos.xmp(["rocket"]))
    assert index_once(places).embedded == 1
    assert keywords_of(places, file) == ("rocket",)
    assert index_once(places).done == 0


def test_one_sidecar_for_a_raw_file_and_its_jpeg(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    both = [take(folder, "IMG_1.jpg"), take(folder, "IMG_1.png")]
    index_once(places)
    (folder / "IMG_1.xmp").write_bytes(photos.xmp(["pair"]))
    assert index_once(places).reused == 2
    assert [keywords_of(places, file) for file in both] == [("pair",), ("pair",)]


def test_a_moved_pair_keeps_its_keywords_and_computes_nothing(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    take(folder)
    (folder / "IMG_1.jpg.xmp").write_bytes(photos.xmp(["Grandma"]))
    index_once(places)
    (folder / "2024").mkdir()
    for name in ("IMG_1.jpg", "IMG_1.jpg.xmp"):
        (folder / name).rename(folder / "2024" / name)
    encoder = HashEncoder()
    assert index_once(places, encoder=encoder).moved == 1
    assert index_once(places, encoder=encoder).done == 0
    assert keywords_of(places, folder / "2024" / "IMG_1.jpg") == ("Grandma",)
    assert encoder.images == 0


def test_a_copy_without_the_sidecar_loses_its_keywords_at_the_next_look(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    file = take(folder)
    (folder / "IMG_1.jpg.xmp").write_bytes(photos.xmp(["Grandma"]))
    index_once(places)
    shutil.copy(file, folder / "copy.jpg")
    index_once(places)
    index_once(places)
    assert keywords_of(places, folder / "copy.jpg") == ()
    assert keywords_of(places, file) == ("Grandma",)


def test_a_table_of_the_first_programs_learns_of_sidecars(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    file = take(folder)
    index_once(places)
    in_full(places).drop_columns(["sidecar"])
    (folder / "IMG_1.jpg.xmp").write_bytes(photos.xmp(["Grandma"]))
    encoder = HashEncoder()
    assert index_once(places, encoder=encoder).reused == 1
    assert keywords_of(places, file) == ("Grandma",)
    take(folder, "IMG_2.jpg")
    assert index_once(places).done == 1


@pytest.mark.parametrize("gone", [False, True])
def test_while_watching_an_event_on_a_sidecar_is_enough(tmp_path: Path, folder: Path, gone: bool) -> None:
    places = make_places(tmp_path / "home", [folder])
    file, sidecar = take(folder), folder / "IMG_1.xmp"
    if gone:
        sidecar.write_bytes(photos.xmp(["Grandma"]))
    with Running(places) as running:
        running.wait_committed(1)
        at = running.wait_for("idle")
        images = running.encoder.images
        if gone:
            sidecar.unlink()
        else:
            sidecar.write_bytes(photos.xmp(["Grandma"]))
        running.wait_committed(1, after=at)
        assert running.encoder.images == images
    assert keywords_of(places, file) == (() if gone else ("Grandma",))


def test_a_sidecar_of_nothing_and_a_broken_one_harm_nobody(tmp_path: Path, folder: Path) -> None:
    places = make_places(tmp_path / "home", [folder])
    file = take(folder)
    (folder / "letter.txt").write_text("Dear Ada, this is a letter.")
    index_once(places)
    (folder / "letter.xmp").write_bytes(photos.xmp(["not for photos"]))
    (folder / "lonely.jpg.xmp").write_bytes(photos.xmp(["lonely"]))
    (folder / "IMG_1.jpg.xmp").write_bytes(b"<broken")
    (folder / "folder.xmp").mkdir()
    assert index_once(places).reused == 1
    assert index_once(places).done == 0
    assert keywords_of(places, file) == ()


def test_photos_of_an_earlier_program_are_asked_again_for_what_it_did_not_read(tmp_path: Path, folder: Path) -> None:
    """Their ratings are found, and no vector is computed again."""
    places, encoder = make_places(tmp_path / "home", [folder]), HashEncoder()
    file = photos.save(photos.photo("chelsea", (120, 90)), folder / "IMG_1.jpg", xmp=photos.xmp(["cat"], rating="4"))
    assert index_once(places).embedded == 1
    in_full(places).drop_columns(["rating", "facts_version"])
    assert index_once(places, encoder=encoder).reused == 1
    reader = open_for_reading(places)
    assert reader is not None
    assert [row.path for row in reader.browse(Filters(rating_min=4))[0]] == [to_stored(file)]
    assert encoder.images == 0
    assert index_once(places, encoder=encoder).done == 0


SIZE_AND_TIME = (10, 20)


@pytest.mark.parametrize(
    ("there", "known", "found"),
    [
        ({}, {}, False),
        ({"/p/a.jpg.xmp": SIZE_AND_TIME}, {}, True),
        ({"/p/a.xmp": SIZE_AND_TIME}, {}, True),
        ({"/p/a.jpg.xmp": SIZE_AND_TIME}, {"/p/a.jpg": stamp([SIZE_AND_TIME, None])}, False),
        ({"/p/a.jpg.xmp": (11, 20)}, {"/p/a.jpg": stamp([SIZE_AND_TIME, None])}, True),
        ({"/p/a.jpg.xmp": (10, 19)}, {"/p/a.jpg": stamp([SIZE_AND_TIME, None])}, True),
        ({"/p/a.xmp": SIZE_AND_TIME}, {"/p/a.jpg": stamp([SIZE_AND_TIME, None])}, True),
        ({}, {"/p/a.jpg": stamp([SIZE_AND_TIME, None])}, True),
        ({"/p/b.jpg.xmp": SIZE_AND_TIME, "/q/a.jpg.xmp": SIZE_AND_TIME}, {}, False),
    ],
)
def test_what_another_sidecar_is(there: dict[str, tuple[int, int]], known: dict[str, int], found: bool) -> None:
    files: list[FileStat] = [("/p/a.jpg", 1, 1, 1), ("/p/a.txt", 1, 1, 2)]
    assert photos_with_changed_sidecars(files, there, known) == (files[:1] if found else [])


def test_stamps_fit_the_column_whatever_the_times_are() -> None:
    for times in ([0, -1], [2**63 - 1, 2**62], [-(2**40), None]):
        number = stamp(None if at is None else (2**40, at) for at in times)
        assert 0 < number < 2**63


@pytest.fixture(autouse=True)
def _times_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sidecars written within one tick of the file system's clock still have times of their own."""
    ticks = iter(range(10**18, 2 * 10**18, 10**9))
    real: Callable[..., int] = Path.write_bytes

    def write(self: Path, data: bytes) -> int:
        written = real(self, data)
        if self.suffix == ".xmp":
            os.utime(self, ns=(at := next(ticks), at))
        return written

    monkeypatch.setattr(Path, "write_bytes", write)
