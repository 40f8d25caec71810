"""Whatever happens to the store's files, no annotation is lost that a backup or the journal still has."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.annotations.backup import BACKUP_EVERY_S, all_backups, backup_paths
from app.annotations.restore_notice import take_notice
from app.annotations.store import AnnotationStore
from app.annotations.user_tags import TagExample, UserTags
from app.core.errors import UserError

DAY = BACKUP_EVERY_S
FILES = 60
EXPECTED = {
    **{f"{number:032x}": UserTags(confirmed=("dog",)) for number in range(FILES)},
    f"{7:032x}": UserTags(own=("Großmutters Garten",), rejected=("dog",)),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a backup of its first half, and a journal of all of it."""
    file = tmp_path / "data" / "decisions.sqlite"
    now = 1_000_000.0
    hashes = [f"{number:032x}" for number in range(FILES)]
    with AnnotationStore(file, clock=lambda: now) as store:
        store.confirm(hashes[: FILES // 2], "dog")
    now += DAY + 1
    with AnnotationStore(file, clock=lambda: now) as store:
        store.confirm(hashes[FILES // 2 :], "dog")
        store.reject([hashes[7]], "dog")
        store.add_own([hashes[7]], "Großmutters Garten")
        store.teach("Rocky", [TagExample(hashes[0], True, "/p.jpg")])
    return file


@pytest.fixture(autouse=True)
def expected_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Restoring is logged as a warning."""
    yield
    assert all("restored" in record.message for record in caplog.records if record.levelname == "WARNING")
    caplog.clear()


def opened(path: Path, days: float = 1.01) -> dict[str, UserTags]:
    """What the store says, opened a little later."""
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + days * DAY) as store:
        return store.all_user_tags()


def wipe(path: Path) -> None:
    path.write_bytes(b"")


def halve(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def shorten_by_a_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def zero_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[3 * 4096 : 4 * 4096] = bytes(4096)
    path.write_bytes(data)


def fill_with_noise(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def remove(path: Path) -> None:
    path.unlink()


def put_an_empty_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other(x)")


def put_the_backup_of_yesterday(path: Path) -> None:
    shutil.copy(backup_paths(path)[0], path)


def _replace(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def flip_a_verdict(path: Path) -> None:
    _replace(path, b"confirmed", b"confirmee")


def flip_a_verdict_into_no_text(path: Path) -> None:
    _replace(path, b"rejected", b"rejec\xf4ed")


def flip_a_label(path: Path) -> None:
    _replace(path, "Großmutters".encode(), b"Grospmutters"[:12])


def flip_a_hash(path: Path) -> None:
    _replace(path, f"{11:032x}".encode(), f"{11:032x}".encode()[:-1] + b"g")


def remove_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER decision_removed")
        connection.execute("DELETE FROM decision WHERE label = 'dog'")
        connection.commit()


def remove_the_counts(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM meta")
        connection.commit()


DAMAGE = (
    wipe, halve, shorten_by_a_page, zero, zero_a_page, fill_with_noise, remove, put_an_empty_database,
    put_the_backup_of_yesterday, flip_a_verdict, flip_a_verdict_into_no_text, flip_a_label, flip_a_hash, remove_rows,
    remove_the_counts,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_says_what_it_said(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    assert opened(path) == EXPECTED
    assert "restored" in take_notice(path)
    assert opened(path) == EXPECTED
    assert take_notice(path) == "", "told once"
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 1.02 * DAY) as store:
        assert store.taught() == ("Rocky",)
        store.confirm(["new"], "cat")
    assert opened(path) == EXPECTED | {"new": UserTags(confirmed=("cat",))}


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_journal_alone_is_enough(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    for backup in all_backups(path):
        backup.unlink(missing_ok=True)
    assert opened(path) == EXPECTED
    assert "restored" in take_notice(path)


@pytest.mark.parametrize("damage", [wipe, zero, fill_with_noise, remove, halve])
def test_without_the_journal_the_backup_is_taken(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    path.with_suffix(".journal").unlink()
    assert opened(path).keys() >= {f"{number:032x}" for number in range(FILES // 2)}


@pytest.mark.parametrize("damage", [flip_a_verdict, flip_a_verdict_into_no_text, flip_a_label, flip_a_hash])
def test_with_nothing_beside_it_all_sound_rows_stay(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    for other in (*all_backups(path), path.with_suffix(".journal")):
        other.unlink(missing_ok=True)
    found = opened(path)
    assert sum(found.get(key) == tags for key, tags in EXPECTED.items()) >= FILES - 1
    assert "no backup" in take_notice(path)
    assert any("broken" in file.name for file in path.parent.iterdir())


@pytest.mark.parametrize("line", [0, 1, 3])
def test_a_damaged_line_of_the_journal_costs_nothing_while_the_store_is_sound(path: Path, line: int) -> None:
    journal = path.with_suffix(".journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"dog", b"dig").replace(b"Gro", b"Gru")
    journal.write_bytes(b"".join(lines)[:-5])  # and the last one was cut off
    assert opened(path) == EXPECTED
    with AnnotationStore(path) as store:
        store.confirm(["new"], "cat")
    assert opened(path) == EXPECTED | {"new": UserTags(confirmed=("cat",))}
    assert take_notice(path) == ""


def test_a_store_that_is_wiped_each_day_loses_nothing_in_a_month(path: Path) -> None:
    for day in range(2, 30):
        wipe(path)
        assert opened(path, days=day) == EXPECTED
    assert "restored" in take_notice(path)


def test_a_backup_with_more_in_it_is_never_rotated_away(path: Path) -> None:
    """Even where the store was emptied in a way that looks like the user's own doing."""
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 2.5 * DAY) as store:
        store.decide(list(EXPECTED), "dog", None)
    path.with_suffix(".journal").unlink()
    for day in range(4, 12):
        opened(path, days=day)
    richest = max(_rows(backup) for backup in all_backups(path) if backup.exists())
    assert richest >= FILES


def test_a_damaged_row_met_while_the_window_is_open_is_restored(path: Path) -> None:
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 1.01 * DAY) as window:
        with closing(sqlite3.connect(path)) as other:  # as a bad sector, seen by a connection that is open already
            other.execute("UPDATE decision SET verdict = 'confirmee' WHERE content_hash = ?", (f"{3:032x}",))
            other.commit()
        assert window.of([f"{3:032x}"]) == {f"{3:032x}": UserTags(confirmed=("dog",))}
        assert window.all_user_tags() == EXPECTED
    assert "restored" in take_notice(path)


def test_a_store_of_version_0_1_is_taken_over_with_its_history(tmp_path: Path) -> None:
    path = tmp_path / "decisions.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_VERSION_0_1)
    with AnnotationStore(path) as store:
        assert not store.restored
        assert store.all_user_tags() == {"a": UserTags(confirmed=("dog",)), "b": UserTags(rejected=("dog",))}
        undone = store.undo()
        assert undone is not None
        assert undone.label == "dog"
        assert store.all_user_tags() == {"a": UserTags(confirmed=("dog",))}
    wipe(path)
    with AnnotationStore(path) as store:
        assert store.all_user_tags() == {"a": UserTags(confirmed=("dog",))}
    assert "restored" in take_notice(path)


def test_a_store_from_another_computer_keeps_its_own_content(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "decisions.sqlite"
    with AnnotationStore(other) as store:
        store.confirm(["x"], "cat")
    shutil.copy(other, path)
    assert opened(path) == {"x": UserTags(confirmed=("cat",))}
    assert opened(path, days=3) == {"x": UserTags(confirmed=("cat",))}


_OPEN_AND_CONFIRM = """
import sys
from pathlib import Path
from app.annotations.store import AnnotationStore
sys.stdin.readline()
with AnnotationStore(Path(sys.argv[1])) as store:
    store.confirm([sys.argv[2]], "cat")
"""


@pytest.mark.parametrize("damage", [wipe, fill_with_noise, halve, flip_a_verdict])
def test_five_processes_restore_it_together(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN_AND_CONFIRM, str(path), f"new-{number}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(5)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        _, errors = child.communicate(timeout=120)
        assert child.returncode == 0, errors
    assert opened(path) == EXPECTED | {f"new-{number}": UserTags(confirmed=("cat",)) for number in range(5)}
    assert "restored" in take_notice(path)


_WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from app.annotations.store import AnnotationStore
from app.core.errors import UserError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # every write fails, as on a full disk
with AnnotationStore(Path(sys.argv[1])) as store:
    assert store.read_only
    assert len(store.all_user_tags()) == int(sys.argv[2]), len(store.all_user_tags())
    assert store.labels()["dog"] == int(sys.argv[2]) - 1
    for change in (lambda: store.confirm(["a"], "dog"), store.undo, lambda: store.forget_taught("Rocky")):
        try:
            change()
        except UserError as error:
            assert "could not be written" in error.what, error.what
        else:
            raise AssertionError
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs setrlimit")
@pytest.mark.parametrize("damage", [None, wipe, flip_a_verdict_into_no_text, put_the_backup_of_yesterday, remove])
def test_on_a_full_disk_everything_can_be_read(path: Path, damage: Callable[[Path], None] | None) -> None:
    if damage is not None:
        damage(path)
    subprocess.run([sys.executable, "-c", _WITHOUT_ROOM, str(path), str(len(EXPECTED))], check=True, timeout=60)
    assert opened(path) == EXPECTED
    take_notice(path)


def test_killed_between_journal_and_commit_is_no_damage(path: Path) -> None:
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 1.01 * DAY) as store:
        store.confirm(["new"], "cat")
        before = path.with_suffix(".journal").read_bytes()
        store.confirm(["newer"], "cat")
        journalled = path.with_suffix(".journal").read_bytes()
        store.undo()
    path.with_suffix(".journal").write_bytes(before)
    assert opened(path) == EXPECTED | {"new": UserTags(confirmed=("cat",))}
    last = journalled[len(before) :].splitlines(keepends=True)[-1]
    with AnnotationStore(path) as store:
        version = store.version()
    facts = json.loads(last[9:]) | {"version": version + 1}
    text = json.dumps(facts, separators=(",", ":")).encode()
    with path.with_suffix(".journal").open("ab") as journal:
        journal.write(b"%08x %s\n" % (zlib.crc32(text), text))
    assert opened(path) == EXPECTED | {name: UserTags(confirmed=("cat",)) for name in ("new", "newer")}
    assert take_notice(path) == ""


def test_a_change_that_cannot_be_journalled_is_not_made(path: Path) -> None:
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 1.01 * DAY) as store:
        journal = path.with_suffix(".journal")
        kept = journal.read_bytes()
        journal.unlink()
        journal.mkdir()  # cannot be opened for writing, whoever asks
        with pytest.raises(UserError, match="could not be written"):
            store.confirm(["new"], "cat")
        journal.rmdir()
        journal.write_bytes(kept)
        assert store.all_user_tags() == EXPECTED
        store.confirm(["new"], "cat")
    assert opened(path) == EXPECTED | {"new": UserTags(confirmed=("cat",))}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows protects the user's folders by itself")
def test_its_files_are_for_their_owner_only(path: Path) -> None:
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 2.5 * DAY) as store:
        store.confirm(["x"], "dog")
        assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}
        assert path.parent.stat().st_mode & 0o077 == 0


