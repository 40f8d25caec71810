"""Places on the command line: a filter, a word, and what is said of a name that is no city."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.paths import app_dirs
from app.core.records import Facts
from tests.app.cli.conftest import Run
from tests.app.miniature import photo, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home")


@pytest.fixture
def indexed(home: Path) -> None:
    taken = (("tower", 48.8584, 2.2945), ("garden", 48.16, 11.6), ("texas", 33.66, -95.55))
    assert app_dirs().index.is_relative_to(home)
    write(app_dirs(), [photo(f"/p/{name}.jpg", name, facts=Facts(latitude=a, longitude=b)) for name, a, b in taken])


def files(answer: tuple[int, str, str]) -> list[str]:
    return [Path(hit["path"]).stem for hit in json.loads(answer[1])["hits"]]


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--near", "paris"], ["tower"]),
        (["--near", "Paris, Texas"], ["texas"]),
        (["--near", "münchen,5km"], ["garden"]),
        (["--near", "48.16,11.6,1km"], ["garden"]),
        (["near:paris,us,20km"], ["texas"]),
        (["near:paris", "texas"], ["texas"]),
        (["germany"], ["garden"]),
        (["--near", "new york"], []),
    ],
)
def test_photos_by_place(semblance: Run, asked: list[str], found: list[str]) -> None:
    assert files(semblance("search", *asked, "--json")) == found


@pytest.mark.usefixtures("indexed")
def test_a_name_that_is_no_city_is_told(semblance: Run) -> None:
    status, out, said = semblance("search", "--near", "qwxzv")
    assert (status, out) == (2, "")
    assert "no city of that name is known" in said
    assert "near:paris" in said


@pytest.mark.usefixtures("indexed")
def test_the_place_is_told_as_the_reason(semblance: Run) -> None:
    (hit,) = json.loads(semblance("search", "germany", "--json")[1])["hits"]
    assert hit["why"] == ["place: germany"]
