"""Captions, people and places of photos become words of their rows, when they are read and by sidecars later."""

from __future__ import annotations

import json
from pathlib import Path

from tests.app.table.conftest import in_full
from tests.indexer.running import index_once, make_places
from tests.samples import photos


def test_captions_people_and_places_are_searched(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    picture = photos.photo("chelsea", (120, 90))
    photos.save(picture, folder / "IMG_1.jpg", comment="Niece Rosamunde with tuba")
    photos.save(picture.rotate(90), folder / "IMG_2.jpg")
    takeout = {
        "description": "Cousin Leopoldine",
        "people": [{"name": "Ottilie"}],
        "photoTakenTime": {"timestamp": "9"},
    }
    places = make_places(tmp_path / "home", [folder])
    assert index_once(places).embedded == 2
    (folder / "IMG_2.jpg.supplemental-metadata.json").write_text(json.dumps(takeout))
    assert index_once(places).reused == 1
    rows = in_full(places).to_arrow().select(["path", "names", "keywords"]).to_pylist()
    by_name = {Path(row["path"]).name: row for row in rows}
    assert set(by_name) == {"IMG_1.jpg", "IMG_2.jpg"}
    assert {"rosamunde", "tuba"} <= set(by_name["IMG_1.jpg"]["names"].split())
    assert {"leopoldine", "ottilie"} <= set(by_name["IMG_2.jpg"]["names"].split())
    assert by_name["IMG_2.jpg"]["keywords"] == ["Ottilie"]