def test_an_exported_copy_is_a_whole_store(path: Path, tmp_path: Path) -> None:
    with AnnotationStore(path, clock=lambda: 1_000_000.0 + 1.01 * DAY) as store:
        store.export_to(tmp_path / "copy.sqlite")
    assert _rows(tmp_path / "copy.sqlite") == FILES + 1


def _rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM decision").fetchone()[0])


_VERSION_0_1 = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('version', 2);
CREATE TABLE decision(
    content_hash TEXT NOT NULL, label TEXT NOT NULL, verdict TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (content_hash, label)) WITHOUT ROWID;
CREATE INDEX decision_by_label ON decision(label, verdict);
CREATE TABLE step(
    id INTEGER PRIMARY KEY AUTOINCREMENT, label TEXT NOT NULL, verdict TEXT, files INTEGER NOT NULL,
    at REAL NOT NULL, undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE change(
    step INTEGER NOT NULL REFERENCES step(id) ON DELETE CASCADE, content_hash TEXT NOT NULL, label TEXT NOT NULL,
    before TEXT, after TEXT);
CREATE INDEX change_by_step ON change(step);
CREATE TABLE taught(label TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE example(
    label TEXT NOT NULL, content_hash TEXT NOT NULL, positive INTEGER NOT NULL, path TEXT NOT NULL,
    PRIMARY KEY (label, content_hash)) WITHOUT ROWID;
INSERT INTO decision VALUES ('a', 'dog', 'confirmed', 1.0), ('b', 'dog', 'rejected', 2.0);
INSERT INTO step(label, verdict, files, at) VALUES ('dog', 'confirmed', 1, 1.0), ('dog', 'rejected', 1, 2.0);
INSERT INTO change VALUES (1, 'a', 'dog', NULL, 'confirmed'), (2, 'b', 'dog', NULL, 'rejected');
PRAGMA user_version = 1;
"""
