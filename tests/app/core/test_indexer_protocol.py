"""The pipe: what is sent arrives; what is not understood is ignored."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    "line",
    [
        '{"type": "Pause", "seconds": "x"}',
        '{"type": "Pause", "seconds": true}',
        '{"type": "Pause", "seconds": NaN}',
        '{"type": "Pause", "seconds": -Infinity}',
        '{"type": "Busy", "seconds": null}',
        '{"type": "Busy", "seconds": 1' + "0" * 400 + "}",
        '{"type": "Rescan", "folder": 5}',
        '{"type": "Rescan", "folder": ["/a"]}',
        '{"type": "Retry", "paths": "abc"}',
        '{"type": "Retry", "paths": [1]}',
        '{"type": "Retry", "paths": {"a": 1}}',
        '{"type": ["Quit"]}',
        '{"type": {}}',
        "[" * 200_000,
        '{"type": ' + "[" * 200_000,
        '{"type": "Progress", "state": 3}',
        '{"type": "FolderState", "path": "/a", "online": 1}',
        '{"type": "Committed", "files": 1.5}',
        '{"type": "Notice", "level": "info"}',
    ],
)
def test_junk_on_the_pipe_is_no_message(line: str) -> None:
    assert decode_message(line) is None


@given(st.text())
def test_no_line_raises(line: str) -> None:
    decode_message(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    kind=st.sampled_from(["Pause", "Rescan", "Retry", "Busy", "Progress", "FolderState", "Notice", "Committed"]),
    fields=st.dictionaries(
        st.sampled_from(["seconds", "folder", "paths", "state", "done", "path", "online", "what", "files"]), json_values
    ),
)
def test_fields_of_any_type_give_a_message_of_right_types_or_none(kind: str, fields: dict[str, object]) -> None:
    message = decode_message(json.dumps({"type": kind, **fields}))
    if message is not None:
        assert decode_message(encode_message(message)) == message
