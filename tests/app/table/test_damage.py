"""Power cuts, foreign drives, newer programs: the table opens again or says in one sentence what to do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.core.errors import IndexUnusable, UserError
from app.core.paths import AppDirs
from app.table import IndexWriter, index_manifest, open_for_reading, open_for_writing
from app.table.disk import require_hard_links, sweep_leftovers
from tests.app.table.conftest import SPACE, photo


def manifests(places: AppDirs) -> list[Path]:
    return sorted(places.index.glob("units-*.lance/_versions/*.manifest"))


@pytest.mark.parametrize("kept_bytes", [0, 10])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_manifest_torn_by_a_power_cut_costs_one_commit_at_most(
    places: AppDirs, writer: IndexWriter, kept_bytes: int, caplog: pytest.LogCaptureFixture
) -> None:
    writer.write([photo("/p/a.jpg", 1)])
    writer.write([photo("/p/b.jpg", 2)])
    newest = manifests(places)[0]
    newest.write_bytes(newest.read_bytes()[:kept_bytes])
    healed = open_for_writing(places, SPACE)
    assert [file.state.path for file in healed.listing()] == ["/p/a.jpg"]
    healed.write([photo("/p/b.jpg", 2)])
    assert len(healed.listing()) == 2
    assert "torn manifest" in caplog.text


def test_a_table_beyond_repair_is_begun_anew(
    places: AppDirs, writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    writer.write([photo("/p/a.jpg", 1)])
    for manifest in manifests(places):
        manifest.write_bytes(b"")
    with pytest.raises(IndexUnusable, match="rebuilt"):
        open_for_reading(places)
    begun = open_for_writing(places, SPACE)
    assert begun.listing() == []
    assert "begun anew" in caplog.text


@pytest.mark.usefixtures("writer")
def test_an_index_of_a_newer_program_is_refused_with_a_sentence(places: AppDirs) -> None:
    file = index_manifest.manifest_path(places.index)
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 99}))
    with pytest.raises(IndexUnusable, match="newer version"):
        open_for_reading(places)
    with pytest.raises(IndexUnusable, match="newer version"):
        open_for_writing(places, SPACE)


def test_an_index_of_an_older_program_is_begun_anew(places: AppDirs, writer: IndexWriter) -> None:
    writer.write([photo("/p/a.jpg", 1)])
    file = index_manifest.manifest_path(places.index)
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": 0}))
    assert open_for_reading(places) is None
    assert open_for_writing(places, SPACE).listing() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}'])
def test_an_unreadable_catalogue_is_a_missing_one(places: AppDirs, text: str) -> None:
    index_manifest.manifest_path(places.index).write_text(text)
    assert open_for_reading(places) is None


def test_a_drive_without_hard_links_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(IndexUnusable, match="hard links"):
        require_hard_links(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_sentence(writer: IndexWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("lance error: LanceError(IO): No space left on device")

    monkeypatch.setattr(type(writer._table), "add", full)
    with pytest.raises(UserError, match="disk that holds the index is full"):
        writer.write([photo("/p/a.jpg", 1)])


def test_only_old_leftovers_of_killed_writers_go(tmp_path: Path) -> None:
    old, fresh = tmp_path / "data" / ".tmpold", tmp_path / "data" / ".tmpfresh"
    old.parent.mkdir()
    for file in (old, fresh):
        file.touch()
    os.utime(old, (1, 1))
    sweep_leftovers(tmp_path)
    assert not old.exists()
    assert fresh.exists()
