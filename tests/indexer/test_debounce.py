"""Settling: dirty paths come to rest; the time is given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.pending_paths import Debouncer


def test_a_path_is_due_after_the_quiet_time() -> None:
    settling = Debouncer()
    settling.add("/p/a.jpg", 10.0)
    assert settling.next_at() == 12.0
    assert settling.due(11.9) == []
    assert settling.due(12.0) == ["/p/a.jpg"]
    assert settling.due(100.0) == []
    assert settling.next_at() is None


def test_every_change_starts_the_quiet_time_anew_but_not_for_ever() -> None:
    settling = Debouncer()
    for second in range(31):
        settling.add("/p/film.avi", float(second))
        if second < 30:
            assert settling.due(float(second)) == []
    assert settling.due(30.0) == ["/p/film.avi"]


def test_many_children_make_their_folder_dirty() -> None:
    settling = Debouncer(many=3)
    for number in range(4):
        settling.add(f"/p/d/{number}.jpg", 0.0, root="/p")
    assert settling.due(2.0) == ["/p/d"]


def test_folders_collapse_into_folders_but_never_above_the_root() -> None:
    settling = Debouncer(many=2)
    for folder in range(4):
        for number in range(4):
            settling.add(f"/home/p/{folder}/{number}.jpg", 0.0, root="/home/p")
    settling.add("/home/q.jpg", 0.0, root="/home")
    assert settling.due(2.0) == ["/home/p", "/home/q.jpg"]


def test_a_dirty_folder_swallows_what_happens_below_it() -> None:
    settling = Debouncer()
    settling.add("/p/d", 0.0)
    settling.add("/p/d/e/f.jpg", 1.0)
    assert settling.due(2.0) == []
    assert settling.due(3.0) == ["/p/d"]
    assert len(settling) == 0


def test_clear() -> None:
    settling = Debouncer()
    settling.add("/p/a", 0.0)
    settling.clear()
    assert settling.due(99.0) == []


names = st.sampled_from(["/r/a", "/r/a/1", "/r/a/2", "/r/a/3", "/r/a/b/1", "/r/a/b/2", "/r/c/1", "/r/c/2", "/r"])
events = st.lists(st.tuples(names, st.floats(0.0, 3.0)), min_size=1, max_size=40)


@given(events=events, many=st.integers(1, 5))
def test_nothing_that_happened_is_lost_or_handed_out_too_early(events: list[tuple[str, float]], many: int) -> None:
    settling = Debouncer(quiet=2.0, longest=30.0, many=many)
    now = 0.0
    last: dict[str, float] = {}
    for path, pause in events:
        now += pause
        for ready in settling.due(now):
            for dirty in [name for name in last if name == ready or name.startswith(f"{ready}/")]:
                assert now >= last.pop(dirty) + 2.0 or now >= 30.0
        settling.add(path, now, root="/r")
        last[path] = now
    rest = settling.due(now + 2.0)
    assert all(any(path == ready or path.startswith(f"{ready}/") for ready in rest) for path in last)
    assert settling.next_at() is None
