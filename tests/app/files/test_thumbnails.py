"""The thumbnail store: shared by processes, healing itself."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.files.thumbnails import ThumbnailStore, page_key


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ThumbnailStore]:
    made = ThumbnailStore(tmp_path / "cache" / "thumbnails.sqlite")
    yield made
    made.close()


def test_what_was_put_is_found_and_the_rest_left_out(store: ThumbnailStore) -> None:
    store.put_many({"a": b"1", "b": b"2"})
    store.put_many({"b": b"3"})
    store.put_many({})
    assert store.get_many(["a", "b", "c", "a"]) == {"a": b"1", "b": b"3"}
    assert store.get_many([]) == {}
    assert len(store) == 2


def test_more_keys_than_a_statement_takes(store: ThumbnailStore) -> None:
    many = {f"key {number}": str(number).encode() for number in range(2500)}
    store.put_many(many)
    assert store.get_many(list(many)) == many


def test_cleaning_up_keeps_pages_of_kept_documents_and_gives_space_back(store: ThumbnailStore) -> None:
    store.put_many({f"gone{number}": bytes(20_000) for number in range(200)})
    store.put_many({"photo": b"p", page_key("doc", 1): b"1", page_key("doc", 2): b"2", page_key("old", 1): b"o"})
    before = store.size()
    assert store.delete_except(["photo", "doc"]) == 201
    assert store.get_many(["photo", "doc:1", "doc:2", "old:1", "gone1"]) == {
        "photo": b"p",
        "doc:1": b"1",
        "doc:2": b"2",
    }
    assert store.size() < before / 10
    assert store.delete_except(["photo", "doc:2"]) == 1


def test_it_opens_itself_again_after_close(store: ThumbnailStore) -> None:
    store.put_many({"a": b"1"})
    store.close()
    store.close()
    assert store.get_many(["a"]) == {"a": b"1"}


@pytest.mark.parametrize("rubbish", [b"this is no database at all" * 100, b"\0" * 5000])
def test_a_broken_file_is_replaced(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "thumbnails.sqlite"
    path.write_bytes(rubbish)
    store = ThumbnailStore(path)
    assert store.get_many(["a"]) == {}
    store.put_many({"a": b"1"})
    assert store.get_many(["a"]) == {"a": b"1"}
    store.close()


def test_a_file_that_breaks_in_use_reads_as_empty_and_is_replaced_on_writing(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.sqlite"
    store = ThumbnailStore(path)
    store.put_many({str(number): bytes(3000) for number in range(300)})
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:-4096] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    assert store.get_many(["7"]) == {}
    store.put_many({"a": b"1"})
    assert store.get_many(["a"]) == {"a": b"1"}
    store.close()


def test_threads_share_one_store(store: ThumbnailStore) -> None:
    def fill(thread: int) -> None:
        for number in range(30):
            store.put_many({f"{thread}-{number}": b"x"})
            store.get_many([f"{thread}-{number}"])

    threads = [threading.Thread(target=fill, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store) == 120


def _write(path: Path) -> None:
    store = ThumbnailStore(path)
    for number in range(50):
        store.put_many({f"key {number}": bytes(5000)})
    store.close()


def test_another_process_writes_while_this_one_reads(store: ThumbnailStore) -> None:
    assert store.get_many(["key 0"]) == {}
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(store.path,))
    writer.start()
    while writer.is_alive():
        store.get_many([f"key {number}" for number in range(50)])
    writer.join()
    assert writer.exitcode == 0
    assert len(store) == 50
