"""What somebody who has just begun is told: one sentence with the next step, the same from every command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.paths import app_dirs, to_stored
from app.core.records import Kind
from app.core.settings import SettingsFile
from app.query.queries import Band, Hit, Results
from app.search import LocalLibrary
from tests.app.cli.conftest import Run
from tests.app.miniature import SPACE, document, photo, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home")


NEW = "No folders yet: semblance add ~/Pictures ~/Documents\n"
NOT_INDEXED = "Nothing is indexed yet: semblance index --once\n"
EMPTY = "The watched folders held no photos or documents when they were last looked at.\n"


def watch(*folders: Path) -> None:
    here = app_dirs()
    here.create()
    for folder in folders:
        folder.mkdir(exist_ok=True)
    SettingsFile(here.settings_file).change(folders=tuple(map(str, folders)))


ASKED = [["search", "dog"], ["search", "--kind", "photo"], ["failures"], ["tag"], ["tag", "--write-xmp"]]


@pytest.mark.parametrize("command", ASKED, ids=" ".join)
def test_a_new_user_is_told_to_name_folders_and_nothing_else(semblance: Run, command: list[str]) -> None:
    assert semblance(*command)[1:] == (NEW, "")


@pytest.mark.parametrize("command", ASKED, ids=" ".join)
def test_with_folders_to_index_them(semblance: Run, tmp_path: Path, command: list[str]) -> None:
    watch(tmp_path / "Pictures")
    assert semblance(*command)[1:] == (NOT_INDEXED, "")


@pytest.mark.parametrize("command", ASKED, ids=" ".join)
def test_and_where_the_folders_are_empty_that_they_are(semblance: Run, tmp_path: Path, command: list[str]) -> None:
    watch(tmp_path / "Pictures")
    write(app_dirs(), [], SPACE)
    assert semblance(*command)[1:] == (EMPTY, "")


def test_programs_are_told_as_ever(semblance: Run) -> None:
    status, out, err = semblance("tag", "--json")
    assert (status, out, err) == (1, '{"units": 0, "changed": 0}\n', "")
    assert semblance("tag", "--write-xmp", "--json") == (1, "", NEW)


def test_status_of_nothing_counts_no_zeros(semblance: Run) -> None:
    lines = semblance("status")[1].splitlines()
    assert lines[0] + "\n" == NEW
    assert len(lines) == 2
    assert "index 0 B" in lines[1]


def test_one_file_is_not_called_files(semblance: Run, tmp_path: Path) -> None:
    watch(tmp_path / "d")
    write(app_dirs(), [document(to_stored(tmp_path / "d" / "one.txt"), ["a lighthouse"])], SPACE)
    shown = semblance("status")[1]
    assert "0 photos, 1 document, 0 to do" in shown
    assert "0 photos and 1 document as 1 searchable unit," in shown


# ---- an indexed library


@pytest.fixture
def indexed(tmp_path: Path) -> Path:
    """Three photos below a watched folder, and what no search finds."""
    folder = tmp_path / "Pictures"
    watch(folder)
    shown = [photo(to_stored(folder / f"{name}.jpg"), name, root=to_stored(folder)) for name in ("cat", "dog", "owl")]
    write(app_dirs(), shown, SPACE)
    return folder


def test_without_words_there_is_no_score(semblance: Run, indexed: Path) -> None:
    status, out, _ = semblance("search", "--kind", "photo", "--sort", "name")
    assert status == 0
    *rows, count = out.splitlines()
    assert rows == [f"{i}. {indexed / name}.jpg" for i, name in enumerate(("cat", "dog", "owl"), start=1)]
    assert count.startswith("1–3 of 3 ·")


def test_past_the_last_result_the_count_is_told(semblance: Run, indexed: Path) -> None:
    assert indexed.exists()
    status, out, _ = semblance("search", "--kind", "photo", "--offset", "20")
    assert (status, out) == (1, "There is no result 21: 3 files found.\n")


def test_nothing_found_says_the_filters_too(semblance: Run, indexed: Path) -> None:
    assert indexed.exists()
    assert semblance("search", "--camera", "Pixel 8")[1] == 'Nothing found for “camera:"Pixel 8"”.\n'


def test_weak_results_are_counted_with_the_others(
    semblance: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [to_stored(indexed / name) for name in ("cat.jpg", "dog.jpg")]
    hits = [Hit(path, Kind.PHOTO, 0.1, Band.WEAK, "thumbnail", path) for path in paths]
    monkeypatch.setattr(LocalLibrary, "search", lambda *_, **__: Results(hits, 0, 3, 1.0, "m"))
    assert semblance("search", "dog", "--all", "--limit", "2")[1].splitlines()[-1] == "1–2 of 3, 3 of them weak · 1 ms"
    nothing = Results([], 0, 1, 1.0, "m")
    monkeypatch.setattr(LocalLibrary, "search", lambda *_, **__: nothing)
    assert "1 weak candidate is left out; --all shows it." in semblance("search", "dog")[1]
    monkeypatch.setattr(LocalLibrary, "search", lambda *_, **__: replace(nothing, hits=hits[:1], total=1, more=0))
    assert semblance("search", "dog")[1].splitlines()[-1] == "1 of 1 · 1 ms"


def test_a_folder_by_way_of_a_link_is_the_folder(semblance: Run, indexed: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(indexed, target_is_directory=True)
    assert "1–3 of 3" in semblance("search", "--folder", str(tmp_path / "link"))[1]


def test_a_misspelt_folder_is_no_empty_one(semblance: Run, indexed: Path) -> None:
    status, out, err = semblance("search", "dog", "--folder", f"{indexed}s")
    assert (status, out) == (2, "")
    assert err.startswith(f"semblance: {indexed}s is not in a watched folder.\n")


def test_paths_stay_whole_where_a_program_reads_them(semblance: Run, tmp_path: Path) -> None:
    folder = tmp_path / "Pictures"
    watch(folder)
    long = folder / f"{'a very long name ' * 8}.jpg"
    write(app_dirs(), [photo(to_stored(long), "owl", root=to_stored(folder))], SPACE)
    assert str(long) in semblance("search", "--kind", "photo")[1]
