"""reconcile: a pure function over two listings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.records import FileState
from indexer.reconcile import IndexDiff, MovedFile, is_under, reconcile
from indexer.scan import FileStat

A: FileStat = ("/p/a.jpg", 10, 1, 100, 50)


def test_equal_listings_need_nothing() -> None:
    assert not reconcile([A], [A])


def test_new_changed_gone() -> None:
    changed = ("/p/b.jpg", 11, 2, 101, 60)
    diff = reconcile([A, changed], [("/p/b.jpg", 10, 1, 101, 50), ("/p/c.jpg", 5, 1, 102, 50)])
    assert diff == IndexDiff(new=(FileState(*A),), changed=(FileState(*changed),), gone=("/p/c.jpg",))
    assert len(diff) == 3


def test_the_same_file_under_another_path_is_moved() -> None:
    diff = reconcile([("/q/x.jpg", *A[1:])], [A])
    assert diff == IndexDiff(moved=(MovedFile("/p/a.jpg", FileState("/q/x.jpg", *A[1:])),))


def test_another_ending_is_another_file() -> None:
    diff = reconcile([("/p/a.png", *A[1:])], [A])
    assert [state.path for state in diff.new] == ["/p/a.png"]
    assert diff.gone == ("/p/a.jpg",)


def test_without_inodes_nothing_is_moved() -> None:
    diff = reconcile([("/q/x.jpg", 10, 1, 0, 50)], [("/p/a.jpg", 10, 1, 0, 50)])
    assert not diff.moved
    assert len(diff.new) == len(diff.gone) == 1


def test_other_inodes_alone_are_a_new_mount() -> None:
    diff = reconcile([("/p/a.jpg", 10, 1, 7, 50)], [A])
    assert [state.inode for state in diff.touched] == [7]
    assert not diff.changed


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((10, 1, 100, 50), (10, 1, 100, 60), "changed", id="exiftool -P in place"),
        pytest.param((10, 1, 100, 50), (10, 1, 101, 60), "changed", id="exiftool -P, cp -p and a rename"),
        pytest.param((10, 1, 100, 50), (10, 1, 101, 50), "touched", id="a mount that numbers its files anew"),
        pytest.param((10, 1, 100, 0), (10, 1, 100, 60), "touched", id="a row of an earlier program"),
        pytest.param((10, 1, 100, 0), (10, 1, 101, 60), "changed", id="a row of an earlier program, another inode"),
        pytest.param((10, 1, 100, 0), (10, 1, 101, 0), "changed", id="Windows: another file number"),
        pytest.param((10, 1, 0, 50), (10, 1, 100, 50), "touched", id="a file system that learned about inodes"),
        pytest.param((10, 1, 100, 50), (10, 2, 100, 60), "changed", id="an ordinary edit"),
    ],
)
def test_what_counts_as_changed(
    before: tuple[int, int, int, int], after: tuple[int, int, int, int], expected: str
) -> None:
    diff = reconcile([("/p/a.jpg", *after)], [("/p/a.jpg", *before)])
    assert diff == IndexDiff(**{expected: (FileState("/p/a.jpg", *after),)})


def test_a_renamed_file_is_moved_though_that_changed_its_ctime() -> None:
    diff = reconcile([("/q/x.jpg", 10, 1, 100, 99)], [A])
    assert diff == IndexDiff(moved=(MovedFile("/p/a.jpg", FileState("/q/x.jpg", 10, 1, 100, 99)),))


def test_a_suspect_file_is_changed_whatever_its_numbers_say() -> None:
    other: FileStat = ("/p/b.jpg", 10, 1, 101, 50)
    assert reconcile([A, other], [A, other], suspect={A[0], "/p/gone.jpg"}) == IndexDiff(changed=(FileState(*A),))


def test_two_files_of_one_size_and_time_that_changed_places_are_both_read_again() -> None:
    b: FileStat = ("/p/b.jpg", 10, 1, 200, 50)
    swapped = [(A[0], *b[1:]), (b[0], *A[1:])]
    assert {state.path for state in reconcile(swapped, [A, b]).changed} == {A[0], b[0]}


def test_hard_links_are_paired_one_by_one() -> None:
    table: list[FileStat] = [("/p/1.jpg", 10, 1, 5, 9), ("/p/2.jpg", 10, 1, 5, 9)]
    disk: list[FileStat] = [("/q/1.jpg", 10, 1, 5, 9), ("/q/2.jpg", 10, 1, 5, 9), ("/q/3.jpg", 10, 1, 5, 9)]
    diff = reconcile(disk, table)
    assert [(move.old, move.state.path) for move in diff.moved] == [("/p/1.jpg", "/q/1.jpg"), ("/p/2.jpg", "/q/2.jpg")]
    assert [state.path for state in diff.new] == ["/q/3.jpg"]


def test_what_lies_in_a_folder_that_cannot_be_listed_is_kept() -> None:
    table: list[FileStat] = [("/p/x/a.jpg", 1, 1, 1, 1), ("/p/x", 0, 1, 9, 0), ("/p/xy.jpg", 1, 1, 2, 1)]
    assert reconcile([], table, keep=["/p/x"]).gone == ("/p/xy.jpg",)


def test_failed_files_are_tried_again_when_due_and_unchanged() -> None:
    other: FileStat = ("/p/b.jpg", 10, 1, 101, 50)
    assert reconcile([A, other], [A, other], due={A[0], "/p/gone.jpg"}).retry == (FileState(*A),)


def test_under() -> None:
    assert is_under("/a/b", ["/a/b"])
    assert is_under("/a/b/c", ["/x", "/a/b/"])
    assert not is_under("/a/bc", ["/a/b"])
    assert is_under("/a", ["/"])


paths = st.sampled_from([f"/r/{folder}/{name}" for folder in "xyz" for name in ("1.jpg", "2.jpg", "3.txt", "4.txt")])
files = st.tuples(paths, st.integers(0, 2), st.integers(0, 2), st.integers(0, 3), st.integers(0, 2))
listings = st.lists(files, max_size=12, unique_by=lambda seen: seen[0])


@given(disk=listings, table=listings, keep=st.sets(st.sampled_from(["/r/x", "/r/y"])), due=st.sets(paths))
def test_following_the_diff_makes_the_table_equal_to_the_disk(
    disk: list[FileStat], table: list[FileStat], keep: set[str], due: set[str]
) -> None:
    diff = reconcile(disk, table, keep=keep, due=due)
    result = {seen[0]: seen[1:] for seen in table}
    for move in diff.moved:
        assert result.pop(move.old)[:3] == (move.state.size, move.state.mtime_ns, move.state.inode)
    for state in (*diff.new, *diff.changed, *diff.touched, *(move.state for move in diff.moved)):
        result[state.path] = (state.size, state.mtime_ns, state.inode, state.ctime_ns)
    for path in diff.gone:
        del result[path]
    there = {seen[0]: seen[1:] for seen in disk}
    kept = {seen[0]: seen[1:] for seen in table if is_under(seen[0], keep) and seen[0] not in there}
    kept = {path: state for path, state in kept.items() if path not in {move.old for move in diff.moved}}
    assert result == there | kept


@given(disk=listings, table=listings, due=st.sets(paths))
def test_each_path_stands_in_one_place(disk: list[FileStat], table: list[FileStat], due: set[str]) -> None:
    diff = reconcile(disk, table, due=due)
    named = [state.path for group in (diff.new, diff.changed, diff.touched, diff.retry) for state in group]
    named += [path for move in diff.moved for path in (move.old, move.state.path)] + list(diff.gone)
    assert len(named) == len(set(named))


@given(disk=listings, table=listings)
def test_the_order_of_listings_does_not_matter(disk: list[FileStat], table: list[FileStat]) -> None:
    assert reconcile(disk, table) == reconcile(disk[::-1], table[::-1])
