"""What a shell, a terminal or a machine may do to the command line: one sentence, and the documented exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands import COMMANDS
from app.cli.parser import parse, parse_arguments
from app.core.errors import UserError
from app.core.paths import app_dirs, to_stored
from app.core.records import Facts
from app.core.settings import SettingsFile
from app.query.filters import FILTERS
from tests.app.cli.conftest import Run
from tests.app.miniature import SPACE, document, photo, write

pytestmark = pytest.mark.usefixtures("quiet_process", "home")
posix = pytest.mark.skipif(os.name == "nt", reason="descriptors and devices of POSIX")


@pytest.fixture
def indexed(home: Path) -> Path:
    files = [
        document("/d/one tapir.txt", ["one tapir – and a łabędź"]),
        document("/d/two tapirs.txt", ["two tapirs, and people"]),
        photo("/p/tapir.jpg", "tapir", facts=Facts(camera="X100", title="At the zoo", latitude=48.16, longitude=11.6)),
    ]
    write(app_dirs(), files, SPACE)
    return home


def semblance_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    options.setdefault("stdout", subprocess.PIPE)
    environment = {**os.environ, **options.pop("env", {})}
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, stderr=subprocess.PIPE, env=environment, timeout=120, check=False, **options)


def search_arguments(*words: str) -> Any:
    return parse_arguments(*parse(["search", *words]))


def test_a_word_with_a_minus_is_no_option(semblance: Run, indexed: Path) -> None:
    assert indexed.exists()
    status, out, err = semblance("search", "tapir", "-people", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["query"] == "tapir -people"
    first = Path(json.loads(out)["hits"][0]["path"]).name
    assert first != "two tapirs.txt"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["beach", "-people"], ["beach", "-people"]),
        (["-people"], ["-people"]),
        (["beach", "--limit", "3", "-people", "sunset"], ["beach", "-people", "sunset"]),
        (["a", "-", "b"], ["a", "-", "b"]),
        (["--", "-h"], ["-h"]),
        (["-5", "degrees"], ["-5", "degrees"]),
    ],
)
def test_words_of_a_search(words: list[str], text: list[str]) -> None:
    assert search_arguments(*words).text == text


def test_a_value_may_begin_with_a_minus() -> None:
    assert search_arguments("--minus", "-x", "y").minus == ["-x"]


@pytest.mark.parametrize("command", [row.name for row in COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(*parse([command, "--help"]))
    assert caught.value.code == 0
    assert f"semblance {command}" in capsys.readouterr().out


def test_every_filter_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        search_arguments("--help")
    shown = capsys.readouterr().out
    assert all(f"--{row.option or row.key} " in shown for row in FILTERS)


@pytest.mark.parametrize(
    "given", [["nonsense"], ["search", "--nonsense"], ["search", "x", "--limit", "many"], ["remove"], ["--nonsense"]]
)
def test_wrong_use_is_a_user_error(given: list[str]) -> None:
    with pytest.raises(UserError):
        parse_arguments(*parse(given))


def test_errors_are_json_for_programs(semblance: Run) -> None:
    for given in (["search", "size:abc", "--json"], ["add", "/nowhere", "--json"], ["search", "--nonsense", "--json"]):
        status, out, err = semblance(*given)
        assert (status, err) == (2, "")
        assert set(json.loads(out)) == {"error", "remedy"}


def test_an_option_is_complained_of_as_it_was_typed(semblance: Run) -> None:
    assert "“--size abc” is not understood" in semblance("search", "x", "--size", "abc")[2]
    assert "at character" not in semblance("search", "x", "--size", "abc")[2]


def test_hits_carry_what_programs_ask_for(semblance: Run, indexed: Path) -> None:
    assert indexed.exists()
    (hit,) = json.loads(semblance("search", "--kind", "photo", "--json")[1])["hits"]
    assert (hit["title"], hit["camera"], hit["size"] > 0) == ("At the zoo", "X100", True)
    assert (hit["place"]["latitude"], hit["place"]["longitude"]) == (48.16, 11.6)
    assert "Munich" in hit["place"]["names"]
    assert hit["date"][4] == "-"


def test_a_pipe_gets_lines_that_are_no_longer_than_they_need_be(semblance: Run, indexed: Path) -> None:
    assert indexed.exists()
    out = semblance("search", "tapir")[1]
    assert "one tapir.txt" in out
    assert all(line == line.rstrip() for line in out.splitlines())


@posix
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii", "utf-8"])
def test_any_output_encoding(indexed: Path, encoding: str) -> None:
    assert indexed.exists()
    done = semblance_process("search", "tapir", env={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, b"")
    assert "tapir" in done.stdout.decode(encoding)
    done = semblance_process("search", "łabędź", "--json", env={"PYTHONIOENCODING": encoding})
    assert "łabędź" in json.loads(done.stdout.decode(encoding))["hits"][0]["snippet"]


@posix
def test_closed_and_full_output(indexed: Path) -> None:
    assert indexed.exists()
    script = 'exec "$0" -m app search tapir >&-'
    closed = subprocess.run(["/bin/sh", "-c", script, sys.executable], stderr=subprocess.PIPE, timeout=120, check=False)
    assert closed.returncode == 2
    assert b"output is closed" in closed.stderr
    assert b"Traceback" not in closed.stderr
    if Path("/dev/full").exists():
        with open("/dev/full", "wb") as full:
            done = semblance_process("search", "tapir", stdout=full)
        assert done.returncode == 2
        assert b"could not be written (the drive is full)" in done.stderr
        assert b"Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("home", ["/proc/nowhere", "~nobody_of_that_name/x", "/tmp/\udcff"])
def test_a_home_that_cannot_be(home: str) -> None:
    done = semblance_process("status", env={"SEMBLANCE_HOME": home})
    assert done.returncode == 2
    assert done.stderr.startswith(b"semblance: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["status"], ["folders"], ["add", "."], ["search", "x", "--folder", "."]])
def test_a_broken_settings_file_is_named(semblance: Run, command: list[str]) -> None:
    dirs = app_dirs()
    dirs.create()
    dirs.settings_file.write_bytes(b"folders = [\0")
    status, out, err = semblance(*command)
    assert (status, out) == (2, "")
    assert "settings" in err
    assert dirs.settings_file.read_bytes() == b"folders = [\0"


def test_a_value_of_the_settings_that_is_wrong_is_said_and_the_rest_goes_on(semblance: Run, tmp_path: Path) -> None:
    dirs = app_dirs()
    dirs.create()
    SettingsFile(dirs.settings_file).change(folders=(to_stored(tmp_path),))
    dirs.settings_file.write_text(dirs.settings_file.read_text() + "strictness = 1000\n")
    status, out, err = semblance("folders")
    assert status == 0
    assert str(tmp_path) in out
    assert "strictness" in err


def test_wild_paths_are_one_sentence(semblance: Run) -> None:
    for given in (
        ["search", "in:~nobody_of_that_name"],
        ["search", "x", "--folder", "~nobody_of_that_name"],
        ["search", "--image", "~nobody_of_that_name/x.jpg"],
        ["search", "x", "--size", ">9999999999GB"],
        ["add", "~nobody_of_that_name"],
        ["add", "a\0b"],
    ):
        status, out, err = semblance(*given)
        assert (status, out) == (2, "")
        assert err.startswith("semblance: ")
