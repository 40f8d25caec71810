"""The command line as a person uses it: real files, real table, a small real open_clip model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from tests import samples
from tests.app.models.checkpoints import TINY_VIT, make_checkpoint

Run = Callable[..., tuple[int, str, str]]

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("quiet_process", "caplog")]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos in six formats, documents, and files that cannot be read."""
    folder = tmp_path_factory.mktemp("library")
    samples.photos_in_formats(folder / "Pictures")
    documents = folder / "Documents"
    documents.mkdir()
    samples.pdf(documents / "report.pdf", ["The glaciers of the Alps are melting.", "Storks fly to Africa in autumn."])
    samples.docx(documents / "rental agreement.docx", ["The tenant pays 850 euros a month for the flat."])
    samples.xlsx(documents / "budget.xlsx", [("Rent", 850), ("Electricity", 90)])
    (documents / "notes 4711.md").write_text("# Bicycle\n\nNew brakes and a new chain for the bicycle.\n")
    (documents / "empty.txt").touch()
    samples.cut(samples.save(samples.photo("coffee"), folder / "Pictures" / "torn.png"))
    return folder


@pytest.fixture(scope="module")
def indexed_home(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose index holds the library, made by the commands a person would type."""
    home = tmp_path_factory.mktemp("home")
    checkpoint = tmp_path_factory.mktemp("checkpoint")
    make_checkpoint(checkpoint, TINY_VIT)
    environment = {**os.environ, "SEMBLANCE_HOME": str(home)}
    for command in (
        ["model", "use", str(checkpoint)],
        ["add", str(library / "Pictures"), str(library / "Documents")],
        ["index", "--once", "--json"],
    ):
        subprocess.run([sys.executable, "-m", "app", *command], env=environment, check=True, capture_output=True)
    return home


@pytest.fixture
def semblance(indexed_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("SEMBLANCE_HOME", str(indexed_home))

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        written = capsys.readouterr()
        return status, written.out, written.err

    return run


def hits_of(answer: str) -> list[dict[str, Any]]:
    hits: list[dict[str, Any]] = json.loads(answer)["hits"]
    return hits


def names_of(answer: str) -> list[str]:
    return [Path(hit["path"]).name for hit in hits_of(answer)]


def test_indexing_again_finds_nothing_to_do(semblance: Run) -> None:
    status, out, _ = semblance("index", "--once", "--json")
    counts = json.loads(out)
    assert status == 0
    assert set(counts) >= {
        "seen", "embedded", "reused", "moved", "removed", "failed", "seconds", "photos_per_second"
    }  # fmt: skip
    assert counts["embedded"] == counts["removed"] == counts["moved"] == 0


def test_status_counts_what_is_there(semblance: Run, library: Path) -> None:
    status, out, _ = semblance("status", "--json")
    answer = json.loads(out)
    assert status == 0
    assert answer["photos"] == 6
    assert answer["documents"] == 4
    assert answer["failed"] == 2
    assert answer["pending"] == 0
    assert answer["model"]
    assert answer["index_bytes"] > 0
    assert [folder["path"] for folder in answer["folders"]] == [str(library / "Pictures"), str(library / "Documents")]


def test_failures_tell_why_and_what_to_do(semblance: Run) -> None:
    _, out, _ = semblance("failures", "--json")
    failures = {Path(one["path"]).name: one for one in json.loads(out)["failures"]}
    assert set(failures) == {"empty.txt", "torn.png"}
    assert all(one["reason"] and one["advice"] for one in failures.values())
    assert "empty.txt" in semblance("failures")[1]


def test_an_exact_word_and_a_number_in_a_name_are_found_first(semblance: Run) -> None:
    assert names_of(semblance("search", "glaciers", "--json")[1])[0] == "report.pdf"
    assert names_of(semblance("search", "4711", "--json")[1])[0] == "notes 4711.md"


def test_the_json_contract_of_a_hit(semblance: Run) -> None:
    status, out, _ = semblance("search", "storks", "--json")
    answer = json.loads(out)
    assert status == 0
    assert set(answer) >= {"query", "model", "took_ms", "hits"}
    hit = answer["hits"][0]
    assert set(hit) >= {"path", "kind", "score", "band", "page", "snippet", "why", "tags"}
    assert hit["kind"] == "document"
    assert hit["page"] == 2
    assert "Storks" in hit["snippet"]


def test_the_picture_itself_is_found_first_by_example(semblance: Run, library: Path) -> None:
    picture = min((library / "Pictures").glob("*.jpg"))
    _, out, _ = semblance("search", "--image", str(picture), "--json", "--kind", "photo")
    assert names_of(out)[0] == picture.name
    assert hits_of(out)[0]["band"] == "strong"


@pytest.mark.parametrize(
    ("options", "kinds"),
    [(["--kind", "photo"], {"photo"}), (["--kind", "document"], {"document"}), (["kind:document"], {"document"})],
)
def test_filters_by_kind(semblance: Run, options: list[str], kinds: set[str]) -> None:
    _, out, _ = semblance("search", "bicycle", *options, "--all", "--json", "--limit", "50")
    assert {hit["kind"] for hit in hits_of(out)} == kinds


def test_filter_by_folder_and_minus(semblance: Run, library: Path) -> None:
    _, out, _ = semblance(
        "search", "flat", "--minus", "glacier", "--folder", str(library / "Documents"), "--all", "--json"
    )
    assert names_of(out)[0] == "rental agreement.docx"
    assert all(hit["path"].startswith(str(library / "Documents")) for hit in hits_of(out))


def test_paging_goes_through_everything_once(semblance: Run) -> None:
    seen = []
    for offset in range(0, 15, 3):
        page = semblance("search", "a", "picture", "--all", "--json", "--limit", "3", "--offset", str(offset))[1]
        seen += names_of(page)
    assert len(seen) == len(set(seen))
    assert len(set(seen) - {"torn.png"}) == 10  # an unreadable file may still be found by its name


def test_results_for_people_name_file_and_band(semblance: Run) -> None:
    status, out, _ = semblance("search", "storks")
    assert status == 0
    assert "report.pdf" in out
    assert "p. 2" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "--image", "/nowhere.jpg"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--after", "the day before never"],
        ["add", "/nowhere"],
        ["remove", "/nowhere"],
        ["model", "use", "no such model"],
    ],
)
def test_wrong_use_is_two_sentences_and_status_2(semblance: Run, arguments: list[str]) -> None:
    status, out, err = semblance(*arguments)
    assert status == 2
    assert out == ""
    assert err.startswith("semblance: ")
    assert "Traceback" not in err


def test_nothing_found_is_status_1(semblance: Run) -> None:
    status, out, _ = semblance("search", "camera:nosuchcamera", "--json")
    assert status == 1
    assert hits_of(out) == []


def test_a_fresh_home_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["folders"]) == 0
    assert "semblance add" in capsys.readouterr().out
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["photos"] == 0
    assert main(["search", "anything", "--json"]) == 1
    assert home.exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_leaves_a_sound_index_and_status_130(indexed_home: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(120):
        samples.save(samples.photo("chelsea", (90 + number % 7, 80)), many / f"{number}.jpg")
    environment = {**os.environ, "SEMBLANCE_HOME": str(indexed_home)}
    command = [sys.executable, "-m", "app"]
    subprocess.run([*command, "add", str(many)], env=environment, check=True, capture_output=True)
    try:
        process = subprocess.Popen([*command, "index", "--once", "--json"], env=environment, stdout=subprocess.PIPE)
        time.sleep(2.0)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode in (130, 0)  # 0: it had finished before the signal came
        done = subprocess.run([*command, "index", "--once", "--json"], env=environment, check=True, capture_output=True)
        assert json.loads(done.stdout)["seen"] >= 120
        status = subprocess.run([*command, "status", "--json"], env=environment, check=True, capture_output=True)
        assert json.loads(status.stdout)["photos"] == 126
    finally:
        subprocess.run([*command, "remove", str(many)], env=environment, check=True, capture_output=True)
        subprocess.run([*command, "index", "--once", "--json"], env=environment, check=True, capture_output=True)


@pytest.mark.parametrize(("command", "threads"), [(["search", "x"], "1"), (["status"], "None")])
def test_a_search_multiplies_on_one_core(tmp_path: Path, command: list[str], threads: str) -> None:
    """OpenBLAS reads how many when numpy is imported: the program must not have done so before."""
    code = (
        "import os, sys; from app.__main__ import main\n"
        "assert 'numpy' not in sys.modules\n"
        f"main({command!r})\n"
        "print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    )
    environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    environment["SEMBLANCE_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == threads
