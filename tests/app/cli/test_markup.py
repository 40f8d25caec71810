"""What people's files and queries are called is shown as it is, whatever a terminal page makes of such signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main
from app.core.paths import app_dirs, to_stored
from app.core.settings import SettingsFile
from tests.app.miniature import SPACE, document, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home")


def test_a_file_name_is_no_emoji_and_no_style(capsys: pytest.CaptureFixture[str]) -> None:
    here = app_dirs()
    write(
        here, [document("/d/thank you :heart: [bold] lighthouse.txt", ["the lighthouse :heart: on the cliff"])], SPACE
    )
    assert main(["search", "lighthouse"]) == 0
    shown = capsys.readouterr().out.split()  # a narrow page folds names at blanks
    assert "[bold]" in shown
    assert shown.count(":heart:") == 2


def test_nothing_found_says_what_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    here = app_dirs()
    write(here, [document("/d/one.txt", ["one"])], SPACE)
    assert main(["search", "[bold]", "qwxzv", ":heart:"]) == 1
    assert "“[bold] qwxzv :heart:”" in capsys.readouterr().out


def test_a_folder_is_shown_as_it_is_called(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = app_dirs()
    here.create()
    folder = tmp_path / "[red] :heart:"
    folder.mkdir()
    SettingsFile(here.settings_file).change(folders=(to_stored(folder), to_stored(tmp_path / "[away]")))
    assert main(["folders"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("[red] :heart:")
    assert lines[1].split()[0].endswith("[away]")
