"""A file arrives whole and checked, or a sentence says why not; what arrived is not fetched twice."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.models import download
from app.models.download import HubFile, fetch_file, list_repository
from tests.app.models.hub import COMMIT, Hub

WEIGHTS = bytes(range(256)) * 400


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(WEIGHTS)
    (folder / "small.json").write_text('{"a": 1}')
    monkeypatch.setattr(download.time, "sleep", lambda _seconds: None)
    with Hub(someone__model=folder) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        yield server


def get(tmp_path: Path, name: str = "weights.safetensors") -> tuple[Path, list[float]]:
    shares: list[float] = []
    target = tmp_path / name
    file = list_repository("someone/model", "ViT-B-32-256")[name]
    fetch_file(file, target, "ViT-B-32-256", lambda _what, share: shares.append(share))
    return target, shares


def test_files_are_listed_with_their_checksums(hub: Hub) -> None:
    files = list_repository("someone/model", "ViT-B-32-256")
    assert files["weights.safetensors"].algorithm == "sha256"
    assert files["small.json"].algorithm == "git"
    assert files["small.json"].url == f"{hub.address}/someone/model/resolve/{COMMIT}/small.json"


@pytest.mark.parametrize("name", ["weights.safetensors", "small.json"])
def test_a_file_arrives_whole(hub: Hub, tmp_path: Path, name: str) -> None:
    target, shares = get(tmp_path, name)
    assert target.read_bytes() == (hub.repositories["someone/model"] / name).read_bytes()
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert not list(tmp_path.glob("*.part"))


def test_an_interrupted_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = 30_000
    target, _ = get(tmp_path)
    assert target.read_bytes() == WEIGHTS
    ranges = [wanted for path, wanted in hub.asked if path.startswith("/cdn")]
    assert ranges == [None, "bytes=30000-", "bytes=60000-", "bytes=90000-"]


def test_a_download_given_up_goes_on_the_next_time(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = 5_000
    with pytest.raises(UserError, match="could not be reached"):
        get(tmp_path)
    assert not (tmp_path / "weights.safetensors").exists()
    hub.cut_after, hub.asked = None, []
    target, _ = get(tmp_path)
    assert target.read_bytes() == WEIGHTS
    assert [wanted for path, wanted in hub.asked if path.startswith("/cdn")] == ["bytes=25000-"]


def test_a_server_that_cannot_continue_starts_over(hub: Hub, tmp_path: Path) -> None:
    file = list_repository("someone/model", "ViT-B-32-256")["weights.safetensors"]
    (tmp_path / f"weights.safetensors.{file.digest[:12]}.part").write_bytes(b"x" * 1000)
    hub.ranges = False
    assert get(tmp_path)[0].read_bytes() == WEIGHTS


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("start", [b"wrong beginning", b"too long" * 20_000], ids=["wrong", "long"])
def test_a_spoiled_part_is_found_out(tmp_path: Path, start: bytes) -> None:
    file = list_repository("someone/model", "ViT-B-32-256")["weights.safetensors"]
    (tmp_path / f"weights.safetensors.{file.digest[:12]}.part").write_bytes(start)
    if len(start) < len(WEIGHTS):
        with pytest.raises(UserError, match="damaged"):
            get(tmp_path)
        assert not list(tmp_path.glob("weights*"))
    assert get(tmp_path)[0].read_bytes() == WEIGHTS


def test_a_wrong_checksum_is_refused(hub: Hub, tmp_path: Path) -> None:
    hub.lie.add("weights.safetensors")
    with pytest.raises(UserError, match=r"weights\.safetensors arrived damaged"):
        get(tmp_path)
    assert not list(tmp_path.glob("weights*"))


def test_offline_says_how_to_bring_the_file_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(UserError) as raised:
            list_repository("someone/model", "ViT-B-32-256")
    assert "No connection to" in raised.value.what
    assert "`semblance model use /path/to/checkpoint --architecture ViT-B-32-256`" in raised.value.remedy


def test_an_unknown_repository(hub: Hub) -> None:
    with pytest.raises(UserError, match="HTTP 404"):
        list_repository("someone/else", "ViT-B-32-256")
    assert hub.asked


def test_something_else_that_answers(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hotel's login page, say."""
    monkeypatch.setattr(hub, "listing", lambda _repository: {"welcome": "to the hotel"})
    with pytest.raises(UserError, match="did not answer like a model hub"):
        list_repository("someone/model", "ViT-B-32-256")


def test_no_room(hub: Hub, tmp_path: Path) -> None:
    huge = HubFile("weights", f"{hub.address}/x", 10**15, "0" * 64, "sha256")
    with pytest.raises(UserError, match="has not that much room"):
        fetch_file(huge, tmp_path / "weights", "ViT-B-32-256", lambda _what, _share: None)
    assert not hub.asked
