"""Journal, quarantine and flight recorder: what survives a process that dies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.records import FileState
from indexer.crash_recovery import CrashRecorder, Journal, Quarantine

STATE = FileState("/p/a.jpg", 10, 20, 30)


def look(path: str) -> FileState | None:
    return FileState(path, 10, 20, 30) if "gone" not in path else None


def test_what_was_begun_and_not_ended_is_left_over(tmp_path: Path) -> None:
    file = tmp_path / "in_flight"
    journal = Journal(file)
    journal.begin(["/p/a", "/p/new\nline", "/p/b"])
    journal.end(["/p/a"])
    journal.close()
    assert set(Journal.leftovers(file)) == {"/p/new\nline", "/p/b"}


def test_nothing_is_left_after_a_good_end_and_the_file_stays_small(tmp_path: Path) -> None:
    file = tmp_path / "in_flight"
    journal = Journal(file)
    for number in range(1000):
        journal.begin([str(number)])
        journal.end([str(number)])
    journal.close()
    assert file.stat().st_size == 0
    assert Journal.leftovers(file) == ()
    assert Journal.leftovers(tmp_path / "none") == ()


def test_a_torn_line_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "in_flight"
    file.write_bytes(b'+"/p/a"\n+garbage\n+"/p/b')
    assert Journal.leftovers(file) == ("/p/a",)


operations = st.lists(st.tuples(st.booleans(), st.sampled_from("abcd")), max_size=30)


@given(operations=operations)
def test_leftovers_are_what_is_in_flight(tmp_path_factory: object, operations: list[tuple[bool, str]]) -> None:
    file = tmp_path_factory.mktemp("journal") / "in_flight"  # type: ignore[attr-defined]
    journal, expected = Journal(file), set()
    for begins, path in operations:
        if begins:
            journal.begin([path])
            expected.add(path)
        else:
            journal.end([path])
            expected.discard(path)
        assert set(Journal.leftovers(file)) == expected
    journal.close()


def test_two_crashes_or_three_kills_put_a_file_into_quarantine(tmp_path: Path) -> None:
    for crashed, times in ((True, 2), (False, 3)):
        quarantine = Quarantine(tmp_path / f"{times}.json", look=look)
        for _ in range(times):
            assert not quarantine.is_quarantined(STATE)
            quarantine.mark_suspect([STATE.path], crashed=crashed)
            assert quarantine.is_suspect(STATE)
        assert quarantine.is_quarantined(STATE)
        assert Quarantine(tmp_path / f"{times}.json", look=look).is_quarantined(STATE), "it must outlive the process"


def test_a_file_that_changed_or_was_read_is_free(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path / "q.json", look=look)
    for _ in range(2):
        quarantine.mark_suspect([STATE.path, "/p/gone.jpg"], crashed=True)
    assert len(quarantine) == 1
    assert not quarantine.is_quarantined(FileState(STATE.path, 11, 20, 30))
    quarantine.clear_suspect(STATE.path)
    assert not quarantine.is_suspect(STATE)


@pytest.mark.usefixtures("caplog")
def test_a_broken_list_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text("[1, 2")
    assert len(Quarantine(tmp_path / "q.json", look=look)) == 0


@pytest.mark.usefixtures("caplog")
def test_the_next_run_knows_what_the_last_one_died_of(tmp_path: Path) -> None:
    victim = tmp_path / "a.jpg"
    victim.write_bytes(b"x")
    first = CrashRecorder(tmp_path)
    first.start().begin([str(victim)])
    first.stop()  # closing the file is all that a kill leaves out
    second = CrashRecorder(tmp_path)
    second.start()
    assert len(second.quarantine) == 1
    second.stop()
    third = CrashRecorder(tmp_path)
    third.start()
    third.stop()
    assert len(third.quarantine) == 1, "a run that ended well accuses nobody"
