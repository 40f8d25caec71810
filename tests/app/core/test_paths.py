"""Paths come back as they went in, whatever bytes they are made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paths import app_dirs, for_display, from_stored, to_stored


@given(st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name))
def test_any_file_name_is_stored_as_valid_text_and_comes_back(name: bytes) -> None:
    path = os.fsdecode(b"/folder/" + name)
    stored = to_stored(path)
    stored.encode("utf-8")
    assert os.fsencode(from_stored(stored)) == b"/folder/" + name


def test_home_variable_moves_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEMBLANCE_HOME", str(tmp_path / "home"))
    here = app_dirs()
    here.create()
    for path in (here.settings_file, here.index, here.thumbnails_file, here.models, here.state, here.annotations_file):
        assert path.is_relative_to(tmp_path / "home")


def test_without_it_the_platforms_places_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SEMBLANCE_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    assert app_dirs().config.name == "semblance"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/a/b.jpg", "/a/b.jpg"),
        ("/a/日本.jpg", "/a/日本.jpg"),
        ("/a/new\nline\x1b[31m.jpg", "/a/new\\nline\\x1b[31m.jpg"),
        (os.fsdecode(b"/a/caf\xe9.jpg"), "/a/caf\ufffd.jpg"),
        (to_stored(os.fsdecode(b"/a/caf\xe9.jpg")), "/a/caf\ufffd.jpg"),
    ],
)
def test_any_terminal_can_show_a_path(path: str, shown: str) -> None:
    assert for_display(path) == shown
