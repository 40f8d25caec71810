"""What happened to the person's tags meanwhile is said in the terminal as in the window: once, and to people only."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.annotations.backup import backup_paths
from app.annotations.store import AnnotationStore
from app.annotations.user_tags import Verdict
from app.core.paths import app_dirs
from tests.app.cli.conftest import Run
from tests.app.miniature import SPACE, photo, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home", "caplog")

RESTORED = "semblance: Your tags were damaged and have been restored from their backup.\n"


@pytest.fixture
def damaged() -> Path:
    """A library whose owner has a tag, and whose store of tags a bad sector has hit."""
    here = app_dirs()
    write(here, [photo("/p/owl.jpg", "owl", content="c" * 32)], SPACE)
    decisions = AnnotationStore(here.annotations_file)
    decisions.decide(["c" * 32], "night", Verdict.OWN)
    decisions.close()
    latest, _ = backup_paths(here.annotations_file)
    shutil.copy(here.annotations_file, latest)
    here.annotations_file.write_bytes(b"no longer a data base" * 1000)
    return here.annotations_file


@pytest.mark.parametrize("command", [["search", "tag:night"], ["tag", "--export", "csv"]], ids=" ".join)
def test_restored_tags_are_said_once_on_stderr(semblance: Run, damaged: Path, command: list[str]) -> None:
    status, out, err = semblance(*command)
    assert (status, err) == (0, RESTORED)
    assert "owl.jpg" in out
    assert "damaged" not in out
    assert damaged.exists()
    assert semblance(*command)[2] == ""


def test_a_program_is_not_told_and_the_person_is_later(semblance: Run, damaged: Path) -> None:
    _, out, err = semblance("search", "tag:night", "--json")
    assert len(json.loads(out)["hits"]) == 1
    assert err == ""
    assert damaged.exists()
    assert semblance("folders")[2] == "", "it has nothing to do with tags"
    assert semblance("status")[2] == RESTORED
