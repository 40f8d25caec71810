"""`semblance model passages`, as far as it needs no conversion."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.core.paths import AppDirs, app_dirs
from app.core.settings import SettingsFile
from app.models.passages.catalog import find_passage_entry
from app.models.passages.manifest import PassageEncoderInfo, write_passage_manifest
from tests.app.models.checkpoints import TINY_VIT, make_checkpoint

NAME = "all-MiniLM-L6-v2"
Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.usefixtures("quiet_process", "caplog")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of 32 dimensions."""
    return make_checkpoint(tmp_path_factory.mktemp("checkpoint"), TINY_VIT)


@pytest.fixture
def here(tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> AppDirs:
    monkeypatch.setenv("SEMBLANCE_HOME", str(tmp_path))
    monkeypatch.setattr("app.models.registry.starter_folder", lambda: checkpoint)
    return app_dirs()


@pytest.fixture
def semblance(here: AppDirs, capsys: pytest.CaptureFixture[str]) -> Run:
    assert here.settings_file

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["model", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def ready(here: AppDirs, width: int) -> None:
    """An encoder that was converted earlier."""
    folder = here.models / f"passages-{NAME}"
    folder.mkdir(parents=True)
    write_passage_manifest(PassageEncoderInfo(NAME, "5" * 16, width, width, 256, folder, precision="bf16"))


def parsed(said: tuple[int, str, str]) -> Any:
    assert said[0] == 0
    return json.loads(said[1])


def test_choosing_one_and_none_again(semblance: Run, here: AppDirs) -> None:
    ready(here, width=16)
    assert parsed(semblance("passages", "info", "--json")) == {"passages": None}
    chosen = parsed(semblance("passages", "use", NAME.lower(), "--json"))["passages"]
    assert (chosen["name"], chosen["width"], chosen["ready"]) == (NAME, 16, True)
    assert SettingsFile(here.settings_file).load().passages == NAME
    assert parsed(semblance("info", "--json"))["passages"]["name"] == NAME
    assert NAME in semblance("info")[1]
    assert "bf16" in semblance("passages", "info")[1]
    (listed,) = parsed(semblance("passages", "list", "--json"))["passages"]
    assert (listed["name"], listed["in_use"], listed["ready"], listed["licence"]) == (NAME, True, True, "Apache-2.0")
    rebuilt = "The index for it is built at the next indexing"
    assert rebuilt in semblance("passages", "off")[1]
    assert rebuilt not in semblance("passages", "off")[1], "nothing changed"
    assert SettingsFile(here.settings_file).load().passages == ""
    assert "by the model itself" in semblance("passages", "info")[1]


def test_one_that_does_not_fit_the_model_is_refused(semblance: Run, here: AppDirs) -> None:
    ready(here, width=384)
    status, _, error = semblance("passages", "use", NAME)
    assert status == 2
    assert "needs vectors of 384 numbers, and those of this model have 32" in error
    assert SettingsFile(here.settings_file).load().passages == ""


def test_one_that_is_not_installed_is_told_with_the_command(
    semblance: Run, here: AppDirs, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = find_passage_entry(NAME)
    assert entry is not None
    monkeypatch.setattr("app.models.passages.catalog.PASSAGE_CATALOG", (replace(entry, module="no_such_package"),))
    status, _, error = semblance("passages", "use", NAME)
    assert status == 2
    assert "its package is missing" in error
    assert entry.command in " ".join(error.split())
    assert "install it with:" in semblance("passages")[1]
    SettingsFile(here.settings_file).change(passages=NAME)
    assert "not ready on this machine" in semblance("passages", "info")[1]
    assert "not ready on this machine" in semblance("info")[1]


def test_an_unknown_one_is_told_what_there_is(semblance: Run) -> None:
    status, _, error = semblance("passages", "use", "another")
    assert status == 2
    assert NAME in error
