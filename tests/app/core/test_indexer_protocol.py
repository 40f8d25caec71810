"""The pipe: what is sent arrives; what is not understood is ignored."""

from __future__ import annotations

import pytest

from app.core.indexer_protocol import (
    Busy,
    Command,
    Committed,
    Event,
    FolderState,
    Notice,
    Pause,
    Progress,
    Quit,
    Rebuild,
    ReloadSettings,
    Rescan,
    Resume,
    Retry,
    decode_message,
    encode_message,
)

MESSAGES: list[Command | Event] = [
    Pause(),
    Pause(3600.0),
    Resume(),
    Rescan("/p/new\nline 🏖️"),
    Retry(("/a", "/b")),
    ReloadSettings(),
    Rebuild(),
    Busy(),
    Quit(),
    Progress("indexing", 3, 10, 1, 2.5, 4.0, "/x"),
    Committed(3),
    FolderState("/p", online=False, note="The drive is not there."),
    Notice("warning", "What.", "Remedy."),
]


@pytest.mark.parametrize("message", MESSAGES, ids=repr)
def test_round_trip_on_one_line(message: Command | Event) -> None:
    line = encode_message(message)
    assert "\n" not in line
    assert decode_message(line) == message


@pytest.mark.parametrize("line", ["", "{", "[]", "3", '{"type": "Explode"}', '{"type": "Notice"}', '{"type": 1}'])
def test_what_is_not_understood_is_ignored(line: str) -> None:
    assert decode_message(line) is None


def test_fields_of_a_newer_version_are_ignored() -> None:
    assert decode_message('{"type": "Committed", "files": 2, "colour": "blue"}') == Committed(2)
