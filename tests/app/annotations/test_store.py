"""What the person said survives everything that can happen to a computer."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.annotations.backup import BACKUP_EVERY_S, backup_paths
from app.annotations.restore_notice import take_notice
from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample, normalise_label
from app.core.errors import UserError

DAY = BACKUP_EVERY_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "decisions.sqlite"


def test_verdicts_are_told_apart_and_the_last_one_holds(path: Path) -> None:
    with AnnotationStore(path) as said:
        said.confirm(["a", "b"], "dog")
        said.reject(["b"], "dog")
        said.add_own(["a"], "Rocky")
        assert said.of(["a"])["a"].tags == ("Rocky", "dog")
        assert said.of(["b"])["b"].rejected == ("dog",)
        assert said.hashes_by_label("dog") == (frozenset({"a"}), frozenset({"b"}))
        assert said.labels() == {"Rocky": 1, "dog": 1}
        assert said.of(["nobody"]) == {}


@pytest.mark.parametrize("name", ["Großmutters Garten", "犬", "кошка", "كلب", "it's, \"quoted\"; 'x'", "🐶"])
def test_labels_may_be_in_any_script(path: Path, name: str) -> None:
    with AnnotationStore(path) as said:
        said.confirm(["a"], name)
        assert said.labels() == {normalise_label(name): 1}


def test_one_way_to_write_a_label() -> None:
    assert normalise_label("  our \n kitchen\t") == "our kitchen"
    assert normalise_label("Cafe\u0301") == "Caf\u00e9"
    assert normalise_label("\x00\n ") == ""


def test_an_empty_label_or_no_file_decides_nothing(path: Path) -> None:
    with AnnotationStore(path) as said:
        assert said.confirm(["a"], "  ") == 0
        assert said.confirm([], "dog") == 0
        assert said.confirm([""], "dog") == 0
        assert said.undo() is None


def test_undo_and_redo_take_whole_steps(path: Path) -> None:
    with AnnotationStore(path) as said:
        said.reject(["a"], "dog")
        assert said.confirm(["a", "b", "c"], "dog") == 3
        undone = said.undo()
        assert undone is not None
        assert undone.what == "confirmed “dog” on 3 files"
        assert said.hashes_by_label("dog") == (frozenset(), frozenset({"a"}))
        assert said.redo() == undone
        assert said.hashes_by_label("dog") == (frozenset({"a", "b", "c"}), frozenset())
        said.undo()
        said.confirm(["z"], "cat")
        assert said.redo() is None, "a new step ends what could be redone"
        said.undo()
        said.undo()
        assert said.undo() is None
        assert said.count() == 0


def test_saying_the_same_again_is_no_step(path: Path) -> None:
    with AnnotationStore(path) as said:
        said.confirm(["a"], "dog")
        assert said.confirm(["a"], "dog") == 0
        assert said.undo() is not None
        assert said.undo() is None


def test_another_process_sees_it_at_once(path: Path) -> None:
    with AnnotationStore(path) as window, AnnotationStore(path) as indexer:
        before = indexer.version()
        window.confirm(["a"], "dog")
        assert indexer.version() != before
        assert indexer.of(["a"])["a"].confirmed == ("dog",)


def test_many_threads_may_decide(path: Path) -> None:
    with AnnotationStore(path) as said:
        threads = [
            threading.Thread(target=said.confirm, args=([f"{n}-{i}" for i in range(50)], "dog")) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said.labels() == {"dog": 200}


def test_a_file_whose_bytes_changed_keeps_its_tags(path: Path) -> None:
    with AnnotationStore(path) as said:
        said.confirm(["old"], "dog")
        said.reject(["old"], "wolf")
        said.reject(["new"], "dog")
        said.teach("Rocky", [TagExample("old", True, "/p.jpg")])
        said.carry("old", "new")
        now = said.of(["new"])["new"]
        assert now.rejected == ("dog", "wolf"), "what was said of the new content itself goes first"
        assert {example.content_hash for example in said.examples("Rocky")} == {"old", "new"}
        assert said.of(["old"])["old"].confirmed == ("dog",), "a copy may still have the old bytes"


def test_taught_tags_learn_from_what_is_confirmed_and_rejected(path: Path) -> None:
    with AnnotationStore(path) as said:
        said.teach("Rocky", [TagExample("a", True, "/a.jpg"), TagExample("b", False, "/b.jpg")])
        said.confirm(["c"], "Rocky")
        said.reject(["d", "a"], "Rocky")
        assert {(e.content_hash, e.positive) for e in said.examples("Rocky")} == {
            ("a", False),
            ("b", False),
            ("c", True),
            ("d", False),
        }
        assert said.taught() == ("Rocky",)
        said.forget_taught("Rocky")
        assert said.taught() == ()
        assert said.of(["c"])["c"].confirmed == ("Rocky",)


def test_a_backup_is_made_once_a_day_and_the_one_before_is_kept(path: Path) -> None:
    now = 1_000_000.0
    latest, older = backup_paths(path)
    with AnnotationStore(path, clock=lambda: now) as said:
        said.confirm(["a"], "dog")
    now += DAY + 1
    AnnotationStore(path, clock=lambda: now).close()
    assert _labels_in(latest) == ["dog"]
    assert _labels_in(older) == []
    written = latest.stat().st_mtime_ns
    now += 60
    AnnotationStore(path, clock=lambda: now).close()
    assert latest.stat().st_mtime_ns == written


def test_a_window_left_open_for_days_still_backs_up(path: Path) -> None:
    now = 1_000_000.0
    with AnnotationStore(path, clock=lambda: now) as said:
        now += DAY + 1
        said.confirm(["a"], "dog")
        assert _labels_in(backup_paths(path)[0]) == ["dog"]


def test_a_broken_store_is_kept_aside_and_restored(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    now = 1_000_000.0
    with AnnotationStore(path, clock=lambda: now) as said:
        said.confirm(["a"], "dog")
    now += DAY + 1
    AnnotationStore(path, clock=lambda: now).close()
    path.write_bytes(b"not a database, but long enough to be one" * 100)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with AnnotationStore(path, clock=lambda: now) as said:
        assert "restored" in said.restored
        assert said.labels() == {"dog": 1}
    assert "restored" in take_notice(path)
    assert take_notice(path) == "", "said once"
    assert "restored" in caplog.text
    assert any("broken" in file.name for file in path.parent.iterdir())


def test_a_deleted_store_comes_back_from_its_backup(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    now = 1_000_000.0
    with AnnotationStore(path, clock=lambda: now) as said:
        said.confirm(["a"], "dog")
    now += DAY + 1
    AnnotationStore(path, clock=lambda: now).close()
    for file in path.parent.glob("decisions.sqlite*"):
        file.unlink()
    with AnnotationStore(path, clock=lambda: now) as said:
        assert said.restored
        assert said.labels() == {"dog": 1}
    assert "restored" in caplog.text


def test_a_store_of_a_newer_program_is_refused(path: Path) -> None:
    AnnotationStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UserError, match="newer version"):
        AnnotationStore(path)


_CONFIRMING = """
import sys
from pathlib import Path
from app.annotations.store import AnnotationStore
said = AnnotationStore(Path(sys.argv[1]))
for number in range(100_000):
    said.confirm([f"file-{number:06d}"], "dog")
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_every_answered_decision_survives_kill_9(path: Path) -> None:
    answered = -1
    with subprocess.Popen(
        [sys.executable, "-c", _CONFIRMING, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            answered = int(line)
            if answered == 1000:
                os.kill(child.pid, signal.SIGKILL)
                break
    with AnnotationStore(path) as said:
        assert not said.restored
        confirmed, _ = said.hashes_by_label("dog")
        assert answered == 1000
        assert {f"file-{number:06d}" for number in range(answered + 1)} <= confirmed
        assert said.undo() is not None


def _labels_in(backup: Path) -> list[str]:
    connection = sqlite3.connect(backup)
    try:
        return [row[0] for row in connection.execute("SELECT DISTINCT label FROM decision")]
    finally:
        connection.close()
